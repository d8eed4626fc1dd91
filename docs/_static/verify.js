// Check certificates of repaylib in a browser, and show how each figure is computed.
//
// This file needs a browser and nothing else: it loads no other script and sends nothing. It does
// what verify.py does, in the same order, and refuses for the same reasons. Whole numbers are BigInt,
// and what is not rounded is a fraction of two BigInts, so that no float decides a cent.
// It has five parts: numbers, JSON, the check, words in two languages, and the page.
"use strict";

// -- numbers ----------------------------------------------------------------------------------

/** Greatest common divisor of two whole numbers. */
function gcd(one, other) {
  while (other) [one, other] = [other, one % other];
  return one < 0n ? -one : one;
}

/** The quotient of two whole numbers, rounded down. */
function floorDivide(num, den) {
  const low = num / den;
  return num % den && num < 0n !== den < 0n ? low - 1n : low;
}

/** A fraction in lowest terms with a positive denominator. Each operation also takes a BigInt. */
class Fraction {
  constructor(num, den = 1n) {
    if (den === 0n) throw new RangeError("division by zero");
    const common = den < 0n ? -gcd(num, den) : gcd(num, den);
    this.num = num / common;
    this.den = den / common;
  }

  static of(value) {
    return value instanceof Fraction ? value : new Fraction(BigInt(value));
  }

  plus(other) {
    const { num, den } = Fraction.of(other);
    return new Fraction(this.num * den + num * this.den, this.den * den);
  }

  times(other) {
    const { num, den } = Fraction.of(other);
    return new Fraction(this.num * num, this.den * den);
  }

  over(other) {
    const { num, den } = Fraction.of(other);
    return new Fraction(this.num * den, this.den * num);
  }

  equals(other) {
    const { num, den } = Fraction.of(other);
    return this.num === num && this.den === den;
  }

  floor() {
    return floorDivide(this.num, this.den);
  }

  toString() {
    return this.den === 1n ? `${this.num}` : `${this.num}/${this.den}`;
  }
}

/** Days from the first to the second of two days such as "2024-01-31". */
function daysBetween(start, end) {
  return BigInt(Math.round((Date.parse(`${end}T00:00Z`) - Date.parse(`${start}T00:00Z`)) / 86_400_000));
}

/** Whether text is a day of the calendar, such as "2024-02-29". */
function isDay(text) {
  const [year, month, day] = (/^\d{4}-\d\d-\d\d$/.test(text) ? text : "0-0-0").split("-").map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return year > 0 && day > 0 && day <= (lengths[month - 1] ?? 0);
}

/** The first 32 bits of the fractional parts of roots of primes, which SHA-256 starts from. */
function rootBits(count, degree) {
  const found = [];
  for (let prime = 2n; found.length < count; prime += 1n) {
    let divisor = 2n;
    while (divisor * divisor <= prime && prime % divisor) divisor += 1n;
    if (divisor * divisor <= prime) continue;
    let low = 0n, high = prime << 32n; // the largest number whose power is at most prime x 2^(32 degree)
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** degree <= prime << (32n * degree)) low = middle;
      else high = middle;
    }
    found.push(Number(BigInt.asUintN(32, low)));
  }
  return found;
}

const SQUARE_ROOTS = rootBits(8, 2n), CUBE_ROOTS = rootBits(64, 3n);

/** The SHA-256 (FIPS 180-4) of bytes, as 64 hexadecimal digits. */
function sha256(bytes) {
  const state = Uint32Array.from(SQUARE_ROOTS);
  const turned = (word, by) => (word >>> by) | (word << (32 - by));
  const padded = new Uint8Array(((bytes.length + 72) >> 6) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer), words = new Uint32Array(64);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  for (let block = 0; block < padded.length; block += 64) {
    for (let at = 0; at < 16; at += 1) words[at] = view.getUint32(block + 4 * at);
    for (let at = 16; at < 64; at += 1) {
      const early = words[at - 15], late = words[at - 2];
      const first = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
      const second = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
      words[at] = words[at - 16] + first + words[at - 7] + second;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let at = 0; at < 64; at += 1) {
      const sum = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25), choice = (e & f) ^ (~e & g);
      const next = (h + sum + choice + CUBE_ROOTS[at] + words[at]) | 0;
      const other = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + next) | 0, c, b, a, (next + other) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((value, at) => { state[at] += value; });
  }
  return [...state].map((word) => word.toString(16).padStart(8, "0")).join("");
}

// -- JSON -------------------------------------------------------------------------------------

/**
 * Read JSON strictly. JSON.parse would turn numbers into floats and drop keys that stand twice; here
 * a number is a BigInt, and an object a Map, in which the second of two equal keys is "KEY (twice)".
 */
class JsonReader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  whole() {
    const value = this.value(0);
    this.space();
    return this.at === this.text.length ? value : this.fail();
  }

  value(depth) {
    this.space();
    const mark = this.text[this.at];
    if (depth > 900) this.fail();
    if (mark === "{") return this.object(depth);
    if (mark === "[") return this.list(depth);
    if (mark === '"') return this.string();
    for (const [word, value] of [["null", null], ["true", true], ["false", false]]) {
      if (this.take(word)) return value;
    }
    for (const word of ["NaN", "Infinity", "-Infinity"]) {
      if (this.take(word)) refuse("a number with a decimal point", word);
    }
    const [number, decimal] = this.match(/-?(?:0|[1-9][0-9]*)((?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)/y);
    if (decimal) refuse("a number with a decimal point", number);
    return number.length > 4_300 ? this.fail() : BigInt(number);
  }

  object(depth) {
    const found = new Map();
    this.at += 1;
    this.space();
    if (this.take("}")) return found;
    do {
      this.space();
      const key = this.string();
      this.space();
      if (!this.take(":")) this.fail();
      found.set(found.has(key) ? `${key} (twice)` : key, this.value(depth + 1));
      this.space();
    } while (this.take(","));
    return this.take("}") ? found : this.fail();
  }

  list(depth) {
    const found = [];
    this.at += 1;
    this.space();
    if (this.take("]")) return found;
    do {
      found.push(this.value(depth + 1));
      this.space();
    } while (this.take(","));
    return this.take("]") ? found : this.fail();
  }

  string() {
    return JSON.parse(this.match(/"[^"\\\x00-\x1f]*(?:\\(?:["\\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*"/y)[0]);
  }

  space() {
    this.match(/[ \t\n\r]*/y);
  }

  take(word) {
    const stands = this.text.startsWith(word, this.at);
    this.at += stands ? word.length : 0;
    return stands;
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text) ?? this.fail();
    this.at = pattern.lastIndex;
    return found;
  }

  fail() {
    throw new SyntaxError(`no JSON at character ${this.at}`);
  }
}

/** Compare text by code points, as Python does. */
function byCodePoint(one, other) {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return (one.codePointAt(at) ?? -1) - (other.codePointAt(at) ?? -1);
}

/** JSON with sorted keys and without spaces, of which the hash is taken. */
function canonical(plain) {
  if (Array.isArray(plain)) return `[${plain.map(canonical).join(",")}]`;
  if (plain instanceof Map) {
    const keys = [...plain.keys()].sort(byCodePoint);
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(plain.get(key))}`).join(",")}}`;
  }
  return typeof plain === "string" ? JSON.stringify(plain) : `${plain}`;
}

// -- the check: the functions of verify.py, in its order ----------------------------------------

const FORMAT = "repaylib.certificate", VERSION = "1";
const LARGEST = 50_000_000, LONGEST = 100_000; // bytes of a file, digits of a number

// The keys of each part of a certificate, with the kind of their values; ? is optional.
const HEAD = "format:text version:text of:text", HASH = "sha256:text";
const SCHEDULE = `currency:text decimals:amount principal:amount start:day terms:object
  identities:object instalments:list rows:list totals:object`;
const CERTIFICATE = `${HEAD} ${SCHEDULE} ${HASH}`;
const ROW = `number:amount date:day accrued_to:day amounts:object instalment:object? figures:list`;
const SUMMED = `payment interest deferred_interest principal fee penalty tax refund prepaid advanced
  capitalised forgiven accrued waived forgiven_interest`.split(/\s+/);
const TOTALS = SUMMED.map((name) => `${name}:amount`).join(" ");
const AMOUNTS = `${TOTALS} opening:amount closing:amount deferred:amount`;
const INTEREST = `figure:text segments:list before:fraction? share:fraction? unrounded:fraction
  rounding:text charged:amount? value:amount`;
const SEGMENT = `base:amount balance_after:amount? apart:amount? rate:fraction start:day end:day
  days:amount share:fraction interest:fraction`;
const SUM = "figure:text parts:list value:amount";
const SHARE = `name:text base:amount share:fraction unrounded:fraction rounding:text amount:amount`;
const INSTALMENT = "plan:amount payment:amount? stated:text? value:amount";
const AGREED = "from:amount amount:amount";
const CAP = "base:amount share:fraction unit:amount";
const GROWTH = "base:fraction unit:amount rounding:text";
const SOLVED = `from:amount owed:fraction factors:fractions shares:fractions? additions:amounts?
  balloon:amount unit:amount unrounded:fraction rounding:text solved:amount cap:object? moved:text?
  growth:object? amount:amount balance_after:amount? periods:amount? held:amount?`;
const IDENTITIES = new Map([
  ["opening", "closing of the row before"],
  ["payment", "interest + deferred_interest + principal + fee + penalty + tax - refund"],
  ["closing", "opening - principal + capitalised - forgiven + advanced"],
  ["deferred", "before + accrued - interest - deferred_interest - waived - capitalised"
    + " - forgiven_interest"],
]);
/** Figures that are interest, and the other figures; what a part of a sum is that is only stated. */
const ACCRUALS = ["interest_accrued", "interest_taken", "interest_to_come", "interest_waived",
  "interest_moved"];
const SUMS = [...`interest_deferred interest_in_arrears interest_completed interest_by_the_method
  paid_ahead moved_waived principal_deferred`.split(/\s+/), ...SUMMED.slice(1)];
const WORDS = `above_cap accrued agreed all and apr arrears balance balance_and_interest both capitalise
  contract deferred digits due financed forbearance in_hand instalment interest interest_ahead
  interest_on joins last moved no_more not_charged of on on_refund paid_ahead part_of_principal
  prepaid principal rate remainders roundings shortfall spread tax_on_interest unrounded
  waived`.split(/\s+/);
// The other kinds of certificate, and their parts.
const QUOTE = `on:day requested:day method:text before:object after:object amounts:object
  apart:object`;
const STATEMENT = `as_of:day ended:day? terms:object before:object after:object? dues:list
  receipts:list undue:object apart:object due:object arrears:object refunded:amount held:amount
  payoff:amount`;
const AGREEMENT = `on:day text:text before:object? after:object certificates:object payments:list
  total:amount`;
const APR = "rule:text schedule:object? flows:list apr:text per_year:fraction shown:object";
const DUE = `date:day row:amount? ended:text? charged:text? apart:object? waived:object?
  set_apart:text? figures:list open:object`;
const PENALTY = `base:amount on:text? rate:fraction start:day end:day days:amount share:fraction
  interest:fraction`;
const RECEIPT = "date:day amount:amount parts:list", PAYOUT = "due:amount? of:text amount:amount";
const PAYMENT = "date:day amount:amount apart:amount?";
const FLOW = "date:day amount:fraction time:fraction part:fraction? apart:fraction?";
const SHOWN = "decimals:amount unit:amount rounding:text value:amount";
/** The figures of a quote: what is paid, and what it saves. */
const PAID = "principal + interest + deferred_interest + arrears + fee + penalty + later_fees + tax";
const QUOTED = [...PAID.split(" + "), "refund", "rebate", "total"];
const METHODS = "actuarial rule_of_78 uk_2004 flat_waived flat_charged".split(" ");
/** What is owed, by kind; what a row lets fall due of it; what a penalty may bear on. */
const KINDS = "principal interest deferred_interest fees penalty penalty_interest costs".split(" ");
const FALLS_DUE = new Map([...KINDS.slice(0, 3).map((kind) => [kind, kind]),
  ["fees", "fee + tax - refund"], ["penalty", "penalty"], ["penalty_interest", ""], ["costs", ""]]);
const BASES = new Map([["principal", KINDS.slice(0, 1)], ["interest", KINDS.slice(1, 3)],
  ["instalment", KINDS.slice(0, 4)]]);
/** Days of a year, where the share of a year follows from the days alone. */
const YEARS = new Map([["actual/365", new Fraction(365n)], ["actual/360", new Fraction(360n)],
  ["actual/364", new Fraction(364n)], ["actual/365.25", new Fraction(1461n, 4n)]]);

/** What is wrong with a certificate, and where; `slots` is what stands in the reason. */
class RefusedError extends Error {
  constructor(place, reason, slots = {}) {
    super(`${[...place].slice(0, 200).join("")}: ${filled(reason, slots)}`);
    Object.assign(this, { place: [...place].slice(0, 200).join(""), reason, slots });
  }
}

/** Put values into the places of a sentence such as "is larger than {bytes} bytes". */
function filled(sentence, slots) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => slots[name]);
}

/** Refuse the certificate, at a place such as "rows[3].amounts.interest". */
function refuse(place, reason, slots) {
  throw new RefusedError(place, reason, slots);
}

/** A value as Python prints it. */
function shown(value, inside = false) {
  const constants = new Map([[null, "None"], [undefined, "None"], [true, "True"], [false, "False"]]);
  if (typeof value === "string") return inside ? `'${value}'` : value;
  if (Array.isArray(value)) return `[${value.map((each) => shown(each, true)).join(", ")}]`;
  if (value instanceof Map) {
    const items = [...value].map(([key, each]) => `'${key}': ${shown(each, true)}`);
    return `{${items.join(", ")}}`;
  }
  return constants.get(value) ?? `${value}`;
}

/** Refuse what is stated if something else follows. */
function same(place, stated, follows) {
  if (canonical(stated) === canonical(follows)) return;
  const cut = (value) => [...shown(value)].slice(0, 40).join("").trimEnd();
  refuse(place, "states {stated}, but {follows} follows", { stated: cut(stated), follows: cut(follows) });
}

/** A value of a kind: text, object, list, day, amount (a whole number) or fraction. */
function one(place, kind, value) {
  if (kind === "fractions" || kind === "amounts") {
    const items = one(place, "list", value);
    return items.map((item, index) => one(`${place}[${index}]`, kind.slice(0, -1), item));
  }
  const expected = { object: value instanceof Map, list: Array.isArray(value) };
  if (!(expected[kind] ?? typeof value === "string")) refuse(place, "is not {kind}", { kind });
  if (kind === "day" && !isDay(value)) refuse(place, "is not a day such as 2024-01-31");
  if (kind === "fraction") {
    const [num, den] = [...value.split("/"), ""].slice(0, 2).map((part) => one(place, "amount", part));
    if (value.split("/").length !== 2 || den < 1n || gcd(num, den) !== 1n) {
      refuse(place, "is not a fraction in lowest terms, such as 1/12");
    }
    return new Fraction(num, den);
  }
  if (kind === "amount") {
    if (!/^(?:0|-?[1-9][0-9]*)$/.test(value) || value.length > LONGEST) {
      refuse(place, "is not a whole number, such as 88849");
    }
    return BigInt(value);
  }
  return value;
}

/** An object of a form: all its keys, no others, each value of its kind. */
function read(place, value, form) {
  const kinds = new Map(form.split(/\s+/).map((key) => key.split(":")));
  for (const key of one(place, "object", value).keys()) {
    if (!kinds.has(key)) refuse(`${place}.${key}`, "is not known");
  }
  for (const [key, kind] of kinds) {
    if (!value.has(key) && !kind.endsWith("?")) refuse(`${place}.${key}`, "is missing");
  }
  const found = {};
  for (const [key, each] of value) {
    found[key] = one(`${place}.${key}`, kinds.get(key).replace("?", ""), each);
  }
  return found;
}

/** Amounts by name, each of which may be missing. */
function sums(place, names, value) {
  const found = read(place, value, names.map((name) => `${name}:amount?`).join(" "));
  return new Counts(names.map((name) => [name, found[name] ?? 0n]));
}

/** Amounts by name; one that is not there is 0. */
class Counts extends Map {
  at(key) {
    return this.get(key) ?? 0n;
  }

  /** Add amounts, or subtract them if the sign is -1n. */
  add(others, sign = 1n) {
    for (const [key, amount] of others) this.set(key, this.at(key) + sign * amount);
    return this;
  }
}

/** A sum of amounts by name, such as "fee + tax - refund". */
function signed(words, amounts) {
  let total = 0n, sign = 1n;
  for (const word of words.split(" ")) {
    sign = { "+": 1n, "-": -1n }[word] ?? sign;
    total += sign * (amounts[word] ?? 0n);
  }
  return total;
}

/** A value rounded to a whole number, as the terms say. */
function rounded(place, value, word, known) {
  const low = value.floor(), rest = value.plus(-low), above = value.num > 0n;
  const double = rest.num * 2n, more = double > rest.den, half = double === rest.den;
  const ways = new Map([
    ["half_up", more || (half && above)],
    ["half_down", more || (half && !above)],
    ["half_even", more || (half && low % 2n !== 0n)],
    ["up", rest.num > 0n && above],
    ["down", rest.num > 0n && !above],
    ["ceiling", rest.num > 0n],
    ["floor", false],
  ]);
  if (!known.includes(word) || !ways.has(word)) {
    refuse(`${place}.rounding`, "is not the rounding of the terms");
  }
  return low + (ways.get(word) ? 1n : 0n);
}

/** A fraction written as a decimal or a quotient: "0.05", "1/12". */
function decimalFraction(text) {
  const [whole, over] = text.split("/"), [units, places = ""] = whole.split(".");
  return new Fraction(BigInt(units + places), 10n ** BigInt(places.length) * BigInt(over ?? 1));
}

/** A rate of the terms that is written as per cent; null for rates of other kinds. */
function percent(text) {
  const pattern = /^[0-9]{1,99}(\.[0-9]{1,99}|\/[1-9][0-9]{0,99})?%$/;
  const known = typeof text === "string" && pattern.test(text);
  return known ? decimalFraction(text.slice(0, -1)).over(100n) : null;
}

/** Whole numbers: their sum, one without its sign, one that is not below zero. */
const sum = (values) => values.reduce((total, value) => total + value, 0n);
const absolute = (value) => (value < 0n ? -value : value);
const atLeastZero = (value) => (value < 0n ? 0n : value);

/** The check of a schedule, row by row; `done` counts what was in order. */
class ScheduleCheck {
  constructor(plain, done, at = "") {
    Object.assign(this, { done, plain, at, lent: plain.principal, rows: [] });
    done.schedules.push(this); // for the page, which shows what was in order
    same(`${at}identities`, plain.identities, IDENTITIES);
    const loan = plain.terms.get("loan"), changes = plain.terms.get("changes");
    if (!(loan instanceof Map) || !Array.isArray(changes)) {
      refuse(`${at}terms`, "has no loan, or no list of changes");
    }
    for (const name of ["start", "currency", "decimals"]) {
      same(`${at}terms.loan.${name}`, shown(loan.get(name)), shown(plain[name]));
    }
    const lent = shown(loan.get("principal")), decimals = Number(plain.decimals);
    const exponent = Math.min(12, Math.max(-400, decimals));
    const scale = exponent < 0 ? new Fraction(1n, 10n ** BigInt(-exponent)) : 10n ** BigInt(exponent);
    if (!/^[0-9]{1,99}([.][0-9]{1,12})?$/.test(lent)
        || !decimalFraction(lent).times(scale).equals(this.lent)) {
      refuse(`${at}terms.loan.principal`, "is not the principal of the certificate");
    }
    this.loan = loan;
    this.rate = changes.length ? null : percent(loan.get("rate"));
    const flat = [loan, ...changes].some((each) => each instanceof Map && each.get("method") === "flat");
    this.onBalance = loan.get("interest_base") === "balance" && !flat;
    this.closings = [this.lent]; // at first, and after each row
    this.days = [plain.start];
    this.paid = plain.start; // day of payment
    this.posted = plain.start; // day up to which interest is posted
    this.periods = new Map(); // by number: row, factor, interest
    this.numbered = 0n;
    this.level = [loan.get("rounding"), loan.get("instalment_rounding")];
    this.deferred = 0n;
    this.plans = plain.instalments.map((plan, index) => {
      const form = one(`${at}instalments[${index}]`, "object", plan).has("owed") ? SOLVED : AGREED;
      return read(`${at}instalments[${index}]`, plan, form);
    });
  }

  /** Check all rows, all instalments, and the totals. */
  check() {
    this.plain.rows.forEach((row, index) => {
      this.row(`${this.at}rows[${index}]`, row);
      this.done.rows += 1;
    });
    if (this.closings.at(-1) || this.deferred) {
      refuse(`${this.at}rows[${this.days.length - 2}]`, "is the last, and something is still owed");
    }
    this.plans.forEach((plan, index) => this.plan(`${this.at}instalments[${index}]`, plan));
    const totals = read(`${this.at}totals`, this.plain.totals, TOTALS);
    for (const [name, total] of Object.entries(totals)) {
      same(`${this.at}totals.${name}`, total, this.total(name));
    }
    return this;
  }

  /** A sum of columns over rows: those whose interest runs up to days from, to, or after a day. */
  total(words, { first = "", last = "9999-12-31", after = "" } = {}) {
    const rows = this.rows.filter(({ accrued_to: day }) => first <= day && day <= last && day > after);
    return sum(rows.map(({ amounts }) => signed(words, amounts)));
  }

  /** Check a row: its days, its equations, and that its figures give its amounts. */
  row(at, plain) {
    const row = read(at, plain, ROW);
    const { number, date: day, accrued_to: ends } = row;
    if (number && number <= this.numbered) {
      refuse(`${at}.number`, "is not above that of the due date before");
    }
    const calendar = this.loan.get("calendar");
    if (day < this.paid || ends < this.days.at(-1) || (day !== ends && !truthy(calendar))) {
      refuse(`${at}.date`, "is out of order");
    }
    const amounts = read(`${at}.amounts`, row.amounts, AMOUNTS);
    same(`${at}.amounts.opening`, amounts.opening, this.closings.at(-1));
    for (const name of ["payment", "closing", "deferred"]) {
      const total = signed(IDENTITIES.get(name), { ...amounts, before: this.deferred });
      same(`${at}.amounts.${name}`, amounts[name], total);
    }
    this.spans = new Map();
    this.factor = this.interest = new Fraction(0n);
    const found = new Map(Object.entries(amounts)), values = new Map();
    if (row.instalment) found.set("instalment", this.instalment(`${at}.instalment`, row.instalment, number));
    row.figures.forEach((figure, index) => this.figure(`${at}.figures[${index}]`, figure, values, found));
    const value = (name) => values.get(name) ?? 0n;
    const interest = sum(ACCRUALS.slice(0, 3).map(value));
    values.set("waived", value("waived") + value("interest_waived") + value("moved_waived"));
    values.set("accrued", interest + sum([...ACCRUALS.slice(3), ...SUMS.slice(1, 4)].map(value)));
    if (!values.has("interest")) values.set("interest", interest);
    for (const name of SUMMED.slice(1)) same(`${at}.amounts.${name}`, amounts[name], value(name));
    if (this.spans.size && this.onBalance && !truthy(this.loan.get("in_advance"))) {
      let before = this.posted;
      const spans = [...this.spans.values()].sort((left, right) => (`${left}` < `${right}` ? -1 : 1));
      for (const [first, last] of [...spans, [ends, ends]]) {
        same(`${at}.figures: interest that accrues from`, first, before);
        before = last;
      }
      this.posted = ends;
    }
    if (number) {
      const place = BigInt(this.days.length - 1);
      this.periods.set(number, { row: place, factor: this.factor, interest: this.interest });
      this.numbered = number > this.numbered ? number : this.numbered;
    }
    this.closings.push(amounts.closing);
    this.days.push(ends);
    this.rows.push({ ...row, amounts });
    this.paid = day;
    this.deferred = amounts.deferred;
  }

  /** Check a figure: interest, or a sum of parts. */
  figure(at, plain, values, known) {
    const name = plain instanceof Map ? plain.get("figure") : null;
    if (!ACCRUALS.includes(name) && (!SUMS.includes(name) || values.has(name))) {
      refuse(`${at}.figure`, "is not known, or stands twice");
    }
    const figure = read(at, plain, ACCRUALS.includes(name) ? INTEREST : SUM);
    const follows = ACCRUALS.includes(name)
      ? this.accrual(at, figure)
      : sum(figure.parts.map((part, k) => this.part(`${at}.parts[${k}]`, part, name, known)));
    same(`${at}.value`, figure.value, follows);
    values.set(name, (values.get(name) ?? 0n) + follows);
    if (!SUMMED.includes(name)) known.set(name, values.get(name));
    this.done.figures += 1;
  }

  /** Check interest: that of each segment, their sum, and the rounding. */
  accrual(at, figure) {
    let total = figure.before ?? new Fraction(0n);
    figure.segments.forEach((segment, index) => {
      total = total.plus(this.segment(`${at}.segments[${index}]`, segment, figure.figure));
    });
    total = total.times(figure.share ?? 1n);
    same(`${at}.unrounded`, figure.unrounded, total);
    this.done.stated += "before" in figure ? 1 : 0;
    return rounded(at, total, figure.rounding, [this.loan.get("rounding")]) - (figure.charged ?? 0n);
  }

  /** Check the interest of some days, on one base at one rate. */
  segment(at, plain, name) {
    const segment = read(at, plain, SEGMENT);
    const { start: first, end, rate, share } = segment;
    same(`${at}.days`, segment.days, daysBetween(first, end));
    same(`${at}.rate`, rate, this.rate ?? rate);
    const year = YEARS.get(shown(this.loan.get("day_count")));
    const equal = (this.loan.get("interest_split") ?? "equal") === "equal";
    if (equal && rate.num && year) {
      const both = this.loan.get("counted_days") === "both" && first === this.days[0];
      const days = segment.days + (both && segment.days > 0n ? 1n : 0n);
      same(`${at}.share`, share, new Fraction(days).over(year));
    }
    const interest = rate.times(share).times(segment.base);
    same(`${at}.interest`, segment.interest, interest);
    if (ACCRUALS.slice(0, 3).includes(name)) {
      const latest = BigInt(Math.max(0, this.days.findLastIndex((day) => day <= first)));
      const row = segment.balance_after ?? -1n;
      same(`${at}.balance_after`, row, row === 0n && !this.onBalance ? 0n : latest);
      same(`${at}.base`, segment.base, this.closings.at(Number(row)) - (segment.apart ?? 0n));
    }
    this.done.stated += "apart" in segment || !("balance_after" in segment) ? 1 : 0;
    if (name === "interest_accrued") {
      this.factor = this.factor.plus(rate.times(share));
      this.interest = this.interest.plus(interest);
    }
    if (name === "interest_accrued" || name === "interest_waived") {
      this.spans.set(`${first} ${end}`, [first, end]);
    }
    return interest;
  }

  /** Check a part of a sum: another figure of the row, a share of a base, or stated. */
  part(at, plain, figure, known) {
    let part;
    if (one(at, "object", plain).has("is")) {
      part = read(at, plain, "is:text amount:amount");
      const elsewhere = known.has(part.is) ? absolute(known.get(part.is)) : null;
      same(at, absolute(part.amount), elsewhere);
    } else if (plain.has("share")) {
      part = read(at, plain, SHARE);
      const exact = part.share.times(part.base);
      same(`${at}.unrounded`, part.unrounded, exact);
      const fees = figure === "fee" || figure === "refund" ? ["fee_rounding"] : [];
      const roundings = ["rounding", ...fees].map((each) => this.loan.get(each));
      same(`${at}.amount`, part.amount, rounded(at, exact, part.rounding, roundings));
    } else {
      part = read(at, plain, "name:text amount:amount");
      this.done.stated += 1;
    }
    if (!WORDS.includes(part.name ?? "of")) refuse(`${at}.name`, "is not known");
    return part.amount;
  }

  /** Check that the instalment of a row is that of its plan. */
  instalment(at, plain, number) {
    const held = read(at, plain, INSTALMENT);
    if (held.plan < 0n || held.plan >= BigInt(this.plans.length)) {
      refuse(`${at}.plan`, "is not one of the instalments");
    }
    const plan = this.plans[Number(held.plan)];
    let follows = plan.amount;
    if (("growth" in plan || "additions" in plan) && !("payment" in held || "stated" in held)) {
      refuse(`${at}.payment`, "is missing, as payments differ");
    }
    if ("payment" in held) {
      const payment = Number(number - plan.from);
      same(`${at}.payment`, held.payment, number - plan.from);
      if ("growth" in plan) {
        const growth = read(`${at}.growth`, plan.growth, GROWTH);
        const exact = growth.base.times(plan.shares.at(payment)).over(growth.unit);
        const solution = plan.unrounded.num < 0n ? new Fraction(0n) : plan.unrounded;
        same(`${at}.growth`, growth.base.equals(follows) || growth.base.equals(solution), true);
        follows = growth.unit * rounded(at, exact, growth.rounding, this.level);
      } else {
        follows = atLeastZero(follows + plan.additions.at(payment));
      }
    }
    same(`${at}.value`, held.value, "stated" in held ? held.value : follows);
    this.done.stated += "stated" in held ? 1 : 0;
    return held.value;
  }

  /** Check an instalment that was solved: that it is the level one, and for what. */
  plan(at, plan) {
    if (!("owed" in plan)) {
      this.done.stated += 1;
      return;
    }
    const { factors, owed, unit, unrounded: exact } = plan, payments = factors.length + 1;
    const shares = plan.shares ?? Array(payments).fill(new Fraction(1n));
    const more = plan.additions ?? Array(payments).fill(0n);
    same(`${at}.factors`, [shares.length, more.length].map(BigInt), [payments, payments].map(BigInt));
    let debt = owed.num - more[0] * owed.den, paid = shares[0], den = 1n;
    factors.forEach((factor, k) => {
      den *= factor.den; // debt and payments grow from due date to due date, over `den`
      const grown = factor.den + factor.num;
      debt = debt * grown - more[k + 1] * den * owed.den;
      paid = paid.times(grown).plus(shares[k + 1].times(den));
    });
    debt -= plan.balloon * den * owed.den;
    same(`${at}.unrounded`, paid.times(exact.num * owed.den), new Fraction(debt * exact.den));
    let solved = atLeastZero(unit * rounded(at, exact.over(unit), plan.rounding, this.level));
    same(`${at}.solved`, plan.solved, solved);
    if ("cap" in plan) {
      const cap = read(`${at}.cap`, plan.cap, CAP);
      solved = cap.share.times(cap.base).over(cap.unit).floor() * cap.unit;
    } else if ("moved" in plan) { // so that the last payment fits
      same(`${at}.moved`, plan.moved, this.loan.get("last"));
      solved = plan.amount;
    }
    same(`${at}.amount`, plan.amount, solved);
    this.done.figures += 1;
    const included = truthy(this.loan.get("tax_included"));
    const taxed = new Fraction(1n).plus((included && percent(this.loan.get("interest_tax"))) || 0n);
    const { from: number, held = 0n } = plan;
    if ("balance_after" in plan) {
      same(`${at}.balance_after`, plan.balance_after, this.periods.get(number).row);
      let interest = new Fraction(0n);
      if (plan.periods === undefined) throw new TypeError("periods is missing");
      for (let k = 0n; k < plan.periods; k += 1n) {
        interest = interest.plus(this.periods.get(number + k).interest);
      }
      const follows = taxed.times(interest).plus(this.closings.at(Number(plan.balance_after)));
      same(`${at}.owed`, owed, follows);
    }
    for (let k = 0; k < held; k += 1) {
      const follows = taxed.times(this.periods.get(number + 1n + BigInt(k)).factor);
      same(`${at}.factors[${k}]`, factors.at(k), follows);
    }
    const later = factors.slice(Number(held)).some((factor) => factor.num !== 0n);
    for (const stated of [!("balance_after" in plan), later, "moved" in plan]) {
      this.done.stated += stated ? 1 : 0;
    }
  }
}

/** Check two schedules of a loan that agree up to a day; one that is missing is the other. */
function both(plain, end, done) {
  const names = ["before", "after"].filter((name) => name in plain);
  const found = names.map((name) =>
    new ScheduleCheck(read(name, plain[name], SCHEDULE), done, `${name}.`).check());
  const [old, later] = [found[0], found.at(-1)];
  same("after.terms.loan", canonical(later.loan), canonical(old.loan));
  const [rows, others] = [later, old].map((each) => each.rows.filter((row) => row.accrued_to < end)
    .map((row) => new Map(Object.entries(row.amounts))));
  same("after.rows", rows, others);
  return [old, later];
}

/** Check a settlement quote: what is paid more up to its day, and less after it. */
function checkQuote(plain, done) {
  const { on, method } = plain, [old, later] = both(plain, on, done);
  const amounts = read("amounts", plain.amounts, QUOTED.map((name) => `${name}:amount`).join(" "));
  const apart = sums("apart", QUOTED, plain.apart);
  if (!METHODS.includes(method) || plain.requested > on) {
    refuse("method", "is not known, or is asked for after its day");
  }
  const follows = {};
  for (const name of SUMMED) follows[name] = later.total(name, { last: on }) - old.total(name, { last: on });
  for (const name of ["arrears", "later_fees"]) follows[name] = amounts[name];
  follows.fee -= amounts.later_fees;
  const words = `payment - tax - penalty${method === "uk_2004" ? "" : " - fee"}`;
  follows.rebate = old.total(words, { after: on }) - later.total(words, { after: on });
  follows.rebate -= signed("principal + interest + deferred_interest", amounts);
  follows.total = signed(`${PAID} - refund`, amounts);
  for (const name of QUOTED) same(`amounts.${name}`, amounts[name], follows[name] + apart.at(name));
  done.figures += QUOTED.length;
  done.stated += [...apart.values(), amounts.arrears, amounts.later_fees].filter(Boolean).length;
}

/** Check a statement: what fell due, what receipts paid of it, and what is owed. */
function checkStatement(plain, done) {
  const day = plain.as_of, end = plain.ended ?? day, [old, later] = both(plain, end, done);
  const change = [...FALLS_DUE].map(([kind, words]) =>
    [kind, later.total(words, { last: end }) - old.total(words, { last: end })]);
  const paid = receipts(plain, done);
  const owed = new Counts(), late = new Counts(), rows = new Counts();
  plain.dues.forEach((each, index) => {
    const at = `dues[${index}]`, mine = paid[index + 1], due = read(at, each, DUE);
    if (["row", "ended", "charged"].filter((key) => key in due).length !== 1) {
      refuse(at, "is not from one of a row, the end of the schedule, and a charge");
    }
    const [apart, waived] = ["apart", "waived"].map((name) =>
      sums(`${at}.${name}`, KINDS, due[name] ?? new Map()));
    const asked = new Counts(apart), left = sums(`${at}.open`, KINDS, due.open);
    if ("row" in due) {
      if (due.row < 1n || due.row > BigInt(old.rows.length)) refuse(`${at}.row`, "is not one of the rows");
      const row = old.rows[Number(due.row) - 1];
      same(`${at}.date`, due.date, row.date);
      asked.add(KINDS.map((kind) => [kind, signed(FALLS_DUE.get(kind), row.amounts)]));
    } else if ("ended" in due) {
      same(`${at}.date`, due.date, end);
      asked.add(change);
    }
    if (!["balance", "settlement"].includes(due.ended ?? "balance")) refuse(`${at}.ended`, "is not known");
    rows.add([[Number(due.row ?? ("ended" in due ? 0n : -1n)), 1n]]);
    const follows = new Counts(asked).add(waived, -1n);
    due.figures.forEach((figure, k) => {
      follows.add([penalty(`${at}.figures[${k}]`, figure, old, asked, mine)]);
    });
    for (const [kind, , amount] of mine) follows.add([[kind, amount]], -1n);
    for (const kind of KINDS) same(`${at}.open.${kind}`, left.at(kind), follows.at(kind));
    owed.add(left);
    if (due.date < day && due.set_apart !== "yes") late.add(left);
    done.figures += 1;
    done.stated += [...apart.values(), ...waived.values()].filter(Boolean).length;
  });
  const others = new Counts();
  for (const [kind, , amount] of paid[0]) others.add([[kind, amount]]);
  const prepaid = paid[0].filter(([kind]) => kind === "prepaid").map(([, on]) => on);
  old.rows.forEach((row, index) => {
    const fellDue = row.date <= end && !prepaid.includes(row.date) && row.amounts.payment;
    if (rows.at(index + 1) > 1n || (fellDue && !rows.at(index + 1))) {
      refuse(`before.rows[${index}]`, "is not once among what fell due");
    }
  });
  same("dues: those of the end", rows.at(0), "ended" in plain && "after" in plain ? 1n : 0n);
  const apart = sums("apart", KINDS, plain.apart);
  const undue = new Counts(apart).add("ended" in plain ? [] : change);
  for (const [name, follows] of [["due", owed], ["arrears", late], ["undue", undue]]) {
    for (const [kind, amount] of sums(name, KINDS, plain[name])) {
      same(`${name}.${kind}`, amount, follows.at(kind));
    }
  }
  for (const name of ["refunded", "held"]) same(name, plain[name], others.at(name));
  same("payoff", plain.payoff, sum([...owed.values(), ...undue.values()]) - others.at("held"));
  done.figures += 4;
  done.stated += [...apart.values()].filter(Boolean).length;
}

/** Check that the parts of each receipt come to it; return them for each of what fell due. */
function receipts(plain, done) {
  const paid = [null, ...plain.dues].map(() => []); // 0: for none
  let last = "";
  plain.receipts.forEach((each, index) => {
    const at = `receipts[${index}]`, receipt = read(at, each, RECEIPT);
    let total = 0n;
    if (!(last < receipt.date && receipt.date <= plain.as_of)) refuse(`${at}.date`, "is out of order");
    last = receipt.date;
    receipt.parts.forEach((oneOf, k) => {
      const part = read(`${at}.parts[${k}]`, oneOf, PAYOUT);
      if ("due" in part && (part.due < 1n || part.due >= BigInt(paid.length))) {
        refuse(`${at}.parts[${k}].due`, "is not one of what fell due");
      }
      if (!("due" in part ? KINDS : ["prepaid", "held", "refunded"]).includes(part.of)) {
        refuse(`${at}.parts[${k}].of`, "is not known");
      }
      paid[Number(part.due ?? 0n)].push([part.of, last, part.amount]);
      total += part.amount;
    });
    same(`${at}.amount`, receipt.amount, total);
    done.stated += 1;
  });
  return paid;
}

/** Check what accrued on what fell due: on the open part of it, and rounded once. */
function penalty(at, plain, plan, asked, paid) {
  const figure = read(at, plain, INTEREST);
  if (!KINDS.includes(figure.figure) || "before" in figure || "share" in figure) {
    refuse(`${at}.figure`, "is not known, or has what a penalty has not");
  }
  let total = new Fraction(0n);
  figure.segments.forEach((each, k) => {
    const segment = read(`${at}.segments[${k}]`, each, PENALTY), left = new Counts(asked);
    same(`${at}.segments[${k}].days`, segment.days, daysBetween(segment.start, segment.end));
    const interest = segment.rate.times(segment.share).times(segment.base);
    same(`${at}.segments[${k}].interest`, segment.interest, interest);
    for (const [kind, on, amount] of paid) {
      if (on <= segment.start) left.add([[kind, amount]], -1n);
    }
    if ("on" in segment) {
      if (!BASES.has(segment.on)) refuse(`${at}.segments[${k}].on`, "is not known");
      const base = sum(BASES.get(segment.on).map((kind) => atLeastZero(left.at(kind))));
      same(`${at}.segments[${k}].base`, segment.base, base);
    }
    plan.done.stated += "on" in segment ? 0 : 1;
    total = total.plus(interest);
  });
  same(`${at}.unrounded`, figure.unrounded, total);
  const value = rounded(at, total, figure.rounding, plan.level.slice(0, 1)) - (figure.charged ?? 0n);
  same(`${at}.value`, figure.value, value);
  plan.done.figures += 1;
  return [figure.figure, value];
}

/** Check an agreement: its payments are those of rows, and its schedules those it names. */
function checkAgreement(plain, done) {
  const { on } = plain, [old, later] = both(plain, on, done);
  const named = read("certificates", plain.certificates, "before:text? after:text");
  const names = ["before", "after"].filter((name) => name in plain);
  if (canonical(Object.keys(named).sort()) !== canonical([...names].sort())) {
    const stated = `dict_keys(${shown(Object.keys(named))})`, follows = `{${shown(names).slice(1, -1)}}`;
    refuse("certificates", "states {stated}, but {follows} follows", { stated, follows });
  }
  for (const [name, digest] of Object.entries(named)) {
    const head = [["format", FORMAT], ["version", VERSION], ["of", "schedule"]];
    const text = canonical(new Map([...head, ...plain[name]]));
    same(`certificates.${name}`, digest, sha256(new TextEncoder().encode(text)));
  }
  const rows = later.rows.filter((row) => row.accrued_to > on || on <= later.days[0]);
  const due = rows.map((row) => [row.date, row.amounts.payment]);
  if (plain.payments.length > due.length) { // what is agreed for the day, besides what is due on it
    const days = { first: on, last: on };
    due.unshift([on, later.total("payment", days) - old.total("payment", days)]);
  }
  same("payments", BigInt(plain.payments.length), BigInt(due.length));
  let total = 0n;
  plain.payments.forEach((each, index) => {
    const payment = read(`payments[${index}]`, each, PAYMENT);
    same(`payments[${index}].date`, payment.date, due[index][0]);
    const follows = due[index][1] + (payment.apart ?? 0n);
    same(`payments[${index}].amount`, payment.amount, follows);
    total += follows;
    done.figures += 1;
    done.stated += "apart" in payment ? 1 : 0;
  });
  same("total", plain.total, total);
}

/** Check a rate: half a unit of its last digit to either side, flows come to two signs. */
function checkApr(plain, done) {
  const flows = plain.flows.map((flow, k) => read(`flows[${k}]`, flow, FLOW));
  const days = flows.map((flow) => flow.date), sorted = [...new Set(days)].sort();
  if (canonical(days) !== canonical(sorted)) same("flows", days.map(asDate), sorted.map(asDate));
  if ("schedule" in plain) {
    const form = read("schedule", plain.schedule, SCHEDULE);
    const schedule = new ScheduleCheck(form, done, "schedule.").check();
    let total = 0n;
    flows.forEach((flow, k) => {
      let due = schedule.total("payment - advanced", { first: flow.date, last: flow.date });
      due -= flow.date === schedule.days[0] ? schedule.lent : 0n;
      same(`flows[${k}].amount`, flow.amount, (flow.apart ?? new Fraction(0n)).plus(due));
      total += due;
    });
    same("flows: sum", total, schedule.total("payment - advanced") - schedule.lent);
  }
  if (!/^-?[0-9]{1,99}([.][0-9]{1,99})?$/.test(plain.apr)) {
    refuse("apr", "is not a decimal, such as 0.126826309005");
  }
  const rate = decimalFraction(plain.apr), digits = 10n ** BigInt((plain.apr.split(".")[1] ?? "").length);
  const size = new Fraction(absolute(rate.num), rate.den);
  if ([size, new Fraction(1n, 100n)].every((each) => each.times(digits).plus(-(10n ** 10n)).num < 0n)) {
    refuse("apr", "has less than ten digits");
  }
  const most = BigInt(flows.length); // each flow to 60 decimals, cut off: the sum is off by less
  const signs = [-1n, 1n].map((sign) => {
    const periodic = rate.plus(new Fraction(sign, 2n * digits)).over(plain.per_year);
    const worth = worthAt(flows, periodic);
    return Number(worth > most) - Number(worth < -most);
  });
  if (signs[0] * signs[1] !== -1) refuse("apr", "is not a rate at which the flows come to 0");
  const printed = read("shown", plain.shown, SHOWN), places = printed.decimals + 2n;
  const exact = rate.times(10n ** (places < 99n ? places : 99n)).over(printed.unit);
  const value = printed.unit * rounded("shown", exact, printed.rounding, [printed.rounding]);
  same("shown.value", printed.value, value);
  done.figures += 2;
  done.stated += flows.length;
}

/** A day as Python prints it within a list. */
function asDate(day) {
  return { toString: () => `datetime.date(${day.split("-").map(Number).join(", ")})` };
}

/** What flows are worth at the rate of a period, to 60 decimals: times 10^60, each cut off. */
function worthAt(flows, rate) {
  const log = logarithm(rate.plus(1n));
  return sum(flows.map((flow) => {
    const { time } = flow; // which compounds, and a part of a period does not
    const growth = exponential((log * time.num) / time.den);
    const simple = rate.times(flow.part ?? 0n).plus(1n);
    const { num, den } = flow.amount.times(10n ** 60n).over(simple);
    return (num * ONE) / (den * growth);
  }));
}

/** Logarithms and powers are whole numbers, times 2^512, which is some 150 decimals. */
const BITS = 512n, ONE = 1n << BITS;

/** The natural logarithm: with z = (x - 1)/(x + 1), 2 (z + z^3/3 + z^5/5 + ...), for x near 1. */
function logarithm({ num, den }) {
  if (num <= 0n) throw new RangeError("no logarithm");
  let doubled = 0n, top = num, bottom = den;
  for (; top > 2n * bottom; bottom *= 2n) doubled += 1n;
  for (; 2n * top < bottom; top *= 2n) doubled -= 1n;
  const series = (over, under) => {
    const z = (over * ONE) / under, square = (z * z) >> BITS;
    let total = 0n;
    for (let power = z, k = 1n; power !== 0n && power !== -1n; power = (power * square) >> BITS, k += 2n) {
      total += power / k;
    }
    return 2n * total;
  };
  return series(top - bottom, top + bottom) + doubled * series(1n, 3n);
}

/** e to a power: 1 + x + x^2/2! + ... of the power divided by 2^k, then squared k times. */
function exponential(power) {
  let halved = 0n;
  while (absolute(power) >> halved >= ONE >> 8n) halved += 1n;
  const one = ONE << (halved + 16n), x = power << 16n; // the power divided by 2^k, over `one`
  let total = one;
  for (let term = one, k = 1n; term !== 0n && term !== -1n; k += 1n) {
    term = (term * x) / (k * one);
    total += term;
  }
  for (let k = 0n; k < halved; k += 1n) total = (total * total) / one;
  return total >> (halved + 16n);
}

/** The kinds of certificate: the form of each, and its check. */
const CHECKS = new Map([
  ["schedule", [SCHEDULE, (plain, done) => new ScheduleCheck(plain, done).check()]],
  ["quote", [QUOTE, checkQuote]],
  ["statement", [STATEMENT, checkStatement]],
  ["agreement", [AGREEMENT, checkAgreement]],
  ["apr", [APR, checkApr]],
]);

/** Whether Python takes a value of JSON for true. */
function truthy(value) {
  return value instanceof Map ? value.size > 0 : Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/**
 * Check a certificate, or throw RefusedError; return its hash.
 * @param {Uint8Array} content the bytes of the file
 * @param {object} done what was in order: rows, figures, stated, schedules; and `whole`, the certificate
 * @returns {string} its SHA-256, as 64 hexadecimal digits
 */
function check(content, done) {
  Object.assign(done, { rows: 0, figures: 0, stated: 0, schedules: [] });
  const large = { bytes: LARGEST.toLocaleString("en") };
  if (content.length > LARGEST) refuse("file", "is larger than {bytes} bytes", large);
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const plain = new JsonReader(decoder.decode(content)).whole();
    const text = canonical(new Map([...plain].filter(([key]) => key !== "sha256")));
    const known = [plain.get("format"), plain.get("version")];
    if (canonical(known) !== canonical([FORMAT, VERSION])) {
      const [stated, follows] = [known, [FORMAT, VERSION]].map((each) =>
        [...`(${shown(each).slice(1, -1)})`].slice(0, 40).join("").trimEnd());
      refuse("format and version", "states {stated}, but {follows} follows", { stated, follows });
    }
    const of = one("certificate.of", "text", plain.get("of"));
    if (!CHECKS.has(of)) same("of", of, "schedule");
    const [form, checkKind] = CHECKS.get(of);
    const whole = read("certificate", plain, `${HEAD} ${form} ${HASH}`);
    const terms = [plain, ...plain.values()].filter((each) => each instanceof Map && each.has("terms"))
      .map((each) => each.get("terms"));
    if (canonical(terms).includes(' (twice)":')) refuse("terms", "have a key that stands twice");
    Object.assign(done, { whole, plain });
    checkKind(whole, done);
    if (!text.isWellFormed()) throw new TypeError("half a surrogate pair");
    if (whole.sha256 !== sha256(new TextEncoder().encode(text))) {
      refuse("sha256", "is not that of what is written");
    }
    return whole.sha256;
  } catch (error) { // whatever it is, this checker does not understand it
    if (error instanceof RefusedError) throw error;
    const what = `${error.name} ${error.message}`.slice(0, 160);
    return refuse(`after row ${done.rows}`, "not understood, {what}", { what });
  }
}

// -- words ------------------------------------------------------------------------------------

/** The sentences of the page, and names whose words are not those of their key. */
const ENGLISH = {
  drop: "Drop a certificate here, or choose a file",
  paste: "Or paste its text",
  private: "The file stays on your device. This page sends nothing.",
  pasted: "pasted text",
  order: "In order",
  refused: "REFUSED at {place}: {reason}",
  counts: "Checked: {rows} rows, {figures} figures computed again, {stated} only stated.",
  until: "These rows were in order before the check stopped.",
  before: "Schedule before",
  after: "Schedule after",
  quote: "Settlement on {day}",
  statement: "Statement as of {day}",
  agreement: "Agreement of {day}",
  apr: "Annual percentage rate: {rate}",
  with: "with the settlement",
  without: "without it",
  from_then: "paid later {which}",
  apart: "only stated",
  amount: "Amount",
  day: "Date",
  pays: "Pays",
  time: "Periods",
  worth: "Present value",
  due_on: "{kind} due {day}",
  left: "still open",
  receipts: "Receipts",
  dues: "What fell due",
  wording: "Text of the agreement",
  computed: "{rate} a period, of which a year has {periods}",
  schedule: "{principal} {currency} from {start}",
  all: "Show every derivation",
  row: "derivation of row {row}",
  number: "No.",
  date: "Date",
  instalments: "How the instalments were set",
  rounded: ", rounded {rounding}: {value}",
  charged: ", less {charged} charged before: {value}",
  days: "{start} to {end}, {days} days",
  accrued_before: "accrued before",
  plan: "From payment {from}: {amount}",
  agreed: "as agreed",
  solved: "{owed} owed on its first due date, repaid by {payments} payments at the factors {factors}",
  balloon: ", and a balloon of {balloon}",
  multiples: ", in the shares {shares}",
  additions: ", with the additions {additions}",
  cap: "at most {base} × {share}, rounded down to a multiple of {unit}: {amount}",
  moved: "moved so that the last payment fits: {amount}",
  times: "{value} ({count} times)",
  colon: ": ",
  aside: " ({text})",
  names: {
    above_cap: "above the cap on costs", agreed: "as agreed", all: "all interest to come",
    and: "two of these together", apr: "at an APR", arrears: "arrears added",
    balance: "the whole balance", both: "interest of and on what was moved",
    capitalise: "to join the principal", contract: "by the contract", deferred: "deferred balance",
    digits: "by the sum of digits", due: "to be paid with the next instalment",
    in_hand: "in hand, less fees, interest and taxes",
    interest_ahead: "interest of instalments paid ahead", interest_on: "interest on what was moved",
    joins: "to join the principal, as the instalment is less", last: "to be paid with the last payment",
    moved: "instalment that was moved", no_more: "as no more is owed",
    not_charged: "not charged, as the instalment is less", of: "of what is named", on: "tax",
    on_refund: "tax on the refund", rate: "at the rate at which all payments repay the principal",
    remainders: "remainders of roundings", roundings: "left by the roundings of the payments",
    shortfall: "interest less the instalment", spread: "to be spread over the payments left",
    tax_on_interest: "tax on the interest", unrounded: "instalment less interest, both unrounded",
    "total.arrears": "overdue", "total.fee": "settlement fee", "total.later_fees": "fees of later payments",
    "total.undue": "not yet due", "total.payoff": "clears everything on this day",
    "total.due": "due",
  },
  reasons: {},
};

const CHINESE = {
  drop: "把凭证文件拖到这里，或者点击选择文件",
  paste: "也可以粘贴凭证内容",
  private: "文件只在本机核对，不会上传。",
  pasted: "粘贴的内容",
  order: "核对无误",
  refused: "未通过核对，位置：{place}；原因：{reason}",
  counts: "已核对{rows}行，重新计算{figures}项，另有{stated}项仅为约定金额。",
  until: "核对中止之前，以下各行无误。",
  before: "原还款计划",
  after: "变更后的还款计划",
  quote: "{day}提前结清",
  statement: "截至{day}的对账单",
  agreement: "{day}的还款协议",
  apr: "年化利率：{rate}",
  with: "结清",
  without: "不结清",
  from_then: "{which}时以后应还",
  apart: "仅为约定金额",
  amount: "金额",
  day: "日期",
  pays: "冲抵",
  time: "期数",
  worth: "现值",
  due_on: "{day}到期的{kind}",
  left: "未付",
  receipts: "还款记录",
  dues: "各笔到期款项",
  wording: "协议全文",
  computed: "每期利率{rate}，一年{periods}期",
  schedule: "本金{principal} {currency}，自{start}起",
  all: "显示全部计算过程",
  row: "第{row}行的计算过程",
  number: "期次",
  date: "还款日",
  instalments: "每期还款额的计算过程",
  rounded: "，{rounding}：{value}",
  charged: "，减去此前已收取的{charged}：{value}",
  days: "{start}至{end}，{days}天",
  accrued_before: "此前应计",
  plan: "自第{from}期起：{amount}",
  agreed: "按约定",
  solved: "首个还款日欠款{owed}，分{payments}期还清，各期利率{factors}",
  balloon: "，最后一期另还尾款{balloon}",
  multiples: "，各期倍数{shares}",
  additions: "，各期另加{additions}",
  cap: "不超过{base} × {share}，向下舍至{unit}的整数倍：{amount}",
  moved: "为使最后一期相符而调整：{amount}",
  times: "{value}（{count}期）",
  colon: "：",
  aside: "（{text}）",
  names: {
    half_up: "四舍五入", half_even: "四舍六入五成双", half_down: "五舍六入", up: "进一法", down: "去尾法",
    ceiling: "向上进位（含负数）", floor: "向下舍位（含负数）",
    interest_accrued: "应计利息", interest_taken: "提前还款时收取的利息", interest_to_come: "尚未到期的利息",
    interest_waived: "免收利息", interest_moved: "推迟一期的利息", interest_deferred: "延期支付的利息",
    interest_in_arrears: "拖欠利息", interest_completed: "补足的利息",
    interest_by_the_method: "按结清方法调整的利息", paid_ahead: "提前支付的款项",
    moved_waived: "推迟各期的免收利息", principal_deferred: "推迟的本金", payment: "还款额",
    interest: "利息", deferred_interest: "递延利息", principal: "本金", fee: "费用", penalty: "罚息",
    tax: "税款", refund: "退费", prepaid: "提前偿还", advanced: "追加发放贷款", capitalised: "计入本金",
    forgiven: "减免本金", accrued: "应计", waived: "免收", forgiven_interest: "减免递延利息",
    opening: "期初本金", closing: "本金余额", deferred: "未付递延利息", before: "上期余额",
    instalment: "每期还款额", above_cap: "超出费用上限", agreed: "按约定", all: "尚未到期的全部利息",
    and: "合计", apr: "按年化利率计算", arrears: "转入的欠付款项", balance: "全部本金余额",
    balance_and_interest: "本金余额和利息", both: "利息及推迟期间的利息", capitalise: "计入本金",
    contract: "按合同计算", digits: "按78法则计算", due: "与下一期还款一并支付", financed: "计入本金",
    forbearance: "暂缓偿还的本金", in_hand: "扣除费用、利息和税款后的余款",
    interest_ahead: "提前支付各期的利息", interest_on: "推迟期间的利息",
    joins: "计入本金，因每期还款额不足", last: "与最后一期还款一并支付", moved: "推迟的一期",
    no_more: "以欠款为限", not_charged: "免收，因每期还款额不足", of: "所列款项", on: "所列款项的税款",
    on_refund: "退费的税款", part_of_principal: "每期本金",
    rate: "按各期还款恰好还清本金的利率计算", remainders: "利息舍入的尾差累计满一个单位",
    roundings: "各期舍入留下的尾差", shortfall: "利息减去每期还款额", spread: "平均分摊到剩余各期",
    tax_on_interest: "利息税款", unrounded: "未舍入的每期还款额减去未舍入的利息",
    fees: "费用", penalty_interest: "复利", costs: "催收费用", held: "留存待用", refunded: "退还",
    text: "文字", object: "对象", list: "列表", amount: "整数", day: "日期", fraction: "分数",
    schedule: "还款计划", "total.arrears": "逾期金额", "total.fee": "提前还款违约金",
    "total.later_fees": "剩余各期费用", "total.rebate": "可少付的息费", "total.total": "结清金额",
    "total.due": "已到期", "total.undue": "尚未到期", "total.payoff": "当日结清金额",
    "a number with a decimal point": "带小数点的数", file: "文件",
  },
  reasons: {
    "is not {kind}": "不是{kind}",
    "is not a day such as 2024-01-31": "不是 2024-01-31 这样的日期",
    "is not a fraction in lowest terms, such as 1/12": "不是 1/12 这样的最简分数",
    "is not a whole number, such as 88849": "不是 88849 这样的整数",
    "is not known": "无法识别",
    "is not known, or stands twice": "无法识别，或者重复出现",
    "is missing": "缺少这一项",
    "is missing, as payments differ": "缺少这一项，因各期还款额不同",
    "is not the rounding of the terms": "与约定的舍入方式不符",
    "is not the principal of the certificate": "与凭证的本金不符",
    "is not above that of the due date before": "不大于前一还款日的期次",
    "is not one of the instalments": "不在分期列表之内",
    "is not that of what is written": "与凭证内容不符",
    "is out of order": "日期顺序有误",
    "is the last, and something is still owed": "是最后一行，但仍有欠款",
    "is larger than {bytes} bytes": "超过{bytes}字节",
    "has no loan, or no list of changes": "缺少贷款或者变更列表",
    "have a key that stands twice": "有重复的键",
    "states {stated}, but {follows} follows": "写的是{stated}，按计算应为{follows}",
    "is not known, or is asked for after its day": "无法识别，或者申请日晚于结清日",
    "is not from one of a row, the end of the schedule, and a charge": "必须且只能来自一行、计划终了或者一笔收费",
    "is not one of the rows": "不在各行之内",
    "is not once among what fell due": "未列入到期款项，或者列入不止一次",
    "is not one of what fell due": "不在到期款项之内",
    "is not known, or has what a penalty has not": "无法识别，或者含有罚息没有的内容",
    "is not a decimal, such as 0.126826309005": "不是 0.126826309005 这样的小数",
    "has less than ten digits": "不足十位有效数字",
    "is not a rate at which the flows come to 0": "不是使各笔款项现值之和为零的利率",
    "not understood, {what}": "无法理解：{what}",
  },
};

/** How a figure is written: with which words, and with how many decimals. */
class Writer {
  constructor(lang, decimals = 2n) {
    this.words = lang.startsWith("zh") ? CHINESE : ENGLISH;
    this.decimals = Number(decimals);
  }

  say(key, slots = {}) {
    return filled(this.words[key], slots);
  }

  aside(text) {
    return this.say("aside", { text });
  }

  name(key) {
    return this.words.names[key] ?? key.replaceAll("_", " ");
  }

  /** The name of a sum, where it is another than that of a column. */
  total(key) {
    return this.name(this.words.names[`total.${key}`] ? `total.${key}` : key);
  }

  refusal({ place, reason, slots }) {
    const told = slots.kind ? { kind: this.name(slots.kind) } : slots;
    const why = filled(this.words.reasons[reason] ?? reason, told);
    return this.say("refused", { place: this.words.names[place] ?? place, reason: why });
  }

  /** An amount of minor units: 761080n is 7,610.80. */
  money(minor) {
    if (minor instanceof Fraction) return minor.den === 1n ? this.money(minor.num) : this.exact(minor);
    const digits = `${absolute(minor)}`.padStart(this.decimals + 1, "0");
    const at = digits.length - this.decimals;
    const whole = digits.slice(0, at).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${minor < 0n ? "-" : ""}${whole}${this.decimals ? `.${digits.slice(at)}` : ""}`;
  }

  /** A fraction of minor units as a decimal: exact if it ends, and otherwise cut off with "…". */
  exact(value) {
    const { num, den } = Fraction.of(value).times(10n ** 8n);
    const text = new Writer("en", this.decimals + 8).money(num / den);
    return den === 1n ? text.replace(/\.?0+$/, "") : `${text}…`;
  }

  /** A rate or share: 12% if that is short, and otherwise 1/12. */
  percent(value) {
    const { num, den } = Fraction.of(value).times(10n ** 14n);
    return den === 1n ? `${new Writer("en", 12).money(num).replace(/\.?0+$/, "")}%` : `${value}`;
  }

  /** Values of a list, those that repeat counted once. */
  list(values) {
    const runs = [];
    for (const value of values) {
      if (runs.at(-1)?.value === value) runs.at(-1).count += 1;
      else runs.push({ value, count: 1 });
    }
    return runs.map((run) => (run.count > 1 ? this.say("times", run) : run.value)).join(", ");
  }

  rounding(word, value) {
    return this.say("rounded", { rounding: this.name(word), value: this.money(value) });
  }

  /** The terms of a sum with their signs: "888.49 (instalment) - 76.11 (interest)". */
  terms(parts) {
    return parts.map(([name, amount], index) => {
      const sign = amount < 0n ? "- " : index ? "+ " : "";
      return `${sign}${this.money(absolute(amount))}${this.aside(name)}`;
    }).join(" ") || "0";
  }

  /** A sum: its terms and, if they are several, what they come to. */
  sum(parts, value) {
    return parts.length === 1 ? this.terms(parts) : `${this.terms(parts)} = ${this.money(value)}`;
  }
}

// -- the derivations --------------------------------------------------------------------------

/** A part of a certificate that was in order, with its numbers as BigInt and Fraction. */
class View {
  constructor(plain) {
    this.plain = plain;
  }

  static of(value) {
    if (value instanceof Map) return new View(value);
    if (Array.isArray(value)) return value.map(View.of);
    if (/^-?[0-9]+$/.test(value)) return BigInt(value);
    return /^-?[0-9]+\/[0-9]+$/.test(value) ? new Fraction(...value.split("/").map(BigInt)) : value;
  }

  has(key) {
    return this.plain.has(key);
  }

  get(key, absent) {
    return this.has(key) ? View.of(this.plain.get(key)) : absent;
  }

  /** Amounts by name that are not 0. */
  amounts(key, names) {
    const inside = this.get(key, new View(new Map()));
    return names.map((name) => [name, inside.get(name, 0n)]).filter(([, amount]) => amount);
  }
}

/** Lines such as "7,610.80 × 12% × 1/12 = 76.108, rounded half up: 76.11". */
function interestLines(writer, figure) {
  const segments = figure.get("segments"), charged = figure.get("charged", 0n), value = figure.get("value");
  const results = segments.map((each) => writer.exact(each.get("interest")));
  const products = segments.map((each) => {
    const factors = [writer.money(each.get("base")), writer.percent(each.get("rate")), each.get("share")];
    const [start, end, days] = ["start", "end", "days"].map((key) => each.get(key));
    return [factors.join(" × "), writer.aside(writer.say("days", { start, end, days }))];
  });
  let result = writer.exact(figure.get("unrounded"));
  result += writer.rounding(figure.get("rounding"), value + charged);
  if (charged) {
    result += writer.say("charged", { charged: writer.money(charged), value: writer.money(value) });
  }
  if (segments.length === 1 && !figure.has("before") && !figure.has("share")) {
    return [`${products[0][0]} = ${result}${products[0][1]}`];
  }
  const lines = products.map(([product, days], k) => `${product} = ${results[k]}${days}`);
  if (figure.has("before")) {
    results.unshift(`${writer.exact(figure.get("before"))}${writer.aside(writer.say("accrued_before"))}`);
  }
  const total = results.join(" + ") || "0";
  const share = figure.has("share") ? `(${total}) × ${figure.get("share")}` : total;
  return [...lines, `${share} = ${result}`];
}

/** Lines such as "888.49 (instalment) - 76.11 (interest) = 812.38". */
function sumLines(writer, figure) {
  const lines = [], parts = [];
  for (const part of figure.get("parts")) {
    const word = part.has("is") ? part.get("is") : part.get("name"), amount = part.get("amount");
    parts.push([writer.name(word), amount]);
    if (!part.has("share")) continue;
    const [base, share, unrounded] = ["base", "share", "unrounded"].map((key) => part.get(key));
    const product = `${writer.money(base)} × ${writer.percent(share)} = ${writer.exact(unrounded)}`;
    const told = word === "of" ? "" : writer.aside(writer.name(word));
    lines.push(`${product}${writer.rounding(part.get("rounding"), amount)}${told}`);
  }
  if (lines.length === 1 && parts.length === 1) return lines;
  return [...lines, writer.sum(parts, figure.get("value"))];
}

/** A figure with its derivation: its name, its value, and lines. */
function figureOf(writer, figure) {
  return {
    name: writer.name(figure.get("figure")),
    value: figure.get("value"),
    lines: figure.has("segments") ? interestLines(writer, figure) : sumLines(writer, figure),
  };
}

/** Terms of a sum that are not 0, such as those of "opening - principal". */
function signedTerms(words, amount, name) {
  let sign = 1n;
  return words.split(" ").flatMap((word) => {
    sign = { "+": 1n, "-": -1n }[word] ?? sign;
    const value = "+-".includes(word) ? 0n : sign * (amount(word) ?? 0n);
    return value ? [[name(word), value]] : [];
  });
}

/** The figures of a row. */
function rowFigures(writer, row, deferred) {
  const amounts = row.get("amounts"), defers = deferred || amounts.get("deferred");
  const equations = ["payment", "closing", ...(defers ? ["deferred"] : [])].map((name) => {
    const terms = signedTerms(IDENTITIES.get(name),
      (word) => (word === "before" ? deferred : amounts.get(word)), (word) => writer.name(word));
    const lines = terms.length ? [writer.sum(terms, amounts.get(name))] : [];
    return { name: writer.name(name), value: amounts.get(name), lines };
  });
  return [...row.get("figures").map((figure) => figureOf(writer, figure)),
    ...equations.filter(({ lines }) => lines.length)];
}

/** How an instalment was set. */
function planFigure(writer, plan) {
  const amount = writer.money(plan.get("amount"));
  const heading = writer.say("plan", { from: plan.get("from"), amount });
  if (!plan.has("owed")) return { heading, lines: [writer.say("agreed")] };
  const factors = writer.list(plan.get("factors").map((each) => writer.percent(each))) || "–";
  const payments = plan.get("factors").length + 1;
  let first = writer.say("solved", { owed: writer.exact(plan.get("owed")), payments, factors });
  if (plan.get("balloon")) {
    first += writer.say("balloon", { balloon: writer.money(plan.get("balloon")) });
  }
  if (plan.has("shares")) first += writer.say("multiples", { shares: writer.list(plan.get("shares").map(String)) });
  if (plan.has("additions")) {
    const additions = writer.list(plan.get("additions").map((each) => writer.money(each)));
    first += writer.say("additions", { additions });
  }
  first += ` = ${writer.exact(plan.get("unrounded"))}`;
  const lines = [first + writer.rounding(plan.get("rounding"), plan.get("solved"))];
  if (plan.has("cap")) {
    const [base, share, unit] = ["base", "share", "unit"].map((key) => plan.get("cap").get(key));
    const slots = { base: writer.money(base), share: writer.percent(share), unit: writer.money(unit), amount };
    lines.push(writer.say("cap", slots));
  }
  if (plan.has("moved")) lines.push(writer.say("moved", { amount }));
  return { heading, lines };
}

/** The figures of a quote: what is paid up to its day with the settlement and without it. */
function quoteFigures(writer, plain, [old, later]) {
  const on = plain.get("on"), amounts = plain.get("amounts"), apart = new Map(plain.amounts("apart", QUOTED));
  const amount = (name) => amounts.get(name, 0n), which = (key) => writer.say(key);
  const named = (name) => writer.total(name);
  const notFee = plain.get("method") === "uk_2004" ? "" : " - fee";
  const paid = `payment - tax - penalty${notFee}`, days = { after: on };
  return QUOTED.filter(amount).map((name) => {
    let terms = [];
    if (SUMMED.includes(name)) {
      terms = [[which("with"), later.total(name, { last: on })],
        [which("without"), -old.total(name, { last: on })]];
      if (name === "fee") terms.push([writer.total("later_fees"), -amount("later_fees")]);
    } else if (name === "total") {
      terms = signedTerms(`${PAID} - refund`, amount, named);
    } else if (name === "rebate") {
      const owed = "principal - interest - deferred_interest";
      terms = [[writer.say("from_then", { which: which("without") }), old.total(paid, days)],
        [writer.say("from_then", { which: which("with") }), -later.total(paid, days)],
        ...signedTerms(`- ${owed}`, amount, named)];
    }
    if (!terms.length) terms = [[which("apart"), amount(name)]];
    if (apart.has(name)) terms.push([which("apart"), apart.get(name)]);
    const shown = terms.filter(([, value]) => value);
    return { name: writer.total(name), value: amount(name), lines: [writer.sum(shown, amount(name))] };
  });
}

/** The figures of a statement: what is due and not yet due by kind, and what clears everything. */
function statementFigures(writer, plain) {
  const figures = [], totals = new Map();
  for (const name of ["due", "arrears", "undue"]) {
    const terms = plain.amounts(name, KINDS);
    totals.set(name, sum(terms.map(([, value]) => value)));
    const told = terms.map(([kind, value]) => [writer.name(kind), value]);
    const lines = terms.length ? [writer.sum(told, totals.get(name))] : [];
    figures.push({ name: writer.total(name), value: totals.get(name), lines });
  }
  for (const name of ["held", "refunded"]) {
    totals.set(name, plain.get(name));
    if (plain.get(name)) figures.push({ name: writer.name(name), value: plain.get(name), lines: [] });
  }
  const terms = signedTerms("due + undue - held", (name) => totals.get(name), (name) => writer.total(name));
  const payoff = plain.get("payoff"), lines = terms.length ? [writer.sum(terms, payoff)] : [];
  return [...figures, { name: writer.total("payoff"), value: payoff, lines }];
}

// -- the page ---------------------------------------------------------------------------------

/** An element of the page with attributes and children, which are elements or text. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** Figures as a list, each with its derivation. */
function figureList(writer, figures) {
  const list = element("dl");
  for (const { heading, name, value, lines } of figures) {
    const title = heading ?? `${name}${writer.say("colon")}${writer.money(value)}`;
    list.append(element("dt", {}, title), ...lines.map((line) => element("dd", {}, line)));
  }
  return list;
}

/** A table within a frame that scrolls, of text and of rows that stand as they are. */
function framed(head, rows, kind = "") {
  const titles = head.map((name) => element("th", { scope: "col" }, name));
  const body = rows.map((row) => (Array.isArray(row)
    ? element("tr", {}, ...row.map((cell) => element("td", {}, `${cell}`))) : row));
  return element("div", { class: `verify-frame ${kind}`, tabindex: "0" }, element("table", {},
    element("thead", {}, element("tr", {}, ...titles)), element("tbody", {}, ...body)));
}

/** The rows of a schedule as a table; under each row, on demand, how its figures are computed. */
function scheduleTable(writer, rows) {
  const amounts = rows.map((row) => row.get("amounts"));
  const names = [...SUMMED.filter((name) => name !== "accrued"), "closing", "deferred"];
  const columns = names.filter((name) => ["payment", "closing"].includes(name)
    || amounts.some((each) => each.get(name)));
  const head = [writer.say("number"), writer.say("date"), ...columns.map((name) => writer.name(name))];
  const first = Math.max(0, rows.findIndex((row) => row.get("number")));
  const expanders = [], body = rows.flatMap((row, index) => {
    const inner = element("div"), below = element("tr", { class: "derivation" },
      element("td", { colspan: head.length }, inner));
    const button = element("button", { type: "button", "aria-expanded": "false",
      "aria-label": writer.say("row", { row: index + 1 }), onclick: () => expand(below.hidden) }, "▸");
    const expand = (wanted) => {
      if (wanted && !inner.hasChildNodes()) {
        const deferred = amounts[index - 1]?.get("deferred") ?? 0n;
        inner.append(figureList(writer, rowFigures(writer, row, deferred)));
      }
      below.hidden = !wanted;
      button.setAttribute("aria-expanded", `${wanted}`);
    };
    expand(index === first);
    expanders.push(expand);
    const number = row.get("number") || "";
    return [element("tr", {}, element("th", { scope: "row" }, button, ` ${number}`),
      element("td", {}, `${row.get("date")}`),
      ...columns.map((name) => element("td", {}, writer.money(amounts[index].get(name))))), below];
  });
  const box = element("input", { type: "checkbox",
    onchange: () => expanders.forEach((expand) => expand(box.checked)) });
  return [element("label", { class: "verify-all" }, box, ` ${writer.say("all")}`), framed(head, body)];
}

/** The rows of a schedule up to where the check stopped. */
function rowsInOrder({ plain, days }) {
  return View.of(plain.rows.slice(0, days.length - 1));
}

/** A schedule: what is lent, its rows, and how its instalments were set. */
function scheduleParts(writer, schedule) {
  const { principal, currency, start, instalments } = schedule.plain;
  const lent = writer.say("schedule", { principal: writer.money(principal), currency, start });
  return [element("p", {}, lent), ...scheduleTable(writer, rowsInOrder(schedule)),
    element("h4", {}, writer.say("instalments")),
    figureList(writer, View.of(instalments).map((plan) => planFigure(writer, plan)))];
}

/** The parts of a page about a statement: its sums, its receipts, and what fell due. */
function statementParts(writer, plain) {
  const dues = plain.get("dues");
  const receipts = plain.get("receipts").map((receipt) => [receipt.get("date"),
    writer.money(receipt.get("amount")), writer.terms(receipt.get("parts").map((part) => {
      const kind = writer.name(part.get("of")), due = part.get("due", 0n);
      if (!due) return [kind, part.get("amount")];
      return [writer.say("due_on", { kind, day: dues[due - 1n].get("date") }), part.get("amount")];
    }))]);
  const fell = dues.flatMap((due) => {
    const unpaid = due.amounts("open", KINDS);
    const total = sum(unpaid.map(([, value]) => value));
    const lines = due.get("figures").map((each) => figureOf(writer, each)).flatMap((figure) =>
      figure.lines.map((line) => `${figure.name}${writer.say("colon")}${line}`));
    if (unpaid.length) {
      const told = unpaid.map(([kind, value]) => [writer.name(kind), value]);
      lines.push(`${writer.say("left")}${writer.say("colon")}${writer.sum(told, total)}`);
    }
    return lines.length ? [{ name: `${due.get("date")}`, value: total, lines }] : [];
  });
  const head = ["day", "amount", "pays"].map((key) => writer.say(key));
  return [figureList(writer, statementFigures(writer, plain)),
    element("h4", {}, writer.say("receipts")), framed(head, receipts, "verify-words"),
    element("h4", {}, writer.say("dues")), figureList(writer, fell)];
}

/** The parts of a page about an annual rate: each flow with its time and its present value. */
function aprParts(writer, plain) {
  const periods = plain.get("per_year"), periodic = decimalFraction(plain.get("apr")).over(periods);
  const money = (value) => (writer.decimals ? writer.money(value) : writer.exact(value));
  const places = writer.decimals ? 0n : 2n, cents = new Writer("en", writer.decimals || 2);
  const rows = plain.get("flows").map((flow) => {
    const [amount, time, part] = ["amount", "time", "part"].map((key) => flow.get(key));
    const each = { amount, time, part }, more = part ? ` + ${part}` : "";
    const value = new Fraction(worthAt([each], periodic) * 10n ** places * 2n + 10n ** 60n, 2n * 10n ** 60n).floor();
    return [flow.get("date"), money(amount), `${time}${more}`, cents.money(value)];
  });
  const head = ["day", "amount", "time", "worth"].map((key) => writer.say(key));
  const told = writer.say("computed", { rate: writer.percent(periodic), periods });
  return [element("p", {}, told), framed(head, rows)];
}

/** The title of a certificate, and what a page shows of it besides its schedules. */
function parts(writer, plain, schedules) {
  const of = plain.get("of");
  if (of === "quote") {
    return [writer.say(of, { day: plain.get("on") }), figureList(writer, quoteFigures(writer, plain, schedules))];
  }
  if (of === "statement") return [writer.say(of, { day: plain.get("as_of") }), ...statementParts(writer, plain)];
  if (of === "agreement") {
    const payments = plain.get("payments").map((each) => [each.get("date"), writer.money(each.get("amount"))]);
    payments.push([writer.total("total"), writer.money(plain.get("total"))]);
    return [writer.say(of, { day: plain.get("on") }),
      framed(["day", "amount"].map((key) => writer.say(key)), payments),
      element("details", {}, element("summary", {}, writer.say("wording")),
        element("pre", {}, plain.get("text")))];
  }
  const [decimals, value] = ["decimals", "value"].map((key) => plain.get("shown").get(key));
  const rate = `${new Writer("en", decimals).money(value)}%`;
  return [writer.say(of, { rate: `${rate}${writer.aside(plain.get("rule"))}` }), ...aprParts(writer, plain)];
}

/** What the check of one file found. */
function report(lang, name, content) {
  const done = {}, verdict = element("div", { class: "verify-verdict", role: "status" });
  const page = element("section", { class: "verify-report" }, element("h3", {}, name), verdict);
  let hash = null, refusal = null;
  try {
    hash = check(content, done);
  } catch (error) {
    refusal = error;
  }
  const begun = (done.schedules ?? []).filter(({ days }) => days?.length > 1);
  const writer = new Writer(lang, begun.length ? begun[0].plain.decimals : 0n);
  verdict.classList.add(hash ? "in-order" : "refused");
  verdict.append(element("strong", {}, hash ? writer.say("order") : writer.refusal(refusal)));
  if (hash) verdict.append(element("div", {}, "SHA-256 ", element("code", {}, hash)));
  verdict.append(element("div", {}, writer.say("counts", done)));
  const of = hash && done.whole.of;
  if (!hash && begun.length) {
    page.append(element("p", {}, writer.say("until")), ...scheduleTable(writer, rowsInOrder(begun.at(-1))));
  } else if (of === "schedule") {
    page.append(...scheduleParts(writer, done.schedules[0]));
  } else if (hash) {
    const [title, ...shown] = parts(writer, new View(done.plain), [done.schedules[0], done.schedules.at(-1)]);
    page.append(element("h4", {}, title), ...shown, ...done.schedules.map((schedule) => {
      const heading = writer.say(schedule.at === "before." ? "before" : "after");
      return element("details", {}, element("summary", {}, of === "apr" ? writer.name("schedule") : heading),
        ...scheduleParts(writer, schedule));
    }));
  }
  return page;
}

/** Build the page inside an element: where to drop, choose or paste, and below it what was found. */
function build(root) {
  const { lang } = document.documentElement, writer = new Writer(lang);
  const results = element("div", { "aria-live": "polite" });
  const checkFiles = async (files) => {
    const read = [...files].map(async (file) => {
      const content = await file.slice(0, LARGEST + 1).arrayBuffer();
      return report(lang, file.name, new Uint8Array(content));
    });
    results.replaceChildren(...await Promise.all(read));
  };
  const input = element("input", { type: "file", multiple: "", accept: ".json,application/json",
    onchange: () => checkFiles(input.files) });
  const text = element("textarea", { rows: "4", spellcheck: "false", "aria-label": writer.say("paste"),
    placeholder: writer.say("paste"), oninput: () => {
      const content = new TextEncoder().encode(text.value);
      results.replaceChildren(...(text.value ? [report(lang, writer.say("pasted"), content)] : []));
    } });
  const target = element("label", { class: "verify-drop" }, element("span", {}, writer.say("drop")), input);
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    target.classList.add("over");
  });
  document.addEventListener("dragleave", () => target.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    target.classList.remove("over");
    if (event.dataTransfer.files.length) checkFiles(event.dataTransfer.files);
  });
  root.replaceChildren(target, text, element("p", { class: "verify-private" }, writer.say("private")), results);
}

if (typeof document !== "undefined") {
  document.querySelectorAll("#verify").forEach(build);
}

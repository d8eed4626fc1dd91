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

/** The SHA-256 (FIPS 180-4) of bytes, as 64 hexadecimal digits. */
function sha256(bytes) {
  const state = Uint32Array.from(rootBits(8, 2n)), constants = rootBits(64, 3n);
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
      const next = (h + sum + choice + constants[at] + words[at]) | 0;
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
  const [left, right] = [[...one], [...other]];
  const at = left.findIndex((each, place) => each !== right[place]);
  if (at < 0) return left.length - right.length;
  return at < right.length ? left[at].codePointAt(0) - right[at].codePointAt(0) : 1;
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

const LARGEST = 50_000_000, LONGEST = 100_000; // bytes of a file, digits of a number

// The keys of each part of a certificate, with the kind of their values; ? is optional.
const CERTIFICATE = `format:text version:text of:text currency:text decimals:amount principal:amount
  start:day terms:object identities:object instalments:list rows:list totals:object sha256:text`;
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
  constructor(plain, done) {
    Object.assign(this, { done, plain, lent: plain.principal });
    same("identities", plain.identities, IDENTITIES);
    const loan = plain.terms.get("loan"), changes = plain.terms.get("changes");
    if (!(loan instanceof Map) || !Array.isArray(changes)) {
      refuse("terms", "has no loan, or no list of changes");
    }
    for (const name of ["start", "currency", "decimals"]) {
      same(`terms.loan.${name}`, shown(loan.get(name)), shown(plain[name]));
    }
    const lent = shown(loan.get("principal")), decimals = Number(plain.decimals);
    const exponent = Math.min(12, Math.max(-400, decimals));
    const scale = exponent < 0 ? new Fraction(1n, 10n ** BigInt(-exponent)) : 10n ** BigInt(exponent);
    if (!/^[0-9]{1,99}([.][0-9]{1,12})?$/.test(lent)
        || !decimalFraction(lent).times(scale).equals(this.lent)) {
      refuse("terms.loan.principal", "is not the principal of the certificate");
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
      const form = one(`instalments[${index}]`, "object", plan).has("owed") ? SOLVED : AGREED;
      return read(`instalments[${index}]`, plan, form);
    });
  }

  /** Check all rows, all instalments, and the totals. */
  check() {
    this.plain.rows.forEach((row, index) => {
      this.row(`rows[${index}]`, row);
      this.done.rows += 1;
    });
    if (this.closings.at(-1) || this.deferred) {
      refuse(`rows[${this.days.length - 2}]`, "is the last, and something is still owed");
    }
    this.plans.forEach((plan, index) => this.plan(`instalments[${index}]`, plan));
    const totals = read("totals", this.plain.totals, TOTALS);
    for (const [name, total] of Object.entries(totals)) {
      const amounts = this.plain.rows.map((row) => BigInt(row.get("amounts").get(name)));
      same(`totals.${name}`, total, sum(amounts));
    }
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
      let total = 0n, sign = 1n;
      for (const word of IDENTITIES.get(name).split(" ")) {
        sign = { "+": 1n, "-": -1n }[word] ?? sign;
        total += sign * ({ ...amounts, before: this.deferred }[word] ?? 0n);
      }
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
    if (year && shown(rate) !== "0") {
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

/** Whether Python takes a value of JSON for true. */
function truthy(value) {
  return value instanceof Map ? value.size > 0 : Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/**
 * Check a certificate, or throw RefusedError; return its hash.
 * @param {Uint8Array} content the bytes of the file
 * @param {object} done what was in order: rows, figures, stated; and `whole`, the certificate
 * @returns {string} its SHA-256, as 64 hexadecimal digits
 */
function check(content, done) {
  Object.assign(done, { rows: 0, figures: 0, stated: 0 });
  const large = { bytes: LARGEST.toLocaleString("en") };
  if (content.length > LARGEST) refuse("file", "is larger than {bytes} bytes", large);
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const plain = new JsonReader(decoder.decode(content)).whole();
    const text = canonical(new Map([...plain].filter(([key]) => key !== "sha256")));
    const known = [plain.get("format"), plain.get("version")];
    if (canonical(known) !== canonical(["repaylib.certificate", "1"])) {
      const [stated, follows] = [known, ["repaylib.certificate", "1"]].map((each) =>
        [...`(${shown(each).slice(1, -1)})`].slice(0, 40).join("").trimEnd());
      refuse("format and version", "states {stated}, but {follows} follows", { stated, follows });
    }
    const whole = read("certificate", plain, CERTIFICATE);
    same("of", whole.of, "schedule");
    if (canonical(whole.terms).includes(' (twice)":')) refuse("terms", "have a key that stands twice");
    done.whole = whole;
    new ScheduleCheck(whole, done).check();
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
  schedule: "{principal} {currency} from {start}",
  all: "Show every derivation",
  row: "derivation of row {row}",
  number: "No.",
  date: "Date",
  instalments: "How the instalments were set",
  rounded: ", rounded {rounding}: {value}",
  charged: ", less {charged} charged before: {value}",
  days: "{start} to {end}, {days} days",
  before: "accrued before",
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
  schedule: "本金{principal} {currency}，自{start}起",
  all: "显示全部计算过程",
  row: "第{row}行的计算过程",
  number: "期次",
  date: "还款日",
  instalments: "每期还款额的计算过程",
  rounded: "，{rounding}：{value}",
  charged: "，减去此前已收取的{charged}：{value}",
  days: "{start}至{end}，{days}天",
  before: "此前应计",
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
    text: "文字", object: "对象", list: "列表", amount: "整数", day: "日期", fraction: "分数",
    "a number with a decimal point": "带小数点的数", file: "文件", "format and version": "格式和版本",
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

  refusal({ place, reason, slots }) {
    const told = slots.kind ? { kind: this.name(slots.kind) } : slots;
    const why = filled(this.words.reasons[reason] ?? reason, told);
    return this.say("refused", { place: this.words.names[place] ?? place, reason: why });
  }

  /** An amount of minor units: 761080n is 7,610.80. */
  money(minor) {
    const digits = `${absolute(minor)}`.padStart(this.decimals + 1, "0");
    const at = digits.length - this.decimals;
    const whole = digits.slice(0, at).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${minor < 0n ? "-" : ""}${whole}${this.decimals ? `.${digits.slice(at)}` : ""}`;
  }

  /** A fraction of minor units as a decimal: exact if it ends, and otherwise cut off with "…". */
  exact(value) {
    const scaled = value.over(10n ** BigInt(this.decimals)), places = this.decimals + 8;
    const digits = scaled.times(10n ** BigInt(places));
    const cut = digits.num / digits.den;
    const text = new Writer("en", places).money(cut);
    return digits.den === 1n ? text.replace(/\.?0+$/, "") : `${text}…`;
  }

  /** A rate or share: 12% if that is short, and otherwise 1/12. */
  percent(value) {
    const digits = value.times(10n ** 10n);
    return digits.den === 1n ? `${new Writer("en", 8).money(digits.num).replace(/\.?0+$/, "")}%` : `${value}`;
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

  /** The terms of a sum with their signs: "888.49 - 76.11". */
  terms(parts) {
    return parts.map(([name, amount], index) => {
      const sign = amount < 0n ? "- " : index ? "+ " : "";
      return `${sign}${this.money(absolute(amount))}${this.aside(name)}`;
    }).join(" ");
  }
}

// -- the derivations --------------------------------------------------------------------------

/** Lines such as "7,610.80 × 12% × 1/12 = 76.108, rounded half up: 76.11". */
function interestLines(writer, plain) {
  const figure = read("", plain, INTEREST);
  const segments = figure.segments.map((each) => read("", each, SEGMENT));
  const products = segments.map((each) =>
    `${writer.money(each.base)} × ${writer.percent(each.rate)} × ${each.share}`);
  const periods = segments.map((each) => writer.aside(writer.say("days", each)));
  const charged = figure.charged ?? 0n;
  let end = writer.rounding(figure.rounding, figure.value + charged);
  if (charged) {
    const slots = { charged: writer.money(charged), value: writer.money(figure.value) };
    end += writer.say("charged", slots);
  }
  if (products.length === 1 && !figure.before && !figure.share) {
    return [`${products[0]} = ${writer.exact(figure.unrounded)}${end}${periods[0]}`];
  }
  const parts = segments.map((each) => writer.exact(each.interest));
  if (figure.before) parts.unshift(`${writer.exact(figure.before)}${writer.aside(writer.say("before"))}`);
  const total = figure.share ? `(${parts.join(" + ")}) × ${figure.share}` : parts.join(" + ");
  return [
    ...products.map((product, k) => `${product} = ${writer.exact(segments[k].interest)}${periods[k]}`),
    `${total || "0"} = ${writer.exact(figure.unrounded)}${end}`,
  ];
}

/** Lines such as "888.49 (instalment) - 76.11 (interest accrued) = 812.38". */
function sumLines(writer, plain) {
  const figure = read("", plain, SUM), lines = [], parts = [];
  for (const part of figure.parts) {
    const name = writer.name(part.get("is") ?? part.get("name")), amount = BigInt(part.get("amount"));
    parts.push([name, amount]);
    if (!part.has("share")) continue;
    const { base, share, unrounded, rounding } = read("", part, SHARE);
    const product = `${writer.money(base)} × ${writer.percent(share)} = ${writer.exact(unrounded)}`;
    const told = part.get("name") === "of" ? "" : writer.aside(name);
    lines.push(`${product}${writer.rounding(rounding, amount)}${told}`);
  }
  if (lines.length !== 1 || parts.length !== 1) {
    lines.push(parts.length === 1 ? writer.terms(parts) : `${writer.terms(parts)} = ${writer.money(figure.value)}`);
  }
  return lines;
}

/** The figures of a row, each as its name, its value and the lines of its derivation. */
function rowFigures(writer, plain, deferred) {
  const row = read("", plain, ROW), amounts = read("", row.amounts, AMOUNTS);
  const found = row.figures.map((figure) => ({
    name: writer.name(figure.get("figure")),
    value: BigInt(figure.get("value")),
    lines: figure.has("segments") ? interestLines(writer, figure) : sumLines(writer, figure),
  }));
  for (const name of ["payment", "closing", ...(deferred || amounts.deferred ? ["deferred"] : [])]) {
    const parts = [];
    let sign = 1n;
    for (const word of IDENTITIES.get(name).split(" ")) {
      sign = { "+": 1n, "-": -1n }[word] ?? sign;
      const amount = { ...amounts, before: deferred }[word];
      if (amount) parts.push([writer.name(word), sign * amount]);
    }
    const lines = [`${writer.terms(parts)} = ${writer.money(amounts[name])}`];
    if (parts.length) found.push({ name: writer.name(name), value: amounts[name], lines });
  }
  return found;
}

/** How an instalment was set: its heading, and lines. */
function planLines(writer, plain) {
  const plan = read("", plain, plain.has("owed") ? SOLVED : AGREED);
  const heading = writer.say("plan", { from: plan.from, amount: writer.money(plan.amount) });
  if (!plan.owed) return { heading, lines: [writer.say("agreed")] };
  const factors = writer.list(plan.factors.map((each) => writer.percent(each))) || "–";
  const slots = { owed: writer.exact(plan.owed), payments: plan.factors.length + 1, factors };
  let first = writer.say("solved", slots);
  if (plan.balloon) first += writer.say("balloon", { balloon: writer.money(plan.balloon) });
  if (plan.shares) first += writer.say("multiples", { shares: writer.list(plan.shares.map(String)) });
  if (plan.additions) {
    const additions = writer.list(plan.additions.map((each) => writer.money(each)));
    first += writer.say("additions", { additions });
  }
  first += ` = ${writer.exact(plan.unrounded)}${writer.rounding(plan.rounding, plan.solved)}`;
  const lines = [first];
  if (plan.cap) {
    const { base, share, unit } = read("", plan.cap, CAP);
    const numbers = { base: writer.money(base), share: writer.percent(share), unit: writer.money(unit) };
    lines.push(writer.say("cap", { ...numbers, amount: writer.money(plan.amount) }));
  }
  if (plan.moved) lines.push(writer.say("moved", { amount: writer.money(plan.amount) }));
  return { heading, lines };
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

/** The figures of a row, with their derivations. */
function derivation(writer, plain, deferred) {
  const list = element("dl");
  for (const { name, value, lines } of rowFigures(writer, plain, deferred)) {
    list.append(element("dt", {}, `${name}${writer.say("colon")}${writer.money(value)}`));
    list.append(...lines.map((line) => element("dd", {}, line)));
  }
  return list;
}

/** The rows of a schedule as a table; under each row, on demand, how its figures are computed. */
function scheduleTable(writer, rows) {
  const amounts = rows.map((row) => read("", row.get("amounts"), AMOUNTS));
  const names = [...SUMMED.filter((name) => name !== "accrued"), "closing", "deferred"];
  const columns = names.filter((name) => ["payment", "closing"].includes(name)
    || amounts.some((each) => each[name]));
  const head = [writer.say("number"), writer.say("date"), ...columns.map((name) => writer.name(name))];
  const body = element("tbody"), expanders = [];
  const first = Math.max(0, rows.findIndex((row) => row.get("number") !== "0"));
  rows.forEach((row, index) => {
    const inner = element("div"), below = element("tr", { class: "derivation" },
      element("td", { colspan: head.length }, inner));
    const button = element("button", { type: "button", "aria-expanded": "false",
      "aria-label": writer.say("row", { row: index + 1 }), onclick: () => expand(below.hidden) }, "▸");
    const expand = (wanted) => {
      if (wanted && !inner.hasChildNodes()) {
        inner.append(derivation(writer, row, amounts[index - 1]?.deferred ?? 0n));
      }
      below.hidden = !wanted;
      button.setAttribute("aria-expanded", `${wanted}`);
    };
    expand(index === first);
    expanders.push(expand);
    const number = row.get("number") === "0" ? "" : row.get("number");
    body.append(element("tr", {}, element("th", { scope: "row" }, button, ` ${number}`),
      element("td", {}, row.get("date")),
      ...columns.map((name) => element("td", {}, writer.money(amounts[index][name])))), below);
  });
  const box = element("input", { type: "checkbox",
    onchange: () => expanders.forEach((expand) => expand(box.checked)) });
  const titles = head.map((name) => element("th", { scope: "col" }, name));
  return [
    element("label", { class: "verify-all" }, box, ` ${writer.say("all")}`),
    element("div", { class: "verify-frame", tabindex: "0" },
      element("table", {}, element("thead", {}, element("tr", {}, ...titles)), body)),
  ];
}

/** What the check of one file found. */
function report(lang, name, content) {
  const done = {}, verdict = element("div", { class: "verify-verdict", role: "status" });
  const shown = element("section", { class: "verify-report" }, element("h3", {}, name), verdict);
  let hash = null, refusal = null;
  try {
    hash = check(content, done);
  } catch (error) {
    refusal = error;
  }
  const writer = new Writer(lang, done.whole?.decimals);
  verdict.classList.add(hash ? "in-order" : "refused");
  verdict.append(element("strong", {}, hash ? writer.say("order") : writer.refusal(refusal)));
  if (hash) verdict.append(element("div", {}, "SHA-256 ", element("code", {}, hash)));
  verdict.append(element("div", {}, writer.say("counts", done)));
  if (done.rows) {
    const { principal, currency, start, rows, instalments } = done.whole;
    const slots = { principal: writer.money(principal), currency, start };
    shown.append(element("p", {}, hash ? writer.say("schedule", slots) : writer.say("until")));
    shown.append(...scheduleTable(writer, rows.slice(0, done.rows)));
    if (hash) {
      shown.append(element("h4", {}, writer.say("instalments")), element("dl", {},
        ...instalments.map((each) => planLines(writer, each)).flatMap(({ heading, lines }) =>
          [element("dt", {}, heading), ...lines.map((line) => element("dd", {}, line))])));
    }
  }
  return shown;
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

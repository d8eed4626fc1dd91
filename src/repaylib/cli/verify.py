"""Check certificates of repaylib without repaylib: ``python verify.py FILE ...``.

This file needs Python 3.11 and nothing else, and is meant to be read in one sitting. It computes
every figure of a certificate again from what the certificate states, and refuses what it does not
know. It proves arithmetic, and not that anyone has agreed to the terms.

Amounts are text of whole minor units ("88849"), and what is not rounded is a fraction ("7611/1").
The page "Certificates" of the documentation explains every key.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Context, Decimal
from fractions import Fraction
from functools import partial
from hashlib import sha256
from itertools import pairwise
from math import gcd
from re import fullmatch
from typing import Any, NoReturn

LARGEST, LONGEST = 50_000_000, 100_000  # bytes of a file, digits of a number
HEAD = {"format": "repaylib.certificate", "version": "1"}
RAW = ("identities", "terms", "certificates", "text", "apr")  # values that are read as they stand
SUMMED = """payment interest deferred_interest principal fee penalty tax refund prepaid advanced
    capitalised forgiven accrued waived forgiven_interest""".split()
IDENTITIES = {
    "opening": "closing of the row before",
    "payment": "interest + deferred_interest + principal + fee + penalty + tax - refund",
    "closing": "opening - principal + capitalised - forgiven + advanced",
    "deferred": "before + accrued - interest - deferred_interest - waived - capitalised"
    " - forgiven_interest",
}
#: Figures that are interest, of which three bear on the balance; sums that accrue besides.
ACCRUALS = "interest_accrued interest_taken interest_to_come interest_waived interest_moved".split()
BESIDES = "interest_in_arrears interest_completed interest_by_the_method".split()
#: Days of a year, where the share of a year follows from the days alone.
YEARS = {"actual/365": "365", "actual/360": "360", "actual/364": "364", "actual/365.25": "365.25"}
#: The figures of a quote: what is paid, and what it saves.
PAID = "principal + interest + deferred_interest + arrears + fee + penalty + later_fees + tax"
QUOTED = [*PAID.split(" + "), "refund", "rebate", "total"]
#: What is owed, by kind; what a row lets fall due of it; what a penalty may bear on.
KINDS = "principal interest deferred_interest fees penalty penalty_interest costs".split()
FALLS_DUE = dict(zip(KINDS, [*KINDS[:3], "fee + tax - refund", "penalty", "", ""], strict=True))
BASES = {"principal": KINDS[:1], "interest": KINDS[1:3], "instalment": KINDS[:4]}


class RefusedError(Exception):
    """What is wrong with a certificate, and where."""


def refuse(place: str, reason: str) -> NoReturn:
    """Refuse the certificate, at a place such as ``rows[3].amounts.interest``."""
    raise RefusedError(f"{place[:200]}: {reason}")


def same(place: str, stated: Any, follows: Any) -> Any:
    """Refuse what is stated if something else follows; return it."""
    if stated != follows:
        shown, follows = (str(each).ljust(41)[:40].rstrip() for each in (stated, follows))
        refuse(place, f"states {shown}, but {follows} follows")
    return stated


class Part(dict[str, Any]):
    """An object of a certificate, at a place; what is never read of it is refused in the end."""

    def __init__(self, at: str, plain: dict[str, Any], parts: list["Part"]) -> None:
        self.at, self.plain, self.unread = at, plain, set(plain)
        parts.append(self)
        for key, value in plain.items():
            self[key] = value if key in RAW else typed(self.place(key), value, parts)

    def place(self, key: str) -> str:
        """Return where a value stands."""
        return f"{self.at}.{key}" if self.at else key

    def __getitem__(self, key: str) -> Any:
        self.unread.discard(key)
        return super().__getitem__(key) if key in self else refuse(self.place(key), "is missing")

    def get(self, key: str, default: Any = 0) -> Any:
        """Return a value that may be missing."""
        self.unread.discard(key)
        return super().get(key, default)

    def check(self, key: str, follows: Any) -> Any:
        """Refuse a value if something else follows; return it."""
        return same(self.place(key), self[key], follows)

    def sums(self, key: str, names: Iterable[str]) -> Counter[str]:
        """Return amounts by name, each of which may be missing."""
        inside = self.get(key, {})
        return Counter({name: inside.get(name, 0) for name in names})


def typed(at: str, value: Any, parts: list[Part]) -> Any:
    """Return a value as an object, a list, a day, a whole number, a fraction or a word."""
    if isinstance(value, dict):
        return Part(at, value, parts)
    if isinstance(value, list):
        return [typed(f"{at}[{index}]", each, parts) for index, each in enumerate(value)]
    if not isinstance(value, str) or len(value) > LONGEST:
        refuse(at, "is not text, or too long")
    if fullmatch("0|-?[1-9][0-9]*", value):
        return int(Decimal(value))  # which reads more digits than int does
    if found := fullmatch("(0|-?[1-9][0-9]*)/([1-9][0-9]*)", value):
        num, den = (int(Decimal(part)) for part in found.groups())
        if gcd(num, den) == 1:
            return Fraction(num, den)
    if fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        return date.fromisoformat(value)
    if fullmatch("[-+]?[0-9].*", value):
        refuse(at, "is not a whole number, a fraction in lowest terms, or a day such as 2024-01-31")
    return value


def signed(words: str, amounts: dict[str, int]) -> int:
    """Return a sum of amounts by name, such as ``fee + tax - refund``."""
    total, sign = 0, 1
    for word in words.split():
        sign = {"+": 1, "-": -1}.get(word, sign)
        total += sign * amounts.get(word, 0)
    return total


def number(text: Any) -> Fraction:
    """Return a plain number of the terms, such as 10000.50 or 12%; -1 for other values."""
    found = fullmatch("(-?[0-9]{1,99}(?:[.][0-9]{1,99}|/[1-9][0-9]{0,99})?)(%?)", str(text))
    return Fraction(found[1]) / (100 if found[2] else 1) if found else Fraction(-1)


def rounded(part: Part, value: Fraction, known: list[Any]) -> int:
    """Return a value rounded to a whole number, as the part says and the terms allow."""
    low, rest, half = value // 1, value % 1, Fraction(1, 2)
    rounds_up = {
        "half_up": rest > half or (rest == half and value > 0),
        "half_down": rest > half or (rest == half and value < 0),
        "half_even": rest > half or (rest == half and low % 2 == 1),
        "up": rest > 0 and value > 0,
        "down": rest > 0 and value < 0,
        "ceiling": rest > 0,
        "floor": False,
    }
    if part["rounding"] not in known or part["rounding"] not in rounds_up:
        refuse(part.place("rounding"), "is not the rounding of the terms")
    return low + rounds_up[part["rounding"]]


class Schedule:
    """A schedule, checked row by row; `done` counts what was in order."""

    def __init__(self, plain: Part, done: Counter[str]) -> None:
        self.done, self.plans, self.deferred = done, plain["instalments"], 0
        plain.check("identities", IDENTITIES)
        self.loan, changes = plain["terms"]["loan"], plain["terms"]["changes"]
        for name in ("start", "currency", "decimals"):
            same(plain.place(name), str(plain[name]), str(self.loan[name]))
        scale = 10 ** min(12, plain["decimals"])
        plain.check("principal", number(self.loan["principal"]) * scale)
        rate = str(self.loan["rate"])
        self.rate = number(rate) if rate[-1:] == "%" and not changes else -1
        flat = "flat" in [each.get("method") for each in [self.loan, *changes]]
        self.on_balance = self.loan["interest_base"] == "balance" and not flat
        self.roundings = [self.loan["rounding"]]
        self.level = [*self.roundings, self.loan.get("instalment_rounding")]
        self.taxed = 1 + (number(self.loan["interest_tax"]) if self.loan["tax_included"] else 0)
        # the balance at first, and after each row; the days up to which interest runs
        self.closings, self.days = [plain["principal"]], [plain["start"]]
        self.paid = self.posted = plain["start"]
        self.rows: list[Part] = []
        # by number of the due date: its row, its interest as a factor, and unrounded
        self.periods: dict[int, tuple[int, Fraction, Fraction]] = {}
        for row in plain["rows"]:
            self.row(row)
            done["rows"] += 1
        if self.closings[-1] or self.deferred:
            refuse(plain.place(f"rows[{len(self.rows) - 1}]"), "is the last, and leaves a debt")
        for plan in self.plans:
            self.plan(plan)
        for name in SUMMED:
            plain["totals"].check(name, self.total(name))

    def total(self, words: str, first: date = date.min, last: date = date.max) -> int:
        """Return a sum of columns over the rows whose interest runs up to some days."""
        rows = [row["amounts"] for row in self.rows if first <= row["accrued_to"] <= last]
        return sum(signed(words, amounts) for amounts in rows)

    def row(self, row: Part) -> None:
        """Check a row: its days, its equations, and that its figures give its amounts."""
        place, day, ends, amounts = (
            row[key] for key in ("number", "date", "accrued_to", "amounts")
        )
        if place and place <= max(self.periods, default=0):
            refuse(row.place("number"), "is not above that of the due date before")
        moved = day != ends and not self.loan.get("calendar")
        if day < self.paid or ends < self.days[-1] or moved:
            refuse(row.place("date"), "is out of order")
        amounts.check("opening", self.closings[-1])
        for name in ("payment", "closing", "deferred"):
            amounts.check(name, signed(IDENTITIES[name], {**amounts, "before": self.deferred}))
        self.spans: set[tuple[date, date]] = set()
        self.factor = self.interest = Fraction(0)
        known, values = Counter(amounts), Counter[str]()
        if "instalment" in row:
            known["instalment"] = self.instalment(row["instalment"], place)
        for figure in row["figures"]:
            name = figure["figure"]
            if (name not in ACCRUALS) if "segments" in figure else (name in [*values, *ACCRUALS]):
                refuse(figure.place("figure"), "is not known, or stands twice")
            values[name] += self.figure(figure, self.bears, known)
            known[name] = known[name] if name in SUMMED else values[name]
        values.setdefault("interest", sum(values[name] for name in ACCRUALS[:3]))
        values["waived"] += values["interest_waived"] + values["moved_waived"]
        values["accrued"] = sum(values[name] for name in [*ACCRUALS, *BESIDES])
        for name in SUMMED[1:]:
            amounts.check(name, values[name])
        if self.spans and self.on_balance and not self.loan.get("in_advance"):
            for before, after in pairwise([(day, self.posted), *sorted(self.spans), (ends, ends)]):
                same(f"{row.at}.figures: interest that accrues from", after[0], before[1])
            self.posted = ends
        if place:
            self.periods[place] = len(self.rows), self.factor, self.interest
        self.rows.append(row)
        self.days.append(ends)
        self.closings.append(amounts["closing"])
        self.paid, self.deferred = day, amounts["deferred"]

    def figure(self, figure: Part, bears: Callable[..., None], known: Counter[str]) -> int:
        """Check a figure: a sum of parts, or the interest of segments, rounded."""
        if "segments" in figure:
            total = figure.get("before", Fraction(0))
            self.done["stated"] += "before" in figure
            for segment in figure["segments"]:
                segment.check("days", (segment["end"] - segment["start"]).days)
                interest = segment["base"] * segment["rate"] * segment["share"]
                total += segment.check("interest", interest)
                bears(segment, figure["figure"])
            total = figure.check("unrounded", total * figure.get("share", 1))
            value = rounded(figure, total, self.roundings) - figure.get("charged")
        else:
            value = sum(self.term(part, figure["figure"], known) for part in figure["parts"])
        self.done["figures"] += 1
        return int(figure.check("value", value))

    def bears(self, segment: Part, name: str) -> None:
        """Check what interest of a row bears on, at which rate, and for which share of a year."""
        first, rate, share = segment["start"], segment["rate"], segment["share"]
        segment.check("rate", rate if self.rate < 0 else self.rate)
        if year := YEARS.get(str(self.loan.get("day_count"))):
            both = self.loan.get("counted_days") == "both" and first == self.days[0]
            days = segment["days"] + (both and segment["days"] > 0)
            segment.check("share", days / Fraction(year))
        if name in ACCRUALS[:3]:
            latest = max(row for row, day in enumerate(self.days) if not row or day <= first)
            row = segment["balance_after"]
            segment.check("balance_after", 0 if row == 0 and not self.on_balance else latest)
            segment.check("base", self.closings[row] - segment.get("apart"))
        self.done["stated"] += "apart" in segment or "balance_after" not in segment
        if name == "interest_accrued":
            self.factor += rate * share
            self.interest += segment["interest"]
        if name in ("interest_accrued", "interest_waived"):
            self.spans.add((first, segment["end"]))

    def term(self, part: Part, figure: str, known: Counter[str]) -> int:
        """Check a part of a sum: another figure of the row, a share of a base, or stated."""
        if "is" in part:
            follows = abs(known[part["is"]]) if part["is"] in known else None
            same(part.at, abs(part["amount"]), follows)
        elif not fullmatch("[a-z_]+", part["name"]):
            refuse(part.place("name"), "is not a word")
        elif "share" in part:
            exact = part.check("unrounded", part["base"] * part["share"])
            fee = [self.loan.get("fee_rounding")] if figure in ("fee", "refund") else []
            part.check("amount", rounded(part, exact, [*self.roundings, *fee]))
        else:
            self.done["stated"] += 1
        return int(part["amount"])

    def instalment(self, held: Part, number: int) -> int:
        """Check that the instalment of a row is that of its plan."""
        if not 0 <= held["plan"] < len(self.plans):
            refuse(held.place("plan"), "is not one of the instalments")
        plan = self.plans[held["plan"]]
        follows, place = plan["amount"], number - plan["from"]
        if "stated" in held:
            held.check("stated", "as agreed")
            self.done["stated"] += 1
            return int(held["value"])
        if "growth" in plan or "additions" in plan or "payment" in held:
            held.check("payment", place)
        if "growth" in plan:
            growth, solved = plan["growth"], max(0, plan["unrounded"])
            growth.check("base", solved if growth["base"] == solved else follows)
            exact = growth["base"] * plan["shares"][place] / growth["unit"]
            follows = growth["unit"] * rounded(growth, exact, self.level)
        elif "additions" in plan:
            follows = max(0, follows + plan["additions"][place])
        return int(held.check("value", follows))

    def plan(self, plan: Part) -> None:
        """Check an instalment that was solved: that it is the level one, and for what."""
        first, amount = plan["from"], plan["amount"]
        if "owed" not in plan:
            self.done["stated"] += 1
            return
        factors, owed, unit = plan["factors"], plan["owed"], plan["unit"]
        shares = plan.get("shares", [1] * (len(factors) + 1))
        more = plan.get("additions", [0] * (len(factors) + 1))
        same(plan.place("factors"), {len(shares), len(more)}, {len(factors) + 1})
        # debt and payments grow from due date to due date, as numerators over `den`
        debt, paid, den = owed.numerator - more[0] * owed.denominator, shares[0], 1
        for factor, share, addition in zip(factors, shares[1:], more[1:], strict=True):
            den *= factor.denominator
            grown = factor.denominator + factor.numerator
            debt = debt * grown - addition * den * owed.denominator
            paid = paid * grown + share * den
        debt -= plan["balloon"] * den * owed.denominator
        exact = plan["unrounded"]
        stated, follows = exact.numerator * paid * owed.denominator, debt * exact.denominator
        same(plan.place("unrounded"), stated, follows)
        solved = plan.check("solved", max(0, unit * rounded(plan, exact / unit, self.level)))
        if "cap" in plan:
            cap = plan["cap"]
            solved = cap["base"] * cap["share"] // cap["unit"] * cap["unit"]
        elif "moved" in plan:  # so that the last payment fits
            plan.check("moved", self.loan.get("last"))
            solved = amount
        plan.check("amount", solved)
        if "balance_after" in plan:
            row = plan.check("balance_after", self.periods[first][0])
            later = sum(self.periods[first + k][2] for k in range(plan["periods"]))
            plan.check("owed", self.closings[row] + self.taxed * later)
        held = plan.get("held")
        came = [self.taxed * self.periods[first + 1 + k][1] for k in range(held)]
        same(plan.place("factors"), factors[:held], came)
        stated = ("balance_after" not in plan) + any(factors[held:]) + ("moved" in plan)
        self.done.update(figures=1, stated=stated)


def both(plain: Part, end: date, done: Counter[str]) -> tuple[Schedule, Schedule]:
    """Check two schedules of a loan that agree up to a day; one that is missing is the other."""
    found = [Schedule(plain[name], done) for name in ("before", "after") if name in plain]
    old, new = (
        [row["amounts"] for row in plan.rows if row["accrued_to"] < end]
        for plan in (found[0], found[-1])
    )
    same("after.terms.loan", found[-1].loan, found[0].loan)
    same("after.rows", new, old)
    return found[0], found[-1]


def check_quote(plain: Part, done: Counter[str]) -> None:
    """Check a settlement quote: what is paid more up to its day, and less after it."""
    on, amounts, apart = plain["on"], plain["amounts"], plain.sums("apart", QUOTED)
    before, after = both(plain, on, done)
    if plain["requested"] > on:
        refuse("requested", "is after the day of the quote")
    follows = {name: after.total(name, last=on) - before.total(name, last=on) for name in SUMMED}
    follows |= {name: amounts[name] for name in ("arrears", "later_fees")}
    follows["fee"] -= amounts["later_fees"]
    words = f"payment - tax - penalty{' - fee' * (plain['method'] != 'uk_2004')}"
    later = on + timedelta(days=1)
    follows["rebate"] = before.total(words, later) - after.total(words, later)
    follows["rebate"] -= signed("principal + interest + deferred_interest", amounts)
    follows["total"] = signed(f"{PAID} - refund", amounts)
    for name in QUOTED:
        amounts.check(name, follows[name] + apart[name])
    only = [*apart.values(), amounts["arrears"], amounts["later_fees"]]
    done.update(figures=len(QUOTED), stated=sum(map(bool, only)))


def check_statement(plain: Part, done: Counter[str]) -> None:
    """Check a statement: what fell due, what receipts paid of it, and what is owed."""
    day, end, dues = plain["as_of"], plain.get("ended", plain["as_of"]), plain["dues"]
    before, after = both(plain, end, done)
    change = Counter(
        {
            kind: after.total(words, last=end) - before.total(words, last=end)
            for kind, words in FALLS_DUE.items()
        }
    )
    paid: list[list[tuple[str, date, int]]] = [[] for _ in range(len(dues) + 1)]
    last = date.min
    for receipt in plain["receipts"]:
        if not last < receipt["date"] <= day:
            refuse(receipt.place("date"), "is out of order")
        last = receipt["date"]
        receipt.check("amount", sum(part["amount"] for part in receipt["parts"]))
        for part in receipt["parts"]:
            place = part.get("due")
            if part["of"] not in (KINDS if place else ("prepaid", "held", "refunded")):
                refuse(part.place("of"), "is not known")
            paid[place].append((part["of"], last, part["amount"]))
        done["stated"] += 1
    owed, late, rows = Counter[str](), Counter[str](), Counter[int]()
    for place, due in enumerate(dues, 1):
        apart, waived, left = (due.sums(name, KINDS) for name in ("apart", "waived", "open"))
        asked = Counter(apart)
        if "row" in due:
            rows[due["row"]] += 1
            row = before.rows[due["row"] - 1]
            due.check("date", row["date"])
            asked.update({kind: signed(FALLS_DUE[kind], row["amounts"]) for kind in KINDS})
        elif "ended" in due:
            rows[0] += 1
            due.check("date", due["ended"] and end)
            asked.update(change)
        follows = Counter(asked)
        follows.subtract(waived)
        for figure in due["figures"]:
            bears = partial(penalised, asked, paid[place], done)
            follows[figure["figure"]] += before.figure(figure, bears, Counter())
        for kind, _, amount in paid[place]:
            follows[kind] -= amount
        same(due.place("open"), left, follows)
        owed.update(left)
        late.update(left if due["date"] < day and not due.get("set_apart") else {})
        done["figures"] += 1
        done["stated"] += sum(map(bool, [*apart.values(), *waived.values()]))
    others = Counter[str]()
    for kind, _, amount in paid[0]:
        others[kind] += amount
    prepaid = [on for kind, on, _ in paid[0] if kind == "prepaid"]
    for place, row in enumerate(before.rows, 1):
        fell_due = row["date"] <= end and row["date"] not in prepaid and row["amounts"]["payment"]
        if rows[place] > 1 or (fell_due and not rows[place]):
            refuse(row.at, "is not once among what fell due")
    same("dues: at the end", rows[0], int("ended" in plain and "after" in plain))
    undue = plain.sums("apart", KINDS)
    undue.update({} if "ended" in plain else change)
    for name, sums in {"due": owed, "arrears": late, "undue": undue}.items():
        same(name, plain.sums(name, KINDS), sums)
    for name in ("refunded", "held"):
        plain.check(name, others[name])
    plain.check("payoff", sum(owed.values()) + sum(undue.values()) - others["held"])
    done.update(figures=4, stated=len(plain["apart"]) + (not plain["terms"]))


def penalised(asked: Counter[str], paid: Any, done: Counter[str], segment: Part, _: str) -> None:
    """Check on what of an amount that fell due a penalty accrues."""
    if "on" in segment:
        left = Counter(asked)
        for kind, on, amount in paid:
            left[kind] -= amount * (on <= segment["start"])
        segment.check("base", sum(max(0, left[kind]) for kind in BASES[segment["on"]]))
    done["stated"] += "on" not in segment


def check_agreement(plain: Part, done: Counter[str]) -> None:
    """Check an agreement: its payments are those of rows, and its schedules those it names."""
    on, payments = plain["on"], plain["payments"]
    before, after = both(plain, on, done)
    whole = {"of": "schedule", **HEAD}
    names = [name for name in ("before", "after") if name in plain]
    plain.check("certificates", {name: hashed(whole | plain[name].plain) for name in names})
    rows = [row for row in after.rows if row["accrued_to"] > on or before is after]
    own = len(payments) - len(rows)  # 1 if something is agreed for the day, besides what is due
    due = [(row["date"], row["amounts"]["payment"]) for row in rows]
    due[:0] = [(on, after.total("payment", on, on) - before.total("payment", on, on))] * own
    same("payments", len(payments), len(due))
    for payment, (day, amount) in zip(payments, due, strict=True):
        payment.check("date", day)
        payment.check("amount", amount + payment.get("apart"))
        done.update(figures=1, stated="apart" in payment)
    plain.check("total", sum(payment["amount"] for payment in payments))
    if not isinstance(plain["text"], str):
        refuse("text", "is not text")


def check_apr(plain: Part, done: Counter[str]) -> None:
    """Check a rate: half a unit of its last digit to either side, the worth of flows has two signs."""
    flows, total = plain["flows"], 0
    same("flows", days := [flow["date"] for flow in flows], sorted(set(days)))
    if "schedule" in plain:
        schedule = Schedule(plain["schedule"], done)
        for flow in flows:
            due = schedule.total("payment - advanced", flow["date"], flow["date"])
            due -= schedule.closings[0] * (flow["date"] == schedule.days[0])
            total += flow.check("amount", due + flow.get("apart")) - flow.get("apart")
        same("flows", total, schedule.total("payment - advanced") - schedule.closings[0])
    rate, unit, signs = number(plain["apr"]), plain["unit"], []
    if not 0 < unit * 10**10 <= max(abs(rate), Fraction(1, 100)):
        refuse("unit", "is not that of the last of some twelve digits")
    wide = Context(prec=120)
    for periodic in ((rate + half) / plain["per_year"] for half in (-unit / 2, unit / 2)):
        worth = 0  # each flow to 60 decimals, cut off: so the sum is off by less than their number
        log = wide.ln(wide.divide(periodic.numerator + periodic.denominator, periodic.denominator))
        for flow in flows:
            time = sum(flow["time"], Fraction(0))  # whole periods compound, a part of one does not
            power = wide.multiply(wide.divide(time.numerator, time.denominator), log)
            growth = Fraction(wide.exp(power)) * (1 + flow.get("part") * periodic)
            worth += int(flow["amount"] * 10**60 / growth)
        signs.append((worth > len(flows)) - (worth < -len(flows)))
    if sorted(signs) != [-1, 1]:
        refuse("apr", "is not a rate at which the flows come to 0")
    shown = plain["shown"]
    exact = rate * 10 ** min(99, shown["decimals"] + 2) / shown["unit"]
    shown.check("value", shown["unit"] * rounded(shown, exact, [shown["rounding"]]))
    done.update(figures=2, stated=len(flows) + (not plain["rule"]))


CHECKS: dict[str, Callable[[Part, Counter[str]], Any]]
CHECKS = {"quote": check_quote, "statement": check_statement, "agreement": check_agreement}
CHECKS |= {"schedule": Schedule, "apr": check_apr}


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object, in which no key stands twice."""
    for key, times in Counter(key for key, _ in pairs).items():
        if times > 1:
            refuse(key, "is a key that stands twice")
    return dict(pairs)


def hashed(plain: dict[str, Any]) -> str:
    """Return the SHA-256 of JSON with sorted keys and without spaces."""
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def check(content: bytes, done: Counter[str]) -> str:
    """Check a certificate, or raise `RefusedError`; return its hash."""
    if len(content) > LARGEST:
        refuse("file", f"is larger than {LARGEST:,} bytes")
    try:
        point, parts = partial(refuse, "a number with a decimal point"), list[Part]()
        plain = json.loads(
            content.decode(), object_pairs_hook=once, parse_float=point, parse_constant=point
        )
        stated = plain.pop("sha256")
        for key, value in HEAD.items():
            same(key, plain.get(key), value)
        whole = Part("", {key: plain[key] for key in plain if key not in HEAD}, parts)
        if whole["of"] not in CHECKS:
            refuse("of", "is not known")
        CHECKS[whole["of"]](whole, done)
        for part in parts:
            for key in sorted(part.unread):
                refuse(part.place(key), "is not known")
        same("sha256", stated, hashed(plain))
    except RefusedError:
        raise
    except Exception as error:  # whatever it is, this checker does not understand it
        refuse(f"after row {done['rows']}", f"not understood, {type(error).__name__} {error}"[:200])
    return str(stated)


def main(files: list[str]) -> int:
    """Check files; print what was found, and return 0 if all are in order, 1, or 2 if unreadable."""
    worst = 0
    if not files or files[0].startswith("-"):
        print(__doc__, file=sys.stdout if files else sys.stderr)
        return 0 if files in (["-h"], ["--help"]) else 2
    for file in files:
        done = Counter(rows=0, figures=0, stated=0)
        try:
            with open(file, "rb") as stream:
                verdict = f"in order\n  SHA-256 {check(stream.read(LARGEST + 1), done)}"
        except RefusedError as error:
            verdict, worst = f"REFUSED at {error}", max(worst, 1)
        except OSError as error:
            verdict, worst = f"cannot be read: {error.strerror}", 2
        counts = "checked: {rows} rows, {figures} figures computed again, {stated} only stated"
        print(f"{file}: {verdict}\n  {counts.format(**done)}")
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

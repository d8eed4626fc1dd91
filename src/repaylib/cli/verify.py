"""Check certificates of repaylib without repaylib: ``python verify.py FILE ...``.

This file needs Python 3.11 and nothing else. Read it from the class `ScheduleCheck` on; the kinds of
certificate that follow stand on schedules. It computes every figure of a certificate again from what
the certificate states, and refuses what it does not know. It proves arithmetic, and not that anyone
has agreed to the terms.

Amounts are text of whole minor units ("88849"), and what is not rounded is a fraction ("7611/1").
The page "Certificates" of the documentation explains every key.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Context
from fractions import Fraction
from functools import partial
from hashlib import sha256
from itertools import pairwise
from math import gcd
from re import fullmatch
from typing import Any, NoReturn

FORMAT, VERSION = "repaylib.certificate", "1"
LARGEST, LONGEST = 50_000_000, 100_000  # bytes of a file, digits of a number

# The keys of each part of a certificate, with the kind of their values; ? is optional.
HEAD, HASH = "format:text version:text of:text", "sha256:text"
SCHEDULE = """currency:text decimals:amount principal:amount start:day terms:object
    identities:object instalments:list rows:list totals:object"""
CERTIFICATE = f"{HEAD} {SCHEDULE} {HASH}"
ROW = "number:amount date:day accrued_to:day amounts:object instalment:object? figures:list"
SUMMED = """payment interest deferred_interest principal fee penalty tax refund prepaid advanced
    capitalised forgiven accrued waived forgiven_interest""".split()
AMOUNTS = " ".join(f"{name}:amount" for name in [*SUMMED, "opening", "closing", "deferred"])
INTEREST = """figure:text segments:list before:fraction? share:fraction? unrounded:fraction
    rounding:text charged:amount? value:amount"""
SEGMENT = """base:amount balance_after:amount? apart:amount? rate:fraction start:day end:day
    days:amount share:fraction interest:fraction"""
SUM = "figure:text parts:list value:amount"
SHARE = "name:text base:amount share:fraction unrounded:fraction rounding:text amount:amount"
INSTALMENT = "plan:amount payment:amount? stated:text? value:amount"
AGREED = "from:amount amount:amount"
CAP, GROWTH = "base:amount share:fraction unit:amount", "base:fraction unit:amount rounding:text"
SOLVED = """from:amount owed:fraction factors:fractions shares:fractions? additions:amounts? balloon:amount
    unit:amount unrounded:fraction rounding:text solved:amount cap:object? moved:text? growth:object?
    amount:amount balance_after:amount? periods:amount? held:amount?"""
IDENTITIES = {
    "opening": "closing of the row before",
    "payment": "interest + deferred_interest + principal + fee + penalty + tax - refund",
    "closing": "opening - principal + capitalised - forgiven + advanced",
    "deferred": "before + accrued - interest - deferred_interest - waived - capitalised"
    " - forgiven_interest",
}
#: Figures that are interest, and the other figures; what a part of a sum is that is only stated.
ACCRUALS = "interest_accrued interest_taken interest_to_come interest_waived interest_moved".split()
SUMS = (
    """interest_deferred interest_in_arrears interest_completed interest_by_the_method paid_ahead
    moved_waived principal_deferred""".split()
    + SUMMED[1:]
)
WORDS = """above_cap accrued agreed all and apr arrears balance balance_and_interest both capitalise
    contract deferred digits due financed forbearance in_hand instalment interest interest_ahead
    interest_on joins last moved no_more not_charged of on on_refund paid_ahead part_of_principal
    prepaid principal rate remainders roundings shortfall spread tax_on_interest unrounded waived"""
#: The other kinds of certificate, and their parts.
QUOTE = "on:day requested:day method:text before:object after:object amounts:object apart:object"
STATEMENT = """as_of:day ended:day? terms:object before:object after:object? dues:list
    receipts:list undue:object apart:object due:object arrears:object refunded:amount held:amount
    payoff:amount"""
AGREEMENT = """on:day text:text before:object? after:object certificates:object payments:list
    total:amount"""
APR = "rule:text schedule:object? flows:list apr:text per_year:fraction shown:object"
DUE = """date:day row:amount? ended:text? charged:text? apart:object? waived:object?
    set_apart:text? figures:list open:object"""
PENALTY = """base:amount on:text? rate:fraction start:day end:day days:amount share:fraction
    interest:fraction"""
RECEIPT, PAYOUT = "date:day amount:amount parts:list", "due:amount? of:text amount:amount"
PAYMENT = "date:day amount:amount apart:amount?"
FLOW = "date:day amount:fraction time:fraction part:fraction? apart:fraction?"
SHOWN = "decimals:amount unit:amount rounding:text value:amount"
#: The figures of a quote: what is paid, and what it saves.
PAID = "principal + interest + deferred_interest + arrears + fee + penalty + later_fees + tax"
QUOTED = [*PAID.split(" + "), "refund", "rebate", "total"]
METHODS = "actuarial rule_of_78 uk_2004 flat_waived flat_charged".split()
#: What is owed, by kind; what a row lets fall due of it; what a penalty may bear on.
KINDS = "principal interest deferred_interest fees penalty penalty_interest costs".split()
FALLS_DUE = dict(zip(KINDS, [*KINDS[:3], "fee + tax - refund", "penalty", "", ""], strict=True))
BASES = {"principal": KINDS[:1], "interest": KINDS[1:3], "instalment": KINDS[:4]}
#: Days of a year, where the share of a year follows from the days alone.
YEARS = {"actual/365": "365", "actual/360": "360", "actual/364": "364", "actual/365.25": "365.25"}


class RefusedError(Exception):
    """What is wrong with a certificate, and where."""


def refuse(place: str, reason: str) -> NoReturn:
    """Refuse the certificate, at a place such as ``rows[3].amounts.interest``."""
    raise RefusedError(f"{place[:200]}: {reason}")


def same(place: str, stated: Any, follows: Any) -> None:
    """Refuse what is stated if something else follows."""
    if stated != follows:
        shown, follows = (str(each).ljust(41)[:40].rstrip() for each in (stated, follows))
        refuse(place, f"states {shown}, but {follows} follows")


def one(place: str, kind: str, value: Any) -> Any:
    """Return a value of a kind: text, object, list, day, amount (a whole number) or fraction."""
    expected = {"object": dict, "list": list}.get(kind, str)
    if kind in ("fractions", "amounts"):
        items = enumerate(one(place, "list", value))
        return [one(f"{place}[{index}]", kind[:-1], item) for index, item in items]
    if not isinstance(value, expected):
        refuse(place, f"is not {kind}")
    if kind == "day":
        try:
            found = date.fromisoformat(value)
        except ValueError:
            found = None
        return found if str(found) == value else refuse(place, "is not a day such as 2024-01-31")
    if kind == "fraction":
        num, den = (one(place, "amount", part) for part in [*value.split("/"), ""][:2])
        if value.count("/") != 1 or den < 1 or gcd(num, den) != 1:
            refuse(place, "is not a fraction in lowest terms, such as 1/12")
        return Fraction(num, den)
    if kind == "amount":
        if not fullmatch("0|-?[1-9][0-9]*", value) or len(value) > LONGEST:
            refuse(place, "is not a whole number, such as 88849")
        number, digits = 0, value.lstrip("-")
        for part in [digits[at : at + 4000] for at in range(0, len(digits), 4000)]:
            number = number * 10 ** len(part) + int(part)  # Python reads 4,300 digits at once
        return -number if value[0] == "-" else number
    return value


def read(place: str, value: Any, form: str) -> dict[str, Any]:
    """Return an object of a form: all its keys, no others, each value of its kind."""
    kinds = dict(key.split(":") for key in form.split())
    for key in one(place, "object", value):
        if key not in kinds:
            refuse(f"{place}.{key}", "is not known")
    for key, kind in kinds.items():
        if key not in value and not kind.endswith("?"):
            refuse(f"{place}.{key}", "is missing")
    return {key: one(f"{place}.{key}", kinds[key].rstrip("?"), value[key]) for key in value}


def sums(place: str, names: list[str], value: Any) -> Counter[str]:
    """Return amounts by name, each of which may be missing."""
    found = read(place, value, " ".join(f"{name}:amount?" for name in names))
    return Counter({name: found.get(name, 0) for name in names})


def signed(words: str, amounts: dict[str, int]) -> int:
    """Return a sum of amounts by name, such as ``fee + tax - refund``."""
    total, sign = 0, 1
    for word in words.split():
        sign = {"+": 1, "-": -1}.get(word, sign)
        total += sign * amounts.get(word, 0)
    return total


def rounded(place: str, value: Fraction, word: Any, known: list[Any]) -> int:
    """Return a value rounded to a whole number, as the terms say."""
    low, half = value.numerator // value.denominator, Fraction(1, 2)
    rest, above = value - low, value > 0
    ways = {
        "half_up": rest > half or (rest == half and above),
        "half_down": rest > half or (rest == half and not above),
        "half_even": rest > half or (rest == half and low % 2 == 1),
        "up": rest > 0 and above,
        "down": rest > 0 and not above,
        "ceiling": rest > 0,
        "floor": False,
    }
    if word not in known or word not in ways:
        refuse(f"{place}.rounding", "is not the rounding of the terms")
    return low + ways[word]


def percent(text: Any) -> Fraction | None:
    """Return a rate of the terms that is written as per cent; nothing for rates of other kinds."""
    known = isinstance(text, str) and fullmatch(
        r"[0-9]{1,99}(\.[0-9]{1,99}|/[1-9][0-9]{0,99})?%", text
    )
    return Fraction(text[:-1]) / 100 if known else None


class ScheduleCheck:
    """The check of a schedule, row by row; `done` counts what was in order."""

    def __init__(self, plain: dict[str, Any], done: Counter[str], at: str = "") -> None:
        self.done, self.plain, self.lent, self.at = done, plain, plain["principal"], at
        self.rows: list[dict[str, Any]] = []
        same(f"{at}identities", plain["identities"], IDENTITIES)
        loan, changes = (plain["terms"].get(name) for name in ("loan", "changes"))
        if not isinstance(loan, dict) or not isinstance(changes, list):
            refuse(f"{at}terms", "has no loan, or no list of changes")
        for name in ("start", "currency", "decimals"):
            same(f"{at}terms.loan.{name}", str(loan.get(name)), str(plain[name]))
        lent, scale = str(loan.get("principal")), 10 ** min(12, plain["decimals"])
        if (
            not fullmatch("[0-9]{1,99}([.][0-9]{1,12})?", lent)
            or Fraction(lent) * scale != self.lent
        ):
            refuse(f"{at}terms.loan.principal", "is not the principal of the certificate")
        self.loan, self.rate = loan, None if changes else percent(loan.get("rate"))
        flat = "flat" in [each.get("method") for each in [loan, *changes] if isinstance(each, dict)]
        self.on_balance = loan.get("interest_base") == "balance" and not flat
        self.closings, self.days = [self.lent], [plain["start"]]  # at first, and after each row
        self.paid = self.posted = plain[
            "start"
        ]  # day of payment; day up to which interest is posted
        self.periods: dict[
            int, tuple[int, Fraction, Fraction]
        ] = {}  # by number: row, factor, interest
        self.level = [loan.get("rounding"), loan.get("instalment_rounding")]
        self.plans, self.deferred = [], 0
        for index, plan in enumerate(plain["instalments"]):
            form = SOLVED if "owed" in one(f"{at}instalments[{index}]", "object", plan) else AGREED
            self.plans.append(read(f"{at}instalments[{index}]", plan, form))

    def check(self) -> "ScheduleCheck":
        """Check all rows, all instalments, and the totals."""
        for index, row in enumerate(self.plain["rows"]):
            self.row(f"{self.at}rows[{index}]", row)
            self.done["rows"] += 1
        if self.closings[-1] or self.deferred:
            place = f"{self.at}rows[{len(self.days) - 2}]"
            refuse(place, "is the last, and something is still owed")
        for index, plan in enumerate(self.plans):
            self.plan(f"{self.at}instalments[{index}]", plan)
        form = AMOUNTS.partition(" opening")[0]
        for name, total in read(f"{self.at}totals", self.plain["totals"], form).items():
            same(f"{self.at}totals.{name}", total, self.total(name))
        return self

    def total(self, words: str, first: date = date.min, last: date = date.max) -> int:
        """Return a sum of columns over the rows whose interest runs up to some days."""
        rows = [row["amounts"] for row in self.rows if first <= row["accrued_to"] <= last]
        return sum(signed(words, amounts) for amounts in rows)

    def row(self, at: str, plain: Any) -> None:
        """Check a row: its days, its equations, and that its figures give its amounts."""
        row = read(at, plain, ROW)
        number, day, ends = row["number"], row["date"], row["accrued_to"]
        if number and number <= max(self.periods, default=0):
            refuse(f"{at}.number", "is not above that of the due date before")
        if (
            day < self.paid
            or ends < self.days[-1]
            or (day != ends and not self.loan.get("calendar"))
        ):
            refuse(f"{at}.date", "is out of order")
        amounts = read(f"{at}.amounts", row["amounts"], AMOUNTS)
        same(f"{at}.amounts.opening", amounts["opening"], self.closings[-1])
        for name in ("payment", "closing", "deferred"):
            total = signed(IDENTITIES[name], {**amounts, "before": self.deferred})
            same(f"{at}.amounts.{name}", amounts[name], total)
        self.spans: set[tuple[date, date]] = set()
        self.factor = self.interest = Fraction(0)
        found: Counter[str] = Counter(amounts)
        if "instalment" in row:
            found["instalment"] = self.instalment(f"{at}.instalment", row["instalment"], number)
        values: Counter[str] = Counter()
        for index, figure in enumerate(row["figures"]):
            self.figure(f"{at}.figures[{index}]", figure, values, found)
        interest = sum(values[name] for name in ACCRUALS[:3])
        values["waived"] += values["interest_waived"] + values["moved_waived"]
        values["accrued"] = interest + sum(values[name] for name in [*ACCRUALS[3:], *SUMS[1:4]])
        values.setdefault("interest", interest)
        for name in SUMMED[1:]:
            same(f"{at}.amounts.{name}", amounts[name], values[name])
        if self.spans and self.on_balance and not self.loan.get("in_advance"):
            for before, after in pairwise([(day, self.posted), *sorted(self.spans), (ends, ends)]):
                same(f"{at}.figures: interest that accrues from", after[0], before[1])
            self.posted = ends
        if number:
            self.periods[number] = len(self.days) - 1, self.factor, self.interest
        self.closings.append(amounts["closing"])
        self.days.append(ends)
        self.rows.append({**row, "amounts": amounts})
        self.paid, self.deferred = day, amounts["deferred"]

    def figure(self, at: str, plain: Any, values: Counter[str], known: Counter[str]) -> None:
        """Check a figure: interest, or a sum of parts."""
        name = plain.get("figure") if isinstance(plain, dict) else None
        if name not in ACCRUALS and (name not in SUMS or name in values):
            refuse(f"{at}.figure", "is not known, or stands twice")
        figure = read(at, plain, INTEREST if name in ACCRUALS else SUM)
        if name in ACCRUALS:
            follows = self.accrual(at, figure)
        else:
            parts = enumerate(figure["parts"])
            follows = sum(self.part(f"{at}.parts[{k}]", part, name, known) for k, part in parts)
        same(f"{at}.value", figure["value"], follows)
        values[name] += follows
        known[name] = known[name] if name in SUMMED else values[name]
        self.done["figures"] += 1

    def accrual(self, at: str, figure: dict[str, Any]) -> int:
        """Check interest: that of each segment, their sum, and the rounding."""
        total = figure.get("before", Fraction(0))
        for index, segment in enumerate(figure["segments"]):
            total += self.segment(f"{at}.segments[{index}]", segment, figure["figure"])
        total *= figure.get("share", 1)
        same(f"{at}.unrounded", figure["unrounded"], total)
        self.done["stated"] += "before" in figure
        known = [self.loan.get("rounding")]
        charged: int = figure.get("charged", 0)
        return rounded(at, total, figure["rounding"], known) - charged

    def segment(self, at: str, plain: Any, name: str) -> Fraction:
        """Check the interest of some days, on one base at one rate."""
        segment = read(at, plain, SEGMENT)
        first, rate, share = segment["start"], segment["rate"], segment["share"]
        same(f"{at}.days", segment["days"], (segment["end"] - first).days)
        same(f"{at}.rate", rate, rate if self.rate is None else self.rate)
        equal = self.loan.get("interest_split", "equal") == "equal"
        if equal and rate and (year := YEARS.get(str(self.loan.get("day_count")))):
            both = self.loan.get("counted_days") == "both" and first == self.days[0]
            days = segment["days"] + (both and segment["days"] > 0)
            same(f"{at}.share", share, days / Fraction(year))
        interest: Fraction = segment["base"] * rate * share
        same(f"{at}.interest", segment["interest"], interest)
        if name in ACCRUALS[:3]:
            latest = max(row for row, day in enumerate(self.days) if not row or day <= first)
            row = segment.get("balance_after", -1)
            same(f"{at}.balance_after", row, 0 if row == 0 and not self.on_balance else latest)
            same(f"{at}.base", segment["base"], self.closings[row] - segment.get("apart", 0))
        self.done["stated"] += "apart" in segment or "balance_after" not in segment
        if name == "interest_accrued":
            self.factor, self.interest = self.factor + rate * share, self.interest + interest
        if name in ("interest_accrued", "interest_waived"):
            self.spans.add((first, segment["end"]))
        return interest

    def part(self, at: str, plain: Any, figure: str, known: Counter[str]) -> int:
        """Check a part of a sum: another figure of the row, a share of a base, or stated."""
        if "is" in one(at, "object", plain):
            part = read(at, plain, "is:text amount:amount")
            same(at, abs(part["amount"]), abs(known[part["is"]]) if part["is"] in known else None)
        elif "share" in plain:
            part = read(at, plain, SHARE)
            exact, others = part["base"] * part["share"], ["rounding", "fee_rounding"]
            same(f"{at}.unrounded", part["unrounded"], exact)
            roundings = [
                self.loan.get(each) for each in others[: 1 + (figure in ("fee", "refund"))]
            ]
            same(f"{at}.amount", part["amount"], rounded(at, exact, part["rounding"], roundings))
        else:
            part = read(at, plain, "name:text amount:amount")
            self.done["stated"] += 1
        if part.get("name", "of") not in WORDS.split():
            refuse(f"{at}.name", "is not known")
        amount: int = part["amount"]
        return amount

    def instalment(self, at: str, plain: Any, number: int) -> int:
        """Check that the instalment of a row is that of its plan."""
        held = read(at, plain, INSTALMENT)
        if not 0 <= held["plan"] < len(self.plans):
            refuse(f"{at}.plan", "is not one of the instalments")
        plan = self.plans[held["plan"]]
        follows = plan["amount"]
        if ("growth" in plan or "additions" in plan) and not {"payment", "stated"} & held.keys():
            refuse(f"{at}.payment", "is missing, as payments differ")
        if "payment" in held:
            same(f"{at}.payment", held["payment"], number - plan["from"])
            if "growth" in plan:
                growth = read(f"{at}.growth", plan["growth"], GROWTH)
                exact = growth["base"] * plan["shares"][number - plan["from"]] / growth["unit"]
                same(f"{at}.growth", growth["base"] in (follows, max(0, plan["unrounded"])), True)
                follows = growth["unit"] * rounded(at, exact, growth["rounding"], self.level)
            else:
                follows = max(0, follows + plan["additions"][number - plan["from"]])
        same(f"{at}.value", held["value"], held["value"] if "stated" in held else follows)
        self.done["stated"] += "stated" in held
        value: int = held["value"]
        return value

    def plan(self, at: str, plan: dict[str, Any]) -> None:
        """Check an instalment that was solved: that it is the level one, and for what."""
        if "owed" not in plan:
            self.done["stated"] += 1
            return
        factors, owed, unit = plan["factors"], plan["owed"], plan["unit"]
        shares = plan.get("shares", [1] * (len(factors) + 1))
        more = plan.get("additions", [0] * (len(factors) + 1))
        same(f"{at}.factors", [len(shares), len(more)], [len(factors) + 1] * 2)
        debt, paid, den = owed.numerator - more[0] * owed.denominator, shares[0], 1
        for factor, share, addition in zip(factors, shares[1:], more[1:], strict=True):
            den *= (
                factor.denominator
            )  # debt and payments grow from due date to due date, over `den`
            grown = factor.denominator + factor.numerator
            debt = debt * grown - addition * den * owed.denominator
            paid = paid * grown + share * den
        debt -= plan["balloon"] * den * owed.denominator
        exact = plan["unrounded"]
        same(f"{at}.unrounded", exact.numerator * paid * owed.denominator, debt * exact.denominator)
        solved = max(0, unit * rounded(at, exact / unit, plan["rounding"], self.level))
        same(f"{at}.solved", plan["solved"], solved)
        if "cap" in plan:
            cap = read(f"{at}.cap", plan["cap"], CAP)
            solved = cap["base"] * cap["share"] // cap["unit"] * cap["unit"]
        elif "moved" in plan:  # so that the last payment fits
            same(f"{at}.moved", plan["moved"], self.loan.get("last"))
            solved = plan["amount"]
        same(f"{at}.amount", plan["amount"], solved)
        self.done["figures"] += 1
        taxed = percent(self.loan.get("interest_tax")) if self.loan.get("tax_included") else 0
        number, held = plan["from"], plan.get("held", 0)
        if "balance_after" in plan:
            same(f"{at}.balance_after", plan["balance_after"], self.periods[number][0])
            later = [self.periods[number + k][2] for k in range(plan["periods"])]
            follows = self.closings[plan["balance_after"]] + (1 + (taxed or 0)) * sum(later)
            same(f"{at}.owed", owed, follows)
        for k in range(held):
            follows = (1 + (taxed or 0)) * self.periods[number + 1 + k][1]
            same(f"{at}.factors[{k}]", factors[k], follows)
        self.done["stated"] += (
            ("balance_after" not in plan) + any(factors[held:]) + ("moved" in plan)
        )


def both(plain: dict[str, Any], end: date, done: Counter[str]) -> list[ScheduleCheck]:
    """Check two schedules of a loan that agree up to a day; one that is missing is the other."""
    found = [
        ScheduleCheck(read(name, plain[name], SCHEDULE), done, f"{name}.").check()
        for name in ("before", "after")
        if name in plain
    ]
    same("after.terms.loan", canonical(found[-1].loan), canonical(found[0].loan))
    old, new = (
        [row["amounts"] for row in each.rows if row["accrued_to"] < end]
        for each in (found[0], found[-1])
    )
    same("after.rows", new, old)
    return [found[0], found[-1]]


def check_quote(plain: dict[str, Any], done: Counter[str]) -> None:
    """Check a settlement quote: what is paid more up to its day, and less after it."""
    on, later = plain["on"], plain["on"] + timedelta(days=1)
    before, after = both(plain, on, done)
    amounts = read("amounts", plain["amounts"], " ".join(f"{name}:amount" for name in QUOTED))
    apart = sums("apart", QUOTED, plain["apart"])
    if plain["method"] not in METHODS or plain["requested"] > on:
        refuse("method", "is not known, or is asked for after its day")
    follows = {name: after.total(name, last=on) - before.total(name, last=on) for name in SUMMED}
    follows |= {name: amounts[name] for name in ("arrears", "later_fees")}
    follows["fee"] -= amounts["later_fees"]
    words = "payment - tax - penalty" + " - fee" * (plain["method"] != "uk_2004")
    follows["rebate"] = before.total(words, later) - after.total(words, later)
    follows["rebate"] -= signed("principal + interest + deferred_interest", amounts)
    follows["total"] = signed(f"{PAID} - refund", amounts)
    for name in QUOTED:
        same(f"amounts.{name}", amounts[name], follows[name] + apart[name])
    only = [*apart.values(), amounts["arrears"], amounts["later_fees"]]
    done.update(figures=len(QUOTED), stated=sum(map(bool, only)))


def check_statement(plain: dict[str, Any], done: Counter[str]) -> None:
    """Check a statement: what fell due, what receipts paid of it, and what is owed."""
    day, end = plain["as_of"], plain.get("ended", plain["as_of"])
    before, after = both(plain, end, done)
    change = {
        kind: after.total(words, last=end) - before.total(words, last=end)
        for kind, words in FALLS_DUE.items()
    }
    paid = receipts(plain, done)
    owed, late, rows = Counter[str](), Counter[str](), Counter[int]()
    for index, each in enumerate(plain["dues"], 1):
        at, mine = f"dues[{index - 1}]", paid[index]
        due = read(at, each, DUE)
        if sum(key in due for key in ("row", "ended", "charged")) != 1:
            refuse(at, "is not from one of a row, the end of the schedule, and a charge")
        stated = [sums(f"{at}.{name}", KINDS, due.get(name, {})) for name in ("apart", "waived")]
        asked, left = Counter(stated[0]), sums(f"{at}.open", KINDS, due["open"])
        if "row" in due:
            if not 1 <= due["row"] <= len(before.rows):
                refuse(f"{at}.row", "is not one of the rows")
            row = before.rows[due["row"] - 1]
            same(f"{at}.date", due["date"], row["date"])
            asked.update({kind: signed(FALLS_DUE[kind], row["amounts"]) for kind in KINDS})
        elif "ended" in due:
            same(f"{at}.date", due["date"], end)
            asked.update(change)
        if due.get("ended", "balance") not in ("balance", "settlement"):
            refuse(f"{at}.ended", "is not known")
        rows[due.get("row", 0 if "ended" in due else -1)] += 1
        follows = Counter(asked)
        follows.subtract(stated[1])
        for k, figure in enumerate(due["figures"]):
            name, value = penalty(f"{at}.figures[{k}]", figure, before, asked, mine)
            follows[name] += value
        for kind, _, amount in mine:
            follows[kind] -= amount
        for kind in KINDS:
            same(f"{at}.open.{kind}", left[kind], follows[kind])
        owed.update(left)
        if due["date"] < day and due.get("set_apart", "no") != "yes":
            late.update(left)
        done["figures"] += 1
        done["stated"] += sum(map(bool, [*stated[0].values(), *stated[1].values()]))
    others, prepaid = Counter[str](), [on for kind, on, _ in paid[0] if kind == "prepaid"]
    for kind, _, amount in paid[0]:
        others[kind] += amount
    for place, row in enumerate(before.rows, 1):
        fell_due = row["date"] <= end and row["date"] not in prepaid and row["amounts"]["payment"]
        if rows[place] > 1 or (fell_due and not rows[place]):
            refuse(f"before.rows[{place - 1}]", "is not once among what fell due")
    same("dues: those of the end", rows[0], int("ended" in plain and "after" in plain))
    apart = sums("apart", KINDS, plain["apart"])
    undue = Counter(apart)
    undue.update({} if "ended" in plain else change)
    for name, follows in {"due": owed, "arrears": late, "undue": undue}.items():
        for kind, amount in sums(name, KINDS, plain[name]).items():
            same(f"{name}.{kind}", amount, follows[kind])
    for name in ("refunded", "held"):
        same(name, plain[name], others[name])
    payoff = sum(owed.values()) + sum(undue.values()) - others["held"]
    same("payoff", plain["payoff"], payoff)
    done.update(figures=4, stated=sum(map(bool, apart.values())))


def receipts(plain: dict[str, Any], done: Counter[str]) -> list[list[tuple[str, date, int]]]:
    """Check that the parts of each receipt come to it; return them for each of what fell due."""
    paid: list[list[tuple[str, date, int]]] = [[] for _ in [0, *plain["dues"]]]  # 0: for none
    last = date.min
    for index, each in enumerate(plain["receipts"]):
        at = f"receipts[{index}]"
        receipt, total = read(at, each, RECEIPT), 0
        if not last < receipt["date"] <= plain["as_of"]:
            refuse(f"{at}.date", "is out of order")
        last = receipt["date"]
        for k, one_of in enumerate(receipt["parts"]):
            part = read(f"{at}.parts[{k}]", one_of, PAYOUT)
            if "due" in part and not 1 <= part["due"] < len(paid):
                refuse(f"{at}.parts[{k}].due", "is not one of what fell due")
            if part["of"] not in (KINDS if "due" in part else ("prepaid", "held", "refunded")):
                refuse(f"{at}.parts[{k}].of", "is not known")
            paid[part.get("due", 0)].append((part["of"], last, part["amount"]))
            total += part["amount"]
        same(f"{at}.amount", receipt["amount"], total)
        done["stated"] += 1
    return paid


def penalty(
    at: str, plain: Any, plan: ScheduleCheck, asked: Counter[str], paid: list[Any]
) -> tuple[str, int]:
    """Check what accrued on what fell due: on the open part of it, and rounded once."""
    figure = read(at, plain, INTEREST)
    if figure["figure"] not in KINDS or {"before", "share"} & figure.keys():
        refuse(f"{at}.figure", "is not known, or has what a penalty has not")
    total = Fraction(0)
    for k, each in enumerate(figure["segments"]):
        segment, left = read(f"{at}.segments[{k}]", each, PENALTY), Counter(asked)
        days = (segment["end"] - segment["start"]).days
        same(f"{at}.segments[{k}].days", segment["days"], days)
        interest = segment["base"] * segment["rate"] * segment["share"]
        same(f"{at}.segments[{k}].interest", segment["interest"], interest)
        for kind, on, amount in paid:
            left[kind] -= amount * (on <= segment["start"])
        if "on" in segment:
            if segment["on"] not in BASES:
                refuse(f"{at}.segments[{k}].on", "is not known")
            base = sum(max(0, left[kind]) for kind in BASES[segment["on"]])
            same(f"{at}.segments[{k}].base", segment["base"], base)
        plan.done["stated"] += "on" not in segment
        total += interest
    same(f"{at}.unrounded", figure["unrounded"], total)
    value = rounded(at, total, figure["rounding"], plan.level[:1]) - figure.get("charged", 0)
    same(f"{at}.value", figure["value"], value)
    plan.done["figures"] += 1
    return figure["figure"], value


def check_agreement(plain: dict[str, Any], done: Counter[str]) -> None:
    """Check an agreement: its payments are those of rows, and its schedules those it names."""
    on, total = plain["on"], 0
    before, after = both(plain, on, done)
    named = read("certificates", plain["certificates"], "before:text? after:text")
    same("certificates", named.keys(), {"before", "after"} & plain.keys())
    for name, digest in named.items():
        whole = {"format": FORMAT, "version": VERSION, "of": "schedule", **plain[name]}
        same(f"certificates.{name}", digest, sha256(canonical(whole).encode()).hexdigest())
    rows = [row for row in after.rows if row["accrued_to"] > on or on <= after.days[0]]
    due = [(row["date"], row["amounts"]["payment"]) for row in rows]
    if len(plain["payments"]) > len(due):  # what is agreed for the day, besides what is due on it
        due[:0] = [(on, after.total("payment", on, on) - before.total("payment", on, on))]
    same("payments", len(plain["payments"]), len(due))
    for index, each in enumerate(plain["payments"]):
        payment = read(f"payments[{index}]", each, PAYMENT)
        same(f"payments[{index}].date", payment["date"], due[index][0])
        follows = due[index][1] + payment.get("apart", 0)
        same(f"payments[{index}].amount", payment["amount"], follows)
        total += follows
        done.update(figures=1, stated="apart" in payment)
    same("total", plain["total"], total)


def check_apr(plain: dict[str, Any], done: Counter[str]) -> None:
    """Check a rate: half a unit of its last digit to either side, flows come to two signs."""
    flows = [read(f"flows[{k}]", flow, FLOW) for k, flow in enumerate(plain["flows"])]
    same("flows", days := [flow["date"] for flow in flows], sorted(set(days)))
    if "schedule" in plain:
        form = read("schedule", plain["schedule"], SCHEDULE)
        schedule, total = ScheduleCheck(form, done, "schedule.").check(), 0
        for k, flow in enumerate(flows):
            due = schedule.total("payment - advanced", flow["date"], flow["date"])
            due -= schedule.lent * (flow["date"] == schedule.days[0])
            same(f"flows[{k}].amount", flow["amount"], due + flow.get("apart", 0))
            total += due
        same("flows: sum", total, schedule.total("payment - advanced") - schedule.lent)
    if not fullmatch("-?[0-9]{1,99}([.][0-9]{1,99})?", plain["apr"]):
        refuse("apr", "is not a decimal, such as 0.126826309005")
    rate, signs = Fraction(plain["apr"]), []
    unit = Fraction(1, 10 ** len(plain["apr"].partition(".")[2]))
    if unit * 10**10 > max(abs(rate), Fraction(1, 100)):
        refuse("apr", "has less than ten digits")
    wide = Context(120, "ROUND_HALF_EVEN", -999_999, 999_999, 1, 0, [], [])
    for periodic in ((rate + half) / plain["per_year"] for half in (-unit / 2, unit / 2)):
        worth = 0  # each flow to 60 decimals, cut off: so the sum is off by less than their number
        log = wide.ln(wide.divide(periodic.numerator + periodic.denominator, periodic.denominator))
        for flow in flows:
            time = flow["time"]  # which compounds, and a part of a period does not
            power = wide.multiply(wide.divide(time.numerator, time.denominator), log)
            growth = Fraction(wide.exp(power)) * (1 + flow.get("part", 0) * periodic)
            worth += int(flow["amount"] * 10**60 / growth)
        signs.append((worth > len(flows)) - (worth < -len(flows)))
    if sorted(signs) != [-1, 1]:
        refuse("apr", "is not a rate at which the flows come to 0")
    shown = read("shown", plain["shown"], SHOWN)
    exact = rate * 10 ** min(99, shown["decimals"] + 2) / shown["unit"]
    value = shown["unit"] * rounded("shown", exact, shown["rounding"], [shown["rounding"]])
    same("shown.value", shown["value"], value)
    done.update(figures=2, stated=len(flows))


#: The kinds of certificate: the form of each, and its check.
CHECKS: dict[str, tuple[str, Callable[[dict[str, Any], Counter[str]], Any]]] = {
    "schedule": (SCHEDULE, lambda plain, done: ScheduleCheck(plain, done).check()),
    "quote": (QUOTE, check_quote),
    "statement": (STATEMENT, check_statement),
    "agreement": (AGREEMENT, check_agreement),
    "apr": (APR, check_apr),
}


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; a key that stands twice is one that is not known."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        found[f"{key} (twice)" if key in found else key] = value
    return found


def check(content: bytes, done: Counter[str]) -> str:
    """Check a certificate, or raise `RefusedError`; return its hash."""
    if len(content) > LARGEST:
        refuse("file", f"is larger than {LARGEST:,} bytes")
    try:
        number = partial(refuse, "a number with a decimal point")
        plain = json.loads(
            content.decode(), object_pairs_hook=unique, parse_float=number, parse_constant=number
        )
        text = canonical({key: value for key, value in plain.items() if key != "sha256"})
        known = plain.get("format"), plain.get("version")
        same("format and version", known, (FORMAT, VERSION))
        of = one("certificate.of", "text", plain.get("of"))
        if of not in CHECKS:
            same("of", of, "schedule")
        form, check_kind = CHECKS[of]
        whole = read("certificate", plain, f"{HEAD} {form} {HASH}")
        inside = [
            each["terms"]
            for each in [whole, *whole.values()]
            if isinstance(each, dict) and "terms" in each
        ]
        if ' (twice)":' in canonical(inside):
            refuse("terms", "have a key that stands twice")
        check_kind(whole, done)
        if whole["sha256"] != sha256(text.encode()).hexdigest():
            refuse("sha256", "is not that of what is written")
    except RefusedError:
        raise
    except Exception as error:  # whatever it is, this checker does not understand it
        refuse(f"after row {done['rows']}", f"not understood, {type(error).__name__} {error}"[:200])
    return str(whole["sha256"])


def canonical(plain: Any) -> str:
    """Return JSON with sorted keys and without spaces, of which the hash is taken."""
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


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

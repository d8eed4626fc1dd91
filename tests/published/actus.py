"""The terms of an ACTUS contract as a loan with its changes, and its events as published there.

A thin adapter for the contract types PAM, LAM, NAM and ANN, over public names only. It maps
conventions: cycles, stubs, business days, day counts, resets of the rate, what bears interest,
capitalisation, purchase and termination. A term that it does not know is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import groupby
from math import ceil
from typing import Any, NamedTuple

import repaylib as rp

__all__ = ["Contract", "Event", "moment"]

DAY = timedelta(days=1)
NIL = Decimal(0)

METHODS: dict[str, Any] = {
    "PAM": "interest_only",
    "LAM": "equal_principal",
    "NAM": "level",
    "ANN": "level",
}
DAY_COUNTS: dict[str, Any] = {
    "AA": "actual/actual ISDA",
    "A360": "actual/360",
    "A365": "actual/365",
    "30E360": "30E/360",
    "30E360ISDA": "30E/360 ISDA",
    "B252": "business/252",
}
ROLLS: dict[str, Any] = {
    "F": "following",
    "MF": "modified_following",
    "P": "preceding",
    "MP": "modified_preceding",
}
UNITS = {
    "D": (1, "days"),
    "W": (1, "weeks"),
    "M": (1, "months"),
    "Q": (3, "months"),
    "H": (6, "months"),
    "Y": (12, "months"),
}
#: What happens first on one day.
ORDER = ("PRD", "IED", "PR", "IP", "IPCI", "MD", "RR", "RRF", "PRF", "IPCB", "TD")

#: Terms that change no figure of these contracts, or are read with another one.
SILENT = {"contractDealDate", "contractID", "currency", "fixingDays", "priceAtPurchaseDate"}
SILENT |= {"marketObjectCodeOfRateReset", "priceAtTerminationDate"}


class Event(NamedTuple):
    """One event: day, kind, what is paid, and the state after it."""

    day: date
    kind: str
    payoff: Decimal
    notional: Decimal
    accrued: Decimal
    rate: Fraction


def moment(text: str) -> date:
    """Read a point in time as the day from which it counts: the last second of a day is the next.

    Examples
    --------
    >>> moment("2013-12-31T00:00:00"), moment("2013-12-31T23:59:59")
    (datetime.date(2013, 12, 31), datetime.date(2014, 1, 1))
    """
    day = date.fromisoformat(text[:10])
    return day + DAY if text[11:] in ("23:59:59", "24:00:00") else day


@dataclass(frozen=True)
class Contract:
    """A contract: its terms, and what was observed of the indices it names."""

    terms: Mapping[str, str]
    observed: Mapping[str, Iterable[tuple[str, str]]]

    def __post_init__(self) -> None:
        if unknown := set(self.terms) - SILENT - KNOWN:
            raise ValueError(", ".join(sorted(unknown)))

    # -- reading --------------------------------------------------------------------

    def text(self, name: str) -> str | None:
        found = str(self.terms.get(name, "")).strip()
        return found or None

    def day(self, name: str) -> date | None:
        text = self.text(name)
        return None if text is None else moment(text)

    def number(self, name: str, default: str = "0") -> Decimal:
        return Decimal(self.text(name) or default)

    @cached_property
    def kind(self) -> str:
        return self.text("contractType") or ""

    @cached_property
    def principal(self) -> Decimal:
        return self.number("notionalPrincipal")

    @cached_property
    def payment(self) -> Decimal | None:
        """The next payment: of principal for LAM, of both for NAM and ANN."""
        given = self.text("nextPrincipalRedemptionPayment")
        return None if given is None or self.kind == "PAM" else Decimal(given)

    @property
    def instalment(self) -> Decimal | None:
        """The payment; for LAM without one, equal parts on the days that pay principal."""
        if self.kind == "LAM" and self.payment is None:
            parts = self.principal / (len(self.principal_days) + 1)
            return parts.quantize(Decimal("1E-12"))
        return self.payment

    @cached_property
    def lent(self) -> date:
        day = self.day("initialExchangeDate")
        assert day is not None, "a contract has an initialExchangeDate"
        return day

    @cached_property
    def start(self) -> date:
        """From when interest runs; of a contract that is under way, from its status date.

        Where it has paid interest before, and does not say what has accrued since, from then.
        """
        status = self.day("statusDate")
        if status is None or status <= self.lent:
            return self.lent
        if self.text("accruedInterest") is None:
            before = [day for day in self.cycle("InterestPayment") if day < status]
            return max(before, default=status)
        if self.number("accruedInterest"):
            raise ValueError("accruedInterest other than 0")
        return status

    @cached_property
    def business(self) -> dict[str, Any]:
        """Business days, in the words of a loan."""
        word = self.text("businessDayConvention") or "NOS"
        if word in ("NOS", "NULL") or (self.text("calendar") or "NC") == "NC":
            return {}
        if self.text("calendar") != "MF":
            raise ValueError(f"calendar {self.text('calendar')}")
        return {"calendar": rp.Calendar("1111100"), "roll": ROLLS[word[2:]]}

    @cached_property
    def shifted(self) -> bool:
        """Whether a day is rolled first, and what it brings calculated for the rolled day."""
        return bool(self.business) and (self.text("businessDayConvention") or "").startswith("SC")

    def rolled(self, days: Iterable[date]) -> list[date]:
        """Return the business days of days in order, each once."""
        agreed = sorted(days)
        if not self.business or not agreed:
            return agreed
        before = agreed[0] - DAY
        loan = rp.Loan(
            "1", "0%", start=before, every=agreed, method="interest_only", **self.business
        )
        return sorted({row.date for row in rp.amortise(loan)})

    def counted(self, days: Iterable[date]) -> list[date]:
        """Return the days from which something counts."""
        return self.rolled(days) if self.shifted else sorted(days)

    # -- cycles ---------------------------------------------------------------------

    def cycle(self, name: str) -> list[date]:
        """Return the days of a cycle from its anchor up to maturity, both with it.

        Without an anchor it begins one time after the start. The mark at its end says whether a
        last period that is no whole one is short (1) or joined to the one before it (0).
        """
        text, ends = self.text(f"cycleOf{name}"), self.maturity
        anchor = self.anchor(name)
        if anchor is None or anchor >= ends:
            return [ends]
        if text is None:
            return [anchor, ends]
        short = text.endswith("L1")
        # The last second of a day is no day of a cycle.
        days = self.steps(
            name,
            anchor,
            maturity=ends - DAY if self.late else ends,
            stub="short_final" if short else "long_final",
        )
        return [*days[:-1], ends]

    def anchor(self, name: str) -> date | None:
        """Return the first day of a cycle."""
        given = self.day(f"cycleAnchorDateOf{name}")
        if given is None and self.text(f"cycleOf{name}") is not None:
            return self.steps(name, self.lent, payments=1)[1]
        return given

    def steps(self, name: str, anchor: date, **until: Any) -> list[date]:
        """Return the days at the pace of a cycle, from an anchor on."""
        times = (self.text(f"cycleOf{name}") or "").removeprefix("P").partition("L")[0]
        factor, unit = UNITS[times[-1]]
        loan = rp.Loan(
            "1",
            "0%",
            start=anchor,
            every=f"{int(times[:-1]) * factor} {unit}",
            month_end=unit == "months" and self.text("endOfMonthConvention") == "EOM",
            method="interest_only",
            **until,
        )
        return [anchor, *(row.date for row in rp.amortise(loan))]

    def inside(self, name: str) -> list[date]:
        """Return the days of a cycle before maturity; none if it is not agreed."""
        if self.text(f"cycleAnchorDateOf{name}") is None and self.text(f"cycleOf{name}") is None:
            return []
        return self.cycle(name)[:-1]

    @cached_property
    def late(self) -> bool:
        """Whether maturity is the last second of a day, and so counts as the next."""
        text = self.text("maturityDate") or self.text("amortizationDate") or ""
        return bool(text) and moment(text) != date.fromisoformat(text[:10])

    @cached_property
    def maturity(self) -> date:
        """The end; if not agreed, when the payments will have repaid what is owed.

        ACTUS counts them with what each leaves after the interest of one period on all of it.
        """
        given = self.day("maturityDate") or self.day("amortizationDate")
        if given is not None:
            return given
        net, cycle = self.payment, "PrincipalRedemption"
        anchor = self.anchor(cycle)
        assert net is not None, "without an end there is a payment"
        assert anchor is not None, "without an end there is a cycle"
        if self.kind != "LAM":
            once = rp.Loan(
                self.principal,
                self.nominal,
                start=anchor,
                every=self.steps(cycle, anchor, payments=1)[1:],
                day_count=self.day_count,
                decimals=12,
            )
            net -= rp.amortise(once)[0].interest
        left = ceil(self.principal / net) - 1
        return self.steps(cycle, anchor, payments=left)[-1] if left else anchor

    # -- the loan -------------------------------------------------------------------

    @cached_property
    def day_count(self) -> Any:
        return DAY_COUNTS[self.text("dayCountConvention") or ""]

    @cached_property
    def capitalised(self) -> list[date]:
        """The days on which interest joins the principal: those of its cycle, and the last one."""
        end = self.day("capitalizationEndDate")
        if end is None:
            return []
        return self.counted({*(day for day in self.cycle("InterestPayment") if day < end), end})

    @cached_property
    def interest_days(self) -> list[date]:
        """The days on which interest is paid; for NAM and ANN those of principal too."""
        days = {*self.cycle("InterestPayment"), self.maturity}
        if self.kind in ("NAM", "ANN"):
            days |= {*self.inside("PrincipalRedemption")}
        last = self.day("capitalizationEndDate")
        return self.counted(day for day in days if last is None or day > last)

    @cached_property
    def principal_days(self) -> list[date]:
        return [] if self.kind == "PAM" else self.counted(self.inside("PrincipalRedemption"))

    @cached_property
    def end(self) -> date:
        return self.counted([self.maturity])[0]

    @cached_property
    def due(self) -> list[date]:
        """The due dates of the loan, as agreed."""
        days = {*self.capitalised, *self.interest_days, *self.principal_days, self.end}
        first = self.start - DAY if self.in_advance else self.start
        return sorted(day for day in days if day > first)

    @cached_property
    def in_advance(self) -> bool:
        return self.start == self.lent and self.lent in self.principal_days

    @cached_property
    def resets(self) -> list[date]:
        return [day for day in self.counted(self.inside("RateReset")) if day > self.start]

    @cached_property
    def nominal(self) -> rp.Rate:
        return rp.Rate(Fraction(self.number("nominalInterestRate")))

    @property
    def rate(self) -> Any:
        """The rate: on its index; by steps where its resets do not follow one above nil."""
        first = self.nominal
        if not self.resets:
            return first
        hold: Any = "maturity" if self.kind == "ANN" else "last"
        index = self.observed.get(self.text("marketObjectCodeOfRateReset") or "", ())
        fixings = sorted((moment(day), Decimal(value)) for day, value in index)
        margin, times = self.number("rateSpread"), self.number("rateMultiplier", "1")
        values = {
            day: times * max(each for each in fixings if each[0] <= day)[1] + margin
            for day in self.resets
            if day >= fixings[0][0]
        }
        agreed = self.text("nextResetRate")
        if agreed is None and first.value >= 0 and min(values.values()) >= 0:
            limits: dict[str, Any] = {
                word: self.number(name)
                for name, word in LIMITS.items()
                if self.text(name) is not None
            }
            return rp.indexed(
                fixings,
                margin=margin,
                multiplier=times,
                resets=self.resets,
                initial=first,
                hold=hold,
                **limits,
            )
        if any(self.text(name) is not None for name in LIMITS):
            raise ValueError("limits of a rate below 0, or after one that was agreed")
        if agreed is not None:
            values[self.resets[0]] = Decimal(agreed)
        steps = {day: rp.Rate(Fraction(value)) for day, value in values.items()}
        return rp.steps(first, steps, hold)

    @property
    def base(self) -> Any:
        word = self.text("interestCalculationBase") or "NT"
        amount = self.text("interestCalculationBaseAmount")
        if word != "NT" and amount is not None and Decimal(amount) != self.principal:
            return Decimal(amount)
        if word == "NTIED":
            return "original"
        return self.bases or "balance"

    @cached_property
    def bases(self) -> list[date]:
        if self.text("interestCalculationBase") != "NTL":
            return []
        days = self.counted(self.inside("InterestCalculationBase"))
        return [day for day in days if day > self.start]

    @property
    def fees(self) -> list[rp.Fee]:
        """A discount is kept back; a premium is a matter between lender and seller."""
        discount = -self.number("premiumDiscountAtIED")
        return [rp.Fee(discount, collected="deducted")] if discount > 0 else []

    @cached_property
    def loan(self) -> rp.Loan:
        return rp.Loan(
            self.principal,
            self.rate,
            start=self.start,
            every=self.due,
            in_advance=self.in_advance,
            method=METHODS[self.kind],
            instalment=self.instalment,
            interest_base=self.base,
            fees=self.fees,
            day_count=self.day_count,
            decimals=12,
            negative_amortisation=True,
            **({} if self.shifted else self.business),
        )

    @property
    def gaps(self) -> Iterator[tuple[list[int], Any, Any]]:
        """Yield the numbers of due dates that do not pay all: what they defer, and to when."""
        marks = []
        for number, day in enumerate(self.due[:-1], 1):
            principal = self.kind == "PAM" or day in self.principal_days
            gap = "capitalise" if day in self.capitalised else "next"
            marks.append((number, (principal, day in self.interest_days, gap)))
        for (principal, interest, gap), run in groupby(marks, key=lambda each: each[1]):
            if not (principal and interest):
                pause = "interest" if principal else "principal" if interest else "all"
                yield [number for number, _ in run], pause, gap

    @cached_property
    def plan(self) -> rp.Schedule:
        plan = rp.amortise(self.loan)
        hold: Any = "maturity" if self.kind == "ANN" and self.payment is None else "last"
        for numbers, pause, gap in self.gaps:
            if numbers[0] <= plan[-1].number:  # else all is repaid before
                plan = rp.defer(plan, numbers[0], len(numbers), pause=pause, repay=gap, hold=hold)
        return plan

    # -- the events -----------------------------------------------------------------

    def happens(self, day: date) -> date:
        """Return the business day on which something happens that was agreed for `day`."""
        return self.rolled([day])[0]

    def state(self, day: date) -> tuple[Decimal, Decimal]:
        """Return the principal and the interest owed at the end of a day."""
        if day >= self.plan.maturity:
            return NIL, NIL
        quote = rp.settle(self.plan, on=day)
        return quote.principal, quote.interest + quote.deferred_interest

    def rate_on(self, day: date) -> Fraction:
        return self.plan.loan.rate_on(max(day, self.start)).value

    def event(self, day: date, kind: str, payoff: Decimal = NIL) -> Event:
        """Return an event agreed for a day, after all that falls due on it."""
        return Event(self.happens(day), kind, payoff, *self.state(day), self.rate_on(day))

    def begins(self) -> Iterator[Event]:
        """Yield what happens on the first day."""
        day, rate = self.start, self.rate_on(self.start)
        if day != self.lent:
            return
        paid = self.principal + self.number("premiumDiscountAtIED")
        yield Event(day, "IED", -paid, self.principal, NIL, rate)
        if not self.in_advance and day in self.interest_days:
            yield Event(day, "IP", NIL, self.principal, NIL, rate)
        if day in self.capitalised:
            yield Event(day, "IPCI", NIL, self.principal, NIL, rate)

    def falls_due(self) -> Iterator[Event]:
        """Yield the payments of principal and interest, those of nil after the last one too."""
        rows = {row.number: row for row in self.plan if row.number}
        for number, agreed in enumerate(self.due, 1):
            row = rows.get(number)
            day = self.happens(agreed) if row is None else row.date
            rate = self.rate_on(day - DAY)
            opening = principal = interest = owed = left = NIL
            joins = agreed in self.capitalised
            if row is not None:
                short = NIL if joins else row.capitalised
                opening, principal = row.opening, row.principal - short
                interest = row.interest + row.deferred_interest + short
                left = row.closing
                owed = row.deferred if agreed not in self.interest_days else interest
            if agreed == self.end:
                yield Event(day, "IP", interest, opening, NIL, rate)
                yield Event(day, "MD", principal, left, NIL, rate)
                continue
            if agreed in self.principal_days:
                yield Event(day, "PR", principal, opening - principal, owed, rate)
            if joins:
                yield Event(day, "IPCI", NIL, left, NIL, rate)
            if agreed in self.interest_days:
                yield Event(day, "IP", interest, left, NIL, rate)

    def changes_rate(self) -> Iterator[Event]:
        """Yield the resets, the payments fixed with them, and the days that set what bears interest."""
        for number, day in enumerate(self.resets):
            agreed = number == 0 and self.text("nextResetRate") is not None
            yield self.event(day, "RRF" if agreed else "RR")
            if self.kind == "ANN":
                yield self.event(day, "PRF")
        if self.kind == "ANN" and self.payment is None:
            anchor = self.anchor("PrincipalRedemption")
            if anchor is not None and (day := anchor - DAY) > self.start:
                yield self.event(day, "PRF")._replace(day=day)
        for day in self.bases:
            yield self.event(day, "IPCB")

    def events(self, to: date | None = None) -> list[Event]:
        """Return the events up to a day, with the signs of the side that the contract names."""
        found = [*self.begins(), *self.falls_due(), *self.changes_rate()]
        sign = -1 if self.text("contractRole") == "RPL" else 1
        bought, ended = self.day("purchaseDate"), self.day("terminationDate")
        # The accrued interest of a sale has the sign of the side before the sum gets it again.
        if bought is not None:
            price = self.number("priceAtPurchaseDate") + sign * self.state(bought)[1]
            found = [each for each in found if each.day >= bought and each.kind != "IED"]
            found.append(self.event(bought, "PRD", -price))
        if ended is not None:
            price = self.number("priceAtTerminationDate") + sign * self.state(ended)[1]
            found = [each for each in found if each.day <= ended]
            found.append(Event(ended, "TD", price, NIL, NIL, self.rate_on(ended)))
        return [
            each._replace(
                payoff=sign * each.payoff,
                notional=sign * each.notional,
                accrued=sign * each.accrued,
            )
            for each in sorted(found, key=lambda each: (each.day, ORDER.index(each.kind)))
            if to is None or each.day <= to
        ]


LIMITS = {
    "lifeCap": "cap",
    "lifeFloor": "floor",
    "periodCap": "periodic_cap",
    "periodFloor": "periodic_floor",
}
_CYCLES = ("InterestPayment", "PrincipalRedemption", "RateReset", "InterestCalculationBase")
KNOWN = {
    *LIMITS,
    *(f"cycleAnchorDateOf{name}" for name in _CYCLES),
    *(f"cycleOf{name}" for name in _CYCLES),
    *("accruedInterest", "amortizationDate", "businessDayConvention", "calendar"),
    *("capitalizationEndDate", "contractRole", "contractType", "dayCountConvention"),
    *("endOfMonthConvention", "initialExchangeDate", "interestCalculationBase"),
    *("interestCalculationBaseAmount", "maturityDate", "nextPrincipalRedemptionPayment"),
    *("nextResetRate", "nominalInterestRate", "notionalPrincipal", "premiumDiscountAtIED"),
    *("purchaseDate", "rateMultiplier", "rateSpread", "statusDate", "terminationDate"),
}

"""Arrangements: a chain of agreements on one debt, and whether they were kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast, get_args

from repaylib.arrears.balances import Balances
from repaylib.arrears.breach import (
    Breach,
    BreachOutcome,
    BreachWarning,
    consequences_of,
    first_breach,
    outcome_of,
    warning_of,
)
from repaylib.arrears.events import AccountEvent, Charge, Receipt, Reversal, parse_events
from repaylib.arrears.statements import Statement, statement
from repaylib.dates.days import LATEST_DAY, parse_date
from repaylib.errors import DateError, Hint, Phrase, TermsError, check_word, parse_items, write
from repaylib.money.counts import parse_count
from repaylib.output.formats import Tabular
from repaylib.output.tables import Table, heads
from repaylib.schedule.rows import rows_in_money
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.serialization import Stored
from repaylib.typing import ArrangementState, Component, DateLike, Treatment
from repaylib.wording.sentence import Sentence, WordedText, lines_of

PARTS_OF_ARREARS: tuple[Component, ...] = ("principal", "interest", "penalty", "fee", "costs")
FOR_PRINCIPAL: tuple[Treatment, ...] = ("capitalise", "forgive", "apart")


@dataclass(frozen=True, slots=True)
class ArrangementRound:
    """One agreement of a chain. Amounts are in major units.

    Attributes
    ----------
    on
        The day from which it applies.
    agreed
        The day on which it was agreed; ``None`` while it is only proposed.
    before
        The statement on which it is based.
    arrears
        The treatment of every part of the arrears.
    schedule
        The new schedule.
    capitalised
        The arrears that joined the principal, without overdue principal.
    carried
        The arrears that are paid in instalments beside it, and accrue nothing.
    forgiven
        What was forgiven.
    apart
        The amounts that stay owed outside the schedule.
    breach
        When it counts as breached, and what follows; ``None`` if nothing was agreed.
    options
        The options of statements of the schedule: penalty, allocation, interest, rest.
    """

    on: date
    agreed: date | None
    before: Statement
    arrears: Mapping[Component, Treatment]
    schedule: Schedule
    capitalised: Decimal
    carried: Decimal
    forgiven: Balances
    apart: Balances
    breach: Breach | None
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Arrangement(Stored, Tabular):
    """A chain of agreements on one debt, the latest last; see :func:`~repaylib.renegotiate`.

    Attributes
    ----------
    rounds
        The agreements, with the statements on which they are based.
    """

    rounds: tuple[ArrangementRound, ...]

    @property
    def latest(self) -> ArrangementRound:
        """The agreement in force."""
        return self.rounds[-1]

    @property
    def schedule(self) -> Schedule:
        """The schedule of the latest agreement."""
        return self.latest.schedule

    def agree(self, on: DateLike | None = None) -> Arrangement:
        """Return the chain with its latest agreement agreed `on` a day, by default its own.

        Raises
        ------
        DateError
            If the day is after that from which it applies.
        """
        day = self.latest.on if on is None else parse_date(on, "on")
        if day > self.latest.on:
            raise DateError(
                "on",
                day.isoformat(),
                Phrase("a day up to {}, from which the agreement holds", self.latest.on),
                "renegotiate from a later day",
            )
        return Arrangement((*self.rounds[:-1], replace(self.latest, agreed=day)))

    # -- how it is kept ---------------------------------------------------------------

    def statement(self, receipts: Iterable[AccountEvent] = (), *, as_of: DateLike) -> Statement:
        """Return the statement of a day under the latest agreement.

        Once it is breached, what its terms reinstate is owed as well.

        Parameters
        ----------
        receipts
            The events since the agreement; events that the statement before it includes are ignored.
        as_of
            The day.

        Raises
        ------
        DateError
            If an event before the agreement is unknown to it, or the day is before it.
        """
        day = parse_date(as_of, "as_of", LATEST_DAY)
        return self._stands(self._events(receipts, day), day)

    def state(self, receipts: Iterable[AccountEvent] = (), *, as_of: DateLike) -> ArrangementState:
        """Return the state of the latest agreement on the day `as_of`, given all `receipts`.

        ``"proposed"`` until it is agreed; ``"agreed"`` until the first due date; then
        ``"performing"`` while it is kept, ``"broken"`` once it is breached, ``"cured"`` if
        nothing is overdue any more after that; ``"completed"`` when all is paid.
        """
        day = parse_date(as_of, "as_of", LATEST_DAY)
        latest = self.latest
        if latest.agreed is None or day < latest.agreed:
            return "proposed"
        if day < latest.on:
            return "agreed"
        events = self._events(receipts, day)
        stands = self._stands(events, day)
        if not stands.balances.total:
            return "completed"
        if self._broken_on(events, day) is not None:
            return "broken" if stands.days_past_due else "cured"
        dues = (row.date for row, _ in rows_in_money(latest.schedule) if row.payment)
        first = next(dues, latest.on)
        return "agreed" if day < first else "performing"

    def states(
        self, receipts: Iterable[AccountEvent] = (), *, as_of: DateLike
    ) -> tuple[ArrangementState, ...]:
        """Return the state of every agreement on the day `as_of`, given all `receipts`.

        All but the latest are ``"renegotiated"``.
        """
        earlier: list[ArrangementState] = ["renegotiated" for _ in self.rounds[1:]]
        return (*earlier, self.state(receipts, as_of=as_of))

    def broken_on(self, receipts: Iterable[AccountEvent] = (), *, as_of: DateLike) -> date | None:
        """Return the day on which the latest agreement was breached, or ``None``.

        It is that of the account on the day `as_of`, given all `receipts`.
        """
        day = parse_date(as_of, "as_of", LATEST_DAY)
        return self._broken_on(self._events(receipts, day), day)

    def breach_warning(
        self, receipts: Iterable[AccountEvent] = (), *, as_of: DateLike
    ) -> BreachWarning | None:
        """Return what keeps the latest agreement: by which day how much must be paid.

        It is the first breach if nothing more is paid, the day before it, and the least amount that
        prevents it on that day. ``None`` if nothing can break it any more, even if something is overdue.

        Parameters
        ----------
        receipts
            The events since the agreement.
        as_of
            The day.

        Raises
        ------
        TermsError
            If no rule for a breach was agreed, or the agreement is broken already.

        Examples
        --------
        >>> import repaylib as rp
        >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
        >>> owed = rp.statement(plan, as_of="2024-01-20")
        >>> new = rp.renegotiate(owed, payments=12, breach=rp.arrears.Breach(days=30))
        >>> print(new.breach_warning(as_of="2024-03-01"))
        pay 888.51 by 2024-03-10, or the agreement is broken on 2024-03-11
        """
        day = parse_date(as_of, "as_of", LATEST_DAY)
        breach, events = self._rule(), self._events(receipts, day)
        if (broken := self._broken_on(events, day)) is not None:
            expected = Phrase("a day before {}, on which the agreement is broken", broken)
            raise TermsError(
                "as_of", day.isoformat(), expected, "pay what is overdue, or renegotiate"
            )
        given = (*self._apart(), *events)
        return warning_of(self.schedule, breach, given, day, self.latest.options)

    def _rule(self) -> Breach:
        if self.latest.breach is None:
            hint = Phrase("write {}", "renegotiate(..., breach=rp.arrears.Breach(days=30))")
            raise TermsError("breach", None, "a rule for when it is broken", hint)
        return self.latest.breach

    def if_breached(self, after: int = 0) -> BreachOutcome:
        """Return the cost of a breach: some instalments are paid on their due dates, then none.

        Parameters
        ----------
        after
            The number of instalments that are paid.

        Raises
        ------
        TermsError
            If no rule for a breach was agreed.
        CountError
            If there are not enough instalments.
        """
        breach = self._rule()
        rows = [row for row, _ in rows_in_money(self.schedule) if row.payment]
        count = parse_count(after, "after", least=0, most=len(rows) - 1, example=2)
        receipts = tuple(Receipt(row.date, row.payment) for row in rows[:count])
        far = self.schedule.maturity + timedelta(days=(breach.days or 0) + 1)
        on = self._broken_on(receipts, far)
        if on is None:
            raise TermsError(
                "breach",
                Phrase("{}", breach),
                "a rule that missing all instalments breaks",
                Hint("write such as {}", days=30),
            )
        return outcome_of(
            count,
            on,
            receipts,
            owed=self._stands(receipts, on),
            kept=self._plain(receipts, on),
            without=self._old(receipts, on),
        )

    # -- inside -----------------------------------------------------------------------

    @property
    def known(self) -> list[AccountEvent]:
        """The events before the latest agreement, which its statement includes."""
        return [event for round_ in self.rounds for event in round_.before.events]

    def _events(self, receipts: Iterable[AccountEvent], day: date) -> tuple[AccountEvent, ...]:
        """Return the events since the agreement."""
        latest = self.latest
        if day < latest.on:
            raise DateError(
                "as_of",
                day.isoformat(),
                Phrase("a day from {}, that of the agreement", latest.on),
                Phrase('write statement(..., as_of="{}") for the debt before it', day),
            )
        known = self.known
        given = parse_items(
            receipts, "receipts", "a list of events", Phrase("write {}", "[rp.Receipt(...)]")
        )
        for event in given:
            if isinstance(event, Reversal) and any(_is(event, other) for other in known):
                raise TermsError(
                    "receipts",
                    WordedText(event),
                    Phrase(
                        "reversals of what was received since {}; the agreement counts on it",
                        latest.on,
                    ),
                    "take the statement before the agreement anew, and renegotiate",
                )
        kept: list[AccountEvent] = []
        for event in parse_events(self.rounds[0].before.terms.schedule.loan, given, day):
            if event in known:
                known.remove(event)
            elif event.on < latest.on:
                raise DateError(
                    "receipts",
                    WordedText(event),
                    Phrase(
                        "events from {} on, that of the agreement, or ones that it knows", latest.on
                    ),
                    "renegotiate with all that was received before it",
                )
            else:
                kept.append(event)
        return tuple(kept)

    def _stands(self, events: tuple[AccountEvent, ...], day: date) -> Statement:
        """Return the statement, given the events since the agreement."""
        broken = self._broken_on(events, day)
        if broken is None:
            return self._plain(events, day)
        breach = self.latest.breach
        assert breach is not None, "what is broken has a rule for it"
        if breach.reinstates == "old_terms":
            return self._old(events, day)
        latest = self.latest
        brought = consequences_of(breach, broken, latest.on, latest.schedule, latest.forgiven)
        return self._plain(events, day, brought)

    def _plain(
        self, events: tuple[AccountEvent, ...], day: date, besides: Iterable[AccountEvent] = ()
    ) -> Statement:
        """Return the statement of the new schedule, with the consequences of a breach."""
        latest = self.latest
        happened = [*self._apart(), *events, *besides]
        found = statement(latest.schedule, happened, as_of=day, **latest.options)
        return replace(found, events=events, arrangement=self)

    def _apart(self) -> list[Charge]:
        """Return the amounts that stay owed outside the schedule, as charges."""
        kinds: dict[str, Any] = {
            "principal": "principal",
            "interest": "interest",
            "fees": "fee",
            "penalty": "penalty",
            "costs": "costs",
        }
        return [
            Charge(self.latest.on, amount, kinds[name], name="kept apart", apart=True)
            for name in kinds
            if (amount := getattr(self.latest.apart, name))
        ]

    def _old(self, events: tuple[AccountEvent, ...], day: date) -> Statement:
        """Return the statement as if the agreement had not been made."""
        found = self.latest.before.later(day, *events)
        return replace(found, events=events, arrangement=self)

    def _broken_on(self, events: Iterable[AccountEvent], day: date) -> date | None:
        """Return the first day on which the agreement is breached."""
        breach = self.latest.breach
        if breach is None:
            return None
        given = (*self._apart(), *events)
        return first_breach(self.schedule, breach, given, day, self.latest.options)

    def _rows(self) -> list[list[object]]:
        return [
            [
                str(number),
                str(round_.on),
                Sentence("proposed") if round_.agreed is None else str(round_.agreed),
                f"{round_.before.payoff:,f}",
                f"{round_.schedule.loan.principal:,f}",
                f"{round_.forgiven.total:,f}",
                f"{round_.schedule.instalment:,f}",
                str(round_.schedule.maturity),
            ]
            for number, round_ in enumerate(self.rounds, 1)
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return the agreements, with what they follow from, as a dictionary that JSON takes."""
        from repaylib.arrears.output.storage import arrangement_to_plain

        return arrangement_to_plain(self)

    @classmethod
    def _read(cls, plain: object) -> Arrangement:
        from repaylib.arrears.output.storage import arrangement_from_plain

        return arrangement_from_plain(plain)

    def _table(self) -> Table:
        terms, breach = self.schedule.agreed_terms, self.latest.breach
        below = ["", terms, *([] if breach is None else ["", breach])]
        caption = lines_of(Sentence("agreements"), terms)
        return Table(HEADER, self._rows(), None, 3, caption, below=below)

    def _data(self) -> dict[str, list[Any]]:
        """Return a line for each agreement."""
        rounds = self.rounds
        return {
            "number": list(range(1, len(rounds) + 1)),
            "on": [each.on for each in rounds],
            "agreed": [each.agreed for each in rounds],
            "owed": [each.before.payoff for each in rounds],
            "principal": [each.schedule.loan.principal for each in rounds],
            "forgiven": [each.forgiven.total for each in rounds],
            "instalment": [each.schedule.instalment for each in rounds],
            "maturity": [each.schedule.maturity for each in rounds],
        }


def parse_treatment(given: object) -> dict[Component, Treatment]:
    """Read the treatment of arrears: one for all parts, or one by part.

    Examples
    --------
    >>> parse_treatment({"penalty": "forgive"})["penalty"], parse_treatment("spread")["principal"]
    ('forgive', 'capitalise')
    """
    treatment: dict[Component, Treatment] = dict.fromkeys(PARTS_OF_ARREARS, "capitalise")
    if isinstance(given, str):
        word: Treatment = check_word("arrears", given, get_args(Treatment))
        treatment = dict.fromkeys(PARTS_OF_ARREARS, word)
        if word not in FOR_PRINCIPAL:
            treatment["principal"] = "capitalise"
        return treatment
    if not isinstance(given, Mapping):
        hint = write(arrears={"interest": "spread", "penalty": "forgive"})
        raise TermsError("arrears", given, "a word, or a word by part", hint)
    for part, word in given.items():
        name: Component = check_word("arrears", part, PARTS_OF_ARREARS)
        allowed = FOR_PRINCIPAL if name == "principal" else get_args(Treatment)
        treatment[name] = cast("Treatment", check_word(f"arrears[{name}]", word, allowed))
    return treatment


def _is(event: Reversal, receipt: AccountEvent) -> bool:
    """Whether a reversal reverses this receipt."""
    return isinstance(receipt, Receipt) and event.of in (receipt, receipt.id)


HEADER = heads(
    ["no", "from", "agreed", "owed", "principal", "forgiven_in_all", "instalment", "end"]
)

"""All the ways to read one deferral, as schedules by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from repaylib.errors import RepayError
from repaylib.measures.break_even import Divergence
from repaylib.money.amounts import show
from repaylib.output.formats import Tabular
from repaylib.output.frozen import Frozen
from repaylib.output.tables import Named, Table
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.verbs import as_schedule, defer
from repaylib.terms.loan import Loan
from repaylib.typing import DateLike

__all__ = ["READINGS", "Readings", "readings"]

#: The ways to read "defer by one month", and the options of each.
READINGS: dict[str, dict[str, Any]] = {
    "interest-free": {"interest": "waive"},
    "one payment moved, interest on principal": {"scope": "instalment", "base": "principal"},
    "one payment moved, interest on all": {"scope": "instalment"},
    "capitalised, same end": {"repay": "capitalise", "hold": "maturity"},
    "interest paid on the skipped date": {"repay": "now"},
    "interest paid with the next instalment": {"repay": "next"},
    "interest spread evenly": {"repay": "spread"},
    "interest paid with the last payment": {"repay": "last"},
    "capitalised, payment recalculated": {"repay": "capitalise"},
    "capitalised, same payment": {"repay": "capitalise", "hold": "payment"},
}


class Readings(Frozen, Tabular, Named[str, Schedule]):
    """The readings of one deferral: schedules by name; prints as a table.

    Attributes
    ----------
    before
        The schedule that is deferred.
    refused
        Readings that this schedule does not allow, with the reason.
    """

    before: Schedule
    refused: dict[str, RepayError]
    _plans: dict[str, Schedule]
    _divergence: Divergence

    def __init__(
        self,
        before: Schedule,
        plans: Mapping[str, Schedule],
        refused: Mapping[str, RepayError],
        divergence: Divergence,
    ) -> None:
        self._store(
            before=before, refused=dict(refused), _plans=dict(plans), _divergence=divergence
        )

    def __getitem__(self, name: str) -> Schedule:
        if name not in self._plans:
            raise KeyError(f"{name}; there are {', '.join(self._plans)}")
        return self._plans[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._plans)

    def __len__(self) -> int:
        return len(self._plans)

    def _table(self) -> Table:
        header = ["reading", "left", "end", "total", "extra", "largest"]
        decimals = self.before.loan.decimals
        base = self._divergence.total(self.before)
        rows = []
        for name, plan in self._plans.items():
            paid = [amount for _, amount in self._divergence.paid(plan)]
            rows.append(
                [
                    name,
                    str(len(paid)),
                    str(plan.maturity),
                    show(sum(paid), decimals),
                    show(sum(paid) - base, decimals),
                    show(max(paid), decimals),
                ]
            )
        below = [f"not possible here: {name}: {error}" for name, error in self.refused.items()]
        return Table(header, rows, caption="ways to read the deferral", below=below)

    def _data(self) -> dict[str, list[Any]]:
        """Return the readings, one a line; amounts and days of what is left to pay."""
        money = self.before.loan.money
        base = self._divergence.total(self.before)
        paid = [[amount for _, amount in self._divergence.paid(plan)] for plan in self.values()]
        return {
            "name": list(self),
            "payments": [len(amounts) for amounts in paid],
            "maturity": [plan.maturity for plan in self.values()],
            "still_to_pay": [money(sum(amounts)) for amounts in paid],
            "extra": [money(sum(amounts) - base) for amounts in paid],
            "largest": [money(max(amounts)) for amounts in paid],
        }

    def __repr__(self) -> str:
        return f"<Readings: {', '.join(self._plans)}>"


def readings(
    schedule: Schedule | Loan,
    payment: int | None = None,
    periods: int = 1,
    *,
    on: DateLike | None = None,
) -> Readings:
    """Return a schedule for each way to read "defer by one month", by name.

    Parameters
    ----------
    schedule
        The schedule that is deferred.
    payment, on
        From when; exactly one.
    periods
        By how many periods.

    Returns
    -------
    Readings
        A mapping from the reading to its schedule, cheapest kind first.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))
    >>> print(rp.readings(plan, payment=4))
    reading                                   left         end     total  extra   largest
    ----------------------------------------  ----  ----------  --------  -----  --------
    interest-free                                9  2025-02-10  7,996.39   0.00    888.49
    one payment moved, interest on principal     8  2025-01-10  8,004.51   8.12  1,785.10
    one payment moved, interest on all           8  2025-01-10  8,005.27   8.88  1,785.86
    capitalised, same end                        8  2025-01-10  8,036.85  40.46  1,004.65
    interest paid on the skipped date           10  2025-02-10  8,072.50  76.11    888.49
    interest paid with the next instalment       9  2025-02-10  8,072.50  76.11    964.60
    interest spread evenly                       9  2025-02-10  8,072.50  76.11    896.95
    interest paid with the last payment          9  2025-02-10  8,072.50  76.11    964.58
    capitalised, payment recalculated            9  2025-02-10  8,076.36  79.97    897.40
    capitalised, same payment                   10  2025-03-10  8,080.46  84.07    888.49
    """
    before = as_schedule(schedule)
    plans: dict[str, Schedule] = {}
    refused: dict[str, RepayError] = {}
    default = defer(before, payment, periods, on=on)
    for name, options in READINGS.items():
        try:
            plans[name] = defer(before, payment, periods, on=on, **options)
        except RepayError as error:
            refused[name] = error
    day = before.effective_date(default.changes[-1])
    return Readings(before, plans, refused, Divergence(day, before))

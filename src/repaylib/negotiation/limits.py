"""What a lender will agree to: how far each concession may go, and what it may cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

from repaylib.dates.days import to_date
from repaylib.errors import RateError, TermsError, check_word
from repaylib.measures.caps import Cap
from repaylib.money.amounts import parse_positive_amount
from repaylib.money.counts import to_count
from repaylib.rates.rate import Rate, RateLike, parse_rate, parse_share, percent
from repaylib.typing import Amount, DateLike, ExtensionRule, LimitsPreset, ShareLike

__all__ = ["PRESETS", "Limits"]


@dataclass(frozen=True, slots=True, init=False)
class Limits:
    """What a lender will agree to, and what a contract can say. ``None`` is no limit.

    Parameters
    ----------
    rate
        The lowest rate, ``"0%"`` by default.
    rate_step
        New rates are whole multiples of this: with ``"0.125%"``, 12 % may become 11.875 %.
    months
        The last payment is at most so many months after the day from which the new terms hold.
    extension
        A rule of :func:`~repaylib.extension_limit`, ``"general_rules"`` or ``"personal"``.
    latest
        The latest day of the last payment.
    haircut
        The largest share of the principal owed that may be forgiven, ``"50%"`` by default.
    amount_step
        What is forgiven is a whole multiple of this, in major units; by default of a power of
        ten, about a thousandth of what is owed: of 7,610.80, whole units.
    deferral
        Most due dates that may be put off.
    start
        By how many instalments the new terms may begin later than asked.
    worth_loss
        The most of its worth at the original effective rate that the lender may lose: ``"1%"``.
    caps
        :class:`~repaylib.Cap` values that every plan keeps.

    Raises
    ------
    RepayError
        For a limit that cannot be read.

    Examples
    --------
    >>> print(Limits(rate="6%", months=60, worth_loss="1%"))
    rate at least 6% in steps of 0.01%; end within 60 months; at most 50% forgiven; at most 6 due
    dates put off; begin at most 6 instalments later; at most 1% of the worth lost
    """

    rate: Rate
    rate_step: Fraction
    months: int | None
    extension: ExtensionRule | None
    latest: date | None
    haircut: Fraction
    amount_step: Decimal | None
    deferral: int
    start: int
    worth_loss: Fraction | None
    caps: tuple[Cap, ...]

    def __init__(
        self,
        *,
        rate: RateLike = "0%",
        rate_step: ShareLike = "0.01%",
        months: int | None = None,
        extension: ExtensionRule | None = None,
        latest: DateLike | None = None,
        haircut: ShareLike = "50%",
        amount_step: Amount | None = None,
        deferral: int = 6,
        start: int = 6,
        worth_loss: ShareLike | None = None,
        caps: Cap | Iterable[Cap] = (),
    ) -> None:
        store = object.__setattr__
        step = parse_share(rate_step, "rate_step")
        if step <= 0:
            raise RateError("rate_step", rate_step, "a step above 0%", 'write "0.01%"')
        part = parse_share(haircut, "haircut", 1, "share")
        if not 0 <= part <= 1:
            raise RateError("haircut", haircut, "a share from 0% to 100%", 'write "50%"')
        store(self, "rate", parse_rate(rate))
        store(self, "rate_step", step)
        store(self, "months", None if months is None else to_count(months, "months", such=60))
        words = get_args(ExtensionRule)
        name = None if extension is None else check_word("extension", extension, words)
        store(self, "extension", name)
        store(self, "latest", None if latest is None else to_date(latest, "latest"))
        store(self, "haircut", part)
        unit = None if amount_step is None else parse_positive_amount(amount_step, "amount_step")
        store(self, "amount_step", unit)
        store(self, "deferral", to_count(deferral, "deferral", least=0, most=60, such=6))
        store(self, "start", to_count(start, "start", least=0, most=60, such=6))
        loss = None if worth_loss is None else parse_share(worth_loss, "worth_loss", 1, "share")
        store(self, "worth_loss", loss)
        kept = (caps,) if isinstance(caps, Cap) else tuple(caps)
        if not all(isinstance(each, Cap) for each in kept):
            raise TermsError("caps", caps, "Cap values", "write rp.known_caps(...)")
        store(self, "caps", kept)

    @classmethod
    def preset(cls, *names: LimitsPreset, **words: Any) -> Limits:
        """Return limits that are written down somewhere, one or several together.

        Parameters
        ----------
        names
            ``"art_70"``
                60 months from the agreement (信用卡业务监督管理办法, art. 70).
            ``"general_rules"``, ``"personal"``
                the extension limits of :func:`~repaylib.extension_limit`.
            ``"eba"``
                1 % of the worth (EBA/GL/2016/07, paragraph 51).
        words
            Further limits, as for the class.

        Examples
        --------
        >>> limits = Limits.preset("art_70", "eba", rate="3%")
        >>> limits.months, limits.worth_loss
        (60, Fraction(1, 100))
        """
        given: dict[str, Any] = {}
        for name in names:
            given |= PRESETS[check_word("name", name, get_args(LimitsPreset))]
        return cls(**(given | words))

    def __str__(self) -> str:
        words = [f"rate at least {self.rate} in steps of {percent(self.rate_step)}"]
        if self.months is not None:
            words.append(f"end within {self.months} months")
        if self.extension is not None:
            words.append(f"extension by the rule {self.extension}")
        if self.latest is not None:
            words.append(f"end by {self.latest}")
        words.append(f"at most {percent(self.haircut)} forgiven")
        words.append(f"at most {self.deferral} due dates put off")
        words.append(f"begin at most {self.start} instalments later")
        if self.worth_loss is not None:
            words.append(f"at most {percent(self.worth_loss)} of the worth lost")
        words += [f"the cap {cap.name}" for cap in self.caps]
        return "; ".join(words)


#: Limits that are written down somewhere, by name.
PRESETS: dict[LimitsPreset, dict[str, Any]] = {
    "art_70": {"months": 60},
    "general_rules": {"extension": "general_rules"},
    "personal": {"extension": "personal"},
    "eba": {"worth_loss": "1%"},
}

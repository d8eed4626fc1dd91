"""What a lender accepts: the limits of every concession, and how far a loan may be extended by rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, get_args

from repaylib.dates.days import LATEST_DAY, parse_date
from repaylib.dates.months import add_months, months_elapsed
from repaylib.errors import Phrase, RateError, RepayError, TermsError, check_word, parse_list, write
from repaylib.measures.caps.cap import Cap
from repaylib.measures.payers.payer import Payer
from repaylib.money.amounts import parse_positive_amount
from repaylib.money.counts import parse_count
from repaylib.output.plain import Plain
from repaylib.rates.rate import Rate, RateLike, Share, parse_rate, parse_share, percent
from repaylib.schedule.schedule import Schedule
from repaylib.schedule.verbs import as_schedule
from repaylib.terms.loan import Loan
from repaylib.terms.loan_fields import parse_cap
from repaylib.typing import Amount, DateLike, ExtensionRule, LimitsPreset, ShareLike
from repaylib.wording.sentence import Bare, Listed, Sentence, Worded, word_or_text

__all__ = [
    "EXTENSION_RULES",
    "PRESETS",
    "Constraint",
    "ExtensionBand",
    "ExtensionLimit",
    "Limits",
    "extension_limit",
]


#: The finest step of a rate that is agreed.
FINEST_RATE_STEP = Fraction(1, 10**12)


@dataclass(frozen=True, slots=True, init=False)
class Limits(Worded):
    """The limits of what a lender accepts. ``None`` is no limit.

    Parameters
    ----------
    rate
        The lowest rate, ``"0%"`` by default.
    rate_step
        New rates are whole multiples of this: with ``"0.125%"``, 12 % may become 11.875 %.
    months
        The most months from the day of the new terms to the last payment.
    extension
        A rule of :func:`~repaylib.negotiation.extension_limit`, ``"general_rules"`` or ``"personal"``.
    latest
        The latest day of the last payment.
    haircut
        The largest share of the principal owed that may be forgiven, ``"50%"`` by default.
    amount_step
        Forgiven amounts are multiples of this, in major units; by default of a power of ten, about
        a thousandth of the debt: of 7,610.80, whole units.
    subsidy
        The most points of the rate that someone else pays in the place of the borrower, in steps of
        `rate_step`: ``"2%"``; by default up to all of the interest.
    payer
        Who that is, ``"payer"`` by default, which is 承担方 in Chinese; other names stay as they are.
    lump
        The largest lump sum that the borrower prepays when the new terms begin, in multiples of
        `amount_step`; by default all of the principal but one step.
    instalment_cap
        The lowest cap on the rise of an instalment while the rate floats, ``"0%"`` by default, in steps
        of 0.5%.
    deferral
        The most due dates that may be deferred.
    start
        The most instalments by which the new terms may begin later.
    npv_loss
        The most that the lender may lose of the present value at the original effective rate: ``"1%"``.
    caps
        :class:`~repaylib.measures.Cap` values that every plan keeps.

    Raises
    ------
    RepayError
        For a limit that cannot be read.

    Examples
    --------
    >>> print(Limits(rate="6%", months=60, npv_loss="1%"))
    a rate of at least 6% a year, in steps of 0.01%; an end within 60 months; at most 50%
    forgiven; at most 6 due dates deferred; a start at most 6 instalments later; a loss of at
    most 1% of the present value
    """

    rate: Rate
    rate_step: Fraction
    months: int | None
    extension: ExtensionRule | None
    latest: date | None
    haircut: Fraction
    amount_step: Decimal | None
    subsidy: Fraction | None
    payer: str
    lump: Decimal | None
    instalment_cap: Fraction
    deferral: int
    start: int
    npv_loss: Fraction | None
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
        subsidy: ShareLike | None = None,
        payer: str = "payer",
        lump: Amount | None = None,
        instalment_cap: ShareLike = "0%",
        deferral: int = 6,
        start: int = 6,
        npv_loss: ShareLike | None = None,
        caps: Cap | Iterable[Cap] = (),
    ) -> None:
        store = object.__setattr__
        step = parse_share(rate_step, "rate_step")
        if step < FINEST_RATE_STEP:
            expected = Phrase("a step of at least {}", percent(FINEST_RATE_STEP))
            raise RateError("rate_step", rate_step, expected, write(rate_step="0.01%"))
        part = parse_share(haircut, "haircut", 1, "share")
        if not 0 <= part <= 1:
            raise RateError(
                "haircut", haircut, "a share from 0% to 100%", Phrase("write {}", '"50%"')
            )
        store(self, "rate", parse_rate(rate))
        store(self, "rate_step", step)
        store(self, "months", None if months is None else parse_count(months, "months", example=60))
        rules = get_args(ExtensionRule)
        name = None if extension is None else check_word("extension", extension, rules)
        store(self, "extension", name)
        store(self, "latest", None if latest is None else parse_date(latest, "latest", LATEST_DAY))
        store(self, "haircut", part)
        unit = None if amount_step is None else parse_positive_amount(amount_step, "amount_step")
        store(self, "amount_step", unit)
        store(self, "subsidy", _points(subsidy))
        store(self, "payer", _named(payer))
        store(self, "lump", None if lump is None else parse_positive_amount(lump, "lump"))
        store(self, "instalment_cap", parse_cap(instalment_cap, "instalment_cap"))
        store(self, "deferral", parse_count(deferral, "deferral", least=0, most=60, example=6))
        store(self, "start", parse_count(start, "start", least=0, most=60, example=6))
        loss = None if npv_loss is None else parse_share(npv_loss, "npv_loss", 1, "share")
        store(self, "npv_loss", loss)
        store(
            self,
            "caps",
            parse_list(caps, "caps", Cap, Phrase("write {}", "rp.measures.known_caps(...)")),
        )

    @classmethod
    def preset(cls, *names: LimitsPreset, **options: Any) -> Limits:
        """Return limits of published rules, one or several together.

        Parameters
        ----------
        names
            ``"art_70"``
                60 months from the agreement (信用卡业务监督管理办法, art. 70).
            ``"general_rules"``, ``"personal"``
                the extension limits of :func:`~repaylib.negotiation.extension_limit`.
            ``"eba"``
                1 % of the present value (EBA/GL/2016/07, paragraph 51).
        options
            Further limits, as for the class.

        Examples
        --------
        >>> limits = Limits.preset("art_70", "eba", rate="3%")
        >>> limits.months, limits.npv_loss
        (60, Fraction(1, 100))
        """
        given: dict[str, Any] = {}
        for name in names:
            given |= PRESETS[check_word("names", name, get_args(LimitsPreset))]
        for option in options:
            check_word("options", option, cls.__slots__)
        return cls(**(given | options))

    def sentence(self) -> Listed:
        """Return the limits, one after another."""
        parts = [Sentence("limits.rate", rate=self.rate.sentence(), step=Share(self.rate_step))]
        if self.months is not None:
            parts.append(Sentence("limits.months", months=self.months))
        if self.extension is not None:
            parts.append(Sentence("limits.extension", rule=Sentence(f"source_{self.extension}")))
        if self.latest is not None:
            parts.append(Sentence("limits.latest", day=self.latest))
        parts.append(Sentence("limits.haircut", share=Share(self.haircut)))
        if self.subsidy is not None:
            points, payer = Share(self.subsidy), word_or_text("payer_name", self.payer)
            parts.append(Sentence("limits.subsidy", points=points, payer=payer))
        if self.lump is not None:
            parts.append(Sentence("limits.lump", amount=Bare(self.lump)))
        if self.instalment_cap:
            parts.append(Sentence("limits.instalment_cap", share=Share(self.instalment_cap)))
        parts.append(Sentence("limits.deferral", count=self.deferral))
        parts.append(Sentence("limits.start", count=self.start))
        if self.npv_loss is not None:
            parts.append(Sentence("limits.npv_loss", share=Share(self.npv_loss)))
        parts += [Sentence("limits.cap", name=cap.called) for cap in self.caps]
        return Listed(parts, "clause")

    def _worded(self) -> object:
        return self.sentence()


def _points(value: ShareLike | None) -> Fraction | None:
    """Read the most points of a subsidy."""
    if value is None:
        return None
    points = parse_share(value, "subsidy")
    if points <= 0:
        raise RateError("subsidy", value, "points above 0%", Phrase("write {}", '"2%"'))
    return points


def _named(payer: str) -> str:
    """Read the name of a payer, as its own value does."""
    try:
        return Payer(payer, share="100%").name
    except RepayError as error:
        raise TermsError("payer", payer, error.expected, write(payer="employer")) from None


#: Limits of published rules, by name.
PRESETS: dict[LimitsPreset, dict[str, Any]] = {
    "art_70": {"months": 60},
    "general_rules": {"extension": "general_rules"},
    "personal": {"extension": "personal"},
    "eba": {"npv_loss": "1%"},
}


class Constraint(NamedTuple):
    """A constraint, and its limit.

    Attributes
    ----------
    name
        ``"payment"``, ``"last"``, ``"total"``, ``"end"``, ``"months"``, ``"extension"``,
        ``"latest"``, ``"npv_loss"``, ``"caps"``.
    limit
        Minor units, a day's ordinal, or a share; for payments, one amount a month.
    """

    name: str
    limit: Any


# -- extensions by rule -------------------------------------------------------------------


class ExtensionBand(NamedTuple):
    """The rule for loans of a length.

    Attributes
    ----------
    up_to
        For loans of at most so many months; ``None`` for all longer ones.
    share
        The most of all extensions together, as a share of the original term; 1/2 of 36 months are
        18.
    months
        The most months of all extensions together.
    whole
        Whether the original term with all extensions is at most the product's longest term.
    """

    up_to: int | None
    share: Fraction | None = None
    months: int | None = None
    whole: bool = False


#: The rules, with their sources.
EXTENSION_RULES: dict[ExtensionRule, tuple[tuple[ExtensionBand, ...], str]] = {
    "general_rules": (
        (
            ExtensionBand(12, share=Fraction(1)),
            ExtensionBand(60, share=Fraction(1, 2)),
            ExtensionBand(None, months=36),
        ),
        "贷款通则 art. 12",
    ),
    "personal": (
        (ExtensionBand(12, share=Fraction(1)), ExtensionBand(None, whole=True)),
        "个人贷款管理暂行办法 art. 39",
    ),
}


@dataclass(frozen=True, slots=True)
class ExtensionLimit(Worded, Plain):
    """How far a loan may be extended by a rule.

    Attributes
    ----------
    rule
        The rule.
    term
        The original term, in months; a month that has begun counts.
    months
        The most months of all extensions together.
    end
        The original end.
    latest
        The latest end.
    source
        The source of the rule.
    """

    rule: ExtensionRule
    term: int
    months: int
    end: date
    latest: date
    source: str

    def _worded(self) -> Sentence:
        return Sentence(
            "extension",
            term=self.term,
            months=self.months,
            day=self.latest,
            source=Sentence(f"extension.source.{self.rule}"),
        )


def extension_limit(
    schedule: Schedule | Loan, rule: ExtensionRule | None = None, *, longest: int = 60
) -> ExtensionLimit:
    """Return how far a loan may be extended, counted from its original end.

    Parameters
    ----------
    schedule
        A loan, or a schedule of it; its extensions so far count.
    rule
        Both are Chinese, and one is to be given.

        ``"general_rules"``
            loans of up to a year by as much again, of up to five years by half of it, longer ones
            by three years: 36 months by 18.
        ``"personal"``
            loans of up to a year by as much again, longer ones up to the product's `longest`
            term: 36 months by 24, where that is 60.
    longest
        The product's longest term in months, for ``"personal"``.

    Raises
    ------
    RepayError
        For an unknown rule.

    Examples
    --------
    >>> import repaylib as rp
    >>> print(rp.negotiation.extension_limit(rp.Loan("10000", "12%", 12, "2024-01-10"), "general_rules"))
    a loan of 12 months may be extended by 12 months in all, to 2026-01-10 (贷款通则 art. 12)
    >>> rp.negotiation.extension_limit(rp.Loan("10000", "12%", 36, "2024-01-10"), "personal").months
    24
    """
    word: ExtensionRule = check_word("rule", rule, get_args(ExtensionRule))
    longest = parse_count(longest, "longest", example=60)
    plan = as_schedule(schedule)
    first = plan if not plan.changes else Schedule(plan.loan)
    start, end = plan.loan.start, first.maturity
    term = months_elapsed(start, end)
    if term == 0 or add_months(start, term) < end:
        term += 1
    bands, source = EXTENSION_RULES[word]
    band = next(band for band in bands if band.up_to is None or term <= band.up_to)
    months = max(0, longest - term) if band.whole else band.months
    if band.share is not None:
        months = int(term * band.share)
    months = months or 0
    latest = plan.loan.timetable.months_after(end, months)
    return ExtensionLimit(word, term, months, end, latest, source)

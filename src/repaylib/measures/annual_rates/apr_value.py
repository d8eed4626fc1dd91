"""The annual percentage rate of a credit: the function, and the value that says how it is meant."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, overload

from repaylib.errors import Phrase, TermsError
from repaylib.measures.annual_rates.known_rules import RULES, rule_for
from repaylib.measures.annual_rates.periods import APR_DIGITS, AnnualRate, to_nominal
from repaylib.measures.annual_rates.proofs import AprProof, RateRequest, irregular, proof_of
from repaylib.measures.cash_flows import FlowsLike
from repaylib.measures.credit import Credit, chosen, parse_credit
from repaylib.money.amounts import NO_CURRENCY
from repaylib.money.rounding import context_of, round_significant
from repaylib.output.certificates import Certificate
from repaylib.output.frozen import Frozen
from repaylib.output.plain import Plain
from repaylib.output.progress import refuse_progress
from repaylib.rates.rate import parse_share
from repaylib.rates.root_finding import Roots
from repaylib.schedule.book import Book
from repaylib.terms.fees import Fee
from repaylib.typing import Amount, AprRule, Progress, RateMeasure
from repaylib.wording.sentence import Name, Sentence, parse_language

__all__ = ["Apr", "apr", "apr_of"]

if TYPE_CHECKING:
    from repaylib.measures.annual_rates.book_rates import PortfolioApr

_WIDE = context_of(40)


class Apr(Frozen, Plain, Decimal):
    """An annual percentage rate, as a share: a ``Decimal`` that also says how it is meant.

    Its own value is not rounded as the law has it shown, but to 12 significant digits, all of
    which are proved; it compares and computes as any ``Decimal``.

    Attributes
    ----------
    rule
        The rule it follows.
    nominal
        The rate of a period times the periods of a year.
    effective
        The rate with interest on interest.
    period
        The period of the nominal rate, in words: ``"month"``, ``"2 weeks"``.

    Examples
    --------
    >>> from decimal import Decimal
    >>> import repaylib as rp
    >>> found = rp.apr(rp.Loan("10000", "12%", 12, "2024-01-10"), rule="eu")
    >>> found, found.disclosed, found < Decimal("0.13")
    (Apr('0.126826309005', rule='eu'), Decimal('0.127'), True)
    >>> print(found.description)
    12.7% APRC, effective: Directive 2008/48/EC Annex I, Directive (EU) 2023/2225 Annex III
    """

    __slots__ = ("_asked", "effective", "nominal", "period", "rule")

    rule: AprRule
    nominal: Decimal
    effective: Decimal
    period: str
    _asked: RateRequest | None

    def __new__(cls, value: Decimal | str, *_: object, **__: object) -> Apr:
        """Make the number; its other parts are stored by the constructor."""
        return super().__new__(cls, value)

    def __init__(
        self,
        value: Decimal | str,
        rule: AprRule,
        nominal: Decimal,
        effective: Decimal,
        period: str,
        asked: RateRequest | None = None,
    ) -> None:
        self._store(rule=rule, nominal=nominal, effective=effective, period=period, _asked=asked)

    @property
    def measure(self) -> RateMeasure:
        """Which of ``"nominal"``, ``"effective"`` and ``"simple"`` the rate is."""
        return RULES[self.rule].measure

    @property
    def law(self) -> str:
        """The text that the rule comes from."""
        return RULES[self.rule].text

    @property
    def disclosed(self) -> Decimal:
        """The rate to the decimals of a per cent that the rule asks for, rounded as it says."""
        return RULES[self.rule].shown(self)

    @property
    def percent(self) -> Decimal:
        """:attr:`disclosed` in per cent: 9.69."""
        return _WIDE.scaleb(self.disclosed, 2)

    @property
    def monthly(self) -> Decimal:
        """The effective rate of a month that comes to ``effective`` in a year, as a share."""
        return round_significant(
            Fraction(to_nominal(self.effective, Fraction(12))) / 12, APR_DIGITS
        )

    @property
    def tolerance(self) -> Decimal | None:
        """By how much a stated rate may differ by the law, as a share; ``None`` if it sets no tolerance.

        Regulation Z allows 1/8 of a point and, for irregular credits, 1/4: several advances, unequal
        payments or unequal intervals, but for the first period and the first and last payment.
        """
        found = RULES[self.rule].tolerances
        if found is None:
            return None
        wide = self._asked is not None and irregular(self._asked.credit)
        return round_significant(found[wide], APR_DIGITS)

    def tolerates(self, stated: str | Decimal | Fraction) -> bool:
        """Return whether a stated rate is accurate by the law.

        Parameters
        ----------
        stated
            As a share or in per cent: ``"13.9%"``.

        Raises
        ------
        TermsError
            If the law sets no tolerance.

        Examples
        --------
        >>> import repaylib as rp
        >>> found = rp.apr(rp.Loan("10000", "12%", 12, "2024-01-10"), rule="reg_z")
        >>> found.tolerance, found.tolerates("12.125%"), found.tolerates("12.126%")
        (Decimal('0.00125'), True, False)
        """
        share = parse_share(stated, "stated")
        if self.tolerance is None:
            raise TermsError(
                "rule",
                self.rule,
                "a rule that sets a tolerance, as Regulation Z does",
                "compare with .percent, the rate as it is shown",
            )
        return abs(share - Fraction(self)) <= Fraction(self.tolerance)

    def explain(self) -> AprProof:
        """Return the proof of the rate: each flow with its time and its present value.

        Returns
        -------
        AprProof
            It prints as a table. Under rules of simple interest it shows the balance after each flow, and
            under ``"ca_cost"`` the principal before it.

        Raises
        ------
        TermsError
            If the value was not returned by :func:`~repaylib.apr`.

        Examples
        --------
        >>> import repaylib as rp
        >>> flows = [("2024-01-12", "-1000"), ("2024-03-15", "500"), ("2024-06-15", "550")]
        >>> print(rp.apr(flows, rule="eu").explain())
        each flow at its present value: 17.4% APRC, effective: Directive 2008/48/EC Annex I,
          Directive (EU) 2023/2225 Annex III; time in parts of a year
        <BLANKLINE>
        date           amount          time  present value
        ----------  ---------  ------------  -------------
        2024-01-12  -1,000.00             0      -1,000.00
        2024-03-15     500.00  2/12 + 3/365         486.19
        2024-06-15     550.00  5/12 + 3/365         513.81
        ----------  ---------  ------------  -------------
        in all                                        0.00
        """
        found = AnnualRate(Decimal(self), self.nominal, self.effective, self.period)
        return proof_of(RULES[self.rule], self._request(), found, self.called)

    def certificate(self) -> Certificate:
        """Return the flows, their exact times and the rate, to be checked without repaylib.

        Raises
        ------
        TermsError
            If the value was not returned by :func:`~repaylib.apr`, or the rule discounts no flows:
            ``"us_rule"``, ``"jp_real"`` and ``"ca_cost"``.

        Examples
        --------
        >>> import repaylib as rp
        >>> flows = [("2024-01-12", "-1000"), ("2024-03-15", "500"), ("2024-06-15", "550")]
        >>> certificate = rp.apr(flows, rule="eu").certificate().to_dict()
        >>> certificate["apr"], certificate["flows"][1]["time"]
        ('0.173726404274', '383/2190')
        """
        from repaylib.measures.annual_rates.certificate import certify  # seldom needed

        return certify(self, self._request())

    def _request(self) -> RateRequest:
        if self._asked is None:
            raise TermsError(
                "rule",
                self.rule,
                "a rate that rp.apr returned",
                Phrase("write {}", "rp.apr(...).explain()"),
            )
        return self._asked

    @property
    def bracket(self) -> tuple[Decimal, Decimal]:
        """Two rates, half a unit of the last digit to either side, between which it lies."""
        sign, digits, exponent = self.as_tuple()
        assert isinstance(exponent, int), "a rate is finite"
        if len(digits) < APR_DIGITS:
            return Decimal(self), Decimal(self)
        whole = 10 * int(Decimal((sign, digits, 0)))
        low, high = (Decimal(f"{whole + part}E{exponent - 1}") for part in (-5, 5))
        return low, high

    @property
    def description(self) -> str:
        """The rate as it is shown, its measure and the law, in one line."""
        law = RULES[self.rule]
        how = law.measure if law.measure == "effective" else f"{law.measure}, by the {self.period}"
        return f"{self.percent:f}% {law.label}, {how}: {law.text}"

    @property
    def called(self) -> Name:
        """The same line in each language."""
        how = Sentence(f"apr_rule.{self.rule}", period=self.period)
        said = parse_language("zh").say("apr.described", rate=f"{self.percent:f}%", how=how)
        return Name(self.description, {"zh": said})

    def __reduce__(self) -> tuple[Any, ...]:
        parts = (str(self), self.rule, self.nominal, self.effective, self.period, self._asked)
        return type(self), parts

    def __copy__(self) -> Apr:
        return self

    def __deepcopy__(self, memo: object) -> Apr:
        return self

    def __repr__(self) -> str:
        return f"Apr('{self}', rule={self.rule!r})"


@overload
def apr(
    flows: Book,
    rule: AprRule | None = None,
    *,
    period: str | None = None,
    year_days: Amount | Fraction | None = None,
    without: Sequence[str | Fee] = (),
    progress: Progress = None,
) -> PortfolioApr: ...
@overload
def apr(
    flows: FlowsLike | None = None,
    rule: AprRule | None = None,
    *,
    advances: FlowsLike | None = None,
    payments: FlowsLike | None = None,
    period: str | None = None,
    year_days: Amount | Fraction | None = None,
    without: Sequence[str | Fee] = (),
) -> Apr: ...
def apr(
    flows: FlowsLike | Book | None = None,
    rule: AprRule | None = None,
    *,
    advances: FlowsLike | None = None,
    payments: FlowsLike | None = None,
    period: str | None = None,
    year_days: Amount | Fraction | None = None,
    without: Sequence[str | Fee] = (),
    progress: Progress = None,
) -> Apr | PortfolioApr:
    r"""Return the annual percentage rate of a credit.

    Parameters
    ----------
    flows
        A schedule, a loan, or a settlement (the credit as it really ran). All fees charged are
        part of its price, and taxes on them and on the interest: fees of the start are taken off
        the principal, however they are collected. Or pairs of a day and an amount, of which the
        first is lent, and so is each other amount with its sign. Or a book of loans, for
        :class:`~repaylib.measures.PortfolioApr` of them all.
    rule
        By default the one that the currency of the loan means: ``"reg_z"`` for USD, ``"uk"`` for
        GBP, ``"cn_irr"`` for CNY, ``"eu"`` for EUR and for BGN, CZK, DKK, HUF, PLN, RON and SEK. For
        other currencies, none, and flows alone it is to be given. :func:`~repaylib.measures.apr_rules`
        has the source of each. The annuity loan of 10,000 at
        12 % over 12 months from 10 January 2024, without fees, is given in brackets.

        ``"reg_z"``
            United States, actuarial method: the rate of a unit-period times the unit-periods of
            a year [12.00 %].
        ``"trid"``
            United States, Loan Estimate and Closing Disclosure: the same with three decimals, zeros
            at the end not shown [12 %].
        ``"us_rule"``
            United States Rule: the same with simple interest; what is unpaid of it bears none
            [12.00 %].
        ``"eu"``
            European Union: effective per year; months are equal, days left over are counted
            back [12.7 %].
        ``"uk"``
            United Kingdom: the same, counted forward [12.7 %].
        ``"uk_land"``
            United Kingdom, credit secured on land and older mortgages: as ``"uk"`` [12.7 %].
        ``"uk_mortgage"``
            United Kingdom, mortgages under the Mortgage Credit Directive: as ``"eu"`` [12.7 %].
        ``"cn_irr"``
            China, compound (复利): effective, from the internal rate of return of a period
            [12.68 %].
        ``"cn_simple"``
            China, simple (单利): the internal rate of return of a period times the periods of a
            year [12.00 %].
        ``"au_comparison"``
            Australia, comparison rate: as ``"cn_simple"``, with 52.18 weeks a year [12.00 %].
        ``"br_cet"``
            Brazil, custo efetivo total: effective per year, by days over 365 [12.67 %].
        ``"ca_cost"``
            Canada, cost of borrowing: the cost over the years and the average principal, to an eighth
            of a per cent; only of a schedule [12.000 %].
        ``"ca_criminal"``, ``"ca_criminal_2024"``
            Canada, criminal rate: as ``"cn_simple"`` [12.00 %]; until 2024 as ``"cn_irr"`` [12.68 %].
        ``"hk_npv"``
            Hong Kong, banks: as ``"uk"``, with two decimals [12.68 %].
        ``"in_kfs"``
            India, Key Facts Statement: as ``"cn_simple"`` [12.00 %].
        ``"jp_real"``
            Japan, real annual rate (実質年率): interest is simple between payments, by days over 365;
            cut off after one decimal [11.9 %].
        ``"mx_cat"``
            Mexico, costo anual total: effective per year, without value added tax [12.7 %].
        ``"ru_psk"``
            Russia, full cost of a consumer credit (ПСК): as ``"reg_z"``, counted forward, with 365/7
            weeks a year and three decimals [12.000 %].
        ``"sg_moneylender"``
            Singapore, moneylenders until September 2015: as ``"cn_irr"`` [12.7 %].
    advances, payments
        Instead of `flows`: the amounts lent and the amounts paid, each as pairs of a day and an amount
        above zero. Under ``"eu"`` and ``"uk"`` charges may be paid before the first advance.
    period
        For ``"eu"`` and ``"uk"``, in what time is counted before the days left over: ``"month"``,
        ``"week"``, ``"year"`` or ``"day"``; by default weeks if all flows are whole weeks apart,
        else months. So for ``"uk_land"``, ``"uk_mortgage"``, ``"hk_npv"``, ``"mx_cat"`` and, by default
        days, ``"br_cet"``. For the others, the unit-period: ``"month"``, ``"half_month"``, ``"week"``,
        ``"2 weeks"``, ``"4 weeks"``, ``"2 months"``, ``"quarter"``, ``"half_year"``, ``"year"``
        or ``"day"``; by default the interval between flows that occurs most often or, of one
        advance and one payment, the term.
    year_days
        For those rules: the days of a year, if not 365 or 366, such as ``"365.25"``.
    without
        Of a schedule: names or payees of fees that are no part of the price, such as a voluntary
        insurance, or the :class:`~repaylib.Fee` values themselves. Of a book, the loans are then
        computed one by one.
    progress
        Of a book: as for :func:`~repaylib.amortise`.

    Returns
    -------
    Apr
        As a share: 0.12 is 12 % a year. It is a ``Decimal``; ``disclosed`` is it rounded as the
        rule has it, ``nominal`` and ``effective`` are both measures.

    Raises
    ------
    RootError
        If no rate fits, or it is near to where two do or none, too close to tell.
    TermsError
        If nothing is lent or paid, or is paid before the advance under a rule that cannot count
        it; if no rule is given, and none follows from a currency.
    RepayError
        If an amount, a day or a word cannot be read.

    Notes
    -----
    Where several rates fit, as they may if money is paid before the first advance or lent again
    later, it is the positive one nearest to 0 or, without one, the negative one nearest to 0. The
    FCA says so (MCOB 10.3.1B); other laws say nothing. A credit without interest and fees has 0.

    Examples
    --------
    >>> import repaylib as rp
    >>> loan = rp.Loan("10000", "12%", 12, "2024-01-10", fees=[rp.Fee("1%", collected="deducted")])
    >>> for rule in ("reg_z", "eu", "cn_simple"):
    ...     print(rp.apr(loan, rule=rule).percent)
    13.91
    14.8
    13.91
    >>> rp.apr(rp.settle(loan, on="2024-07-10"), rule="reg_z").percent
    Decimal('14.60')
    >>> rp.apr(rp.Loan("10000", "12%", 12, "2024-01-10", currency="GBP"))
    Apr('0.126826309005', rule='uk')
    >>> days = [f"1978-{month:02}-10" for month in range(2, 12)]
    >>> rp.apr([("1978-01-10", "-1000"), *[(day, "105") for day in days]], rule="reg_z").percent
    Decimal('10.76')
    """
    if isinstance(flows, Book):
        from repaylib.measures.annual_rates.book_rates import aprs_of_book

        for name, value in (("advances", advances), ("payments", payments)):
            if value is not None:
                expected = "none beside a book, whose loans have both"
                raise TermsError(name, Phrase("some"), expected, "leave it out")
        return aprs_of_book(flows.schedules(), rule, period, year_days, without, progress)
    refuse_progress(progress)
    credit = parse_credit(flows, advances, payments, without)
    word = rule_for(rule, credit.schedule.loan.currency if credit.schedule else NO_CURRENCY)
    return apr_of(credit, word, period, year_days)


def apr_of(
    credit: Credit,
    rule: AprRule,
    period: str | None = None,
    year_days: Amount | Fraction | None = None,
) -> Apr:
    """Return the annual percentage rate of a credit that has been read; see :func:`~repaylib.apr`."""
    law = RULES[rule]
    credit = credit if law.taxes else credit.untaxed()
    asked = RateRequest(credit, period, year_days)
    if not credit.days:  # the credit is repaid on the day, without any charge
        return Apr("0", rule, Decimal(0), Decimal(0), "day", asked)
    if not any(amount > 0 for amount in credit.amounts):
        chosen(Roots(()), credit)  # refuses it, and says why
    found = law.rate(credit, period, year_days)
    return Apr(found.stated, rule, found.nominal, found.effective, found.period, asked)

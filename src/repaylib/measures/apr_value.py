"""An annual percentage rate, as a value that says how it is meant."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from repaylib.errors import TermsError, check_word
from repaylib.money.amounts import NO_CURRENCY
from repaylib.money.rounding import context_of, round_fraction, significant
from repaylib.typing import AprRule, RateMeasure

__all__ = ["LAWS", "RULES", "Apr", "Law", "compounding", "rule_for", "simple"]


APR_DIGITS = 12
_WIDE = context_of(40)


class Law(NamedTuple):
    """The text that a rule comes from, and how it has the rate shown.

    Attributes
    ----------
    text
        The law.
    measure
        ``"nominal"`` (the rate of a period times the periods of a year), ``"effective"`` (with
        interest on interest) or ``"simple"`` (nominal, and to be called simple).
    decimals
        Of the per cent shown.
    label
        What it is called.
    """

    text: str
    measure: RateMeasure
    decimals: int
    label: str


LAWS: dict[AprRule, Law] = {
    "reg_z": Law(
        "Regulation Z, 12 CFR 1026.22 and Appendix J, actuarial method", "nominal", 2, "APR"
    ),
    "us_rule": Law("Regulation Z, 12 CFR 1026.22(a), United States Rule", "nominal", 2, "APR"),
    "eu": Law(
        "Directive 2008/48/EC Annex I, Directive (EU) 2023/2225 Annex III", "effective", 1, "APRC"
    ),
    "uk": Law("FCA Handbook CONC App 1.2", "effective", 1, "APR"),
    "cn_irr": Law(
        "People's Bank of China announcement 2021 No. 3, internal rate of return",
        "effective",
        2,
        "annualised rate (compound, 复利)",
    ),
    "cn_simple": Law(
        "People's Bank of China announcement 2021 No. 3, simple",
        "simple",
        2,
        "annualised rate (simple, 单利)",
    ),
}
RULES: tuple[AprRule, ...] = tuple(LAWS)

#: The rule that a currency means: that of the country, or the union, whose money it is. Of two of
#: one country it is the one that its law explains by an example.
CURRENCY_RULES: dict[str, AprRule] = {
    "USD": "reg_z",
    "GBP": "uk",
    "CNY": "cn_irr",
    **dict.fromkeys(("EUR", "BGN", "CZK", "DKK", "HUF", "PLN", "RON", "SEK"), "eu"),
}
_SPELLINGS: dict[str, AprRule] = {
    "regz": "reg_z",
    "us": "reg_z",
    "usrule": "us_rule",
    "aprc": "eu",
    "cn": "cn_irr",
}


class Apr(Decimal):
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
    >>> print(found.words)
    12.7% APRC, effective: Directive 2008/48/EC Annex I, Directive (EU) 2023/2225 Annex III
    """

    __slots__ = ("effective", "nominal", "period", "rule")

    rule: AprRule
    nominal: Decimal
    effective: Decimal
    period: str

    def __new__(  # noqa: D102
        cls,
        value: Decimal | str,
        rule: AprRule,
        nominal: Decimal,
        effective: Decimal,
        period: str,
    ) -> Apr:
        made = super().__new__(cls, value)
        made.rule = rule
        made.nominal = nominal
        made.effective = effective
        made.period = period
        return made

    @property
    def measure(self) -> RateMeasure:
        """Which of ``"nominal"``, ``"effective"`` and ``"simple"`` the rate is."""
        return LAWS[self.rule].measure

    @property
    def law(self) -> str:
        """The text that the rule comes from."""
        return LAWS[self.rule].text

    @property
    def disclosed(self) -> Decimal:
        """The rate as the rule has it shown, to one or two decimals of a per cent, half up."""
        places = LAWS[self.rule].decimals + 2
        return Decimal(f"{round_fraction(Fraction(self) * 10**places, 'half_up')}E-{places}")

    @property
    def percent(self) -> Decimal:
        """:attr:`disclosed` in per cent: 9.69."""
        return _WIDE.scaleb(self.disclosed, 2)

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
    def words(self) -> str:
        """The rate as it is shown, its measure and the law, in one line."""
        law = LAWS[self.rule]
        how = law.measure if law.measure == "effective" else f"{law.measure}, by the {self.period}"
        return f"{self.percent:f}% {law.label}, {how}: {law.text}"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.rule, self.nominal, self.effective, self.period)

    def __copy__(self) -> Apr:
        return self

    def __deepcopy__(self, memo: object) -> Apr:
        return self

    def __repr__(self) -> str:
        return f"Apr('{self}', rule={self.rule!r})"


def rule_for(rule: object, currency: str = NO_CURRENCY) -> AprRule:
    """Return the rule that is given or, if none is, the one that a currency means.

    Raises
    ------
    RepayError
        If there is no such rule, or neither says which.

    Examples
    --------
    >>> rule_for(None, "USD"), rule_for("uk", "USD")
    ('reg_z', 'uk')
    """
    if rule is not None:
        return check_word("rule", rule, RULES, _SPELLINGS)
    if currency in CURRENCY_RULES:
        return CURRENCY_RULES[currency]
    known = "without a currency" if currency == NO_CURRENCY else f"of {currency}"
    listed = ", ".join(f'"{word}"' for word in RULES)
    raise TermsError(
        "rule",
        rule,
        f"the rule of a country, {listed}; none follows from amounts {known}",
        'write such as rule="eu", or give a loan with its currency, Loan(..., currency="EUR")',
    )


def compounding(nominal: Decimal, per_year: Fraction) -> Decimal:
    """Return the effective rate of a nominal one, to 12 digits.

    Examples
    --------
    >>> compounding(Decimal("0.12"), Fraction(12))
    Decimal('0.126825030132')
    """
    if nominal == 0:
        return Decimal(0)
    times = _WIDE.divide(Decimal(per_year.numerator), per_year.denominator)
    grown = _WIDE.multiply(times, _WIDE.ln(_WIDE.add(1, _WIDE.divide(nominal, times))))
    return significant(Fraction(_WIDE.subtract(_WIDE.exp(grown), 1)), APR_DIGITS)


def simple(effective: Decimal, per_year: Fraction) -> Decimal:
    """Return the nominal rate of an effective one, to 12 digits.

    Examples
    --------
    >>> simple(Decimal("0.126825030131969720661201"), Fraction(12))
    Decimal('0.12')
    """
    if effective == 0:
        return Decimal(0)
    times = _WIDE.divide(Decimal(per_year.numerator), per_year.denominator)
    root = _WIDE.exp(_WIDE.divide(_WIDE.ln(_WIDE.add(1, effective)), times))
    rate = _WIDE.multiply(times, _WIDE.subtract(root, 1))
    return significant(Fraction(rate), APR_DIGITS)

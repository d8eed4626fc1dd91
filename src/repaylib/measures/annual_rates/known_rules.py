"""The rules of annual percentage rates, each of a law, as data: see ``rule_kinds`` for their equations."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from repaylib.dates.apr_years import eu_parts, uk_parts
from repaylib.dates.unit_periods import Unit
from repaylib.errors import Phrase, TermsError, check_word
from repaylib.measures.annual_rates.rate_rule import RateRule
from repaylib.measures.annual_rates.rule_kinds import (
    ActuarialRule,
    AverageRule,
    BalanceRule,
    ReturnRule,
    YearsRule,
)
from repaylib.money.amounts import NO_CURRENCY
from repaylib.typing import AprRule

__all__ = ["ABOLISHED", "RULES", "rule_for"]

#: 12 CFR 1026.22(a)(2) and (3): an eighth of a point and, for irregular credits, a quarter.
US_TOLERANCES = (Fraction(1, 800), Fraction(1, 400))

RULES: dict[AprRule, RateRule] = {
    rule.word: rule
    for rule in (
        ActuarialRule(
            word="reg_z",
            country="US",
            text="Regulation Z, 12 CFR 1026.22 and Appendix J, actuarial method",
            measure="nominal",
            decimals=2,
            label="APR",
            tolerances=US_TOLERANCES,
            currencies=("USD",),
            spellings=("regz", "us"),
        ),
        ActuarialRule(
            word="trid",
            country="US",
            text="Regulation Z, 12 CFR 1026.37(l)(2), 1026.37(o)(4)(ii) and Appendix J",
            measure="nominal",
            decimals=3,
            label="APR",
            trailing_zeros=False,
            tolerances=US_TOLERANCES,
            spellings=("loanestimate", "closingdisclosure"),
        ),
        BalanceRule(
            word="us_rule",
            country="US",
            text="Regulation Z, 12 CFR 1026.22(a), United States Rule",
            measure="nominal",
            decimals=2,
            label="APR",
            tolerances=US_TOLERANCES,
            spellings=("usrule",),
        ),
        YearsRule(
            word="eu",
            country="EU",
            text="Directive 2008/48/EC Annex I, Directive (EU) 2023/2225 Annex III",
            measure="effective",
            decimals=1,
            label="APRC",
            currencies=("EUR", "BGN", "CZK", "DKK", "HUF", "PLN", "RON", "SEK"),
            spellings=("aprc", "ccd", "ccd2", "2008/48/ec", "2023/2225"),
            years=eu_parts,
        ),
        YearsRule(
            word="uk",
            country="GB",
            text="FCA Handbook CONC App 1.2",
            measure="effective",
            decimals=1,
            label="APR",
            currencies=("GBP",),
            years=uk_parts,
        ),
        YearsRule(
            word="uk_land",
            country="GB",
            text="FCA Handbook CONC App 1.1, MCOB 10.3",
            measure="effective",
            decimals=1,
            label="APR",
            years=uk_parts,
        ),
        YearsRule(
            word="uk_mortgage",
            country="GB",
            text="FCA Handbook MCOB 10A.2",
            measure="effective",
            decimals=1,
            label="APRC",
            years=eu_parts,
            spellings=("mcob",),
        ),
        ReturnRule(
            word="cn_irr",
            country="CN",
            text="People's Bank of China announcement 2021 No. 3, internal rate of return",
            measure="effective",
            decimals=2,
            label="annualised rate (compound, 复利)",
            currencies=("CNY",),
            spellings=("cn",),
        ),
        ReturnRule(
            word="cn_simple",
            country="CN",
            text="People's Bank of China announcement 2021 No. 3, simple",
            measure="simple",
            decimals=2,
            label="annualised rate (simple, 单利)",
        ),
        ReturnRule(
            word="au_comparison",
            country="AU",
            text="National Consumer Credit Protection Regulations 2010 (Cth) reg 100",
            measure="nominal",
            decimals=2,
            label="comparison rate",
            weeks=Fraction("52.18"),
            parts=True,
            apart="government fees, charges and duties",
            spellings=("au", "comparisonrate"),
        ),
        YearsRule(
            word="br_cet",
            country="BR",
            text="Resolução CMN 4.881/2020 art. 4",
            measure="effective",
            decimals=2,
            label="CET",
            rounding="half_even",
            years=eu_parts,
            counted_in="day",
            year=Fraction(365),
            spellings=("br", "cet"),
        ),
        AverageRule(
            word="ca_cost",
            country="CA",
            text="Financial Consumer Protection Framework Regulations (SOR/2021-181) s. 47, "
            "until 2022-06-29 Cost of Borrowing (Banks) Regulations (SOR/2001-101) s. 3",
            measure="nominal",
            decimals=3,
            label="APR",
            step=125,
            apart="charges that s. 48(2) lists, such as optional insurance",
            spellings=("ca", "costofborrowing"),
        ),
        ReturnRule(
            word="ca_criminal",
            country="CA",
            text="Criminal Code (R.S.C. 1985, c. C-46) s. 347, annual percentage rate",
            measure="nominal",
            decimals=2,
            label="annual percentage rate",
            apart="insurance and official fees",
            spellings=("criminalrate",),
        ),
        ReturnRule(
            word="ca_criminal_2024",
            country="CA",
            text="Criminal Code (R.S.C. 1985, c. C-46) s. 347 until 2024-12-31, effective annual rate",
            measure="effective",
            decimals=2,
            label="effective annual rate",
            apart="insurance and official fees",
            until=date(2024, 12, 31),
        ),
        YearsRule(
            word="hk_npv",
            country="HK",
            text="Code of Banking Practice (Hong Kong), annualised percentage rate by net present value",
            measure="effective",
            decimals=2,
            label="APR",
            years=uk_parts,
            spellings=("hk",),
        ),
        ReturnRule(
            word="in_kfs",
            country="IN",
            text="Reserve Bank of India, RBI/2024-25/18 of 15 April 2024, Annex B",
            measure="nominal",
            decimals=2,
            label="APR",
            apart="contingent charges",
            spellings=("in", "kfs", "rbi"),
        ),
        BalanceRule(
            word="jp_real",
            country="JP",
            text="貸金業法 art. 14(1)(i), 貸金業法施行規則 art. 11 and 別表",
            measure="nominal",
            decimals=1,
            label="実質年率",
            rounding="down",
            joins=True,
            unit=Unit(1, "day"),
            spellings=("jp", "実質年率"),
        ),
        YearsRule(
            word="mx_cat",
            country="MX",
            text="Banco de México, Circular 21/2009",
            measure="effective",
            decimals=1,
            label="CAT sin IVA",
            years=uk_parts,
            year=Fraction(365),
            taxes=False,
            apart="value added tax",
            spellings=("mx", "cat"),
        ),
        ActuarialRule(
            word="ru_psk",
            country="RU",
            text="Federal Law 353-FZ of 21 December 2013 art. 6",
            measure="nominal",
            decimals=3,
            label="ПСК",
            weeks=Fraction(365, 7),
            on=True,
            spellings=("ru", "psk", "пск"),
        ),
        ReturnRule(
            word="sg_moneylender",
            country="SG",
            text="Moneylenders Rules 2009 (Singapore), from 2012-06-01 to 2015-09-30",
            measure="effective",
            decimals=1,
            label="EIR",
            until=date(2015, 9, 30),
            spellings=("sg", "eir"),
        ),
    )
}

#: Rules that a country has abolished: what they were, since when they are not allowed, and the law.
ABOLISHED: dict[str, tuple[str, date, str]] = {
    "my_flat": (
        "the flat rate of hire purchase in Malaysia",
        date(2026, 6, 1),
        "Hire-Purchase (Amendment) Act 2026 (Act A1783)",
    ),
    "my_rule_of_78": (
        "the Rule of 78 for hire purchase in Malaysia",
        date(2026, 6, 1),
        "Hire-Purchase (Amendment) Act 2026 (Act A1783)",
    ),
}


def rule_for(rule: object, currency: str = NO_CURRENCY) -> AprRule:
    """Return the rule that is given or, if none is, the one that a currency means.

    Raises
    ------
    RepayError
        If there is no such rule, its country has abolished it, or neither says which.

    Examples
    --------
    >>> rule_for(None, "USD"), rule_for("uk", "USD")
    ('reg_z', 'uk')
    """
    if isinstance(rule, str) and rule in ABOLISHED:
        what, since, law = ABOLISHED[rule]
        raise TermsError(
            "rule",
            rule,
            Phrase("a rule in force; {} is abolished since {} by the {}", what, since, law),
            "write the rule of another country, or rp.irr(...) for the rate of the reducing balance",
        )
    if rule is not None:
        spellings = {other: word for word, known in RULES.items() for other in known.spellings}
        return check_word("rule", rule, tuple(RULES), spellings)
    for word, known in RULES.items():
        if currency in known.currencies:
            return word
    listed = ", ".join(f'"{word}"' for word in RULES)
    raise TermsError(
        "rule",
        rule,
        Phrase("the rule of a country, {}; none follows from amounts without a currency", listed)
        if currency == NO_CURRENCY
        else Phrase("the rule of a country, {}; none follows from amounts of {}", listed, currency),
        'write such as rule="eu", or give a loan with its currency, Loan(..., currency="EUR")',
    )

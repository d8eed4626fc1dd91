"""Caps that are in force somewhere, or were, each with its days and its source.

They are data: as of the days given, without a claim that a list is complete. Where a text does not
say how a rate is measured, it is taken as nominal; :func:`~repaylib.measures.cap_report` says so and measures
otherwise if asked.
"""

from __future__ import annotations

from fractions import Fraction

from repaylib.dates.days import parse_date
from repaylib.errors import ChoiceError, Phrase
from repaylib.measures.caps.cap import Cap
from repaylib.typing import DateLike

__all__ = ["CAPS", "known_caps"]

#: One-year loan prime rate (LPR, 贷款市场报价利率) of the National Interbank Funding Center, from the days
#: of its announcement.
LPR = {
    "2020-08-20": "3.85",
    "2021-12-20": "3.80",
    "2022-01-20": "3.70",
    "2022-08-22": "3.65",
    "2023-06-20": "3.55",
    "2023-08-21": "3.45",
    "2024-07-22": "3.35",
    "2024-10-21": "3.10",
    "2025-05-20": "3.00",
}
FOUR_TIMES = [(day, Fraction(rate) / 25) for day, rate in LPR.items()]

#: All caps that are known here.
CAPS: tuple[Cap, ...] = (
    Cap(
        "private lending, enforced to 24%",
        "24%",
        since="2015-09-01",
        until="2020-08-19",
        country="CN",
        whom="private lending",
        source="Supreme People's Court, 法释〔2015〕18号 art. 26",
        name_zh="民间借贷司法保护上限（24%）",
    ),
    Cap(
        "private lending, void above 36%",
        "36%",
        since="2015-09-01",
        until="2020-08-19",
        country="CN",
        whom="private lending",
        source="Supreme People's Court, 法释〔2015〕18号 art. 26",
        name_zh="民间借贷利率上限（36%）",
    ),
    Cap(
        "private lending, 4 x LPR",
        FOUR_TIMES,
        since="2020-08-20",
        country="CN",
        whom="private lending: interest, overdue interest and other fees together",
        source="Supreme People's Court, provisions on private lending (2020-12-29) art. 25, 28, 29",
        name_zh="民间借贷利率上限（四倍LPR）",
    ),
    Cap(
        "licensed lenders, 24%",
        "24%",
        since="2017-08-04",
        country="CN",
        whom="licensed lenders: a court cuts what exceeds it, on request",
        source="Supreme People's Court, 法发〔2017〕22号 art. 2",
        name_zh="持牌金融机构利率上限（24%）",
    ),
    Cap(
        "internet assisted lending, 24%",
        "24%",
        since="2025-10-01",
        country="CN",
        whom="internet lending by banks with partners, guarantee fees included",
        source="金规〔2025〕9号",
        name_zh="互联网助贷综合融资成本上限（24%）",
    ),
    Cap(
        "consumer finance, 20%",
        "20%",
        since="2026-03-31",
        country="CN",
        whom="consumer finance companies, new loans (on average, by some reports)",
        source="window guidance of 2025-10, as reported",
        name_zh="消费金融公司贷款利率上限（20%）",
    ),
    Cap(
        "micro-loan companies, 24%",
        "24%",
        since="2025-12-19",
        until="2027-12-31",
        country="CN",
        whom="micro-loan companies, all-in",
        source="小额贷款公司综合融资成本管理工作指引 (2025-12-19)",
        name_zh="小额贷款公司综合融资成本上限（24%）",
    ),
    Cap(
        "micro-loan companies, 4 x LPR",
        FOUR_TIMES,
        since="2028-01-01",
        country="CN",
        whom="micro-loan companies, all-in, every new loan",
        source="小额贷款公司综合融资成本管理工作指引 (2025-12-19)",
        name_zh="小额贷款公司综合融资成本上限（四倍LPR）",
    ),
    Cap(
        "high-cost short-term credit, 0.8% a day",
        "0.8%",
        measure="daily",
        since="2015-01-02",
        country="GB",
        whom="high-cost short-term credit",
        source="FCA Handbook CONC 5A.2.3",
        name_zh="英国高成本短期信贷日成本上限（0.8%）",
    ),
    Cap(
        "high-cost short-term credit, total cost",
        "100%",
        measure="total",
        since="2015-01-02",
        country="GB",
        whom="high-cost short-term credit",
        source="FCA Handbook CONC 5A.2.2",
        name_zh="英国高成本短期信贷总成本上限",
    ),
    Cap(
        "consumer credit, statutory rate + 8 points",
        [("2023-07-01", "14%"), ("2024-01-01", "15%")],
        measure="effective",
        since="2023-07-01",
        until="2024-12-31",
        country="NL",
        whom="consumer credit",
        source="Besluit kredietvergoeding, as of 2024",
        name_zh="荷兰消费信贷利率上限（法定利率加8个百分点）",
    ),
    Cap(
        "service members, 36% MAPR",
        "36%",
        since="2016-10-03",
        country="US",
        whom="consumer credit to service members and their dependants",
        source="10 USC 987, 32 CFR 232.4(b)",
        name_zh="美国军人贷款年化上限（36%）",
    ),
)


def known_caps(country: str | None = None, *, on: DateLike | None = None) -> tuple[Cap, ...]:
    """Return the caps that are known here, each with its days and its source.

    Parameters
    ----------
    country
        Only those of a country: ``"CN"``, ``"GB"``, ``"NL"`` or ``"US"``.
    on
        Only those that hold for a contract of that day.

    Raises
    ------
    RepayError
        If there are none of a country, or the day cannot be read.

    Examples
    --------
    >>> import repaylib as rp
    >>> for cap in rp.measures.known_caps("CN", on="2024-08-01"):
    ...     print(cap.name, cap.limits[-1][1], cap.source)
    private lending, 4 x LPR 3/25 Supreme People's Court, provisions on private lending (2020-12-29) art. 25, 28, 29
    licensed lenders, 24% 6/25 Supreme People's Court, 法发〔2017〕22号 art. 2
    """
    countries = {cap.country for cap in CAPS}
    if country is not None and not (isinstance(country, str) and country in countries):
        listed = ", ".join(f'"{word}"' for word in sorted(countries))
        raise ChoiceError(
            "country",
            country,
            Phrase("one of {}", listed),
            "write rp.measures.Cap(...) for another",
        )
    day = None if on is None else parse_date(on, "on")
    return tuple(
        cap for cap in CAPS if country in (None, cap.country) and (day is None or cap.holds(day))
    )

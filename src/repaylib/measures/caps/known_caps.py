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
        "credit contracts, 48%",
        "48%",
        since="2013-07-01",
        country="AU",
        whom="credit contracts of lenders that are no banks, but for small amounts and bridging finance",
        source="National Credit Code s. 32A, 32B",
        name_zh="澳大利亚信贷合同年成本率上限（48%）",
    ),
    Cap(
        "overdraft, 8% a month",
        "96%",
        includes="interest",
        since="2020-01-06",
        country="BR",
        whom="overdrafts of persons and of small firms (cheque especial)",
        source="Resolução CMN 4.765/2019",
        name_zh="巴西透支利率上限（每月8%）",
    ),
    Cap(
        "revolving card credit, total cost",
        "100%",
        measure="total",
        since="2024-01-03",
        country="BR",
        whom="revolving credit of a card, and its bill in instalments",
        source="Lei 14.690/2023 art. 28, Resolução CMN 5.112/2023",
        name_zh="巴西信用卡循环信贷总成本上限",
    ),
    Cap(
        "criminal rate, 60% effective",
        "60%",
        measure="effective",
        since="1981-04-01",
        until="2024-12-31",
        country="CA",
        whom="all credit but payday loans under a provincial law",
        source="Criminal Code s. 347 until 2024-12-31",
        name_zh="加拿大刑事利率（实际年利率60%）",
    ),
    Cap(
        "criminal rate, 35% APR",
        "35%",
        since="2025-01-01",
        country="CA",
        whom="all credit but what the Criminal Interest Rate Regulations except",
        source="Criminal Code s. 347",
        name_zh="加拿大刑事利率（年利率35%）",
    ),
    Cap(
        "commercial loans, 48% APR",
        "48%",
        since="2025-01-01",
        country="CA",
        whom="business loans above 10,000 up to 500,000 to others than natural persons; none above",
        source="Criminal Interest Rate Regulations, SOR/2024-114",
        name_zh="加拿大商业贷款利率上限（48%）",
    ),
    Cap(
        "pawn loans, 48% APR",
        "48%",
        since="2025-01-01",
        country="CA",
        whom="pawn loans of up to 1,000",
        source="Criminal Interest Rate Regulations, SOR/2024-114",
        name_zh="加拿大典当贷款利率上限（48%）",
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
        "excessive interest, 60%",
        "60%",
        measure="effective",
        since="1980-12-12",
        until="2022-12-29",
        country="HK",
        whom="all lenders but authorised institutions",
        source="Money Lenders Ordinance (Cap. 163) s. 24",
        name_zh="香港贷款实际年利率上限（60%）",
    ),
    Cap(
        "excessive interest, 48%",
        "48%",
        measure="effective",
        since="2022-12-30",
        country="HK",
        whom="all lenders but authorised institutions",
        source="Money Lenders Ordinance (Cap. 163) s. 24",
        name_zh="香港贷款实际年利率上限（48%）",
    ),
    Cap(
        "presumed extortionate, 36%",
        "36%",
        measure="effective",
        since="2022-12-30",
        country="HK",
        whom="all lenders but authorised institutions: a court may reopen the transaction",
        source="Money Lenders Ordinance (Cap. 163) s. 25",
        name_zh="香港敲诈性利率推定线（36%）",
    ),
    Cap(
        "interest, principal below 100,000",
        "20%",
        since="1954-06-15",
        country="JP",
        whom="loans below 100,000 yen: void above",
        source="利息制限法 art. 1",
        name_zh="日本利息上限（本金不足10万日元，20%）",
    ),
    Cap(
        "interest, principal from 100,000",
        "18%",
        since="1954-06-15",
        country="JP",
        whom="loans from 100,000 to below 1,000,000 yen: void above",
        source="利息制限法 art. 1",
        name_zh="日本利息上限（本金10万日元以上，18%）",
    ),
    Cap(
        "interest, principal from 1,000,000",
        "15%",
        since="1954-06-15",
        country="JP",
        whom="loans of 1,000,000 yen or more: void above",
        source="利息制限法 art. 1",
        name_zh="日本利息上限（本金100万日元以上，15%）",
    ),
    Cap(
        "punishable interest, 29.2%",
        "29.2%",
        since="2000-06-01",
        until="2010-06-17",
        country="JP",
        whom="lenders by way of business",
        source="出資法 art. 5(2)",
        name_zh="日本刑事利率上限（29.2%）",
    ),
    Cap(
        "punishable interest, 20%",
        "20%",
        since="2010-06-18",
        country="JP",
        whom="lenders by way of business",
        source="出資法 art. 5(2)",
        name_zh="日本刑事利率上限（20%）",
    ),
    Cap(
        "hire purchase up to 5 years, 17%",
        "17%",
        includes="interest",
        since="2026-06-01",
        country="MY",
        whom="hire purchase at a fixed rate of up to five years, or at a variable rate",
        source="Hire-Purchase (Term Charges) Regulations 2026, as reported",
        name_zh="马来西亚租购利率上限（五年以内，17%）",
    ),
    Cap(
        "hire purchase above 5 years, 16%",
        "16%",
        includes="interest",
        since="2026-06-01",
        country="MY",
        whom="hire purchase at a fixed rate of more than five years",
        source="Hire-Purchase (Term Charges) Regulations 2026, as reported",
        name_zh="马来西亚租购利率上限（五年以上，16%）",
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
        "full cost of consumer credit",
        [("2019-07-01", "365%"), ("2023-07-01", "292%")],
        since="2019-07-01",
        country="RU",
        whom="consumer credit; less if a third above the market average is lower",
        source="Federal Law 353-FZ art. 6(11), as amended by 613-FZ of 2022",
        name_zh="俄罗斯消费信贷全部成本上限",
    ),
    Cap(
        "consumer credit, interest a day",
        [("2019-07-01", "1%"), ("2023-07-01", "0.8%")],
        measure="daily",
        includes="interest",
        since="2019-07-01",
        country="RU",
        whom="consumer credit",
        source="Federal Law 353-FZ art. 5(23), as amended by 613-FZ of 2022",
        name_zh="俄罗斯消费信贷日利率上限",
    ),
    Cap(
        "consumer credit up to a year, total cost",
        [("2020-01-01", "150%"), ("2023-07-01", "130%"), ("2026-04-01", "100%")],
        measure="total",
        since="2020-01-01",
        country="RU",
        whom="consumer credit of up to a year: interest, penalties and charges",
        source="Federal Law 353-FZ art. 5(24), as amended by 613-FZ of 2022 and 545-FZ of 2025",
        name_zh="俄罗斯一年以内消费信贷总成本上限",
    ),
    Cap(
        "moneylenders, 4% a month",
        "48%",
        includes="interest",
        since="2015-10-01",
        country="SG",
        whom="licensed moneylenders, on the balance left",
        source="Moneylenders Rules 2009, as amended by S 567/2015",
        name_zh="新加坡持牌放债人利率上限（每月4%）",
    ),
    Cap(
        "moneylenders, total cost",
        "100%",
        measure="total",
        since="2015-10-01",
        country="SG",
        whom="licensed moneylenders: interest, late interest and fees",
        source="Moneylenders Rules 2009, as amended by S 567/2015",
        name_zh="新加坡持牌放债人总成本上限",
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
        Only those of a country: ``"AU"``, ``"BR"``, ``"CA"``, ``"CN"``, ``"GB"``, ``"HK"``, ``"JP"``,
        ``"MY"``, ``"NL"``, ``"RU"``, ``"SG"`` or ``"US"``.
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

"""The texts of annual percentage rates by law in English, by key."""

from __future__ import annotations

__all__ = ["LAWS"]

LAWS: dict[str, str] = {
    # -- how each rule measures
    "apr_rule.reg_z": "nominal, by the {period}, Regulation Z, actuarial method",
    "apr_rule.us_rule": "nominal, by the {period}, Regulation Z, United States Rule",
    "apr_rule.eu": "effective, Directive 2008/48/EC, Annex I",
    "apr_rule.uk": "effective, FCA Handbook, CONC App 1.2",
    "apr_rule.cn_irr": "compound, People's Bank of China announcement 2021 No. 3",
    "apr_rule.cn_simple": "simple, by the {period}, People's Bank of China announcement 2021 No. 3",
    "apr_rule.trid": "nominal, by the {period}, Regulation Z, Loan Estimate and Closing Disclosure",
    "apr_rule.uk_land": "effective, FCA Handbook, CONC App 1.1 and MCOB 10.3, credit secured on land",
    "apr_rule.uk_mortgage": "effective, FCA Handbook, MCOB 10A.2, mortgages",
    "apr_rule.au_comparison": "comparison rate, by the {period}, National Consumer Credit Protection Regulations 2010, regulation 100",
    "apr_rule.br_cet": "effective, Resolução CMN 4.881/2020, CET",
    "apr_rule.ca_cost": "cost of borrowing over the average principal, Financial Consumer Protection Framework Regulations, section 47",
    "apr_rule.ca_criminal": "annual percentage rate, by the {period}, Criminal Code of Canada, section 347",
    "apr_rule.ca_criminal_2024": "effective annual rate, Criminal Code of Canada, section 347, until 31 December 2024",
    "apr_rule.hk_npv": "effective, Code of Banking Practice of Hong Kong, net present value",
    "apr_rule.in_kfs": "nominal, by the {period}, Reserve Bank of India, Key Facts Statement",
    "apr_rule.jp_real": "simple interest between payments, Money Lending Business Act of Japan",
    "apr_rule.mx_cat": "effective, without value added tax, Banco de México, Circular 21/2009",
    "apr_rule.ru_psk": "nominal, by the {period}, Federal Law 353-FZ, article 6",
    "apr_rule.sg_moneylender": "effective, Moneylenders Rules 2009 of Singapore",
    # -- the proof of a rate
    "apr_proof.present_value": "each flow at its present value: {rate}; time in parts of a {period}",
    "apr_proof.balance": "the balance after each flow: {rate}; time since the one before in parts of a {period}",
    "apr_proof.principal": "the principal at the end of each period, before it is paid: {rate}; time in parts of a {period}",
    "apr_proof.total.present_value": "in all",
    "apr_proof.total.balance": "in the end",
    "apr_proof.total.principal": "average",
    "column.apr_rule": "rule",
    "column.country": "country",
    "column.decimals": "decimals",
    "column.rounding": "rounding",
    "column.source": "source",
    "column.time": "time",
    "column.present_value": "present value",
}

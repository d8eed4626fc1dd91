"""The texts of annual percentage rates by law in Chinese, by key."""

from __future__ import annotations

__all__ = ["LAWS"]

LAWS: dict[str, str] = {
    # -- how each rule measures
    "apr_rule.reg_z": "名义年利率，按美国《Z条例》精算法计算",
    "apr_rule.us_rule": "名义年利率，按美国《Z条例》“美国规则”计算",
    "apr_rule.eu": "有效年利率，按欧盟2008年第48号消费信贷指令附件一计算",
    "apr_rule.uk": "有效年利率，按英国金融行为监管局《消费信贷手册》附录1.2计算",
    "apr_rule.cn_irr": "复利，按中国人民银行公告〔2021〕第3号计算",
    "apr_rule.cn_simple": "单利，按中国人民银行公告〔2021〕第3号计算",
    "apr_rule.trid": "名义年利率，按美国《Z条例》贷款估算表和结清披露表的规定计算",
    "apr_rule.uk_land": "有效年利率，按英国金融行为监管局《消费信贷手册》附录1.1和《抵押贷款手册》10.3（以土地作担保的信贷）计算",
    "apr_rule.uk_mortgage": "有效年利率，按英国金融行为监管局《抵押贷款手册》10A.2计算",
    "apr_rule.au_comparison": "比较利率，按澳大利亚《2010年国家消费者信贷保护条例》第100条计算",
    "apr_rule.br_cet": "有效年利率，按巴西国家货币委员会第4881/2020号决议（综合有效成本，CET）计算",
    "apr_rule.ca_cost": "借款成本与平均本金之比，按加拿大《金融消费者保护框架条例》第47条计算",
    "apr_rule.ca_criminal": "名义年利率，按加拿大《刑法典》第347条计算",
    "apr_rule.ca_criminal_2024": "有效年利率，按2024年12月31日以前的加拿大《刑法典》第347条计算",
    "apr_rule.hk_npv": "实际年利率，按香港《银行营运守则》净现值法计算",
    "apr_rule.in_kfs": "名义年利率，按印度储备银行《关键事实说明书》的规定计算",
    "apr_rule.jp_real": "实质年率，按日本《贷金业法》计算",
    "apr_rule.mx_cat": "有效年利率，不含增值税，按墨西哥银行第21/2009号通函（年度总成本，CAT）计算",
    "apr_rule.ru_psk": "名义年利率，按俄罗斯第353-FZ号联邦法律第6条（信贷全部成本）计算",
    "apr_rule.sg_moneylender": "有效年利率，按新加坡《2009年放债人规则》计算",
    # -- the proof of a rate
    "apr_proof.present_value": "每笔现金流的现值：{rate}",
    "apr_proof.balance": "每笔现金流之后的余额（时间自上一笔起算）：{rate}",
    "apr_proof.principal": "每期末还款前的本金：{rate}",
    "apr_proof.total.present_value": "合计",
    "apr_proof.total.balance": "期末",
    "apr_proof.total.principal": "平均",
    "column.apr_rule": "规则",
    "column.country": "国家或地区",
    "column.decimals": "小数位数",
    "column.rounding": "舍入",
    "column.source": "依据",
    "column.time": "时间",
    "column.present_value": "现值",
}

"""Chinese: what errors of ``audit`` say, by the English text."""

__all__ = ["AUDIT"]

AUDIT: dict[str, str] = {
    # -- the rows of an offer
    "rows, columns, a table or a Schedule": "应为行、列、表格或 Schedule（还款计划）",
    "at least one row": "至少要有一行",
    "{} rows": "{} 行",
    "check a part": "请核对其中一部分",
    "one currency": "应为同一币种",
    "check the rows of one currency at a time": "请按币种分别核对",
    "a column of amounts": "应有金额列",
    "a column of a schedule": "应为还款计划的列",
    "columns of one length": "各列的长度应相同",
    "one column for {}": "{} 只能有一列",
    "write one of {}, or leave it out": "请写 {} 之一，或不写此项",
    "rows that are tuples; all others name their values": "各行应为元组；其他形式的行已带有名称",
    "{} cells, one a column": "应有 {} 个单元格，每列一个",
    "a row with names": "各行应带有名称",
    "{} values, or the names of them": "应有 {} 个值，或带有名称",
    "a date, as the other rows have": "应与其他行一样有日期",
    "write all dates, or none": "请写全部日期，或都不写",
    "a day not before {}, that of the row above": "不能早于上一行的日期 {}",
    "sort the rows, or correct the date": "请把各行排序，或更正日期",
    "at most {} decimals": "不能超过 {} 位小数",
    "check the figure, or the currency of the loan": "请检查该数，或贷款的币种",
    "an instalment with the number of payments": "须写每期还款额和期数",
    "rows, or instalment and payments": "应写 rows，或写 instalment 和 payments",
    "leave both out, as the rows contain them": "各行已包含，两项请都不写",
    "a line that names the columns": "应有一行列名",
    'write columns=("date", "payment", ...), or paste the header line too': (
        '请写 columns=("date", "payment", ...)，或把表头一并粘贴'
    ),
    "names not understood: {}": "未能识别的列名：{}",
    "names of columns, as these are: {}": "应为列名；已识别的有：{}",
    'write {}, where "" leaves a column out': '请写 {}，其中 "" 表示不读该列',
    "paste the table with one cell a column, or give a list of rows": (
        "请粘贴每列一个单元格的表格，或写各行的列表"
    ),
    "check the date, and date_order": "请检查日期和 date_order",
    "a date that can be read in one way only": "应为只有一种读法的日期",
    # -- the loan
    "a Loan or a Schedule": "应为 Loan（贷款）或 Schedule（还款计划）",
    "write rp.Loan(...) or leave it out": "请写 rp.Loan(...)，或不写此项",
    "none with loan=..., which says the {}": "写了 loan=... 就不能再写，其中已有 {}",
    "leave {} out, or write it in the loan": "请不写 {}，或写在贷款中",
    "the amount lent, which the rows do not say": "须写明贷款金额，各行中没有",
    'write principal="10000", or add the column "balance" or "principal"': (
        '请写 principal="10000"，或增加 "balance" 或 "principal" 列'
    ),
    "the day of disbursement, with one row alone": "只有一行时，须写明贷款发放日",
    "a day not after the first row, {}": "不能晚于首行日期 {}",
    "write an earlier start, or correct the first date": "请写更早的 start，或更正首行日期",
    "figures that some loan comes near to": "各数应与某种贷款相近",
    "state the loan, or give every row its date or number": "请写明贷款，或为每行写日期或期次",
}

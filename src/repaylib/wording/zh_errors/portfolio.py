"""Chinese: what errors of ``portfolio`` say, by the English text."""

__all__ = ["PORTFOLIO"]

PORTFOLIO: dict[str, str] = {
    # -- books of loans
    "a Portfolio": "应为 Portfolio（贷款组合）",
    "a whole book": "应为整个贷款组合",
    "a block of {} loans": "其中 {} 笔贷款",
    "rows {} to {}": "第 {} 行至第 {} 行",
    "change the plan": "请变更整个计划",
    "loans of one currency": "各笔贷款应为同一币种",
    "loans of one currency, as sums are of minor units": (
        "各笔贷款应为同一币种，因为合计以辅币单位计算"
    ),
    "loans that count with as many decimals as each other": "各笔贷款的小数位数应相同",
    "write book.where(mask) for each mask of book.currencies().values()": (
        "请对 book.currencies().values() 中的每个 mask 写 book.where(mask)"
    ),
    "write rp.statement(book.where(mask), ...) for each of book.currencies()": (
        "请对 book.currencies() 中的每个币种写 rp.statement(book.where(mask), ...)"
    ),
    "a statement of the same loans, {}": "应为相同贷款的对账单，共 {} 笔",
    "{} loans": "{} 笔贷款",
    "a whole number from 1": "应为不小于 1 的整数",
    "the row of a loan, 0 to {}": "应为贷款的行号，0 到 {}",
    # -- tables and columns
    "a mapping of columns, a table of pandas, Polars, pyarrow or DuckDB, or an Arrow stream": (
        "应为列的映射，pandas、Polars、pyarrow、DuckDB 的表格，或 Arrow 数据流"
    ),
    "write rp.Portfolio(principal=..., ...)": "请写 rp.Portfolio(principal=..., ...)",
    "a table with it": "须同时写表格",
    "either a column of the table or a parameter": "只能写成表格的列或参数",
    "a parameter of a loan: {}": "应为贷款的参数：{}",
    "a column": "列",
    'write columns={{"rate": "{}"}} with the parameter that it is': (
        '请写 columns={{"rate": "{}"}}，并改为相应的参数'
    ),
    "columns of different names": "列名不能重复",
    "rename one of them": "请给其中一列改名",
    "columns {}": "列 {}",
    "columns of {}": "应有下列各列：{}",
    "a column {}": "应有 {} 列",
    "no column {}": "没有 {} 列",
    "a column, or one value for all loans": "应为列，或各笔贷款相同的值",
    "one column, not a table of several": "应为一列，不能是多列的表格",
    "take one of them": "请只取其中一列",
    "one value a loan": "每笔贷款应有一个值",
    "an array of {} dimensions": "{} 维数组",
    "as many as {}, which has {}": "应与 {} 的个数相同，为 {}",
    "as many as the book has loans, {}": "应与贷款的笔数相同，为 {}",
    "write one value for each loan, or one for all": "请为每笔贷款写一个值，或只写一个值",
    "True or False for each loan, or for all": "每笔贷款应为 True 或 False，或只写一个值",
    "True or False for each of {} loans": "{} 笔贷款应各写 True 或 False",
    "write such as {}=book.start < day, or {}=numpy.isin(numpy.arange(len(book)), rows)": (
        "例如写 {}=book.start < day，或 {}=numpy.isin(numpy.arange(len(book)), rows)"
    ),
    "whole numbers": "应为整数",
    'write {}.astype("int64"), or "Int64" of pandas': (
        '请写 {}.astype("int64")，或 pandas 的 "Int64"'
    ),
    # -- days, rates and amounts of a table
    "days": "应为日期",
    "some whole numbers": "若干整数",
    "a column of {}": "{} 类型的列",
    "a list of floats": "浮点数的列表",
    "a whole day": "应为某一日",
    "write a day without a time": "请写不带时刻的日期",
    "days without a time zone": "日期不能带时区",
    '{}s such as "12%", Decimal("0.12") or Fraction(3, 25)': (
        '{} 应为利率，如 "12%"、Decimal("0.12") 或 Fraction(3, 25)'
    ),
    "write {} if 0.12 is 12 %": "0.12 指 12% 的，请写 {}",
    "write {} if 0.12 is 12 %, or {}, {} or {}": "0.12 指 12% 的，请写 {}；也可写 {}、{} 或 {}",
    "integers, which are minor units, or amounts as text or Decimal": (
        "应为整数（辅币单位），或文字、Decimal 形式的金额"
    ),
    "text or Decimal for all loans (major units), or a column of integers (minor units)": (
        "应都为文字或 Decimal（主币单位），或整数列（辅币单位）"
    ),
    "text or Decimal beside other text, or a column of integers alone (minor units)": (
        "其他值为文字时，应为文字或 Decimal；或全列为整数（辅币单位）"
    ),
    'write {}="{}", or {}=numpy.full(n, {}) if it is in minor units': (
        '请写 {}="{}"；以辅币单位计的，写 {}=numpy.full(n, {})'
    ),
    'write "{}" for major units': '以主币单位计的，请写 "{}"',
    'write numpy.rint({} * 100).astype("int64") for cents': (
        '以分计的，请写 numpy.rint({} * 100).astype("int64")'
    ),
    # -- formats
    "a mapping": "应为映射",
    "YYYY, one of MM, M and MMM, and one of DD and D, in their order": (
        "应按顺序写 YYYY，MM、M、MMM 之一，以及 DD、D 之一"
    ),
    "correct the value, or change {}": "请更正该值，或更改 {}",
    "a number": "应为数",
    "a number written {}": "应为写成 {} 的数",
    "a rate written {}": "应为写成 {} 的利率",
    "a day written {}": "应为写成 {} 的日期",
    # -- what a book can hold
    "an amount below 2**60 minor units in a book": "贷款组合中的金额应少于 2**60 个辅币单位",
    "an amount of at most {} minor units in a book": "贷款组合中的金额不能超过 {} 个辅币单位",
    "amounts below 2**60 minor units in every row of a book, and sums below 2**62": (
        "贷款组合每行的金额应少于 2**60 个辅币单位，合计应少于 2**62 个"
    ),
    "less than 2**62 minor units to be owed on it, which is {:,f}": (
        "当日欠款应少于 2**62 个辅币单位，即 {:,f}"
    ),
    "sums below 2**63 minor units": "合计应少于 2**63 个辅币单位",
    "take fewer loans, book.where(mask)": "请减少贷款笔数：book.where(mask)",
    "write rp.Loan(...), which takes it": "请写 rp.Loan(...)，可用此金额",
    "write rp.amortise(book.loan(...)), which takes it": (
        "请写 rp.amortise(book.loan(...))，可用此金额"
    ),
    "write rp.statement(plan.row(i), ...), which takes it": (
        "请写 rp.statement(plan.row(i), ...)，可用此金额"
    ),
    "write a smaller amount": "请写较小的金额",
    # -- receipts
    "Receipts, or a table of loan, on and amount": "应为 Receipts，或有 loan、on、amount 各列的表格",
    "whole numbers, the rows of the loans in the book": "应为整数，即贷款在组合中的行号",
    "the row of a loan of the book, 0 to {}": "应为贷款在组合中的行号，0 到 {}",
    "a column, one value a receipt": "应为列，每笔还款一个值",
    "as many as loan, which has {}": "应与 loan 的个数相同，为 {}",
    "write one value for each receipt": "请为每笔还款写一个值",
}

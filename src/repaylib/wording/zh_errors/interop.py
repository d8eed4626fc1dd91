"""Chinese: what errors of ``interop`` say, by the English text."""

__all__ = ["INTEROP"]

INTEROP: dict[str, str] = {
    "names of columns with their Arrow types": "应为列名及其 Arrow 类型",
    "cast the column before": "请先转换该列的类型",
    "a column that can be cast to {}": "该列应能转换为 {}",
    'write keep=["{}"], or another type ({})': '请写 keep=["{}"]，或改用其他类型（{}）',
    "a name that the output does not have itself": "不能与输出的列同名",
    'rename the column, such as "loan_{}", or leave {!r} out of figures': (
        '请给该列改名，如 "loan_{}"，或从 figures 中去掉 {!r}'
    ),
    "a column of the batch, which has {}": "应为该批数据的列，现有 {}",
    "record batches": "应为 record batch",
    "record batches, or an Arrow stream": "应为 record batch，或 Arrow 数据流",
    "a change, or a function of the schedules and the batch": "应为变更，或以还款计划和批次为参数的函数",
    "return rp.defer(plan, ...)": "请返回 rp.defer(plan, ...)",
    "{}, as the loans have": "应为 {}，与各笔贷款相同",
    "{} decimals": "{} 位小数",
    "the same decimals for all loans of one table": "同一张表中各笔贷款的小数位数应相同",
    "convert one currency at a time: book.where(mask) for mask in book.currencies().values()": (
        "请按币种分别转换：book.where(mask) for mask in book.currencies().values()"
    ),
}

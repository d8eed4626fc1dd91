"""Chinese: what errors of the command line say, by the English text."""

__all__ = ["CLI"]

CLI: dict[str, str] = {
    # -- the arguments
    "{}; see {} --help": "{}；用法请看 {} --help",
    "argument {}: {}": "选项 {}：{}",
    "unrecognized arguments: {}": "没有这样的选项或参数：{}",
    "the following arguments are required: {}": "缺少参数：{}",
    "ambiguous option: {} could match {}": "选项 {} 不明确，可能是 {}",
    "ignored explicit argument {}": "此选项后不能写 {}",
    "expected one argument": "须写一个值",
    "expected at most one argument": "最多只能写一个值",
    "expected at least one argument": "至少要写一个值",
    "invalid choice: {}, maybe you meant {}? (choose from {})": (
        "不能写 {}，是否应为 {}？（可选：{}）"
    ),
    "invalid choice: {} (choose from {})": "不能写 {}（可选：{}）",
    "{}: got FILE {} too; leave one of them out": "{}：不能同时写文件 {}；请去掉其中一项",
    "FILE: none was given; write one, such as what --example prints": (
        "文件：没有写文件名；请写一个，例如先用 --example 打印一份范例"
    ),
    "FILE, the debts and wishes": "写有债务和意愿的文件",
    # -- files
    "{}: {}; write another file name": "{}：{}；请写其他文件名",
    "--csv: cannot write {!r}: {}; write another file name": (
        "--csv：无法写入 {!r}：{}；请写其他文件名"
    ),
    "--csv: got {}, where {} prints; write a file name": (
        "--csv：写了 {}，而 {} 也要打印；请写文件名"
    ),
    "cannot print: {}; write elsewhere": "无法打印：{}；请输出到别处",
    "Permission denied": "没有权限",
    "File exists": "文件已存在",
    "File too large": "文件过大",
    "Input/output error": "读写出错",
    "Is a directory": "这是文件夹，不是文件",
    "Too many levels of symbolic links": "符号链接的层数过多",
    "Too many open files": "打开的文件过多",
    "File name too long": "文件名过长",
    "No such file or directory": "没有这个文件或文件夹",
    "No space left on device": "磁盘空间不足",
    "Not a directory": "路径中有一段不是文件夹",
    "Operation not permitted": "不允许此操作",
    "Read-only file system": "文件系统只能读取",
    # -- a loan tape
    "line {} of {}": "{1} 第 {0} 行",
    "{}, {}": "{}，{}",
    "{}; or write --errors collect to set such loans aside": (
        "{}；或写 --errors collect，把这样的贷款另列"
    ),
    "a column for {} (the tape has {})": "须有 {} 列（贷款数据中有 {}）",
    "write --columns {}=NAME, or --{} for all loans": (
        "请写 --columns {}=列名；各笔贷款都相同的，写 --{}"
    ),
    "write --columns {}=NAME": "请写 --columns {}=列名",
    "pairs such as start=origination_date; ours are {}": (
        "应为成对的名称，如 start=origination_date；可用的参数有 {}"
    ),
    "nothing, as --columns says {}={}": "不能再写，--columns 已写明 {}={}",
    "one format of each kind, such as rate=percent": "每种格式写一次，如 rate=percent",
    "write {} once for each": "请每种各写一次 {}",
    "an amount, or one for each month": "应为一个金额，或每月一个金额",
    "a CSV file in UTF-8": "应为 UTF-8 编码的 CSV 文件",
    "a Parquet file": "应为 Parquet 文件",
    "save it as one ({})": "请另存为此种文件（{}）",
    "one column {!r}": "{!r} 列只能有一列",
    "a column {!r} (there are {})": "应有 {!r} 列（现有 {}）",
    "give the others another name": "请给其余的列改名",
    "write --keep with one of them": "请在 --keep 后写其中之一",
    "{}, as there are names": "应为 {} 个，与列名数相同",
    "put cells that hold a separator in quotes": "含分隔符的单元格请加引号",
    "a name that ends in .csv or .parquet": "文件名应以 .csv 或 .parquet 结尾",
    "add .csv": "请加上 .csv",
    "the tape": "贷款数据",
    "decimals or text (major units), or whole numbers (minor units)": (
        "应为小数或文字（主币单位），或整数（辅币单位）"
    ),
    "days or text": "应为日期或文字",
    "store it as decimal(18, 2)": "请存为 decimal(18, 2) 类型",
    "store it as date": "请存为 date 类型",
    # -- changes as options
    "{} {} belongs to a change: write one of {} before it": (
        "{} {} 属于某项变更：请在前面写 {} 之一"
    ),
    "{} {} is no option of {}, whose options are {}": "{2} 没有选项 {0} {1}，可用的有 {3}",
    "{} {} is given twice: {} was before": "{} {} 重复：前面已写 {}",
    "add --{} 4 or --on DAY": "请加上 --{} 4 或 --on 日期",
    "a word for when": "应为表示何时的词",
    "write {}, {}, {}, {}, {}, {}": "请写 {}、{}、{}、{}、{} 或 {}",
    # -- the file of published figures
    "see python -m repaylib selftest --template": "请参看 python -m repaylib selftest --template",
    "a key of a case": "应为案例可用的键",
    "at least one case": "至少要有一个案例",
    "write a table [[cases]]": "请写表 [[cases]]",
    "a list of tables": "应为表的列表",
    'write [cases.expected] with instalment = "888.49", say': (
        '请写 [cases.expected]，其下如 instalment = "888.49"'
    ),
    "at least one figure": "至少要有一个数字",
    "the terms of the loan": "须写明贷款条款",
    "a table with one key": "应为只有一个键的表",
    "a figure of {}": "应为 {} 的一个数字",
    # -- the file of a case
    "see python -m repaylib negotiate --example": "请参看 python -m repaylib negotiate --example",
    "an option of a dossier": "应为该文件可用的选项",
    "write one of {}": "请写 {} 之一",
    "the day of the figures": "须写明各项数字的日期",
    "write today = 2024-04-20": "请写 today = 2024-04-20",
    "at least one debt": "至少要有一笔债务",
    "write a table [[debts]]": "请写表 [[debts]]",
    "one of the debts, {}": "应为其中一笔债务：{}",
    "write its name or lender": "请写其名称或贷款人",
    "a table {}": "应为表 {}",
    "write {} above its keys": "请在各键之上写 {}",
    "a list of receipts": "应为还款记录的列表",
    "write receipts = [{on = 2024-02-10, amount = 888.49}]": (
        "请写 receipts = [{on = 2024-02-10, amount = 888.49}]"
    ),
    "either this or receipts": "只能写此项或 receipts",
    "leave one of them out": "请去掉其中一项",
    "none beside balance": "不能与 balance 同时写",
    "at most {:,} bytes": "不能超过 {:,} 字节",
    "leave out what is paid, and sum receipts": "请删去已还清的债务，并把还款记录合并",
    "UTF-8; {}": "应为 UTF-8；{}",
    "TOML; {}": "应为 TOML；{}",
    "save it in UTF-8": "请以 UTF-8 保存",
    "{} parts": "{} 段",
    "at most {} parts of a key": "一个键不能超过 {} 段",
    "lists in lists": "嵌套的列表",
    "fewer lists in each other": "列表的嵌套层数应减少",
    # -- which plan
    "{}, or the number of a plan, 1 to {}": "应为 {}，或方案的序号 1 到 {}",
    "something left for {} of {:,f} a month, after {:,f} for the other debts": (
        "每月 {1:,f} 在支付其他债务 {2:,f} 之后，应有余额用于 {0}"
    ),
    "lower the essentials": "请降低基本生活支出",
    'lower the essentials or the reserve, or negotiate the others first: debt = "{}"': (
        '请降低基本生活支出或备用金，或先协商其他债务：debt = "{}"'
    ),
}

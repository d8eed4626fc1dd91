"""Chinese: what errors of ``output`` and ``plots`` say, by the English text."""

__all__ = ["OUTPUT"]

OUTPUT: dict[str, str] = {
    "the name of a file, as text or a path": "应为文件名：文字或路径",
    "write another name": "请改写文件名",
    "another file than {}": "不能与 {} 为同一文件",
    "a file that does not exist yet": "应为尚不存在的文件",
    "write another name, or add --force to replace it": "请改写文件名，或加 --force 覆盖",
    "{} to be installed": "需要安装 {}",
    "pip install 'repaylib[{}]'": "请执行 pip install 'repaylib[{}]'",
    "many loans with it": "只用于多笔贷款",
    "True, or a function of the loans done and all of them": (
        "应为 True，或以已完成笔数和总笔数为参数的函数"
    ),
    "names, one a plan": "应为名称的列表，每个方案一个",
    "plans, or a comparison of them": "应为方案，或方案的比较",
    "two plans or more": "至少要有两个方案",
}

"""Chinese: what errors of ``dates`` say, by the English text."""

__all__ = ["DATES"]

DATES: dict[str, str] = {
    # -- days
    "a day": "应为日期",
    "a date or ISO text": "应为日期或 ISO 格式的文字",
    "a day, not a week, a month or a year": "应为某一日，不能是周、月或年",
    "a day up to {}": "不能晚于 {}",
    "a day without a time of day": "日期不能带时刻",
    "a day without a time zone": "日期不能带时区",
    "a day from start={}": "不能早于 start={}",
    "swap the two": "请对调两者",
    "due dates, and one before the first, in the years 1 to 9999": (
        "各还款日以及首个还款日之前的一期，应在公元 1 年至 9999 年之间"
    ),
    "take fewer payments": "请减少期数",
    "take fewer payments or another start": "请减少期数，或改写 start",
    "the year {}": "公元 {} 年",
    "{} and {} days": "{} 加 {} 天",
    # -- day counts
    "a count of days, as due dates that are listed are no regular periods": (
        "还款日逐一列出时没有固定周期，计息基础应按天数计算"
    ),
    'a day count that counts days, as day_count="{}" counts periods': (
        '计息基础应按天数计算；day_count="{}" 按期计算'
    ),
    'a numpy.busdaycalendar with day_count="{}", which counts business days': (
        'day_count="{}" 按工作日计算，须同时写 numpy.busdaycalendar'
    ),
    "day_count={} with it; no other asks for it": "只用于 day_count={}",
    'write day_count="{}", or leave {} out': '请写 day_count="{}"，或不写 {}',
    # -- business days and holidays
    "a Calendar or a numpy.busdaycalendar": "应为 Calendar 或 numpy.busdaycalendar",
    'a roll with it; roll="none" says that no day moves': (
        '须同时写 roll；roll="none" 表示日期不调整'
    ),
    'write roll="modified_following" and calendar=rp.Calendar(), or leave accrual_dates out': (
        '请写 roll="modified_following" 和 calendar=rp.Calendar()，或不写 accrual_dates'
    ),
    "a calendar with it; calendar=None says that every day is a business day": (
        "须同时写 calendar；calendar=None 表示每天都是工作日"
    ),
    "a business day in the years 1 to 9999": "公元 1 年至 9999 年之间应有工作日",
    "a business day in every year": "每年应有工作日",
    "list fewer holidays, or a weekmask of more days": "请减少节假日，或增加 weekmask 中的工作日",
    "all days of {} that weekmask={!r} has": "{} 年中 weekmask={!r} 的所有日期",
    "the business days of a week; {}": "应为每周的工作日；{}",
    "the package holidays to be installed": "需要安装 holidays 包",
    "pip install 'repaylib[holidays]'": "请执行 pip install 'repaylib[holidays]'",
    "one that the package holidays knows": "应为 holidays 包已有的名称",
    "the holidays of all years of the schedule, which is paid from {} to {}": (
        "须有还款期间（{} 至 {}）各年的节假日"
    ),
    "take them of years=range({}, {}), or write holidays=list(...) if there are no others": (
        "请取 years=range({}, {}) 的节假日；没有其他节假日的，写 holidays=list(...)"
    ),
    "a list of days": "应为日期的列表",
    "{} without years": "没有年份的 {}",
    "{} without a day": "没有日期的 {}",
    "a {} that gives nothing, perhaps as it was gone through before": (
        "没有内容的 {}，可能此前已被读取"
    ),
    "one that was built with its years, as it has no holiday until it is asked for a day": (
        "创建时须写明年份；否则在查询日期之前没有任何节假日"
    ),
    "days that are there, as it seems to find them only when it is asked": (
        "应已有日期；此对象似乎在查询时才生成日期"
    ),
    "{}, with all years of the schedule": "请写 {}，包括还款计划的各个年份",
    "write holidays=[...] with the days, or holidays=[] if there are none": (
        "请在 holidays=[...] 中写明日期；没有节假日的，写 holidays=[]"
    ),
    "write holidays=list(...) where it is made, or holidays=[] if there are none": (
        "请在创建处写 holidays=list(...)；没有节假日的，写 holidays=[]"
    ),
    "whole years, from 1 to 9999": "应为公元 1 年至 9999 年的年份",
    "years that the holidays were built with: {}": "应为创建节假日时的年份：{}",
    "build the holidays with these years, and leave years= out": (
        "请以这些年份创建节假日，并且不写 years="
    ),
    # -- frequencies
    'one of {}, "2 months", "2 weeks", "3 days", a relativedelta or an rrule of dateutil, or a list '
    "of days": (
        '应为下列之一：{}、"2 months"、"2 weeks"、"3 days"、dateutil 的 relativedelta 或 rrule、'
        "日期的列表"
    ),
    "at least one day": "至少要有一个日期",
    "days that ascend; it stands after {}": "日期应由早到晚；此日期写在 {} 之后",
    "two days of the month, the first from 1 to 27, the second later, to 31": (
        "应为每月的两个日子：第一个为 1 到 27 日，第二个更晚，最晚 31 日"
    ),
    'every="half_month" with it, not every={!r}': (
        '须同时写 every="half_month"，不能写 every={!r}'
    ),
    'one from 2, as missing_day="next" may put the second on the first of a month': (
        '第一个日子应从 2 日起；missing_day="next" 会把第二个日子移到下月 1 日'
    ),
    "one rule; a set of rules has no text of its own": "应为单个规则；规则的集合无法写成文字",
    "a rule in the digits 0 to 9": "规则中应使用数字 0 到 9",
    "a rule of whole days": "规则应以整日为单位",
    "a rule with an interval of 1 or more": "规则的 INTERVAL 应不小于 1",
    "a rule that gives a day": "规则应得出日期",
    "a rule without a time of day": "规则不能带时刻",
    "a rule of RFC 5545; {}": "应为 RFC 5545 的规则；{}",
    "a rule that begins at most {} years before start={}": "规则的起始日最多早于 start={1} {0} 年",
    "a rule that gives a day after start={}": "规则应得出晚于 start={} 的日期",
    "a rule that can be followed; {}": "规则应可执行；{}",
    "write such as DTSTART:{:%Y%m%d}": "例如写 DTSTART:{:%Y%m%d}",
    "write another rule": "请改写规则",
    "write another rule or another start": "请改写规则，或改写 start",
    "write {}, or a rule with COUNT": "请写 {}，或写带 COUNT 的规则",
    # -- due dates
    "due dates at one frequency from the start on, without a stub, or a list of them": (
        "还款日应自 start 起按同一周期排列、没有不足一期的天数，或逐一列出"
    ),
    "write first_payment and every for the payments after the first, which is then less to lend": (
        "请以 first_payment 和 every 写明其后各期；首期还款从贷款金额中扣减"
    ),
    "a day in every period; due date {} is paid on {}, which is not after the one before": (
        "每期至少应有一天；第 {} 个还款日的付款日为 {}，不晚于上一个还款日"
    ),
    'write accrual_dates="unadjusted", or a longer every': (
        '请写 accrual_dates="unadjusted"，或更长的 every'
    ),
    "due dates after start={}": "还款日应晚于 start={}",
    "leave it out, or write {}": "请不写此项，或写 {}",
    "a day after the start, {}": "应晚于贷款发放日 {}",
    "write a later first due date, or in_advance=True": (
        "请写更晚的首个还款日，或写 in_advance=True"
    ),
    "write a later first due date, or an earlier start": "请写更晚的首个还款日，或更早的 start",
    "payments or maturity, as every={} never ends": (
        "须写 payments 或 maturity，因为 every={} 没有终止日"
    ),
    "{}, the first of every={} after start={}": "应为 {0}，即 every={1} 在 start={2} 之后的首个日期",
    "none with every={}, which names each due date": "不能与 every={} 同时写，其中已列出各还款日",
    "one of the due dates of every={}": "应为 every={} 中的还款日",
    "leave maturity out, or list it": "请不写 maturity，或将其列入",
    "{}, as there are due dates to maturity={}": "应为 {}，即至 maturity={} 的还款日个数",
    "write only one of payments and maturity": "payments 与 maturity 请只写一项",
    "the first payment on start={}, and first_payment={} is later": (
        "首期应在 start={} 还款，而 first_payment={} 更晚"
    ),
    "start={} as the first due date, and every={} begins with {}": (
        "首个还款日应为 start={}，而 every={} 以 {} 开始"
    ),
    'write every=["{}", "{}", ...], or leave in_advance out': (
        '请写 every=["{}", "{}", ...]，或不写 in_advance'
    ),
    "{} due dates, the last on {}": "{} 个还款日，最后一个为 {}",
    "one for payment {} too": "第 {} 期也应有还款日",
    "list more due dates": "请列出更多还款日",
    # -- stubs and the end
    "a number of payments, as no maturity ends the loan": "须写期数，因为没有写明到期日",
    "write {}, or maturity": "请写 {} 或 maturity",
    "a day from {} on": "不能早于 {}",
    "write a later maturity": "请写更晚的 maturity",
    "a day from {}, the first due date or the start, to maturity={}": (
        "应在首个还款日或贷款发放日 {} 至 maturity={} 之间"
    ),
    "write another last_regular": "请改写 last_regular",
    "maturity with it, as the stub runs from the one to the other": (
        "须同时写 maturity；不足一期的天数从此日算到到期日"
    ),
    "write maturity as well": "请同时写 maturity",
    "first_payment, last_regular and maturity with it; {}=None": (
        "须同时写 first_payment、last_regular 和 maturity；{}=None"
    ),
    "write {} as well": "请同时写 {}",
    "what agrees with {}": "应与 {} 一致",
    "one of due_days=({}, {}) of a month": "应为每月 due_days=({}, {}) 中的日子",
    "write a {} on day {} or {}": "{} 请写在 {} 日或 {} 日",
}

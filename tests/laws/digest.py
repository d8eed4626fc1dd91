"""All that the public names come to, as text: what the examples of their docstrings make, walked through.

``python -m tests.laws.digest SETTING`` prints it as it comes out under one of the settings that a caller
may have made, and fails if a call changes them.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import decimal
import doctest
import inspect
import io
import json
import re
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

import numpy as np

TRAPS = [
    *(decimal.Clamped, decimal.DivisionByZero, decimal.FloatOperation, decimal.Inexact),
    *(decimal.InvalidOperation, decimal.Overflow, decimal.Rounded, decimal.Subnormal),
    decimal.Underflow,
]


def _decimals(**words: Any) -> Callable[[], None]:
    given = {"flags": [], "traps": [decimal.InvalidOperation], **words}
    return lambda: decimal.setcontext(Context(**given))


def _default_context() -> None:
    """Change the template of contexts: of those of new threads, and of those made without words."""
    new = decimal.DefaultContext
    new.prec, new.rounding, new.Emax, new.Emin = 2, decimal.ROUND_UP, 3, -3
    for trap in TRAPS:
        new.traps[trap] = True
    decimal.setcontext(Context())


def _call() -> None:
    np.seterrcall(_refuse)
    np.seterr(all="call")


def _refuse(kind: str, flag: int) -> None:
    raise FloatingPointError(f"{kind} was reported to the caller")


def _all() -> None:
    SETTINGS["every trap"]()
    SETTINGS["numpy raises"]()
    SETTINGS["numpy prints"]()
    SETTINGS["warnings"]()


#: What a caller may have set, by name.
SETTINGS: dict[str, Callable[[], object]] = {
    "nothing": lambda: None,
    "no floats": _decimals(traps=[decimal.FloatOperation]),
    "down": _decimals(rounding=decimal.ROUND_DOWN),
    "up, to 12 digits": _decimals(prec=12, rounding=decimal.ROUND_UP),
    "3 digits": _decimals(prec=3, traps=[]),
    "exact or not at all": _decimals(traps=[decimal.Inexact, decimal.Rounded]),
    "small exponents": _decimals(prec=4, Emin=-1, Emax=1, clamp=1, traps=[]),
    "small letters": _decimals(capitals=0),
    "every trap": _decimals(prec=1, Emin=0, Emax=0, clamp=1, traps=TRAPS),
    "new contexts": _default_context,
    "numpy raises": lambda: np.seterr(all="raise"),
    "numpy calls": _call,
    "numpy prints": lambda: np.set_printoptions(
        precision=1, threshold=3, edgeitems=1, linewidth=20, suppress=True, sign="+"
    ),
    "warnings": lambda: warnings.simplefilter("error"),
    "all of it": _all,
}


#: What methods are called with, by the name of the word.
WORDS: dict[str, Any] = {
    **{"row": 1, "low": 0, "high": 1, "minor": 88_849, "length": 3, "days": 40, "instalments": 2},
    **{"amount": "888.49", "value": "888.49", "parameter": "amount", "name": "own", "which": 0},
    **{"day": date(2024, 5, 20), "as_of": "2025-02-10", "start": date(2024, 1, 10)},
    **{"key": "payment", "table": "due", "ahead": "last", "hold": "maturity", "item": "payment"},
    **{"share": Fraction(1, 12), "ordinary": Fraction(1, 8), "pace": Fraction(1, 12)},
    **{"overdue": Decimal("100.00"), "balance": 90_000, "interest": 900, "now": 88_849},
    **{"rows": np.array([0]), "decimals": np.array([2, 2]), "mask": np.array([True, False])},
    **{"later": "2025-03-10", "write": str, "reader": lambda value, name: value},
    **{"first": date(2024, 1, 10), "last": date(2024, 12, 10)},
    **{"opens": lambda number: date(2024 + number // 12, number % 12 + 1, 10), "paid": None},
}


def state() -> object:
    """Return what the caller has set, and the flags of the decimal context."""
    numpy = (np.geterr(), repr(np.geterrcall()), repr(np.get_printoptions()))
    return repr(decimal.getcontext()), repr(decimal.DefaultContext), numpy


class Digest:
    """A walk through values, each noted as text."""

    #: Of each class, so many are looked at from all sides.
    MOST = 1
    #: Of a sequence, so many of either end.
    ENDS = 3

    def __init__(self, public: Sequence[str], apart: Sequence[str] = ()) -> None:
        self.public = frozenset(public)
        self.apart = apart
        self.lines: list[str] = []
        self.met: Counter[str] = Counter()
        self.asked: set[str] = set()

    def note(self, where: str, value: Any) -> None:
        """Note a value, and what can be asked of it."""
        match value:
            case Decimal():
                self.lines.append(f"{where}: {value.as_tuple()}")
            case None | str() | bool() | int() | float() | Fraction() | date():
                self.lines.append(f"{where}: {value!r}")
            case np.ndarray() | np.generic():
                self.lines.append(f"{where}: {value.dtype} {value.tolist()}")
            case bytes():
                self.lines.append(f"{where}: {value.hex()}")
            case set() | frozenset():
                self.lines.append(f"{where}: {sorted(map(str, value))}")
            case _ if _is_foreign(value):
                pass
            case _ if hasattr(value, "keys"):
                for key in iter(value):
                    self.note(f"{where}[{key}]", value[key])
            case _ if hasattr(value, "__iter__"):
                every = list(value)
                for number, each in enumerate(every):
                    if not self.ENDS <= number < len(every) - self.ENDS:
                        self.note(f"{where}[{number}]", each)
        if type(value).__module__.startswith("repaylib"):
            self._look(where, value)

    def _look(self, where: str, value: Any) -> None:
        kind = type(value).__name__
        if kind not in self.public or self.met[kind] >= self.MOST:
            return
        self.met[kind] += 1
        self.asked |= {each.__name__ for each in type(value).__mro__}
        for text in (str, repr, "{}".format):
            self.lines.append(f"{where} as text: {_capitals(text(value))}")
        for name in dir(type(value)):
            if name.startswith("_") and name != "_repr_html_":
                continue
            if name not in self.apart:
                self._ask(f"{where}.{name}", value, name)

    def _ask(self, where: str, value: Any, name: str) -> None:
        """Note an attribute, or what a method returns; what is refused is a part of it, too."""
        try:
            found = getattr(value, name)
            if not callable(found):
                self.note(where, found)
            elif inspect.ismethod(found) and (needed := needed_by(found)) <= WORDS.keys():
                self.note(where, found(**{name: WORDS[name] for name in needed}))
        except Exception as error:
            self.lines.append(f"{where}: {type(error).__name__}: {error}")


def _is_foreign(value: object) -> bool:
    """Whether a value is a class, or of another library."""
    return inspect.isclass(value) or type(value).__module__.split(".")[0] in ("pandas", "pyarrow")


def needed_by(function: Callable[..., Any]) -> set[str]:
    """Return the words that a function cannot be called without."""
    return {
        name
        for name, each in inspect.signature(function).parameters.items()
        if each.default is each.empty and each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
    } - {"self"}


def _capitals(text: str) -> str:
    """Write exponents within ``Decimal(...)`` in one way: those are not the library's own words."""
    return re.sub(r"(?<=Decimal\(')[^']*", lambda found: found[0].upper(), text)


def examples() -> Iterator[tuple[str, str]]:
    """Go through the examples of the public names, and those of the page below."""
    from tests.strategies.public import PUBLIC

    finder = doctest.DocTestFinder()
    for name, value in PUBLIC.items():
        for test in finder.find(value, name):
            yield test.name, "".join(example.source for example in test.examples)
    yield "more", MORE


def digest(apart: Sequence[str] = ()) -> Digest:
    """Run the examples, and walk through all that they make, but for attributes that stand apart."""
    import repaylib as rp
    from tests.strategies.public import PUBLIC

    found, before = Digest(list(PUBLIC), apart), state()
    for where, source in examples():
        globs = {**vars(builtins), **PUBLIC}
        globs |= {"rp": rp, "Decimal": Decimal, "Fraction": Fraction, "date": date, "np": np}
        known = set(globs)

        def show(*values: Any, where: str = where, **words: Any) -> None:
            for value in values:
                found.note(f"{where} prints", value)

        globs["print"] = show
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            for node in ast.parse(source).body:
                if _computes(node):
                    continue
                found.asked |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
                found.asked |= {
                    each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)
                }
                made = f"{where}: {ast.unparse(node)}"
                try:
                    if isinstance(node, ast.Expr):
                        code = compile(ast.Expression(node.value), where, "eval")
                        found.note(made, eval(code, globs))
                    else:
                        exec(compile(ast.Module([node], []), where, "exec"), globs)
                except rp.RepayError as error:  # what is refused is a part of the digest, too
                    found.lines.append(f"{made}: {error}")
                assert state() == before, f"{made} leaves a trace"
            for name in [name for name in globs if name not in known]:
                if not inspect.ismodule(globs[name]) and name != "__builtins__":
                    found.note(f"{where}: {name}", globs[name])
        found.lines.append(f"{where} prints: {printed.getvalue()}")
        assert state() == before, f"{where} leaves a trace"
    return found


def _computes(node: ast.stmt) -> bool:
    """Whether an example computes something by itself, in the context of its caller."""
    kinds = (ast.Sub, ast.Div, ast.USub)
    return any(isinstance(each, kinds) for each in ast.walk(node)) or "round(" in ast.unparse(node)


#: What no docstring shows.
MORE = """
rp.measures.effective_to_flat("24%", 12, per="period", measure="nominal")
loan = rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY", fees=[rp.Fee("1%", collected="deducted")])
plan = rp.amortize(loan)
later = rp.defer(plan, payment=4, periods=2)
changed = rp.amortise(loan, rp.changes.Prepayment("500", on="2024-03-20"), rp.changes.RateChange("8%", payment=6))
plan.explain(4)
later.explain(8)
rp.compare(plan, later, changed)
plan.effective_date(rp.changes.Deferral(payment=4)), plan.requested_date(rp.changes.Deferral(payment=4))
rp.negotiation.Target("550").minor(loan, 88_849)
rp.settle(later, on="2024-07-20", fee="1%").explain(), rp.settle(plan, on="2024-07-20", amount="500").explain()
rp.compare(plan, later).explain(1), rp.compare(plan, later).explain("as agreed")
rp.schedule.ValuedFlow(plan[0].date, plan[0].date, plan[0].payment).worth, rp.compare(plan, later).explain(1).figures[0].flows
rp.measures.cap_report(loan, [rp.measures.Cap("a", "10%"), rp.measures.Cap("b", "1%", measure="daily")]).explain("b")
rp.xirr(later), rp.npv(later, "9%"), rp.apr(changed)
steady = rp.Loan("10000", rp.steps("9%", {7: "6.5%"}), 24, "2024-01-31", day_count="actual/360")
rp.amortise(steady), rp.xirr(steady), rp.apr(steady, rule="reg_z")
paid = [rp.Receipt("2024-02-12", "900"), rp.Receipt("2024-03-10", "400.25", id="A"), rp.arrears.Reversal("2024-03-13", of="A")]
paid += [rp.arrears.Charge("2024-04-01", "20", "costs"), rp.arrears.Waiver("2024-04-02", "penalty", share="50%")]
owed = rp.statement(plan, paid, as_of="2024-06-10", penalty=rp.PenaltyTerms("1.5"))
owed.later("2024-07-10")
rp.readings(owed), rp.readings(plan, rp.changes.Prepayment("500", on="2024-03-20"), all=True)
rp.measures.solve(lambda amount: rp.Loan(amount, "12%", 12, "2024-01-10"), "amount", at_most="800")
new = rp.renegotiate(owed, payments=18, arrears={"penalty": "forgive"}, breach=rp.arrears.Breach(days=30))
new.latest, new.if_breached(3)
parties = {"lender": "Bank", "borrower": "Chen Yu"}
for language in ("en", "zh"):
    for each in (rp.agreement(later, parties=parties, breach=rp.arrears.Breach(days=30), lang=language),
                 rp.agreement(new, parties=parties, lang=language),
                 rp.letter(plan, proposal=rp.reschedule(plan, payments=18, payment=4),
                           budget=rp.Budget("4200", "3450", "250"), parties=parties, lang=language)):
        print(each, each.to_markdown(), each.to_html())
rp.arrears.credit_record(owed, codes="CN"), rp.arrears.credit_record(owed, codes="US").largest
rebuilt = rp.measures.rebuild(owed, "6%")
rebuilt.claim, rebuilt.refund, rp.documents.claim(rebuilt, parties=parties)
debts = rp.schedule.combine([plan, later], names=["first", "second"])
debts.part(0), debts.allocate("500", on="2024-02-10"), rp.agreement(debts, parties=parties)
moved = rp.refinance([plan, later], on="2024-04-10", rate="8%", payments=9)
moved.quote(0), moved.explain()
rp.measures.known_caps()
rp.measures.apr_rules()
rp.measures.disclosure(later, "us_trid"), rp.measures.disclosure(later, "us_trid").values
rp.apr(later, rule="ca_cost").explain(), rp.apr(changed, rule="eu").explain(), rp.apr(plan, rule="jp_real").explain()
rp.measures.cap_report(loan, rp.measures.known_caps("CN", on="2024-01-10"))
rp.measures.cost_sheet(later), rp.measures.cost_sheet(later).items
found = rp.negotiate(later, affordable="700", payment=8, limits=rp.Limits(months=24, rate="6%", npv_loss="3%"))
found[0].explain()
several = rp.negotiate([plan, loan], affordable="700.05", payment=4)
booked = rp.measures.journal(owed, fees="effective", costs="55")
booked.balances("2024-04-20"), booked.by_kind(), rp.measures.journal(later, by="day", fees="straight_line")
rp.measures.modification_test(plan, rp.change_rate(plan, "7.77%", payment=4)).explain()
home = rp.Loan("200000", "6.5%", 300, "2024-01-01")
rp.negotiation.concede(home, rp.negotiation.Waterfall.hamp(), target="1100")
rp.allocate_budget([rp.Debt(home), rp.Debt("900", rate="24%", minimum="45", lender="card")], "1400", on="2024-04-10")
lines = [(row.date, row.payment, row.interest, row.principal, row.closing) for row in rp.amortise(home)[:40]]
rp.check_offer(rp.amortise(loan).rows, loan)
names = ("date", "payment", "interest", "principal", "closing")
rows = [{name: getattr(row, name) for name in names} for row in rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10"))]
rows[4]["interest"] = "67.99"
rp.check_offer(rows).departures
book = rp.Portfolio(principal=["1000", "2000", "333.33", "5000"], rate=["12%", "8%", "9.99%", "1200%"],
                    payments=[12, 24, 36, 300], start="2024-01-10", errors="collect")
plans = rp.defer(rp.amortise(book), payment=[2, None, 4, 5])
quotes = rp.settle(plans, on="2024-05-20")
late = rp.statement(plans, {"loan": [0, 1], "on": ["2024-02-10", "2024-02-10"], "amount": ["88.85", "90"]}, as_of="2024-06-01", penalty=rp.PenaltyTerms("1.5"))
late.roll_rates("2024-07-01"), late.by_kind("balances")
rp.Portfolio(principal=["1000", "x"], rate="5%", payments=3, start="2024-01-10", errors="collect").rejects
rp.allocate_budget([rp.Debt(home)], "100", on="2024-04-10").shortfalls
rp.portfolio.Receipts(loan=[0], on=["2024-02-10"], amount=["5.55"])
rates = rp.xirr(plans)
worths = rp.npv(plans, "9%", day_count="actual/365")
rp.apr(plans, "cn_irr"), rp.apr(plans, "jp_real"), rp.measures.costs(plans)
rp.irr(np.array([[-100, 110, 0], [-100, 60, 60], [-100, 0, 10**15]]))
long = rp.xirr([("2024-01-10", "-10000"), *((f"{year}-01-10", "12000") for year in range(2025, 2125))])
rp.npv([("2024-01-10", "-100"), ("9024-01-10", "100")], "900%", day_count="actual/365")
for word in ("x", "12", "1e9999999999999999999", "nan", "1,000.5", Decimal("1E-99"), 0.5):
    try:
        rp.Loan(word, "12%", 12, "2024-01-10"), rp.Loan("100", f"{word}%", 12, "2024-01-10")
    except rp.RepayError as error:
        print(error)
from repaylib.cli.main import main
main([])
"""


def main(setting: str) -> None:
    SETTINGS[setting]()
    # What takes seconds to load is asked for once; frames of other libraries are not looked into.
    found = digest(() if setting == "all of it" else ("to_pandas", "to_arrow"))
    print(json.dumps({"lines": found.lines, "asked": sorted(found.asked)}))


if __name__ == "__main__":
    main(sys.argv[1])

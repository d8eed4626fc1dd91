"""The catalogues of the languages: equal keys and slots, and every sentence can be rendered."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, get_args

import pytest

import repaylib as rp
from repaylib import typing
from repaylib.engine.ledger import NoteKind
from repaylib.rates.rate import Share
from repaylib.typing import Lang
from repaylib.wording.sentence import Language, Listed, Money, Sentence, parse_language

SOURCE = Path(rp.__file__).parent
ENGLISH = parse_language("en")
OTHERS = [parse_language(lang) for lang in get_args(Lang) if lang != "en"]


def slots(text: str) -> dict[str, bool]:
    """The slots of a text, and whether each only chooses between one and many."""
    found: dict[str, bool] = {}
    for _, name, form, _ in Formatter().parse(text):
        if name:
            found[name] = found.get(name, True) and "|" in (form or "")
    return found


@pytest.mark.parametrize("other", OTHERS, ids=lambda language: language.code)
def test_catalogues_have_equal_keys_and_slots(other: Language) -> None:
    assert other.texts.keys() == ENGLISH.texts.keys()
    for key, english in ENGLISH.texts.items():
        mine, its = slots(english), slots(other.texts[key])
        shown = {name for name, chooses in mine.items() if not chooses}
        its_shown = {name for name, chooses in its.items() if not chooses}
        assert its_shown <= mine.keys(), key
        # what English says of a period goes without saying in Chinese; errors are in English
        assert shown <= its.keys() | {"period", "reason"}, key


def test_chinese_is_chinese() -> None:
    chinese = parse_language("zh")
    for key, text in chinese.texts.items():
        if key == "html_lang":
            continue
        bare = re.sub(r"\{[^}]*\}", "", text)
        assert re.search("[一-鿿]", bare) or not re.search("[A-Za-z]", bare), key


def example(name: str, key: str) -> object:
    """Something that may fill a slot."""
    text = ENGLISH.texts[key]
    if re.search(rf"\{{{name}:(points|basis)", text + OTHERS[0].texts[key]):
        return Share(Fraction(3, 100))
    if re.search(rf"\{{{name}:[^}}]*\|", text):
        return 3
    kinds: dict[str, object] = {
        "amount": Money(Decimal("888.49"), "CNY"), "day": date(2024, 4, 10), "number": 4, "count": 3,
    }  # fmt: skip
    return kinds.get(name, "x")


@pytest.mark.parametrize("language", [ENGLISH, *OTHERS], ids=lambda language: language.code)
def test_every_sentence_is_rendered(language: Language) -> None:
    for key, text in language.texts.items():
        filled = {name: example(name, key) for name in slots(ENGLISH.texts[key])}
        shown = language.say(key, **filled)
        assert "{" not in shown, key
        assert (shown == text) == ("{" not in text), key


@cache
def trees() -> dict[Path, list[ast.AST]]:
    """Return the nodes of each file of the code, parsed once."""
    return {
        path: list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        for path in SOURCE.rglob("*.py")
    }


@cache
def written() -> tuple[frozenset[str], frozenset[str]]:
    """The texts of the code outside the catalogues, and the first parts of those put together."""
    whole: set[str] = set()
    parts: set[str] = set()
    for path, nodes in trees().items():
        if path.parent.name == "wording" and path.stem != "sentence":
            continue
        for node in nodes:
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                parts.add(str(node.values[0].value))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
    return frozenset(whole), frozenset(part for part in parts if len(part) > 3)


def test_every_sentence_is_used() -> None:
    whole, parts = written()
    for key in ENGLISH.texts:
        used = not {key, key.removeprefix("miss_"), key.rpartition(".")[0] or key}.isdisjoint(whole)
        assert used or any(key.startswith(part) for part in parts), key


def keys_named() -> Iterator[str]:
    """Every key that the code names in full."""
    for nodes in trees().values():
        for node in nodes:
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") == "Sentence"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                yield str(node.args[0].value)


def test_every_key_that_is_named_exists() -> None:
    named = set(keys_named())
    assert len(named) > 80
    assert named <= ENGLISH.texts.keys()


#: The words of an option, each of which has a sentence, but for those that go without saying.
FAMILIES: dict[str, tuple[Any, set[str]]] = {
    "apr_rule": (typing.AprRule, set()),
    "arrears": (typing.ArrearsPart, set()),
    "breach_when": (typing.Reinstates, set()),
    "breach_when.since": (typing.PenaltyFrom, set()),
    "collected": (typing.Collected, set()),
    "day_count": (typing.DayCount, set()),
    "deferral": (typing.Hold, set()),
    "deferral.stops": (typing.Pause, set()),
    "disclosure": (typing.DisclosureSheet, set()),
    "fee.of": (typing.FeeBase, set()),
    "fee_name": (typing.FeeTime, set()),
    "fee_time": (typing.FeeTime, set()),
    "gap": (typing.Repay, set()),
    "kind": (typing.Method, {"bullet"}),
    "loan.counted": (typing.CountedDays, {"first"}),
    "loan.last": (typing.LastPayment, {"any"}),
    "method": (typing.Method, set()),
    "moved.on": (typing.DeferralBase, set()),
    "odd": (typing.OddDays, set()),
    "order": (typing.Component, set()),
    "order.age": (typing.Age, set()),
    "order.ahead": (typing.PrepaymentHold, set()),
    "penalty.base": (typing.PenaltyBase, set()),
    "penalty.on": (typing.PenaltyBase, set()),
    "prepayment.interest": (typing.PrepaymentInterest, {"none"}),
    "rate": (typing.RateKind, set()),
    "reduced": (typing.ForgivenessHold, set()),
    "roll": (typing.BusinessDayConvention, {"none"}),
    "rounding": (typing.Rounding, set()),
    "settlement": (typing.SettlementMethod, {"actuarial"}),
    "settlement.deferral": (typing.SettlementDeferral, {"none"}),
    "stepped": (typing.StepHold, set()),
    "note": (NoteKind, set()),
    "source": (typing.ExtensionRule, set()),
}  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_every_word_of_an_option_has_a_sentence(family: str) -> None:
    words, unsaid = FAMILIES[family]
    for word in set(get_args(words)) - unsaid:
        joint = "_" if family in ("moved.on", "source") else "."
        assert f"{family}{joint}{word}" in ENGLISH.texts, word


def test_one_and_many_and_lists() -> None:
    assert str(Sentence("length.days", days=1)) == "1 day"
    assert str(Sentence("length.days", days=2)) == "2 days"
    assert ENGLISH.listed(["a", "", "b", "c"]) == "a, b and c"
    assert parse_language("zh").render(Listed([1, 2, 3], "and")) == "1、2和3"
    assert Sentence("at.start") == Sentence("at.start") != Sentence("at.day", day=date(2024, 1, 1))


def test_other_languages_are_refused() -> None:
    with pytest.raises(rp.errors.ChoiceError, match="lang"):
        parse_language("de")
    with pytest.raises(rp.errors.ChoiceError, match='write lang="zh"'):
        parse_language("中文")


@pytest.mark.parametrize(
    ("every", "said"),
    [
        (None, "2 new instalments"),
        ("quarter", "2 new quarterly instalments"),
        (["2024-06-01", "2024-09-01"], "2 new instalments, on the days listed"),
        ("FREQ=MONTHLY;BYMONTHDAY=5", "2 new instalments, on the days listed"),
    ],
)
def test_a_rescheduling_says_when_it_is_paid(every: Any, said: str) -> None:
    change = rp.changes.Rescheduling(2, every=every, payment=4)
    assert str(change) == f"from instalment 4 on, what is owed is repaid in {said}"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"payment": 4}, "from instalment 4 on"),
        ({"on": "2024-04-20"}, "from 2024-04-20 on"),
        ({"payment": 4, "until": 5}, "instalment 4"),
        ({"payment": 4, "until": 8}, "instalments 4 to 7"),
        ({"on": "2024-04-20", "until": 8}, "from 2024-04-20 to instalment 7"),
        ({"on": "2024-04-20", "until": "2024-08-10"}, "from 2024-04-20 to 2024-08-09"),
        ({"payment": 4, "until": "2024-08-10"}, "from instalment 4 to 2024-08-09"),
    ],
)
def test_a_rate_change_says_from_when_to_when(words: dict[str, Any], said: str) -> None:
    assert said in str(rp.changes.RateChange("6%", **words))


WATERFALL = "enforcement costs first, then fees, penalties, interest and principal"


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (rp.Allocation.civil_code, f"pays {WATERFALL}, each for all instalments"),
        (rp.Allocation.component_first, f"pays {WATERFALL}, each for all instalments"),
        (rp.Allocation.oldest_first, f"pays {WATERFALL}, the oldest instalment first"),
        (rp.Allocation.us, "interest first, then principal, fees, penalties and enforcement costs"),
        (
            rp.Allocation.chinese_card,
            "From 91 days past due on it pays principal first, then interest",
        ),
        (
            rp.Allocation.uk,
            "what is past due interest, principal, then of what falls due that day interest, "
            "principal, then of what is past due fees, penalties, enforcement costs",
        ),
    ],
)
def test_an_allocation_by_name_says_its_order(made: Callable[[], rp.Allocation], said: str) -> None:
    assert said in str(made())

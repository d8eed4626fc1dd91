"""``python -m repaylib negotiate FILE``: from a file to the papers."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import repaylib as rp
from repaylib.cli.casework import Outcome, negotiate_dossier
from repaylib.cli.dossier import read_dossier
from repaylib.cli.dossier_example import example
from repaylib.cli.main import main
from tests.cli.test_main import status_of

PLAN = rp.amortise(rp.Loan("10000", "12%", 12, "2024-01-10", currency="CNY"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The example, as a file."""
    path = tmp_path / "story.toml"
    path.write_text(example(), encoding="utf-8")
    return path


def worked(file: Path, *swaps: tuple[str, str]) -> Outcome:
    """What comes of the example with some of its text replaced."""
    text = file.read_text(encoding="utf-8")
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    return negotiate_dossier(read_dossier(file))


ON_TIME = ("today = 2024-06-24", "today = 2024-04-12"), ("paid_until = 2024-04-10", "")


def test_what_is_overdue_becomes_a_new_agreement(file: Path) -> None:
    found = worked(file)
    paid = [rp.Receipt(row.date, row.payment) for row in PLAN[:3]]
    owed = rp.statement(PLAN, paid, as_of="2024-06-24", penalty=rp.PenaltyTerms("1.5"))
    assert found.dossier.wished.statement is not None
    assert found.dossier.wished.statement.balances == owed.balances
    assert (found.others_ask, found.affordable) == (Decimal("121.80"), Decimal("1078.20"))
    assert found.option is not None
    assert found.arrangement is not None
    assert found.arrangement.schedule == found.option.schedule
    by_hand = rp.renegotiate(
        owed,
        arrears={"penalty": "forgive", "interest": "spread"},
        changes=[rp.changes.Rescheduling(8, payment=1)],
    )
    assert by_hand.schedule.rows == found.arrangement.schedule.rows
    assert found.agreement is not None
    assert found.agreement.total == by_hand.schedule.total_paid
    assert [each.name for each in found.agreement.missing()] == [
        "how it is reported to the credit register while it is kept",
        "the day on which it was agreed",
    ]
    assert found.together is not None
    assert found.together.free is not None


def test_what_is_paid_on_time_is_changed(file: Path) -> None:
    found = worked(file, *ON_TIME)
    assert found.arrangement is None
    assert found.option is not None
    assert found.option.schedule == rp.reschedule(PLAN, 8, payment=4)
    assert all(row.payment <= found.affordable for row in found.option.schedule[3:])


@pytest.mark.parametrize("choose", ["cheapest", "lightest", "soonest", "mildest"])
def test_the_choice_is_by_its_measure(file: Path, choose: str) -> None:
    found = worked(file, *ON_TIME, ('"cheapest" ', f'"{choose}" '))
    assert found.option == getattr(found.found, choose)


def test_a_plan_by_its_number(file: Path) -> None:
    found = worked(file, ('"cheapest" ', "2 "))
    assert found.option == found.found[1]
    found = worked(file, ("[5200, 4900, 5200]", "4000"))
    assert found.option is None, "no plan has a number where none is feasible"


def test_if_nothing_can_be_agreed_the_letter_asks_for_what_would_do(file: Path) -> None:
    found = worked(file, ("[5200, 4900, 5200]", "4000"))
    assert not found.found.feasible
    assert found.option is None
    assert found.agreement is None
    assert found.proposal is not None
    assert max(row.payment for row in found.proposal) <= found.affordable
    assert found.letter.schedule is not None
    assert found.letter.schedule.rows == found.proposal.rows


def test_a_balance_is_negotiated_too(file: Path) -> None:
    found = worked(file, ('debt = "Consumer', 'debt = "Card" # "Consumer'), *ON_TIME)
    assert found.dossier.wished.debt.name == "Card"
    assert found.others_ask == PLAN.largest_payment
    assert found.option is not None
    assert all(row.payment <= found.affordable for row in found.option.schedule)


def test_other_currencies_count_in_the_budgets(file: Path) -> None:
    swaps = ('minimum = ["4%", 50]', 'minimum = 50\ncurrency = "USD"\n[rates]\nUSD = "7.10"')
    found = worked(file, swaps, *ON_TIME)
    assert found.others_ask == Decimal("355.00")
    assert found.affordable == Decimal("845.00")


def test_a_debt_in_another_currency_is_negotiated_in_it(file: Path) -> None:
    card = ('minimum = ["4%", 50]', 'minimum = 50\ncurrency = "USD"\n[rates]\nUSD = "7.10"')
    found = worked(file, card, ('debt = "Consumer', 'debt = "Card" # "Consumer'), *ON_TIME)
    assert found.affordable == Decimal("43.87")  # 311.51 CNY
    assert not found.found.feasible


def test_a_wish_by_month(file: Path) -> None:
    found = worked(file, ("[wish] ", "[wish]\naffordable = [0, 0, 700]\n# "))
    assert found.affordable == 0
    assert found.option is not None
    assert found.option.schedule[0].payment == 0


def test_a_wish_says_what_is_affordable(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = worked(file, ("[wish] ", "[wish]\naffordable = 800\n# "))
    assert found.affordable == 800
    assert main(["negotiate", str(file)]) == 0
    assert "Plans for Consumer Finance, with 800.00 a month:" in capsys.readouterr().out


def test_limits_of_ones_own(file: Path) -> None:
    found = worked(file, ('preset = "art_70"', ""), *ON_TIME)
    assert found.option is not None
    assert found.option.schedule.maturity <= date(2026, 7, 10), "18 months after the end agreed"


def test_the_report_and_the_papers(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["negotiate", str(file)]) == 0
    printed = capsys.readouterr().out
    assert "affordable: 1,200.00 a month, which is what month 2 leaves" in printed
    assert "Written down for Consumer Finance, the cheapest: 8 instalments" in printed
    assert "Request for a repayment plan" in printed
    assert "Agreement on repayment in instalments" in printed
    assert main(["negotiate", str(file), "--lang", "zh", "--out", str(tmp_path / "papers")]) == 0
    assert "Request" not in capsys.readouterr().out
    names = sorted(each.name for each in (tmp_path / "papers").iterdir())
    endings = ("html", "json", "md", "txt")
    assert names == [f"{name}.{ending}" for name in ("agreement", "letter") for ending in endings]
    assert "还款方案申请书" in (tmp_path / "papers" / "letter.txt").read_text(encoding="utf-8")


def test_as_json(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["negotiate", str(file), "--json"]) == 0
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert said["feasible"]
    assert said["affordable"] == "1078.20"
    first = said["plans"][0]
    schedule = rp.Schedule.from_dict(first["schedule"])
    assert str(schedule.total_paid) == first["total"]
    assert rp.Schedule.from_dict(said["agreement"]["schedule"]) == schedule


def test_the_example_is_a_dossier(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["negotiate", "--example"]) == 0
    assert tomllib.loads(capsys.readouterr().out)


def test_the_example_follows_the_other_options(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["negotiate", "--example", "--lang", "zh", "--today", "2024-07-01"]) == 0
    given = tomllib.loads(capsys.readouterr().out)
    assert given["lang"] == "zh"
    assert given["today"] == date(2024, 7, 1)
    english = tomllib.loads(example())
    words = ("borrower", "circumstances", "lang", "today")
    assert {name: type(value) for name, value in given.items()} == {
        name: type(value) for name, value in english.items()
    }
    assert [name for name in given if name not in words and given[name] == english[name]]
    out = tmp_path / "papers"
    assert main(["negotiate", "--example", "--lang", "zh", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert f"{out / 'example.toml'}：生成以下文件所用的资料" in printed
    assert "分期还款协议" in (out / "agreement.txt").read_text(encoding="utf-8")
    assert read_dossier(out / "example.toml").lang == "zh"
    assert main(["negotiate", "--example", "--json", "--lang", "zh"]) == 0
    assert json.loads(capsys.readouterr().out)["letter"]["lang"] == "zh"
    assert main(["negotiate", "--example", "--today", "soon"]) == 2
    assert "today: got 'soon'" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["negotiate", "--example", str(tmp_path / "a.toml")])
    assert "leave one of them out" in capsys.readouterr().err


def test_what_is_printed_beside_the_papers_is_in_one_language(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for lang, other, missing in (
        ("en", "[\u4e00-\u9fff]", "still missing: how it is reported"),
        ("zh", "[A-Za-z]", "待填写：履行期间如何报送征信"),
    ):
        out = tmp_path / lang
        assert main(["negotiate", str(file), "--lang", lang, "--out", str(out)]) == 0
        printed = capsys.readouterr().out
        assert missing in printed
        given = "Consumer Finance|Car Bank|Card|/letter|/agreement|[.](?:txt|md|html|json)"
        bare = re.sub(given, "", printed.replace(str(out), ""))
        assert not re.search(other, bare), bare


def test_a_bare_balance_is_no_contract_of_a_month(file: Path) -> None:
    """The schedule that the search begins with is not stated as agreed, in neither paper."""
    found = worked(file, ('debt = "Consumer', 'debt = "Card" # "Consumer'), *ON_TIME)
    letter, paper = found.letter, found.agreement
    assert paper is not None
    assert "121.80 CNY" in letter["situation"].text
    assert "3,045.00" not in str(letter)
    assert "3,045.00" not in str(paper)
    assert [party.name for party in letter.parties if party.role == "lender"] == ["Card"]
    assert paper["reading"].text.startswith("3,000.00 CNY at 18% a year from 2024-04-12, ")
    assert "was still to be paid as agreed before" not in paper["reading"].text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("by = ", "buy = ", "wish.buy: got 'buy'; expected an option of a dossier; write by"),
        ("payments = 12", "payment = 12", "debts[0].payment: got 'payment'"),
        ('rate = "12%"', "rate = 12", "debts[0].rate: got 12; expected a rate"),
        ("[5200, 4900, 5200]", "0", "budget.income: got 0; expected an income"),
        ("[5200, 4900, 5200]", "3750", "affordable: got '-71.80'"),
        ("today = 2024-06-24", "", "today: got None; expected the day of the figures"),
        ('"cheapest" ', '"best" ', "wish.choose: got 'best'; expected cheapest"),
        ('debt = "Consumer Finance"', 'debt = "Bank"', "wish.debt: got 'Bank'"),
        ('preset = "art_70"', 'preset = "art_71"', "limits.preset: got 'art_71'"),
        ('minimum = ["4%", 50]', 'minimum = ["4%", 50]\ncurrency = "USD"', "write rates="),
        ("[borrower]", "[borrower", "file: got"),
        ("[borrower]", f"[{'a.' * 200}b]", "file: got '201 parts'; expected at most 200 parts of a key"),
        (
            "paid_until = 2024-04-10", "paid_until = 2024-04-10\nreceipts = []",
            "debts[0].paid_until: got '2024-04-10'; expected either this or receipts",
        ),
        ("[wish] ", '[wish]\naffordable = "abc"\n# ', "wish.affordable: got 'abc'"),
        ("lender = \"Card\"\n", "lender = \"Card\"\npaid_until = 2024-01-01\n", "debts[1].paid_until"),
        ("[[debts]]", "[[depts]]", "depts: got 'depts'; expected an option of a dossier; write debts"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_line(
    file: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    assert main(["negotiate", str(file)]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.startswith(f"repaylib: {file}: ")
    assert error.count("\n") == 1


def test_a_file_that_is_not_utf_8(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_bytes(file.read_text(encoding="utf-8").replace("Chen Yu", "陈宇").encode("gb18030"))
    assert main(["negotiate", str(file)]) == 2
    error = capsys.readouterr().err
    assert "expected UTF-8; 'utf-8' codec can't decode byte 0xb3" in error
    assert error.endswith("save it in UTF-8\n")


def test_no_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert status_of(["negotiate"]) == 2
    assert (
        "FILE: none was given; write one, such as what --example prints" in capsys.readouterr().err
    )
    assert main(["negotiate", str(tmp_path / "none.toml")]) == 2
    assert "No such file" in capsys.readouterr().err


def test_errors_in_chinese(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "case.toml"
    file.write_text('today = 2024-04-20\n[budget]\nincome = "4500"\n', encoding="utf-8")
    assert main(["negotiate", str(file), "--lang", "zh"]) == 2
    said = f"repaylib: {file}：debts：收到 None；至少要有一笔债务；请写表 [[debts]]\n"
    assert capsys.readouterr().err == said

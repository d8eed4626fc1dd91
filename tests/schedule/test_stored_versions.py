"""Files that every version of the storage format wrote are read as the same plans."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

import repaylib as rp
from repaylib.changes.base import AmountChange
from repaylib.schedule.serialization import VERSION

FILES = Path(__file__).parent / "version_1"
SCHEDULES = sorted(file.stem for file in FILES.glob("*.csv"))
STORED = sorted(f"{file.parent.name}/{file.stem}" for file in FILES.parent.glob("version_*/*.csv"))
PAPERS = ["agreement", "letter"]


def read(name: str) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads((FILES / f"{name}.json").read_text(encoding="utf-8"))
    return plain


def test_there_are_files_of_every_version() -> None:
    folders = {name.partition("/")[0] for name in STORED}
    assert folders == {f"version_{number}" for number in range(1, VERSION + 1)}


@pytest.mark.parametrize("name", STORED)
def test_a_stored_schedule_is_the_same_plan(name: str) -> None:
    text = (FILES.parent / f"{name}.json").read_text(encoding="utf-8")
    assert f'"version": {name[len("version_")]}' in text
    plan = rp.Schedule.from_json(text)
    with (FILES.parent / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [{column: str(getattr(row, column)) for column in rows[0]} for row in plan] == rows
    assert rp.Schedule.from_json(plan.to_json()) == plan
    assert json.loads(plan.to_json())["version"] == VERSION


def test_there_is_a_file_of_each_kind_of_change() -> None:
    kinds = {change["kind"] for name in SCHEDULES for change in read(name)["changes"]}
    assert kinds >= {
        *("deferral", "rate_change", "prepayment", "rescheduling", "forgiveness"),
        *("forbearance", "early_settlement", "advance", "arrears"),
    }


@pytest.mark.parametrize("name", PAPERS)
def test_the_schedule_in_a_stored_document_is_read(name: str) -> None:
    stored = read(name)["schedule"]
    assert stored["version"] == 1
    same = "prepayment" if name == "agreement" else "forgiveness"
    assert rp.Schedule.from_dict(stored) == rp.Schedule.from_dict(read(same))


def places(name: str) -> list[object]:
    """Return where the amounts of a stored schedule are placed: a number, or a day."""
    changes = rp.Schedule.from_dict(read(name)).changes
    return [c.with_payment or str(c.on) for c in changes if isinstance(c, AmountChange)]


def test_an_amount_stored_by_the_payment_after_it_is_with_the_payment_before() -> None:
    assert places("prepayment") == ["2024-01-10", 3, "2024-06-20"]
    assert places("in_advance") == [1, 1, 4]
    # Payment 4 stood from the day of the rescheduling on, which is no due date.
    assert places("amounts_after_a_rescheduling") == ["2024-04-25", "2024-04-25", 5, 8]
    first = places("amounts_after_a_rescheduling_in_the_first_period")
    assert first == ["2024-01-20", 1]


@pytest.mark.parametrize(
    ("edit", "parameter"),
    [
        ({"payment": 0}, "changes[1].payment"),
        ({"payment": 99}, "changes[1].payment"),
        ({"payment": "x"}, "changes[1].payment"),
        ({"with_payment": 3}, "changes[1].payment"),
    ],
)
def test_a_stored_amount_without_a_place_is_refused(edit: dict[str, Any], parameter: str) -> None:
    plain = read("prepayment")
    plain["changes"][1] |= edit
    with pytest.raises(rp.RepayError) as caught:
        rp.Schedule.from_dict(plain)
    assert caught.value.parameter == parameter
    plain = read("prepayment")
    del plain["changes"][1]["payment"]
    with pytest.raises(rp.errors.StorageError, match="with_payment: got 'nothing'"):
        rp.Schedule.from_dict(plain)


def test_an_earlier_change_that_fails_is_named() -> None:
    plain = read("prepayment")
    plain["changes"][0]["amount"] = "99999"
    with pytest.raises(rp.RepayError) as caught:
        rp.Schedule.from_dict(plain)
    assert caught.value.parameter == "changes[0].amount"


def test_version_2_has_no_payment_for_an_amount() -> None:
    plain = read("prepayment")
    plain |= {"version": 2, "loan": rp.Schedule.from_dict(plain).to_dict()["loan"]}
    with pytest.raises(rp.errors.StorageError, match=r"changes\[0\]\.payment"):
        rp.Schedule.from_dict(plain)


def test_a_fee_of_version_1_that_was_given_no_name_has_none() -> None:
    unnamed, named = rp.Fee("1", when="due_date"), rp.Fee("2", when="due_date", name="account fee")
    plan = rp.amortise(rp.Loan("1000", "12%", 3, "2024-01-10", fees=[unnamed, named]))
    stored = plan.to_dict()
    stored["version"] = 1
    stored["loan"]["fees"][0]["fee"]["name"] = "due date fee"
    assert rp.Schedule.from_dict(stored).loan.fees == (unnamed, named)

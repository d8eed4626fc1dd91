"""Tables as people paste them: names of columns in eight languages, cells parted in every way."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repaylib as rp
from repaylib.audit.column_names import column_of, kinds_of
from tests.strategies.loans import examples

LOAN = rp.Loan("10000", "12%", 12, "2024-01-10")
PLAN = rp.amortise(LOAN)
MONTHS = (
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
)

Cells = Callable[[rp.Row], list[str]]


def comma(amount: Decimal) -> str:
    """9.211,51, as most of Europe writes it."""
    return f"{amount:,}".translate(str.maketrans(",.", ".,"))


def spaced(amount: Decimal) -> str:
    """9 211,51, as French tables have it."""
    return f"{amount:,}".replace(",", "\u202f").replace(".", ",")


def point(amount: Decimal) -> str:
    """9,211.51, as English and Chinese tables have it."""
    return f"{amount:,}"


def pasted(between: str, heads: list[str], cells: Cells) -> str:
    return "\n".join([between.join(heads), *(between.join(cells(row)) for row in PLAN)])


def parts(row: rp.Row, day: str, write: Callable[[Decimal], str], sign: str = "") -> list[str]:
    """Number, day, payment, interest, principal, balance."""
    amounts = (row.payment, row.interest, row.principal, row.closing)
    return [str(row.number), f"{row.date:{day}}", *(f"{sign}{write(each)}" for each in amounts)]


def german_day(row: rp.Row) -> str:
    return f"{row.date.day}. {MONTHS[row.date.month - 1]} {row.date.year}"


TABLES = {
    "German": pasted(
        "\t",
        ["Nr.", "Datum", "Rate", "Zinsen", "Tilgung", "Restschuld"],
        lambda row: parts(row, "%d.%m.%Y", comma),
    ),
    "German, in single spaces": pasted(
        " ",
        ["Monat", "Fälligkeit", "Annuität", "Zinsanteil", "Tilgungsanteil", "Restkapital"],
        lambda row: parts(row, "%d.%m.%Y", comma),
    ),
    "German, with names of months": pasted(
        " ",
        ["Monat", "Datum", "Rate", "Zinsen", "Tilgung", "Restschuld"],
        lambda row: [str(row.number), german_day(row), *parts(row, "%d", comma)[2:]],
    ),
    "French": pasted(
        "\t",
        ["N°", "Échéance", "Mensualité", "Intérêts", "Capital", "Capital restant dû"],
        lambda row: parts(row, "%d/%m/%Y", lambda amount: f"{spaced(amount)} €"),
    ),
    "French, by semicolons": pasted(
        ";",
        [
            "Rang",
            "Date d'échéance",
            "Montant de l'échéance",
            "Part d'intérêts",
            "Capital amorti",
            "CRD",
        ],
        lambda row: parts(row, "%d/%m/%Y", spaced),
    ),
    "Spanish": pasted(
        "  ",
        ["Nº cuota", "Fecha de pago", "Cuota", "Intereses", "Capital", "Capital pendiente"],
        lambda row: parts(row, "%d/%m/%Y", comma),
    ),
    "Portuguese": pasted(
        "\t",
        ["Parcela", "Vencimento", "Prestação", "Juros", "Amortização", "Saldo devedor"],
        lambda row: parts(row, "%d/%m/%Y", comma, "R$ "),
    ),
    "Italian": pasted(
        " | ",
        ["N. rata", "Scadenza", "Rata", "Quota interessi", "Quota capitale", "Debito residuo"],
        lambda row: parts(row, "%d/%m/%Y", comma),
    ),
    "Dutch": pasted(
        "\t",
        ["Termijn", "Vervaldatum", "Termijnbedrag", "Rente", "Aflossing", "Restschuld"],
        lambda row: parts(row, "%d-%m-%Y", comma, "€ "),
    ),
    "Chinese": pasted(
        "\t",
        ["期数", "应还日期", "月供(元)", "应还利息", "应还本金", "剩余本金"],
        lambda row: [f"第{row.number}期", *parts(row, "%Y-%m-%d", point)[1:]],
    ),
    "British, in single spaces": pasted(
        " ",
        ["No", "Due date", "Monthly payment", "Interest", "Capital repaid", "Balance outstanding"],
        lambda row: parts(row, "%d %b %Y", point, "£"),
    ),
    "American": pasted(
        ",",
        ["Pmt No", "Payment Date", "Payment", "Interest", "Principal", "Ending Balance", "Rate"],
        lambda row: [f'"{cell}"' for cell in [*parts(row, "%b %d, %Y", point, "$"), "12%"]],
    ),
    "Indian": pasted(
        "\t",
        [
            "Sl. No.",
            "Due Date",
            "EMI",
            "Interest Component",
            "Principal Component",
            "Balance",
            "Days",
        ],
        lambda row: [*parts(row, "%d-%b-%Y", point), "31"],
    ),
    "what a column holds tells what it is": pasted(
        "\t",
        ["Payment", "Due", "Instalment", "Interest", "Principal", "Balance"],
        lambda row: parts(row, "%Y-%m-%d", point),
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_as_they_are_pasted(name: str) -> None:
    check = rp.check_offer(TABLES[name], LOAN, date_order="dmy")
    assert check.as_stated, str(check)
    assert (check.lines, check.figures) == (12, 48)


def test_names_of_columns_in_single_spaces() -> None:
    """Of which each word names a column as well."""
    lines = [
        f"{row.number} {row.date:%d/%m/%Y} £{row.opening:,} £{row.payment:,} £{row.closing:,}"
        for row in PLAN
    ]
    text = "\n".join(["No Due date Opening balance Payment Closing balance", *lines])
    check = rp.check_offer(text, LOAN, date_order="dmy")
    assert check.as_stated
    assert check.figures == 36


def test_names_that_several_languages_have() -> None:
    heads = ["Datum", "Capital", "Saldo", "Zinsen", "Juros", "Rente", "Quota interessi"]
    names = ["date", "principal", "closing", "interest", "interest", "interest", "interest"]
    assert [column_of(head) for head in heads] == names
    assert kinds_of("Échéance") == ("date", "number", "payment")
    assert kinds_of("rent") == ()


def test_the_error_says_which_names_were_understood() -> None:
    text = "Datum\tBetrag X\tZinsen\tFoo\n10.02.2024\t888,49\t100,00\t1\n"
    with pytest.raises(rp.errors.TermsError) as caught:
        rp.check_offer(text, LOAN)
    assert caught.value.parameter == "rows"
    said = str(caught.value)
    assert "names not understood: Betrag X, Foo" in said
    assert "names of columns, as these are: Datum (date), Zinsen (interest)" in said
    assert 'write columns=("date", "", "interest", ""), where "" leaves a column out' in said
    assert "未能识别的列名：Betrag X, Foo" in caught.value.to_text(lang="zh")
    names = ("date", "payment", "interest", "")
    assert rp.check_offer(text, LOAN, columns=names).as_stated
    tuples = [("2024-02-10", "888.49", "100.00", "1")]
    assert rp.check_offer(tuples, LOAN, columns=names).as_stated


NAMES = {
    "number": ["No", "Nr.", "N°", "期次", "Periodo"],
    "date": ["Date", "Datum", "Fecha", "Data", "Scadenza", "Vervaldatum", "还款日"],
    "payment": ["Payment", "EMI", "Monatsrate", "Mensualité", "Cuota", "Prestação", "Rata"],
    "interest": ["Interest", "Zinsen", "Intérêts", "Intereses", "Juros", "Interessi", "Rente"],
    "principal": ["Capital", "Tilgung", "Amortissement", "Amortização", "Aflossing", "应还本金"],
    "closing": ["Balance", "Restschuld", "Solde", "Saldo", "Debito residuo", "剩余本金"],
}


@settings(max_examples=examples(40))
@given(
    st.permutations(list(NAMES)),
    st.fixed_dictionaries({column: st.sampled_from(heads) for column, heads in NAMES.items()}),
    st.sampled_from(["\t", " | ", ";", "  "]),
    st.sampled_from(["", " (EUR)", ":", "."]),
)
def test_any_names_in_any_order_are_read(
    columns: list[str], names: dict[str, Any], between: str, after: str
) -> None:
    """One name of each column, as any language has it."""
    heads = [names[column] + after for column in columns]
    rows = [between.join(str(getattr(row, column)) for column in columns) for row in PLAN]
    check = rp.check_offer("\n".join([between.join(heads), *rows]), LOAN)
    assert check.as_stated
    assert check.figures == 48

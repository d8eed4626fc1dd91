"""The claim for an account that keeps a legal rate, with the account as its proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from repaylib.arrears.output.account import AccountEntry
from repaylib.documents.clause import Clause, Missing, missing_line
from repaylib.documents.document import Document
from repaylib.documents.layout import Block, Heading, Paper, Paragraph, sheet
from repaylib.documents.letter_sections import greeting, signed_by
from repaylib.documents.parties import PartiesLike, Party, parse_parties, party_of
from repaylib.errors import Phrase, TermsError, check_kind
from repaylib.measures.caps.legal_rate import RebuiltAccount
from repaylib.money.amounts import add, subtract
from repaylib.schedule.schedule import Schedule
from repaylib.typing import Lang
from repaylib.wording.sentence import Language, Money, parse_language

__all__ = ["Claim", "claim"]

#: The amounts of the account that the claim shows.
SUMS = ("amount", "principal", "interest", "balance")


@dataclass(frozen=True, slots=True)
class Claim(Document):
    """A claim for a corrected account; :func:`~repaylib.documents.claim` makes one.

    It prints as text, and shows as HTML in notebooks.

    Attributes
    ----------
    lang
        The language it is written in.
    items
        Its parts in order: what was lent and paid, the account, what is claimed.
    rebuilt
        The account by contract and at the legal rate.
    """

    FORMAT: ClassVar = "repaylib.claim"

    lang: Lang
    items: tuple[Clause, ...]
    rebuilt: RebuiltAccount
    _parties: tuple[Party, ...]

    @property
    def schedule(self) -> Schedule:
        """The schedule by contract."""
        return self.rebuilt.agreed

    @property
    def parties(self) -> tuple[Party, ...]:
        """From whom to whom it is."""
        return self._parties

    @property
    def on(self) -> date:
        """The day of its figures."""
        return self.rebuilt.legal.as_of

    @property
    def paper(self) -> Paper:
        """The document as blocks."""
        language = parse_language(self.lang)
        lender, borrower = (party_of(self.parties, role) for role in ("lender", "borrower"))
        opening = "claim_opening" if borrower is None else "claim_opening_name"
        name = "" if borrower is None else borrower.name
        texts = [
            *greeting(language, lender),
            language.say(opening, name=name, start=self.rebuilt.legal.schedule.loan.start),
        ]
        blocks: list[Block] = list(map(Paragraph, texts))
        for item in self.items:
            blocks += [Heading(item.title), *item.blocks]
        blocks += [
            Paragraph(language.say("claim_written")),
            Paragraph(language.say("closing_line")),
            signed_by(language, [(language.say("applicant"), name)]),
        ]
        return Paper(language.say("claim"), self.lang, tuple(blocks))

    def _rewritten(self, lang: Lang) -> Claim:
        return _made(self.rebuilt, self._parties, parse_language(lang))

    def _facts(self) -> dict[str, Any]:
        return {"on": self.on, "currency": self.schedule.loan.currency}

    def __repr__(self) -> str:
        return f"<Claim ({self.lang}) of {self.on}: {self.rebuilt.claim:,f}>"


def claim(rebuilt: RebuiltAccount, *, parties: PartiesLike = (), lang: Lang = "en") -> Claim:
    """Write the claim for an account that keeps a legal rate.

    It says what was lent and paid, shows the account at the legal rate line by line, and claims the
    difference. What is not known is left open, and listed by ``missing()``. It is no legal advice.

    Parameters
    ----------
    rebuilt
        The account, as :func:`~repaylib.measures.rebuild` makes it. Of a
        :class:`~repaylib.measures.Cap` the claim names the rule and its source.
    parties
        From whom to whom: :class:`~repaylib.Party` values, or names by role.
    lang
        ``"en"`` or ``"zh"``.

    Raises
    ------
    RepayError
        If nothing is to be claimed; for a language or a party that cannot be taken.

    Examples
    --------
    >>> import repaylib as rp
    >>> plan = rp.amortise(rp.Loan("10000", "36%", 12, "2024-01-10", currency="CNY"))
    >>> paid = [rp.Receipt(row.date, row.payment) for row in plan[:8]]
    >>> owed = rp.statement(plan, paid, as_of="2024-09-10")
    >>> paper = rp.documents.claim(rp.measures.rebuild(owed, "24%"))
    >>> print(paper["claim_asked"].text)
    By contract, 3,734.28 CNY is owed on 2024-09-10; at 24% a year, it is 3,093.96 CNY.
    I ask you to reduce the debt by 640.32 CNY.
    """
    check_kind(
        rebuilt, "rebuilt", RebuiltAccount, Phrase("write {}", 'rp.measures.rebuild(owed, "24%")')
    )
    if not rebuilt.claim:
        expected = Phrase("an account that owes less at {} a year than by contract", rebuilt.rate)
        raise TermsError(
            "rebuilt", Phrase("a claim of {:,f}", rebuilt.claim), expected, "send no claim"
        )
    return _made(rebuilt, parse_parties(parties), parse_language(lang))


def _sums(entry: AccountEntry) -> list[str]:
    amounts = (getattr(entry, name) for name in SUMS)
    return [f"{amount:,f}" if amount else "" for amount in amounts]


def _made(rebuilt: RebuiltAccount, parties: tuple[Party, ...], language: Language) -> Claim:
    legal, cap, say = rebuilt.legal, rebuilt.cap, language.say
    loan, agreed, day, rate = legal.schedule.loan, rebuilt.agreed.loan, legal.as_of, rebuilt.rate
    paid = subtract(legal.received, legal.refunded)
    amounts = {
        "lent": add(loan.principal, *(amount for on, amount in loan.drawdowns if on <= day)),
        "paid": paid,
        "contract": rebuilt.by_contract,
        "legal": rebuilt.owed,
        "claim": rebuilt.claim,
        "refund": rebuilt.refund,
    }
    shown = {name: Money(amount, loan.currency) for name, amount in amounts.items()}
    facts = [
        say("claim_terms", terms=agreed),
        say("claim_lent", amount=shown["lent"]),
        say("claim_paid", amount=shown["paid"], day=day),
    ]
    header = [say(f"column.{name}") for name in ("date", "event", *SUMS)]
    rows = [
        [str(entry.date), language.render(entry.label), *_sums(entry)] for entry in rebuilt.account
    ]
    count: list[Block] = [Paragraph(say("claim_rule", rate=rate))]
    needs: list[Missing] = []
    if cap is None:
        line, need = missing_line(language, "basis", "rebuild(owed, rp.measures.Cap(...))")
        count.append(line)
        needs.append(need)
    else:
        count.append(Paragraph(say("claim_cap", name=cap.called, source=cap.source)))
    count.append(sheet(header, rows, left=2))
    result = "claim_result_overpaid" if rebuilt.refund else "claim_result"
    asked = "claim_refund" if rebuilt.refund else "claim_correct"
    lines = [say(result, day=day, rate=rate, **shown), say(asked, **shown)]
    parts: tuple[tuple[str, list[Block], dict[str, Any], list[Missing]], ...] = (
        ("claim_facts", list(map(Paragraph, facts)), amounts, []),
        ("claim_count", count, {"rate": str(rate)}, needs),
        ("claim_asked", list(map(Paragraph, lines)), amounts, []),
    )
    items = [
        Clause(key, say(key, rate=rate), "", tuple(blocks), figures, tuple(missing))
        for key, blocks, figures, missing in parts
    ]
    return Claim(language.code, tuple(items), rebuilt, parties)

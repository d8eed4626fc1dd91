"""Who signs: the parties of an agreement or a letter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from repaylib.errors import Phrase, TermsError, check_name, check_text, check_word, parse_list
from repaylib.typing import Role

__all__ = ["PartiesLike", "Party", "party_of", "parse_parties"]


@dataclass(frozen=True, slots=True, init=False)
class Party:
    """One who signs.

    Parameters
    ----------
    name
        As it is to be written.
    role
        ``"lender"``
            to whom it is owed.
        ``"borrower"``
            who owes it.
        ``"guarantor"``
            who answers for it.
        ``"agent"``
            who speaks for one of them, such as a debt adviser.
    id_number
        Number of an identity card, or of a firm's register.
    address
        Postal address.
    contact
        Telephone or electronic mail.

    Raises
    ------
    RepayError
        If the name is empty, the role is unknown, or something is no text.

    Examples
    --------
    >>> print(Party("Chen Yu", "borrower", contact="555-0100"))
    Chen Yu (borrower), 555-0100
    """

    name: str
    role: Role
    id_number: str
    address: str
    contact: str

    def __init__(
        self, name: str, role: Role, *, id_number: str = "", address: str = "", contact: str = ""
    ) -> None:
        store = object.__setattr__
        store(self, "name", check_name(name, "name").strip())
        store(self, "role", check_word("role", role, get_args(Role)))
        for word, text in (("id_number", id_number), ("address", address), ("contact", contact)):
            store(self, word, check_text(text, word).strip())

    def __str__(self) -> str:
        more = [detail for detail in (self.id_number, self.address, self.contact) if detail]
        return ", ".join([f"{self.name} ({self.role})", *more])


#: The parties: each a :class:`~repaylib.Party`, or names by role, ``{"lender": "...", "borrower": "..."}``.
PartiesLike = Party | Iterable[Party] | Mapping[str, str | Party]


def parse_parties(given: object) -> tuple[Party, ...]:
    """Read the parties, in the order of their roles.

    Examples
    --------
    >>> [party.name for party in parse_parties({"borrower": "Chen Yu", "lender": "Bank"})]
    ['Bank', 'Chen Yu']
    """
    hint = Phrase("write {}", 'parties={"lender": "...", "borrower": "..."}')
    if isinstance(given, Mapping):
        found = [_of_role(role, party) for role, party in given.items()]
    else:
        found = list(parse_list(given, "parties", Party, hint))
    roles = get_args(Role)
    return tuple(sorted(found, key=lambda party: roles.index(party.role)))


def party_of(parties: Iterable[Party], role: Role) -> Party | None:
    """Return the first party of a role."""
    return next((party for party in parties if party.role == role), None)


def _of_role(role: object, given: object) -> Party:
    name = check_word("parties", role, get_args(Role))
    if isinstance(given, Party):
        if given.role != name:
            raise TermsError(
                "parties",
                Phrase("{}", given),
                Phrase("a {}, as it is named", name),
                Phrase("write {}", f'Party(..., "{name}")'),
            )
        return given
    return Party(check_name(given, f"parties[{name}]"), name)

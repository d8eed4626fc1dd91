"""Due dates that a deferral passes over."""

from __future__ import annotations

from dataclasses import dataclass

from repaylib.changes.deferral import Deferral

__all__ = ["Pass"]


@dataclass(frozen=True, slots=True)
class Pass:
    """A due date to be passed over: the deferral, and its first and last due date.

    If it `moves`, only the instalment of that due date is put off. `change` is the number of
    the deferral among the changes.
    """

    words: Deferral
    first: int
    last: int
    moves: bool = False
    change: int = 0

    @property
    def waives(self) -> bool:
        """Whether the interest of the period is waived."""
        return self.words.interest == "waive" and not self.moves

    def capitalises(self, number: int) -> bool:
        """Whether interest put off joins the principal on this due date."""
        every = self.words.capitalise_every
        turn = every is not None and (number - self.first + 1) % every == 0
        return turn or number == self.last

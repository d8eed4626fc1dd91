"""Where the changes of lanes stand in time: :mod:`repaylib.places` over arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from repaylib.changes.base import AmountChange
from repaylib.changes.rate_change import RateChange
from repaylib.changes.rescheduling import Rescheduling
from repaylib.portfolio.vectorised.changes import NEVER, LaneChange
from repaylib.portfolio.vectorised.due_dates import Ground
from repaylib.portfolio.vectorised.words import Read
from repaylib.typing import Bools, Ints

__all__ = ["placed", "until"]


def placed(
    read: Read,
    places: Ints,
    there: Bools,
    ground: Ground,
    line: Ints,
    earlier: Sequence[LaneChange],
    refused: Bools,
) -> Ints:
    """Return the day of a change, as :mod:`repaylib.places` has it; note where there is none."""
    day = np.where(there, read.day[places], NEVER)
    number = read.payment[places]
    by_number = there & (number > 0)
    if isinstance(read.kinds[0], AmountChange):
        refused |= by_number & (number >= ground.periods)
        due = ground.dues[line, np.clip(number, 0, ground.periods)]
        day = np.where(by_number, due, day)
    else:
        day = _opens(number, by_number, day, ground, line, earlier, refused)
    refused |= there & ((day == NEVER) | (day < ground.dues[line, 0]))
    return day


def until(
    read: Read,
    places: Ints,
    there: Bools,
    ground: Ground,
    line: Ints,
    earlier: Sequence[LaneChange],
    refused: Bools,
    day: Ints,
) -> Ints:
    """Return the day on which a rate ends again."""
    end = np.where(there, read.until_day[places], NEVER)
    if isinstance(read.kinds[0], RateChange):
        by_number = there & (read.until_payment[places] > 0)
        end = _opens(read.until_payment[places], by_number, end, ground, line, earlier, refused)
        refused |= there & (end <= day)
    return np.where(there & (day < NEVER), end, NEVER)


def _opens(
    number: Ints,
    where: Bools,
    day: Ints,
    ground: Ground,
    line: Ints,
    earlier: Sequence[LaneChange],
    refused: Bools,
) -> Ints:
    """Return the days from which instalments stand by their number, where they are asked for."""
    beyond = where & (number > ground.periods)
    refused |= beyond
    before = np.clip(number - 1, 0, ground.periods)
    opens = ground.dues[line, before]
    closes = ground.dues[line, np.clip(number, 0, ground.periods)]
    for change in earlier:
        if isinstance(change.words, Rescheduling):
            within = (change.day >= opens) & (change.day < closes)
            opens = np.where(within, change.day, opens)
    return np.where(where, opens, day)

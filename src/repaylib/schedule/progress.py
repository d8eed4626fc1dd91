"""How far a long run has come, told while it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from repaylib.errors import TermsError
from repaylib.schedule.export import missing_extra
from repaylib.typing import Progress

__all__ = ["refuse_progress", "reporter"]


def refuse_progress(progress: Progress) -> None:
    """Refuse to tell how far one loan has come, which is done at once."""
    if progress is not None:
        raise TermsError("progress", progress, "many loans with it", "leave progress out")


def reporter(progress: Progress) -> Callable[[int, int], object]:
    """Return what is called with the loans done, and all of them.

    Raises
    ------
    ExtraError
        For a bar, if tqdm is not installed.
    """
    if progress is None or progress is False:
        return lambda done, total: None
    if progress is not True:
        if not callable(progress):
            raise TermsError(
                "progress",
                progress,
                "True, or a function of the loans done and all of them",
                "write progress=True",
            )
        return progress
    try:
        from tqdm.auto import tqdm
    except ModuleNotFoundError as error:
        raise missing_extra("progress", "tqdm") from error
    bars: list[Any] = []

    def tell(done: int, total: int) -> None:
        if not bars:
            bars.append(tqdm(total=total, unit=" loans", unit_scale=True))
        bars[0].update(done - bars[0].n)
        if done >= total:
            bars[0].close()

    return tell

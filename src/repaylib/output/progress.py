"""The progress of a long run, reported while it runs."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any, TextIO

from repaylib.errors import Phrase, TermsError
from repaylib.output.formats import missing_extra
from repaylib.typing import Progress

__all__ = ["Bar", "refuse_progress", "reporter"]

_WIDTH = 24
_PAUSE = 0.1


def refuse_progress(progress: Progress) -> None:
    """Refuse to tell how far one loan has come, which is done at once."""
    if progress is not None:
        raise TermsError(
            "progress", progress, "many loans with it", Phrase("leave {} out", "progress")
        )


def reporter(progress: Progress) -> Callable[[int, int], object]:
    """Return the function to call with the number of loans done and of all loans.

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
                Phrase("write {}", "progress=True"),
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


class Bar:
    """A line on standard error, drawn again as the work goes on; called with done and total.

    Parameters
    ----------
    what
        What is done, in a word or two.
    of
        What is counted.
    shown
        Whether to draw at all; ``None`` is if standard error is a terminal.

    Examples
    --------
    >>> print(Bar("schedules", "loans").line(1500, 6000, 0.25))
    schedules  [######------------------]  25%  1,500 of 6,000 loans, 0.2 s
    """

    def __init__(
        self, what: str, of: str, *, shown: bool | None = None, out: TextIO | None = None
    ) -> None:
        self._what = what
        self._of = of
        self._out = sys.stderr if out is None else out
        self._shown = self._out.isatty() if shown is None else shown
        self._begun = time.monotonic()
        self._drawn = -_PAUSE

    def __call__(self, done: int, total: int) -> None:
        """Draw it, unless it was drawn just now."""
        spent = time.monotonic() - self._begun
        if not self._shown or (spent - self._drawn < _PAUSE and done < total):
            return
        self._drawn = spent
        end = "\n" if done >= total else ""
        print(f"\r{self.line(done, total, spent)}", end=end, file=self._out, flush=True)

    def line(self, done: int, total: int, seconds: float) -> str:
        """Return the line as it is drawn."""
        full = _WIDTH if not total else _WIDTH * min(done, total) // total
        share = 100 if not total else 100 * min(done, total) // total
        bar = "#" * full + "-" * (_WIDTH - full)
        return (
            f"{self._what}  [{bar}] {share:3}%  {done:,} of {total:,} {self._of}, {seconds:.1f} s"
        )

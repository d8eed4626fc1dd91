"""The ageing buckets of a debt, by its days past due."""

from __future__ import annotations

from repaylib.typing import Bucket

__all__ = ["BUCKETS", "bucket_of"]

#: Ageing buckets: the most days past due of a bucket, and its name.
BUCKETS: tuple[tuple[int, Bucket], ...] = (
    (0, "current"),
    (30, "1-30"),
    (60, "31-60"),
    (90, "61-90"),
)


def bucket_of(days_past_due: int) -> Bucket:
    """Return the ageing bucket of a number of days past due.

    Examples
    --------
    >>> [bucket_of(days) for days in (0, 1, 30, 31, 90, 91)]
    ['current', '1-30', '1-30', '31-60', '61-90', '90+']
    """
    return next((name for most, name in BUCKETS if days_past_due <= most), "90+")

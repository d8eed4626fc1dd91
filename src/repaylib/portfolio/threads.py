"""The number of processors that this process may use, and work spread over them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from repaylib.money.rounding_arrays import undisturbed

__all__ = ["in_threads", "processors"]

Part = TypeVar("Part")
Done = TypeVar("Done")

CGROUPS = Path("/sys/fs/cgroup")
GROUPS_OF_THIS = Path("/proc/self/cgroup")


def processors() -> int:
    """Return how many processors this process may use, at least one.

    That is the number of processors of the machine, of those only the ones that the process is
    bound to (``taskset``, ``PYTHON_CPU_COUNT`` from Python 3.13 on), and at most the quota of
    its control group (a container with ``--cpus=1.5`` has two).

    Examples
    --------
    >>> processors() >= 1
    True
    """
    if hasattr(os, "process_cpu_count"):
        count = os.process_cpu_count()
    elif hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    else:
        count = os.cpu_count()
    return min([count or 1, *quotas()])


def quotas(groups: Path = GROUPS_OF_THIS, mounted: Path = CGROUPS) -> Iterator[int]:
    """Yield the quotas on the control groups of this process, in processors, rounded up.

    A quota holds for all groups below it, so the quotas of the groups above count, too.

    Parameters
    ----------
    groups
        The file that lists the groups of the process.
    mounted
        Where control groups are mounted: version 2, or version 1 with its folder ``cpu``.
    """
    try:
        lines = groups.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        top = mounted / "cpu" if controllers else mounted
        group = top / path.strip("/")
        for folder in (group, *group.parents):
            if folder.is_relative_to(top) and (quota := _quota(folder)) is not None:
                yield quota


def _quota(group: Path) -> int | None:
    """Return the quota of a control group of either version; ``None`` without one."""
    numbers: list[str] = []
    for names in (("cpu.max",), ("cpu.cfs_quota_us", "cpu.cfs_period_us")):
        try:
            numbers = " ".join((group / name).read_text(encoding="ascii") for name in names).split()
            break
        except (OSError, ValueError):
            continue
    if len(numbers) != 2 or not all(number.isdigit() and int(number) for number in numbers):
        return None  # "max", -1, or nothing
    quota, period = map(int, numbers)
    return -(-quota // period)


def in_threads(work: Callable[[Part], Done], parts: Iterable[Part], threads: int) -> list[Done]:
    """Return the results of the work on the parts, in their order; several parts at a time.

    Examples
    --------
    >>> in_threads(lambda part: part * 2, range(3), 2)
    [0, 2, 4]
    """
    if threads <= 1:
        return list(map(work, parts))
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(undisturbed(work), parts))

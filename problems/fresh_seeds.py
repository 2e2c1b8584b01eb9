"""Seeds of instances that are drawn afresh during a run, apart from those of all splits."""

import zlib

__all__ = ["fresh_seed", "fresh_seeds"]

_FIRST = 2**31  # above the seeds of all splits
_MOST = 2**31 - 2**16  # so that thousands of instances have room below what a `RandomState` takes, 2^32


def fresh_seed(resampled: int, family: str) -> int:
    """The first seed of a family's fresh instances; the others follow it.

    Args:
        resampled: As `Problem.resampled` is given it.
        family: Its name.
    """
    return _FIRST + zlib.crc32(f"{resampled}/{family}".encode()) % _MOST


def fresh_seeds(resampled: int, family: str, count: int) -> range:
    """The seeds of so many fresh instances of a family; the other arguments are as for `fresh_seed`."""
    first = fresh_seed(resampled, family)
    return range(first, first + count)

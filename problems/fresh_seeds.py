"""Seeds of instances that are drawn afresh during a run, apart from those of all splits."""

import zlib

__all__ = ["fresh_seed"]

_FIRST = 2**31  # above the seeds of all splits
_MOST = 2**31 - 2**16  # so that thousands of instances have room below what a `RandomState` takes, 2^32


def fresh_seed(resampled: int, family: str) -> int:
    """The first seed of a family's fresh instances; the others follow it.

    Args:
        resampled: As `Problem.resampled` is given it.
        family: Its name.
    """
    return _FIRST + zlib.crc32(f"{resampled}/{family}".encode()) % _MOST

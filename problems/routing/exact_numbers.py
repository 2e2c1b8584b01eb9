"""Decimals as whole numbers.

What is written in tenths or hundredths is counted in them.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from evoheur.errors import ConfigError

__all__ = ["LARGEST", "amount", "as_whole"]

LARGEST = 10**12
"""Keeps every sum of amounts within 64 bits."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)


def amount(text: str, where: str) -> Decimal:
    """The number that is written, digit by digit.

    Raises:
        ConfigError: It is none; `where` names it.
    """
    if len(text) > 60 or not _NUMBER.fullmatch(text):
        raise ConfigError(f"{where} is {text!r:.60}; it must be a number.")
    return Decimal(text)


def as_whole(amounts: Sequence[Decimal], where: str) -> list[int]:
    """Scale amounts so that all are whole.

    The factor is the smallest power of ten that does it; whole ones stay as they are.

    Raises:
        ConfigError: They have so many digits that the numbers become too large.
    """
    exponents = [int(each.normalize().as_tuple().exponent) for each in amounts if each]
    places = max([0, *(-exponent for exponent in exponents)])
    whole = [int(each.scaleb(places)) for each in amounts]
    for each, scaled in zip(amounts, whole, strict=True):
        if abs(scaled) > LARGEST:
            raise ConfigError(
                f"{where}: {each} has too many digits beside the others, or is too large (in units of 1e-{places} it is beyond 1e12); "
                "round the numbers, or give them in another unit."
            )
    return whole

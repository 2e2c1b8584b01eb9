"""From a file's numbers to a checked packing instance.

Decimals are scaled exactly, and refusals name item and value.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.problem import Json

__all__ = ["LARGEST", "MOST_ITEMS", "PackingDraft", "counted", "read_text", "to_number"]

LARGEST = 10**9
"""The largest capacity, which keeps every sum of sizes within int64."""

MOST_ITEMS = 1_000_000
"""More items in one instance are refused: a table's count may ask for any number."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,9})?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackingDraft:
    """An instance as a file has it; nothing is checked yet.

    Attributes:
        name: Of the instance.
        family: Of the instance.
        capacity: A number or a text of one, or anything else.
        sizes: Likewise.
        where: The file, and the instance in it, for messages.
        lines: Line of each size, where the file has lines.
        reference: Best known number of bins, if the file says.
    """

    name: str
    family: str
    capacity: Json
    sizes: Sequence[Json]
    where: str
    lines: Sequence[int] | None = None
    reference: float | None = None

    def item(self, position: int) -> str:
        """An item's name in messages."""
        line = "" if self.lines is None else f" (line {self.lines[position]})"
        return f"{self.where}: item {position}{line}"


def read_text(file: Path) -> str:
    """The text of a file in UTF-8 or UTF-16.

    UTF-16 needs its mark; the byte-order mark is left out.

    Raises:
        ConfigError: The file cannot be read, or is no text.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}; check the path and its permissions.") from error
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} is no text in UTF-8 ({error}); save it as such.") from error


def to_number(value: Json) -> Decimal | None:
    """The exact value of a number or numeric text.

    None for anything else, such as NaN.
    """
    if isinstance(value, str):
        return Decimal(value) if _NUMBER.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return None
    number = Decimal(value)
    return number if number.is_finite() else None


def counted(draft: PackingDraft) -> tuple[int, NDArray[np.int64]]:
    """Check an instance and count it in whole units.

    The units of capacity and sizes are the numbers themselves, or the smallest decimal of any of them.

    Returns:
        Capacity, and sizes in the file's order.

    Raises:
        ConfigError: Something is no number, or is out of range; says which.
    """
    capacity = to_number(draft.capacity)
    if capacity is None or not 0 < capacity <= LARGEST:
        raise ConfigError(f"{draft.where}: the capacity is {_shown(draft.capacity)}; give a number above 0, at most {LARGEST}.")
    if not draft.sizes:
        raise ConfigError(f"{draft.where} has no item; give at least one size.")
    if len(draft.sizes) > MOST_ITEMS:
        raise ConfigError(f"{draft.where} has {len(draft.sizes)} items; at most {MOST_ITEMS} can be used.")
    sizes = [_size(draft, position, capacity) for position in range(len(draft.sizes))]
    decimals = max(map(_decimals, [capacity, *sizes]))
    if capacity.adjusted() + decimals > Decimal(LARGEST).adjusted() or capacity.scaleb(decimals) > LARGEST:
        raise ConfigError(
            f"{draft.where}: sizes have up to {decimals} decimals, and counted in units of 1e-{decimals} the capacity {capacity:.20} is "
            f"more than {LARGEST}; round the sizes."
        )
    return int(capacity.scaleb(decimals)), np.array([int(size.scaleb(decimals)) for size in sizes], dtype=np.int64)


def _size(draft: PackingDraft, position: int, capacity: Decimal) -> Decimal:
    size = draft.sizes[position]
    number = to_number(size)
    if number is None or number <= 0:
        raise ConfigError(f"{draft.item(position)} is {_shown(size)}; give a number above 0, its size.")
    if number > capacity:
        raise ConfigError(
            f"{draft.item(position)} is {_shown(size)}, larger than the capacity {_shown(draft.capacity)}, so no bin can hold it; "
            "take it out, split it, or correct the capacity."
        )
    return number


def _decimals(number: Decimal) -> int:
    digits, exponent = number.as_tuple().digits, number.as_tuple().exponent
    assert isinstance(exponent, int), "to_number lets finite numbers through"
    zeros = next((count for count, digit in enumerate(reversed(digits)) if digit), len(digits))
    return max(0, -(exponent + zeros))


def _shown(value: Json) -> str:
    plain = isinstance(value, (int, float, Decimal)) or to_number(value) is not None
    return str(value)[:60] if plain else f"{value!r:.60}"

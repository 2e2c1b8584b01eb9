"""Reading packing instances from plain numbers.

BPPLIB's form, a list under its capacity, cutting stock, several instances as in the OR-Library.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evoheur.errors import ConfigError

from .csv_tables import read_table, table_starts
from .drafts import PackingDraft, to_number

__all__ = ["read_plain_text"]

_CAPACITY = re.compile(r"\s*(?:bin[ _-]?)?(?:capacity|size)\s*[:=,;\s]\s*([^\s,;]+)[\s,;]*", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s,;]+")
_COUNT_AND_CAPACITY = 2


@dataclass(frozen=True, slots=True)
class _Row:
    """A line that says something: its number from 1 and its words."""

    line: int
    words: list[str]


def read_plain_text(text: str, file: Path) -> list[PackingDraft]:
    """Read the instances of a text.

    Its folder names the family of one, the file that of several.

    Args:
        text: Without byte-order mark.
        file: Where it comes from.

    Raises:
        ConfigError: The text has none of the forms; says what to add.
    """
    lines = [line.partition("#")[0] for line in text.splitlines()]
    first = next((number for number, line in enumerate(lines) if line.strip(" \t,;")), None)
    if first is None:
        raise ConfigError(f"{file} holds nothing; give a capacity and sizes.")
    stated = _CAPACITY.fullmatch(lines[first])
    capacity = stated[1] if stated and to_number(stated[1]) is not None else None
    start = first if capacity is None else first + 1
    if table_starts(lines, start):
        return read_table(text.splitlines(), start, file, capacity=capacity)
    rows = [
        _Row(number, words)
        for number, line in enumerate(lines[start:], start=start + 1)
        if (words := [word for word in _SEPARATORS.split(line) if word])
    ]
    if capacity is None and _is_set(rows):
        return list(_set(rows, file))
    for row in rows:
        for word in row.words:
            if to_number(word) is None:
                raise ConfigError(f"{file}, line {row.line}: {word!r:.60} is no number; `evoheur problems show` tells the forms.")
    return [_one(rows, file, capacity)]


def _one(rows: Sequence[_Row], file: Path, capacity: str | None) -> PackingDraft:
    numbers = [(word, row.line) for row in rows for word in row.words]
    if capacity is None:
        rows, capacity = _without_head(rows, numbers, file)
        numbers = numbers[_COUNT_AND_CAPACITY:]
        if rows:
            numbers = [(row.words[0], row.line) for row in rows for _ in range(_whole(row.words[1], row, file))]
    return PackingDraft(
        name=file.stem,
        family=file.resolve().parent.name,
        capacity=capacity,
        sizes=[word for word, _ in numbers],
        lines=[line for _, line in numbers],
        where=str(file),
    )


def _without_head(rows: Sequence[_Row], numbers: list[tuple[str, int]], file: Path) -> tuple[Sequence[_Row], str]:
    """The capacity, and the rows if it is cutting stock.

    The rows are those of sizes and counts; none if it is no cutting stock.
    """
    count = to_number(numbers[0][0])
    if len(numbers) >= _COUNT_AND_CAPACITY:
        capacity = numbers[1][0]
        if count == len(numbers) - _COUNT_AND_CAPACITY:
            return (), capacity
        kinds = rows[2:] if len(rows[0].words) == 1 else rows[1:]
        if count == len(kinds) and all(len(row.words) == 2 for row in kinds) and 2 * len(kinds) + 2 == len(numbers):
            return kinds, capacity
    raise ConfigError(
        f"{file} holds {len(numbers)} numbers, the first being {numbers[0][0]:.20}, which is neither how many sizes follow the capacity "
        'nor part of a list that states its capacity; for a plain list put a first line "capacity 100" above it.'
    )


def _is_set(rows: Sequence[_Row]) -> bool:
    """Whether a text begins as a set of instances.

    How many instances, then the name of the first, then three numbers, or two.
    """
    if len(rows) < 3 or len(rows[0].words) != 1 or len(rows[2].words) not in {2, 3}:
        return False
    return to_number(rows[0].words[0]) is not None and to_number(rows[1].words[0]) is None


def _set(rows: Sequence[_Row], file: Path) -> Iterator[PackingDraft]:
    wanted, place = _whole(rows[0].words[0], rows[0], file), 1
    for number in range(wanted):
        if place + 1 >= len(rows):
            raise ConfigError(f"{file} ends after {number} of the {wanted} instances that line {rows[0].line} announces.")
        name, head = " ".join(rows[place].words), rows[place + 1]
        if len(head.words) not in {2, 3}:
            raise ConfigError(
                f"{file}, line {head.line}: expected capacity, number of items and best known bins of {name!r:.60}."
            )
        items, place = _whole(head.words[1], head, file), place + 2
        numbers: list[tuple[str, int]] = []
        while len(numbers) < items and place < len(rows):
            numbers += [(word, rows[place].line) for word in rows[place].words]
            place += 1
        if len(numbers) != items:
            raise ConfigError(f"{file}, line {head.line}: {name!r:.60} has {items} items, but {len(numbers)} sizes follow.")
        yield PackingDraft(
            name=name,
            family=file.stem,
            capacity=head.words[0],
            sizes=[word for word, _ in numbers],
            lines=[line for _, line in numbers],
            where=f"{file} ({name!r:.60})",
            reference=float(_whole(head.words[2], head, file)) if len(head.words) == 3 else None,
        )
    if place < len(rows):
        raise ConfigError(f"{file}, line {rows[place].line}: more follows after the {wanted} instances that are announced.")


def _whole(word: str, row: _Row, file: Path) -> int:
    number = to_number(word)
    if number is None or not 1 <= number <= 10**9 or number != number.to_integral_value():
        raise ConfigError(f"{file}, line {row.line}: {word!r:.60} is no whole number above 0.")
    return int(number)

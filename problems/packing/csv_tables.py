"""Reading packing instances from tables.

A row per item, or per size with a count.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evoheur.errors import ConfigError

from .drafts import MOST_ITEMS, PackingDraft, to_number

__all__ = ["read_table", "table_starts"]

_ROLES: Mapping[str, frozenset[str]] = {
    "size": frozenset({"size", "itemsize", "sizes", "weight", "itemweight", "weights", "w", "length", "width", "volume"}),
    "count": frozenset({"count", "quantity", "qty", "demand", "copies"}),
    "capacity": frozenset({"capacity", "bincapacity", "binsize", "c", "cap"}),
    "instance": frozenset({"instance", "instancename", "name", "problem"}),
}
_IGNORED = frozenset({"", "id", "item", "itemid", "items", "index", "no", "nr", "label", "description", "sku"})
_DELIMITERS = ",;\t"


@dataclass(slots=True)
class _Rows:
    """The rows of one instance."""

    capacity: str | None
    sizes: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def table_starts(lines: Sequence[str], start: int) -> bool:
    """Whether a table of items begins at a line.

    The first line from there on that says something is then the heading of one.
    """
    heading = next((line for line in lines[start:] if line.strip()), "")
    words = {_plain(cell) for cell in _cells(heading, _delimiter(heading))}
    return bool(words & _ROLES["size"]) or bool(words & {"item", "items"} and words & _ROLES["capacity"])


def read_table(lines: Sequence[str], start: int, file: Path, *, capacity: str | None) -> list[PackingDraft]:
    """Read the instances of a table.

    Its folder names the family of one, the file that of several.

    Args:
        lines: Of the file.
        start: Where the table may begin.
        file: Where it comes from.
        capacity: Stated above the table, if it is.

    Raises:
        ConfigError: A column is unknown or missing, or a cell cannot be used; says which.
    """
    said = [
        (number, line)
        for number, line in enumerate(lines[start:], start=start + 1)
        if line.strip(" \t,;") and not line.lstrip().startswith("#")
    ]
    rows = [(number, _cells(line, _delimiter(said[0][1]))) for number, line in said]
    columns = _columns(rows[0][1], file, rows[0][0])
    found: dict[str, _Rows] = {}
    for line, cells in rows[1:]:
        if len(cells) != len(rows[0][1]):
            raise ConfigError(f"{file}, line {line}: {len(cells)} cells under {len(rows[0][1])} headings; correct the row.")
        cell = {role: cells[place].strip() for role, place in columns.items()}
        kept = found.setdefault(cell.get("instance", ""), _Rows(capacity))
        _take(kept, cell, file, line)
    if not found:
        raise ConfigError(f"{file} has headings and no item; give at least one size.")
    return [_draft(name, kept, file, alone=len(found) == 1) for name, kept in found.items()]


def _columns(heading: Sequence[str], file: Path, line: int) -> dict[str, int]:
    columns: dict[str, int] = {}
    words = [_plain(cell) for cell in heading]
    roles = {**_ROLES, "size": _ROLES["size"] if _ROLES["size"] & set(words) else frozenset({"item", "items"})}
    for place, word in enumerate(words):
        role = next((role for role, names in roles.items() if word in names), None)
        if role is None and word not in _IGNORED:
            raise ConfigError(
                f"{file}, line {line}: the column {heading[place].strip()!r:.60} is none of size, count, capacity and instance, so what it "
                "asks of a packing would be left out; remove it if it asks nothing."
            )
        if role is None:
            continue
        if role in columns:
            names = f"{heading[columns[role]].strip()!r:.60} and {heading[place].strip()!r:.60}"
            raise ConfigError(f"{file}, line {line}: the columns {names} both give the {role}; an item has one.")
        columns[role] = place
    return columns


def _take(kept: _Rows, cell: Mapping[str, str], file: Path, line: int) -> None:
    stated = cell.get("capacity", "")
    if stated and kept.capacity is not None and to_number(stated) != to_number(kept.capacity):
        raise ConfigError(
            f"{file}, line {line}: the capacity is {stated!r:.60}, and {kept.capacity!r:.60} before; all bins of an instance are equal."
        )
    kept.capacity = kept.capacity if kept.capacity is not None else stated or None
    count = to_number(cell.get("count", "1"))
    if count is None or count != count.to_integral_value() or not 1 <= count <= MOST_ITEMS - len(kept.sizes):
        raise ConfigError(
            f"{file}, line {line}: the count is {cell.get('count', '1')!r:.60}; give a whole number from 1, {MOST_ITEMS} items at most."
        )
    kept.sizes += [cell["size"]] * int(count)
    kept.lines += [line] * int(count)


def _draft(name: str, kept: _Rows, file: Path, *, alone: bool) -> PackingDraft:
    if kept.capacity is None:
        raise ConfigError(f'{file} does not say the capacity; add a column "capacity", or a first line "capacity,100".')
    return PackingDraft(
        name=name or file.stem,
        family=file.resolve().parent.name if alone else file.stem,
        capacity=kept.capacity,
        sizes=kept.sizes,
        lines=kept.lines,
        where=f"{file} ({name!r:.60})" if name else str(file),
    )


def _delimiter(heading: str) -> str:
    return max(_DELIMITERS, key=heading.count)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:  # a cell of more than 128 kB
        return [line]


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z]", "", heading.lower())

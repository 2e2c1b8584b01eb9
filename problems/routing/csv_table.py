"""Reading places from a CSV file.

Settings of the whole instance come first, then a row of names, and a row for every place.
"""

import csv
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError

from .keywords import decoded_text

__all__ = ["PLACES", "CsvTable", "read_table"]

PLACES: Mapping[str, tuple[str, ...]] = {
    "x": ("x", "xcoord", "xcoordinate"),
    "y": ("y", "ycoord", "ycoordinate"),
    "lon": ("lon", "lng", "long", "longitude"),
    "lat": ("lat", "latitude"),
    "name": ("name", "id", "no", "nr", "number", "node", "index", "city", "customer", "custno", "label", "address", "comment"),
}
"""Column → how its head may be written, without case, spaces, dots, hyphens and underscores. A name is not used."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class CsvTable:
    """What a file says.

    Attributes:
        file: Where it is from.
        settings: Name → value, of the lines before the head.
        columns: Name → cells, of the columns that are there.
        lines: The line of every row in the file.
    """

    file: Path
    settings: Mapping[str, str]
    columns: Mapping[str, list[str]]
    lines: Sequence[int]

    def numbers(self, column: str) -> NDArray[np.float64]:
        """The numbers of a column.

        Raises:
            ConfigError: A cell holds something else.
        """
        for line, cell in zip(self.lines, self.columns[column], strict=True):
            if not (_NUMBER.fullmatch(cell) and math.isfinite(float(cell))):
                raise ConfigError(f"{self.file}, line {line}: {column} is {cell!r:.60}; it must be a number.")
        return np.array([float(cell) for cell in self.columns[column]], dtype=np.float64)

    def points(self) -> tuple[str, NDArray[np.float64]]:
        """The metric and the coordinates.

        Shape (rows, 2): x and y, or longitude and latitude.

        Raises:
            ConfigError: A column is missing, or both kinds are there, or a cell is no number, or no latitude.
        """
        across, along = ("lon", "lat") if "lon" in self.columns or "lat" in self.columns else ("x", "y")
        missing = [column for column in (across, along) if column not in self.columns]
        if missing or (across == "lon" and {"x", "y"} & self.columns.keys()):
            raise ConfigError(
                f"{self.file} has the columns {', '.join(self.columns)}; places need x and y, or longitude and latitude (lon, lat), and "
                "not both."
            )
        points = np.column_stack((self.numbers(across), self.numbers(along)))
        if across == "lon" and points.size and not ((np.abs(points[:, 1]) <= 90.0) & (np.abs(points[:, 0]) <= 360.0)).all():
            raise ConfigError(
                f"{self.file}: a latitude is beyond 90 degrees or a longitude beyond 360; call planar columns x and y."
            )
        return ("GREAT_CIRCLE" if across == "lon" else "EUCLIDEAN"), points


def read_table(
    file: Path, columns: Mapping[str, tuple[str, ...]], settings: Mapping[str, tuple[str, ...]], *, bare: Sequence[str]
) -> CsvTable:
    """Read a table of places.

    It is separated by commas, semicolons or tabs; the latter two may have decimal commas.

    Args:
        file: What to read.
        columns: Those that are understood: name → how the head may be written (see `PLACES`).
        settings: Those that may stand before the head as NAME,VALUE, in the same form.
        bare: The columns of a file without a head.

    Raises:
        ConfigError: The file cannot be read, a column is not understood or comes twice, or a row is longer or shorter than the head.
    """
    rows = _rows(file)
    found: dict[str, str] = {}
    while rows and (name := _known(rows[0][1][0], settings)) and len([cell for cell in rows[0][1] if cell]) == 2:
        if name in found:
            raise ConfigError(f"{file}, line {rows[0][0]}: {name} comes twice; leave one of them.")
        found[name] = next(cell for cell in rows.pop(0)[1][1:] if cell)
    if not rows:
        raise ConfigError(f"{file} holds no places; give a line of heads ({', '.join(bare)}) and a line for every place.")
    head = list(bare) if all(_NUMBER.fullmatch(cell) for cell in rows[0][1]) else _head(file, rows.pop(0), columns)
    width = len(head)
    for line, cells in rows:
        if len(cells) < width or any(cells[width:]):
            raise ConfigError(
                f"{file}, line {line} has {len(cells)} cells, but there are {width} columns ({', '.join(head)}); a file without a head "
                f"has {', '.join(bare)}."
            )
    table = {name: [cells[place] for _, cells in rows] for place, name in enumerate(head) if name}
    return CsvTable(file, found, table, [line for line, _ in rows])


def _rows(file: Path) -> list[tuple[int, list[str]]]:
    text = decoded_text(file)
    first = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    delimiter = next((mark for mark in (";", "\t") if mark in first), ",")
    reader = csv.reader(text.splitlines(), delimiter=delimiter)
    rows = []
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped) and not stripped[0].startswith("#"):
                rows.append((reader.line_num, [_with_point(cell) if delimiter != "," else cell for cell in stripped]))
    except csv.Error as error:
        raise ConfigError(f"{file}, line {reader.line_num} cannot be read as CSV: {error}.") from error
    return rows


def _with_point(cell: str) -> str:
    pointed = cell.replace(",", ".")
    return pointed if _NUMBER.fullmatch(pointed) else cell


def _head(file: Path, row: tuple[int, list[str]], columns: Mapping[str, tuple[str, ...]]) -> list[str]:
    line, cells = row
    while cells and not cells[-1]:
        cells = cells[:-1]
    head = []
    for cell in cells:
        name = _known(cell, columns)
        if name is None and cell:
            raise ConfigError(
                f"{file}, line {line}: the column {cell!r:.40} is not known, and could restrict the solutions; known are "
                f"{', '.join(columns)}. Remove it if it means nothing."
            )
        if name in head and name != "name":
            raise ConfigError(f"{file}, line {line}: two columns are {name}; leave one of them.")
        head.append(name or "")
    return head


def _known(cell: str, names: Mapping[str, tuple[str, ...]]) -> str | None:
    plain = re.sub(r"[\s._\-]", "", cell.lower())
    return next((name for name, forms in names.items() if plain in forms), None)

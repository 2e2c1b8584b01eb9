"""TSPLIB's text format (Reinelt 1991, doi:10.1287/ijoc.3.4.376): symmetric instances and tours.

`vrplib` reads neither geographical coordinates as such nor most forms of explicit matrices, and drops the numbers of the nodes, by which
tours are written; so this is our own.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from problems.routing.distances import RULES

from .instance import EXPLICIT, TspInstance

__all__ = ["FEWEST_CITIES", "MOST_CITIES", "checked", "read_tour", "read_tsplib"]

FEWEST_CITIES, MOST_CITIES = 5, 3000
"""Fewer leave nothing to choose; more make a matrix of over 72 MB, of which guided local search holds six in every worker."""

_ENTRY = re.compile(r"([A-Z_]+)\s*:\s*(.*)")
_SECTION = re.compile(r"([A-Z_]+_SECTION)\s*:?")


@dataclass(frozen=True, slots=True)
class _Text:
    """A file's entries ("KEY : VALUE") and the words of its sections."""

    file: Path
    entries: Mapping[str, str]
    sections: Mapping[str, list[str]]

    def numbers(self, section: str) -> NDArray[np.float64]:
        try:
            return np.array(self.sections[section], dtype=np.float64)
        except KeyError:
            raise ConfigError(f"{self.file} has no {section}.") from None
        except ValueError as error:
            raise ConfigError(f"{self.file}: the {section} holds something else than numbers ({error}).") from error


def read_tsplib(file: Path) -> TspInstance:
    """Read a symmetric instance; it is named after the file, and its family after the folder.

    Raises:
        ConfigError: The file cannot be read or is broken, or it is of another kind than TYPE TSP with coordinates (EUC_2D, CEIL_2D, ATT,
            GEO) or an explicit matrix.
    """
    text = _read(file)
    kind, rule = text.entries.get("TYPE", "TSP").split()[0:1], text.entries.get("EDGE_WEIGHT_TYPE", "missing")
    if kind != ["TSP"]:
        raise ConfigError(f"{file} is of TYPE {' '.join(kind)}; the travelling salesman problems read TSP only.")
    try:
        dimension = int(text.entries["DIMENSION"])
    except (KeyError, ValueError):
        raise ConfigError(f"{file}: DIMENSION is {text.entries.get('DIMENSION')}; it must be the number of cities.") from None
    if rule == EXPLICIT:
        data = _matrix(text, dimension)
    elif rule in RULES:
        data = _coordinates(text, dimension)
    else:
        raise ConfigError(f"{file}: EDGE_WEIGHT_TYPE is {rule}; known are {', '.join([*RULES, EXPLICIT])}.")
    return checked(TspInstance(name=file.stem, family=file.absolute().parent.name, rule=rule, data=data), str(file))


def read_tour(file: Path) -> list[int]:
    """Read the first tour of a `.tour` file, as cities from 0.

    Raises:
        ConfigError: The file cannot be read or holds no tour.
    """
    nodes = _read(file).numbers("TOUR_SECTION")
    ends = np.flatnonzero(nodes == -1)
    return [int(node) - 1 for node in nodes[: ends[0] if ends.size else None]]


def checked(instance: TspInstance, where: str) -> TspInstance:
    """The instance, if its size and its numbers are fit for use.

    Raises:
        ConfigError: They are not; says why.
    """
    if not FEWEST_CITIES <= instance.cities <= MOST_CITIES:
        raise ConfigError(f"{where} has {instance.cities} cities; from {FEWEST_CITIES} to {MOST_CITIES} can be used.")
    if not np.isfinite(instance.data).all() or np.abs(instance.data).max() > 1e12:
        raise ConfigError(f"{where}: a coordinate or distance is not finite, or beyond 1e12.")
    if instance.rule == EXPLICIT and (instance.data < 0.0).any():
        raise ConfigError(f"{where}: a distance is negative.")
    if not instance.distances.max() > 0.0:
        raise ConfigError(f"{where}: all cities are in one place.")
    return instance


def _read(file: Path) -> _Text:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()  # comments come in many encodings
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}; check the path and its permissions.") from error
    entries: dict[str, str] = {}
    sections: dict[str, list[str]] = {}
    words: list[str] | None = None
    for line in map(str.strip, lines):
        if line == "EOF":
            break
        if section := _SECTION.fullmatch(line):
            words = sections.setdefault(section[1], [])
        elif entry := _ENTRY.fullmatch(line):
            entries[entry[1]] = entry[2].strip()
            words = None
        elif words is not None:
            words.extend(line.split())
        elif line:
            raise ConfigError(f"{file} is no TSPLIB file: {line!r:.60} is neither KEY : VALUE nor part of a section.")
    return _Text(file, entries, sections)


def _coordinates(text: _Text, dimension: int) -> NDArray[np.float64]:
    numbers = text.numbers("NODE_COORD_SECTION")
    if numbers.size != 3 * dimension:
        raise ConfigError(
            f"{text.file}: the NODE_COORD_SECTION has {numbers.size} numbers; {dimension} nodes with number, x and y make "
            f"{3 * dimension}."
        )
    rows = numbers.reshape(dimension, 3)
    order = np.argsort(rows[:, 0], kind="stable")
    if not np.array_equal(rows[order, 0], np.arange(1, dimension + 1)):
        raise ConfigError(f"{text.file}: the nodes are not numbered 1 to {dimension}, each once.")
    return np.ascontiguousarray(rows[order, 1:])


def _matrix(text: _Text, dimension: int) -> NDArray[np.float64]:
    numbers, form = text.numbers("EDGE_WEIGHT_SECTION"), text.entries.get("EDGE_WEIGHT_FORMAT", "missing")
    if form not in _FORMS:
        raise ConfigError(f"{text.file}: EDGE_WEIGHT_FORMAT is {form}; known are {', '.join(_FORMS)}.")
    places = _FORMS[form](dimension)
    if numbers.size != places[0].size:
        raise ConfigError(
            f"{text.file}: the EDGE_WEIGHT_SECTION has {numbers.size} numbers; a {form} of {dimension} cities has {places[0].size}."
        )
    matrix = np.zeros((dimension, dimension))
    matrix[places] = numbers
    np.fill_diagonal(matrix, 0.0)  # some files have a large number there, to say that it is no way
    if form == "FULL_MATRIX":
        if not np.array_equal(matrix, matrix.T):
            raise ConfigError(f"{text.file}: the matrix is not symmetric; asymmetric problems are not supported.")
        return matrix
    return matrix + matrix.T


_Places: TypeAlias = tuple[NDArray[np.int_], NDArray[np.int_]]  # rows and columns, in the order of the numbers


def _above(diagonal: int) -> Callable[[int], _Places]:
    return lambda n: np.triu_indices(n, diagonal)


def _below(diagonal: int) -> Callable[[int], _Places]:
    return lambda n: np.tril_indices(n, -diagonal)


_FORMS: Mapping[str, Callable[[int], _Places]] = {
    "FULL_MATRIX": lambda n: (np.repeat(np.arange(n), n), np.tile(np.arange(n), n)),
    "UPPER_ROW": _above(1),
    "UPPER_DIAG_ROW": _above(0),
    "LOWER_ROW": _below(1),
    "LOWER_DIAG_ROW": _below(0),
    # The columns of one triangle are the rows of the other.
    "LOWER_COL": _above(1),
    "LOWER_DIAG_COL": _above(0),
    "UPPER_COL": _below(1),
    "UPPER_DIAG_COL": _below(0),
}

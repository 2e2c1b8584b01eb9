"""Coordinates and distances of the nodes in a TSPLIB or CVRPLIB file."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError

from .distances import EXPLICIT, METRICS, WIDTHS
from .keywords import KeywordFile

__all__ = ["coordinates", "edge_weight_type", "explicit_matrix", "numbered_rows"]


def edge_weight_type(text: KeywordFile) -> str:
    """The metric that a file names: a key of `METRICS`, or `EXPLICIT`.

    Raises:
        ConfigError: It is another one.
    """
    metric = text.word("EDGE_WEIGHT_TYPE", "missing")
    if metric != EXPLICIT and "EDGE_WEIGHT_SECTION" in text.sections:
        raise ConfigError(
            f"{text.file}: EDGE_WEIGHT_TYPE is {metric}, which goes by coordinates, and there is an EDGE_WEIGHT_SECTION; say EXPLICIT if "
            "its numbers count, or remove it."
        )
    if metric not in METRICS and metric != EXPLICIT:
        raise ConfigError(f"{text.file}: EDGE_WEIGHT_TYPE is {metric}; known are {', '.join([*METRICS, EXPLICIT])}.")
    return metric


def coordinates(text: KeywordFile, dimension: int, metric: str) -> NDArray[np.float64]:
    """Coordinates in the order of the nodes' numbers.

    Shape (nodes, 2), or (nodes, 3) for the metrics in space.

    Raises:
        ConfigError: Rows are missing, or the nodes are not numbered from 1.
    """
    width = WIDTHS.get(metric, 2)
    numbers = text.numbers("NODE_COORD_SECTION")
    axes = ", ".join("xyz"[: width - 1])
    if numbers.size != (width + 1) * dimension:
        raise ConfigError(
            f"{text.file}: the NODE_COORD_SECTION has {numbers.size} numbers; {dimension} nodes with number, {axes} and "
            f"{'xyz'[width - 1]} make {(width + 1) * dimension}."
        )
    rows = numbers.reshape(dimension, width + 1)
    return np.ascontiguousarray(rows[numbered_rows(text, rows[:, 0]), 1:])


def numbered_rows(text: KeywordFile, numbers: NDArray[np.float64]) -> NDArray[np.int_]:
    """Rows of the nodes in the order of their numbers.

    Where node 1, node 2 and so on stand among the rows of a section that begin with these numbers.

    Raises:
        ConfigError: They are not 1 to the number of rows, each once.
    """
    order = np.argsort(numbers, kind="stable")
    if not np.array_equal(numbers[order], np.arange(1, numbers.size + 1)):
        raise ConfigError(f"{text.file}: the nodes are not numbered 1 to {numbers.size}, each once.")
    return order


def explicit_matrix(text: KeywordFile, dimension: int) -> NDArray[np.float64]:
    """The distances that a file lists.

    Row from and column to, with a diagonal of 0; shape (dimension, dimension).

    Raises:
        ConfigError: The form is unknown, there are more or fewer numbers than it has, or one is negative or not finite.
    """
    numbers, form = text.numbers("EDGE_WEIGHT_SECTION"), text.word("EDGE_WEIGHT_FORMAT", "missing")
    if form not in _FORMS:
        raise ConfigError(f"{text.file}: EDGE_WEIGHT_FORMAT is {form}; known are {', '.join(_FORMS)}.")
    expected = _size(form, dimension)
    if numbers.size != expected:
        raise ConfigError(
            f"{text.file}: the EDGE_WEIGHT_SECTION has {numbers.size} numbers; a {form} of {dimension} cities has {expected}."
        )
    matrix = np.zeros((dimension, dimension))
    matrix[_FORMS[form](dimension)] = numbers
    np.fill_diagonal(matrix, 0.0)  # some files have a large number there, to say that it is no way
    if not np.isfinite(matrix).all() or np.abs(matrix).max() > 1e12:
        raise ConfigError(f"{text.file}: a coordinate or distance is not finite, or beyond 1e12.")
    if (matrix < 0.0).any():
        one, other = np.argwhere(matrix < 0.0)[0] + 1
        raise ConfigError(f"{text.file}: the distance from node {one} to node {other} is negative.")
    return matrix if form == "FULL_MATRIX" else matrix + matrix.T


def _size(form: str, dimension: int) -> int:
    if form == "FULL_MATRIX":
        return dimension * dimension
    return dimension * (dimension + (1 if "DIAG" in form else -1)) // 2


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

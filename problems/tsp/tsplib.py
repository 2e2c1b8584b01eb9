"""TSPLIB's instances and tours (Reinelt 1991, doi:10.1287/ijoc.3.4.376)."""

from pathlib import Path

import numpy as np

from evoheur.errors import ConfigError
from evoheur.instance_files import OutsideLimits
from evoheur.problems.routing.distances import EXPLICIT, LARGEST_AT_ONCE
from evoheur.problems.routing.keywords import read_keywords, refuse_others
from evoheur.problems.routing.nodes import coordinates, edge_weight_type, explicit_matrix
from evoheur.problems.routing.rounding import warn_if_lost

from .instance import TspInstance

__all__ = ["FEWEST_CITIES", "MOST_CITIES", "checked", "read_tour", "read_tsplib"]

FEWEST_CITIES, MOST_CITIES = 5, 20_000
"""Fewer leave nothing to choose; more make a matrix of over 3.2 GB, and what goes by all pairs of cities takes minutes."""

_KNOWN = ("TYPE", "DIMENSION", "EDGE_WEIGHT_TYPE", "EDGE_WEIGHT_FORMAT", "NODE_COORD_SECTION", "EDGE_WEIGHT_SECTION")


def read_tsplib(file: Path) -> TspInstance:
    """Read a symmetric instance of TSPLIB.

    It is named after the file, and its family after the folder.

    Raises:
        ConfigError: The file cannot be read or is broken, says something that is not taken into account, or is of another kind than TYPE
            TSP with coordinates or a symmetric matrix.
    """
    text = read_keywords(file)
    kind = text.word("TYPE", "TSP")
    if kind != "TSP":
        raise ConfigError(f"{file} is of TYPE {kind}; the travelling salesman problems read TSP only.")
    refuse_others(text, _KNOWN, "travelling salesman")
    dimension = text.whole("DIMENSION", "the number of cities")
    metric = edge_weight_type(text)
    most = LARGEST_AT_ONCE if metric == EXPLICIT else MOST_CITIES
    if dimension > most:
        raise OutsideLimits(_outside(str(file), dimension, metric))
    data = explicit_matrix(text, dimension) if metric == EXPLICIT else coordinates(text, dimension, metric)
    made = checked(TspInstance(name=file.stem, family=file.absolute().parent.name, metric=metric, data=data), str(file))
    warn_if_lost(str(file), data, metric)
    return made


def read_tour(file: Path) -> list[int]:
    """Read the first tour of a `.tour` file, as cities from 0.

    Raises:
        ConfigError: The file cannot be read or holds no tour.
    """
    nodes = read_keywords(file).numbers("TOUR_SECTION")
    ends = np.flatnonzero(nodes == -1)
    return [int(node) - 1 for node in nodes[: ends[0] if ends.size else None]]


def checked(instance: TspInstance, where: str) -> TspInstance:
    """The instance, if its size and numbers are fit for use.

    Raises:
        ConfigError: They are not; says why.
    """
    most = LARGEST_AT_ONCE if instance.metric == EXPLICIT else MOST_CITIES
    if not FEWEST_CITIES <= instance.cities <= most:
        raise OutsideLimits(_outside(where, instance.cities, instance.metric))
    if not np.isfinite(instance.data).all() or np.abs(instance.data).max() > 1e12:
        raise ConfigError(f"{where}: a coordinate or distance is not finite, or beyond 1e12.")
    if instance.metric == EXPLICIT and not np.array_equal(instance.data, instance.data.T):
        one, other = np.argwhere(instance.data != instance.data.T)[0]
        raise ConfigError(
            f"{where}: the matrix is not symmetric ({instance.data[one, other]:g} from node {one + 1} to node {other + 1}, "
            f"{instance.data[other, one]:g} back); asymmetric problems are not supported."
        )
    first = np.zeros(instance.cities, dtype=np.int64)
    if not (instance.lengths(first, np.arange(instance.cities)).any() or any(block.any() for _, block in instance.rows())):
        raise ConfigError(
            f"{where}: all cities are in one place"
            + (f" by {instance.metric}, which rounds; EXACT_2D does not." if np.ptp(instance.data, axis=0).max() > 0.0 else ".")
        )
    return instance


def _outside(where: str, cities: int, metric: str) -> str:
    given = f" given as a matrix, and from {FEWEST_CITIES} to {MOST_CITIES:,} with coordinates" if metric == EXPLICIT else ""
    return (
        f"{where} has {cities} cities; from {FEWEST_CITIES} to {LARGEST_AT_ONCE if given else MOST_CITIES:,} can be used{given}."
    )

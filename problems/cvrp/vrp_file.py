"""Reading one CVRPLIB file."""

import re
from decimal import Decimal
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.problems.routing.distances import EXPLICIT, WIDTHS, distance_matrix
from evoheur.problems.routing.exact_numbers import amount
from evoheur.problems.routing.keywords import KeywordFile, read_keywords, refuse_others
from evoheur.problems.routing.nodes import coordinates, edge_weight_type, explicit_matrix, numbered_rows

from .assembled import Nodes, assembled
from .instance import CvrpInstance

__all__ = ["read_vrp"]

_KINDS = ("CVRP", "ACVRP", "DCVRP", "ADCVRP")
_KNOWN = (
    *("TYPE", "DIMENSION", "EDGE_WEIGHT_TYPE", "EDGE_WEIGHT_FORMAT", "NODE_COORD_SECTION", "EDGE_WEIGHT_SECTION"),
    *("CAPACITY", "DEMAND_SECTION", "DEPOT_SECTION", "DISTANCE", "SERVICE_TIME", "SERVICE_TIME_SECTION", "VEHICLES", "VEHICLE"),
)
_UNROUNDED = re.compile(r"(CMT\d|GOLDEN_?\d|LI_?\d|TAI\d)", re.IGNORECASE)
"""Names of sets whose files say EUC_2D, and whose published costs are of distances without rounding: Christofides, Mingozzi & Toth (1979),
Golden et al. (1998), Li, Golden & Wasil (2005) and Taillard (1993)."""


def read_vrp(file: Path) -> CvrpInstance:
    """Read an instance and its family.

    The family is its name up to the first digit, dash or underscore ("X" for X-n101-k25).

    Raises:
        ConfigError: The file cannot be read or is broken, or says something that is not taken into account.
    """
    text = read_keywords(file)
    kind = text.word("TYPE", "CVRP")
    if kind not in _KINDS:
        raise ConfigError(f"{file} is of TYPE {kind}; the vehicle routing problems read {', '.join(_KINDS)} only.")
    refuse_others(text, _KNOWN, "vehicle routing")
    if "CAPACITY" not in text.entries:
        raise ConfigError(f"{file} has no CAPACITY; say what a vehicle carries.")
    metric, name = edge_weight_type(text), text.entries.get("NAME", "") or file.stem
    if metric == "EUC_2D" and _UNROUNDED.match(name):
        metric = "EXACT_2D"
    nodes = _nodes(text, metric)
    family = re.match(r"[A-Za-z]+", name)
    return assembled(
        str(file),
        nodes,
        amount(text.entries["CAPACITY"], f"{file}: CAPACITY"),
        labels={
            "name": name,
            "family": family[0] if family else file.absolute().parent.name,
            "metric": EXPLICIT if nodes.matrix.size else metric,
        },
        max_duration=_limit(text),
        max_vehicles=_fleet(text),
    )


def _nodes(text: KeywordFile, metric: str) -> Nodes:
    demands = _by_node(text, "DEMAND_SECTION")
    dimension = len(demands)
    if "DIMENSION" in text.entries and (stated := text.whole("DIMENSION", "the number of nodes")) != dimension:
        raise ConfigError(f"{text.file}: the DEMAND_SECTION has {dimension} rows and DIMENSION is {stated}.")
    matrix, points = np.zeros((0, 0)), np.zeros((0, 2))
    if "NODE_COORD_SECTION" in text.sections or metric != EXPLICIT:
        points = coordinates(text, dimension, metric)
    if metric == EXPLICIT:
        matrix = explicit_matrix(text, dimension)
    elif WIDTHS[metric] == 3:  # whoever is told coordinates is told those in the plane
        matrix, points = distance_matrix(points, metric), np.ascontiguousarray(points[:, :2])
    return Nodes(
        numbers=[str(place + 1) for place in range(dimension)],
        points=points,
        demands=demands,
        depot=_depot(text, dimension),
        service=_service(text, dimension),
        matrix=matrix,
    )


def _by_node(text: KeywordFile, section: str) -> list[Decimal]:
    words = text.words(section)
    if len(words) % 2:
        raise ConfigError(f"{text.file}: the {section} has {len(words)} numbers; every node has two, its number and its amount.")
    try:
        numbers = np.array(words[::2], dtype=np.float64)
    except ValueError as error:
        raise ConfigError(f"{text.file}: the {section} holds something else than numbers ({error}).") from error
    order = numbered_rows(text, numbers)
    return [
        amount(words[2 * place + 1], f"{text.file}: node {place_of + 1} in the {section}") for place_of, place in enumerate(order)
    ]


def _depot(text: KeywordFile, dimension: int) -> int:
    listed = text.words("DEPOT_SECTION")
    depots = listed[: listed.index("-1")] if "-1" in listed else listed
    if len(depots) != 1:
        raise ConfigError(f"{text.file} has {len(depots)} depots ({' '.join(depots)[:60]}); several depots are not handled.")
    if not (depots[0].isdecimal() and 1 <= int(depots[0]) <= dimension):
        raise ConfigError(f"{text.file}: the depot is {depots[0]:.40}; it must be one of the nodes 1..{dimension}.")
    return int(depots[0]) - 1


def _service(text: KeywordFile, dimension: int) -> NDArray[np.float64]:
    if "SERVICE_TIME_SECTION" in text.sections:
        if "SERVICE_TIME" in text.entries:
            raise ConfigError(f"{text.file} has SERVICE_TIME and SERVICE_TIME_SECTION; leave one of them.")
        times = _by_node(text, "SERVICE_TIME_SECTION")
        if len(times) != dimension:
            raise ConfigError(f"{text.file}: the SERVICE_TIME_SECTION has {len(times)} rows, and there are {dimension} nodes.")
        return np.array([float(time) for time in times])
    if "SERVICE_TIME" not in text.entries:
        return np.zeros(0)
    service = np.full(dimension, float(amount(text.entries["SERVICE_TIME"], f"{text.file}: SERVICE_TIME")))
    service[_depot(text, dimension)] = 0.0
    return service


def _limit(text: KeywordFile) -> float | None:
    if "DISTANCE" in text.entries:
        return float(amount(text.entries["DISTANCE"], f"{text.file}: DISTANCE"))
    return None


def _fleet(text: KeywordFile) -> int | None:
    keys = [key for key in ("VEHICLES", "VEHICLE") if key in text.entries]
    return text.whole(keys[0], "the number of vehicles") if keys else None

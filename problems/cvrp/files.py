"""Reading instances and what is known of their best solutions: CVRPLIB `.vrp` files, `.npy` sets, and folders of them."""

import csv
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import vrplib

from evoheur.errors import ConfigError
from evoheur.instance_files import InstancesRead, read_files
from evoheur.problem import Infeasible
from problems.routing.distances import RULES
from problems.routing.recorded import FILES, recorded_costs

from .instance import CvrpInstance
from .node_numbers import rows_by_number
from .solution import price

__all__ = ["read_instances"]

_TABLE = "reference.csv"
_LARGEST_DEMAND = 10**9  # keeps every sum of demands within int64
_MALFORMED = (AttributeError, IndexError, KeyError, RuntimeError, TypeError, ValueError)  # what vrplib raises for broken text


def read_instances(path: Path) -> InstancesRead[CvrpInstance]:
    """Read a file, or every `.vrp` and `.npy` file of a folder, smallest instance first.

    A `.vrp` file has coordinates and a single depot, node 1; its nodes may be listed in any order. EDGE_WEIGHT_TYPE is EUC_2D, CEIL_2D,
    ATT or GEO. The family is the name up to its first digit or dash ("X" for X-n101-k25). A `.npy` file holds an array of shape
    (instances, customers + 1, 3) with the columns demand, x and y, the depot first; distances are not rounded, and the capacity comes
    from the columns `set` and `capacity` of a `reference.csv` beside it. References come from `optima.csv` or `reference.csv` beside
    the files, else from `NAME.sol`, whose routes are checked and priced.

    Raises:
        ConfigError: As `evoheur.instance_files.read_files` does.
    """
    recorded = recorded_costs(path if path.is_dir() else path.parent)
    readers = {".vrp": partial(_read_text, recorded=recorded), ".npy": partial(_read_set, recorded=recorded)}
    return read_files(path, readers, size=lambda instance: instance.customers, skipped=FILES)


def _read_text(file: Path, recorded: Mapping[str, float]) -> list[tuple[CvrpInstance, float | None]]:
    instance, solution = _read_vrp(file), file.with_suffix(".sol")
    if instance.name in recorded:
        return [(instance, recorded[instance.name])]
    return [(instance, _solution_cost(solution, instance) if solution.is_file() else None)]


def _read_set(file: Path, recorded: Mapping[str, float]) -> list[tuple[CvrpInstance, float | None]]:
    return [(instance, recorded.get(instance.name)) for instance in _read_array(file)]


def _read_vrp(file: Path) -> CvrpInstance:
    try:
        content = vrplib.read_instance(file, compute_edge_weights=False)
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}; check the path and its permissions.") from error
    except _MALFORMED as error:
        raise ConfigError(f"{file} is no VRPLIB file ({type(error).__name__}: {error}).") from error
    _check_kind(file, content)
    coordinates, demands = content["node_coord"], content["demand"]
    try:
        points = np.array(coordinates, dtype=np.float64)
        amounts = np.array(demands, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"{file}: coordinates or demands are no numbers ({error}).") from error
    name = str(content.get("name", file.stem))
    family = re.match(r"[A-Za-z]+", name)
    return _checked(
        str(file),
        points[rows_by_number(file, content, "NODE_COORD_SECTION")],
        amounts[rows_by_number(file, content, "DEMAND_SECTION")],
        content["capacity"],
        labels={"name": name, "family": family[0] if family else file.parent.name, "rule": content["edge_weight_type"]},
    )


def _check_kind(file: Path, content: Mapping[str, Any]) -> None:
    kind, rule = content.get("type", "CVRP"), content.get("edge_weight_type")
    if kind != "CVRP":
        raise ConfigError(f"{file} is of TYPE {kind}; the vehicle routing problems read CVRP only.")
    if rule not in RULES:
        raise ConfigError(f"{file}: EDGE_WEIGHT_TYPE is {rule}; known are {', '.join(RULES)}.")
    for section in ("node_coord", "demand", "depot", "capacity"):
        if section not in content:
            raise ConfigError(f"{file} has no {section.upper()} section or entry.")
    depots = np.asarray(content["depot"]).tolist()
    if depots != [0]:
        raise ConfigError(f"{file}: the depots are nodes {[depot + 1 for depot in depots]}; there must be one, node 1.")


def _read_array(file: Path) -> list[CvrpInstance]:
    try:
        data = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ConfigError(f"{file} cannot be read as an array: {error}.") from error
    if not isinstance(data, np.ndarray) or data.ndim != 3 or data.shape[2] != 3 or data.dtype.kind not in "iuf":
        raise ConfigError(f"{file} is no array of shape (instances, customers + 1, 3) with the columns demand, x and y.")
    capacity = _capacity_beside(file)
    return [
        _checked(
            f"{file}, instance {index}",
            nodes[:, 1:].astype(np.float64),
            nodes[:, 0].astype(np.float64),
            capacity,
            labels={"name": f"{file.stem}-{index}", "family": file.stem, "rule": "EUCLIDEAN"},
        )
        for index, nodes in enumerate(data)
    ]


def _capacity_beside(file: Path) -> int:
    table = file.parent / _TABLE
    found: set[str] = set()
    if table.is_file():
        with table.open(newline="", encoding="utf-8") as lines:
            found = {row["capacity"] for row in csv.DictReader(lines) if row.get("set") == file.stem and row.get("capacity")}
    if len(found) != 1 or not next(iter(found)).isdigit():
        raise ConfigError(
            f"{file} does not say what vehicles carry; put a {_TABLE} beside it with the columns set and capacity "
            f"(found for {file.stem}: {', '.join(sorted(found)) or 'nothing'})."
        )
    return int(found.pop())


def _checked(
    where: str, points: np.ndarray[Any, Any], amounts: np.ndarray[Any, Any], capacity: Any, *, labels: Mapping[str, str]
) -> CvrpInstance:
    if type(capacity) is not int or not 1 <= capacity <= _LARGEST_DEMAND:
        raise ConfigError(f"{where}: the capacity is {capacity!r:.60}; it must be a whole number in 1..{_LARGEST_DEMAND}.")
    if points.ndim != 2 or points.shape[1] != 2 or amounts.shape != (len(points),) or len(points) < 2:
        raise ConfigError(
            f"{where}: coordinates of shape {points.shape} and demands of shape {amounts.shape} do not go together."
        )
    if not np.isfinite(points).all():
        raise ConfigError(f"{where}: a coordinate is not finite.")
    wrong = np.flatnonzero(~((amounts >= 0) & (amounts <= capacity) & (amounts == np.floor(amounts))))
    if wrong.size:
        node = int(wrong[0])
        raise ConfigError(f"{where}: the demand of node {node} is {amounts[node]}; it must be a whole number in 0..{capacity}.")
    if amounts[0] != 0:
        raise ConfigError(f"{where}: the depot has a demand of {amounts[0]}; it must be 0.")
    return CvrpInstance(**labels, coordinates=points, demands=amounts.astype(np.int64), capacity=capacity)


def _solution_cost(file: Path, instance: CvrpInstance) -> float:
    try:
        routes = vrplib.read_solution(file)["routes"]
        return price(instance, routes)
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}; check the path and its permissions.") from error
    except (*_MALFORMED, Infeasible) as error:
        raise ConfigError(f"{file} is no solution of {instance.name}: {error}.") from error

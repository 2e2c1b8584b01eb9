"""Solomon's text form of routing instances.

Solomon (1987, doi:10.1287/opre.35.2.254); taken where its time windows restrict nothing but the length of routes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.problems.routing.exact_numbers import amount
from evoheur.problems.routing.keywords import decoded_text

from .assembled import Nodes, assembled
from .instance import CvrpInstance

__all__ = ["SolomonTable", "looks_like_solomon", "read_solomon", "solomon_table"]

_COLUMNS = 7  # number, x, y, demand, ready time, due date, service time


def looks_like_solomon(text: str) -> bool:
    """Whether a text has the headings of the form."""
    return bool(re.search(r"^\s*VEHICLE\s*$.*^\s*CUSTOMER\s*$", text, re.MULTILINE | re.DOTALL | re.IGNORECASE))


@dataclass(frozen=True, slots=True, kw_only=True)
class SolomonTable:
    """What a file of the form says.

    Attributes:
        vehicles: The size of the fleet.
        capacity: Of every vehicle, as written.
        nodes: The depot, which is first, and the customers.
        windows: When they open and close, shape (nodes, 2).
        labels: Name, family and metric.
    """

    vehicles: int
    capacity: Decimal
    nodes: Nodes
    windows: NDArray[np.float64]
    labels: Mapping[str, str]


def solomon_table(file: Path) -> SolomonTable:
    """Read a file of the form, without rounding.

    Raises:
        ConfigError: The file is broken.
    """
    lines = [line.split() for line in decoded_text(file).splitlines() if line.strip()]
    rows = [line for line in lines if all(re.fullmatch(r"[+-]?[\d.]+([eE][+-]?\d+)?", word) for word in line)]
    if len(rows) < 2 or len(rows[0]) != 2 or any(len(row) != _COLUMNS for row in rows[1:]):
        raise ConfigError(
            f"{file} is no file of Solomon's form: number and capacity of vehicles, then {_COLUMNS} numbers for every customer."
        )
    (vehicles, capacity), customers = rows[0], rows[1:]
    numbers = np.array([[float(amount(word, str(file))) for word in row] for row in customers])
    if not (vehicles.isdecimal() and 1 <= int(vehicles) < 10**9):
        raise ConfigError(f"{file}: the number of vehicles is {vehicles:.40}; it must be a whole number, at least 1.")
    name = lines[0][0] if len(lines[0]) == 1 else file.stem
    family = re.match(r"[A-Za-z]+", name)
    return SolomonTable(
        vehicles=int(vehicles),
        capacity=amount(capacity, f"{file}: the capacity"),
        nodes=Nodes(
            numbers=[row[0] for row in customers],
            points=np.ascontiguousarray(numbers[:, 1:3]),
            demands=[amount(row[3], f"{file}: the demand of node {row[0]}") for row in customers],
            depot=0,
            service=np.ascontiguousarray(numbers[:, 6]),
            matrix=np.zeros((0, 0)),
        ),
        windows=np.ascontiguousarray(numbers[:, 4:6]),
        labels={"name": name, "family": family[0] if family else file.absolute().parent.name, "metric": "EUCLIDEAN"},
    )


def read_solomon(file: Path) -> CvrpInstance:
    """Read an instance without rounding.

    The depot's due date is the limit of a route, and the number of vehicles that of the fleet.

    Raises:
        ConfigError: The file is broken, or a customer's time window restricts when it can be served.
    """
    table = solomon_table(file)
    _check_windows(file, table)
    opens, closes = table.windows[0].tolist()
    return assembled(
        str(file),
        table.nodes,
        table.capacity,
        labels=table.labels,
        max_duration=closes - opens,
        max_vehicles=table.vehicles,
    )


def _check_windows(file: Path, table: SolomonTable) -> None:
    # A vehicle that leaves when the depot opens is nowhere before the way from the depot, and has to leave early enough to be home when it
    # closes; a window that lies around that restricts nothing.
    away = np.hypot(*(table.nodes.points - table.nodes.points[0]).T)
    opens, closes = table.windows[0].tolist()
    tolerance = 1e-9 * max(1.0, abs(closes))
    early, late = opens + away, closes - away - table.nodes.service
    restricts = (table.windows[:, 0] > early + tolerance) | (table.windows[:, 1] < late - tolerance)
    restricts[0] = False
    if restricts.any():
        place = int(np.flatnonzero(restricts)[0])
        ready, due = table.windows[place].tolist()
        raise ConfigError(
            f"{file}: time windows are not handled by this vehicle routing problem, and customer {table.nodes.numbers[place]} can be "
            f"served from {ready:g} to {due:g} only; without windows this would be another problem. vrptw_insertion handles them."
        )

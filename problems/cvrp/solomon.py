"""Solomon's text form of routing instances.

Solomon (1987, doi:10.1287/opre.35.2.254); taken where its time windows restrict nothing but the length of routes.
"""

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.problems.routing.exact_numbers import amount
from evoheur.problems.routing.keywords import decoded_text

from .assembled import Nodes, assembled
from .instance import CvrpInstance

__all__ = ["looks_like_solomon", "read_solomon"]

_COLUMNS = 7  # number, x, y, demand, ready time, due date, service time


def looks_like_solomon(text: str) -> bool:
    """Whether a text has the headings of the form."""
    return bool(re.search(r"^\s*VEHICLE\s*$.*^\s*CUSTOMER\s*$", text, re.MULTILINE | re.DOTALL | re.IGNORECASE))


def read_solomon(file: Path) -> CvrpInstance:
    """Read an instance without rounding.

    The depot's due date is the limit of a route, and the number of vehicles that of the fleet.

    Raises:
        ConfigError: The file is broken, or a customer's time window restricts when it can be served.
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
    _check_windows(file, numbers)
    name = lines[0][0] if len(lines[0]) == 1 else file.stem
    family = re.match(r"[A-Za-z]+", name)
    return assembled(
        str(file),
        Nodes(
            numbers=[row[0] for row in customers],
            points=np.ascontiguousarray(numbers[:, 1:3]),
            demands=[amount(row[3], f"{file}: the demand of node {row[0]}") for row in customers],
            depot=0,
            service=np.ascontiguousarray(numbers[:, 6]),
            matrix=np.zeros((0, 0)),
        ),
        amount(capacity, f"{file}: the capacity"),
        labels={"name": name, "family": family[0] if family else file.absolute().parent.name, "metric": "EUCLIDEAN"},
        max_duration=float(numbers[0, 5] - numbers[0, 4]),
        max_vehicles=int(vehicles),
    )


def _check_windows(file: Path, rows: NDArray[np.float64]) -> None:
    # A vehicle that leaves when the depot opens is nowhere before the way from the depot, and has to leave early enough to be home when it
    # closes; a window that lies around that restricts nothing.
    away = np.hypot(*(rows[:, 1:3] - rows[0, 1:3]).T)
    opens, closes = rows[0, 4], rows[0, 5]
    tolerance = 1e-9 * max(1.0, abs(closes))
    early, late = opens + away, closes - away - rows[:, 6]
    restricts = (rows[:, 4] > early + tolerance) | (rows[:, 5] < late - tolerance)
    restricts[0] = False
    if restricts.any():
        place = int(np.flatnonzero(restricts)[0])
        raise ConfigError(
            f"{file}: time windows are not handled by the vehicle routing problems, and customer {rows[place, 0]:g} can be served from "
            f"{rows[place, 4]:g} to {rows[place, 5]:g} only; without windows this would be another problem."
        )

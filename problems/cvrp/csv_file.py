"""One CSV file of a depot and customers."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import numpy as np

from evoheur.errors import ConfigError
from evoheur.problems.routing.csv_table import PLACES, CsvTable, read_table
from evoheur.problems.routing.exact_numbers import amount

from .assembled import Nodes, assembled
from .instance import CvrpInstance

__all__ = ["read_csv"]

_SETTINGS: Mapping[str, tuple[str, ...]] = {
    "capacity": ("capacity",),
    "distance": ("distance", "maxduration"),
    "service_time": ("servicetime", "service"),
    "vehicles": ("vehicles", "maxvehicles"),
}
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    **PLACES,
    "demand": ("demand", "demands", "quantity"),
    "depot": ("depot", "isdepot"),
    "service_time": ("servicetime", "service"),
    "capacity": ("capacity",),
}
_YES, _NO = ("1", "true", "yes", "x"), ("0", "false", "no", "")


def read_csv(file: Path) -> CvrpInstance:
    """Read an instance: settings, a head, and rows of places.

    The settings are a line CAPACITY,VALUE, and perhaps distance, service_time and vehicles. There is a line for every place, the depot
    first. The depot may stand elsewhere if a column `depot` marks it, and the capacity in a column of its own, the same in every line.

    Raises:
        ConfigError: The file cannot be read or is broken, or has a column that is not known.
    """
    table = read_table(file, _COLUMNS, _SETTINGS, bare=("x", "y", "demand"))
    if "demand" not in table.columns:
        raise ConfigError(f"{file} has the columns {', '.join(table.columns)}; vehicle routing needs demand as well.")
    metric, points = table.points()
    depot = _depot(table)
    demands = table.columns["demand"]
    numbers = [str(place) for place in range(len(demands))]
    settings = table.settings
    return assembled(
        str(file),
        Nodes(
            numbers=[f"{number} (line {line})" for number, line in zip(numbers, table.lines, strict=True)],
            points=points,
            demands=[
                Decimal(0) if place == depot and not text else amount(text, f"{file}, line {line}: demand")
                for place, (text, line) in enumerate(zip(demands, table.lines, strict=True))
            ],
            depot=depot,
            service=_service(table, depot),
            matrix=np.zeros((0, 0)),
        ),
        _capacity(table),
        labels={"name": file.stem, "family": file.absolute().parent.name, "metric": metric},
        max_duration=float(amount(settings["distance"], f"{file}: distance")) if "distance" in settings else None,
        max_vehicles=_vehicles(table),
    )


def _depot(table: CsvTable) -> int:
    marks = [mark.lower() for mark in table.columns.get("depot", [])]
    for line, mark in zip(table.lines, marks, strict=False):
        if mark not in (*_YES, *_NO):
            raise ConfigError(f"{table.file}, line {line}: depot is {mark!r:.40}; mark the depot with 1 and customers with 0.")
    depots = [place for place, mark in enumerate(marks) if mark in _YES]
    if marks and len(depots) != 1:
        raise ConfigError(f"{table.file} marks {len(depots)} depots; there must be one.")
    return depots[0] if depots else 0


def _capacity(table: CsvTable) -> Decimal:
    cells = {cell for cell in table.columns.get("capacity", []) if cell}
    cells |= {table.settings["capacity"]} if "capacity" in table.settings else set()
    if len(cells) != 1:
        found = ", ".join(sorted(cells)) or "nothing"
        raise ConfigError(f"{table.file}: what a vehicle carries is {found}; give a first line capacity,100 before the head.")
    return amount(cells.pop(), f"{table.file}: capacity")


def _service(table: CsvTable, depot: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    count = len(table.lines)
    if "service_time" in table.columns:
        if "service_time" in table.settings:
            raise ConfigError(f"{table.file} gives service_time before the head and as a column; leave one of them.")
        return np.array(table.numbers("service_time").tolist())
    if "service_time" not in table.settings:
        return np.zeros(0)
    service = np.full(count, float(amount(table.settings["service_time"], f"{table.file}: service_time")))
    if count:
        service[depot] = 0.0
    return service


def _vehicles(table: CsvTable) -> int | None:
    text = table.settings.get("vehicles")
    if text is None:
        return None
    if not (text.isdecimal() and 1 <= int(text) < 10**9):
        raise ConfigError(f"{table.file}: vehicles is {text!r:.40}; it must be a whole number, at least 1.")
    return int(text)

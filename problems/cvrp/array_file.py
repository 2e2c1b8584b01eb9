"""Sets of instances as NumPy arrays."""

import csv
from decimal import Decimal
from pathlib import Path

import numpy as np

from evoheur.errors import ConfigError
from evoheur.problems.routing.exact_numbers import amount

from .assembled import Nodes, assembled
from .instance import CvrpInstance

__all__ = ["read_array"]

_TABLE = "reference.csv"


def read_array(file: Path) -> list[CvrpInstance]:
    """Read an array of instances, without rounding.

    It has the shape (instances, customers + 1, 3) and the columns demand, x and y, the depot first. The capacity comes from the columns
    `set` and `capacity` of a `reference.csv` beside the file.

    Raises:
        ConfigError: It is no such array, or there is no capacity.
    """
    try:
        data = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ConfigError(f"{file} cannot be read as an array: {error}.") from error
    if not isinstance(data, np.ndarray) or data.ndim != 3 or data.shape[2] != 3 or data.dtype.kind not in "iuf":
        raise ConfigError(f"{file} is no array of shape (instances, customers + 1, 3) with the columns demand, x and y.")
    capacity = _capacity_beside(file)
    return [
        _instance(f"{file}, instance {index}", nodes.astype(np.float64), capacity, name=f"{file.stem}-{index}", family=file.stem)
        for index, nodes in enumerate(data)
    ]


def _instance(
    where: str, nodes: np.ndarray[tuple[int, ...], np.dtype[np.float64]], capacity: Decimal, *, name: str, family: str
) -> CvrpInstance:
    if not np.isfinite(nodes).all():
        raise ConfigError(f"{where}: a demand or coordinate is not finite.")
    return assembled(
        where,
        Nodes(
            numbers=[str(place) for place in range(len(nodes))],
            points=np.ascontiguousarray(nodes[:, 1:]),
            demands=[Decimal(repr(demand)) for demand in nodes[:, 0].tolist()],
            depot=0,
            service=np.zeros(0),
            matrix=np.zeros((0, 0)),
        ),
        capacity,
        labels={"name": name, "family": family, "metric": "EUCLIDEAN"},
    )


def _capacity_beside(file: Path) -> Decimal:
    table = file.parent / _TABLE
    found: set[str] = set()
    if table.is_file():
        with table.open(newline="", encoding="utf-8-sig") as lines:
            found = {row["capacity"] for row in csv.DictReader(lines) if row.get("set") == file.stem and row.get("capacity")}
    if len(found) != 1:
        raise ConfigError(
            f"{file} does not say what vehicles carry; put a {_TABLE} beside it with the columns set and capacity "
            f"(found for {file.stem}: {', '.join(sorted(found)) or 'nothing'})."
        )
    return amount(found.pop(), f"{table}: the capacity of {file.stem}")

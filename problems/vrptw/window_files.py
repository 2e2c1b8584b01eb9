"""Reading instances with time windows: Solomon's form, which Gehring & Homberger's have too.

The guest must not hold this module.
"""

from pathlib import Path

import numpy as np

from evoheur.errors import ConfigError
from evoheur.instance_files import InstancesRead, read_files
from evoheur.problems.cvrp.assembled import assembled
from evoheur.problems.cvrp.solomon import looks_like_solomon, solomon_table
from evoheur.problems.routing.keywords import decoded_text
from evoheur.problems.routing.recorded_costs import FILES, recorded_costs

from .instance import TimeWindowInstance, with_windows

__all__ = ["read_instances", "read_windows"]


def read_instances(path: Path) -> InstancesRead[TimeWindowInstance]:
    """Read a file of Solomon's form or all of a folder, smallest instance first.

    References are in `optima.csv` or `reference.csv` of the same folder.

    Raises:
        ConfigError: As `evoheur.instance_files.read_files` does.
    """
    others = {file.name for file in path.glob("*.[tT][xX][tT]") if not _is_instance(file)} if path.is_dir() else set()
    return read_files(path, {".txt": _with_reference}, size=lambda instance: instance.customers, skipped={*FILES, *others})


def read_windows(file: Path) -> TimeWindowInstance:
    """Read an instance without rounding; the number of vehicles is not taken into account.

    Raises:
        ConfigError: The file is broken, or a customer cannot be served in time even alone; says which, with the times.
    """
    if not looks_like_solomon(decoded_text(file)):
        raise ConfigError(f"{file} is no file of Solomon's form; give one with VEHICLE and CUSTOMER, or a folder of them.")
    table = solomon_table(file)
    customers = assembled(str(file), table.nodes, table.capacity, labels=table.labels)
    made = with_windows(customers, table.nodes.service, *np.ascontiguousarray(table.windows.T))
    _check_alone(file, made)
    return made


def _with_reference(file: Path) -> list[tuple[TimeWindowInstance, float | None]]:
    made = read_windows(file)
    return [(made, recorded_costs(file.parent).get(made.name))]


def _is_instance(file: Path) -> bool:
    return file.is_file() and looks_like_solomon(decoded_text(file))


def _check_alone(file: Path, made: TimeWindowInstance) -> None:
    if made.ready_times.min() < 0.0:
        raise ConfigError(f"{file}: a window opens at {made.ready_times.min():g}; times must be at least 0.")
    arrival = made.ready_times[0] + made.distances[0]
    begin = np.maximum(arrival, made.ready_times)
    back = begin + made.service + made.distances[:, 0]
    late = 1e-10 * float(made.due_times[0] - made.ready_times[0])
    for customer in range(1, made.customers + 1):
        if begin[customer] > made.due_times[customer] + late:
            raise ConfigError(
                f"{file}: customer {customer} is reached at {arrival[customer]:g} at the earliest, and its window is from "
                f"{made.ready_times[customer]:g} to {made.due_times[customer]:g}; nobody can serve it."
            )
        if back[customer] > made.due_times[0] + late:
            raise ConfigError(
                f"{file}: a vehicle that serves customer {customer} alone is back at {back[customer]:g}, and the depot closes at "
                f"{made.due_times[0]:g}; nobody can serve it."
            )

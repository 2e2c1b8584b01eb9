"""Reading job shop instances and their references from files.

The guest must not hold this module.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.instance_files import InstancesRead, OutsideLimits, read_files
from evoheur.problems.flow_shop.number_blocks import NumberBlock, number_blocks
from evoheur.problems.routing.recorded_costs import FILES, recorded_costs

from .instance import JobShopInstance
from .one_machine_bounds import shop_bound

__all__ = ["read_file", "read_instances"]

_MOST = 20_000  # operations; more take minutes
_LONGEST = 10**6  # so that sums of times in units of the mean are exact
_SUFFIXES = (".txt", ".jsp")
_WITH_BOUNDS = 6  # numbers of Taillard's head: jobs, machines, both seeds, upper bound, lower bound
_UPPER = 4


def read_instances(path: Path) -> InstancesRead[JobShopInstance]:
    """Read a file or a folder of them, smallest instance first.

    Raises:
        ConfigError: As `evoheur.instance_files.read_files` does.
    """
    return read_files(
        path, dict.fromkeys(_SUFFIXES, read_file), size=lambda instance: instance.jobs * instance.times.size, skipped=FILES
    )


def read_file(file: Path) -> list[tuple[JobShopInstance, float | None]]:
    """Read one file of one or more instances.

    Each has a head, `jobs machines` or Taillard's with seeds and bounds. Below it is either a line for each job with pairs of a machine,
    from 0, and a time; or a line for each job with its times, and then one for each with its machines, from 1 (Taillard). Lines with words
    are passed over, but for `instance NAME`. References come from `optima.csv` or `reference.csv` in the folder, else the head's upper
    bound, which was the best known when the file was written.

    Raises:
        ConfigError: It cannot be read, is broken, or is outside the limits.
    """
    blocks = number_blocks(file, {_WITH_BOUNDS: "jobs machines time-seed machine-seed upper lower"}, _is_complete)
    recorded = recorded_costs(file.parent)
    found: list[tuple[JobShopInstance, float | None]] = []
    for name, block in blocks.items():
        where = f"{file}, instance {name}"
        routes, times = _routes_and_times(where, block)
        jobs, machines = block.head[:2]
        instance = JobShopInstance(
            name=name,
            family=file.absolute().parent.name,
            machines=machines,
            routes=routes,
            times=times,
            batches=np.zeros(jobs, dtype=np.int64),
            gaps=np.zeros(1, dtype=np.int64),
        )
        found.append((instance, recorded.get(name, _upper_bound(where, instance, block.head))))
    return found


def _is_complete(block: NumberBlock) -> bool:
    jobs, machines = block.head[:2]
    return sum(len(line) for line in block.lines) >= 2 * jobs * machines


def _routes_and_times(where: str, block: NumberBlock) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    jobs, machines = block.head[:2]
    if jobs * machines > _MOST or jobs < 2:
        raise OutsideLimits(f"{where} has {jobs} jobs and {machines} machines; from 2 jobs to {_MOST:,} operations can be used.")
    numbers = [number for line in block.lines for number in line]
    if len(numbers) != 2 * jobs * machines:
        raise ConfigError(
            f"{where}: {len(numbers)} numbers follow the head, expected {2 * jobs * machines}: for {jobs} jobs {machines} pairs of a "
            "machine and a time each, or matrices of times and of machines."
        )
    if max(map(abs, numbers)) > _LONGEST:
        raise ConfigError(f"{where}: {max(map(abs, numbers))} is no time or machine; times are at most {_LONGEST:,}.")
    found = np.array(numbers, dtype=np.int64)
    if len(block.lines) == 2 * jobs and all(len(line) == machines for line in block.lines):
        times, routes = found.reshape(2, jobs, machines)
        routes = routes - 1
    else:
        routes, times = np.moveaxis(found.reshape(jobs, machines, 2), 2, 0)
    if (np.sort(routes, axis=1) != np.arange(machines)).any():
        job = int(np.flatnonzero((np.sort(routes, axis=1) != np.arange(machines)).any(axis=1))[0])
        raise ConfigError(f"{where}: job {job + 1} does not pass each of {machines} machines once: {routes[job].tolist()!s:.80}.")
    if times.min() < 0 or not times.any():
        raise ConfigError(f"{where}: a time is below 0, or all of them are 0.")
    return np.ascontiguousarray(routes), np.ascontiguousarray(times)


def _upper_bound(where: str, instance: JobShopInstance, head: list[int]) -> float | None:
    if len(head) != _WITH_BOUNDS or head[_UPPER] <= 0:
        return None
    least = shop_bound(instance)
    if head[_UPPER] < least:
        raise ConfigError(
            f"{where}: the head's upper bound is {head[_UPPER]}, but no schedule is done before {least}; are these its times and machines?"
        )
    return float(head[_UPPER])

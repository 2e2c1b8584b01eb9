"""Reading flow shop instances and their references from files."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.instance_files import InstancesRead, OutsideLimits, read_files
from evoheur.problems.routing.recorded_costs import FILES, recorded_costs

from .instance import FlowShopInstance
from .makespan_bounds import lower_bound
from .number_blocks import NumberBlock, number_blocks

__all__ = ["MOST_JOBS", "MOST_MACHINES", "read_file", "read_instances"]

MOST_JOBS, MOST_MACHINES = 600, 60
"""More make trying all places for all jobs take minutes."""

_LONGEST = 10**7  # so that sums of weighted times are exact
_SUFFIXES = (".txt", ".fsp")
_WITH_BOUNDS = 5  # numbers of Taillard's head: jobs, machines, seed, upper bound, lower bound


def read_instances(path: Path) -> InstancesRead[FlowShopInstance]:
    """Read a file or a folder of them, smallest instance first.

    Raises:
        ConfigError: As `evoheur.instance_files.read_files` does.
    """
    return read_files(path, dict.fromkeys(_SUFFIXES, read_file), size=lambda instance: instance.times.size, skipped=FILES)


def read_file(file: Path) -> list[tuple[FlowShopInstance, float | None]]:
    """Read one file of one or more instances.

    Each has a head, `jobs machines` or Taillard's `jobs machines seed upper-bound lower-bound`, and below it either a line for each
    machine with a time per job (Taillard), or a line for each job with pairs of a machine, from 0 in their order, and a time (OR-Library).
    Lines with words are passed over, but for `instance NAME`. References come from `optima.csv` or `reference.csv` in the folder, else
    the head's upper bound, which was the best known when the file was written.

    Raises:
        ConfigError: It cannot be read, is broken, or is outside the limits.
    """
    blocks = number_blocks(file, {_WITH_BOUNDS: "jobs machines seed upper lower"}, _is_complete)
    recorded = recorded_costs(file.parent)
    found: list[tuple[FlowShopInstance, float | None]] = []
    for name, block in blocks.items():
        times = _times(f"{file}, instance {name}", block)
        instance = FlowShopInstance(name=name, family=file.absolute().parent.name, times=times)
        found.append((instance, recorded.get(name, _upper_bound(file, instance, block.head))))
    return found


def _is_complete(block: NumberBlock) -> bool:
    jobs, machines = block.head[:2]
    count = sum(len(line) for line in block.lines)
    return count >= (2 if _has_pairs(block) else 1) * jobs * machines


def _has_pairs(block: NumberBlock) -> bool:
    # Whether the lines are those of jobs, with the machine before each time.
    numbered = list(range(block.head[1]))
    return bool(block.lines) and all(len(line) == 2 * len(numbered) and line[::2] == numbered for line in block.lines)


def _times(where: str, block: NumberBlock) -> NDArray[np.int64]:
    jobs, machines = block.head[:2]
    if not (2 <= jobs <= MOST_JOBS and 2 <= machines <= MOST_MACHINES):
        raise OutsideLimits(
            f"{where} has {jobs} jobs and {machines} machines; from 2 to {MOST_JOBS} jobs and from 2 to {MOST_MACHINES} machines "
            "can be used."
        )
    numbers = [number for line in block.lines for number in line]
    pairs = _has_pairs(block)
    if len(numbers) != (2 if pairs else 1) * jobs * machines:
        raise ConfigError(
            f"{where}: {len(numbers)} numbers follow the head, expected {jobs * machines} times of {jobs} jobs on {machines} machines, "
            f"or {2 * jobs * machines} numbers in pairs of a machine from 0 and a time."
        )
    if min(numbers) < 0 or max(numbers) > _LONGEST or not any(numbers):
        raise ConfigError(f"{where}: a time is below 0 or above {_LONGEST:,}, or all of them are 0.")
    found = np.array(numbers, dtype=np.int64)
    if pairs:
        return np.ascontiguousarray(found.reshape(jobs, machines, 2)[:, :, 1])
    return np.ascontiguousarray(found.reshape(machines, jobs).T)


def _upper_bound(file: Path, instance: FlowShopInstance, head: list[int]) -> float | None:
    if len(head) != _WITH_BOUNDS or head[3] <= 0:
        return None
    least = lower_bound(instance)
    if head[3] < least:
        raise ConfigError(
            f"{file}, instance {instance.name}: the head's upper bound is {head[3]}, but no order is done before {least}; are these "
            "its times?"
        )
    return float(head[3])

"""Reading instances and what is known of their best tours: TSPLIB files, `.npy` sets, and folders of them."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np

from evoheur.errors import ConfigError
from evoheur.instance_files import InstancesRead, read_files
from evoheur.problem import Infeasible
from problems.routing.recorded import FILES, recorded_costs

from .instance import TspInstance
from .tour import price
from .tsplib import checked, read_tour, read_tsplib

__all__ = ["read_instances"]


def read_instances(path: Path) -> InstancesRead[TspInstance]:
    """Read a file, or every `.tsp` and `.npy` file of a folder, smallest instance first.

    A `.tsp` file is symmetric TSPLIB (see `tsplib`), is named after the file, and its family is the folder. A `.npy` file holds coordinates
    of shape (instances, cities, 2), whose distances are not rounded; it is a family of its own. References come from `optima.csv` or
    `reference.csv` beside the files, else from `NAME.opt.tour`, whose tour is checked and priced.

    Raises:
        ConfigError: As `evoheur.instance_files.read_files` does.
    """
    recorded = recorded_costs(path if path.is_dir() else path.parent)
    readers = {".tsp": partial(_read_text, recorded=recorded), ".npy": partial(_read_set, recorded=recorded)}
    return read_files(path, readers, size=lambda instance: instance.cities, skipped=FILES)


def _read_text(file: Path, recorded: Mapping[str, float]) -> list[tuple[TspInstance, float | None]]:
    instance, tour = read_tsplib(file), file.with_suffix(".opt.tour")
    if instance.name in recorded:
        return [(instance, recorded[instance.name])]
    return [(instance, _tour_length(tour, instance) if tour.is_file() else None)]


def _read_set(file: Path, recorded: Mapping[str, float]) -> list[tuple[TspInstance, float | None]]:
    return [(instance, recorded.get(instance.name)) for instance in _read_array(file)]


def _read_array(file: Path) -> list[TspInstance]:
    try:
        data = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ConfigError(f"{file} cannot be read as an array: {error}.") from error
    if not isinstance(data, np.ndarray) or data.ndim != 3 or data.shape[2] != 2 or data.dtype.kind not in "iuf":
        raise ConfigError(f"{file} is no array of coordinates, shape (instances, cities, 2).")
    return [
        checked(
            TspInstance(name=f"{file.stem}-{index}", family=file.stem, rule="EUCLIDEAN", data=points.astype(np.float64)),
            f"{file}, instance {index}",
        )
        for index, points in enumerate(data)
    ]


def _tour_length(file: Path, instance: TspInstance) -> float:
    try:
        return price(instance, read_tour(file))
    except Infeasible as error:
        raise ConfigError(f"{file} is no tour of {instance.name}: {error}.") from error

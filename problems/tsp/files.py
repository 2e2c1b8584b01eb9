"""Reading instances and what is known of their best tours: TSPLIB files, `.npy` sets, and folders of them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evoheur.errors import ConfigError
from evoheur.problem import Infeasible
from problems.routing.recorded import recorded_costs

from .instance import TspInstance
from .tour import price
from .tsplib import checked, read_tour, read_tsplib

__all__ = ["InstanceFile", "read_instances"]

_SUFFIXES = (".npy", ".tsp")


@dataclass(frozen=True, slots=True)
class InstanceFile:
    """What was read.

    Attributes:
        instances: Smallest first.
        references: Name of the instance → optimum or best known length, for those that have one.
    """

    instances: list[TspInstance]
    references: dict[str, float]


def read_instances(path: Path) -> InstanceFile:
    """Read a file, or every `.tsp` and `.npy` file of a folder.

    A `.tsp` file is symmetric TSPLIB (see `tsplib`), is named after the file, and its family is the folder. A `.npy` file holds coordinates
    of shape (instances, cities, 2), whose distances are not rounded; it is a family of its own. References come from `optima.csv` or
    `reference.csv` beside the files, else from `NAME.opt.tour`, whose tour is checked and priced.

    Raises:
        ConfigError: The path does not exist, holds no such file, a file is broken or of another kind, or two instances share a name.
    """
    if not path.exists():
        raise ConfigError(f"There is no instance file {path}; give a .tsp or .npy file, or a folder of them.")
    files = sorted(file for file in path.iterdir() if file.suffix in _SUFFIXES) if path.is_dir() else [path]
    if not files:
        raise ConfigError(f"The folder {path} holds no .tsp or .npy file.")
    instances: dict[str, TspInstance] = {}
    references: dict[str, float] = {}
    recorded = recorded_costs(files[0].parent)
    for file in files:
        for instance in _read_file(file):
            if instance.name in instances:
                raise ConfigError(f"{path}: two instances are named {instance.name!r}; give each its own name.")
            instances[instance.name] = instance
            tour = file.with_suffix(".opt.tour")
            if instance.name in recorded:
                references[instance.name] = recorded[instance.name]
            elif file.suffix == ".tsp" and tour.is_file():
                references[instance.name] = _tour_length(tour, instance)
    return InstanceFile(sorted(instances.values(), key=lambda instance: instance.cities), references)


def _read_file(file: Path) -> list[TspInstance]:
    if file.suffix == ".tsp":
        return [read_tsplib(file)]
    if file.suffix == ".npy":
        return _read_array(file)
    raise ConfigError(f"{file} ends in {file.suffix!r}; give a .tsp or .npy file, or a folder of them.")


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

"""Reading instances and what is known of their best tours: TSPLIB and CSV files, `.npy` sets, and folders of them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evoheur.errors import ConfigError
from evoheur.problem import Infeasible
from problems.routing.csv_table import PLACES, read_table
from problems.routing.recorded import FILES, recorded_costs

from .instance import TspInstance
from .tour import price
from .tsplib import checked, read_tour, read_tsplib

__all__ = ["InstanceFile", "read_file", "read_instances"]

_SUFFIXES = (".csv", ".npy", ".tsp")
_GIVE = "give a .tsp, .csv or .npy file, or a folder of them"


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
    """Read a file, or every `.tsp`, `.csv` and `.npy` file of a folder.

    Raises:
        ConfigError: The path does not exist, holds no such file, a file is broken or of another kind, or two instances share a name.
    """
    if not path.exists():
        raise ConfigError(f"There is no instance file {path}; {_GIVE}.")
    files = [path]
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix.lower() in _SUFFIXES and file.name not in FILES)
    if not files:
        raise ConfigError(f"The folder {path} holds no .tsp, .csv or .npy file.")
    instances: dict[str, TspInstance] = {}
    references: dict[str, float] = {}
    for read in map(read_file, files):
        for instance in read.instances:
            if instance.name in instances:
                raise ConfigError(f"{path}: two instances are named {instance.name!r}; give each its own name.")
            instances[instance.name] = instance
        references.update(read.references)
    return InstanceFile(sorted(instances.values(), key=lambda instance: instance.cities), references)


def read_file(file: Path) -> InstanceFile:
    """Read one file and the references beside it.

    A `.tsp` file (see `tsplib`) and a `.csv` file hold an instance that is named after the file, and its family is the folder. A `.npy`
    file holds coordinates of shape (instances, cities, 2); it is a family of its own. References come from `optima.csv` or
    `reference.csv` in the same folder, else from `NAME.opt.tour`, whose tour is checked and priced.

    Raises:
        ConfigError: It cannot be read, is broken or of another kind.
    """
    suffix = file.suffix.lower()
    if suffix == ".tsp":
        instances = [read_tsplib(file)]
    elif suffix == ".csv":
        instances = [_read_csv(file)]
    elif suffix == ".npy":
        instances = _read_array(file)
    else:
        raise ConfigError(f"{file} ends in {file.suffix!r}; {_GIVE}.")
    recorded = recorded_costs(file.parent)
    references = {instance.name: recorded[instance.name] for instance in instances if instance.name in recorded}
    tour = file.with_suffix(".opt.tour")
    if suffix == ".tsp" and not references and tour.is_file():
        references[instances[0].name] = _tour_length(tour, instances[0])
    return InstanceFile(instances, references)


def _read_csv(file: Path) -> TspInstance:
    rule, points = read_table(file, PLACES, {}, bare=("x", "y")).points()
    return checked(TspInstance(name=file.stem, family=file.absolute().parent.name, rule=rule, data=points), str(file))


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

"""Reading instances and their best known tours.

The files are TSPLIB, CSV, `.npy` sets, and folders of them.
"""

from pathlib import Path

import numpy as np

from evoheur.errors import ConfigError
from evoheur.instance_files import InstancesRead, read_files
from evoheur.problem import Infeasible
from evoheur.problems.routing.csv_table import PLACES, read_table
from evoheur.problems.routing.recorded_costs import FILES, recorded_costs

from .instance import TspInstance
from .tour import price
from .tsplib import checked, read_tour, read_tsplib

__all__ = ["read_file", "read_instances"]

_SUFFIXES = (".tsp", ".csv", ".npy")
_GIVE = "give a .tsp, .csv or .npy file, or a folder of them"


def read_instances(path: Path) -> InstancesRead[TspInstance]:
    """Read a file or a folder of them, smallest instance first.

    In a folder, every `.tsp`, `.csv` and `.npy` file is read.

    Raises:
        ConfigError: As `evoheur.instance_files.read_files` does.
    """
    return read_files(path, dict.fromkeys(_SUFFIXES, read_file), size=lambda instance: instance.cities, skipped=FILES)


def read_file(file: Path) -> list[tuple[TspInstance, float | None]]:
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
    tour = file.with_suffix(".opt.tour")
    if suffix == ".tsp" and instances[0].name not in recorded and tour.is_file():
        return [(instances[0], _tour_length(tour, instances[0]))]
    return [(instance, recorded.get(instance.name)) for instance in instances]


def _read_csv(file: Path) -> TspInstance:
    metric, points = read_table(file, PLACES, {}, bare=("x", "y")).points()
    return checked(TspInstance(name=file.stem, family=file.absolute().parent.name, metric=metric, data=points), str(file))


def _read_array(file: Path) -> list[TspInstance]:
    try:
        data = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ConfigError(f"{file} cannot be read as an array: {error}.") from error
    if not isinstance(data, np.ndarray) or data.ndim != 3 or data.shape[2] != 2 or data.dtype.kind not in "iuf":
        raise ConfigError(f"{file} is no array of coordinates, shape (instances, cities, 2).")
    return [
        checked(
            TspInstance(name=f"{file.stem}-{index}", family=file.stem, metric="EUCLIDEAN", data=points.astype(np.float64)),
            f"{file}, instance {index}",
        )
        for index, points in enumerate(data)
    ]


def _tour_length(file: Path, instance: TspInstance) -> float:
    try:
        return price(instance, read_tour(file))
    except Infeasible as error:
        raise ConfigError(f"{file} is no tour of {instance.name}: {error}.") from error

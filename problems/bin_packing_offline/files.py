"""Reading instances and what is known of their optima: JSON as for online bin packing, plain text, and folders of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evoheur.errors import ConfigError
from problems.bin_packing_online.files import read_streams
from problems.bin_packing_online.instance import LARGEST_CAPACITY
from problems.routing.recorded import FILES, recorded_costs

from .instance import OfflineInstance

__all__ = ["InstanceFile", "read_instances"]

_SUFFIXES = (".json", ".txt")
_FORM = "expected whole numbers: how many items, the capacity, then one size a line"
_FOLDERS_UP = 2


@dataclass(frozen=True, slots=True)
class InstanceFile:
    """What was read.

    Attributes:
        instances: Smallest first.
        references: Name of the instance → optimum or best known number of bins, for those that have one.
    """

    instances: list[OfflineInstance]
    references: dict[str, float]


def read_instances(path: Path) -> InstanceFile:
    """Read a file, or every `.json` and `.txt` file of a folder.

    A `.json` file has the form {"meta": {…}, "instances": [{"name", "capacity", "items"}]}; a `.txt` file is one instance of that name:
    how many items, the capacity, then the sizes; its folder names the family. References come from an `optima.csv` with the columns
    `name` and `best_known` (or `optimum`) beside the files or at most two folders above.

    Raises:
        ConfigError: The path does not exist, holds no such file, a file is broken or of another kind, or two instances share a name.
    """
    if not path.exists():
        raise ConfigError(f"There is no instance file {path}; give a .json or .txt file, or a folder of them.")
    files = sorted(file for file in path.iterdir() if file.suffix in _SUFFIXES) if path.is_dir() else [path]
    if not files:
        raise ConfigError(f"The folder {path} holds no .json or .txt file.")
    instances = [instance for file in files for instance in _read_file(file)]
    _check_names(instances, path)
    folder = files[0].resolve().parent
    tables = (place for place in (folder, *folder.parents[:_FOLDERS_UP]) if any((place / name).is_file() for name in FILES))
    recorded = recorded_costs(next(tables, folder))
    return InstanceFile(
        sorted(instances, key=lambda instance: instance.items.size),
        {instance.name: recorded[instance.name] for instance in instances if instance.name in recorded},
    )


def _read_file(file: Path) -> list[OfflineInstance]:
    if file.suffix == ".txt":
        return [_read_text(file)]
    if file.suffix == ".json":
        return [
            OfflineInstance(name=stream.name, family=stream.family, capacity=stream.capacity, items=stream.items)
            for stream in read_streams(file)
        ]
    raise ConfigError(f"{file} ends in {file.suffix!r}; give a .json or .txt file, or a folder of them.")


def _read_text(file: Path) -> OfflineInstance:
    try:
        numbers = [int(word) for word in file.read_text(encoding="utf-8").split()]
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}; check the path and its permissions.") from error
    except ValueError as error:  # not UTF-8, or words that are no whole numbers
        raise ConfigError(f"{file} is no bin packing instance ({error}); {_FORM}.") from error
    if len(numbers) < 3 or len(numbers) != numbers[0] + 2:
        raise ConfigError(f"{file} holds {len(numbers)} numbers, the first being {numbers[:1]}; {_FORM}.")
    capacity, sizes = numbers[1], numbers[2:]
    if not 1 <= capacity <= LARGEST_CAPACITY:
        raise ConfigError(f"{file}: the capacity is {capacity}; give a whole number in 1..{LARGEST_CAPACITY}.")
    for position, size in enumerate(sizes):
        if not 1 <= size <= capacity:
            raise ConfigError(f"{file}: item {position} is {size}; give a whole number in 1..{capacity}, the capacity.")
    return OfflineInstance(
        name=file.stem, family=file.resolve().parent.name, capacity=capacity, items=np.array(sizes, dtype=np.int64)
    )


def _check_names(instances: Iterable[OfflineInstance], path: Path) -> None:
    seen: set[str] = set()
    for instance in instances:
        if instance.name in seen:
            raise ConfigError(f"{path}: two instances are named {instance.name!r}; give each its own name.")
        seen.add(instance.name)

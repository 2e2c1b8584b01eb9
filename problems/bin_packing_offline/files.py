"""Reading offline instances and their optima from files."""

from dataclasses import replace
from pathlib import Path

from evoheur.instance_files import InstancesRead
from evoheur.problems.packing.files import ItemsRead, read_packing_files
from evoheur.problems.routing.recorded_costs import FILES, recorded_costs

from .instance import OfflineInstance

__all__ = ["read_instances"]

_FOLDERS_UP = 2


def read_instances(path: Path) -> InstancesRead[OfflineInstance]:
    """Read a file or a folder of them, smallest instance first.

    References come from an `optima.csv` with the columns `name` and `best_known` (or `optimum`) beside the files or at most two folders
    above, else from a file of the OR-Library's form.

    Args:
        path: Of a form in `evoheur.problems.packing.formats.FORMATS`.

    Raises:
        ConfigError: As `evoheur.instance_files.read_files` does.
    """
    read = read_packing_files(path, _instance, size=lambda instance: instance.items.size)
    folder = (path if path.is_dir() else path.parent).resolve()
    tables = (place for place in (folder, *folder.parents[:_FOLDERS_UP]) if any((place / name).is_file() for name in FILES))
    recorded = recorded_costs(next(tables, folder))
    known = {instance.name: recorded[instance.name] for instance in read.instances if instance.name in recorded}
    return replace(read, references={**read.references, **known})


def _instance(read: ItemsRead) -> OfflineInstance:
    return OfflineInstance(name=read.name, family=read.family, capacity=read.capacity, items=read.items)

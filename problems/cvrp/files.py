"""Reading instances and what is known of their best solutions: CVRPLIB, CSV, Solomon's form, `.npy` sets, and folders of them."""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import vrplib

from evoheur.errors import ConfigError, InstanceWarning
from evoheur.problem import Infeasible
from problems.routing.keywords import decoded_text
from problems.routing.recorded import FILES, recorded_costs

from .array_file import read_array
from .csv_file import read_csv
from .instance import CvrpInstance
from .solomon import looks_like_solomon, read_solomon
from .solution import price
from .vrp_file import read_vrp

__all__ = ["InstanceFile", "read_file", "read_instances"]

_SUFFIXES = (".csv", ".npy", ".vrp")
_GIVE = "give a .vrp, .csv, .txt (Solomon) or .npy file, or a folder of them"
_MALFORMED = (AttributeError, IndexError, KeyError, RuntimeError, TypeError, ValueError)  # what vrplib raises for broken text
_NEAR = 1e-4  # share by which a stated cost may differ from ours: two decimals of it are often all there is


@dataclass(frozen=True, slots=True)
class InstanceFile:
    """What was read.

    Attributes:
        instances: Smallest first.
        references: Name of the instance → optimum or best known cost, for those that have one.
    """

    instances: list[CvrpInstance]
    references: dict[str, float]


def read_instances(path: Path) -> InstanceFile:
    """Read a file, or every `.vrp`, `.csv` and `.npy` file and every file of Solomon's form in a folder.

    Raises:
        ConfigError: The path does not exist, holds no such file, a file is broken or of another kind, or two instances share a name.
    """
    if not path.exists():
        raise ConfigError(f"There is no instance file {path}; {_GIVE}.")
    files = sorted(filter(_is_instance_file, path.iterdir())) if path.is_dir() else [path]
    if not files:
        raise ConfigError(f"The folder {path} holds no .vrp, .csv or .npy file, and no .txt file of Solomon's form.")
    read = [read_file(file) for file in files]
    instances = [instance for each in read for instance in each.instances]
    _check_names(instances, path)
    references = {name: cost for each in read for name, cost in each.references.items()}
    return InstanceFile(sorted(instances, key=lambda instance: instance.customers), references)


def read_file(file: Path) -> InstanceFile:
    """Read one file and the references beside it.

    References come from `optima.csv` or `reference.csv` in the same folder, else from `NAME.sol`, whose routes are checked and priced;
    their customers are numbered from 1 in the order of the file, without the depot.

    Raises:
        ConfigError: It cannot be read, is broken or of another kind.
    """
    suffix = file.suffix.lower()
    if suffix == ".vrp" or (suffix == ".txt" and "DEMAND_SECTION" in decoded_text(file).upper()):
        instances = [read_vrp(file)]
    elif suffix == ".txt" and looks_like_solomon(decoded_text(file)):
        instances = [read_solomon(file)]
    elif suffix == ".csv":
        instances = [read_csv(file)]
    elif suffix == ".npy":
        instances = read_array(file)
    else:
        unlike = " and is of another form" if suffix == ".txt" else ""
        raise ConfigError(f"{file} ends in {file.suffix!r}{unlike}; {_GIVE}.")
    recorded = recorded_costs(file.parent)
    references = {instance.name: recorded[instance.name] for instance in instances if instance.name in recorded}
    solution = file.with_suffix(".sol")
    if suffix != ".npy" and not references and solution.is_file():
        references[instances[0].name] = _solution_cost(solution, instances[0])
    return InstanceFile(instances, references)


def _is_instance_file(file: Path) -> bool:
    if file.suffix.lower() == ".txt":
        return file.is_file() and looks_like_solomon(decoded_text(file))
    return file.suffix.lower() in _SUFFIXES and file.name not in FILES


def _check_names(instances: Iterable[CvrpInstance], path: Path) -> None:
    seen: set[str] = set()
    for instance in instances:
        if instance.name in seen:
            raise ConfigError(f"{path}: two instances are named {instance.name!r}; give each its own name.")
        seen.add(instance.name)


def _solution_cost(file: Path, instance: CvrpInstance) -> float:
    try:
        said = vrplib.read_solution(file)
        cost = price(instance, said["routes"])
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}; check the path and its permissions.") from error
    except (*_MALFORMED, Infeasible) as error:
        raise ConfigError(f"{file} is no solution of {instance.name}: {error}.") from error
    stated = said.get("cost")
    if isinstance(stated, (int, float)) and abs(stated - cost) > _NEAR * max(abs(cost), 1.0):
        warnings.warn(
            f"{file} says Cost {stated:.10g}, but its routes cost {cost:.10g} with distances by {instance.rule}, and gaps are "
            "measured by that. EDGE_WEIGHT_TYPE says how distances are rounded (EXACT_2D: not at all).",
            InstanceWarning,
            stacklevel=2,
        )
    return cost

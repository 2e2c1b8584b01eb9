"""Reading routing instances and their best known costs.

The files are CVRPLIB, CSV, Solomon's form, `.npy` sets, and folders of them.
"""

import warnings
from pathlib import Path

import vrplib

from evoheur.errors import ConfigError, InstanceWarning
from evoheur.instance_files import InstancesRead, read_files
from evoheur.problem import Infeasible
from evoheur.problems.routing.keywords import decoded_text
from evoheur.problems.routing.recorded_costs import FILES, recorded_costs

from .array_file import read_array
from .csv_file import read_csv
from .instance import CvrpInstance
from .solomon import looks_like_solomon, read_solomon
from .solution import price
from .vrp_file import read_vrp

__all__ = ["read_file", "read_instances"]

_SUFFIXES = (".vrp", ".csv", ".txt", ".npy")
_GIVE = "give a .vrp, .csv, .txt (Solomon) or .npy file, or a folder of them"
_MALFORMED = (AttributeError, IndexError, KeyError, RuntimeError, TypeError, ValueError)  # what vrplib raises for broken text
_NEAR = 1e-4  # share by which a stated cost may differ from ours: two decimals of it are often all there is


def read_instances(path: Path) -> InstancesRead[CvrpInstance]:
    """Read a file or a folder of them, smallest instance first.

    In a folder, every `.vrp`, `.csv` and `.npy` file and every file of Solomon's form is read.

    Raises:
        ConfigError: As `evoheur.instance_files.read_files` does.
    """
    others = {file.name for file in path.glob("*.[tT][xX][tT]") if not _is_instance_text(file)} if path.is_dir() else set()
    return read_files(
        path, dict.fromkeys(_SUFFIXES, read_file), size=lambda instance: instance.customers, skipped={*FILES, *others}
    )


def read_file(file: Path) -> list[tuple[CvrpInstance, float | None]]:
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
    solution = file.with_suffix(".sol")
    if suffix != ".npy" and instances[0].name not in recorded and solution.is_file():
        return [(instances[0], _solution_cost(solution, instances[0]))]
    return [(instance, recorded.get(instance.name)) for instance in instances]


def _is_instance_text(file: Path) -> bool:
    return file.is_file() and looks_like_solomon(decoded_text(file))


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
            f"{file} says Cost {stated:.10g}, but its routes cost {cost:.10g} with distances by {instance.metric}, and gaps are "
            "measured by that. EDGE_WEIGHT_TYPE says how distances are rounded (EXACT_2D: not at all).",
            InstanceWarning,
            stacklevel=2,
        )
    return cost

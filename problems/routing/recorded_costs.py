"""Reference costs that lie beside instance files, in `optima.csv` or `reference.csv`."""

import csv
import math
from pathlib import Path

from evoheur.errors import ConfigError

__all__ = ["FILES", "recorded_costs"]

FILES = ("optima.csv", "reference.csv")

_COLUMNS = ("optimum", "best_known", "bks_cost", "reference_length", "reference_cost")


def recorded_costs(folder: Path) -> dict[str, float]:
    """Read the reference costs of a folder.

    A table has a column `name`, or the columns `set` and `index` for files of many instances, and one of the columns `optimum`,
    `best_known`, `bks_cost`, `reference_length` and `reference_cost`. Lines without a cost are passed over.

    Args:
        folder: Where `optima.csv` or `reference.csv` may lie.

    Returns:
        Name of the instance → cost; "SET-INDEX" names those of a file of many. Empty where there is no table.

    Raises:
        ConfigError: A table lacks these columns, or a cost is no positive number.
    """
    costs: dict[str, float] = {}
    for file in (folder / name for name in FILES):
        if file.is_file():
            costs.update(_read(file))
    return costs


def _read(file: Path) -> dict[str, float]:
    try:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"{file} cannot be read as a table of reference costs: {error}.") from error
    if not rows:
        return {}
    column = next((name for name in _COLUMNS if name in rows[0]), None)
    named, numbered = "name" in rows[0], {"set", "index"} <= rows[0].keys()
    if column is None or not (named or numbered):
        raise ConfigError(
            f"{file} has the columns {', '.join(map(str, rows[0]))}; a table of reference costs needs 'name' (or 'set' and 'index') "
            f"and one of {', '.join(_COLUMNS)}."
        )
    costs = {}
    for number, row in enumerate(rows, start=2):
        text = (row[column] or "").strip()
        if text:
            costs[row["name"] if named else f"{row['set']}-{row['index']}"] = _cost(text, f"{file}, line {number}, {column}")
    return costs


def _cost(text: str, where: str) -> float:
    try:
        cost = float(text)
    except ValueError:
        cost = math.nan
    if not (math.isfinite(cost) and cost > 0.0):
        raise ConfigError(f"{where}: {text!r:.60} is no cost; give a positive number, or nothing.")
    return cost

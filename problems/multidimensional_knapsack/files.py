"""Reading knapsack instances from files: the OR-Library's form, and JSON.

The guest must not hold this module.
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError
from evoheur.instance_files import InstancesRead, OutsideLimits, read_files
from evoheur.problem import Json

from .instance import KnapsackInstance
from .relaxation import dual_prices

__all__ = ["read_instances"]

_MOST = 1_000_000  # weights of an instance, so that a matrix of them takes some megabytes
_EXACT = 2**53
_JSON_FORM = 'expected {"values": […], "weights": [[…], …], "capacities": […]} or a list of such'


def read_instances(path: Path) -> InstancesRead[KnapsackInstance]:
    """Read a file or a folder of them, smallest instance first.

    A reference is minus the best known value that a file gives.

    Args:
        path: Of a form in `MultidimensionalKnapsack.formats`.

    Raises:
        ConfigError: As `evoheur.instance_files.read_files` does.
    """
    readers = {".txt": _or_library, ".dat": _or_library, ".json": _json}
    return read_files(path, readers, size=lambda instance: float(instance.weights.size))


def _or_library(file: Path) -> Iterator[tuple[KnapsackInstance, float | None]]:
    words = iter(_text(file).split())

    def following(what: str) -> float:
        word = next(words, None)
        if word is None:
            raise ConfigError(f"{file} ends where {what} should follow; give the form of the OR-Library's mknap files.")
        try:
            return float(word)
        except ValueError:
            raise ConfigError(f"{file} has {word!r:.40} where {what} should follow; give a number.") from None

    def count(what: str) -> int:
        number = following(what)
        if not (number.is_integer() and 1 <= number <= _MOST):
            raise ConfigError(f"{file} has {number:g} as {what}; give a whole number in 1..{_MOST}.")
        return int(number)

    number = count("the number of instances")
    for place in range(1, number + 1):
        name = file.stem if number == 1 else f"{file.stem}-{place}"
        items, resources = count(f"the number of items of {name}"), count(f"the number of resources of {name}")
        if items * resources > _MOST:
            raise OutsideLimits(f"{file}: {name} has {items * resources} weights; at most {_MOST} are read.")
        best = following(f"the best known value of {name}")
        values = [following(f"a value of {name}") for _ in range(items)]
        weights = [[following(f"a weight of {name}") for _ in range(items)] for _ in range(resources)]
        capacities = [following(f"a capacity of {name}") for _ in range(resources)]
        yield _instance(file, name, values, weights, capacities), -best if best > 0 else None
    if (word := next(words, None)) is not None:
        raise ConfigError(f"{file} goes on with {word!r:.40} after its {number} instances; correct the counts.")


def _json(file: Path) -> Iterator[tuple[KnapsackInstance, float | None]]:
    try:
        content: Json = json.loads(_text(file))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{file} is not JSON ({error}); {_JSON_FORM}.") from error
    entries = content if isinstance(content, list) else [content]
    for place, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict) or not {"values", "weights", "capacities"} <= entry.keys():
            raise ConfigError(f"{file}: entry {place} is {entry!r:.60}; {_JSON_FORM}.")
        name = str(entry.get("name", file.stem if len(entries) == 1 else f"{file.stem}-{place}"))
        best = entry.get("optimum")
        if best is not None and not (_is_number(best) and best > 0):
            raise ConfigError(f"{file}: {name} has the optimum {best!r:.40}; give a number above 0, or leave it out.")
        yield (
            _instance(file, name, entry["values"], entry["weights"], entry["capacities"]),
            None if best is None else -float(best),
        )


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} is no text ({error}); give one of the forms that `evoheur problems show` prints.") from error


def _instance(file: Path, name: str, values: Json, weights: Json, capacities: Json) -> KnapsackInstance:
    held = _numbers(file, name, "values", [values])[0]
    used = _numbers(file, name, "weights", weights)
    limits = _numbers(file, name, "capacities", [capacities])[0]
    if used.shape != (limits.size, held.size):
        raise ConfigError(
            f"{file}: {name} has {held.size} values and {limits.size} capacities, but weights of shape {used.shape}; "
            "give for each resource a weight of every item."
        )
    _check(file, name, "value", held, held > 0, "above 0")
    _check(
        file, name, "weight", used, (used >= 0) & (used == np.floor(used)) & (used <= _EXACT), "whole, at least 0, at most 2^53"
    )
    _check(file, name, "capacity", limits, (limits >= 1) & (limits == np.floor(limits)) & (limits <= _EXACT), "whole, at least 1")
    if (used.sum(axis=1) > _EXACT).any():
        raise OutsideLimits(f"{file}: {name} has weights that sum to {used.sum(axis=1).max():g}; at most 2^53 are added exactly.")
    whole, room = used.astype(np.int64), limits.astype(np.int64)
    if not (whole <= room[:, None]).all(axis=0).any():
        raise ConfigError(f"{file}: {name} has no item that fits by itself, so its only load is empty; correct the capacities.")
    return KnapsackInstance(
        name=name, family=file.stem, values=held, weights=whole, capacities=room, prices=dual_prices(held, whole, room)
    )


def _numbers(file: Path, name: str, what: str, rows: Json) -> NDArray[np.float64]:
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) and row for row in rows):
        raise ConfigError(f"{file}: {name} has the {what} {rows!r:.60}; give lists of numbers that are not empty.")
    if len({len(row) for row in rows}) > 1:
        raise ConfigError(f"{file}: {name} has rows of {what} of unlike length; give for each resource a weight of every item.")
    for row in rows:
        for number in row:
            if not _is_number(number):
                raise ConfigError(f"{file}: {name} has {number!r:.40} among its {what}; give finite numbers.")
    return np.array(rows, dtype=np.float64)


def _is_number(number: Json) -> bool:
    if isinstance(number, bool) or not isinstance(number, int | float):
        return False
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def _check(file: Path, name: str, what: str, numbers: NDArray[np.float64], good: NDArray[np.bool_], wanted: str) -> None:
    if not good.all():
        raise ConfigError(f"{file}: {name} has the {what} {numbers[~good].ravel()[0]:g}; it must be {wanted}.")

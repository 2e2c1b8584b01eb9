"""Reading streams of items from files."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from evoheur.errors import ConfigError
from evoheur.problem import Json

from .instance import LARGEST_CAPACITY, BinPackingInstance

__all__ = ["read_streams"]

_FORM = 'expected {"meta": {…}, "instances": [{"name": …, "capacity": …, "items": […]}, …]}'


def read_streams(path: Path) -> list[BinPackingInstance]:
    """Read the streams of a JSON file, or of every `.json` file of a folder in order of name; smallest first.

    Args:
        path: A file of the form {"meta": {…}, "instances": [{"name", "capacity", "items"}]}; meta is optional, and its "set" (else the
            file's stem) names the family.

    Raises:
        ConfigError: The path does not exist, a file is not of that form, a value is out of range, or two instances share a name.
    """
    if not path.exists():
        raise ConfigError(f"There is no instance file {path}; give a JSON file or a folder of them.")
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files:
        raise ConfigError(f"The folder {path} holds no .json file; give a JSON file or a folder of them.")
    streams = [stream for file in files for stream in _read_file(file)]
    seen: set[str] = set()
    for stream in streams:
        if stream.name in seen:
            raise ConfigError(f"{path}: two instances are named {stream.name!r}; give each its own name.")
        seen.add(stream.name)
    return sorted(streams, key=lambda stream: stream.items.size)


def _read_file(file: Path) -> list[BinPackingInstance]:
    try:
        content: Json = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}; check the path and its permissions.") from error
    except (ValueError, RecursionError) as error:  # not UTF-8, not JSON, or nested beyond reason
        raise ConfigError(f"{file} is not JSON ({error}); {_FORM}.") from error
    entries = content.get("instances") if isinstance(content, dict) else None
    meta = content.get("meta", {}) if isinstance(content, dict) else None
    if not isinstance(entries, list) or not isinstance(meta, dict):
        raise ConfigError(f"{file} is JSON of another form; {_FORM}.")
    if not entries:
        raise ConfigError(f'{file}: "instances" is empty; give at least one.')
    family = meta.get("set", file.stem)
    if not isinstance(family, str):
        raise ConfigError(f'{file}: "set" in "meta" is {family!r:.60}; it names the family, so give a text.')
    return [_stream(entry, family, f"{file}, instance {number}") for number, entry in enumerate(entries)]


def _stream(entry: Json, family: str, where: str) -> BinPackingInstance:
    if not isinstance(entry, Mapping):
        raise ConfigError(f"{where} is {entry!r:.60}; {_FORM}.")
    for key in ("name", "capacity", "items"):
        if key not in entry:
            raise ConfigError(f"{where} has no {key!r}; {_FORM}.")
    name, capacity, items = entry["name"], entry["capacity"], entry["items"]
    if not isinstance(name, str) or not name:
        raise ConfigError(f"{where}: the name is {name!r:.60}; give a text that is not empty.")
    where = f"{where} ({name!r})"
    if type(capacity) is not int or not 1 <= capacity <= LARGEST_CAPACITY:
        raise ConfigError(f"{where}: the capacity is {capacity!r:.60}; give a whole number in 1..{LARGEST_CAPACITY}.")
    if not isinstance(items, list) or not items:
        raise ConfigError(f"{where}: the items are {items!r:.60}; give a list of at least one size.")
    for position, size in enumerate(items):
        if type(size) is not int or not 1 <= size <= capacity:
            raise ConfigError(f"{where}: item {position} is {size!r:.60}; give a whole number in 1..{capacity}, the capacity.")
    return BinPackingInstance(name=name, family=family, capacity=capacity, items=np.array(items, dtype=np.int64))

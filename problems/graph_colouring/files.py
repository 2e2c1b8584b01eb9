"""Reading graphs from files: the DIMACS form, and JSON.

The guest must not hold this module.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from evoheur.errors import ConfigError
from evoheur.instance_files import InstancesRead, OutsideLimits, read_files
from evoheur.problem import Json
from evoheur.problems.routing.recorded_costs import FILES, recorded_costs

from .instance import GraphInstance

__all__ = ["MOST_VERTICES", "read_instances"]

MOST_VERTICES = 2000
"""A matrix of the neighbours of more takes longer than most users wait."""

_JSON_FORM = 'expected {"vertices": 3, "edges": [[0, 1], [1, 2]]} or a list of such'


def read_instances(path: Path) -> InstancesRead[GraphInstance]:
    """Read a file or a folder of them, smallest graph first.

    References are the fewest colours known, from JSON, or from `optima.csv` or `reference.csv` in the folder.

    Args:
        path: Of a form in `GraphColouring.formats`.

    Raises:
        ConfigError: As `evoheur.instance_files.read_files` does.
    """
    readers = {".col": _dimacs, ".txt": _dimacs, ".json": _json}
    return read_files(path, readers, size=lambda instance: float(instance.vertices), skipped=FILES)


def _dimacs(file: Path) -> Iterator[tuple[GraphInstance, float | None]]:
    vertices: int | None = None
    edges: list[tuple[int, int]] = []
    for number, line in enumerate(_text(file).splitlines(), start=1):
        words = line.split()
        if not words or words[0] == "c":
            continue
        where = f"{file}, line {number}"
        if words[0] == "p" and len(words) == 4 and vertices is None:
            vertices = _count(where, words[2])
        elif words[0] == "e" and len(words) == 3 and vertices is not None:
            edges.append((_vertex(where, words[1], vertices), _vertex(where, words[2], vertices)))
        elif words[0] not in {"n", "d", "v", "x"}:  # which other programs put there
            raise ConfigError(f"{where} is {line!r:.60}; give `p edge VERTICES EDGES` once, then `e VERTEX VERTEX` a line.")
    if vertices is None:
        raise ConfigError(f"{file} has no line `p edge VERTICES EDGES`; give a graph in the form of DIMACS.")
    yield _graph(file, file.stem, vertices, edges), recorded_costs(file.parent).get(file.stem)


def _json(file: Path) -> Iterator[tuple[GraphInstance, float | None]]:
    try:
        content: Json = json.loads(_text(file))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{file} is not JSON ({error}); {_JSON_FORM}.") from error
    entries = content if isinstance(content, list) else [content]
    for place, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict) or not {"vertices", "edges"} <= entry.keys() or not isinstance(entry["edges"], list):
            raise ConfigError(f"{file}: entry {place} is {entry!r:.60}; {_JSON_FORM}.")
        name = str(entry.get("name", file.stem if len(entries) == 1 else f"{file.stem}-{place}"))
        vertices = _count(f"{file}: {name}", entry["vertices"])
        edges: list[tuple[int, int]] = []
        for edge in entry["edges"]:
            if not isinstance(edge, list) or len(edge) != 2 or not all(type(end) is int and 0 <= end < vertices for end in edge):
                raise ConfigError(f"{file}: {name} has the edge {edge!r:.40}; give two vertices in 0..{vertices - 1}.")
            edges.append((edge[0], edge[1]))
        known = entry.get("colours")
        if known is not None and not (type(known) is int and known >= 1):
            raise ConfigError(f"{file}: {name} has {known!r:.40} as the fewest colours known; give a whole number from 1.")
        yield _graph(file, name, vertices, edges), None if known is None else float(known)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} cannot be read as text: {error}.") from error


def _count(where: str, given: Json) -> int:
    number = int(given) if isinstance(given, str) and given.isascii() and given.isdigit() else given
    if type(number) is not int or number < 1:
        raise ConfigError(f"{where} has {given!r:.40} as the number of vertices; give a whole number from 1.")
    if number > MOST_VERTICES:
        raise OutsideLimits(f"{where} has {number} vertices; at most {MOST_VERTICES} are read.")
    return number


def _vertex(where: str, word: str, vertices: int) -> int:
    if not (word.isascii() and word.isdigit() and 1 <= int(word) <= vertices):
        raise ConfigError(f"{where} has the vertex {word!r:.40}; give a whole number in 1..{vertices}.")
    return int(word) - 1


def _graph(file: Path, name: str, vertices: int, edges: list[tuple[int, int]]) -> GraphInstance:
    """A graph of edges that may stand in a file twice."""
    ends = np.array(edges, dtype=np.int64).reshape(-1, 2)
    if (ends[:, 0] == ends[:, 1]).any():
        loop = int(ends[ends[:, 0] == ends[:, 1]][0, 0])
        raise ConfigError(
            f"{file}: {name} joins vertex {loop} (from 0) with itself, so no colour is right for it; take the edge out."
        )
    return GraphInstance(
        name=name, family=file.absolute().parent.name, vertices=vertices, edges=np.unique(np.sort(ends, axis=1), axis=0)
    )

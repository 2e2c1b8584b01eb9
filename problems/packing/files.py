"""Reading the instance files of both packing problems; `formats.FORMATS` lists the forms."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from evoheur.instance_files import InstancesRead, read_files
from evoheur.problem import Instance
from evoheur.problems.routing.recorded_costs import FILES

from .drafts import PackingDraft, counted, read_text
from .json_forms import read_json
from .plain_text import read_plain_text

__all__ = ["ItemsRead", "read_packing_files"]

InstanceT = TypeVar("InstanceT", bound=Instance)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsRead:
    """A packing instance as it was read and checked.

    Attributes:
        name: Of the instance.
        family: Of the instance.
        capacity: At least 1.
        items: Sizes in the file's order, each in 1..capacity.
    """

    name: str
    family: str
    capacity: int
    items: NDArray[np.int64]


def read_packing_files(
    path: Path, make: Callable[[ItemsRead], InstanceT], *, size: Callable[[InstanceT], float]
) -> InstancesRead[InstanceT]:
    """Read a file or a folder of them.

    Tables of references are passed over.

    Args:
        path: Of the file or folder.
        make: Makes the problem's instance.
        size: By which instances are sorted.

    Raises:
        ConfigError: As `read_files` does.
    """
    text = partial(_read_file, read=read_plain_text, make=make)
    readers = {".json": partial(_read_file, read=read_json, make=make), ".txt": text, ".bpp": text, ".csv": text}
    return read_files(path, readers, size=size, skipped=FILES)


def _read_file(
    file: Path, read: Callable[[str, Path], list[PackingDraft]], make: Callable[[ItemsRead], InstanceT]
) -> list[tuple[InstanceT, float | None]]:
    pairs = []
    for draft in read(read_text(file), file):
        capacity, items = counted(draft)
        pairs.append((make(ItemsRead(name=draft.name, family=draft.family, capacity=capacity, items=items)), draft.reference))
    return pairs

"""Instance files of packing problems, for files that stand alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evoheur.problems.packing.drafts import counted, read_text
from evoheur.problems.packing.json_forms import read_json
from evoheur.problems.packing.packing_file import packing_text
from evoheur.problems.packing.plain_text import read_plain_text

__all__ = ["packings"]


def packings(file: Path, solve: Callable[[NDArray[np.int64], int], list[int]]) -> Iterator[tuple[str, str]]:
    """Solve the instances of a text, a table or JSON.

    Args:
        file: Of a form in `evoheur.problems.packing.formats.FORMATS`.
        solve: (sizes in the file's order, capacity) → bin of each item.

    Yields:
        Name of the instance, and its packing as text.
    """
    read = read_json if file.suffix.lower() == ".json" else read_plain_text
    for draft in read(read_text(file), file):
        capacity, items = counted(draft)
        yield draft.name, packing_text(solve(items, capacity))

"""The numbers of the nodes in a VRPLIB file. `vrplib` drops them, and would misread a file that lists its nodes in another order."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.errors import ConfigError

__all__ = ["rows_by_number"]


def rows_by_number(file: Path, content: Mapping[str, Any], section: str) -> NDArray[np.int_]:
    """Rows of a section in the order of their nodes' numbers, so that node 1, the depot, comes first.

    Args:
        file: To be read once more.
        content: What `vrplib` made of the file; its DIMENSION is compared, if there is one.
        section: "NODE_COORD_SECTION" or "DEMAND_SECTION".

    Returns:
        Numbers of rows from 0, shape (nodes,).

    Raises:
        ConfigError: The nodes are not numbered 1 to DIMENSION, each once.
    """
    words = _first_words(file, section)
    try:
        numbers = np.array([int(word) for word in words], dtype=np.int64)
    except (OverflowError, ValueError) as error:
        raise ConfigError(f"{file}: a row of the {section} does not begin with the number of a node ({error}).") from error
    order = np.argsort(numbers, kind="stable")
    nodes = content.get("dimension", len(words))
    if len(words) != nodes or not np.array_equal(numbers[order], np.arange(1, len(words) + 1)):
        raise ConfigError(
            f"{file}: the {section} has {len(words)} rows and DIMENSION is {nodes}; there must be one row for each of the nodes "
            "1, 2, 3 and so on, the depot being node 1."
        )
    return order


def _first_words(file: Path, section: str) -> list[str]:
    """Of the rows between the section's heading and the next one; lines are told apart as `vrplib` does it."""
    words: list[str] = []
    inside = False
    for line in map(str.strip, file.read_text().splitlines()):
        if "EOF" in line:
            break
        if "_SECTION" in line:
            inside = line.strip(" :") == section
        elif inside and line and not line.startswith("#"):
            words.append(line.split()[0])
    return words

"""Tables of solutions, for problems that draw none."""

import json
from dataclasses import dataclass
from itertools import islice
from typing import Any

__all__ = ["SolutionTable", "table_of_solution"]

_MOST_ROWS = 200
_MOST_LETTERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SolutionTable:
    """A solution as rows of text.

    Attributes:
        title: What is shown.
        columns: Heads, two of them.
        rows: Of each part its name and its value, shape (rows, 2).
        left_out: How many further rows there would be.
    """

    title: str
    columns: tuple[str, str]
    rows: tuple[tuple[str, str], ...]
    left_out: int = 0


def table_of_solution(instance: str, solution: Any, *, most: int = _MOST_ROWS) -> SolutionTable:
    """Lay out a solution as a table.

    Args:
        instance: Its name.
        solution: Any JSON; lists and objects get a row for every element.
        most: At most so many rows.
    """
    if isinstance(solution, dict):
        columns, pairs, number = ("key", "value"), iter(solution.items()), len(solution)
    elif isinstance(solution, list):
        columns, pairs, number = ("position", "value"), iter(enumerate(solution)), len(solution)
    else:
        columns, pairs, number = ("", "value"), iter([("solution", solution)]), 1
    rows = tuple((_cell(key), _cell(value)) for key, value in islice(pairs, most))
    return SolutionTable(title=f"{instance}: solution", columns=columns, rows=rows, left_out=number - len(rows))


def _cell(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _MOST_LETTERS else f"{text[: _MOST_LETTERS - 1]}…"

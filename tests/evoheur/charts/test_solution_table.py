"""Tables of solutions: a row for every element, as far as there is room."""

import json
from typing import Any

import pytest
from hypothesis import given

from evoheur.charts.solution_table import table_of_solution
from evoheur.testing.problem_contract import any_json


@pytest.mark.parametrize(
    ("solution", "rows"),
    [
        ([3, 1, 2], (("0", "3"), ("1", "1"), ("2", "2"))),
        ([[1, 2], []], (("0", "[1, 2]"), ("1", "[]"))),
        ({"route": [5], "name": "<b>"}, (("route", "[5]"), ("name", "<b>"))),
        (7, (("solution", "7"),)),
        ([], ()),
    ],
)
def test_a_solution_has_a_row_for_every_element(solution: Any, rows: tuple[tuple[str, str], ...]) -> None:
    assert table_of_solution("i", solution).rows == rows


def test_rows_beyond_the_first_are_counted_and_long_values_cut() -> None:
    table = table_of_solution("i", [list(range(1000))] * 7, most=5)
    assert (len(table.rows), table.left_out) == (5, 2)
    assert len(table.rows[0][1]) == 200
    assert table.rows[0][1].endswith("…")


@given(any_json())
def test_any_answer_has_a_table(solution: Any) -> None:
    table = table_of_solution("i", solution)
    assert len(table.rows) == (len(solution) if isinstance(solution, list | dict) else 1)
    json.dumps(table.rows)

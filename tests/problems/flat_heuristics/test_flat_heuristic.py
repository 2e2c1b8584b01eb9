"""Flat heuristics as data: nothing that comes out of a guest reaches beyond its registers."""

from typing import Any

import numpy as np
import pytest

from evoheur.problem import Infeasible
from evoheur.problems.flat_heuristics.flat_heuristic import LONGEST, FlatHeuristic, read_flat_heuristic
from evoheur.problems.flat_heuristics.operations import CODES

GOOD: dict[str, Any] = {
    "constants": ["0x1.8000000000000p+1", "inf"],
    "steps": [[CODES["multiply"], 0, 2, 0], [CODES["minimum"], 4, 3, 0]],
}


def test_a_rule_goes_through_json_unchanged() -> None:
    """Three times the first of two inputs, at most infinity."""
    rule = read_flat_heuristic(GOOD, 2)
    assert rule.document() == GOOD
    assert rule.scores([np.array([1.0, 2.5]), 0.0]).tolist() == [3.0, 7.5]


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {},
        {**GOOD, "constants": 3},
        {**GOOD, "constants": ["x", "0x1p+0"]},
        {**GOOD, "constants": [1.0, 2.0]},
        {**GOOD, "steps": []},
        {**GOOD, "steps": [[0, 0, 0, 0]] * (LONGEST + 1)},
        {**GOOD, "steps": [[0, 0, 0]]},
        {**GOOD, "steps": [[0, 4, 0, 0]]},
        {**GOOD, "steps": [[0, -1, 0, 0]]},
        {**GOOD, "steps": [[0, 0, 0, 10**30]]},
        {**GOOD, "steps": [[len(CODES), 0, 0, 0]]},
        {**GOOD, "steps": [[-1, 0, 0, 0]]},
        {**GOOD, "steps": [[0.0, 0, 0, 0]]},
        {**GOOD, "steps": [[True, 0, 0, 0]]},
        {**GOOD, "steps": "0000"},
    ],
)
def test_anything_else_is_refused(answer: Any) -> None:
    """A step reads what is written before it, and nothing else."""
    with pytest.raises(Infeasible):
        read_flat_heuristic(answer, 2)


def test_a_rule_may_be_of_numbers_and_vectors() -> None:
    """Numbers stand for vectors of equal entries."""
    rule = FlatHeuristic(2, np.array([0.5]), np.array([[CODES["add"], 0, 1, 0], [CODES["add"], 3, 2, 0]]))
    assert rule.scores([4.0, np.array([1.0, 2.0])]).tolist() == [5.5, 6.5]

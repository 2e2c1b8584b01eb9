"""A translation is held against the candidate that it comes from."""

from typing import Any

import numpy as np
import pytest

from evoheur.problem import Heuristic
from evoheur.problems.flat_heuristics.flat_values import NotFlat
from evoheur.problems.flat_heuristics.proved_translation import proved_translation

CODE = "def score(size, spaces):\n    return size - spaces\n"
CALLS = [(2.0, np.array([1.0, 5.0, 2.5])), (0.5, np.array([3.0]))]


def candidate(function: Any, code: str = CODE) -> Heuristic:
    """What a guest holds: a source, and the function that came of it."""
    function.__name__ = "score"
    return Heuristic(code=code, functions={"score": function})


def test_a_formula_is_translated() -> None:
    flat = proved_translation(candidate(lambda size, spaces: size - spaces), (False, True), CALLS)
    assert [flat.scores(shown).tolist() for shown in CALLS] == [[1.0, -3.0, -0.5], [-2.5]]


@pytest.mark.parametrize(
    ("function", "code", "reason"),
    [
        (lambda size, spaces: np.where(spaces == 3.0, 7.0, size - spaces), CODE, "not those of its translation"),
        (lambda size, spaces: None, CODE, "score returned None"),
        (lambda size, spaces: size - spaces, "def score(size, spaces:\n", "cannot be read"),
        (lambda size, spaces: size - spaces, "def score(size, spaces):\n    return sorted(spaces)\n", "line 2"),
    ],
)
def test_what_does_otherwise_is_refused(function: Any, code: str, reason: str) -> None:
    """Also where one call of several tells, the last one here."""
    with pytest.raises(NotFlat, match=reason):
        proved_translation(candidate(function, code), (False, True), CALLS)


def test_calls_stay_as_they_were() -> None:
    """A candidate that changes what it is shown changes a copy."""

    def spoiling(size: Any, spaces: Any) -> Any:
        scores = size - spaces
        spaces[:] = 0.0
        return scores

    proved_translation(candidate(spoiling), (False, True), CALLS)
    assert CALLS[0][1].tolist() == [1.0, 5.0, 2.5]

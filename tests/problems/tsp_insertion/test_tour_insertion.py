"""One pass: what the rule is told, what it may answer, and how the tour grows."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.returned_numbers import BadAnswer
from evoheur.problems.tsp.construction import kernels as construction
from evoheur.problems.tsp_insertion.tour_insertion import construct
from tests.benchmarks.naive.insertion import steps
from tests.problems.tsp.support.cities import Points, matrix, places

LINE = matrix([(0, 0), (1, 0), (3, 0), (6, 0)])


def test_what_a_rule_is_told_by_hand() -> None:
    """Four cities on a line, from the first: all edges go there and back, until the last is in."""
    asked: list[list[Any]] = []

    def last(*told: Any) -> Any:
        asked.append([value if isinstance(value, float) else value.tolist() for value in told])
        return np.arange(len(told[2]))

    assert construct(last, LINE).tolist() == [0, 1, 2, 3]
    assert asked == [
        [0.25, 6.0, [1, 3, 6], [2, 6, 12], [0, 0, 0], [8 / 3, 8 / 3, 14 / 3], [1, 2, 3], [1, 3, 6], [0, 0, 0]],
        [0.5, 3.0, [1, 3], [0, 0], [0, 0], [8 / 3, 8 / 3], [1, 2], [3, 3], [6, 6]],
    ]


def test_the_place_with_the_lowest_number_wins_ties() -> None:
    """A square whose middle costs the same on every side: it goes behind city 0."""
    square = matrix([(0, 0), (2, 0), (2, 2), (0, 2), (1, 1)])
    order = iter([0, 0, 0])
    tour = construct(lambda *told: np.eye(len(told[2]))[next(order)], square).tolist()
    assert tour.index(4) == 1


@given(points=places(fewest=3, most=14), salt=st.integers(0, 10**6))
def test_every_view_is_what_the_description_says(points: Points, salt: int) -> None:
    """At every step of a random order, where many distances are equal; two cities may share a place."""
    distances = matrix([*points, points[0]])
    asked, tour = steps(lambda step: _drawn(salt, len(step.cities)), distances)
    told: list[tuple[Any, ...]] = []

    def rule(*values: Any) -> Any:
        told.append(tuple(np.copy(value) for value in values))
        return _drawn(salt, len(values[2]))

    assert construct(rule, distances).tolist() == tour
    for step, values in zip(asked, told, strict=True):
        for name, expected, value in zip(step._fields[1:], step[1:], values, strict=True):
            assert value == pytest.approx(np.array(expected), abs=1e-12), name


def _drawn(salt: int, waiting: int) -> Any:
    return np.random.default_rng([salt, waiting]).random(waiting)


@pytest.mark.parametrize("cities", [1, 2, 3, 4])
def test_few_cities_make_a_tour(cities: int) -> None:
    """Of one or two the rule is not even asked."""
    distances = matrix([(city, city % 2) for city in range(cities)])
    assert sorted(construct(lambda *told: told[2], distances).tolist()) == list(range(cities))


def test_cities_in_one_place_make_a_tour() -> None:
    """All views are 0."""
    assert sorted(construct(lambda *told: told[4], np.zeros((5, 5))).tolist()) == list(range(5))


def test_a_matrix_without_the_triangle_inequality_makes_a_tour() -> None:
    """Inserting may make a tour shorter there."""
    source = np.random.default_rng(3)
    distances = source.integers(0, 9, size=(12, 12)).astype(float)
    distances = np.triu(distances, 1) + np.triu(distances, 1).T
    tour = construct(lambda *told: told[4], distances).tolist()
    assert tour == steps(lambda step: step.regret, distances)[1]


@pytest.mark.parametrize("farthest", [False, True])
def test_long_tours_go_as_those_of_the_other_construction(farthest: bool) -> None:
    """300 cities without ties."""
    distances = matrix(np.random.RandomState(5).rand(300, 2).tolist())
    found = construct(lambda *told: told[2] if farthest else -told[2], distances)
    assert found.tolist() == construction.insertion(distances, 0, farthest).tolist()


def test_the_rule_may_spoil_what_it_is_given() -> None:
    """The views are written anew at every step."""

    def spoiling(*told: Any) -> Any:
        scores = told[4].copy()
        for view in told[2:]:
            view[:] = -1.0
        return scores

    distances = matrix(np.random.RandomState(1).rand(40, 2).tolist())
    assert construct(spoiling, distances).tolist() == construct(lambda *told: told[4], distances).tolist()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (None, r"^step 1: city_scores returned None .*expected real numbers of shape \(3,\)"),
        (np.zeros(2), r"^step 1: city_scores returned shape \(2,\)"),
        (np.array([0.0, np.nan, 0.0]), r"^step 1: city_scores returned NaN at 1"),
    ],
)
def test_unusable_scores_are_the_candidates_fault(answer: Any, reason: str) -> None:
    """With the step."""
    with pytest.raises(BadAnswer, match=reason):
        construct(lambda *_: answer, LINE)

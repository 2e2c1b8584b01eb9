"""Simulated annealing by two rules: what they are told, and what they may answer."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.returned_numbers import BadAnswer
from evoheur.problems.tsp.construction.kernels import greedy_edge
from evoheur.problems.tsp_annealing.annealed_tour import ROUNDS, annealed
from tests.benchmarks.naive import annealing as naive
from tests.problems.tsp.support.cities import Points, length, matrix, places
from tests.support.example_budget import very_dear


def _told(progress: float, temperature: float, accepted: float, rise: float, spread: float, *others: float) -> float:
    behind, mean_edge, stuck = others
    hot = 0.1 * rise + 0.3 * temperature + 0.05 * spread / (1.0 + behind) + 0.2 * stuck - 0.1 * accepted
    return hot * mean_edge * (1.0 - progress)


def _weighed(progress: float, temperature: float, share: Any, accepted: Any, gained: Any, records: Any) -> Any:
    return 0.2 + gained - 0.1 * share + 0.3 * accepted * (1.0 - progress) + 2.0 * records + temperature * share


def _cold(*_: Any) -> float:
    return 0.0


def _equal(*_: Any) -> Any:
    return np.ones(3)


def _annealed(cool: Any, weigh: Any, points: Points, moves: int = 20, seed: int = 0) -> list[int]:
    tour: list[int] = annealed(cool, weigh, matrix(points), np.random.default_rng(seed), moves_per_city=moves).tolist()
    return tour


def _uniform(cities: int) -> Points:
    points: Points = np.random.RandomState(2).rand(cities, 2).tolist()
    return points


@very_dear()
@given(points=places(fewest=5, most=14), salt=st.integers(0, 10**6))
def test_the_search_goes_as_its_twin(points: Points, salt: int) -> None:
    """Move by move, with rules that look at all they are told, on a grid where ties are common; two cities share a place."""
    twice = [*points, points[0]]
    rules: dict[str, Callable[..., Any]] = {"next_temperature": _told, "move_weights": _weighed}
    expected = naive.annealed(rules, matrix(twice), np.random.default_rng(salt), 30)
    assert _annealed(_told, _weighed, twice, 30, salt) == expected


@pytest.mark.parametrize("kind", range(3))
def test_each_kind_of_move_alone_shortens_the_tour(kind: int) -> None:
    """Below the greedy edge tour, with which all begin."""
    points = _uniform(60)
    alone = _annealed(_cold, lambda *_: np.eye(3)[kind], points, 60)
    assert sorted(alone) == list(range(60))
    assert length(alone, matrix(points)) < length(greedy_edge(matrix(points)).tolist(), matrix(points))


def test_annealing_is_better_than_descent_and_than_heat() -> None:
    """On the mean of five draws: temperature is what is under control."""
    points = [(18.0 * x, 18.0 * y) for x, y in _uniform(80)]  # about free of units, as temperatures are to be
    means = [
        np.mean([length(_annealed(cool, _equal, points, 1000, seed), matrix(points)) for seed in range(5)])
        for cool in (lambda progress, *_: 0.4 * 0.1**progress, _cold, lambda *_: 5.0)
    ]
    assert means[0] < min(means[1:])


def test_rules_are_told_how_the_search_goes() -> None:
    """Before the first round moves were measured, but none was made; whoever never heats is never behind."""
    told: list[tuple[float, ...]] = []

    def cool(*state: float) -> float:
        told.append(state)
        return 0.0

    _annealed(cool, _equal, _uniform(30))
    assert [state[0] for state in told] == [number / ROUNDS for number in range(ROUNDS)]
    first = told[0]
    assert first[1:3] == (0.0, 0.0)
    assert first[3] > 0.0
    assert first[4:6] == (0.0, 0.0)
    assert first[7] == 0.0
    assert all(state[5] == 0.0 for state in told)
    assert told[-1][6] < first[6]
    assert 0.0 < told[-1][7] < 1.0


def test_weights_are_shares_of_the_moves() -> None:
    """A kind of weight 0 or below is not tried; where all are so, all are."""
    seen: list[list[float]] = []

    def weigh(progress: float, temperature: float, share: Any, *_: Any) -> Any:
        assert temperature == 0.25
        seen.append(share.tolist())
        return np.array([3.0, -1.0, 1.0]) if progress < 0.5 else -np.ones(3)

    _annealed(lambda *_: 0.25, weigh, _uniform(60), 60)
    assert all(share[1] == 0.0 for share in seen[1:50])
    assert all(min(share) > 0.0 for share in seen[51:])


@pytest.mark.parametrize("points", [[(0, 0), (1, 0), (0, 1)], [(0, 0), (1, 1), (1, 0), (0, 1)], [(0, 0), (0, 0), (0, 0), (0, 0)]])
def test_up_to_four_cities_no_rule_is_asked(points: Points) -> None:
    """The greedy edge tour counts."""
    assert sorted(_annealed(lambda *_: None, lambda *_: None, points)) == list(range(len(points)))


def test_a_matrix_without_the_triangle_inequality_makes_a_tour() -> None:
    """Whole numbers at random, zeros among them."""
    draws = np.random.default_rng(3).integers(0, 9, size=(12, 12)).astype(float)
    distances = np.triu(draws, 1) + np.triu(draws, 1).T
    assert sorted(annealed(_told, _weighed, distances, np.random.default_rng(1), moves_per_city=40).tolist()) == list(range(12))


@pytest.mark.parametrize("answer", [1, True, np.float32(0.5), np.array(0.25), np.inf, -np.inf, 1e300])
def test_any_real_number_is_a_temperature(answer: Any) -> None:
    """Infinite ones, too."""
    assert sorted(_annealed(lambda *_: answer, _equal, _uniform(9))) == list(range(9))


@pytest.mark.parametrize(
    ("cool", "weigh", "reason"),
    [
        (lambda *_: None, _equal, r"^next_temperature returned None .*path without a return.*, expected one real number"),
        (lambda *_: np.ones(2), _equal, r"^next_temperature returned array.* of type ndarray, expected one real number"),
        (lambda *_: np.nan, _equal, r"^next_temperature returned NaN"),
        (lambda *_: 1j, _equal, r"^next_temperature returned 1j of type complex"),
        (_cold, lambda *_: np.ones(2), r"^move_weights returned shape \(2,\), expected .* \(3,\)"),
        (_cold, lambda *_: [1.0, np.inf, 1.0], r"^move_weights returned \[1.0, inf, 1.0\], expected .* not infinite"),
        (_cold, lambda *_: [1.0, np.nan, 1.0], r"^move_weights returned NaN at 1"),
    ],
)
def test_unusable_answers_are_the_candidates_fault(cool: Any, weigh: Any, reason: str) -> None:
    """The message names the rule."""
    with pytest.raises(BadAnswer, match=reason):
        _annealed(cool, weigh, _uniform(9))

"""Iterated local search by two rules: what they are told, and what they may answer."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.returned_numbers import BadAnswer
from evoheur.problems.tsp_kicks.chosen_kicks import ROUND, first_optimum, kicked
from tests.benchmarks.naive import kicks as naive
from tests.problems.tsp.support.cities import Points, length, matrix, places, shortest
from tests.support.example_budget import dear


def _anywhere(_progress: float, noise: Any, *_views: Any) -> Any:
    return noise.copy()


def _never_longer(_progress: float, _behind: float, _stuck: float, noise: Any) -> Any:
    return 0.0 * noise


def _told(progress: float, noise: Any, *views: Any) -> Any:
    weights = (0.3, 0.2, -0.1, -0.2, 0.05, -0.4, 0.3)
    return noise + sum(weight * view for weight, view in zip(weights, views, strict=True)) * (1.0 + progress)


def _often_longer(progress: float, behind: float, stuck: float, noise: Any) -> Any:
    return 0.5 * noise * (1.0 - progress) + 0.1 * stuck - 0.1 * behind


@dear()
@given(points=places(fewest=5, most=14), salt=st.integers(0, 10**6))
def test_the_search_goes_as_its_twin(points: Points, salt: int) -> None:
    """Tour by tour, with rules that look at all they are told, on a grid where ties are common; two cities share a place."""
    distances = matrix([*points, points[0]])
    rules: dict[str, Callable[..., Any]] = {"kick_scores": _told, "allowed_increases": _often_longer}
    expected = naive.kicked(rules, distances, np.random.default_rng(salt), 35)
    found = kicked(_told, _often_longer, distances, np.random.default_rng(salt), kicks=35)
    assert found.tolist() == expected


@dear()
@given(points=places(fewest=5, most=7))
def test_the_optimum_of_few_cities_is_found(points: Points) -> None:
    """Against trying every order."""
    distances = matrix(points)
    tour = kicked(_anywhere, _never_longer, distances, np.random.default_rng(0), kicks=200).tolist()
    assert length(tour, distances) == pytest.approx(shortest(distances))


@pytest.mark.parametrize("points", [[(0, 0), (1, 0), (0, 1)], [(0, 0), (1, 1), (1, 0), (0, 1)], [(0, 0), (0, 0), (0, 0), (0, 0)]])
def test_up_to_four_cities_no_rule_is_asked(points: Points) -> None:
    """The local search alone finds the shortest tour."""
    distances = matrix(points)
    tour = kicked(lambda *_: None, lambda *_: None, distances, np.random.default_rng(0), kicks=9).tolist()
    assert sorted(tour) == list(range(len(points)))
    assert length(tour, distances) == pytest.approx(shortest(distances))


def test_a_matrix_without_the_triangle_inequality_makes_a_tour() -> None:
    """Whole numbers at random, zeros among them."""
    draws = np.random.default_rng(3).integers(0, 9, size=(12, 12)).astype(float)
    distances = np.triu(draws, 1) + np.triu(draws, 1).T
    tour = kicked(_told, _often_longer, distances, np.random.default_rng(1), kicks=40)
    assert sorted(tour.tolist()) == list(range(12))


def test_the_kicks_are_counted_and_a_round_is_one_question() -> None:
    """25 kicks: two rounds of ten, and five; the rules are told how far the search is."""
    asked: list[tuple[float, int]] = []

    def accept(progress: float, behind: float, stuck: float, noise: Any) -> Any:
        assert behind == 0.0
        assert stuck >= 0.0
        asked.append((progress, len(noise)))
        return 0.0 * noise

    kicked(_anywhere, accept, matrix(np.random.RandomState(2).rand(30, 2).tolist()), np.random.default_rng(0), kicks=25)
    assert asked == [(0.0, ROUND), (10 / 25, ROUND), (20 / 25, 5)]


def test_the_best_tour_counts_whatever_is_kept() -> None:
    """A rule that keeps everything ends no higher than the first optimum."""
    distances = matrix(np.random.RandomState(7).rand(60, 2).tolist())
    tour = kicked(_anywhere, lambda p, b, s, noise: np.inf + noise, distances, np.random.default_rng(0), kicks=60).tolist()
    assert length(tour, distances) <= first_optimum(distances).lengths[0] + 1e-9


def test_the_rules_may_spoil_what_they_are_given() -> None:
    """Views are written anew for every question."""

    def spoiling(progress: float, noise: Any, *views: Any) -> Any:
        scores = _told(progress, noise, *views)
        for view in views:
            view[:] = 9.0
        return scores

    distances = matrix(np.random.RandomState(4).rand(40, 2).tolist())
    tours = [kicked(rule, _often_longer, distances, np.random.default_rng(0), kicks=60).tolist() for rule in (_told, spoiling)]
    assert tours[0] == tours[1]


@pytest.mark.parametrize(
    ("place", "accept", "reason"),
    [
        (lambda *_: None, _never_longer, r"^kick_scores returned None"),
        (lambda _, noise, *__: noise[1:], _never_longer, r"^kick_scores returned shape \(8,\), expected .* \(9,\)"),
        (_anywhere, lambda *_: 0.0, r"^allowed_increases returned 0.0 of type float"),
        (_anywhere, lambda p, b, s, noise: noise * np.nan, r"^allowed_increases returned NaN at 0"),
    ],
)
def test_unusable_answers_are_the_candidates_fault(place: Any, accept: Any, reason: str) -> None:
    """The message names the rule."""
    distances = matrix(np.random.RandomState(4).rand(9, 2).tolist())
    with pytest.raises(BadAnswer, match=reason):
        kicked(place, accept, distances, np.random.default_rng(0), kicks=20)

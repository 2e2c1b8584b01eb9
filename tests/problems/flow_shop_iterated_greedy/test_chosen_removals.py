"""Iterated greedy search by two rules: what they are told, and what they may answer."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.flow_shop.schedule import makespan
from evoheur.problems.flow_shop_insertion.textbook_rules import neh
from evoheur.problems.flow_shop_iterated_greedy.chosen_removals import ROUND, searched
from evoheur.problems.flow_shop_iterated_greedy.problem import allowed_growths, removal_scores
from evoheur.problems.returned_numbers import BadAnswer
from tests.benchmarks.naive import flow as naive
from tests.problems.flow_shop.support.shops import Rows, random_shop, rows, shop
from tests.support.example_budget import dear

WEIGHTS = (0.31, -0.17, 0.2, 0.29, -0.13, 0.11, -0.4, 0.37)


def _told(progress: float, noise: Any, *views: Any) -> Any:
    return noise + np.round((1.0 + progress) * sum(weight * view for weight, view in zip(WEIGHTS, views, strict=True)), 6)


def _often(progress: float, behind: float, stuck: float, noise: Any) -> Any:
    return 0.8 * noise * (1.0 - progress) + 0.1 * stuck - 0.1 * behind + 0.01


@dear()
@given(table=rows(), salt=st.integers(0, 10**6), removed=st.integers(1, 5))
def test_the_search_goes_as_its_twin(table: Rows, salt: int, removed: int) -> None:
    """Order by order, with rules that look at all they are told, on short times where ties are common."""
    rules: dict[str, Callable[..., Any]] = {"removal_scores": _told, "allowed_growths": _often}
    expected = naive.iterated_order(rules, table, np.random.default_rng(salt), 13, removed)
    assert searched(_told, _often, shop(table), np.random.default_rng(salt), steps=13, removed=removed).tolist() == expected


@dear()
@given(table=rows(most=5))
def test_the_optimum_of_few_jobs_is_found(table: Rows) -> None:
    """Against trying every order."""
    order = searched(removal_scores, allowed_growths, shop(table), np.random.default_rng(0), steps=40, removed=2)
    assert makespan(shop(table), order) == min(makespan(shop(table), np.array(each)) for each in permutations(range(len(table))))


def test_the_steps_are_counted_and_a_round_is_one_question() -> None:
    """25 steps: two rounds of ten, and five; which jobs leave is asked at each."""
    rounds: list[tuple[float, int]] = []
    steps: list[float] = []

    def accept(progress: float, behind: float, stuck: float, noise: Any) -> Any:
        assert behind == 0.0
        assert stuck >= 0.0
        rounds.append((progress, len(noise)))
        return 0.0 * noise

    def remove(progress: float, noise: Any, *views: Any) -> Any:
        assert {view.shape for view in views} == {(12,)}
        assert (views[4] >= 0.0).all()
        assert views[4].min() == 0.0  # some job is critical
        steps.append(progress)
        return noise

    searched(remove, accept, random_shop(12, 4, 1), np.random.default_rng(0), steps=25, removed=3)
    assert rounds == [(0.0, ROUND), (10 / 25, ROUND), (20 / 25, 5)]
    assert steps == [step / 25 for step in range(25)]


def test_the_best_order_counts_whatever_is_kept() -> None:
    """A rule that keeps everything ends no higher than where the search begins."""
    jobs = random_shop(20, 5, 3)
    order = searched(removal_scores, lambda p, b, s, noise: np.inf + noise, jobs, np.random.default_rng(0), steps=20, removed=8)
    assert makespan(jobs, order) <= makespan(jobs, neh(jobs))


def test_the_rules_may_spoil_what_they_are_given() -> None:
    """Views are written anew for every question."""

    def spoiling(progress: float, noise: Any, *views: Any) -> Any:
        scores = _told(progress, noise, *views)
        for view in (noise, *views):
            view[:] = 9.0
        return scores

    jobs = random_shop(15, 4, 2)
    orders = [searched(rule, _often, jobs, np.random.default_rng(0), steps=30, removed=3).tolist() for rule in (_told, spoiling)]
    assert orders[0] == orders[1]


@pytest.mark.parametrize(
    ("remove", "accept", "reason"),
    [
        (lambda *_: None, allowed_growths, r"^removal_scores returned None"),
        (lambda _, noise, *__: noise[1:], allowed_growths, r"^removal_scores returned shape \(8,\), expected .* \(9,\)"),
        (removal_scores, lambda *_: 0.0, r"^allowed_growths returned 0.0 of type float"),
        (removal_scores, lambda p, b, s, noise: noise * np.nan, r"^allowed_growths returned NaN at 0"),
    ],
)
def test_unusable_answers_are_the_candidates_fault(remove: Any, accept: Any, reason: str) -> None:
    """The message names the rule."""
    with pytest.raises(BadAnswer, match=reason):
        searched(remove, accept, random_shop(9, 3, 4), np.random.default_rng(0), steps=20, removed=2)

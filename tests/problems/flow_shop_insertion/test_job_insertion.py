"""Insertion by two rules: what they are told, and what they may answer."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from evoheur.problems.flow_shop_insertion.job_insertion import inserted
from evoheur.problems.flow_shop_insertion.problem import job_scores, place_scores
from evoheur.problems.returned_numbers import BadAnswer
from tests.benchmarks.naive import flow as naive
from tests.problems.flow_shop.support.shops import Rows, random_shop, rows, shop

WEIGHTS = (0.9, 0.3, -0.2, 0.4, -0.3, 0.11, 0.23, -0.17, 0.6, 0.7)


def _told(share: float, *views: Any) -> Any:
    return np.round((1.0 + share) * sum(weight * view for weight, view in zip(WEIGHTS, views, strict=True)), 6)


def _told_places(share: float, front: float, back: float, place: Any, idle: Any, spare: Any) -> Any:
    return np.round(0.3 * spare - idle * share + place * (front - back), 6)


@given(table=rows())
def test_the_order_is_built_as_its_twin_does(table: Rows) -> None:
    """Job by job, with rules that look at all they are told, on short times where ties are common."""
    expected = naive.inserted_jobs({"job_scores": _told, "place_scores": _told_places}, table)
    assert inserted(_told, _told_places, shop(table)).tolist() == expected


def test_rules_are_asked_where_there_is_something_to_choose() -> None:
    """For all jobs but the last; and of places only if several are best. Views have an entry for each."""
    asked: list[tuple[float, int]] = []

    def score(share: float, *views: Any) -> Any:
        asked.append((share, len(views[0])))
        assert {view.shape for view in views} == {(len(views[0]),)}
        return job_scores(share, *views)

    def place(share: float, front: float, back: float, *views: Any) -> Any:
        assert len(views[0]) > 1
        assert (np.diff(views[0]) > 0).all()
        assert 0.0 <= views[0][0] < views[0][-1] <= 1.0
        assert (views[2] >= 0.0).all()
        return place_scores(share, front, back, *views)

    inserted(score, place, random_shop(6, 3, 1))
    assert asked == [(count / 6, 6 - count) for count in range(5)]


def test_the_rules_may_spoil_what_they_are_given() -> None:
    """Views are written anew for every question."""

    def spoiling(share: float, *views: Any) -> Any:
        scores = _told(share, *views)
        for view in views:
            view[:] = 9.0
        return scores

    def spoiling_places(share: float, front: float, back: float, *views: Any) -> Any:
        scores = _told_places(share, front, back, *views)
        for view in views:
            view[:] = 9.0
        return scores

    one = random_shop(25, 5, 2)
    assert inserted(spoiling, spoiling_places, one).tolist() == inserted(_told, _told_places, one).tolist()


@pytest.mark.parametrize(
    ("score", "place", "reason"),
    [
        (lambda *_: None, place_scores, r"^step 1: job_scores returned None"),
        (lambda share, mean, *_: mean[1:], place_scores, r"^step 1: job_scores returned shape \(3,\), expected .* \(4,\)"),
        (lambda share, mean, *_: mean * np.nan, place_scores, r"^step 1: job_scores returned NaN at 0"),
        (job_scores, lambda *_: 1.0, r"^step 2: place_scores returned 1.0 of type float"),
    ],
)
def test_unusable_answers_are_the_candidates_fault(score: Any, place: Any, reason: str) -> None:
    """The message names the rule and the step."""
    with pytest.raises(BadAnswer, match=reason):
        inserted(score, place, shop([[1, 1], [1, 1], [1, 1], [1, 1]]))

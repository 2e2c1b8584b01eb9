"""One pass: what the rules are offered, and what they may answer."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.bin_packing_offline.offline_packing import pack
from evoheur.problems.bin_packing_offline.problem import OfflineBinPacking
from evoheur.problems.returned_numbers import BadAnswer
from tests.benchmarks.naive.packing import offline

from .support.made_up import items


def test_items_come_in_the_order_of_their_scores_and_are_offered_opened_bins_and_a_new_one() -> None:
    """Sizes 4, 6, 5 in falling order are 6, 5, 4; 5 does not fit beside 6; 4 is offered 4, 5 and a new bin of 10."""
    asked: list[tuple[int, list[int], list[int], int]] = []

    def fit(item: int, bins: Any, remaining: Any, capacity: int) -> Any:
        assert isinstance(item, int)
        asked.append((item, bins.tolist(), remaining.tolist(), capacity))
        return -bins

    assert pack(lambda sizes, _: sizes, fit, items([4, 6, 5], 10)).tolist() == [0, 0, 1]
    assert asked == [(6, [10], [6, 5, 4], 10), (5, [10], [5, 4], 10), (4, [4, 5, 10], [4], 10)]


def test_ties_go_to_the_given_order_and_to_the_first_bin() -> None:
    """Equal scores everywhere."""
    made = items([1, 9, 1], 10)
    assert pack(lambda sizes, _: np.zeros(3), lambda item, bins, *_: np.zeros(len(bins)), made).tolist() == [0, 0, 1]


def test_the_rules_may_spoil_what_they_are_given() -> None:
    """Arrays are copies."""
    made = items([6, 4, 5], 10)

    def order(sizes: Any, _: int) -> Any:
        scores = sizes.astype(float)
        sizes[:] = 99
        return scores

    def fit(item: int, bins: Any, remaining: Any, _: int) -> Any:
        scores = -bins.astype(float)
        bins[:] = 99
        remaining[:] = 99
        return scores

    assert pack(order, fit, made).tolist() == [0, 0, 1]
    assert made.items.tolist() == [6, 4, 5]


@pytest.mark.parametrize(
    ("order", "fit", "reason"),
    [
        (lambda *_: None, lambda item, bins, *_: -bins, r"^order_scores returned None"),
        (lambda sizes, _: sizes[1:], lambda item, bins, *_: -bins, r"^order_scores returned shape \(2,\), expected .* \(3,\)"),
        (lambda sizes, _: sizes, lambda item, bins, *_: 0, r"^item 1 \(size 6\): fit_scores returned 0 of type int"),
        (lambda sizes, _: sizes, lambda item, bins, *_: bins * np.nan, r"^item 1 \(size 6\): fit_scores returned NaN at 0"),
    ],
)
def test_unusable_scores_are_the_candidates_fault(order: Any, fit: Any, reason: str) -> None:
    """The message names the rule, and the item where there is one."""
    with pytest.raises(BadAnswer, match=reason):
        pack(order, fit, items([4, 6, 5], 10))


@given(sizes=st.lists(st.integers(1, 10), min_size=1, max_size=20), salt=st.integers(0, 1000))
def test_any_scores_make_a_packing(sizes: list[int], salt: int) -> None:
    """No bin is overfull whatever is drawn, and bins are numbered as they were opened."""
    source = np.random.default_rng(salt)
    made = items(sizes, 10)
    assignment = pack(lambda all_sizes, _: source.random(len(sizes)), lambda item, bins, *_: source.random(len(bins)), made)
    assert np.bincount(assignment, weights=made.items).max() <= 10
    assert set(assignment.tolist()) == set(range(int(assignment.max()) + 1))


@given(sizes=st.lists(st.integers(1, 12), min_size=1, max_size=20))
def test_the_packing_costs_what_the_naive_frame_finds(sizes: list[int]) -> None:
    """With rules that look at all that they are given."""
    rules: dict[str, Callable[..., Any]] = {
        "order_scores": lambda all_sizes, capacity: np.where(all_sizes * 3 > capacity, all_sizes, 0.5),
        "fit_scores": lambda item, bins, remaining, _: np.isin(bins - item, remaining) - 0.001 * bins,
    }
    made = items(sizes, 12)
    assignment = pack(rules["order_scores"], rules["fit_scores"], made)
    naive = offline(rules, {"items": sizes, "capacity": 12}, None, 0)
    assert OfflineBinPacking().cost(made, assignment.tolist()) == pytest.approx(naive, rel=1e-12)

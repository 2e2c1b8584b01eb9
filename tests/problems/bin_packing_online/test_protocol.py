"""The protocol: what a rule is offered, what it may answer, who wins."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.bin_packing_online.protocol import BadScores, read_scores

from .support.packing import pack


def place(rule: Any, items: list[int], capacity: int = 10, *, nan: Any = "error") -> list[int]:
    """Pack a list of items."""
    return pack(rule, items, capacity, nan=nan)


def test_a_rule_is_offered_every_bin_with_room_in_order_unopened_ones_included() -> None:
    """Items 6, 5 and 4 in bins of 10 make three bins; after 6 went to bin 0, 5 is offered bins 1 and 2 only, and 4 all three."""
    offered: list[tuple[int, list[int]]] = []

    def first(item: int, bins: Any) -> Any:
        assert isinstance(item, int)
        assert bins.dtype == np.int64
        offered.append((item, bins.tolist()))
        return np.zeros(len(bins))

    assert place(first, [6, 5, 4]) == [0, 1, 0]
    assert offered == [(6, [10, 10, 10]), (5, [10, 10]), (4, [4, 5, 10])]


def test_a_rule_may_spoil_its_array() -> None:
    """It is the rule's own copy: setting it to 0 changes no bin."""

    def spoiling(item: int, bins: Any) -> Any:
        scores = -bins.astype(float)
        bins[:] = 0
        return scores

    assert place(spoiling, [6, 4, 5]) == [0, 0, 1]


def test_the_first_of_the_highest_wins_and_unopened_bins_can_be_taken_in_any_order() -> None:
    """Highest score at the last offered bin fills bins from the end."""
    assert place(lambda item, bins: np.arange(len(bins)), [6, 6, 6]) == [2, 1, 0]
    assert place(lambda item, bins: np.arange(len(bins)) // 2, [1, 1, 1]) == [2, 2, 2]


def test_infinities_are_scores() -> None:
    """-inf loses to everything, inf wins, and a tie of infinities goes to the first."""
    assert place(lambda item, bins: [-np.inf, 0.0, np.inf][: len(bins)], [1, 1, 1]) == [2, 2, 2]
    assert place(lambda item, bins: [-np.inf] * len(bins), [1, 1, 1]) == [0, 0, 0]


@pytest.mark.parametrize(
    "scores",
    [
        [True, False, False],
        (3, 2, 1),
        np.array([1, 0, 0], dtype=np.uint8),
        np.array([2, 1, 0], dtype=np.float16),
        np.array([2.5, 1, 0], dtype=object),
    ],
)
def test_lists_tuples_and_arrays_of_any_real_kind_are_accepted(scores: Any) -> None:
    """The first is the highest in each."""
    assert place(lambda item, bins: scores[: len(bins)], [1, 1, 1]) == [0, 0, 0]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (17, r"priority returned a number \(17\), expected 3 scores, one per bin"),
        (np.int64(17), r"a number \(17\)"),
        (True, r"a number \(True\)"),
        (None, r"None \(is there a path without a return\?\)"),
        ("high", "a value of type str"),
        ({0: 1.0}, "a value of type dict"),
        (iter([1, 2, 3]), "a value of type list_iterator"),
        ([1.0, 2.0], "priority returned 2 scores, expected 3"),
        ([], "priority returned 0 scores, expected 3"),
        (np.zeros((3, 1)), r"an array of shape \(3, 1\)"),
        (np.array(2.0), r"an array of shape \(\)"),
        ([1.0, [2.0], 3.0], "a list that is no list of numbers"),
        ([1.0, None, 3.0], "entries of type float, not real numbers"),
        ([None, 1.0, 3.0], "entries of type NoneType, not real numbers"),
        ([1j, 2, 3], "entries of type complex128, not real numbers"),
        (["1", "2", "3"], "entries of type <U1, not real numbers"),
        ([10**40, 1, 2], "entries of type int, not real numbers"),
        (np.array([1, 2, 3], dtype="datetime64[s]"), r"entries of type datetime64\[s\], not real numbers"),
    ],
)
def test_an_unusable_answer_is_described(answer: Any, reason: str) -> None:
    """The message says what came and what was expected, and `pack` adds for which item."""
    with pytest.raises(BadScores, match=reason):
        read_scores(answer, 3)
    with pytest.raises(BadScores, match=r"^item 0 \(size 4\): priority returned"):
        place(lambda item, bins: answer, [4, 4, 4])


def test_the_item_that_failed_is_named() -> None:
    """Counted from 0: the third answer is a position instead of scores."""
    with pytest.raises(BadScores, match=r"^item 2 \(size 7\): priority returned a number"):
        place(lambda item, bins: np.argmax(bins) if item == 7 else -bins, [5, 5, 7])


def test_nan_is_an_error_wherever_it_stands() -> None:
    """Even behind a higher score; the message has the item and the free space of the first such bin."""
    with pytest.raises(BadScores, match=r"^item 1 \(size 2\): the score of a bin with 10 free is NaN"):
        place(lambda item, bins: np.where(bins < 10, 99.0, np.nan) if item == 2 else -bins, [5, 2, 1])


def test_nan_wins_by_the_rule_of_argmax_if_asked_for() -> None:
    """The first NaN beats even infinity."""
    scores = [np.inf, np.nan, np.nan]
    assert place(lambda item, bins: scores[: len(bins)], [1, 1, 1], nan="highest") == [1, 1, 1]


def test_what_a_rule_raises_comes_through() -> None:
    """The candidate's own error is the candidate's result."""
    with pytest.raises(ZeroDivisionError):
        place(lambda item, bins: [1 / 0], [4])


@given(data=st.data(), capacity=st.integers(1, 20), salt=st.integers(0, 5))
def test_packing_agrees_with_a_literal_reading_of_the_protocol(data: st.DataObject, capacity: int, salt: int) -> None:
    """A list of n bins, those with room, the first of the highest scores: written out in plain Python."""
    items = data.draw(st.lists(st.integers(1, capacity), min_size=1, max_size=25))

    def score(item: int, free: int, position: int) -> int:
        return (free * 7 + item * salt + position * (salt % 2)) % 5

    bins = [capacity] * len(items)
    expected = []
    for item in items:
        offered = [i for i, free in enumerate(bins) if free >= item]
        scores = [score(item, bins[i], k) for k, i in enumerate(offered)]
        chosen = offered[scores.index(max(scores))]
        bins[chosen] -= item
        expected.append(chosen)
    assert place(lambda item, free: [score(item, int(f), k) for k, f in enumerate(free)], items, capacity) == expected

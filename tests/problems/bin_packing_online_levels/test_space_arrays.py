"""Packing with an entry per free space gives the bins that packing by lists of levels gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.bin_packing_online_levels.kernels import pack_flat
from evoheur.problems.bin_packing_online_levels.open_levels import ARGUMENTS
from evoheur.problems.bin_packing_online_levels.space_arrays import pack_flat_by_arrays
from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic
from evoheur.problems.flat_heuristics.translation import translate
from evoheur.problems.packing.levels.shelf import empty_shelf

NAMES = "item, capacity, arrived, mean, space, left, free, rest, here, there, fill_there, fit_here, fit_there"
FORMULAS = (
    "-free",
    "-rest * mean + there",
    "np.where(free < capacity, 2 * here - 1, 0) - np.where(rest > 0, 2 * there + 1, 0)",
    "fill_there - fit_there * space / arrived",
    "(fit_here - 0.5) ** 2 - here + item",
    "np.log(here) - np.log(there)",  # minus infinity, or NaN
    "(left % 7 - 3) * free",
    "0 * free",  # ties
    "np.sin(97 * free + 13 * there + 5 * fill_there + fit_here - 31 * fit_there) + 0 * left",
)


def flat(formula: str) -> FlatHeuristic:
    return translate(f"import numpy as np\ndef priority({NAMES}):\n    return {formula}", "priority", ARGUMENTS)


def both_ways(rule: FlatHeuristic, items: list[int], capacity: int) -> tuple[list[int], list[int]]:
    stream = np.array(items, dtype=np.int64)
    columns = min(stream.size, capacity) + 1
    by_lists = pack_flat(empty_shelf(stream.size), stream, capacity, stream.size, rule.machine(columns))
    by_arrays = pack_flat_by_arrays(stream, capacity, stream.size, *rule.machine(columns))
    return by_lists.tolist(), by_arrays.tolist()


@given(
    formula=st.sampled_from(FORMULAS),
    stream=st.integers(1, 60).flatmap(
        lambda capacity: st.tuples(st.just(capacity), st.lists(st.integers(1, capacity), min_size=1, max_size=120))
    ),
)
def test_every_item_goes_into_the_same_bin(formula: str, stream: tuple[int, list[int]]) -> None:
    capacity, items = stream
    by_lists, by_arrays = both_ways(flat(formula), items, capacity)
    assert by_arrays == by_lists


@pytest.mark.parametrize("formula", FORMULAS)
def test_long_streams_of_small_items_are_packed_alike(formula: str) -> None:
    """Many bins of one level at a time, in which the heaps grow deep."""
    items = np.random.RandomState(3).randint(1, 40, size=3000).tolist()
    by_lists, by_arrays = both_ways(flat(formula), items, 150)
    assert by_arrays == by_lists


def test_nothing_is_packed_from_a_nan_on() -> None:
    """The second item meets a level with an open bin, of which the score is NaN."""
    by_lists, by_arrays = both_ways(flat("np.log(-here)"), [3, 2, 2], 10)
    assert by_arrays == by_lists == [0, -1, -1]

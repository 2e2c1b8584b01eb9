"""Stored lower bounds belong to their streams, and bounds by linear programming are below every packing."""

from functools import cache

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.bin_packing_online_levels.cutting_stock_bounds import BOUNDS
from evoheur.problems.bin_packing_online_levels.generate import streams
from evoheur.problems.bin_packing_online_levels.lower_bounds import cutting_stock_bound
from evoheur.problems.bin_packing_online_levels.problem import OnlineBinPackingByLevels
from evoheur.problems.bin_packing_online_levels.stream_checksum import checksum
from tests.support.example_budget import dear


def fewest_bins(items: list[int], capacity: int) -> int:
    """The optimum, by trying."""

    @cache
    def waiting(rest: tuple[int, ...], spaces: tuple[int, ...]) -> int:
        if not rest:
            return 0
        item, rest = rest[0], rest[1:]
        found = 1 + waiting(rest, tuple(sorted((*spaces, capacity - item))))
        for place, space in enumerate(spaces):
            if space >= item:
                left = tuple(sorted((*spaces[:place], space - item, *spaces[place + 1 :])))
                found = min(found, waiting(rest, left))
        return found

    return waiting(tuple(sorted(items, reverse=True)), ())


@dear()
@given(items=st.lists(st.integers(1, 12), min_size=1, max_size=7))
def test_no_packing_stays_below_the_bound(items: list[int]) -> None:
    """And it is at least the bound by volume."""
    bound = cutting_stock_bound(np.array(items, dtype=np.int64), 12)
    assert -(-sum(items) // 12) <= bound <= fewest_bins(items, 12)


def test_the_bound_sees_items_that_do_not_combine() -> None:
    """Ten items of 6 in bins of 11 take ten bins, though their volume would do with six."""
    assert cutting_stock_bound(np.full(10, 6, dtype=np.int64), 11) == 10


def test_stored_bounds_are_those_of_the_test_streams() -> None:
    """Of the bimodal ones, above the volume; no textbook rule is below, and other arrivals have no such bound."""
    problem = OnlineBinPackingByLevels()
    bounded = [stream for stream in streams("test") if checksum(stream.items) in BOUNDS]
    assert {stream.family for stream in bounded} == {"bimodal-5k-c100"}
    assert len(bounded) == len(BOUNDS) == 5
    for stream in bounded:
        volume = -(-int(stream.items.sum()) // stream.capacity)
        assert volume < problem.reference(stream) == BOUNDS[checksum(stream.items)]
        best = min(problem.cost(stream, solver(stream).tolist()) for solver in problem.textbook_rules().values())
        assert best >= problem.reference(stream)
    twin = problem.with_arrivals(bounded[0], bounded[0].items[::-1].tolist())
    assert problem.reference(twin) == -(-int(twin.items.sum()) // twin.capacity)


def test_a_stored_bound_is_computed_anew() -> None:
    """The first 1,000 items of a bimodal stream: the bound is above the volume, and below best fit."""
    problem = OnlineBinPackingByLevels()
    whole = next(stream for stream in streams("test") if stream.family == "bimodal-5k-c100")
    short = problem.with_arrivals(whole, whole.items[:1000].tolist())
    bound = cutting_stock_bound(short.items, short.capacity)
    best_fit = problem.cost(short, problem.textbook_rules()["best_fit"](short).tolist())
    assert problem.reference(short) < bound <= best_fit

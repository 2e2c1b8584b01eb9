"""Packings as text."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problem import Infeasible
from evoheur.problem_loading import load_problem
from evoheur.problems.bin_packing_offline.instance import OfflineInstance
from evoheur.problems.packing.packing_file import packing_text, read_packing


def test_a_line_per_bin_and_their_number() -> None:
    """Items count from 1 in the file's order, bins in the order of their first items."""
    assert packing_text([5, 2, 5, 0]) == "Bin #1: 1 3\nBin #2: 2\nBin #3: 4\nBins 3\n"


@given(data=st.data(), sizes=st.lists(st.integers(1, 12), min_size=1, max_size=9))
def test_what_is_written_is_read_again_and_costs_the_same(data: st.DataObject, sizes: list[int]) -> None:
    """Whatever numbers the bins had; a bin holds one item or several."""
    numbers = data.draw(st.permutations(range(len(sizes))))
    made = OfflineInstance(name="a", family="f", capacity=12 * len(sizes), items=np.array(sizes, dtype=np.int64))
    assignment = [data.draw(st.sampled_from(numbers)) for _ in sizes]
    problem = load_problem("bin_packing_offline")
    again = read_packing(problem.write_solution(made, assignment))
    assert problem.cost(made, again) == problem.cost(made, assignment)
    assert [again[item] == again[0] for item in range(len(sizes))] == [chosen == assignment[0] for chosen in assignment]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the last line is ''"),
        ("Bin #1: 1\nBins 2\n", "the last line is 'Bins 2', not 'Bins 1'"),
        ("Bin #2: 1\nBins 1\n", "line 1 is 'Bin #2: 1'"),
        ("Bin #1: 1 1\nBins 1\n", "item '1' in bin 1"),
        ("Bin #1: one\nBins 1\n", "item 'one' in bin 1"),
        ("Bin #1: 1 3\nBins 1\n", "not numbered 1 to 2"),
    ],
)
def test_what_is_no_packing_is_refused(text: str, reason: str) -> None:
    """With the line."""
    with pytest.raises(Infeasible, match=reason):
        read_packing(text)

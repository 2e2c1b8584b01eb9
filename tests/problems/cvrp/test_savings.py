"""The savings method."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.cvrp.files import read_instances
from evoheur.problems.cvrp.savings import merged, ordered_pairs, savings_matrix
from evoheur.problems.cvrp.solution import price
from evoheur.problems.cvrp.textbook_rules import clarke_wright, sweep

from .support.made_up import LINE, data_folder, instance


def test_savings_follow_their_formula() -> None:
    """Customers at 1 and 2: 1 + 2 - 1 = 2; λ = 2 gives 1, μ = 1 adds |1 - 2|, ν = 1 adds (2 + 1) / 2 for demands of 2 and 1 (mean 2)."""
    made = instance(LINE, [2, 1, 3], capacity=10)
    assert savings_matrix(made.distances, made.demands)[1, 2] == 2.0
    assert savings_matrix(made.distances, made.demands, shape=2.0)[1, 2] == 1.0
    assert savings_matrix(made.distances, made.demands, asymmetry=1.0)[1, 2] == 3.0
    assert savings_matrix(made.distances, made.demands, load=1.0)[1, 2] == 3.5


def test_pairs_come_by_falling_savings_without_those_that_save_nothing() -> None:
    """Equal savings in the order of i, then j; the depot's row and everything below the diagonal are not read."""
    savings = np.zeros((4, 4))
    savings[0, :] = savings[:, 0] = savings[2, 1] = 9.0
    savings[1, 2] = savings[2, 3] = 5.0
    savings[1, 3] = 7.0
    first, second = ordered_pairs(savings)
    assert list(zip(first.tolist(), second.tolist(), strict=True)) == [(1, 3), (1, 2), (2, 3)]
    assert merged(np.zeros((4, 4)), instance(LINE, [1, 1, 1], 9)) == [[1], [2], [3]]


@given(seed=st.integers(0, 1000), nodes=st.integers(2, 40), values=st.sampled_from([3, 1000, 2**52]))
def test_pairs_are_in_falling_order_and_ties_in_their_own(seed: int, nodes: int, values: int) -> None:
    """Whether there are many ties, some or none."""
    savings = np.random.RandomState(seed).randint(-values // 4, values, size=(nodes, nodes)).astype(np.float64)
    pairs = [(one, other) for one in range(1, nodes) for other in range(one + 1, nodes) if savings[one, other] > 0.0]
    found = [array.tolist() for array in ordered_pairs(savings)]
    assert list(zip(*found, strict=True)) == sorted(pairs, key=lambda pair: -savings[pair])


def test_clarke_and_wright_join_neighbours() -> None:
    """1 and 2 save 2, 3 saves nothing with them: routes 1-2 and 3, unless two customers are too much for a vehicle."""
    assert clarke_wright(instance(LINE, [1, 1, 1], capacity=9)) == [[1, 2], [3]]
    assert clarke_wright(instance(LINE, [1, 1, 1], capacity=1)) == [[1], [2], [3]]


def test_the_sweep_goes_round_the_depot() -> None:
    """Four customers on a cross, two to a vehicle: the best cut takes neighbours by angle."""
    cross = instance([(0.0, 0.0), (3.0, 0.1), (0.1, 3.0), (-3.0, -0.1), (-0.1, -3.0)], [1, 1, 1, 1], capacity=2)
    assert {frozenset(route) for route in sweep(cross)} in (
        {frozenset({1, 2}), frozenset({3, 4})},
        {frozenset({2, 3}), frozenset({4, 1})},
    )


def test_clarke_and_wright_stand_where_the_literature_puts_them() -> None:
    """6.6 % above the best known lengths over 132 published instances, and never below one of them."""
    read = read_instances(data_folder("cvrplib"))
    gaps = [100.0 * (price(made, clarke_wright(made)) / read.references[made.name] - 1.0) for made in read.instances]
    assert len(gaps) == 132
    assert min(gaps) >= 0.0
    assert np.mean(gaps) == pytest.approx(6.6, abs=0.3)

"""One pass: what a rule is offered, and what it may answer."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp_constructive.route_construction import BadCustomer, construct
from tests.problems.cvrp.support.made_up import LINE, instance, instances, is_feasible


def test_a_rule_is_offered_the_waiting_customers_that_fit() -> None:
    """Demands 2, 2 and 1 in vehicles of 3: after customer 1 only 3 fits, after 3 none, so the vehicle goes home unasked."""
    asked: list[tuple[int, int, list[int], int]] = []

    def first(here: int, depot: int, offered: Any, free: int, demands: Any, distances: Any) -> int:
        asked.append((here, depot, offered.tolist(), free))
        assert demands.tolist() == [0, 2, 2, 1]
        assert distances.shape == (4, 4)
        return int(offered[0])

    assert construct(first, instance(LINE, [2, 2, 1], capacity=3)) == [[1, 3], [2]]
    assert asked == [(0, 0, [1, 2, 3], 3), (1, 0, [3], 1), (0, 0, [2], 3)]


def test_a_vehicle_may_go_home_early() -> None:
    """Home after every customer makes a route of each."""
    made = instance(LINE, [1, 1, 1], capacity=9)
    assert construct(lambda here, depot, offered, *_: depot if here else offered[-1], made) == [[3], [2], [1]]


def test_a_rule_may_spoil_what_it_is_given() -> None:
    """The offered customers and the demands are its own; distances cannot be written."""
    made = instance(LINE, [1, 1, 1], capacity=9)

    def spoiling(here: int, depot: int, offered: Any, free: int, demands: Any, distances: Any) -> int:
        node = int(offered[0])
        offered[:] = 0
        demands[:] = 99
        with pytest.raises(ValueError, match="read-only"):
            distances[:] = 0.0
        return node

    assert construct(spoiling, made) == [[1, 2, 3]]
    assert made.demands.tolist() == [0, 1, 1, 1]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (0, "step 0: the heuristic returned the depot, where the vehicle stands already"),
        (4, "returned 4, which is not among the 2 customers offered"),
        (-1, "returned -1, which is not among"),
        (3, "returned 3, which is not among"),
        (1.0, r"returned 1\.0 \(float\), expected one whole number"),
        (True, r"returned True \(bool\)"),
        (np.True_, r"\(bool\)"),
        (None, r"returned None \(NoneType\)"),
        (np.array([1]), r"\(ndarray\)"),
        ("1", r"returned '1' \(str\)"),
    ],
)
def test_an_unusable_choice_is_described(answer: Any, reason: str) -> None:
    """Customer 3 carries more than a vehicle has, so it is not offered; nothing but an offered node or an allowed return counts."""
    made = instance(LINE, [1, 1, 0], capacity=1)
    object.__setattr__(made, "demands", np.array([0, 1, 1, 2]))
    with pytest.raises(BadCustomer, match=reason):
        construct(lambda *_: answer, made)


def test_numbers_of_numpy_are_whole_numbers() -> None:
    """What indexing an array gives is as good as an int, and the routes hold plain ints."""
    routes = construct(lambda here, depot, offered, *_: np.int32(offered[0]), instance(LINE, [1, 1, 1], capacity=9))
    assert routes == [[1, 2, 3]]
    assert {type(node) for node in routes[0]} == {int}


@given(made=instances(), salt=st.integers(0, 1000))
def test_any_choices_make_feasible_routes(made: CvrpInstance, salt: int) -> None:
    """The frame enforces the capacity whatever an allowed rule does."""
    source = np.random.default_rng(salt)

    def anywhere(here: int, depot: int, offered: Any, *_: Any) -> int:
        return int(source.choice([*offered, depot] if here else offered))

    assert is_feasible(made, construct(anywhere, made))

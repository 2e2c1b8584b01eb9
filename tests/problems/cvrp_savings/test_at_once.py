"""Savings that are given at once: contract, what the rule sees, textbook savings."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pytest

from evoheur.errors import ConfigError
from evoheur.problems.cvrp_savings.problem import SavingsCVRP
from evoheur.problems.returned_numbers import BadAnswer
from tests.problems.cvrp.support.made_up import LINE, candidate, instance
from tests.problems.cvrp.support.route_contract import RouteContract

MADE = instance(LINE, [2, 1, 3], capacity=10)


class TestContract(RouteContract):
    """It keeps to what every problem must."""

    name = "cvrp_savings"
    settings: ClassVar[Mapping[str, Any]] = {"at_once": True}


def solved(answer: Any) -> list[list[int]]:
    """Routes from a rule that gives this matrix."""

    def joining_savings(*_: Any) -> Any:
        return answer

    return SavingsCVRP(at_once=True).solve(candidate([joining_savings]), MADE, np.random.default_rng(0))


def test_the_rule_sees_pairs_of_customers() -> None:
    """Rows stand for the first customer, columns for the second: customers at 1, 2 and -1, demands 2, 1 and 3 of 10."""
    seen: list[Any] = []

    def joining_savings(*arguments: Any) -> Any:
        seen.extend(arguments)
        return np.zeros((3, 3))

    SavingsCVRP(at_once=True).solve(candidate([joining_savings]), MADE, np.random.default_rng(0))
    distances, home, other_home, demands, other_demands, capacity = seen
    assert distances.tolist() == [[0, 0.75, 1.5], [0.75, 0, 2.25], [1.5, 2.25, 0]]
    assert home.tolist() == [[0.75] * 3, [1.5] * 3, [0.75] * 3]
    assert other_home.tolist() == home.T.tolist()
    assert demands.tolist() == [[0.2] * 3, [0.1] * 3, [0.3] * 3]
    assert other_demands.tolist() == demands.T.tolist()
    assert capacity == 1.0


def test_savings_decide_who_is_joined() -> None:
    """Only the entry above the diagonal counts: customers 1 and 3 go together, then 2 joins whoever is named."""
    savings = np.full((3, 3), -1.0)
    savings[0, 2], savings[1, 2], savings[1, 0] = 5.0, 1.0, 99.0
    assert {frozenset(route) for route in solved(savings)} == {frozenset({1, 2, 3})}
    savings[1, 2] = -1.0
    assert {frozenset(route) for route in solved(savings)} == {frozenset({1, 3}), frozenset({2})}


def test_infinite_savings_come_first() -> None:
    """Infinity is a score like any other, and minus infinity forbids."""
    savings = np.array([[0.0, np.inf, 9.0], [0.0, 0.0, -np.inf], [0.0, 0.0, 0.0]])
    assert {frozenset(route) for route in solved(savings)} == {frozenset({1, 2, 3})}
    assert solved(np.full((3, 3), -np.inf)) == [[1], [2], [3]]


@pytest.mark.parametrize("answer", [None, np.zeros((4, 4)), np.full((3, 3), np.nan), 1.0])
def test_an_unusable_matrix_is_the_candidates_fault(answer: Any) -> None:
    """A matrix of another shape, with NaN, or none at all."""
    with pytest.raises(BadAnswer, match=r"^joining_savings returned"):
        solved(answer)


def test_the_search_starts_from_clarke_and_wright() -> None:
    """The body of the heuristic makes the routes of the textbook rule."""
    problem = SavingsCVRP(at_once=True)
    for each in problem.instances("train"):
        routes = problem.solve(candidate(problem.functions()), each, np.random.default_rng(0))
        assert routes == problem.textbook_rules()["clarke_wright"](each)


def test_the_setting_says_which_class_it_is() -> None:
    """One pass over the instance; published sets come with it."""
    assert str(SavingsCVRP(at_once=True).rule_classes().own) == "offline, one pass"
    assert SavingsCVRP(set="eoh_cvrp50").at_once
    with pytest.raises(ConfigError, match="at_once is 'yes'; give true or false"):
        SavingsCVRP(at_once="yes")  # type: ignore[arg-type]

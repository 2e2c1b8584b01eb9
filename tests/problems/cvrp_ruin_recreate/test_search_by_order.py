"""The search in which customers are scored, and the order in which they come back: contract, what is shown, unusable scores."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.solution import price
from evoheur.problems.cvrp.textbook_rules import clarke_wright
from evoheur.problems.cvrp_ruin_recreate.problem import RuinRecreateCVRP
from evoheur.problems.cvrp_ruin_recreate.search_by_order import SearchByOrder, insertion_scores, removal_scores
from evoheur.problems.returned_numbers import BadAnswer
from tests.benchmarks.naive.ruin import ruin_by_order
from tests.problems.cvrp.support.made_up import LINE, candidate, instance, is_feasible, length
from tests.problems.cvrp.support.route_contract import RouteContract


class TestContract(RouteContract):
    """It keeps to what every problem must."""

    name = "cvrp_ruin_recreate"
    settings: ClassVar[Mapping[str, Any]] = {"iterations": 50, "by_order": True}


def searched(made: CvrpInstance, ruin: Any, recreate: Any, *, iterations: int = 5, seed: int = 0) -> list[list[int]]:
    """The routes of a search."""
    return SearchByOrder(ruin, recreate, made, np.random.default_rng(seed)).run(iterations)


def training() -> CvrpInstance:
    """A training instance with 100 customers."""
    return RuinRecreateCVRP().instances("train")[-1]


def test_what_the_rules_see_is_true() -> None:
    """Numbers of routes, successors, savings and costs are those of the routes at hand; the seed is a customer."""
    made = training()
    shown: list[dict[int, int]] = []

    def ruin(
        seed: int, distances: Any, demands: Any, routes: Any, successors: Any, savings: Any, noise: NDArray[np.float64]
    ) -> Any:
        assert 1 <= seed <= 100
        assert distances.tolist() == made.distances[seed].tolist()
        assert demands.tolist() == made.demands.tolist()
        assert (savings >= -1e-12).all()
        for node in range(1, 101):
            if successors[node]:
                assert routes[node] == routes[successors[node]]
        firsts = set(range(1, 101)) - set(successors.tolist())
        lists = [[first] for first in firsts]
        for route in lists:
            while successors[route[-1]]:
                route.append(int(successors[route[-1]]))
        assert is_feasible(made, lists)
        node = lists[0][0]
        assert savings[node] == pytest.approx(length(made, [lists[0]]) - length(made, [lists[0][1:]]), abs=1e-9)
        shown.append({})
        successors[:] = routes[:] = demands[:] = 0  # copies: what is done to them does no harm
        return noise

    def recreate(demands: Any, depot_distances: Any, cheapest: Any, regrets: Any, noise: Any) -> Any:
        assert len({len(demands), len(depot_distances), len(cheapest), len(regrets), len(noise)}) == 1
        assert (cheapest <= 2.0 * depot_distances + 1e-12).all()
        assert (regrets >= 0.0).all()
        return noise

    assert is_feasible(made, searched(made, ruin, recreate))
    assert len(shown) == 5


def test_the_highest_scores_leave_and_come_back_in_order() -> None:
    """With scores that prefer low numbers, the customers that leave are 1, 2, 3 …, and demands tell in what order they were offered."""
    made = instance(LINE, [1, 2, 3], capacity=9)
    left: list[list[int]] = []

    def ruin(seed: int, distances: Any, demands: Any, *_: Any) -> Any:
        return -np.arange(4.0)

    def recreate(demands: Any, *_: Any) -> Any:
        left.append(demands.tolist())
        return -demands

    searched(made, ruin, recreate, iterations=30)
    assert {tuple(one) for one in left} == {(1,), (1, 2), (1, 2, 3)}


def test_a_customer_with_minus_infinity_stays() -> None:
    """If all do, nothing happens and the second rule is not asked."""
    made = training()

    def nobody(*_: Any) -> Any:
        return np.full(101, -np.inf)

    def unasked(*_: Any) -> Any:
        raise AssertionError

    routes = searched(made, nobody, unasked)
    assert price(made, routes) == price(made, clarke_wright(made))


def _mixed_removal(seed: Any, distances: Any, demands: Any, routes: Any, successors: Any, savings: Any, noise: Any) -> Any:
    return savings * noise - distances


def _mixed_insertion(demands: Any, depot_distances: Any, cheapest: Any, regrets: Any, noise: Any) -> Any:
    return regrets - 0.1 * cheapest + 0.001 * demands + 0.01 * noise


@pytest.mark.parametrize("functions", [(removal_scores, insertion_scores), (_mixed_removal, _mixed_insertion)])
def test_the_search_costs_what_its_naive_twin_does(functions: tuple[Any, Any]) -> None:
    """To the rounding of sums, on two training instances."""
    problem = RuinRecreateCVRP(iterations=60, by_order=True)
    rules = {"removal_scores": functions[0], "insertion_scores": functions[1]}
    for made in problem.instances("train")[:2]:
        heuristic = candidate((removal_scores, insertion_scores))
        heuristic.functions |= rules  # type: ignore[operator]
        routes = problem.solve(heuristic, made, np.random.default_rng(8))
        naive = ruin_by_order(rules, problem.encode(made), np.random.default_rng(8), 60)
        assert price(made, routes) == pytest.approx(naive, rel=1e-9)


def test_the_same_seed_gives_the_same_routes_and_another_one_others() -> None:
    """Nothing but the generator is random."""
    made = training()
    one, again, other = (searched(made, removal_scores, insertion_scores, iterations=60, seed=seed) for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_the_record_is_never_longer_than_the_start_and_shorter_after_a_while() -> None:
    """Random removal improves Clarke & Wright's routes within 300 iterations on every training instance but perhaps one."""
    improved = 0
    for made in RuinRecreateCVRP().instances("train")[-8:]:
        start = price(made, clarke_wright(made))
        found = price(made, searched(made, removal_scores, insertion_scores, iterations=300))
        assert found <= start
        improved += found < start
    assert improved >= 7


@pytest.mark.parametrize(
    ("ruin", "recreate", "reason"),
    [
        (lambda *_: None, insertion_scores, r"^removal_scores returned None"),
        (
            lambda *_: np.zeros(100),
            insertion_scores,
            r"^removal_scores returned shape \(100,\), expected real numbers of shape \(101,\)",
        ),
        (lambda *_: np.full(101, np.nan), insertion_scores, r"^removal_scores returned NaN"),
        (removal_scores, lambda *_: [], r"^insertion_scores returned shape \(0,\)"),
    ],
)
def test_unusable_scores_are_the_candidates_fault(ruin: Any, recreate: Any, reason: str) -> None:
    """The message names the rule."""
    with pytest.raises(BadAnswer, match=reason):
        searched(training(), ruin, recreate)

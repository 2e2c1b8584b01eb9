"""The colony: what it returns, and what promises and pheromone do."""

import numpy as np
import pytest

from evoheur.problems.cvrp.solution import price
from evoheur.problems.cvrp_aco.problem import AntColonyCVRP
from evoheur.problems.cvrp_aco.route_colony import deposit, run_colony
from tests.problems.cvrp.support.made_up import LINE, instance


def test_promises_lead_the_ants() -> None:
    """With 1e9 on 0-2, 2-3, 3-1 and 1-0 and 1e-9 elsewhere, ants take that route and no other."""
    heuristic = np.zeros((4, 4))
    heuristic[[0, 2, 3, 1], [2, 3, 1, 0]] = np.inf
    assert run_colony(heuristic, instance(LINE, [1, 1, 1], capacity=9), np.random.default_rng(0), iterations=1) == [[2, 3, 1]]


def test_the_same_seed_gives_the_same_routes_and_another_one_others() -> None:
    """Nothing but the generator is random."""
    problem = AntColonyCVRP()
    made = problem.instances("train")[0]
    heuristic = 1.0 / np.maximum(made.distances, 1e-9)
    one, again, other = (run_colony(heuristic, made, np.random.default_rng(seed), iterations=3) for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_more_iterations_are_never_worse() -> None:
    """The best tour is kept, and the first iterations are the same ones."""
    problem = AntColonyCVRP()
    made = problem.instances("train")[0]
    heuristic = 1.0 / np.maximum(made.distances, 1e-9)
    lengths = [price(made, run_colony(heuristic, made, np.random.default_rng(0), iterations=count)) for count in (1, 5, 25)]
    assert lengths == sorted(lengths, reverse=True)


def test_every_ant_leaves_pheromone_on_its_way() -> None:
    """One over the length on every arc in its direction: 0-1-2-0-3-0 of length 4 leaves 1/4 on each of its five, 0-3-0 of 2 leaves 1/2."""
    pheromone = np.zeros((4, 4))
    deposit(pheromone, np.array([[1, 2, 0, 3, 0, 0], [3, 0, 0, 0, 0, 0]]), np.array([4.0, 2.0]))
    expected = np.zeros((4, 4))
    expected[[0, 1, 2], [1, 2, 0]] = 0.25
    expected[[0, 3], [3, 0]] = 0.75
    np.fill_diagonal(pheromone, 0.0)  # staying is never looked at
    assert pheromone.tolist() == expected.tolist()


@pytest.mark.parametrize("value", [-np.inf, 0.0, -5.0, np.inf, 1e300])
def test_any_promise_that_is_no_nan_is_workable(value: float) -> None:
    """It is clipped, so ants can always choose."""
    made = instance(LINE, [2, 2, 1], capacity=3)
    routes = run_colony(np.full((4, 4), value), made, np.random.default_rng(0), iterations=2)
    assert price(made, routes) > 0

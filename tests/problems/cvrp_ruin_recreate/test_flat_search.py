"""Searches by formulas: the same routes as by the functions that they were translated from."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problem import Heuristic
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp_ruin_recreate.problem import RuinRecreateCVRP
from evoheur.problems.returned_numbers import BadAnswer
from tests.problems.cvrp.support.made_up import instances, one_way_instances
from tests.support.example_budget import dear

from .support.candidates import HALF_LISTED, LISTED, MIXED, RANDOM_GREEDY, candidate_of, listed, pair

LEAVES = (
    "np.exp(-distance / spacing) - noise",
    "np.where(rank < 9 * lot, 1.0, -1.0)",
    "saving - route_noise",
    "np.sqrt(saving) * (size < per_route) - 0.2",
    "since - 1 + shift",
    "(offset < 3) * demand - 0.1 * (route_rank > 1)",
    "progress - noise ** 2",
    "1 / (rank - route_rank)",
)
PLACES = (
    "-added",
    "np.where(noise < 0.2, -np.inf, 0.0)",
    "-np.sqrt(added) * free",
    "edge * home - demand",
    "size * 0.01 * progress",
)


def found(problem: RuinRecreateCVRP, heuristic: Heuristic, made: CvrpInstance) -> str:
    """The routes, or what is wrong with the scores."""
    try:
        return str(problem.solve(heuristic, made, np.random.default_rng(4)))
    except BadAnswer as error:
        return str(error)


@dear()
@given(
    made=instances(limited=True) | one_way_instances(),
    leaves=st.lists(st.sampled_from(LEAVES), min_size=1, max_size=3),
    places=st.lists(st.sampled_from(PLACES), min_size=1, max_size=3),
)
def test_formulas_search_as_functions_do(made: CvrpInstance, leaves: list[str], places: list[str]) -> None:
    """The same routes, or the same NaN at the same time, by two formulas, by one, and by none; the notes say which it was."""
    problem, (leave, place) = RuinRecreateCVRP(iterations=6), (" + ".join(leaves), " + ".join(places))
    flat, half, plain = pair(leave, place), pair(listed(leave), place), pair(listed(leave), listed(place))
    assert found(problem, flat, made) == found(problem, half, made) == found(problem, plain, made)
    assert [heuristic.notes["path"] for heuristic in (flat, half, plain)] == ["flat", "flat places", "plain"]
    assert half.notes["plain_because"].startswith("leaving: line 6: ")
    assert "plain_because" not in flat.notes


def test_so_they_do_on_training_instances() -> None:
    """With functions that look at all that they are shown."""
    problem = RuinRecreateCVRP(iterations=150)
    for made in problem.instances("train")[::13]:
        candidates = (pair(*MIXED), pair(listed(MIXED[0]), MIXED[1]), pair(MIXED[0], listed(MIXED[1])))
        assert len({found(problem, each, made) for each in candidates}) == 1
        assert candidates[2].notes["path"] == "plain"


def test_every_candidate_has_its_own_translation() -> None:
    """Though all instances of one share it."""
    problem = RuinRecreateCVRP(iterations=20)
    made = problem.instances("train")[0]
    for each in (RANDOM_GREEDY, LISTED, HALF_LISTED, RANDOM_GREEDY):
        assert found(problem, each, made) == found(problem, RANDOM_GREEDY, made)


@pytest.mark.parametrize(
    "beside",
    ["factor = 2.0\n", "def helper(x):\n    return x\n", "@np.vectorize\ndef another(x):\n    return x\n"],
)
def test_with_anything_beside_it_a_function_is_no_formula(beside: str) -> None:
    """What it is could depend on it."""
    heuristic = candidate_of(beside + "\n" + LISTED.code.split("\n", 4)[4].replace("np.array(list(", "(("))
    found(RuinRecreateCVRP(iterations=2), heuristic, RuinRecreateCVRP().instances("train")[0])
    assert heuristic.notes["path"] == "plain"
    assert "only imports may stand beside" in heuristic.notes["plain_because"]

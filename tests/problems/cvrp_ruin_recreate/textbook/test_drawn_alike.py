"""Textbook searches that draw as the frame does: the same routes as from the same heuristics as candidates."""

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problem import Heuristic
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.unit_free import unit_free
from evoheur.problems.cvrp_ruin_recreate.flat_search import flat_function, search_by_formulas
from evoheur.problems.cvrp_ruin_recreate.problem import RuinRecreateCVRP
from evoheur.problems.cvrp_ruin_recreate.search_by_views import search_by_views
from evoheur.problems.cvrp_ruin_recreate.textbook.drawn_alike import searched_alike
from tests.problems.cvrp.support.made_up import candidate, data_folder, instances, one_way_instances
from tests.problems.cvrp_ruin_recreate.support.candidates import RANDOM_GREEDY, STRING_REMOVAL
from tests.support.example_budget import dear

WRITTEN = {"random_greedy": RANDOM_GREEDY, "string_removal": STRING_REMOVAL}


def by_formulas(heuristic: Heuristic, made: CvrpInstance, iterations: int, seed: int) -> list[list[int]] | None:
    """The routes of a candidate of two formulas."""
    leaving, placing = (flat_function(heuristic, name) for name in ("leaving", "placing"))
    return search_by_formulas(leaving, placing, unit_free(made), iterations=iterations, seed=seed)


@pytest.mark.parametrize("name", WRITTEN)
@dear()
@given(made=instances(most=14, limited=True) | one_way_instances(), iterations=st.integers(1, 30), seed=st.integers(0, 10**6))
def test_textbook_rules_as_candidates_search_as_the_trusted_ones(
    name: str, made: CvrpInstance, iterations: int, seed: int
) -> None:
    """After any number of iterations, with limits, fleets, and ways that differ there and back; as formulas and as functions."""
    expected = searched_alike(unit_free(made), iterations=iterations, strings=name == "string_removal", seed=seed)
    assert by_formulas(WRITTEN[name], made, iterations, seed) == expected
    functions = WRITTEN[name].functions
    with np.errstate(all="ignore"):
        found = search_by_views(functions["leaving"], functions["placing"], unit_free(made), iterations=iterations, seed=seed)
    assert found == expected


@pytest.mark.parametrize("name", WRITTEN)
def test_so_they_do_on_training_instances(name: str) -> None:
    """Through all of a search, an instance of each family."""
    problem = RuinRecreateCVRP(iterations=500)
    for made in problem.instances("train")[::9]:
        seed = zlib.crc32(made.name.encode())
        assert by_formulas(WRITTEN[name], made, 500, seed) == problem.textbook_rules()[name](made), made.name


def test_the_search_starts_from_string_removal() -> None:
    """The bodies of the two functions are that textbook rule; draws of another seed give other routes, about as long."""
    problem = RuinRecreateCVRP(iterations=1000)
    made = problem.instances("train")[-1]
    routes = problem.solve(candidate(problem.functions()), made, np.random.default_rng(1))
    trusted = problem.textbook_rules()["string_removal"](made)
    assert routes != trusted
    assert problem.cost(made, routes) == pytest.approx(problem.cost(made, trusted), rel=0.03)


@pytest.mark.slow
def test_string_removal_stands_where_it_should_on_published_instances() -> None:
    """Within 2 % of the best known lengths of every third X instance (100 to 400 customers) after 50,000 iterations, and never below."""
    problem = RuinRecreateCVRP(iterations=50_000)
    solver = problem.textbook_rules()["string_removal"]
    published = [made for made in problem.read_instances(data_folder("cvrplib")) if made.family == "X"][::3]
    gaps = [100.0 * (problem.cost(made, solver(made)) / (problem.reference(made) or 0.0) - 1.0) for made in published]
    assert len(gaps) == 10
    assert min(gaps) >= 0.0
    assert np.mean(gaps) < 2.0

"""Solutions in CVRPLIB's form."""

from pathlib import Path

import numpy as np
import pytest
import vrplib
from hypothesis import given

from evoheur.problem_loading import load_problem
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.routes_file import routes_text
from evoheur.problems.cvrp.solution import price
from tests.problems.cvrp.support.made_up import data_folder, instances


@given(made=instances())
def test_what_is_written_is_read_by_vrplib_and_costs_the_same(
    made: CvrpInstance, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Routes of one customer each, and an empty one."""
    problem = load_problem("cvrp_savings")
    routes = [[], *([customer] for customer in range(1, made.customers + 1))]
    file = tmp_path_factory.mktemp("written") / "made-up.sol"
    file.write_text(problem.write_solution(made, routes))
    again = vrplib.read_solution(file)
    assert again["routes"] == routes[1:]
    assert again["cost"] == price(made, again["routes"]) == price(made, routes)


def test_the_form_is_that_of_the_published_files() -> None:
    """A line per route, the cost last; whole costs are whole."""
    assert routes_text([[3, 7], [], [1]], 784.0) == "Route #1: 3 7\nRoute #2: 1\nCost 784\n"
    assert routes_text([[1]], 2.5).endswith("\nCost 2.5\n")


def test_published_solutions_are_written_as_they_were_read(tmp_path: Path) -> None:
    """Read, written and read again: the routes and the cost that the file states."""
    folder = data_folder("cvrplib")
    problem = load_problem("cvrp_savings")
    for name in ("A-n32-k5", "X-n101-k25"):
        [made] = problem.read_instances(folder / f"{name}.vrp")
        published = vrplib.read_solution(folder / f"{name}.sol")
        (tmp_path / "again.sol").write_text(problem.write_solution(made, published["routes"]))
        assert vrplib.read_solution(tmp_path / "again.sol") == published
        assert np.isclose(published["cost"], problem.cost(made, published["routes"]))

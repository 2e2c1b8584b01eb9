"""Routing instances with next to nothing in them, through every frame and every textbook rule."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, Problem, instance_rng, to_json
from evoheur.problem_loading import load_problem

CVRP: dict[str, dict[str, Any]] = {
    "cvrp_aco": {"iterations": 2},
    "cvrp_constructive": {},
    "cvrp_ruin_recreate": {"iterations": 20},
    "cvrp_savings": {},
}
TSP: dict[str, dict[str, Any]] = {
    "tsp_aco": {"iterations": 2},
    "tsp_constructive": {},
    "tsp_gls": {"perturbations": 5},
    "tsp_insertion": {},
}
CORNERS = "0,0\n0,0\n1,0\n1,0\n1,1\n0,0\n"


def costs(name: str, settings: dict[str, Any], file: Path) -> dict[str, float]:
    """What the problem's own rule and the textbook rules cost on the only instance of a file."""
    problem: Problem[Any] = load_problem(name, settings)
    [made] = problem.read_instances(file)
    functions: dict[str, Callable[..., Any]] = {function.__name__: function for function in problem.functions()}
    guest = problem.decode(problem.encode(made))
    found = {"own": problem.solve(Heuristic(code="", functions=functions), guest, instance_rng(1, made.name))}
    found |= {rule: solver(made) for rule, solver in problem.textbook_rules().items()}
    return {rule: problem.cost(made, to_json(solution)) for rule, solution in found.items()}


def saved(folder: Path, text: str) -> Path:
    """A CSV file."""
    file = folder / "small.csv"
    file.write_text(text)
    return file


@pytest.mark.parametrize("name", CVRP)
@pytest.mark.parametrize(
    ("places", "cost"),
    [
        ("0,0,0\n3,4,1\n", 10.0),
        ("0,0,0\n0,0,1\n", 0.0),
        ("0,0,0\n3,0,1\n3,4,1\n", 12.0),
        ("0,0,0\n3,0,0\n3,4,0\n", 12.0),
        ("0,0,0\n3,0,2\n3,0,2\n3,0,2\n", 12.0),
        ("0,0,0\n0,0,0\n0,0,0\n0,0,2\n", 0.0),
        ("0,0,0\n3,0,4\n0,4,4\n", 14.0),
    ],
    ids=["one", "one at the depot", "two", "no demand", "all in one place", "all at the depot", "full loads"],
)
def test_few_customers(tmp_path: Path, name: str, places: str, cost: float) -> None:
    """There is one good way to serve them, and every rule finds it; a vehicle carries 4."""
    for rule, found in costs(name, CVRP[name], saved(tmp_path, f"capacity,4\nx,y,demand\n{places}")).items():
        assert found == pytest.approx(cost), rule


@pytest.mark.parametrize("name", CVRP)
@pytest.mark.parametrize(
    ("places", "reason"),
    [
        ("", "has no depot and no customers; from 1 to 10,000 can be used"),
        ("0,0,0\n", "has 0 customers; from 1 to 10,000 can be used"),
        ("0,0,0\n1,1,1\n2,2,5\n", r"the demand of node 2 \(line 5\) is 5; it must be within 0\.\.4, what a vehicle carries"),
    ],
    ids=["nothing", "no customers", "too heavy"],
)
def test_what_cannot_be_served_is_refused(tmp_path: Path, name: str, places: str, reason: str) -> None:
    """With the node and its line."""
    with pytest.raises(ConfigError, match=reason):
        costs(name, CVRP[name], saved(tmp_path, f"capacity,4\nx,y,demand\n{places}"))


@pytest.mark.parametrize("name", TSP)
@pytest.mark.parametrize("cities", [0, 1, 2, 4])
def test_too_few_cities_are_refused(tmp_path: Path, name: str, cities: int) -> None:
    """Up to three there is one tour, and local search wants five."""
    rows = "".join(f"{city},{city * city}\n" for city in range(cities))
    with pytest.raises(ConfigError, match=f"has {cities} cities; from 5 to 20,000 can be used"):
        costs(name, TSP[name], saved(tmp_path, f"x,y\n{rows}"))


@pytest.mark.parametrize("name", TSP)
def test_cities_may_share_a_place(tmp_path: Path, name: str) -> None:
    """Six cities in three corners of a unit square: no tour is shorter than 2 + √2, nor has any of these more than two detours."""
    for rule, found in costs(name, TSP[name], saved(tmp_path, f"x,y\n{CORNERS}")).items():
        assert 2.0 + np.sqrt(2.0) - 1e-9 <= found <= 4.0 + 2.0 * np.sqrt(2.0), rule


@pytest.mark.parametrize("name", TSP)
def test_cities_that_are_all_in_one_place_are_refused(tmp_path: Path, name: str) -> None:
    """Every tour has length 0, and there is nothing to tell them apart by."""
    with pytest.raises(ConfigError, match="all cities are in one place"):
        costs(name, TSP[name], saved(tmp_path, "x,y\n" + "1,1\n" * 6))


@pytest.mark.parametrize("name", [*CVRP, *TSP])
def test_formats_are_told_in_lines(name: str) -> None:
    """For `problems show`: each fits on a line of a wide terminal."""
    formats = type(load_problem(name)).formats
    assert any(".csv" in line for line in formats)
    assert all("\n" not in line and len(line) <= 130 for line in formats)

"""Tours in TSPLIB's form."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problem_loading import load_problem
from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp.tour import price
from evoheur.problems.tsp.tour_file import tour_text
from evoheur.problems.tsp.tsplib import read_tour
from tests.problems.tsp.support.cities import published_files


@given(tour=st.permutations(range(7)), seed=st.integers(0, 99))
def test_what_is_written_is_read_again_and_costs_the_same(
    tour: list[int], seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the order."""
    points = np.random.RandomState(seed).rand(7, 2)
    made = TspInstance(name="made up", family="f", metric="EUCLIDEAN", data=points)
    file = tmp_path_factory.mktemp("written") / "a.tour"
    file.write_text(load_problem("tsp_constructive").write_solution(made, tour))
    assert read_tour(file) == tour
    assert f"Length {price(made, tour)!r}" in file.read_text()


def test_the_form_is_that_of_the_published_files() -> None:
    """Nodes count from 1; a whole length is whole."""
    assert tour_text("a", [2, 0, 1], 12.0).splitlines() == [
        "NAME : a.tour",
        "COMMENT : Length 12",
        "TYPE : TOUR",
        "DIMENSION : 3",
        "TOUR_SECTION",
        "3",
        "1",
        "2",
        "-1",
        "EOF",
    ]


def test_an_optimal_tour_is_written_as_it_was_read(tmp_path: Path) -> None:
    """berlin52 is 7542 long."""
    folder = published_files("tsplib")
    problem = load_problem("tsp_constructive")
    [made] = problem.read_instances(folder / "berlin52.tsp")
    tour = read_tour(folder / "berlin52.opt.tour")
    (tmp_path / "again.tour").write_text(problem.write_solution(made, tour))
    assert read_tour(tmp_path / "again.tour") == tour
    assert "Length 7542\n" in (tmp_path / "again.tour").read_text()

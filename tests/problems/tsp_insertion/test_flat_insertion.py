"""Tours by a formula are those of the heuristic, city by city."""

import ast
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.mutation.breeding import Breeder, Parent
from evoheur.generation.mutation.typed_signature import baseline_source, read_signature
from evoheur.problems.routing.distances import EXPLICIT
from evoheur.problems.tsp.instance import TspInstance
from evoheur.problems.tsp.spacing_units import unit_free_lengths
from evoheur.problems.tsp_insertion.flat_insertion import MapShelf, map_of
from evoheur.problems.tsp_insertion.problem import InsertionTSP
from evoheur.problems.tsp_insertion.tour_insertion import construct
from tests.problems.tsp.support.cities import Points, heuristic, instance, places, random_instance

NAMES = "share, farthest, nearest, cheapest, regret, mean, lonely, mean_tour, edge"
PARTS = (
    "nearest * (1 - share)",
    "-cheapest / farthest",
    "np.where(edge > lonely, mean, mean_tour)",
    "np.sqrt(mean_tour) % 0.7",
    "np.max(regret) - nearest // 0.3",
    "farthest - nearest",
    "np.rint(lonely)",
    "np.exp(-edge) ** 3",
)


def source(expression: str) -> str:
    """Of a heuristic of one expression."""
    return f"import numpy as np\n\n\ndef city_scores({NAMES}):\n    return {expression}\n"


def by_source(code: str, cities: TspInstance) -> list[int] | None:
    """The tour that trusted code builds without executing anything."""
    solver = InsertionTSP().solver_in_source(ast.parse(code))
    assert solver is not None
    assert solver.notes == {"path": "flat"}
    tour = solver.solve(cities)
    return None if tour is None else tour.tolist()


@given(points=places(fewest=2), parts=st.lists(st.sampled_from(PARTS), min_size=1, max_size=3))
def test_a_formula_builds_the_tour_of_the_heuristic(points: Points, parts: list[str]) -> None:
    """On a grid where ties are common, by its source and by its translation; each view alone is read too."""
    code, cities, problem = source(" + ".join(parts)), instance(points), InsertionTSP()
    candidate = heuristic(code, "city_scores")
    executed = problem.solve(candidate, cities, np.random.default_rng(0)).tolist()
    assert candidate.notes == {"path": "flat"}
    with np.errstate(all="ignore"):
        assert by_source(code, cities) == construct(candidate.entry, unit_free_lengths(cities)).tolist() == executed


def test_bred_heuristics_build_by_their_source_as_they_do_when_asked() -> None:
    """Whatever the offline generator writes, with so many cities that best places are looked for anew."""
    functions = InsertionTSP().functions()
    breeder = Breeder(
        [read_signature(functions[0], nonnegative=True)], baseline_source(functions), max_nodes=60, order_terms=None
    )
    rng, parents, cities, read = (
        random.Random(5),
        [Parent("the baseline", baseline_source(functions))],
        random_instance(70, seed=1),
        0,
    )
    for number in range(40):
        draft = breeder.breed(
            ("new", "crossover", "mutation", "constants")[number % 4], rng.sample(parents, min(2, number + 1)), rng
        )
        parents.append(Parent(f"parent {number}", draft.code))
        solver = InsertionTSP().solver_in_source(ast.parse(draft.code))
        tour = None if solver is None else solver.solve(cities)
        if tour is not None:
            read += 1
            with np.errstate(all="ignore"):
                asked = construct(heuristic(draft.code, "city_scores").entry, unit_free_lengths(cities))
            assert tour.tolist() == asked.tolist(), draft.code
    assert read > 30


def test_what_is_no_formula_is_asked_and_says_why() -> None:
    candidate = heuristic(source("np.array(list(regret))"), "city_scores")
    assert InsertionTSP().solve(candidate, random_instance(9), np.random.default_rng(0)).tolist()[0] == 0
    assert candidate.notes["path"] == "plain"
    assert candidate.notes["plain_because"].startswith("line 5: ")
    assert InsertionTSP().solver_in_source(ast.parse(candidate.code)) is None


def test_a_score_that_is_no_number_is_left_to_the_heuristic() -> None:
    assert by_source(source("np.log(-1 - nearest)"), random_instance(9)) is None


@pytest.mark.parametrize(
    "data",
    [[[0.0]], [[0.0, 1.0, 2.0], [1.0, 0.0, 3.0], [2.0, 3.001, 0.0]]],
    ids=["a single city", "another length on the way back"],
)
def test_what_the_loop_does_not_take_has_no_map(data: list[list[float]]) -> None:
    cities = TspInstance(name="odd", family="test", metric=EXPLICIT, data=np.array(data))
    assert MapShelf().of(cities) is map_of(cities) is None


def test_a_map_is_made_once() -> None:
    shelf, cities = MapShelf(), random_instance(12)
    assert shelf.of(cities) is shelf.of(cities)
    assert shelf.of(random_instance(12)) is not shelf.of(cities)

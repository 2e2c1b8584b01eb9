"""Graph colouring as a problem: contract, prices, textbook rules as candidates, graphs with known numbers of colours."""

import ast
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from evoheur.problem import Heuristic, Infeasible, Instance, Json, RuleClass, to_json
from evoheur.problems.graph_colouring.colour_classes import coloured
from evoheur.problems.graph_colouring.expressed_textbook import EXPRESSED
from evoheur.problems.graph_colouring.instance import GraphInstance, adjacency
from evoheur.problems.graph_colouring.problem import GraphColouring, vertex_scores
from evoheur.problems.returned_numbers import BadAnswer
from evoheur.testing.problem_contract import ProblemContract
from tests.support.example_budget import dear

from .support.made_up import graph, mycielski, queens, small_graphs

ARGUMENTS = "uncoloured, begun, losing, sharing, pending, degree, crowded"
PATH = ((0, 1), (1, 2), (2, 3))


class TestContract(ProblemContract):
    """It keeps to what every problem must."""

    name = "graph_colouring"

    def damaged(self, instance: Instance, solution: Json) -> Mapping[str, Json]:
        """One colour for all, half a colour, a colour too many."""
        return {
            "one colour": [0] * len(solution),
            "half a colour": [0.5, *solution[1:]],
            "a colour too many": [len(solution), *solution[1:]],
        }


def source(body: str) -> str:
    """A candidate's source that returns an expression."""
    return f"import numpy as np\n\n\ndef vertex_scores({ARGUMENTS}):\n    return {body}\n"


def candidate(body: str) -> Heuristic:
    """A candidate that returns an expression."""
    names: dict[str, Any] = {}
    exec(source(body), names)
    return Heuristic(code=source(body), functions={"vertex_scores": names["vertex_scores"]})


def solved(body: str, instance: GraphInstance) -> list[int]:
    """The colours by a candidate: alike as a formula, by its source alone, and asked vertex by vertex."""
    problem, formula, asked = GraphColouring(), candidate(body), candidate(f"np.array(list({body}))")
    colours: list[int] = problem.solve(formula, instance, np.random.default_rng(0)).tolist()
    assert formula.notes == {"path": "flat"}
    assert problem.solve(asked, instance, np.random.default_rng(0)).tolist() == colours
    assert asked.notes["path"] == "plain"
    by_source = problem.solver_in_source(ast.parse(source(body)))
    assert by_source is not None
    assert to_json(by_source.solve(instance)) == colours
    return colours


def fewest(instance: GraphInstance) -> int:
    """The chromatic number, by trying all colourings of rising size."""
    neighbours = [np.flatnonzero(row).tolist() for row in adjacency(instance)]

    def fits(colours: list[int], most: int) -> bool:
        vertex = len(colours)
        if vertex == instance.vertices:
            return True
        taken = {colours[other] for other in neighbours[vertex] if other < vertex}
        free = (colour for colour in range(min(most, max(colours, default=-1) + 2)) if colour not in taken)
        return any(fits([*colours, colour], most) for colour in free)

    return next(most for most in range(1, instance.vertices + 1) if fits([], most))


def test_the_price_is_the_number_of_colours_and_how_equal_they_are() -> None:
    """Of 4 vertices 2 and 2 with two colours lack 1 - 8/16; 3 and 1 would lack 1 - 10/16."""
    problem = GraphColouring()
    assert problem.cost(graph(4, PATH), [0, 3, 0, 3]) == pytest.approx(2.005)
    assert problem.cost(graph(4, PATH[:1]), [0, 1, 0, 0]) == pytest.approx(2.00375)
    assert problem.cost(graph(1, []), [0]) == 1.0


def test_colours_are_written_as_dimacs_has_them() -> None:
    """Numbered from 1 without gaps."""
    assert GraphColouring().write_solution(graph(4, PATH), [0, 3, 0, 3]) == "s col 2\nl 1 1\nl 2 2\nl 3 1\nl 4 2\n"


def test_neighbours_of_one_colour_are_named() -> None:
    with pytest.raises(Infeasible, match=r"^vertices 1 and 2 are neighbours, and both have colour 3$"):
        GraphColouring().cost(graph(4, PATH), [0, 3, 3, 0])


def test_what_a_rule_is_told() -> None:
    """Of a path of four, vertex 1 is chosen first: 0 and 2 lose the colour, 3 alone may have it and is not asked for."""
    told: list[list[Any]] = []

    def rule(*shown: Any) -> Any:
        told.append([np.round(each, 6).tolist() for each in shown])
        return np.array([0.0, 1.0, 0.0, 0.0])[: shown[2].size]

    assert coloured(rule, adjacency(graph(4, PATH))).tolist() == [1, 0, 1, 0]
    third, two = 0.333333, 0.666667
    degrees = [third, two, two, third]
    first = [1.0, 0.0, degrees, [0.0] * 4, degrees, degrees, [two, 0.5, 0.5, two]]
    second = [0.5, 0.0, [0.0, 0.0], [0.0, 0.0], [0.0, 0.0], [third, two], [0.0, 0.0]]
    assert told == [first, second]


def test_views_of_a_colour_that_has_begun() -> None:
    """A star around 0 with 1, 2, 3, and the edge 4 5, which 3 joins at 4: when 1 has the colour, 0 may not."""
    told: list[list[Any]] = []

    def rule(*shown: Any) -> Any:
        told.append([np.asarray(each).tolist() for each in shown])
        return np.arange(shown[2].size) == (1 if len(told) == 1 else 0)

    coloured(rule, adjacency(graph(6, [(0, 1), (0, 2), (0, 3), (3, 4), (4, 5)])))
    uncoloured, begun, losing, sharing, pending, degree, crowded = told[1]  # vertices 2, 3, 4, 5 may have it
    assert (uncoloured, begun) == (5 / 6, 1 / 6)
    assert losing == [0, 1 / 3, 2 / 3, 1 / 3]
    assert sharing == [1, 1, 0, 0]
    assert pending == [1 / 4, 2 / 4, 2 / 4, 1 / 4]
    assert degree == [1 / 5, 2 / 5, 2 / 5, 1 / 5]
    assert crowded == pytest.approx([0, 2 / 3, 1 / 3, 2 / 3])


@pytest.mark.parametrize("name", EXPRESSED)
@dear()
@given(made=small_graphs())
def test_textbook_rules_as_candidates_colour_as_the_trusted_ones(made: GraphInstance, name: str) -> None:
    """Greedy by degrees gives the same colours one after the other as vertex after vertex."""
    assert solved(EXPRESSED[name]["vertex_scores"], made) == GraphColouring().textbook_rules()[name](made).tolist()


def test_the_start_is_recursive_largest_first() -> None:
    made = GraphColouring().instances("train")[20]
    own = Heuristic(code="", functions={"vertex_scores": vertex_scores})
    colours = GraphColouring().solve(own, made, np.random.default_rng(0))
    assert colours.tolist() == GraphColouring().textbook_rules()["recursive_largest_first"](made).tolist()


@dear()
@given(made=small_graphs())
def test_no_rule_is_below_the_fewest_colours_and_no_clique_above(made: GraphInstance) -> None:
    problem, least = GraphColouring(), fewest(made)
    assert problem.reference(made) <= least
    for name, rule in problem.textbook_rules().items():
        colours = rule(made)
        assert problem.cost(made, to_json(colours)) >= least, name
        assert np.unique(colours).tolist() == list(range(colours.max() + 1)), name


@dear()
@given(made=small_graphs())
def test_dsatur_is_exact_where_two_colours_are_enough(made: GraphInstance) -> None:
    """As Brélaz proves (1979, theorem 3)."""
    if fewest(made) <= 2:
        assert GraphColouring().textbook_rules()["dsatur"](made).max() + 1 == fewest(made)


@pytest.mark.parametrize(
    ("made", "vertices", "edges", "least", "rules"),
    [
        (mycielski(3), 11, 20, 4, {"dsatur": 4, "recursive_largest_first": 4}),
        (mycielski(4), 23, 71, 5, {"dsatur": 5, "recursive_largest_first": 5}),
        (mycielski(5), 47, 236, 6, {"dsatur": 6, "recursive_largest_first": 6}),
        (queens(5), 25, 160, 5, {"iterated_greedy": 5}),
        (queens(6), 36, 290, 7, {}),
        (queens(8), 64, 728, 9, {}),
    ],
)
def test_published_graphs_by_formula(
    made: GraphInstance, vertices: int, edges: int, least: int, rules: Mapping[str, int]
) -> None:
    """DIMACS' graphs have these sizes, and at least these colours are needed; on Mycielski's greedy rules find as many."""
    problem = GraphColouring()
    assert (made.vertices, len(made.edges)) == (vertices, edges)
    found = {name: int(rule(made).max()) + 1 for name, rule in problem.textbook_rules().items()}
    assert min(found.values()) >= least >= problem.reference(made)
    assert {name: found[name] for name in rules} == rules


def test_orders_of_colours_never_need_more_than_the_first_ones() -> None:
    rules = GraphColouring().textbook_rules()
    for made in GraphColouring().instances("train")[12:16]:
        assert rules["iterated_greedy"](made).max() <= rules["recursive_largest_first"](made).max()


@pytest.mark.parametrize(
    ("body", "message"), [("losing[:1]", "vertex_scores returned shape"), ("np.log(-1 - losing)", "vertex_scores returned NaN")]
)
def test_unusable_scores_are_the_candidates_fault(body: str, message: str) -> None:
    with pytest.raises(BadAnswer, match=message):
        GraphColouring().solve(candidate(body), graph(4, PATH), np.random.default_rng(0))


def test_classes_of_rules() -> None:
    """All but the orders of colours are one pass, as heuristics are."""
    classes = GraphColouring().rule_classes()
    assert classes.own == RuleClass("offline", 1)
    assert {name for name, known in classes.textbook.items() if known != classes.own} == {"iterated_greedy"}

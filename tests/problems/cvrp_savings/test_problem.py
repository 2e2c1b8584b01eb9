"""Joining routes as a problem: contract, textbook rules as candidates, flat heuristics."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problem import Heuristic
from evoheur.problems.cvrp.instance import CvrpInstance
from evoheur.problems.cvrp.unit_free import unit_free
from evoheur.problems.cvrp_savings.expressed_textbook import EXPRESSED
from evoheur.problems.cvrp_savings.problem import SavingsCVRP
from evoheur.problems.returned_numbers import BadAnswer
from tests.problems.cvrp.support.made_up import candidate, instances, one_way_instances
from tests.problems.cvrp.support.route_contract import RouteContract
from tests.support.example_budget import dear

ARGUMENTS = (
    "variant, spacing, per_route, progress, distance, home_near, home_far, load_small, load_large, free, angle, rank, size"
)
WRITTEN = {name: functions["joining"] for name, functions in EXPRESSED.items()}
"""Textbook rule → the same as a candidate. Altınel & Öncan's cannot be told: it goes by what two customers want, not their routes."""


class TestContract(RouteContract):
    """It keeps to what every problem must."""

    name = "cvrp_savings"


def rule(body: str) -> Heuristic:
    """A candidate of one expression."""
    code = f"import numpy as np\n\n\ndef joining({ARGUMENTS}):\n    return {body}\n"
    names: dict[str, Any] = {}
    exec(code, names)
    return Heuristic(code=code, functions={"joining": names["joining"]})


def solved(problem: SavingsCVRP, heuristic: Heuristic, made: CvrpInstance) -> list[list[int]]:
    """The routes of a candidate."""
    return problem.solve(heuristic, made, np.random.default_rng(0))


@pytest.mark.parametrize("name", ["clarke_wright", "yellow", "paessens", "six_pass_savings"])
@given(made=instances(limited=True))
def test_textbook_rules_as_candidates_join_as_the_trusted_ones(name: str, made: CvrpInstance) -> None:
    """The same routes, with limits and fleets too.

    Both in the same units: on a grid there are many equals, among which rounding decides.
    """
    problem = SavingsCVRP()
    expected = problem.textbook_rules()[name](unit_free(made))
    for heuristic in (rule(WRITTEN[name]), rule(f"np.array(list({WRITTEN[name]}))")):
        assert solved(problem, heuristic, made) == expected


@given(made=one_way_instances().filter(lambda made: made.max_duration is None))
def test_textbook_rules_hold_where_the_way_there_is_not_the_way_back(made: CvrpInstance) -> None:
    """Routes are the same in their order, too."""
    problem = SavingsCVRP()
    for name in ("clarke_wright", "six_pass_savings"):
        assert solved(problem, rule(WRITTEN[name]), made) == problem.textbook_rules()[name](unit_free(made)), name


@pytest.mark.parametrize("name", WRITTEN)
def test_textbook_rules_as_candidates_on_training_instances(name: str) -> None:
    """In every instance's own units; an instance of each family."""
    problem = SavingsCVRP()
    for made in problem.instances("train")[::24]:
        assert solved(problem, rule(WRITTEN[name]), made) == problem.textbook_rules()[name](made), made.name


def test_the_search_starts_from_six_passes() -> None:
    """The body of the signature is the textbook rule of its class, and the other rules say that they do other work."""
    problem = SavingsCVRP()
    for made in problem.instances("train")[::24]:
        routes = solved(problem, candidate(problem.functions()), made)
        assert routes == problem.textbook_rules()["six_pass_savings"](made)
    classes = problem.rule_classes()
    assert str(classes.own) == "offline, 6 passes"
    assert classes.alike(classes.textbook) == ["six_pass_savings"]
    assert {name: kind.work for name, kind in classes.textbook.items() if kind.work != 1} == {
        "six_pass_savings": 6,
        "altinel_oncan_grid": 45,
    }


PARTS = (
    "0.3 * np.exp(-distance) * free",
    "np.where(rank <= 3 + 4 * variant, 0.1, -0.2)",
    "np.sqrt(angle) * (load_small - load_large)",
    "(size > per_route) * 0.1",
    "progress * home_near - spacing",
    "np.log1p(home_far) / (1 + size)",
    "np.minimum(free, variant) ** 1.5",
    "-np.max(distance) / 10",
    "1 / (free - load_small)",
)


@dear()
@given(made=instances(limited=True) | one_way_instances(), parts=st.lists(st.sampled_from(PARTS), min_size=1, max_size=4))
def test_a_flat_heuristic_joins_as_it_does_when_it_is_asked(made: CvrpInstance, parts: list[str]) -> None:
    """The same routes, or the same NaN at the same place; the notes say which way was taken."""
    problem, body = SavingsCVRP(), " + ".join([WRITTEN["six_pass_savings"], *parts])
    flat, plain = rule(body), rule(f"np.array(list({body}))")
    found = []
    for heuristic in (flat, plain):
        try:
            found.append(str(solved(problem, heuristic, made)))
        except BadAnswer as error:
            found.append(str(error))
    assert found[0] == found[1]
    assert flat.notes == {"path": "flat"}
    assert plain.notes["path"] == "plain"
    assert plain.notes["plain_because"].startswith("line 5: ")


def test_every_candidate_has_its_own_translation() -> None:
    """Though all instances of one share it."""
    problem = SavingsCVRP()
    made = problem.instances("train")[0]
    assert len(solved(problem, rule("-distance"), made)) == made.customers
    assert len(solved(problem, rule("1 / distance"), made)) < made.customers
    assert len(solved(problem, rule("-distance"), made)) == made.customers


@pytest.mark.parametrize("body", ["None", "np.zeros(3)", "distance + np.nan", "1.0", "distance[:-1]"])
def test_unusable_scores_are_the_candidates_fault(body: str) -> None:
    """Scores of another shape, with NaN, or none at all; with the pass and the joins before."""
    problem = SavingsCVRP()
    with pytest.raises(BadAnswer, match=r"^variant 0, after 0 joins: joining returned"):
        solved(problem, rule(body), problem.instances("train")[0])


def test_the_best_of_several_is_never_worse_than_what_it_contains() -> None:
    """Clarke & Wright's own setting (λ = 1, μ = ν = 0) is one of the grid, and the first of six passes."""
    problem = SavingsCVRP()
    for each in problem.instances("train")[::24]:
        costs = {name: problem.cost(each, solver(each)) for name, solver in problem.textbook_rules().items()}
        assert max(costs["altinel_oncan_grid"], costs["six_pass_savings"]) <= costs["clarke_wright"] + 1e-9

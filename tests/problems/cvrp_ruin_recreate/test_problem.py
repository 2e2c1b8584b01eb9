"""Ruin and recreate as a problem: contract, two functions, textbook searches."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pytest

from evoheur.errors import ConfigError
from evoheur.problem_loading import load_problem
from evoheur.problems.cvrp_ruin_recreate import flat_search, insertion_places, leaving_customers
from evoheur.problems.cvrp_ruin_recreate.problem import RuinRecreateCVRP
from evoheur.problems.cvrp_ruin_recreate.textbook import drawn_alike
from tests.problems.cvrp.support.made_up import data_folder
from tests.problems.cvrp.support.route_contract import RouteContract
from tests.problems.tsp.support.cities import compiled

from .support.candidates import HALF_LISTED, LISTED, RANDOM_GREEDY, STRING_REMOVAL


class TestContract(RouteContract):
    """It keeps to what every problem must."""

    name = "cvrp_ruin_recreate"
    settings: ClassVar[Mapping[str, Any]] = {"iterations": 50}


def test_two_functions_evolve_together() -> None:
    """In the order in which the search calls them."""
    assert [function.__name__ for function in RuinRecreateCVRP().functions()] == ["leaving", "placing"]
    by_order = ["removal_scores", "insertion_scores"]
    for problem in (RuinRecreateCVRP(by_order=True), RuinRecreateCVRP(set="eoh_cvrp50")):
        assert [function.__name__ for function in problem.functions()] == by_order
        assert problem.by_order


def test_a_search_needs_an_iteration() -> None:
    """The effort is a setting."""
    with pytest.raises(ConfigError, match="iterations is 0"):
        load_problem("cvrp_ruin_recreate", {"iterations": 0})


def test_the_interface_is_chosen_by_true_or_false() -> None:
    """And it is said which one it is."""
    with pytest.raises(ConfigError, match="by_order is 'yes'; give true or false"):
        RuinRecreateCVRP(by_order="yes")  # type: ignore[arg-type]
    assert RuinRecreateCVRP().interface.endswith("the places at which they come back")
    assert RuinRecreateCVRP(by_order=True).interface.endswith("the order in which they come back")


def test_the_start_is_one_pass_and_the_others_search() -> None:
    """A discovery is compared with searches."""
    classes = RuinRecreateCVRP().rule_classes()
    assert str(classes.own) == "offline, search"
    assert classes.alike(classes.textbook) == ["random_greedy", "string_removal"]
    assert str(classes.of("clarke_wright")) == "offline, one pass"


def test_no_training_family_is_tested() -> None:
    """Short and long routes, a depot in the corner, large instances and large units are left for the test."""
    problem = RuinRecreateCVRP()
    families = {split: {made.family for made in problem.instances(split)} for split in ("train", "validation", "test")}
    assert families["train"] == families["validation"]
    assert len(families["train"]) >= 5
    assert not families["train"] & families["test"]
    assert len(problem.instances("train")) >= 64


def test_after_warming_up_nothing_is_compiled_any_more() -> None:
    """Compiling takes seconds of the first evaluation's time."""
    problem = RuinRecreateCVRP(iterations=3)
    problem.warm_up()
    hot: list[Any] = [
        *(leaving_customers.show_customers, leaving_customers.remove_customers, insertion_places.show_places),
        *(insertion_places.insert_at_best, insertion_places.keep_or_go_back, flat_search._search, flat_search._come_back),
        drawn_alike._search,
    ]
    before = [compiled(kernel) for kernel in hot]
    for made in (problem.decode(problem.encode(problem.instances("train")[0])), problem.instances("test")[0]):
        for pair in (RANDOM_GREEDY, STRING_REMOVAL, LISTED, HALF_LISTED):
            problem.solve(pair, made, np.random.default_rng(0))
        for solver in problem.textbook_rules().values():
            solver(made)
    assert [compiled(kernel) for kernel in hot] == before


def test_more_effort_finds_shorter_routes() -> None:
    """For both textbook searches of either interface, on the mean over some training instances."""
    for by_order in (False, True):
        for name in ("random_greedy", "string_removal"):
            means = []
            for iterations in (100, 1000, 10_000):
                problem = RuinRecreateCVRP(iterations=iterations, by_order=by_order)
                solver = problem.textbook_rules()[name]
                means.append(float(np.mean([problem.cost(made, solver(made)) for made in problem.instances("train")[-4:]])))
            assert means == sorted(means, reverse=True)


@pytest.mark.slow
def test_string_removal_stands_where_it_should_on_published_instances() -> None:
    """Within 2 % of the best known lengths of every third X instance (100 to 400 customers) after 50,000 iterations, and never below."""
    problem = RuinRecreateCVRP(iterations=50_000, by_order=True)
    solver = problem.textbook_rules()["string_removal"]
    instances = [made for made in problem.read_instances(data_folder("cvrplib")) if made.family == "X"][::3]
    gaps = [100.0 * (problem.cost(made, solver(made)) / (problem.reference(made) or 0.0) - 1.0) for made in instances]
    assert len(gaps) == 10
    assert min(gaps) >= 0.0
    assert np.mean(gaps) < 2.0

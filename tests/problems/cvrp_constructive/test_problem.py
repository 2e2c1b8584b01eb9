"""Constructive vehicle routing as a problem: contract, start, settings, references."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pytest

from evoheur.errors import ConfigError
from evoheur.problem_loading import load_problem
from evoheur.problems.cvrp_constructive.problem import ConstructiveCVRP
from tests.problems.cvrp.support.made_up import candidate, data_folder
from tests.problems.cvrp.support.route_contract import RouteContract


class TestContract(RouteContract):
    """It keeps to what every problem must."""

    name = "cvrp_constructive"


@pytest.mark.nightly
class TestContractOnAPublishedSet(TestContract):
    """So does a published set, which has no references."""

    settings: ClassVar[Mapping[str, Any]] = {"set": "eoh_cvrp50"}


def test_the_search_starts_from_the_nearest_feasible_customer() -> None:
    """The body of the heuristic makes the routes of the textbook rule."""
    problem = ConstructiveCVRP()
    for instance in problem.instances("train"):
        routes = problem.solve(candidate(problem.functions()), instance, np.random.default_rng(0))
        assert [route for route in routes if route] == problem.textbook_rules()["nearest_feasible"](instance)


def test_the_starting_heuristic_has_the_published_length_on_the_training_set_of_eoh() -> None:
    """13.61078, the mean over its 16 instances that running the published release gives; without references the mean is the score."""
    problem = ConstructiveCVRP(set="eoh_cvrp50")
    heuristic, source = candidate(problem.functions()), np.random.default_rng(0)
    instances = problem.instances("train")
    assert {problem.reference(instance) for instance in instances} == {None}
    lengths = [problem.cost(instance, problem.solve(heuristic, instance, source)) for instance in instances]
    assert np.mean(lengths) == pytest.approx(13.61078, abs=5e-6)


def test_every_instance_has_a_reference_that_no_textbook_rule_reaches() -> None:
    """Best known lengths come from a long search, so construction stays above them."""
    problem = ConstructiveCVRP()
    for split in ("train", "validation", "test"):
        for instance in problem.instances(split):
            reference = problem.reference(instance)
            assert reference is not None, instance.name
            for name, solver in problem.textbook_rules().items():
                assert problem.cost(instance, solver(instance)) > 0.999999 * reference, (instance.name, name)


def test_another_set_is_refused() -> None:
    """The setting names published sets."""
    with pytest.raises(ConfigError, match="set is 'cvrp50'; known are eoh_cvrp50, reevo_cvrp50, or nothing"):
        load_problem("cvrp_constructive", {"set": "cvrp50"})


def test_files_bring_their_own_references() -> None:
    """Published files with proven optima: no textbook rule is below one, and 132 of 132 have a reference."""
    problem = ConstructiveCVRP()
    instances = problem.read_instances(data_folder("cvrplib"))
    assert len(instances) == 132
    for instance in instances:
        reference = problem.reference(instance)
        assert reference is not None
        for solver in problem.textbook_rules().values():
            assert problem.cost(instance, solver(instance)) >= reference

"""MEoH against its definition, and the contract."""

import math
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from evoheur.candidate import Candidate
from evoheur.code.similarity import similarity
from evoheur.request import Failure, Outcome, Request
from evoheur.strategies.meoh import MeohConfig, dominance_scores
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import StrategyRun
from tests.evoheur.strategies.support.scored import sized_candidate


def config(**settings: Any) -> MeohConfig:
    """A configuration from plain values, as a YAML file gives them."""
    return MeohConfig.model_validate(settings)


class TestSteadyState(StrategyContract):
    def config(self) -> MeohConfig:
        """As it comes, but small."""
        return config(population_size=4)


@pytest.mark.nightly
class TestByGenerations(StrategyContract):
    def config(self) -> MeohConfig:
        """With the published barrier."""
        return config(population_size=4, generational=True, second="nodes")


SUM, DIFFERENCE, LOOP = "a = b + 1", "a = b - 1", "for a in b:\n    c(a)"
POPULATION = [(1.0, 9.0, SUM), (5.0, 5.0, SUM), (6.0, 9.0, DIFFERENCE), (6.0, 6.0, LOOP)]
"""The third is dominated by all but the last by objective, the last by the second."""


def member(identity: int, objective: float, operations: float, code: str) -> Candidate:
    """One of them."""
    return replace(sized_candidate(identity, objective, operations), code=code)


def outcome(number: int, request: Request, identity: int) -> Outcome:
    """The population, then failures."""
    if number > len(POPULATION):
        return Failure(stage="parsing", reason="no-code", detail="made up")
    return replace(member(identity, *POPULATION[number - 1]), operator=request.operator)


def charges() -> list[float]:
    """By hand: nothing dominates the first two; the last is charged its likeness to the second, the third that to all others."""
    near, far = similarity(SUM, DIFFERENCE), similarity(SUM, LOOP)
    return [0.0, 0.0, -(2 * near + similarity(LOOP, DIFFERENCE)), -far]


def test_what_is_like_its_betters_is_charged_most() -> None:
    members = [member(number, *row) for number, row in enumerate(POPULATION)]
    assert dominance_scores(members, "operations") == pytest.approx(charges())
    assert charges()[2] < charges()[3] < 0


def test_survival_goes_by_charges_then_by_objective() -> None:
    for size, kept in [(4, {1, 2, 3, 4}), (3, {1, 2, 4}), (2, {1, 2}), (1, {1})]:
        run = StrategyRun(config(population_size=size, initial=4, operators={"m1": 1}), outcome, watch=False)
        assert {request.parents[0].id for request in run.play_in_order(204)[4:]} == kept


def test_parents_are_drawn_from_the_softmax() -> None:
    run = StrategyRun(config(population_size=4, initial=4, operators={"m1": 1}), outcome, watch=False)
    drawn = Counter(request.parents[0].id for request in run.play_in_order(4004)[4:])
    weights = [math.exp(charge) for charge in charges()]
    assert drawn == pytest.approx({place: 4000 * weight / sum(weights) for place, weight in enumerate(weights, 1)}, abs=150)


def test_a_point_is_archived_once() -> None:
    run = StrategyRun(config(population_size=4, initial=4), outcome, watch=False)
    run.play_in_order(5)
    assert [elite.id for elite in run.strategy.elites()] == [1, 2]
    run.strategy.immigrate(member(9, 5.0, 5.0, LOOP))
    assert [elite.id for elite in run.strategy.elites()] == [1, 2]

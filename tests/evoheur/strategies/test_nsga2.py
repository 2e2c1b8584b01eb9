"""NSGA-II against its definition, and the contract."""

from collections import Counter
from typing import Any

import pytest
from pydantic import ValidationError

from evoheur.candidate import Candidate
from evoheur.request import Failure, Outcome, Request
from evoheur.strategies.multiobjective import point_of
from evoheur.strategies.nsga2 import Nsga2Config
from evoheur.strategies.pareto import dominates
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import StrategyRun
from tests.evoheur.strategies.support.scored import sized_candidate


def config(**settings: Any) -> Nsga2Config:
    """A configuration from plain values, as a YAML file gives them."""
    return Nsga2Config.model_validate(settings)


class TestSteadyState(StrategyContract):
    def config(self) -> Nsga2Config:
        """As it comes, but small."""
        return config(population_size=4)


@pytest.mark.nightly
class TestByGenerations(StrategyContract):
    def config(self) -> Nsga2Config:
        """With the published barrier and operators."""
        return config(population_size=4, generational=True, operators={"e1": 1, "e2": 1, "m1": 1, "m2": 1})


FRONT = [(1.0, 50.0), (2.0, 20.0), (3.0, 19.0), (9.0, 1.0)]
"""By crowding: both ends, then (2, 20) with 1/4 + 31/49 of room, (3, 19) with 7/8 + 19/49."""


def frozen(number: int, request: Request, identity: int) -> Outcome:
    """The front, then something that all of it dominates, then failures."""
    if number > len(FRONT) + 1:
        return Failure(stage="parsing", reason="no-code", detail="made up")
    return sized_candidate(identity, *[*FRONT, (9.5, 60.0)][number - 1], request)


def test_survival_goes_by_front_then_by_room() -> None:
    for size, kept in [(5, {1, 2, 3, 4, 5}), (4, {1, 2, 3, 4}), (3, {1, 3, 4}), (2, {1, 4})]:
        run = StrategyRun(config(population_size=size, initial=5, operators={"m1": 1}), frozen, watch=False)
        bred = run.play_in_order(305)[5:]
        assert {request.parents[0].id for request in bred} == kept


def test_parents_win_binary_tournaments() -> None:
    """Ranks 1 … 4 of two draws from four: 7, 5, 3 and 1 of 16; in order of room: the ends, then (3, 19), then (2, 20)."""
    run = StrategyRun(config(population_size=4, initial=5, operators={"m1": 1}), frozen, watch=False)
    drawn = Counter(request.parents[0].id for request in run.play_in_order(3205)[5:])
    assert drawn == pytest.approx({1: 1400, 4: 1000, 3: 600, 2: 200}, abs=145)


def test_parents_of_a_crossover_differ() -> None:
    run = StrategyRun(config(population_size=4, initial=5, operators={"e2": 1}, parents=3), frozen, watch=False)
    assert {len({parent.id for parent in request.parents}) for request in run.play_in_order(60)[5:]} == {3}


def test_the_elites_are_the_front_of_all_that_came() -> None:
    """Also what a small population had no place for; of equal points the first."""
    run = StrategyRun(config(population_size=2, initial=5), frozen, watch=False)
    run.play_in_order(6)
    assert [elite.id for elite in run.strategy.elites()] == [1, 2, 3, 4]
    run.strategy.immigrate(sized_candidate(77, 2.0, 20.0))
    assert [elite.id for elite in run.strategy.elites()] == [1, 2, 3, 4]
    run.strategy.immigrate(sized_candidate(78, 2.0, 18.0))
    assert [elite.id for elite in run.strategy.elites()] == [1, 78, 4]


@pytest.mark.parametrize("generational", [True, False])
def test_no_elite_dominates_another(generational: bool) -> None:
    def outcome(number: int, request: Request, identity: int) -> Outcome:
        return sized_candidate(identity, float(number * 7 % 23), float(number * 5 % 19), request)

    run = StrategyRun(config(population_size=5, initial=8, generational=generational), outcome, watch=False)
    run.play_in_order(60)
    points = [point_of(elite, "operations") for elite in run.strategy.elites()]
    assert points == sorted(points)
    assert not any(dominates(one, other) for one in points for other in points)
    told: list[Candidate] = [outcome(n, Request(operator="i1"), n) for n in range(1, 60)]  # type: ignore[misc]
    assert all(
        any(held == point or dominates(held, point) for held in points) for point in (point_of(c, "operations") for c in told)
    )


def test_what_trades_is_told_which_measure() -> None:
    run = StrategyRun(config(population_size=4, initial=5, second="nodes", operators={"better": 1, "e2": 1}), frozen, watch=False)
    told = {(request.operator, request.context.get("second")) for request in run.play_in_order(60)[5:]}
    assert told == {("better", "nodes"), ("e2", None)}


@pytest.mark.parametrize("settings", [{"operators": {"e1": 0}}, {"initial": 0}, {"second": "seconds"}])
def test_bad_settings_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        config(**settings)

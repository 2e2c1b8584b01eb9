"""CALM's search against its definition, and the contract."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from evoheur.candidate import Candidate
from evoheur.code.similarity import similarity
from evoheur.request import Failure, Outcome, Request
from evoheur.strategies.calm import CalmConfig, diverse_mate
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import StrategyRun, made_up_candidate

SUM = "def rule(x):\n    return x + 1\n"
NEAR = "def rule(x):\n    return x + 1 - x\n"
LOOP = "def rule(x):\n    for each in x:\n        if each > 2:\n            return each\n"
FROZEN = [
    replace(made_up_candidate(number, float(number)), code=code)
    for number, code in enumerate([SUM, SUM.replace("1", "9"), NEAR, LOOP, LOOP.replace("2", "7")], 1)
]
"""By objective: a sum, another one of the same form, one like it, and two loops of one form."""


def config(**settings: Any) -> CalmConfig:
    """A configuration from plain values, as a YAML file gives them."""
    return CalmConfig.model_validate(settings)


def frozen(number: int, request: Request, identity: int) -> Outcome:
    """The five above, then failures."""
    if number > len(FROZEN):
        return Failure(stage="parsing", reason="no-code", detail="made up")
    return FROZEN[number - 1]


@pytest.mark.nightly
class TestSteadyState(StrategyContract):
    def config(self) -> CalmConfig:
        """Small, and soon collapsing."""
        return config(population_size=4, collapse_growth=0.01)


@pytest.mark.nightly
class TestByGenerations(StrategyContract):
    def config(self) -> CalmConfig:
        """With a barrier."""
        return config(population_size=4, collapse_growth=0.01, generational=True, seed_with_baseline=True)


@pytest.mark.parametrize("generational", [True, False])
def test_a_replay_goes_on_like_the_live_run(generational: bool) -> None:
    """The contract in short."""
    settings = config(population_size=4, collapse_growth=0.01, generational=generational)
    live = StrategyRun(settings, watch=False)
    live.play_in_order(120, width=4)
    fresh = StrategyRun(settings, watch=False).replay(live.log)
    assert fresh.in_flight == live.in_flight
    for run in (live, fresh):
        run.play_in_order(60, width=4)
    assert fresh.fingerprints() == live.fingerprints()


def test_the_mate_has_the_largest_product_of_rank_and_novelty() -> None:
    """For the first of five: the twin of its form has .8 · 0, the like of it .6 · novelty, the loops .4 and .2 of theirs."""
    products = {member.id: (5 - place) / 5 * (1 - similarity(SUM, member.code)) for place, member in enumerate(FROZEN) if place}
    assert products[2] == 0.0
    assert products[4] == pytest.approx(2 * products[5])
    assert max(products, key=products.__getitem__) == 4
    assert diverse_mate(FROZEN[0], FROZEN) == (FROZEN[3],)
    assert diverse_mate(FROZEN[0], FROZEN[:3]) == (FROZEN[2],)
    assert diverse_mate(FROZEN[3], FROZEN) == (FROZEN[0],), "the best is as unlike a loop as its twin, and ranks first"
    assert diverse_mate(FROZEN[0], FROZEN[:1]) == ()


def test_crossover_shows_a_parent_and_its_mate() -> None:
    run = StrategyRun(config(population_size=5, initial=5, operators={"crossover": 1}, collapse_growth=0), frozen, watch=False)
    pairs = {tuple(parent.id for parent in request.parents) for request in run.play_in_order(205)[5:]}
    assert pairs == {(member.id, diverse_mate(member, FROZEN)[0].id) for member in FROZEN}


def test_collapse_leaves_exactly_the_best_and_its_mate() -> None:
    """With a growth of 1 the first outcome without a new best brings it, which is the second of the five; so the rest come to two."""
    run = StrategyRun(config(population_size=5, initial=5, operators={"modification": 1}, collapse_growth=1), frozen, watch=False)
    run.play_in_order(60)
    assert len(run.strategy.elites()) == 2
    calm = StrategyRun(config(population_size=5, initial=5, collapse_growth=0), frozen, watch=False)
    calm.play_in_order(60)
    assert [member.id for member in calm.strategy.elites()] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("generational", [True, False])
def test_five_collapse_to_two(generational: bool) -> None:
    """The five are there and nothing follows: the chance of .1 · s is certain at the tenth barren outcome."""
    settings = config(population_size=5, initial=5, collapse_growth=0.1, generational=generational)
    for seed in range(20):
        run = StrategyRun(settings, lambda number, _, __: FROZEN[number - 1] if number <= 5 else frozen(9, _, 0), seed=seed)
        kept: list[tuple[int, ...]] = []
        for number in range(1, 17):
            run.play_in_order(1)
            run.tell(number)
            kept.append(tuple(member.id for member in run.strategy.elites()))
        assert kept[-1][0] == 1
        assert len(kept[-1]) == 2


def test_a_new_best_keeps_the_population() -> None:
    """Each of the outcomes is one, so the chance stays 0."""

    def falling(number: int, request: Request, identity: int) -> Outcome:
        return made_up_candidate(identity, 100.0 - number, request)

    run = StrategyRun(config(population_size=5, initial=5, collapse_growth=1), falling, watch=False)
    run.play_in_order(60)
    assert len(run.strategy.elites()) == 5


def test_the_chance_of_collapse_grows_with_barren_outcomes() -> None:
    """At .0005 · s half of all populations are left whole after 53 outcomes: within five standard deviations of 1,000."""

    def told(seed: int) -> bool:
        run = StrategyRun(config(population_size=5, initial=3, collapse_growth=0.0005), best_first, seed=seed, watch=False)
        run.play_in_order(56)
        return len(run.strategy.elites()) == 3

    def best_first(number: int, request: Request, identity: int) -> Outcome:
        return FROZEN[number - 1] if number <= 3 else frozen(9, request, identity)

    whole = sum(told(seed) for seed in range(300))
    assert whole == pytest.approx(150, abs=5 * 75**0.5)


def test_operators_are_drawn_by_weight() -> None:
    run = StrategyRun(
        config(population_size=5, initial=5, operators={"injection": 3, "replacement": 1}, collapse_growth=0), frozen, watch=False
    )
    counted = Counter(request.operator for request in run.play_in_order(805)[5:])
    assert counted == pytest.approx({"injection": 600, "replacement": 200}, abs=62)


@pytest.mark.parametrize("settings", [{"operators": {"injection": 0}}, {"initial": 0}, {"population_size": 1}])
def test_bad_settings_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        config(**settings)


def test_a_set_of_one_breeds_alone() -> None:
    def one(number: int, request: Request, identity: int) -> Candidate | Failure:
        return made_up_candidate(identity, 1.0, request)

    run = StrategyRun(config(initial=1, operators={"crossover": 1}), one, watch=False)
    assert {len(request.parents) for request in run.play_in_order(20)[1:]} == {1}

"""EoH-S against its definition, and the contract."""

from collections import Counter
from typing import Any

import pytest

from evoheur.candidate import Candidate
from evoheur.request import Failure, Outcome, Request
from evoheur.strategies.complementary import complementary_set
from evoheur.strategies.eohs import EohSConfig, farthest_pairs
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import StrategyRun
from tests.evoheur.strategies.support.scored import scored_candidate

ROWS = [[2.0, 2.0, 2.0], [0.0, 6.0, 6.0], [6.0, 0.0, 6.0], [3.0, 3.0, 3.0]]
"""An all-rounder, two specialists, and what brings nothing."""


def config(**settings: Any) -> EohSConfig:
    """A configuration from plain values, as a YAML file gives them."""
    return EohSConfig.model_validate(settings)


class TestSteadyState(StrategyContract):
    def config(self) -> EohSConfig:
        """As it comes, but small."""
        return config(population_size=4)


@pytest.mark.nightly
class TestAsPublished(StrategyContract):
    def config(self) -> EohSConfig:
        """The paper's, small."""
        return config(population_size=4, pairs="farthest", generational=True)


class TestAsReleased(StrategyContract):
    def config(self) -> EohSConfig:
        """The release's, small, by clusters."""
        return config(population_size=4, steps="alternate", ranking="picked", weights="clusters", generational=True)


def frozen(number: int, request: Request, identity: int) -> Outcome:
    """Four heuristics with different strengths; all that comes after them fails."""
    if number > len(ROWS):
        return Failure(stage="parsing", reason="no-code", detail="made up")
    return scored_candidate(identity, ROWS[number - 1], request)


def requests_of(count: int, **settings: Any) -> list[Request]:
    """What is asked for once those four are there."""
    run = StrategyRun(config(initial=len(ROWS), population_size=4, **settings), frozen, watch=False)
    return run.play_in_order(len(ROWS) + count)[len(ROWS) :]


def test_the_farthest_pair_breeds() -> None:
    """By hand: the two specialists differ by 12, each of them from the all-rounder by 10, and from the last by 9."""
    asked = requests_of(200, pairs="farthest")
    pairs = {tuple(parent.evaluation.objective for parent in each.parents) for each in asked if each.operator == "cs"}
    assert pairs == {(4.0, 4.0)}


def test_pairs_are_ranked_by_distance() -> None:
    members = [scored_candidate(number, row) for number, row in enumerate(ROWS)]
    ranked = [tuple(each.id for each in pair) for pair in farthest_pairs(members)]
    assert ranked == [(1, 2), (0, 1), (0, 2), (1, 3), (2, 3), (0, 3)]


def test_pairs_are_drawn_by_rank() -> None:
    """6 pairs, weights 1/7 … 1/12 out of 0.6532: within five standard deviations."""
    asked = [each for each in requests_of(3000, steps="alternate") if each.operator == "cs"]
    drawn = Counter(tuple(sorted(parent.id for parent in each.parents)) for each in asked)
    total = sum(1 / (rank + 6) for rank in range(1, 7))
    expected = {
        pair: len(asked) / (rank + 6) / total for rank, pair in enumerate([(2, 3), (1, 2), (1, 3), (2, 4), (3, 4), (1, 4)], 1)
    }
    assert drawn == pytest.approx(expected, abs=5 * (len(asked) * 0.25) ** 0.5)


@pytest.mark.parametrize(("ranking", "order"), [("mean", [1, 4, 2, 3]), ("picked", [1, 2, 3, 4])])
def test_the_parent_of_a_local_step_is_drawn_by_rank(ranking: str, order: list[int]) -> None:
    """Weights 1/5, 1/6, 1/7, 1/8: the last has a mean of 3 and is picked last, the specialists have 4 and are picked before it."""
    asked = [each for each in requests_of(4000, steps="alternate", ranking=ranking) if each.operator == "ls"]
    drawn = Counter(each.parents[0].id for each in asked)
    total = sum(1 / (rank + 4) for rank in range(1, 5))
    assert drawn == pytest.approx({identity: len(asked) / (rank + 4) / total for rank, identity in enumerate(order, 1)}, abs=107)


def test_steps_are_drawn_evenly_or_alternate() -> None:
    counted = Counter(each.operator for each in requests_of(1000))
    assert counted == pytest.approx({"cs": 500, "ls": 500}, abs=80)
    assert [each.operator for each in requests_of(6, steps="alternate")] == ["cs", "ls"] * 3


def test_a_set_of_one_is_shown_alone() -> None:
    run = StrategyRun(config(population_size=1, initial=4, steps="alternate"), frozen, watch=False)
    asked = run.play_in_order(20)[4:]
    assert {len(each.parents) for each in asked} == {1}
    assert {each.operator for each in asked} == {"cs", "ls"}


def test_specialists_stay_and_equal_worths_do_not() -> None:
    """In a set of three the specialists keep their places before what is better than both on the whole; a twin of one finds none."""
    rows = [*ROWS, [0.0, 6.0, 6.0]]

    def outcome(number: int, request: Request, identity: int) -> Outcome:
        return scored_candidate(identity, rows[number - 1], request)

    run = StrategyRun(config(population_size=3, initial=5), outcome, watch=False)
    run.play_in_order(6)
    assert [each.id for each in run.strategy.elites()] == [1, 2, 3]


@pytest.mark.parametrize("generational", [True, False])
def test_conforms_to_the_greedy_choice(generational: bool) -> None:
    """By generations the set is the greedy choice among the last set and its children; else that of the set and each that comes."""

    def scored(number: int) -> Candidate:
        return scored_candidate(number, [float(number * step % 13) for step in (3, 5, 7, 11)])

    run = StrategyRun(
        config(population_size=3, initial=6, generational=generational), lambda number, _, __: scored(number), watch=False
    )
    members: list[Candidate] = []
    newborn: list[Candidate] = []
    for number in range(1, 40):
        run.ask()
        run.tell(number)
        newborn.append(scored(number))
        now = complementary_set(sorted([*members, *newborn], key=lambda each: each.id), 3)
        assert {each.id for each in run.strategy.elites()} == {each.id for each in now}
        if not generational or (number >= 6 and number % 3 == 0):
            members, newborn = now, []

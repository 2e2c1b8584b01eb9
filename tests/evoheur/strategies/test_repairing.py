"""Repair around a strategy: what it asks, and what the strategy inside hears of it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

import pytest

from evoheur.candidate import Candidate, Status
from evoheur.request import Failure, Outcome, Request
from evoheur.strategies.eoh import EohConfig
from evoheur.strategies.random_sampling import RandomConfig
from evoheur.strategies.repairing import REPAIR, REPAIR_CARD, Repairing
from evoheur.strategies.strategy import OperatorCard, Strategy, StrategyConfig
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import made_up_candidate


class RepairedEohConfig(StrategyConfig):
    """EoH with two chances for what failed."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {**EohConfig.catalogue, **REPAIR_CARD}

    kind: str = "repaired"

    def build(self, baseline: Candidate, rng: random.Random) -> Repairing:
        """Make the strategy."""
        return Repairing(EohConfig(population_size=4, parents=2).build(baseline, rng), 2)


class RepairedGenerationsConfig(RepairedEohConfig):
    """The same with a barrier, which a repair must not break."""

    def build(self, baseline: Candidate, rng: random.Random) -> Repairing:
        """Make the strategy."""
        return Repairing(EohConfig(population_size=4, parents=2, generational=True).build(baseline, rng), 1)


class TestSteadyState(StrategyContract):
    def config(self) -> RepairedEohConfig:
        return RepairedEohConfig()


@pytest.mark.nightly
class TestGenerations(StrategyContract):
    def config(self) -> RepairedGenerationsConfig:
        return RepairedGenerationsConfig()


class Listening(Strategy):
    """Asks for numbered requests and writes down what it is told."""

    def __init__(self) -> None:
        self.asked = 0
        self.told: list[tuple[Request, Outcome]] = []

    def ask(self) -> Request:
        self.asked += 1
        return Request(operator="i1", tag=self.asked, bound=1.0)

    def tell(self, request: Request, outcome: Outcome) -> None:
        self.told.append((request, outcome))

    def immigrate(self, candidate: Candidate) -> None:
        self.told.append((Request(operator="immigrant"), candidate))

    def elites(self) -> Sequence[Candidate]:
        return ()


def failed(identity: int, status: Status = Status.ERROR, detail: str = "line 2: ValueError: no", **rest: int) -> Candidate:
    bred = made_up_candidate(identity, None)
    return replace(bred, evaluation=replace(bred.evaluation, status=status, detail=detail), **rest)  # type: ignore[arg-type]


def asked(strategy: Strategy) -> Request:
    request = strategy.ask()
    assert request is not None
    return request


def test_a_failure_is_sent_back_and_the_strategy_hears_of_the_mended_one() -> None:
    inside = Listening()
    strategy = Repairing(inside, 1)
    first = asked(strategy)
    broken, mended = failed(1), made_up_candidate(2, 3.0)
    strategy.tell(first, broken)
    assert inside.told == []
    repair = asked(strategy)
    assert (repair.operator, repair.parents, repair.produces) == (REPAIR, (broken,), "heuristic")
    assert repair.context == {"baseline": "header", "fault": "error: line 2: ValueError: no"}
    strategy.tell(repair, mended)
    assert inside.told == [(first, mended)]
    assert asked(strategy).tag == 2


@pytest.mark.parametrize(
    "outcome",
    [failed(2), Failure(stage="parsing", reason="no-code", detail=""), Failure(stage="generation", reason="timeout", detail="")],
)
def test_what_cannot_be_mended_is_told_as_it_was(outcome: Outcome) -> None:
    """The strategy hears of the candidate that failed first, once."""
    inside = Listening()
    strategy = Repairing(inside, 1)
    first, broken = asked(strategy), failed(1)
    strategy.tell(first, broken)
    strategy.tell(asked(strategy), outcome)
    assert inside.told == [(first, broken)]
    assert asked(strategy).operator == "i1"


def test_a_second_attempt_starts_from_the_first_ones_code() -> None:
    inside = Listening()
    strategy = Repairing(inside, 2)
    first, broken, worse = asked(strategy), failed(1), failed(2, Status.TIMEOUT, "20 s")
    strategy.tell(first, broken)
    strategy.tell(asked(strategy), worse)
    again = asked(strategy)
    assert (again.parents, again.context["fault"]) == ((worse,), "timeout: 20 s")
    strategy.tell(again, failed(3))
    assert inside.told == [(first, broken)]


@pytest.mark.parametrize(
    "outcome",
    [
        made_up_candidate(1, 2.0),
        failed(1, Status.PRUNED),
        failed(1, Status.CHEATING),
        Failure(stage="parsing", reason="no-code", detail="the reply holds no code"),
    ],
)
def test_what_works_cheats_or_has_no_code_is_not_sent_back(outcome: Outcome) -> None:
    inside = Listening()
    strategy = Repairing(inside, 1)
    first = asked(strategy)
    strategy.tell(first, outcome)
    assert inside.told == [(first, outcome)]


def test_a_copy_of_what_was_sent_back_is_not_sent_back_again() -> None:
    """The model would be asked the same, and answer the same."""
    inside = Listening()
    strategy = Repairing(inside, 1)
    first, second = asked(strategy), asked(strategy)
    copy = failed(2, duplicate_of=1)
    strategy.tell(first, failed(1))
    strategy.tell(second, copy)
    assert inside.told == [(second, copy)]


def test_several_repairs_are_told_apart() -> None:
    inside = Listening()
    strategy = Repairing(inside, 1)
    first, second = asked(strategy), asked(strategy)
    strategy.tell(first, failed(1))
    strategy.tell(second, failed(2))
    repairs = asked(strategy), asked(strategy)
    mended = made_up_candidate(3, 1.0), made_up_candidate(4, 2.0)
    strategy.tell(repairs[1], mended[1])
    strategy.tell(repairs[0], mended[0])
    assert inside.told == [(second, mended[1]), (first, mended[0])]


def test_the_end_of_a_long_traceback_is_kept() -> None:
    strategy = Repairing(Listening(), 1)
    strategy.tell(asked(strategy), failed(1, detail="x" * 5000 + "ZeroDivisionError"))
    fault = asked(strategy).context["fault"]
    assert len(fault) == 1500
    assert fault.endswith("ZeroDivisionError")


def test_no_bound_is_passed_on() -> None:
    """A candidate that is cut short could have failed later, and then it would have been repaired."""
    assert asked(Repairing(RandomConfig(keep=1).build(made_up_candidate(0, 4.0), random.Random(1)), 1)).bound is None
    assert asked(Repairing(Listening(), 1)).bound is None


def test_immigrants_and_elites_are_the_strategys_own() -> None:
    inside = RandomConfig().build(made_up_candidate(0, 4.0), random.Random(1))
    strategy = Repairing(inside, 1)
    strategy.immigrate(made_up_candidate(9, 0.5))
    assert [elite.id for elite in strategy.elites()] == [9]

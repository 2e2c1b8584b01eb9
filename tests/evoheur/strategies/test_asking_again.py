"""Asking again around a strategy: what it asks, and what the strategy inside hears of it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

import pytest

from evoheur.candidate import Candidate
from evoheur.request import Failure, Outcome, Request, RequestKind
from evoheur.strategies.asking_again import AskingAgain
from evoheur.strategies.eoh import EohConfig
from evoheur.strategies.strategy import OperatorCard, Strategy, StrategyConfig
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import made_up_candidate


class AgainConfig(StrategyConfig):
    """EoH that asks again for what is not new."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = EohConfig.catalogue

    kind: str = "again"
    generational: bool = False

    def build(self, baseline: Candidate, rng: random.Random) -> AskingAgain:
        """Make the strategy."""
        eoh = EohConfig(population_size=4, parents=2, generational=self.generational)
        return AskingAgain(eoh.build(baseline, rng))


class TestSteadyState(StrategyContract):
    def config(self) -> AgainConfig:
        return AgainConfig()


@pytest.mark.nightly
class TestGenerations(StrategyContract):
    def config(self) -> AgainConfig:
        return AgainConfig(generational=True)


class Listening(Strategy):
    """Asks for numbered requests and writes down what it is told."""

    def __init__(self, kind: RequestKind = RequestKind.MODEL) -> None:
        self.kind = kind
        self.asked = 0
        self.told: list[tuple[Request, Outcome]] = []

    def ask(self) -> Request:
        self.asked += 1
        return Request(operator="i1", kind=self.kind, tag=self.asked, bound=1.0)

    def tell(self, request: Request, outcome: Outcome) -> None:
        self.told.append((request, outcome))

    def immigrate(self, candidate: Candidate) -> None:
        self.told.append((Request(operator="immigrant"), candidate))

    def elites(self) -> Sequence[Candidate]:
        return ()


NEW = made_up_candidate(7, 1.0)
COPY = replace(made_up_candidate(8, 2.0), duplicate_of=1)
TWIN = replace(made_up_candidate(9, 2.0), duplicate_of=1, is_twin=True)


def asked(strategy: Strategy) -> Request:
    request = strategy.ask()
    assert request is not None
    return request


@pytest.mark.parametrize("known", [COPY, TWIN])
@pytest.mark.parametrize("outcome", [NEW, COPY, TWIN, Failure(stage="parsing", reason="no-code", detail="", attempts=0)])
def test_what_is_not_new_is_asked_for_once_more(known: Candidate, outcome: Outcome) -> None:
    """The strategy hears of the second outcome only, whatever it is, as if its first request had brought it."""
    inner = Listening()
    strategy = AskingAgain(inner)
    first = asked(strategy)
    strategy.tell(first, known)
    assert inner.told == []
    second = asked(strategy)
    assert replace(second, tag=first.tag) == first
    assert second.fingerprint() != first.fingerprint(), "a log tells the two apart"
    strategy.tell(second, outcome)
    assert inner.told == [(first, outcome)]
    assert asked(strategy).tag == 2


def test_what_is_new_is_passed_on() -> None:
    inner = Listening()
    strategy = AskingAgain(inner)
    first = asked(strategy)
    strategy.tell(first, NEW)
    assert inner.told == [(first, NEW)]
    assert asked(strategy).tag == 2


def test_only_who_may_answer_otherwise_is_asked_again() -> None:
    """The tuner would say the same."""
    inner = Listening(RequestKind.TUNING)
    strategy = AskingAgain(inner)
    first = asked(strategy)
    strategy.tell(first, COPY)
    assert inner.told == [(first, COPY)]

"""Tuning beside a strategy: when what is tuned, and that the strategy does not notice."""

import random
from collections.abc import Mapping
from typing import ClassVar

import pytest

from evoheur.candidate import Candidate
from evoheur.request import Request, RequestKind
from evoheur.strategies.eoh import EohConfig
from evoheur.strategies.strategy import OperatorCard, StrategyConfig
from evoheur.strategies.tuning import TuneConfig, Tuning
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import Ask, StrategyRun, made_up_candidate, varied

EOH = EohConfig(population_size=4, parents=2)


class TunedConfig(StrategyConfig):
    """EoH with tuning beside it."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        **EohConfig.catalogue,
        "tune": OperatorCard(
            summary="tune", parents=(1, 1), kind=RequestKind.TUNING_BESIDE, context={"evaluations": "", "method": ""}
        ),
    }

    kind: str = "tuned"
    tune: TuneConfig = TuneConfig(evaluations=100_000, each=10, settled=3)

    def build(self, baseline: Candidate, rng: random.Random) -> Tuning:
        """Make the strategy."""
        return Tuning(EOH.build(baseline, rng), self.tune)


class TestTuned(StrategyContract):
    def config(self) -> TunedConfig:
        return TunedConfig()


class Played:
    """A strategy by itself and with tuning beside it, both told the same of the same requests."""

    def __init__(self, tune: TuneConfig | None) -> None:
        baseline = made_up_candidate(0, 9.0)
        inside = EOH.build(baseline, random.Random(5))
        self.strategy = inside if tune is None else Tuning(inside, tune)
        self.bred: list[Request] = []
        self.tunings: list[tuple[int, Request]] = []  # how many requests came before, and the request

    def play(self, requests: int, *, tuned: float | None = 0.1) -> "Played":
        """Ask and tell at once; the n-th request always gets the same candidate, whatever is tuned in between."""
        while len(self.bred) < requests:
            request = self.strategy.ask()
            assert request is not None
            if not request.kind.is_search:
                self.tunings.append((len(self.bred), request))
                self.strategy.tell(request, made_up_candidate(10_000 + len(self.tunings), tuned, request))
                continue
            self.bred.append(request)
            number = len(self.bred)
            self.strategy.tell(request, made_up_candidate(number, 1.0 + number * 37 % 101, request))
        return self


def test_the_strategy_asks_the_same_with_and_without() -> None:
    alone = Played(None).play(200)
    beside = Played(TuneConfig(evaluations=10_000, each=10, top=3, settled=2)).play(200)
    assert len(beside.tunings) > 5
    assert [request.fingerprint() for request in beside.bred] == [request.fingerprint() for request in alone.bred]


def test_only_what_has_settled_among_the_best_is_tuned_and_once() -> None:
    played = Played(TuneConfig(evaluations=10_000, each=10, top=2, settled=4)).play(200)
    parents = [request.parents[0] for _, request in played.tunings]
    assert len({parent.id for parent in parents}) == len(parents) > 2
    for before, request in played.tunings:
        # The candidate numbered n came with the n-th request; what it was among, `settled` outcomes ago and now, is told by the objectives.
        for moment in (before - 4, before):
            known = sorted((1.0 + number * 37 % 101, number) for number in range(1, moment + 1))
            assert request.parents[0].id in {number for _, number in known[:2]}


def test_the_budget_is_kept_and_the_last_tuning_gets_the_rest() -> None:
    played = Played(TuneConfig(evaluations=25, each=10, settled=0)).play(200)
    assert [request.context["evaluations"] for _, request in played.tunings] == ["10", "10", "5"]
    assert {request.context["method"] for _, request in played.tunings} == {"cma-es"}


def test_one_heuristic_is_tuned_at_a_time() -> None:
    run = StrategyRun(TunedConfig(), varied)
    for _ in range(300):
        while len(run.in_flight) < 6 and run.ask():
            pass
        tunings = [number for number, request in run.in_flight.items() if not request.kind.is_search]
        assert len(tunings) <= 1
        run.tell(next(number for number in run.in_flight if number not in tunings or len(run.in_flight) == 1))
    assert any(isinstance(event, Ask) and not event.request.kind.is_search for event in run.log)


@pytest.mark.parametrize(("tuned", "shown"), [(0.1, True), (None, False)])
def test_tuned_heuristics_are_among_the_elites_if_they_work(tuned: float | None, shown: bool) -> None:
    played = Played(TuneConfig(evaluations=10, each=10, settled=0)).play(60, tuned=tuned)
    elites = [elite.id for elite in played.strategy.elites()]
    assert (10_001 in elites) is shown
    objectives = [elite.objective or 0.0 for elite in played.strategy.elites()]
    assert objectives == sorted(objectives)

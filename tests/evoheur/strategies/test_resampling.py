"""Epochs around a strategy: when they begin, what is scored again, and what the strategy is told."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from evoheur.candidate import Candidate, Status
from evoheur.request import Failure, Outcome, Request, RequestKind, Rescored
from evoheur.strategies.eoh import EohConfig
from evoheur.strategies.resampling import Resampling
from evoheur.strategies.strategy import Strategy
from evoheur.testing.strategy_runs import StrategyRun, made_up_candidate

BASELINE = made_up_candidate(0, 4.5)


class Keeping(Strategy):
    """Keeps everything that it is told, and notes what it hears of new worth."""

    def __init__(self) -> None:
        self.kept: list[Candidate] = []
        self.heard: list[Mapping[int, Candidate]] = []

    def ask(self) -> Request:
        return Request(operator="e1", parents=tuple(self.kept[-1:]))

    def tell(self, request: Request, outcome: Outcome) -> None:
        if isinstance(outcome, Candidate):
            self.kept.append(outcome)

    def immigrate(self, candidate: Candidate) -> None:
        self.kept.append(candidate)

    def elites(self) -> Sequence[Candidate]:
        return self.kept

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        self.heard.append(fresh)


def bred(strategy: Resampling, *candidates: Candidate) -> None:
    """Ask and tell one by one."""
    for candidate in candidates:
        request = strategy.ask()
        assert request is not None
        strategy.tell(request, candidate)


def asked(strategy: Resampling) -> list[Request]:
    """Ask until it waits."""
    return list(iter(strategy.ask, None))


def again(request: Request, objective: float) -> Rescored:
    [scored] = request.parents
    evaluation = replace(scored.evaluation, objective=objective, epoch=request.epoch)
    return Rescored(candidate=replace(scored, evaluation=evaluation))


def test_after_so_many_candidates_all_members_and_the_baseline_are_scored_again() -> None:
    inner = Keeping()
    strategy = Resampling(inner, BASELINE, 2)
    bred(strategy, made_up_candidate(1, 3.0), made_up_candidate(2, 2.0))
    requests = asked(strategy)
    assert [(request.kind, request.epoch) for request in requests] == [(RequestKind.RESCORING, 1)] * 3
    assert [request.parents[0].id for request in requests] == [0, 1, 2]
    for request in requests:
        assert not inner.heard, "the strategy hears of new worth when all of it is there"
        strategy.tell(request, again(request, 10.0 + request.parents[0].id))
    [fresh] = inner.heard
    assert {number: member.objective for number, member in fresh.items()} == {0: 10.0, 1: 11.0, 2: 12.0}
    assert all(member.evaluation.epoch == 1 for member in fresh.values())


def test_an_epoch_begins_only_when_nothing_is_in_flight() -> None:
    """What was asked on the old instances is told before anything is scored on the new ones."""
    strategy = Resampling(Keeping(), BASELINE, 1)
    first, second = strategy.ask(), strategy.ask()
    assert first is not None
    assert second is not None
    strategy.tell(first, made_up_candidate(1, 3.0))
    assert strategy.ask() is None
    strategy.tell(second, Failure(stage="parsing", reason="no-code", detail=""))
    due = strategy.ask()
    assert due is not None
    assert (due.kind, due.epoch) == (RequestKind.RESCORING, 1)
    assert (first.epoch, second.epoch) == (0, 0)


def test_failures_before_the_evaluation_count_for_no_epoch() -> None:
    strategy = Resampling(Keeping(), BASELINE, 1)
    for _ in range(3):
        request = strategy.ask()
        assert request is not None
        assert request.epoch == 0
        strategy.tell(request, Failure(stage="parsing", reason="no-code", detail=""))


def test_equal_code_is_scored_once_and_all_that_have_it_get_the_worth() -> None:
    inner = Keeping()
    strategy = Resampling(inner, BASELINE, 2)
    twin = replace(made_up_candidate(2, 3.0), code=made_up_candidate(1, 3.0).code)
    bred(strategy, made_up_candidate(1, 3.0), twin)
    requests = asked(strategy)
    assert [request.parents[0].id for request in requests] == [0, 1]
    for request in requests:
        strategy.tell(request, again(request, 7.0))
    assert [inner.heard[0][number].objective for number in (1, 2)] == [7.0, 7.0]


def test_what_cannot_be_scored_again_is_a_failed_member() -> None:
    inner = Keeping()
    strategy = Resampling(inner, BASELINE, 1)
    bred(strategy, made_up_candidate(1, 3.0))
    for request in asked(strategy):
        lost = Failure(stage="generation", reason="internal", detail="a fault of ours")
        strategy.tell(request, lost if request.parents[0].id else again(request, 5.0))
    assert inner.heard[0][1].evaluation.status is Status.ERROR
    assert inner.heard[0][1].objective is None


def test_later_requests_show_parents_with_their_new_worth() -> None:
    """Also where the strategy has drawn them before."""
    strategy = Resampling(Keeping(), BASELINE, 1)
    bred(strategy, made_up_candidate(1, 3.0))
    for request in asked(strategy):
        strategy.tell(request, again(request, 9.0))
    following = strategy.ask()
    assert following is not None
    assert (following.epoch, following.parents[0].objective, following.parents[0].evaluation.epoch) == (1, 9.0, 1)


def test_a_population_whose_members_all_fail_starts_again() -> None:
    config = EohConfig(population_size=3, parents=2, initial=3)
    strategy = Resampling(config.build(BASELINE, random.Random(1)), BASELINE, 3)
    bred(strategy, *(made_up_candidate(number, float(number)) for number in (1, 2, 3)))
    for request in asked(strategy):
        lost = Failure(stage="generation", reason="internal", detail="")
        strategy.tell(request, lost if request.parents[0].id else again(request, 4.0))
    following = strategy.ask()
    assert following is not None
    assert (following.operator, following.epoch) == ("i1", 1)
    assert not strategy.elites()


def test_the_order_of_a_population_follows_the_new_worth() -> None:
    """What was best on the instances it was bred on need not be best on others."""
    run = StrategyRun(EohConfig(population_size=4, parents=2, initial=4), every=12)
    run.play_in_order(40)
    elites = run.strategy.elites()
    assert {elite.evaluation.epoch for elite in elites} == {run.in_flight[max(run.in_flight)].epoch}
    assert [elite.objective for elite in elites] == sorted(elite.objective or 0.0 for elite in elites)

"""Resuming: the log of 3,000 requests fed to a fresh strategy of every kind that ships; the aim is under 5 s.

Run with `make bench`, or `pytest -o addopts= --import-mode=importlib --benchmark-only tests/benchmarks/test_replay.py`.
"""

import random
from collections.abc import Callable
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from evoheur.archive.records import Asked, Told
from evoheur.candidate import Candidate, Evaluation, InstanceResult, Status
from evoheur.components import resolve_kind
from evoheur.request import Failure, Note, Outcome, Request
from evoheur.run.listeners import OutcomeListener, TotalsListener
from evoheur.run.replay import replay
from evoheur.run.step import StepListeners
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, StrategyConfig
from evoheur.testing.strategy_runs import Ask, StrategyRun, made_up_candidate

REQUESTS, IN_FLIGHT = 3000, 8
SETTINGS: dict[str, dict[str, Any]] = {
    "portfolio": {"members": [{"kind": kind} for kind in BUILTIN_STRATEGIES if kind != "portfolio"]}
}
"""For kinds whose defaults are not what should be measured: a portfolio of all the others."""

STATEMENT = "    score = np.where(bins - item < {number}, score * {number}.5, score + np.log1p(bins))\n"


def outcome(number: int, request: Request, identity: int) -> Outcome:
    """Notes; every 11th request a reply without code; candidates of 2 to 30 statements, every 5th failed, most of the rest different."""
    if request.produces == "note":
        return Note(text=f"Full bins first, said number {number}. " * 8)
    if number % 11 == 0:
        return Failure(stage="parsing", reason="no-code", detail="no code")
    body = "".join(STATEMENT.format(number=(number * place) % 97) for place in range(1, 2 + number % 30))
    made = made_up_candidate(identity, None, request)
    code = f"import numpy as np\n\n\ndef priority(item, bins):\n    score = -bins\n{body}    return score\n"
    if number % 5 == 0:
        return Candidate(**{**fields(made), "code": code})
    costs = [2000.0 + number * 7919 % (211 + place) for place in range(5)]
    results = tuple(
        InstanceResult(instance=f"i{place}", family="f", status=Status.OK, cost=cost, reference=1990.0)
        for place, cost in enumerate(costs)
    )
    measures = {"nodes": float(len(code) // 5), "calls": float(number % 30), "branches": 1.0}
    evaluation = Evaluation(
        status=Status.OK,
        objective=sum(costs) / 5 - 2000.0,
        objective_kind="mean_cost",
        split="train",
        results=results,
        measures=measures,
    )
    return Candidate(**{**fields(made), "code": code, "evaluation": evaluation})


def fields(candidate: Candidate) -> dict[str, Any]:
    """What a candidate is made of."""
    return {name: getattr(candidate, name) for name in candidate.__dataclass_fields__}


def stored(run: StrategyRun) -> list[Asked | Told]:
    """A played run's log as the archive gives it."""
    asked: dict[int, Asked] = {}
    log: list[Asked | Told] = []
    for sequence, event in enumerate(run.log, start=1):
        if isinstance(event, Ask):
            asked[event.number] = Asked(
                id=event.number,
                number=event.number,
                sequence=sequence,
                operator=event.request.operator,
                fingerprint=event.request.fingerprint(),
                kind=event.request.kind,
                messages=(),
            )
            log.append(asked[event.number])
        else:
            log.append(Told(asked=asked[event.number], sequence=sequence, outcome=event.outcome))
    return log


@pytest.mark.parametrize("kind", BUILTIN_STRATEGIES)
def test_replaying_3000_requests(benchmark: BenchmarkFixture, kind: str) -> None:
    """Seconds by the clock, of which the strategy's own work is all but the comparing of fingerprints."""
    family = resolve_kind(kind, BUILTIN_STRATEGIES, StrategyConfig, what="strategy")  # type: ignore[type-abstract]
    config = family.model_validate({"kind": kind, **SETTINGS.get(kind, {})})
    live = StrategyRun(config, outcome, watch=False)
    live.play_in_order(REQUESTS, width=IN_FLIGHT)
    log = stored(live)

    def fresh() -> tuple[tuple[list[Asked | Told], Callable[[], Request | None], StepListeners], dict[str, Any]]:
        strategy = config.build(made_up_candidate(0, 4.5), random.Random(1))
        return (log, strategy.ask, StepListeners([OutcomeListener(strategy.tell), TotalsListener()])), {}

    pending = benchmark.pedantic(replay, setup=fresh, rounds=3)  # type: ignore[no-untyped-call]
    assert len(pending) == len(live.in_flight)

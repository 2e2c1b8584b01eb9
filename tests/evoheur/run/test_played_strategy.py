"""Strategies played ahead."""

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from evoheur.archive.records import Totals
from evoheur.candidate import Candidate, Status
from evoheur.request import Failure, Note, Request, RequestKind
from evoheur.run.budget import Budget
from evoheur.run.config import parse_config
from evoheur.run.played_strategy import MOST_PLAYED, MadeUpOutcomes, PlayedPart, play, until_limit
from evoheur.run.spending_watch import copied
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, Strategy
from evoheur.testing.strategy_runs import StrategyRun, made_up_candidate

BASELINE = made_up_candidate(0, 4.5)
EOH = {"kind": "eoh", "population_size": 4, "parents": 2, "generational": True}


def strategy(section: dict[str, Any]) -> Strategy:
    config = parse_config({"problem": "bin_packing_online", "strategy": section, "generator": {"kind": "mutator"}}, where="here")
    return config.strategy.build(BASELINE, random.Random(1))


def part(budget: Budget, done: Totals | None = None, section: dict[str, Any] | None = None) -> PlayedPart:
    return until_limit(play(strategy(section or EOH), MadeUpOutcomes(BASELINE)), budget, done or Totals())


def test_a_part_ends_at_the_limit_that_comes_first() -> None:
    """What failed in its evaluation was an evaluation; the first request of a further generation is none of it."""
    assert (len(part(Budget(evaluations=50)).requests), part(Budget(evaluations=50)).limit) == (50, "evaluations")
    both = part(Budget(evaluations=50, requests=30), Totals(requests=12, pending=2, evaluations=8))
    assert (len(both.requests), both.limit, both.times) == (20, "requests", 1.0)
    generations = part(Budget(generations=2))
    assert (len(generations.requests), generations.limit) == (8 + 2 * 20, "generations")


def test_what_is_too_long_to_be_played_is_multiplied() -> None:
    long = part(Budget(evaluations=10 * MOST_PLAYED))
    assert (len(long.requests), long.limit, long.times) == (MOST_PLAYED, "evaluations", 10.0)
    generations = part(Budget(generations=1000))
    assert generations.limit == "generations"
    assert generations.times == pytest.approx(1000 * 20 / MOST_PLAYED, rel=0.02)


def test_without_a_limit_that_counts_a_part_is_spoken_of() -> None:
    spoken = part(Budget(minutes=5.0))
    assert (len(spoken.requests), spoken.limit) == (100, "")


def test_what_is_made_up_is_as_what_was_seen() -> None:
    """It fails as often, is as long, repeats as often; and what is new is new, for strategies that pass over what they know."""
    good = replace(made_up_candidate(3, 2.0), code="x" * 400, thought="An idea.")
    copy = replace(good, id=4, duplicate_of=3)
    broken = replace(good, id=5, evaluation=replace(good.evaluation, status=Status.ERROR, objective=None))
    prose = Failure(stage="parsing", reason="no-code", detail="prose")
    outcomes = MadeUpOutcomes(BASELINE, [good, good, copy, broken, prose], ["hm"])
    told = [outcomes.of(Request(operator="e1", parents=(good,))) for _ in range(1000)]
    kinds = Counter(
        "prose"
        if not isinstance(one, Candidate)
        else "copy"
        if one.duplicate_of is not None
        else "good"
        if one.objective is not None
        else "broken"
        for one in told
    )
    assert {kind: round(count / 200) for kind, count in kinds.items()} == {"good": 2, "copy": 1, "broken": 1, "prose": 1}
    fresh = [one for one in told if isinstance(one, Candidate) and one.duplicate_of is None]
    assert len({one.code for one in fresh}) == len({one.id for one in fresh}) == len(fresh)
    assert all(400 <= len(one.code) <= 410 and one.parents == (3,) for one in fresh)
    note = outcomes.of(Request(operator="reflect", produces="note"))
    assert isinstance(note, Note)
    assert note.text.startswith("hm")


def test_scores_that_are_all_equal_stay_equal() -> None:
    """Where no two heuristics differ, some methods ask for something else."""
    alike = [replace(made_up_candidate(number, 2.0), code=f"{number}") for number in range(1, 11)]
    outcomes = MadeUpOutcomes(BASELINE, alike)
    told = [outcomes.of(Request(operator="e1")) for _ in range(100)]
    assert sum(isinstance(one, Candidate) and one.objective == 2.0 for one in told) > 80


def test_what_is_tuned_takes_as_many_evaluations_as_it_may() -> None:
    class Tunes:
        generation = None

        def __init__(self) -> None:
            self.asked = 0

        def ask(self) -> Request | None:
            self.asked += 1
            context = {"evaluations": "20", "method": "harmony-search"}
            return Request(operator="harmony", kind=RequestKind.TUNING, parents=(BASELINE,), context=context)

        def tell(self, request: Request, outcome: object) -> None: ...

    assert len(until_limit(play(Tunes(), MadeUpOutcomes(BASELINE)), Budget(evaluations=60), Totals()).requests) == 3  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", BUILTIN_STRATEGIES)
def test_a_copy_goes_on_alone(kind: str) -> None:
    """As the original would, which is left as it is; candidates are shared, since they never change."""
    run = StrategyRun(strategy_config(kind)).play(random.Random(3).choices(range(60), k=150), width=4)
    before = run.state()
    copy, pending = copied((run.strategy, list(run.in_flight.values())))
    requests = until_limit(play(copy, MadeUpOutcomes(BASELINE), pending), Budget(requests=100), Totals()).requests
    assert run.state() == before
    assert len(requests) >= 100
    assert [request.fingerprint() for request in requests[: len(pending)]] == [
        one.fingerprint() for one in run.in_flight.values()
    ]
    [elite] = run.strategy.elites()[:1]
    [same] = copied(run.strategy).elites()[:1]
    assert same is elite


def strategy_config(kind: str) -> Any:
    section = {"kind": kind}
    return parse_config(
        {"problem": "bin_packing_online", "strategy": section, "generator": {"kind": "mutator"}}, where="here"
    ).strategy

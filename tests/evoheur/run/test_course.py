"""A run that keeps to a recorded course asks and tells as the recorded one did."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.archive.records import Asked, Told
from evoheur.generation.recording import RecordedRequest, Recording, prompt_hash
from evoheur.request import Message, Request
from evoheur.run.course import Course
from evoheur.run.flights import TellOrder
from evoheur.run.loop import LoopEnd
from evoheur.run.step import Step
from evoheur.strategies.eoh import EohConfig
from evoheur.strategies.reevo import ReEvoConfig
from evoheur.strategies.resampling import Resampling
from evoheur.strategies.strategy import Strategy, StrategyConfig
from evoheur.testing.strategy_runs import made_up_candidate
from tests.support.simulated_loop import SimulatedAnswers, SimulatedLog, simulate
from tests.support.virtual_time import run_in_virtual_time


def played(
    config: StrategyConfig,
    times: int,
    *,
    requests: int = 60,
    course: Course | None = None,
    every: int | None = None,
    **settings: Any,
) -> tuple[SimulatedLog, LoopEnd]:
    """A run; all that `times` seeds is how long things take."""
    rng = random.Random(times)
    baseline = made_up_candidate(0, 4.5)
    strategy: Strategy = config.build(baseline, random.Random(1))
    if every is not None:
        strategy = Resampling(strategy, baseline, every)
    log = SimulatedLog()

    async def scenario() -> LoopEnd:
        answers = SimulatedAnswers(lambda: rng.uniform(0, 8), lambda: rng.uniform(0, 3))
        ending, _ = await simulate(strategy, answers, log, requests=requests, course=course, **settings)
        return ending

    return log, run_in_virtual_time(scenario())


def recording_of(log: SimulatedLog) -> Recording:
    """As an archive gives it."""
    told = {entry.asked.number: entry.sequence for entry in log.entries if isinstance(entry, Told)}
    requests = tuple(
        RecordedRequest(
            number=entry.number,
            asked=entry.sequence,
            told=told.get(entry.number),
            operator=entry.operator,
            kind=entry.kind,
            fingerprint=entry.fingerprint,
            prompt=prompt_hash(entry.messages),
        )
        for entry in log.entries
        if isinstance(entry, Asked)
    )
    return Recording(source="run 'first'", requests=requests, end="enough")


STRATEGIES = {"eoh": EohConfig(population_size=4, parents=2), "reevo": ReEvoConfig(population_size=4, initial=6)}


@given(
    method=st.sampled_from(sorted(STRATEGIES)),
    times=st.tuples(st.integers(0, 2**32), st.integers(0, 2**32)),
    in_flight=st.tuples(st.integers(1, 16), st.integers(1, 16)),
    backlog=st.tuples(st.integers(0, 8), st.integers(0, 8)),
    order=st.tuples(st.sampled_from(["arrival", "asked"]), st.sampled_from(["arrival", "asked"])),
    every=st.sampled_from([None, 9]),
)
def test_a_replay_has_the_same_log(
    method: str,
    times: tuple[int, int],
    in_flight: tuple[int, int],
    backlog: tuple[int, int],
    order: tuple[TellOrder, TellOrder],
    every: int | None,
) -> None:
    """Whatever takes how long, and however many may be in flight; also where all are scored again on fresh instances now and then."""
    first, _ = played(STRATEGIES[method], times[0], every=every, in_flight=in_flight[0], backlog=backlog[0], tell_order=order[0])
    course = Course(recording_of(first), tunes=False)
    again, ending = played(
        STRATEGIES[method], times[1], every=every, course=course, in_flight=in_flight[1], backlog=backlog[1], tell_order=order[1]
    )
    assert again.entries == first.entries
    assert ending == LoopEnd(status="finished", reason="enough")
    assert course.is_kept
    assert course.is_over


def test_a_run_that_asks_something_else_ends_before_that_is_stored() -> None:
    first, _ = played(STRATEGIES["eoh"], 1, in_flight=8)
    course = Course(recording_of(first), tunes=False)
    other, ending = played(EohConfig(population_size=4, parents=3), 2, course=course, in_flight=8)
    assert ending.status == "failed"
    assert "of run 'first' was 'e1'" in ending.reason
    assert "the strategy asks for 'e1'" in ending.reason
    assert other.entries == first.entries[: len(other.entries)]
    assert len(other.entries) >= 8


def test_a_run_that_is_not_bound_goes_on_by_itself() -> None:
    first, _ = played(STRATEGIES["eoh"], 1, in_flight=8)
    recording = recording_of(first)
    course = Course(Recording(source=recording.source, requests=recording.requests, is_binding=False), tunes=False)
    other, ending = played(EohConfig(population_size=4, parents=3), 2, course=course, in_flight=8)
    assert ending == LoopEnd(status="finished", reason="enough")
    assert not course.is_kept
    assert other.requests == 60
    assert other.entries[:9] == first.entries[:9]


def test_a_smaller_budget_is_kept() -> None:
    """What is in flight by then is told in the recorded order."""
    first, _ = played(STRATEGIES["eoh"], 1, in_flight=8)
    again, ending = played(STRATEGIES["eoh"], 2, requests=30, course=Course(recording_of(first), tunes=False), in_flight=8)
    assert ending == LoopEnd(status="finished", reason="enough")
    asked = [entry.number for entry in again.entries if isinstance(entry, Asked)]
    assert asked == list(range(1, 31))
    told = [entry.asked.number for entry in again.entries if isinstance(entry, Told)]
    assert told == [entry.asked.number for entry in first.entries if isinstance(entry, Told) and entry.asked.number <= 30]


@pytest.mark.parametrize("prompt", ["e1", "another"])
def test_prompts_count(prompt: str) -> None:
    """A template that changed makes another request of it."""
    request = Request(operator="e1")
    asked = RecordedRequest(
        number=1,
        asked=1,
        told=2,
        operator="e1",
        kind=request.kind,
        fingerprint=request.fingerprint(),
        prompt=prompt_hash((Message(role="user", content="e1"),)),
    )
    course = Course(Recording(source="x.jsonl", requests=(asked,)), tunes=False)
    fault = course.fault(request, (Message(role="user", content=prompt),))
    assert (fault is None) == (prompt == "e1")
    assert fault is None or "its prompt is another one here" in fault
    assert "the strategy waits here" in str(course.fault(None, ()))


def test_what_is_tuned_beside_is_let_pass_where_the_recorded_run_had_none() -> None:
    parent = made_up_candidate(0, 4.5)
    beside = Request.tuning_beside(parent, method="cma-es", evaluations=10)
    search = Request(operator="e1")
    recorded = RecordedRequest(number=1, asked=1, told=2, operator="e1", kind=search.kind, fingerprint=search.fingerprint())
    course = Course(Recording(source="x.jsonl", requests=(recorded,)), tunes=True)
    log = SimulatedLog()
    steps = [Step(request=beside), Step(request=search)]
    for step in steps:
        assert course.fault(step.request, ()) is None
        log.asked(step)
        course.asked(step)
    assert course.tellable([1]) == [1]
    assert course.tellable([2]) == [2]
    steps[1].outcome = parent
    log.told(steps[1])
    course.told(steps[1])
    assert course.is_over
    assert course.is_kept

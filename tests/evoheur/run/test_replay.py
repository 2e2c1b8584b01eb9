"""Resuming by replay: any log, cut anywhere, brings a fresh strategy to where the first one was."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.archive.records import Asked, Told
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.errors import ReplayDiverged
from evoheur.request import Completion, Failure, Outcome, Request, Usage
from evoheur.run.generator_learning import GeneratorLearning
from evoheur.run.listeners import OutcomeListener, TotalsListener
from evoheur.run.replay import replay
from evoheur.run.step import Step, StepListeners
from evoheur.strategies.eoh import Eoh, EohConfig
from tests.evoheur.run.support.fakes import FakeConfig, FakeGenerator

CONFIG = EohConfig(population_size=3, parents=2, initial=3)


class Hearing(FakeGenerator):
    """Keeps what it is to learn."""

    def __init__(self) -> None:
        super().__init__(FakeConfig())
        self.outcomes: list[tuple[Outcome, Completion | None]] = []

    def learn(self, request: Request, outcome: Outcome, completion: Completion | None) -> None:
        self.outcomes.append((outcome, completion))


def candidate(number: int, objective: float | None, operator: str = "i1") -> Candidate:
    status = Status.OK if objective is not None else Status.ERROR
    return Candidate(
        id=number,
        code=f"rule {number}",
        thought="",
        operator=operator,
        parents=(),
        evaluation=Evaluation(status=status, objective=objective, split="train"),
    )


def strategy(seed: int = 1) -> Eoh:
    return CONFIG.build(candidate(0, 9.0), random.Random(seed))


def counting() -> TotalsListener:
    """A clock that stands still."""
    return TotalsListener(clock=lambda: 0.0)


def replayed(
    log: list[Asked | Told], fresh: Eoh, counted: TotalsListener | None = None, learning: GeneratorLearning | None = None
) -> list[Step]:
    """Feed a log to a strategy, let a generator learn, and count along."""
    learning = learning or GeneratorLearning(Hearing())
    return replay(log, fresh.ask, StepListeners([OutcomeListener(fresh.tell), learning, counted or counting()]))


def play(choices: list[tuple[int, float | None]], in_flight: int) -> tuple[list[Asked | Told], Eoh, TotalsListener]:
    """Drive a strategy: each choice tells one of the requests in flight (by index) a candidate of some objective, or a failure (None)."""
    live, counted, log = strategy(), counting(), list[Asked | Told]()
    flying: list[Step] = []
    born = 0
    for index, objective in choices:
        while len(flying) < in_flight and (request := live.ask()) is not None:
            number = counted.totals.requests + 1
            completion = Completion(text="", model="m", usage=Usage(prompt_tokens=number)) if number % 3 else None
            asked = Asked(
                id=number,
                number=number,
                sequence=len(log) + 1,
                operator=request.operator,
                fingerprint=request.fingerprint(),
                messages=(),
                completion=completion,
            )
            log.append(asked)
            flying.append(Step(request=request, completion=completion))
            flying[-1].asked = asked
            counted.asked(flying[-1])
            if completion is not None:
                counted.replied(flying[-1])
        step = flying.pop(index % len(flying))
        outcome: Outcome
        if objective is None:
            outcome = Failure(stage="parsing", reason="no-code", detail="")
        else:
            born += 1
            outcome = candidate(born, objective, step.request.operator)
        step.outcome = outcome
        log.append(Told(asked=step.asked, sequence=len(log) + 1, outcome=outcome))
        live.tell(step.request, outcome)
        counted.told(step)
    return log, live, counted


runs = st.lists(
    st.tuples(st.integers(0, 5), st.none() | st.floats(0, 10).map(lambda value: round(value, 1))), min_size=1, max_size=40
)


@given(choices=runs, in_flight=st.integers(1, 5))
def test_a_replayed_strategy_goes_on_exactly_like_the_one_that_lived_through_it(
    choices: list[tuple[int, float | None]], in_flight: int
) -> None:
    log, live, lived = play(choices, in_flight)
    again, counted = strategy(), counting()
    heard = Hearing()
    pending = replayed(log, again, counted, GeneratorLearning(heard))
    told = {step.asked.id for step in log if isinstance(step, Told)}
    assert [step.asked.id for step in pending] == [step.id for step in log if isinstance(step, Asked) and step.id not in told]
    assert counted.totals == lived.totals
    assert heard.outcomes == [(step.outcome, step.asked.completion) for step in log if isinstance(step, Told)]
    for _ in range(8):
        first, second = live.ask(), again.ask()
        assert (first and first.fingerprint()) == (second and second.fingerprint())
    assert [elite.id for elite in live.elites()] == [elite.id for elite in again.elites()]


@given(choices=runs, in_flight=st.integers(1, 5), data=st.data())
def test_a_log_cut_anywhere_replays_and_leaves_what_was_not_told_pending(
    choices: list[tuple[int, float | None]], in_flight: int, data: st.DataObject
) -> None:
    """A kill cuts the log after any commit."""
    log, _, _ = play(choices, in_flight)
    cut = log[: data.draw(st.integers(0, len(log)))]
    pending = replayed(cut, strategy())
    asked = [step for step in cut if isinstance(step, Asked)]
    assert len(pending) == len(asked) - sum(isinstance(step, Told) for step in cut)
    assert all(step.request.fingerprint() == step.asked.fingerprint for step in pending)


def test_a_request_that_differs_from_the_stored_one_is_named() -> None:
    log, _, _ = play([(0, 1.0), (0, 2.0), (0, 3.0), (0, 4.0), (0, 5.0)], 1)
    stored = log[-2]
    assert isinstance(stored, Asked)
    forged = Asked(
        id=stored.id,
        number=stored.number,
        sequence=stored.sequence,
        operator="m9",
        fingerprint="0" * 16,
        messages=(),
        completion=None,
    )
    with pytest.raises(ReplayDiverged, match="Request 5 of the log is 'm9'"):
        replayed([*log[:-2], forged], strategy())

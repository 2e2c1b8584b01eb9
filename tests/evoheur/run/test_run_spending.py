"""What a run spent, and what it got for it."""

import pytest

from evoheur.archive.records import Asked, Told
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.request import Completion, Failure, Note, Outcome, RequestKind, Rescored, Usage
from evoheur.run.run_spending import QualityLevel, RunSpending, spending_of

PROSE = Failure(stage="parsing", reason="no-code", detail="prose")
LOST = Failure(stage="generation", reason="timeout", detail="60 s", attempts=3)


def candidate(number: int, objective: float | None, *, copy_of: int | None = None, epoch: int = 0) -> Candidate:
    status = Status.ERROR if objective is None else Status.OK
    return Candidate(
        id=number,
        code="",
        thought="",
        operator="e1",
        parents=(),
        evaluation=Evaluation(status=status, objective=objective, split="train", epoch=epoch),
        duplicate_of=copy_of,
    )


class Log:
    """A log that grows by one request and its outcome at a time."""

    def __init__(self) -> None:
        self.entries: list[Asked | Told] = []

    def add(
        self,
        operator: str,
        outcome: Outcome | None,
        *,
        model: str | None = "m",
        cost: float | None = 0.01,
        kind: RequestKind = RequestKind.MODEL,
        epoch: int = 0,
    ) -> None:
        number = len(self.entries) + 1
        reply = None
        if model is not None:
            usage = Usage(prompt_tokens=100, completion_tokens=10)
            reply = Completion(text="", model=model, usage=usage, attempts=2, cost_usd=cost)
        asked = Asked(
            id=number,
            number=number,
            sequence=number,
            operator=operator,
            fingerprint="",
            messages=(),
            completion=reply,
            kind=kind,
            epoch=epoch,
        )
        self.entries.append(asked)
        if outcome is not None:
            self.entries.append(Told(asked=asked, sequence=number + 1, outcome=outcome))

    def added_up(self, start: float | None = 5.0) -> RunSpending:
        return spending_of(self.entries, start)


def test_operators_and_models_are_added_up() -> None:
    """Most expensive first; what is under way counts as spent, a lost request's calls too, and copies are of use but solve nothing new."""
    log = Log()
    log.add("e1", candidate(1, 4.0))
    log.add("e1", candidate(2, 4.0, copy_of=1))
    log.add("e1", PROSE, model="other", cost=None)
    log.add("e1", LOST, model=None)
    log.add("reflect", Note(text="hm"), model="other")
    log.add("e1", candidate(3, 3.5))
    log.add("e1", candidate(4, None))
    log.add("reflect", None)
    log.add("tune", candidate(5, 3.0), model="tuner", kind=RequestKind.TUNING_BESIDE)
    log.add("e1", candidate(6, 3.2))
    found = log.added_up()
    e1, reflect = found.operators
    assert (e1.name, e1.requests, e1.calls, e1.prompt_tokens, e1.completion_tokens) == ("e1", 7, 2 * 6 + 3, 600, 60)
    assert (e1.useful, e1.solved, e1.bests, e1.gain) == (5, 3, 2, 1.5)
    assert e1.cost_usd == pytest.approx(0.05)
    assert e1.usd_per_gain == pytest.approx(0.05 / 1.5)
    assert (reflect.name, reflect.requests, reflect.useful, reflect.gain, reflect.usd_per_gain) == ("reflect", 2, 1, 0.0, None)
    model, other = found.models
    assert (model.name, model.requests, model.tokens, model.bests) == ("m", 6, 660, 2)
    assert (other.name, other.requests, other.useful, other.cost_usd) == ("other", 2, 1, 0.01)
    assert sum(share.tokens for share in found.operators) == sum(share.tokens for share in found.models)
    assert found.levels == (
        QualityLevel(candidate=1, objective=4.0, requests=1, tokens=110, cost_usd=0.01),
        QualityLevel(candidate=3, objective=3.5, requests=6, tokens=550, cost_usd=0.04),
        QualityLevel(candidate=5, objective=3.0, requests=7, tokens=660, cost_usd=0.05),
    )


def test_what_does_not_beat_the_start_gains_nothing() -> None:
    """It is a level of quality all the same."""
    log = Log()
    log.add("e1", candidate(1, 5.0))
    log.add("e1", candidate(2, 6.0))
    found = log.added_up(start=5.0)
    assert (found.operators[0].bests, found.operators[0].gain, [level.objective for level in found.levels]) == (1, 0.0, [5.0])
    assert log.added_up(start=None).operators[0].gain == 0.0


def test_fresh_instances_are_no_gain() -> None:
    """Objectives before and after do not compare; the best is that of what was scored again."""
    log = Log()
    log.add("e1", candidate(1, 4.0))
    again = Rescored(candidate=candidate(1, 2.0, epoch=1))
    log.add("rescore", again, model=None, kind=RequestKind.RESCORING, epoch=1)
    log.add("e1", candidate(2, 2.5, epoch=1), epoch=1)
    log.add("e1", candidate(3, 1.5, epoch=1), epoch=1)
    [e1] = log.added_up().operators
    assert (e1.bests, e1.gain) == (2, 1.5)


def test_an_empty_log() -> None:
    assert spending_of([], 5.0) == RunSpending(operators=[], models=[], levels=())

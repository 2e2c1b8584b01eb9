"""Events of every kind with every sort of content, in no sensible order: what observers must bear."""

from typing import Any

from hypothesis import strategies as st

from evoheur.archive.records import CandidateRecord, Totals
from evoheur.candidate import Candidate, Evaluation, InstanceResult, Status
from evoheur.evaluation.audit_verdict import AuditVerdict, Lead
from evoheur.request import Completion, Failure, Note, Usage
from evoheur.run.budget import Budget
from evoheur.run.events import (
    BestAudited,
    CallsHalved,
    Event,
    InternalError,
    NewBest,
    OutageNews,
    OutcomeTold,
    Preparing,
    ReplyReceived,
    RequestSent,
    RunStarted,
    RunStopped,
    Throttled,
)
from tests.evoheur.observers.support import made_up

__all__ = ["events"]

_COUNT = st.integers(min_value=0, max_value=10**7)
_NUMBER = st.floats(allow_nan=False, allow_infinity=False)
_SECONDS = st.floats(min_value=0, max_value=1e9)
_TEXT = st.text(max_size=60)


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def _evaluations(split: str) -> st.SearchStrategy[Evaluation]:
    result = st.builds(
        InstanceResult,
        instance=_TEXT,
        family=_TEXT,
        status=st.sampled_from(Status),
        cost=_maybe(_NUMBER),
        reference=_maybe(_NUMBER),
    )
    return st.builds(
        Evaluation,
        status=st.sampled_from(Status),
        objective=_maybe(_NUMBER),
        split=st.just(split),
        results=st.lists(result, max_size=2).map(tuple),
        detail=_TEXT,
    )


def _candidates() -> st.SearchStrategy[Candidate]:
    return st.builds(
        Candidate,
        id=_COUNT,
        code=_TEXT,
        thought=_TEXT,
        operator=_TEXT,
        parents=st.lists(_COUNT, max_size=3).map(tuple),
        evaluation=_evaluations("train"),
        duplicate_of=_maybe(_COUNT),
    )


def _records() -> st.SearchStrategy[CandidateRecord]:
    scores = st.fixed_dictionaries({}, optional={split: _evaluations(split) for split in ("train", "validation", "test")})
    return st.builds(CandidateRecord, run=st.just("made-up-1"), candidate=_candidates(), evaluations=scores, asked=st.none())


def _totals() -> st.SearchStrategy[Totals]:
    return st.builds(
        Totals,
        requests=_COUNT,
        calls=_COUNT,
        evaluations=_COUNT,
        duplicates=_COUNT,
        failures=st.dictionaries(_TEXT, _COUNT, max_size=8),
        prompt_tokens=_COUNT,
        completion_tokens=_COUNT,
        cost_usd=_maybe(_SECONDS),
        best_objective=_maybe(_NUMBER),
        seconds=_SECONDS,
    )


def _asked() -> st.SearchStrategy[Any]:
    usage = st.builds(Usage, prompt_tokens=_COUNT, completion_tokens=_COUNT, estimated=st.booleans())
    reply = st.builds(Completion, text=_TEXT, model=_TEXT, usage=usage, finish=_TEXT, seconds=_SECONDS, cost_usd=_maybe(_SECONDS))
    return st.builds(lambda completion: made_up.asked(completion=completion), _maybe(reply))


def _outcomes() -> st.SearchStrategy[Any]:
    failure = st.builds(Failure, stage=st.sampled_from(["generation", "parsing"]), reason=_TEXT, detail=_TEXT, attempts=_COUNT)
    return _candidates() | st.builds(Note, text=_TEXT) | failure


def _rules(split: str) -> st.SearchStrategy[dict[str, Evaluation]]:
    return st.dictionaries(_TEXT, _evaluations(split), max_size=3)


def _starts() -> st.SearchStrategy[Event]:
    budget = st.builds(
        Budget, evaluations=_maybe(_COUNT), requests=_maybe(_COUNT), minutes=_maybe(st.floats(min_value=0.01, max_value=1e6))
    )
    return st.builds(
        RunStarted,
        run=st.just(made_up.run()),
        level=st.sampled_from(["process", "vault"]),
        slots=st.integers(1, 64),
        baseline=_candidates(),
        textbook_rules=_rules("train"),
        budget=budget,
        totals=_totals(),
    )


def _verdicts() -> st.SearchStrategy[AuditVerdict]:
    lead = _maybe(st.builds(Lead, value=_NUMBER, low=_maybe(_NUMBER), high=_maybe(_NUMBER)))
    return st.builds(AuditVerdict, instances=_COUNT, status=st.sampled_from(Status), train=lead, audit=lead, lost=lead)


def _stops() -> st.SearchStrategy[Event]:
    return st.builds(
        RunStopped,
        run=st.builds(made_up.run, st.sampled_from(["unfinished", "interrupted", "failed", "finished"]), _TEXT),
        totals=_totals(),
        best=st.lists(_records(), max_size=3),
        baseline=_records(),
        simplified=_maybe(_records()),
        audited=st.lists(_records(), max_size=3),
        textbook_rules=st.fixed_dictionaries({}, optional={split: _rules(split) for split in ("train", "validation")}),
    )


def events() -> st.SearchStrategy[Event]:
    """Any event, however unlikely in a real run."""
    return st.one_of(
        _starts(),
        st.builds(RequestSent, asked=_asked(), totals=_totals()),
        st.builds(ReplyReceived, asked=_asked(), totals=_totals()),
        st.builds(OutcomeTold, told=_outcomes().map(made_up.told), totals=_totals()),
        st.builds(NewBest, candidate=_candidates(), totals=_totals()),
        st.builds(BestAudited, candidate=_records(), verdict=_verdicts(), totals=_totals()),
        st.builds(Preparing, step=_TEXT),
        st.builds(Throttled, seconds=_SECONDS, reason=_TEXT),
        st.builds(CallsHalved, endpoint=_TEXT, limit=st.integers(1, 500), why=_TEXT),
        st.builds(
            OutageNews,
            endpoint=_TEXT,
            reason=_TEXT,
            since=st.floats(0, 4e9),
            seconds=_SECONDS,
            next_try=_maybe(_SECONDS),
            renewed_at=_maybe(st.floats(0, 4e9)),
            others_answer=st.booleans(),
        ),
        st.builds(InternalError, asked=_asked(), error=_TEXT, traceback=_TEXT, again=st.booleans(), totals=_totals()),
        _stops(),
    )

"""A run's events as JSON lines, for programs that look on.

Every line is one object with "time" (UTC, ISO 8601) and "event"; the other keys depend on the event:

* preparing: step, the name of what begins and may take a while, such as compiling
* run_started: run, level, slots, baseline (a candidate with its code), baselines (rule → score), budget, totals
* request_sent: request, operator, fingerprint, totals
* reply_received: request, operator, model, finish, prompt_tokens, completion_tokens, estimated, seconds, attempts, cost_usd, totals
* outcome_told: request, operator, sequence, outcome, totals; the outcome is {"type": "candidate", …} with its code, {"type": "note",
  "text"} or {"type": "failure", "stage", "reason", "detail", "attempts"}
* new_best: candidate (its number), objective, totals
* throttled: seconds, reason
* internal_error: request, error, traceback, totals
* run_stopped: run, totals, best (list of candidates without code, each with the scores of every split), baseline, baselines
  (split → rule → score)

"run" has id, name, created_at, problem, problem_hash, prompts_hash, seed, evoheur_version, status and reason; in run_started also config,
with the passwords of URLs masked. "totals" has the fields of `Totals`. A score has status, objective, detail, level and cpu_seconds.
Prompts and replies are not repeated here: they are in the archive, under the run's name and the request's number.
"""

import contextlib
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from evoheur.archive.records import Asked, CandidateRecord, RunRecord, Totals
from evoheur.candidate import Candidate, Evaluation
from evoheur.errors import ConfigError
from evoheur.request import Note, Outcome
from evoheur.run.events import (
    Event,
    InternalError,
    NewBest,
    OutcomeTold,
    Preparing,
    ReplyReceived,
    RequestSent,
    RunStarted,
    RunStopped,
    Throttled,
)

__all__ = ["JsonlObserver"]

_PASSWORD = re.compile(r"(?<=://)([^/@\s:]*):\S*@")


class JsonlObserver:
    """Appends one line per event and flushes it, so that whoever follows the file sees events as they happen.

    Args:
        target: A file to append to, made with its folders if need be, or an open text stream, which stays open.
        now: The time of day, aware.

    Raises:
        ConfigError: The file cannot be opened for writing.
    """

    def __init__(self, target: Path | TextIO, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._owned = isinstance(target, Path)
        self._stream = _open(target) if isinstance(target, Path) else target
        self._now = now

    def notify(self, event: Event) -> None:
        """See `Observer.notify`."""
        line = {"time": self._now().astimezone(UTC).isoformat(), **_line(event)}
        self._stream.write(json.dumps(_finite(line), allow_nan=False) + "\n")
        self._stream.flush()

    def close(self) -> None:
        """Close the file if it was opened here; harmless when repeated."""
        if self._owned:
            with contextlib.suppress(OSError):  # what could not be written was told of when its event came
                self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _open(path: Path) -> TextIO:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a", encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(f"The event log {str(path)!r} cannot be written ({reason}); name a file that you may write.") from error


def _line(event: Event) -> dict[str, Any]:  # noqa: PLR0911 - one return per kind of event
    match event:
        case Preparing():
            return {"event": "preparing", "step": event.step}
        case RunStarted():
            return {
                "event": "run_started",
                "run": {**_run(event.run), "config": _masked(event.run.config)},
                "level": event.level,
                "slots": event.slots,
                "baseline": {**_candidate(event.baseline), "code": event.baseline.code},
                "baselines": _scores(event.baselines),
                "budget": event.budget.model_dump(mode="json"),
                "totals": _totals(event.totals),
            }
        case RequestSent():
            return {"event": "request_sent", **_request(event.asked), "totals": _totals(event.totals)}
        case ReplyReceived():
            return {"event": "reply_received", **_reply(event.asked), "totals": _totals(event.totals)}
        case OutcomeTold():
            return {
                "event": "outcome_told",
                **_request(event.told.asked),
                "sequence": event.told.sequence,
                "outcome": _outcome(event.told.outcome),
                "totals": _totals(event.totals),
            }
        case NewBest():
            objective = event.candidate.objective
            return {"event": "new_best", "candidate": event.candidate.id, "objective": objective, "totals": _totals(event.totals)}
        case InternalError():
            line = {"event": "internal_error", "request": event.asked.number, "error": event.error}
            return line | {"traceback": event.traceback, "totals": _totals(event.totals)}
        case Throttled():
            return {"event": "throttled", "seconds": event.seconds, "reason": event.reason}
        case RunStopped():
            return {
                "event": "run_stopped",
                "run": _run(event.run),
                "totals": _totals(event.totals),
                "best": [_record(record) for record in event.best],
                "baseline": _record(event.baseline),
                "baselines": {split: _scores(rules) for split, rules in event.baselines.items()},
            }


def _run(run: RunRecord) -> dict[str, Any]:
    return {
        "id": run.id,
        "name": run.name,
        "created_at": run.created_at.isoformat(),
        "problem": run.problem,
        "problem_hash": run.problem_hash,
        "prompts_hash": run.prompts_hash,
        "seed": run.seed,
        "evoheur_version": run.evoheur_version,
        "status": run.status,
        "reason": run.reason,
    }


def _totals(totals: Totals) -> dict[str, Any]:
    values = {field.name: getattr(totals, field.name) for field in fields(totals)}
    return {**values, "failures": dict(totals.failures)}


def _request(asked: Asked) -> dict[str, Any]:
    return {"request": asked.number, "operator": asked.operator, "fingerprint": asked.fingerprint}


def _reply(asked: Asked) -> dict[str, Any]:
    line: dict[str, Any] = {"request": asked.number, "operator": asked.operator}
    reply = asked.completion
    if reply is None:
        return line
    return {
        **line,
        "model": reply.model,
        "finish": reply.finish,
        "prompt_tokens": reply.usage.prompt_tokens,
        "completion_tokens": reply.usage.completion_tokens,
        "estimated": reply.usage.estimated,
        "seconds": reply.seconds,
        "attempts": reply.attempts,
        "cost_usd": reply.cost_usd,
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, Candidate):
        results = [
            {
                "instance": result.instance,
                "status": result.status.value,
                "cost": result.cost,
                "reference": result.reference,
                "cpu_seconds": result.cpu_seconds,
                "notes": dict(result.notes),
            }
            for result in outcome.evaluation.results
        ]
        return {"type": "candidate", **_candidate(outcome), "code": outcome.code, "instances": results}
    if isinstance(outcome, Note):
        return {"type": "note", "text": outcome.text}
    return {
        "type": "failure",
        "stage": outcome.stage,
        "reason": outcome.reason,
        "detail": outcome.detail,
        "attempts": outcome.attempts,
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "id": candidate.id,
        "operator": candidate.operator,
        "parents": list(candidate.parents),
        "thought": candidate.thought,
        "duplicate_of": candidate.duplicate_of,
        **_score(candidate.evaluation),
    }


def _record(record: CandidateRecord) -> dict[str, Any]:
    candidate = record.candidate
    return {
        "id": record.id,
        "operator": candidate.operator,
        "parents": list(candidate.parents),
        "thought": candidate.thought,
        "scores": _scores(record.evaluations),
    }


def _scores(evaluations: Mapping[str, Evaluation]) -> dict[str, Any]:
    return {name: _score(evaluation) for name, evaluation in evaluations.items()}


def _score(evaluation: Evaluation) -> dict[str, Any]:
    return {
        "status": evaluation.status.value,
        "objective": evaluation.objective,
        "detail": evaluation.detail,
        "level": evaluation.level,
        "cpu_seconds": evaluation.cpu_seconds,
    }


def _masked(value: Any) -> Any:
    """Configuration without the passwords that URLs in it may carry."""
    if isinstance(value, str):
        return _PASSWORD.sub(r"\1:***@", value)
    if isinstance(value, Mapping):
        return {str(key): _masked(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_masked(item) for item in value]
    return value


def _finite(value: Any) -> Any:
    """JSON has no infinity and no NaN: they become null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return value

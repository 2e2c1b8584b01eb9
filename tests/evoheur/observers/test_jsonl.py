"""Events as JSON lines."""

import io
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from evoheur.documents.schemas import schema_named
from evoheur.errors import ConfigError
from evoheur.observers.jsonl import JsonlObserver
from evoheur.request import Failure, Note
from evoheur.run.events import Event, NewBest, OutageNews, OutcomeTold, ReplyReceived, RequestSent, Throttled
from tests.evoheur.observers.support import made_up
from tests.evoheur.observers.support.sequences import events

EVENT = Draft7Validator(schema_named("event"))
NOON = datetime(2026, 1, 2, 13, 0, 0, tzinfo=timezone(timedelta(hours=1)))


def line(event: Event) -> dict[str, Any]:
    """The object written for an event after the start of its run, without its time."""
    stream = io.StringIO()
    observer = JsonlObserver(stream, now=lambda: NOON)
    observer.notify(made_up.started())
    observer.notify(event)
    written: dict[str, Any] = json.loads(stream.getvalue().splitlines()[1])
    assert written.pop("time") == "2026-01-02T12:00:00+00:00"
    return written


def no_constant(name: str) -> None:
    """Refuse what Python's json reads and other readers do not."""
    raise AssertionError(f"{name} is no JSON")


@given(st.lists(events(), max_size=8))
def test_any_sequence_of_events_is_that_many_lines_of_strict_json(sequence: list[Event]) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="")
    with JsonlObserver(stream) as observer:
        for event in sequence:
            observer.notify(event)
    stream.seek(0)
    lines = stream.read().splitlines()
    assert len(lines) == len(sequence)
    for text in lines:
        EVENT.validate(json.loads(text, parse_constant=no_constant))


def test_start_has_the_configuration_without_passwords() -> None:
    written = line(made_up.started())
    assert written["event"] == "run_started"
    assert written["run"]["config"] == {
        "strategy": {"kind": "eoh"},
        "generator": {"kind": "mutator"},
        "archive": "postgresql://ada:***@db/evoheur",
    }
    assert "s3cret" not in json.dumps(written)
    assert (written["level"], written["slots"], written["budget"]["evaluations"]) == ("process", 2, 100)
    assert {name: round(score["objective"], 9) for name, score in written["textbook"].items()} == {
        "sum_of_squares": 1.0,
        "best_fit": 4.0,
    }
    assert (written["baseline"]["id"], written["baseline"]["code"]) == ("made-up-1/0", made_up.CODE)
    assert written["run"]["created"] == "2026-01-02T03:04:05+00:00"
    assert "best" not in written["run"], "a resumed run's best is not known here"


def test_request_and_reply_are_told_apart_from_their_texts() -> None:
    asked = made_up.asked(7, completion=made_up.completion("SECRETLY LONG"))
    sent = line(RequestSent(asked=asked, totals=made_up.totals(3)))
    assert (sent["event"], sent["request"], sent["operator"], sent["fingerprint"]) == ("request_sent", 7, "e2", "f" * 16)
    assert sent["totals"]["evaluations"] == 3
    received = line(ReplyReceived(asked=asked, totals=made_up.totals(3)))
    del received["totals"]
    assert received == {
        "format": "event/1",
        "event": "reply_received",
        "request": 7,
        "operator": "e2",
        "model": "m-1",
        "finish": "stop",
        "prompt_tokens": 100,
        "completion_tokens": 20,
        "cached_tokens": 0,
        "reasoning_tokens": 0,
        "estimated": False,
        "seconds": 1.5,
        "attempts": 1,
        "cost_usd": 0.002,
        "price_source": None,
    }


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Note(text="Look at the gaps."), {"type": "note", "text": "Look at the gaps."}),
        (
            Failure(stage="generation", reason="rate-limited", detail="429", attempts=3),
            {"type": "failure", "stage": "generation", "reason": "rate-limited", "detail": "429", "attempts": 3},
        ),
    ],
)
def test_outcome(outcome: Note | Failure, expected: dict[str, Any]) -> None:
    written = line(OutcomeTold(told=made_up.told(outcome), totals=made_up.totals(1)))
    assert (written["event"], written["request"], written["sequence"]) == ("outcome_told", 7, 15)
    assert written["outcome"] == expected


def test_candidate_is_the_document_that_commands_write_with_its_costs_per_instance() -> None:
    told = made_up.told(made_up.candidate(17, made_up.scored(103.0)))
    written = line(OutcomeTold(told=told, totals=made_up.totals(1)))["outcome"]
    assert written["type"] == "candidate"
    assert (written["candidate"]["id"], written["candidate"]["parents"]) == ("made-up-1/17", ["made-up-1/3", "made-up-1/5"])
    assert written["candidate"]["code"] == made_up.CODE
    [result] = written["candidate"]["evaluations"]["train"]["instances"]
    assert (result["instance"], result["cost"], result["reference"], result["cpu_seconds"]) == ("one", 103.0, 100.0, 0.25)


def test_a_failed_candidate_says_how_it_failed() -> None:
    written = line(OutcomeTold(told=made_up.told(made_up.candidate(17, made_up.failed())), totals=made_up.totals(1)))
    failed = written["outcome"]["candidate"]
    assert (failed["status"], failed["objective"], failed["objective_kind"]) == ("timeout", None, None)
    assert failed["detail"] == "one: too slow"


def test_before_a_run_has_started_a_candidate_has_its_number_only() -> None:
    stream = io.StringIO()
    JsonlObserver(stream).notify(NewBest(candidate=made_up.candidate(17, made_up.scored(103.0)), totals=made_up.totals(1)))
    assert json.loads(stream.getvalue())["candidate"] == "17"


def test_new_best_and_waiting_are_short() -> None:
    best = made_up.candidate(17, made_up.scored(103.0, reference=None))
    written = line(NewBest(candidate=best, totals=made_up.totals(1)))
    del written["totals"]
    assert written == {
        "format": "event/1",
        "event": "new_best",
        "candidate": "made-up-1/17",
        "objective": 103.0,
        "objective_kind": "mean_cost",
    }
    down = line(OutageNews(endpoint="m", reason="HTTP 503", since=0.0, seconds=9.0, next_try=2.0, renewed_at=60.0))
    assert down == {
        "format": "event/1",
        "event": "outage",
        "endpoint": "m",
        "reason": "HTTP 503",
        "since": "1970-01-01T00:00:00+00:00",
        "seconds": 9.0,
        "next_try": 2.0,
        "renewed_at": "1970-01-01T00:01:00+00:00",
        "others_answer": False,
    }
    waiting = line(Throttled(seconds=12.0, reason="429"))
    assert waiting == {"format": "event/1", "event": "throttled", "seconds": 12.0, "reason": "429"}


def test_end_has_the_scores_of_every_split() -> None:
    best = made_up.record(17, made_up.scored(150.0), made_up.scored(125.0, "validation"))
    written = line(made_up.stopped(best))
    assert (written["event"], written["run"]["status"]) == ("run_stopped", "finished")
    assert [record["id"] for record in written["best"]] == ["made-up-1/17"]
    assert {split: score["objective"] for split, score in written["best"][0]["evaluations"].items()} == {
        "train": 50.0,
        "validation": 25.0,
    }
    assert set(written["textbook"]) == {"train", "validation"}
    assert written["baseline"]["id"] == "made-up-1/0"
    assert (written["run"]["best"], written["run"]["best_gap"]) == ("made-up-1/17", 50.0)


def test_a_file_is_appended_to_and_readable_while_it_is_written(tmp_path: Path) -> None:
    """A resumed run goes on in the same file, and whoever follows it need not wait for the end."""
    path = tmp_path / "logs" / "run.jsonl"
    with JsonlObserver(path) as first:
        first.notify(made_up.started())
        assert len(path.read_text().splitlines()) == 1
    with JsonlObserver(path) as second:
        second.notify(made_up.stopped())
    assert [json.loads(text)["event"] for text in path.read_text().splitlines()] == ["run_started", "run_stopped"]


def test_a_stream_of_someone_else_stays_open() -> None:
    stream = io.StringIO()
    with JsonlObserver(stream, now=lambda: datetime.now(UTC)):
        pass
    assert not stream.closed


def test_a_file_that_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(ConfigError, match=r"taken/run\.jsonl' cannot be written \(.+\); name a file that you may write"):
        JsonlObserver(tmp_path / "taken" / "run.jsonl")

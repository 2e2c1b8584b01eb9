"""The end of a run whose replies are of no use."""

import contextlib
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from evoheur import discover, resume
from evoheur.api.result import Result
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.request import Completion, Failure, Note, Outcome, Request, RequestKind, Usage
from evoheur.run.loop import LoopEnd
from evoheur.run.reply_watch import ReplyWatch
from evoheur.run.step import Step
from evoheur.testing.endpoint_server import Received, ScriptedEndpoint, ServerAnswer, reply
from tests.support.one_guest import ONE_GUEST

PROSE = Failure(stage="parsing", reason="no-code", detail="prose")
USEFUL = "```python\ndef choose(length, loads):\n    return -loads\n```"
LOST = Failure(stage="generation", reason="timeout", detail="60 s")
FOUND = Candidate(
    id=1,
    code="",
    thought="",
    operator="e1",
    parents=(),
    evaluation=Evaluation(status=Status.ERROR, objective=None, split="train"),
)


class Watched:
    """A watch, and what it said."""

    def __init__(self) -> None:
        self.endings: list[LoopEnd] = []
        self._watch = ReplyWatch(self.endings.append)

    def hear(self, outcome: Outcome, request: Request | None = None, **completion: Any) -> bool:
        """Tell an outcome; whether it ended the run."""
        step = Step(request=request or Request(operator="e1"))
        step.completion = Completion(**{"text": "", "model": "m", "usage": Usage(completion_tokens=4000), **completion})
        step.outcome = outcome
        self._watch.told(step)
        return bool(self.endings)


def test_twenty_in_a_row_end_the_run() -> None:
    """Requests without a reply among them; a candidate begins the row anew, however it fails, and a note does not."""
    watched = Watched()
    heard: list[Outcome] = [*[PROSE] * 19, FOUND, *[PROSE, LOST] * 9, Note(text="hm"), *[PROSE] * 2]
    for outcome in heard[:-1]:
        request = Request(operator="reflect", produces="note") if isinstance(outcome, Note) else None
        assert not watched.hear(outcome, request, text="I would not change it.")
    assert watched.hear(heard[-1])
    [ending] = watched.endings
    assert ending.status == "failed"
    assert ending.reason.startswith(
        "20 requests in a row brought no heuristic (no-code 11; 44,000 tokens were written for them): "
    )
    assert "The first reply is 'I would not change it.'" in ending.reason


def test_four_fifths_of_the_last_fifty_end_the_run() -> None:
    watched = Watched()
    heard: list[Outcome] = [*[PROSE] * 4, FOUND] * 20
    number = next(number for number, outcome in enumerate(heard, start=1) if watched.hear(outcome))
    assert number == 51  # not at a heuristic, which the fiftieth is
    assert watched.endings[0].reason.startswith("40 of the last 50 replies hold no heuristic")
    better = Watched()
    mostly: list[Outcome] = [*[PROSE] * 3, FOUND]
    assert not any(better.hear(outcome) for _ in range(60) for outcome in mostly)


def test_what_the_model_was_not_asked_for_says_nothing_of_it() -> None:
    """Nor do faults of our own, nor requests that got no reply, which another watch counts."""
    watched = Watched()
    internal = Failure(stage="parsing", reason="internal", detail="KeyError")
    tuning = Request.tuning_beside(FOUND, method="cma_es", evaluations=3)
    assert tuning.kind is RequestKind.TUNING_BESIDE
    for _ in range(60):
        assert not watched.hear(internal)
        assert not watched.hear(PROSE, tuning)
        assert not watched.hear(LOST)


CAUSES = [
    ({"text": "<think>hm, ", "finish": "length"}, "truncated", "all tokens went into reasoning, and none were left"),
    ({"text": "", "finish": "length"}, "truncated", "all tokens went into reasoning, and none were left"),
    ({"text": "def priority(", "finish": "length"}, "truncated", "raise generator.max_tokens"),
    ({"text": "<think>hm</think>"}, "empty", "the model thinks aloud and answers nothing"),
    ({"text": ""}, "empty", "the answers are empty although tokens were paid for"),
    (
        {"text": "def prio", "finish": "length", "usage": Usage(completion_tokens=4000, reasoning_tokens=3990)},
        "truncated",
        "(truncated 20; 80,000 tokens were written for them, 79,800 of these in reasoning): all tokens went into reasoning",
    ),
    ({"text": "No."}, "no-code", "the model answers without code"),
    ({"text": "def f(): 1"}, "wrong-name", "does not write the code that the prompt asks for"),
]


@pytest.mark.parametrize(("completion", "reason", "words"), CAUSES)
def test_the_cause_and_what_to_do(completion: dict[str, Any], reason: str, words: str) -> None:
    watched = Watched()
    for _ in range(20):
        watched.hear(Failure(stage="parsing", reason=reason, detail=""), **completion)
    assert words in watched.endings[0].reason


def model(server: ScriptedEndpoint, problem: str, **more: Any) -> dict[str, Any]:
    return {
        "problem": problem,
        "strategy": {"kind": "random"},
        "generator": {"kind": "openai", "model": "m", "base_url": server.base_url, **more},
        "budget": {"requests": 120},
        "evaluation": ONE_GUEST,
        "in_flight": 4,
        "name": "r",
    }


def bought(result: Result, server: ScriptedEndpoint) -> int:
    assert result.spent.calls == len(server.journal)
    assert result.spent.tokens == sum(server.tokens)
    return len(server.journal)


@pytest.mark.parametrize("content", ["", pytest.param(None, marks=pytest.mark.nightly)])
def test_empty_replies_of_a_reasoning_model_are_not_bought_for_ever(tmp_path: Path, scheduling: str, content: str | None) -> None:
    """Twenty and what was in flight; every call and token is in the archive; it goes on once the setting is mended."""
    useful = False

    def answer(_received: Received) -> ServerAnswer:
        if useful:
            return reply(USEFUL, tokens=(10, 30))
        return reply(content, tokens=(10, 4000), finish="length", message={"reasoning_content": "Let me see."})

    with ScriptedEndpoint(answer) as server:
        stopped = discover(model(server, scheduling), archive=tmp_path / "a.db")
        assert (stopped.status, bought(stopped, server) <= 24) == ("failed", True)
        assert "all tokens went into reasoning" in stopped.reason
        assert "The first reply is '<think>Let me see.'" in stopped.reason
        useful = True
        went_on = resume("r", archive=tmp_path / "a.db")
        assert (went_on.status, bought(went_on, server)) == ("finished", 120)


def test_a_setting_goes_on_all_the_same(tmp_path: Path, scheduling: str) -> None:
    with ScriptedEndpoint(lambda _received: reply("Best fit is fine.", tokens=(10, 20))) as server:
        config = model(server, scheduling, stop_if_useless=False)
        stopped = discover({**config, "budget": {"requests": 30}}, archive=tmp_path / "a.db")
        assert (stopped.status, bought(stopped, server)) == ("finished", 30)


def test_an_outcome_of_the_log_stays_though_its_reply_would_be_read_otherwise_now(tmp_path: Path, scheduling: str) -> None:
    """As where an earlier version refused what this one understands: a resumed run keeps the search that it had."""
    with ScriptedEndpoint(lambda received: reply("Best fit is fine." if received.number == 1 else USEFUL)) as server:
        config = {**model(server, scheduling), "in_flight": 1, "budget": {"requests": 2}}
        discover(config, archive=tmp_path / "a.db")
        with contextlib.closing(sqlite3.connect(tmp_path / "a.db")) as database:
            database.execute(
                "UPDATE completion SET text = ? WHERE text LIKE 'Best fit%'",
                [json.dumps({"code": "def choose(a, b):\n    return b\n"})],
            )
            database.commit()
        went_on = resume("r", {"budget.requests": 3}, archive=tmp_path / "a.db")
    assert went_on.spent.failures == {"no-code": 1}
    assert went_on.spent.evaluations + went_on.spent.duplicates == 2


def test_a_function_in_the_reasoning_is_a_candidate(tmp_path: Path, scheduling: str) -> None:
    code = "So:\n```python\ndef choose(length, loads):\n    return -loads\n```"
    with ScriptedEndpoint(lambda _received: reply(None, message={"reasoning_content": code})) as server:
        result = discover({**model(server, scheduling), "budget": {"requests": 2}}, archive=tmp_path / "a.db")
    assert (result.status, result.spent.evaluations + result.spent.duplicates) == ("finished", 2)


def test_marks_of_a_configuration_reach_the_parser(tmp_path: Path, scheduling: str) -> None:
    code = "```python\ndef choose(length, loads):\n    return {}\n```"
    text = f"((musing))first try: {code.format('loads')}((end)) {code.format('-loads')}"
    with ScriptedEndpoint(lambda _received: reply(text)) as server:
        config = model(server, scheduling, reasoning_marks=[["((musing))", "((end))"]])
        result = discover({**config, "budget": {"requests": 1}}, archive=tmp_path / "a.db")
    assert result.best is not None
    assert "return -loads" in result.best.candidate.code


def test_calls_that_break_off_again_and_again_end_the_run() -> None:
    """They are paid for; what was refused or never sent is not."""
    watched = Watched()
    for _ in range(19):
        assert not watched.hear(LOST, finish="lost: timeout", text="no end of the answer within 9 s")
    assert watched.hear(LOST, finish="lost: timeout", text="no end of the answer within 9 s")
    [ending] = watched.endings
    assert "20 requests in a row brought no heuristic (timeout 20; 80,000 tokens" in str(ending.reason)
    assert "generator.timeout_seconds or generator.longest_seconds" in str(ending.reason)
    assert "The first failure is 'no end of the answer within 9 s'" in str(ending.reason)

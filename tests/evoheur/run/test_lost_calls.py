"""Calls that break off: what was received of them is in the run's account, whatever became of their requests."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from evoheur import discover, open_archive
from evoheur.request import LOST, Completion, Failure, Request, Usage
from evoheur.testing.endpoint_server import Received, ScriptedEndpoint, ServerAnswer, status
from evoheur.testing.streamed_answers import StreamCourse, streamed
from tests.evoheur.run.test_pipeline import FakeExecutor, pipeline, step_at, unheard
from tests.support.one_guest import ONE_GUEST

CODE = "{{An idea.}}\n```python\ndef choose(length, loads):\n    return -{number} * loads\n```"
PRICE = {"input": 10.0, "output": 100.0}
REQUESTS = 24


def server_of(received: Received) -> ServerAnswer:
    """Every fifth call stalls, every seventh is hung up, every eleventh ends early, and every thirteenth is refused."""
    text, number = CODE.format(number=received.number), received.number
    sent = len(text) // 4 * (number % 3) // 4
    # A prompt is counted as it is estimated, so that nothing but what was written can differ.
    prompt_tokens = -(-len(received.prompt) // 4)
    courses = {
        5: StreamCourse(sent=sent, ending="stall"),
        7: StreamCourse(sent=sent, ending="hang-up"),
        11: StreamCourse(sent=sent),
    }
    if number % 13 == 0:
        return status(503, retry_after="0")
    course = next((course for every, course in courses.items() if number % every == 0), StreamCourse())
    return streamed(text, course, prompt_tokens=prompt_tokens)


def configured(server: ScriptedEndpoint, problem: str, **more: Any) -> dict[str, Any]:
    limits = {"timeout_seconds": 0.5, "first_token_seconds": 30, "longest_wait_seconds": 0.05}
    return {
        "problem": problem,
        "strategy": {"kind": "random"},
        "generator": {"kind": "openai", "model": "m", "base_url": server.base_url, "price": PRICE, **limits, **more},
        "budget": {"requests": REQUESTS},
        "evaluation": ONE_GUEST,
        "in_flight": 8,
        "name": "r",
        "validation": {"top": 0},
    }


@pytest.mark.parametrize("attempts", [1, 8])
def test_calls_tokens_and_money_are_those_of_the_server(tmp_path: Path, scheduling: str, attempts: int) -> None:
    """Whether what broke off is bought again or given up; and in the archive as in what the run itself says."""
    with ScriptedEndpoint(server_of) as server:
        result = discover(configured(server, scheduling, max_attempts=attempts), archive=tmp_path / "a.db")
        sent, written = server.billed
        assert result.status == "finished"
        assert result.spent.calls == len(server.journal)
    assert (result.spent.prompt_tokens, result.spent.completion_tokens) == (sent, written)
    assert result.spent.cost_usd == pytest.approx((sent * PRICE["input"] + written * PRICE["output"]) / 1e6)
    assert bool(result.spent.failures.keys() & {"connection", "bad-reply", "server-error"}) == (attempts == 1)
    with open_archive(tmp_path / "a.db") as archive:
        stored = archive.totals(archive.run("r").id)
        assert (stored.calls, stored.prompt_tokens, stored.completion_tokens) == (result.spent.calls, sent, written)
        assert stored.cost_usd == pytest.approx(result.spent.cost_usd)


def test_what_stands_for_lost_calls_is_a_failure_also_when_the_run_goes_on_from_there() -> None:
    """Its outcome may not have been stored when the process died; whatever the text is, it holds no heuristic."""
    for produces in ("heuristic", "note"):
        completion = Completion(text=CODE.format(number=1), model="m", finish=f"{LOST}timeout", usage=Usage(completion_tokens=9))
        step = step_at(1, Request(operator="e1", produces=produces), completion)
        outcome = asyncio.run(pipeline(FakeExecutor({}, {})).answer(step, unheard))
        assert outcome == Failure(stage="generation", reason="timeout", detail=completion.text)

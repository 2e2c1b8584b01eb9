"""Runs in which requests with the same prompt share a call."""

import json
from pathlib import Path

from evoheur import discover, open_archive, resume
from evoheur.testing.endpoint_server import Received, ScriptedEndpoint, ServerAnswer
from tests.support.one_guest import ONE_GUEST

CODE = "{{An idea.}}\n```python\ndef choose(length, loads):\n    return -{number} * loads\n```"


def server_of(received: Received) -> ServerAnswer:
    wanted = received.payload.get("n", 1)
    texts = [CODE.format(number=10 * received.number + place) for place in range(wanted)]
    body = {
        "model": "m",
        "choices": [{"index": place, "finish_reason": "stop", "message": {"content": text}} for place, text in enumerate(texts)],
        "usage": {"prompt_tokens": 100, "completion_tokens": 7 * wanted},
    }
    return ServerAnswer(kind="reply", body=json.dumps(body).encode(), prompt_tokens=100, completion_tokens=7 * wanted)


def test_a_run_pays_the_prompt_once_and_is_resumed_without_buying_again(tmp_path: Path, scheduling: str) -> None:
    """Random sampling asks the same prompt in all its slots."""
    with ScriptedEndpoint(server_of) as server:
        config = {
            "problem": scheduling,
            "strategy": {"kind": "random"},
            "generator": {"kind": "openai", "model": "m", "base_url": server.base_url, "n": 8},
            "budget": {"requests": 16},
            "evaluation": ONE_GUEST,
            "in_flight": 8,
            "name": "r",
            "validation": {"top": 0},
        }
        result = discover(config, archive=tmp_path / "a.db")
        wanted = [exchange.received.payload.get("n", 1) for exchange in server.journal]
        assert wanted[0] == 8
        assert sum(wanted) == 16
        assert (result.spent.calls, result.spent.prompt_tokens, result.spent.completion_tokens) == (len(wanted), *server.tokens)
        more = resume("r", ["budget.requests=20"], archive=tmp_path / "a.db")
        again = [exchange.received.payload.get("n", 1) for exchange in server.journal][len(wanted) :]
        assert sum(again) == 4
        assert (more.spent.calls, more.spent.prompt_tokens, more.spent.completion_tokens) == (len(server.journal), *server.tokens)
    with open_archive(tmp_path / "a.db") as archive:
        codes = {record.candidate.code for record in archive.candidates("r") if record.candidate.id}
        assert len(codes) == 20

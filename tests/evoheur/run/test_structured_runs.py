"""Runs whose replies are JSON with thought and code."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from evoheur import discover, open_archive
from evoheur.generation.endpoint import EndpointConfig
from evoheur.generation.model_pool import PoolConfig
from evoheur.testing.endpoint_server import Received, ScriptedEndpoint, ServerAnswer, reply, status
from tests.support.one_guest import ONE_GUEST

CODE = "import numpy as np\n\n\ndef choose(length, loads):\n    return {number} * loads\n"


def answer(received: Received) -> ServerAnswer:
    """As asked for: JSON to a prompt that asks for it, words to one for a note."""
    if "JSON object" not in received.prompt:
        return reply("Look at the loads.")
    return reply(
        json.dumps(
            {"thought": f"Weighs by {received.number}.", "code": CODE.format(number=(-1) ** received.number * received.number)}
        )
    )


def refusing(received: Received) -> ServerAnswer:
    if "response_format" in received.payload:
        return status(400, "This response_format type is unavailable now")
    return answer(received)


@pytest.mark.parametrize("server_of", [answer, refusing])
def test_prompts_and_requests_ask_for_json_and_notes_do_not(tmp_path: Path, scheduling: str, server_of: Any) -> None:
    """Also where the endpoint does not see to it, which is asked without from then on."""
    with ScriptedEndpoint(server_of) as server:
        config = {
            "problem": scheduling,
            "strategy": {"kind": "reevo", "population_size": 4, "initial": 4},
            "generator": {"kind": "openai", "model": "m", "base_url": server.base_url, "structured": True},
            "budget": {"requests": 12},
            "evaluation": ONE_GUEST,
            "in_flight": 1,
            "name": "r",
            "validation": {"top": 0},
        }
        result = discover(config, archive=tmp_path / "a.db")
        asked = [exchange.received for exchange in server.journal]
    wants = ["JSON object" in received.prompt for received in asked]
    formats = ["response_format" in received.payload for received in asked]
    assert not all(wants)
    assert result.spent.failures == {}
    if server_of is answer:
        assert formats == wants
        [schema] = {
            json.dumps(received.payload["response_format"]) for received in asked if "response_format" in received.payload
        }
        assert json.loads(schema)["json_schema"]["schema"]["required"] == ["thought", "code"]
    else:
        assert sum(formats) == 1
    with open_archive(tmp_path / "a.db") as archive:
        told = [record.candidate for record in archive.candidates("r") if record.candidate.id]
        assert told
        assert all(re.fullmatch(r"Weighs by \d+\.", candidate.thought) for candidate in told)


def test_a_pool_asks_for_json_if_all_of_it_does() -> None:
    def pool(*structured: bool) -> PoolConfig:
        members = {str(number): EndpointConfig(model="m", structured=each) for number, each in enumerate(structured)}
        return PoolConfig(members=members)

    assert [pool(True, True).asks_for_json, pool(True, False).asks_for_json, pool(False).asks_for_json] == [True, False, False]

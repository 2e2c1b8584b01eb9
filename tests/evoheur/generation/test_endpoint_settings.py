"""What endpoints want otherwise: presets, headers, parameters, names of limits, settings that they refuse."""

import asyncio
import logging
from pathlib import Path
from typing import Any, get_args

import pytest

from evoheur.errors import ConfigError, GeneratorRefused
from evoheur.generation.endpoint import EndpointConfig, EndpointGenerator
from evoheur.generation.endpoint_presets import PRESETS
from evoheur.generation.generator import GeneratorContext
from evoheur.request import Request
from evoheur.run.config import load_config
from evoheur.testing.endpoint_server import Received, ScriptedEndpoint, ServerAnswer, reply, status
from evoheur.testing.generator_contract import ToyPacking
from tests.evoheur.generation.support.asking import KEY, PROMPT, FakeTime, ask, generator_for


def context(**environ: str) -> GeneratorContext:
    return GeneratorContext(problem=ToyPacking(), environ=environ)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_fills_in_where_the_endpoint_is_and_what_holds_its_key(name: str) -> None:
    config = EndpointConfig.model_validate({"model": "m", "preset": name})
    assert config.address({"OPENAI_BASE_URL": "https://elsewhere.example.org/v1"}) == PRESETS[name].base_url
    assert config.key_variable == PRESETS[name].api_key_env
    own = EndpointConfig.model_validate({"model": "m", "preset": name, "base_url": "http://gpu:1/v1", "api_key_env": "MINE"})
    assert (own.address({}), own.key_variable) == ("http://gpu:1/v1", "MINE")


def test_presets_are_those_that_the_setting_takes() -> None:
    taken = EndpointConfig.model_fields["preset"].annotation
    assert {name for kind in get_args(taken) for name in get_args(kind)} == set(PRESETS)


def test_a_preset_with_a_key_says_which_variable_is_missing() -> None:
    with pytest.raises(ConfigError, match="DEEPSEEK_API_KEY is not set"):
        EndpointConfig(model="m", preset="deepseek").build(context(OPENAI_API_KEY="another"))


def test_a_server_in_the_network_around_needs_no_key() -> None:
    EndpointConfig(model="m", base_url="http://192.168.1.20:8000/v1").build(context())
    EndpointConfig(model="m", base_url="http://0.0.0.0:8000/v1").build(context())
    with pytest.raises(ConfigError, match="any word will do"):
        EndpointConfig(model="m", base_url="https://llm.example.org/v1").build(context())


def test_the_environments_address_is_checked_too() -> None:
    with pytest.raises(ConfigError, match=r"OPENAI_BASE_URL does not do: .* root is https://x\.example\.org/v1"):
        EndpointConfig(model="m").build(context(OPENAI_BASE_URL="https://x.example.org/v1/chat/completions"))


def test_headers_and_parameters_arrive_with_what_the_environment_holds() -> None:
    """As Azure wants them, with its key in a header of its own."""
    environ = {"OPENAI_API_KEY": KEY, "AZURE_KEY": "hush-hush"}
    settings: dict[str, Any] = {"headers": {"api-key": "$AZURE_KEY", "X-Title": "search"}, "query": {"api-version": "2024-10-21"}}
    told = ask([reply("hello")], environ=environ, **settings)
    [exchange] = told.server.journal
    assert exchange.received.headers["api-key"] == "hush-hush"
    assert exchange.received.headers["x-title"] == "search"
    assert exchange.received.query == "api-version=2024-10-21"


def test_a_key_in_a_header_is_key_enough_and_never_shown() -> None:
    config = EndpointConfig(model="m", base_url="https://x.example.org/v1", headers={"api-key": "$AZURE_KEY"})
    config.build(context(AZURE_KEY="hush-hush"))
    told = ask(
        [status(401, "hush-hush is no key")],
        environ={"OPENAI_API_KEY": KEY, "AZURE_KEY": "hush-hush"},
        headers={"api-key": "$AZURE_KEY"},
    )
    assert isinstance(told.error, GeneratorRefused)
    assert "hush-hush" not in str(told.error)
    assert "[key] is no key" in str(told.error)


def test_limits_and_effort_are_sent_by_their_names() -> None:
    told = ask([reply("hello")], max_completion_tokens=900, reasoning_effort="low")
    [exchange] = told.server.journal
    assert exchange.received.payload["max_completion_tokens"] == 900
    assert exchange.received.payload["reasoning_effort"] == "low"
    assert "max_tokens" not in exchange.received.payload


REFUSALS = [
    (
        "temperature",
        status(400, "Unsupported value: 'temperature' does not support 0.5 with this model.", error_code="unsupported_value"),
    ),
    ("temperature", status(400, "temperature is deprecated for this model")),
    ("temperature", status(422, "unexpected field temperature")),
    ("top_p", status(400, "Unsupported parameter: 'top_p'", error_code="unsupported_parameter")),
    ("reasoning_effort", status(400, "reasoning_effort is not supported by this model")),
]


@pytest.mark.parametrize(("name", "refusal"), REFUSALS, ids=[f"{name}-{number}" for number, (name, _) in enumerate(REFUSALS)])
def test_a_refused_setting_is_left_out_from_then_on(name: str, refusal: ServerAnswer, caplog: pytest.LogCaptureFixture) -> None:
    settings: dict[str, Any] = {"temperature": 0.5, "top_p": 0.9, "reasoning_effort": "low"}
    with caplog.at_level(logging.WARNING):
        told = ask([refusal, reply("hello")], **settings)
    assert told.completion is not None, told.error
    first, second = (exchange.received.payload for exchange in told.server.journal)
    assert name in first
    assert name not in second
    assert set(first) - set(second) == {name}
    assert told.completion.attempts == 2
    assert [record.message for record in caplog.records if "left out" in record.message]


def test_a_limit_that_is_refused_is_sent_by_its_other_name() -> None:
    """Once told, every later call has it right at once."""

    def server(received: Received) -> ServerAnswer:
        if "max_tokens" in received.payload:
            return status(
                400,
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                error_code="unsupported_parameter",
            )
        return reply("hello") if received.payload["max_completion_tokens"] == 64 else status(400)

    told = ask(server, max_tokens=64)
    assert told.completion is not None, told.error


def test_a_refusal_of_what_was_not_sent_stops() -> None:
    told = ask([status(400, "Unsupported parameter: 'temperature'", error_code="unsupported_parameter")])
    assert isinstance(told.error, GeneratorRefused)


@pytest.mark.parametrize(
    "answer",
    [
        ServerAnswer(
            kind="list",
            code=400,
            body=b'[{"error": {"code": 400, "message": "API key not valid. Please pass a valid key.", "status": "INVALID_ARGUMENT"}}]',
        ),
        status(400, "API key expired. Please renew the API key."),
        status(400, "Invalid API Key"),
    ],
    ids=["list", "expired", "invalid"],
)
def test_a_bad_key_that_is_refused_with_status_400_stops(answer: ServerAnswer) -> None:
    told = ask([answer])
    assert isinstance(told.error, GeneratorRefused)
    assert told.server.journal[1:] == ()


def test_an_unknown_address_is_told_what_is_missing() -> None:
    """The server knows its API below /v1 only."""

    async def once(generator: EndpointGenerator) -> None:
        try:
            await generator.complete(PROMPT, Request(operator="i1"), seed=1)
        finally:
            await generator.close()

    with ScriptedEndpoint([reply("hello")]) as server:
        root = server.base_url.removesuffix("/v1")
        with pytest.raises(GeneratorRefused, match=f"try generator.base_url: {server.base_url}\\. Check the key"):
            asyncio.run(once(generator_for(root, FakeTime())))


@pytest.mark.parametrize(
    "line",
    [
        "api_key_env: sk-proj-abcdefghijklmnopqrstuvwxyz012345",
        "api_key_env: AIzaSyA0123456789abcdefghijklmnopqrstuvw",
        "base_url: https://user:sk-proj-abcdefghijklmnopqrstuvwxyz012345@example.org/v1",
        "base_url: https://example.org/v1?key=AIzaSyA0123456789abcdefghijklmnopqrstuvw",
        "extra_body: {api_key: AIzaSyA0123456789abcdefghijklmnopqrstuvw}",
        "headers: {Authorization: Bearer sk-proj-abcdefghijklmnopqrstuvwxyz012345}",
        "query: {key: AIzaSyA0123456789abcdefghijklmnopqrstuvw}",
    ],
)
def test_a_key_in_a_configuration_is_refused_and_not_repeated(tmp_path: Path, line: str) -> None:
    """Configurations are stored, printed and sent around."""
    file = tmp_path / "run.yaml"
    file.write_text(
        f"problem: bin_packing_online\nstrategy: {{kind: eoh}}\ngenerator:\n  kind: openai\n  model: m\n  {line}\nbudget: {{requests: 1}}\n"
    )
    with pytest.raises(ConfigError) as caught:
        load_config(file)
    said = str(caught.value)
    assert "abcdefghijkl" not in said
    assert line.partition(":")[0] in said

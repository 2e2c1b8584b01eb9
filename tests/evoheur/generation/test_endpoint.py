"""The endpoint generator against a real server on the loopback interface."""

import asyncio
import logging
import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from pydantic import ValidationError

from evoheur.errors import ConfigError, GenerationError, GeneratorRefused
from evoheur.generation.endpoint import EndpointConfig, EndpointGenerator
from evoheur.generation.generator import Generator, GeneratorContext
from evoheur.generation.parsing import ParsedReply, parse_reply, signatures_of
from evoheur.request import Completion, Message, Request, Usage
from evoheur.testing.endpoint_server import (
    Received,
    ScriptedEndpoint,
    ServerAnswer,
    error_object,
    html,
    raw,
    reply,
    reset,
    status,
)
from evoheur.testing.generator_contract import GENERATOR_CASES, GeneratorContract, ToyPacking
from tests.evoheur.generation.support.asking import KEY, PROMPT, FakeTime, answered, ask, generator_for


def echo(received: Received) -> ServerAnswer:
    """A rule that depends on the prompt, and later for some prompts than for others."""
    number = received.prompt.split(",")[0].removeprefix("Task ")
    text = f"{{Weighs by {number}.}}\n```python\ndef priority(item, bins):\n    return {number} * bins\n```"
    return reply(text, delay=0.02 * (int(number) % 3))


class TestEndpointGenerator(GeneratorContract):
    """The contract, on a server whose answers depend on the prompt."""

    @pytest.fixture(autouse=True)
    def _serve(self) -> Iterable[None]:
        self.stop = []
        with ScriptedEndpoint(echo) as self.server:
            yield
        for server in self.stop:
            server.__exit__(None, None, None)

    stop: list[ScriptedEndpoint]
    server: ScriptedEndpoint

    def make_generator(self, context: GeneratorContext) -> Generator:
        return EndpointConfig(model="m", base_url=self.server.base_url).build(context)

    def failing_generators(self, context: GeneratorContext) -> Iterable[Generator]:
        def always(answer: ServerAnswer) -> Callable[[Received], ServerAnswer]:
            return lambda _received: answer

        for answer in (
            reset(),
            html(),
            raw(b"{"),
            error_object(),
            status(400),
            status(401),
            status(404),
            status(429),
            status(500),
        ):
            server = ScriptedEndpoint(always(answer))
            server.__enter__()
            self.stop.append(server)
            yield generator_for(server.base_url, FakeTime(), max_attempts=2)


def test_what_is_sent() -> None:
    """Model, messages, key and the settings that were given, and no others."""
    told = ask([reply("hello")], temperature=0.5, top_p=0.9, max_tokens=64, seed=5, extra_body={"top_k": 3})
    (exchange,) = told.server.journal
    assert exchange.received.authorization == f"Bearer {KEY}"
    assert exchange.received.payload == {
        "model": "some-model",
        "messages": [{"role": "system", "content": "You write heuristics."}, {"role": "user", "content": "Write one."}],
        "temperature": 0.5,
        "top_p": 0.9,
        "max_tokens": 64,
        "top_k": 3,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    (bare,) = ask([reply("hello")], stream=False).server.journal
    assert set(bare.received.payload) == {"model", "messages"}


def test_seed_is_sent_where_wanted() -> None:
    """`seed: true` sends the request's own seed."""

    async def once(base_url: str) -> None:
        config = EndpointConfig(model="m", base_url=base_url, seed=True)
        generator = config.build(GeneratorContext(problem=ToyPacking()))
        await generator.complete(PROMPT, Request(operator="i1"), seed=12345)
        await generator.close()

    with ScriptedEndpoint([reply("hello")]) as server:
        asyncio.run(once(server.base_url))
        assert server.journal[0].received.payload["seed"] == 12345


def test_a_plain_reply() -> None:
    """Text, model, tokens and finish are the server's; a server on this machine has no price."""
    completion = answered([reply("hello", tokens=(11, 22))])
    assert completion == Completion(text="hello", model="scripted-model", usage=Usage(prompt_tokens=11, completion_tokens=22))


@pytest.mark.parametrize(
    ("answer", "text", "finish"),
    [
        (reply(None), "", "stop"),
        (reply("", finish="content_filter"), "", "content_filter"),
        (reply(None, message={"refusal": "I will not."}), "I will not.", "stop"),
        (reply("cut", finish="length"), "cut", "length"),
        (reply("cut", finish="max_tokens"), "cut", "length"),
        (reply("whole", finish=None), "whole", "unknown"),
        (
            reply(None, message={"content": [{"type": "text", "text": "a"}, {"type": "image"}, {"type": "text", "text": "b"}]}),
            "ab",
            "stop",
        ),
    ],
)
def test_unusual_replies_are_accepted(answer: ServerAnswer, text: str, finish: str) -> None:
    """What was paid for is a completion, empty or not; the parser decides what it is worth."""
    completion = answered([answer])
    assert (completion.text, completion.finish, completion.attempts) == (text, finish, 1)


def test_tokens_are_estimated_if_the_server_does_not_count() -> None:
    """Without usage: characters / 4, rounded up. 21 + 10 characters were sent, 5 received."""
    for answer in (
        reply("hello", tokens=None),
        raw(reply("hello").body.replace(b'"prompt_tokens": 10', b'"prompt_tokens": null')),
    ):
        assert answered([answer]).usage == Usage(prompt_tokens=8, completion_tokens=2, estimated=True)


def test_the_key_never_shows(caplog: pytest.LogCaptureFixture) -> None:
    """Not in messages, representations, tracebacks, announcements or debug logs, even if the server echoes it."""
    caplog.set_level(logging.DEBUG)
    leaks = [status(429, f"limit of key {KEY}"), status(401, f"Incorrect API key: Bearer {KEY}")]
    told = ask(leaks)
    assert isinstance(told.error, GeneratorRefused)
    assert [exchange.received.authorization for exchange in told.server.journal] == [f"Bearer {KEY}"] * 2
    echoed = ask([status(400, f"bad key {KEY}")])
    assert isinstance(echoed.error, GenerationError)
    config = EndpointConfig(model="m")
    generator = EndpointGenerator(config, GeneratorContext(problem=ToyPacking(), environ={"OPENAI_API_KEY": KEY}))
    shown = [
        *(
            text
            for error in (told.error, echoed.error)
            for text in (str(error), repr(error), "".join(traceback.format_exception(error)))
        ),
        *told.time.reasons,
        caplog.text,
        repr(config),
        config.model_dump_json(),
        repr(generator),
        str(vars(generator)),
    ]
    for text in shown:
        assert KEY not in text
    assert "[key]" in str(told.error)
    assert told.error.__cause__ is None
    assert told.error.__context__ is None
    assert KEY.encode() not in pickle.dumps(told.error)


def test_missing_key() -> None:
    """An endpoint elsewhere needs a key; the message names the variable and the endpoint, before anything is spent."""
    config = EndpointConfig(model="m", base_url="https://llm.example.org/v1", api_key_env="MY_KEY")
    for environ in ({}, {"MY_KEY": "  "}, {"OPENAI_API_KEY": KEY}):
        with pytest.raises(ConfigError, match=r"MY_KEY is not set, and https://llm\.example\.org/v1"):
            config.build(GeneratorContext(problem=ToyPacking(), environ=environ))
    for key in ("sk-with\nnewline", "sk-ключ"):
        with pytest.raises(ConfigError, match="cannot be sent") as caught:
            config.build(GeneratorContext(problem=ToyPacking(), environ={"MY_KEY": key}))
        assert key not in str(caught.value)


def test_a_server_on_this_machine_needs_no_key() -> None:
    """llama.cpp, vLLM and Ollama run without keys."""
    told = ask([reply("hello")], environ={})
    assert told.completion is not None
    assert told.completion.text == "hello"


def test_base_url_from_the_environment() -> None:
    """Without base_url the variable that OpenAI's client reads is honoured; the setting comes first."""
    with ScriptedEndpoint([reply("hello")]) as server:
        environ = {"OPENAI_BASE_URL": server.base_url}

        async def once() -> Completion:
            generator = EndpointConfig(model="m").build(GeneratorContext(problem=ToyPacking(), environ=environ))
            completion = await generator.complete(PROMPT, Request(operator="i1"), seed=0)
            await generator.close()
            return completion

        assert asyncio.run(once()).text == "hello"


def test_proxies_are_not_used_for_this_machine() -> None:
    """A proxy in the environment, here one that does not exist, is passed by; in another process, because the library reads its own."""
    program = """
import asyncio, sys
from evoheur.generation.endpoint import EndpointConfig
from evoheur.generation.generator import GeneratorContext
from evoheur.request import Message, Request
from evoheur.testing.generator_contract import ToyPacking

generator = EndpointConfig(model="m", base_url=sys.argv[1], max_attempts=1).build(GeneratorContext(problem=ToyPacking()))
completion = asyncio.run(generator.complete((Message(role="user", content="x"),), Request(operator="i1"), seed=0))
assert completion.text == "hello", completion
"""
    proxies = dict.fromkeys(("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"), "http://127.0.0.1:9")
    with ScriptedEndpoint([reply("hello")]) as server:
        done = subprocess.run(
            [sys.executable, "-c", program, server.base_url],
            env={**os.environ, **proxies},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "settings",
    [
        {"base_url": "localhost:8000"},
        {"base_url": "ftp://example.org"},
        {"base_url": "http://user:secret@example.org/v1"},
        {"api_key": "sk-1"},
        {"temperature": -1},
        {"max_tokens": 0},
        {"max_attempts": 0},
        {"timeout_seconds": 0},
        {"first_token_seconds": 0},
        {"longest_seconds": -1},
        {"stream": "sometimes"},
        {"api": "other"},
        {"n": 0},
        {"n": 2, "api": "responses"},
        {"model": ""},
    ],
    ids=str,
)
def test_bad_settings(settings: dict[str, Any]) -> None:
    """Wrong settings are refused when the configuration is read; keys have no place in it."""
    with pytest.raises(ValidationError):
        EndpointConfig.model_validate({"model": "m", **settings})


@pytest.mark.live
def test_live_endpoint() -> None:
    """Any real endpoint: EVOHEUR_LIVE_BASE_URL, EVOHEUR_LIVE_MODEL and, where it needs one, the key in OPENAI_API_KEY."""
    base_url, model = os.environ.get("EVOHEUR_LIVE_BASE_URL"), os.environ.get("EVOHEUR_LIVE_MODEL")
    if not base_url or not model:
        pytest.skip("set EVOHEUR_LIVE_BASE_URL and EVOHEUR_LIVE_MODEL to drive a real model")
    prompt = (
        "Write a Python function priority(item, bins) that returns one score per bin, as a NumPy array of the shape of bins; the item goes"
        " into the bin with the highest score. bins holds the free space of each bin. First describe the idea in one sentence in braces,"
        " then give the code in a fenced block."
    )

    async def twice() -> list[Completion]:
        config = EndpointConfig(model=model, base_url=base_url, max_tokens=400, timeout_seconds=280, max_attempts=2)
        generator = config.build(GeneratorContext(problem=ToyPacking(), environ=os.environ))
        calls = [
            generator.complete((Message(role="user", content=prompt),), GENERATOR_CASES[0].request, seed=n) for n in range(2)
        ]
        try:
            return await asyncio.gather(*calls)
        finally:
            await generator.close()

    for completion in asyncio.run(twice()):
        assert completion.text
        assert completion.usage.completion_tokens > 0
        assert isinstance(parse_reply(completion.text, signatures_of(ToyPacking().functions())), ParsedReply), completion.text


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
@pytest.mark.parametrize("content", ["", None, "\n"])
def test_a_function_that_was_only_thought_aloud_is_the_reply(field: str, content: str | None) -> None:
    """What holds none is kept as what it is: thinking aloud, cut or not."""
    code = "def priority(item, bins):\n    return -bins\n"
    thought = f"So the answer is\n```python\n{code}```"
    assert answered([reply(content, message={field: thought})]).text == thought
    assert answered([reply(content, message={field: "hm, hm"})]).text == "<think>hm, hm</think>"
    assert (
        answered([reply(content, message={field: thought + "\nbut no, "}, finish="length")]).text == f"<think>{thought}\nbut no, "
    )
    assert answered([reply("No.", message={field: thought})]).text == "No."

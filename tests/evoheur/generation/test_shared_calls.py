"""One call for several requests with the same prompt."""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import GenerationError, GeneratorRefused
from evoheur.generation.generator import CallsLost
from evoheur.generation.shared_calls import SharedCalls, shares
from evoheur.request import Completion, Message, Request, Usage
from evoheur.testing.endpoint_server import Received, ScriptedEndpoint, ServerAnswer, reply, status
from evoheur.testing.streamed_answers import chunk, event
from tests.evoheur.generation.support.asking import PROMPT, FakeTime, generator_for

OTHER = (Message(role="user", content="Write another one."),)


def choices_of(received: Received, text: str = "reply {}") -> ServerAnswer:
    """As many choices as are asked for; the prompt is counted once."""
    texts = [text.format(number) for number in range(received.payload.get("n", 1))]
    body = {
        "model": "m",
        "choices": [{"index": place, "finish_reason": "stop", "message": {"content": each}} for place, each in enumerate(texts)],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5 * len(texts)},
    }
    return ServerAnswer(kind="reply", body=json.dumps(body).encode(), prompt_tokens=10, completion_tokens=5 * len(texts))


def together(
    script: Callable[[Received], ServerAnswer] | Sequence[ServerAnswer],
    prompts: Sequence[Sequence[Message]] = (PROMPT,) * 4,
    requests: Sequence[Request] | None = None,
    **settings: Any,
) -> tuple[list[Completion | BaseException], ScriptedEndpoint]:
    """Ask for all of these at once."""

    async def all_of_them(base_url: str) -> list[Completion | BaseException]:
        generator = generator_for(base_url, FakeTime(), **{"n": 4, **settings})
        asked = requests or [Request(operator="i1") for _ in prompts]
        calls = [generator.complete(prompt, request, seed=0) for prompt, request in zip(prompts, asked, strict=True)]
        try:
            return await asyncio.gather(*calls, return_exceptions=True)
        finally:
            await generator.close()

    with ScriptedEndpoint(script) as server:
        return asyncio.run(all_of_them(server.base_url)), server


def completions(found: Sequence[Completion | BaseException]) -> list[Completion]:
    assert all(isinstance(each, Completion) for each in found), found
    return [each for each in found if isinstance(each, Completion)]


def sums(found: Sequence[Completion]) -> tuple[int, int, int]:
    total = sum((each.usage for each in found), Usage())
    return sum(each.attempts for each in found), total.prompt_tokens, total.completion_tokens


def test_requests_with_the_same_prompt_share_a_call() -> None:
    """Each has a reply of its own; calls and tokens add up to the server's."""
    found, server = together(choices_of)
    replies = completions(found)
    assert [exchange.received.payload["n"] for exchange in server.journal] == [4]
    assert [each.text for each in replies] == [f"reply {number}" for number in range(4)]
    assert sums(replies) == (1, 10, 20)


def test_no_more_than_the_setting_says_share_one() -> None:
    found, server = together(choices_of, (PROMPT,) * 7, n=3)
    assert sorted(exchange.received.payload.get("n", 1) for exchange in server.journal) == [1, 3, 3]
    assert sums(completions(found)) == (3, 30, 35)


def test_other_prompts_temperatures_and_products_do_not_share() -> None:
    requests = [
        Request(operator="i1"),
        Request(operator="i1"),
        Request(operator="i1", temperature_offset=0.3),
        Request(operator="i1", produces="note"),
    ]
    found, server = together(choices_of, (PROMPT, OTHER, PROMPT, PROMPT), requests)
    assert len(completions(found)) == len(server.journal) == 4
    assert not any("n" in exchange.received.payload for exchange in server.journal)


def test_off_by_default() -> None:
    _, server = together(choices_of, n=1)
    assert len(server.journal) == 4


def test_choices_of_a_stream() -> None:
    """Their pieces come in any order; a choice that never ended is asked for again, and what it cost is known."""

    def server_of(received: Received) -> ServerAnswer:
        if "n" not in received.payload:
            return reply("alone", tokens=(10, 2))
        pieces = [chunk({"content": f"{place}-{part} "}, index=place) for part in range(2) for place in (2, 0, 1)]
        ends = [chunk({}, finish="stop", index=place) for place in (0, 2)]
        counts = event({"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": 6}})
        return ServerAnswer(kind="reply", pieces=[*pieces, *ends, counts, event("[DONE]")], prompt_tokens=10, completion_tokens=6)

    found, server = together(server_of, (PROMPT,) * 3)
    replies = completions(found)
    assert [each.text for each in replies] == ["0-0 0-1 ", "2-0 2-1 ", "alone"]
    assert sums(replies) == (2, *server.billed)


@pytest.mark.parametrize(
    "refusal",
    [
        status(400, "Unsupported value: 'n' does not support 4 with this model.", error_code="unsupported_value"),
        status(400, "Only one completion choice is allowed"),
        status(422, "n must be 1"),
    ],
)
def test_an_endpoint_that_refuses_it_is_asked_one_by_one(refusal: ServerAnswer, caplog: pytest.LogCaptureFixture) -> None:
    def server_of(received: Received) -> ServerAnswer:
        return refusal if received.payload.get("n", 1) > 1 else choices_of(received, f"from {received.number}")

    with caplog.at_level(logging.WARNING):
        found, server = together(server_of)
    replies = completions(found)
    assert sorted(each.text for each in replies) == [f"from {number}" for number in range(2, 6)]
    assert sums(replies)[0] == len(server.journal) == 5
    assert sums(replies)[1:] == server.tokens
    assert len([record for record in caplog.records if "left out" in record.message]) == 1


def test_an_endpoint_that_passes_over_it_is_not_asked_so_again() -> None:
    """Once told, later prompts are asked one by one at once."""

    def server_of(received: Received) -> ServerAnswer:
        return reply(f"from {received.number}", tokens=(10, 5))

    async def twice(base_url: str) -> list[Completion]:
        generator = generator_for(base_url, FakeTime(), n=4)
        try:
            found: list[Completion] = []
            for prompt in (PROMPT, OTHER):
                calls = [generator.complete(prompt, Request(operator="i1"), seed=0) for _ in range(3)]
                found += await asyncio.gather(*calls)
            return found
        finally:
            await generator.close()

    with ScriptedEndpoint(server_of) as server:
        replies = asyncio.run(twice(server.base_url))
        assert ["n" in exchange.received.payload for exchange in server.journal] == [True] + [False] * 5
        assert sums(replies) == (6, 60, 30)


def test_a_failure_is_everyones_and_its_cost_that_of_the_first() -> None:
    broken = ServerAnswer(kind="broken stream", pieces=[chunk({"content": "half"})], ending="hang-up", completion_tokens=1)
    found, server = together([broken], max_attempts=1)
    assert len(server.journal) == 1
    assert isinstance(found[0], CallsLost)
    assert found[0].completion.usage.completion_tokens == 1
    for other in found[1:]:
        assert isinstance(other, GenerationError)
        assert not isinstance(other, CallsLost)
        assert (other.reason, other.attempts) == ("connection", 0)
    refused, _ = together([status(401)])
    assert all(isinstance(each, GeneratorRefused) for each in refused)


def test_who_is_gone_holds_nobody_up_and_an_empty_group_asks_for_nothing() -> None:
    asked: list[int] = []

    async def ask(_prompt: str, wanted: int) -> list[Completion]:
        asked.append(wanted)
        return [Completion(text=str(place), model="m") for place in range(wanted)]

    async def scene() -> Completion:
        shared = SharedCalls(ask, most=4)
        gone = [asyncio.ensure_future(shared.reply("a", "prompt")) for _ in range(2)]
        await asyncio.sleep(0)
        for call in gone:
            call.cancel()
        await asyncio.gather(*gone, return_exceptions=True)
        assert asked == []
        first, second = (asyncio.ensure_future(shared.reply("a", "prompt")) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert asyncio.run(scene()).text == "1"
    assert asked == [2]


@given(
    usage=st.builds(
        Usage, prompt_tokens=st.integers(0, 10**6), completion_tokens=st.integers(0, 10**6), cached_tokens=st.integers(0, 99)
    ),
    lengths=st.lists(st.integers(0, 10**5), min_size=1, max_size=9),
)
def test_shares_add_up_and_none_is_negative(usage: Usage, lengths: list[int]) -> None:
    parts = shares(usage, lengths)
    assert sum(parts, Usage()) == usage
    assert all(part.prompt_tokens >= 0 and part.completion_tokens >= 0 for part in parts)
    assert max(part.prompt_tokens for part in parts) - min(part.prompt_tokens for part in parts) <= 1


def test_longer_replies_bear_more() -> None:
    assert [part.completion_tokens for part in shares(Usage(completion_tokens=100), [10, 30, 60])] == [10, 30, 60]

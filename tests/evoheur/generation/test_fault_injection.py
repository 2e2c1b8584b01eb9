"""Every fault alone among honest replies, sixteen calls in flight, over real HTTP: nothing is lost, and the books agree."""

import asyncio
import logging
import threading
from collections import Counter
from typing import Any

import pytest

from evoheur.errors import GenerationError
from evoheur.generation.endpoint import EndpointConfig
from evoheur.generation.generator import CallsLost, Generator, GeneratorConfig, GeneratorContext
from evoheur.generation.model_pool import PoolConfig
from evoheur.generation.outage import OutageNews
from evoheur.request import Completion, Request
from evoheur.testing.endpoint_server import Received, ScriptedEndpoint, ServerAnswer, reply, status
from evoheur.testing.generator_contract import ToyPacking
from tests.evoheur.generation.support.asking import PROMPT
from tests.evoheur.generation.support.faulty_server import FAULTS, ONE_PROMPT, Fault, MixedFaults, SerialServer

IN_FLIGHT = 16
QUICK: dict[str, Any] = {"longest_wait_seconds": 0.03, "longest_pause_seconds": 0.05, "timeout_seconds": 5.0}
PATIENT = 30
"""Attempts where a third of all calls fail of faults that pass: with the default of 8, one request in 8,000 is rightly given up."""

Result = Completion | GenerationError


def text(number: int) -> str:
    return f"a reply of its own, which is the {number}th"


async def ask_all(generator: Generator, requests: int) -> list[Result]:
    """Have so many requests answered, sixteen at a time."""
    places = asyncio.Semaphore(IN_FLIGHT)

    async def one(number: int) -> Result:
        async with places:
            try:
                return await generator.complete(PROMPT, Request(operator="e1", context={"n": str(number)}), seed=number)
            except GenerationError as error:
                return error

    try:
        return await asyncio.gather(*map(one, range(requests)))
    finally:
        await generator.close()


def asked(config: GeneratorConfig, requests: int, news: list[OutageNews] | None = None) -> list[Result]:
    context = GeneratorContext(problem=ToyPacking(), outage=(news if news is not None else []).append)
    return asyncio.run(ask_all(config.build(context), requests))


def endpoint(server: ScriptedEndpoint, **settings: Any) -> EndpointConfig:
    return EndpointConfig.model_validate({"model": "m", "base_url": server.base_url, **QUICK, **settings})


def booked(results: list[Result]) -> tuple[int, int, int]:
    """Calls, prompt tokens and completion tokens of an account."""
    known = [each.completion if isinstance(each, CallsLost) else each for each in results]
    replies = [each for each in known if isinstance(each, Completion)]
    return (
        sum(each.attempts for each in results),
        sum(each.usage.prompt_tokens for each in replies),
        sum(each.usage.completion_tokens for each in replies),
    )


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_that_passes_costs_calls_and_no_request(fault: Fault) -> None:
    """A third of all calls meets it."""
    with ScriptedEndpoint(MixedFaults({"": fault}, 0.33, text)) as server:
        results = asked(endpoint(server, max_attempts=PATIENT), 60)
        assert [each for each in results if isinstance(each, GenerationError)] == []
        assert booked(results) == (len(server.journal), *server.billed)
        assert len(server.journal) > 70


@pytest.mark.parametrize("fault", ONE_PROMPT.values(), ids=ONE_PROMPT)
def test_a_fault_of_one_prompt_costs_that_request_at_most(fault: Fault) -> None:
    """One in seven calls meets it; the run goes on, and the books agree."""
    with ScriptedEndpoint(MixedFaults({"": fault}, 0.14, text, until=50)) as server:
        results = asked(endpoint(server), 60)
        given_up = [each for each in results if isinstance(each, GenerationError)]
        assert len(given_up) + (len(server.journal) - 60) >= 1
        assert len(given_up) < 20
        assert {error.reason for error in given_up} <= {"moderated", "refused", "bad-request"}
        assert booked(results) == (len(server.journal), *server.billed)


def test_all_faults_mixed() -> None:
    with ScriptedEndpoint(MixedFaults(FAULTS | ONE_PROMPT, 0.4, text, until=350)) as server:
        results = asked(endpoint(server, max_attempts=PATIENT), 300)
        given_up = Counter(each.reason for each in results if isinstance(each, GenerationError))
        assert set(given_up) <= {"moderated", "refused", "bad-request"}
        assert booked(results) == (len(server.journal), *server.billed)


@pytest.mark.parametrize("down", [status(503), status(429), status(500), ServerAnswer(kind="reset", reset=True)])
def test_an_outage_costs_no_request_and_little_else(down: ServerAnswer) -> None:
    """After 20 calls nothing gets through for 30 calls, or until that is noticed, which are tries but for those under way when it began."""
    news: list[OutageNews] = []

    def down_until_it_is_noticed(received: Received) -> ServerAnswer:
        return down if received.number >= 20 and (received.number < 50 or not news) else reply(text(received.number))

    with ScriptedEndpoint(down_until_it_is_noticed) as server:
        results = asked(endpoint(server), 60, news)
        assert [each for each in results if isinstance(each, GenerationError)] == []
        refused = sum(exchange.answer.kind == down.kind for exchange in server.journal)
        assert len(server.journal) == 60 + refused == sum(each.attempts for each in results)
    assert refused >= 30
    assert news[-1].is_over  # and before, where an answer to an earlier call comes late


@pytest.mark.parametrize("stream", [True, pytest.param(False, marks=pytest.mark.nightly)])
def test_a_server_that_answers_one_at_a_time_meets_no_storm(stream: bool, caplog: pytest.LogCaptureFixture) -> None:
    """24 requests, 16 in flight, a time limit of two and a half replies: it generates few more than are asked for, and it is said once.

    On a machine with time to spare at most 1.2 times as often, on one that is far too busy 1.7 times. Without restraint most of what it
    generates would be for nobody.
    """
    script = SerialServer(0.4, text)
    with ScriptedEndpoint(script) as server, caplog.at_level(logging.WARNING):
        results = asked(endpoint(server, timeout_seconds=1.0, stream=stream), 24)
    assert [each for each in results if isinstance(each, GenerationError)] == []
    assert script.generations <= 2 * 24
    assert len([record for record in caplog.records if "fewer calls at once" in record.message]) == 1


def test_the_books_agree_where_a_server_is_asked_less_by_settings() -> None:
    with ScriptedEndpoint(lambda received: reply(text(received.number), tokens=(10, 20))) as server:
        results = asked(endpoint(server, requests_per_minute=500, tokens_per_minute=100_000), 40)
    assert booked(results) == (40, 400, 800)


def _pool(one: ScriptedEndpoint, two: ScriptedEndpoint, **settings: Any) -> PoolConfig:
    members = {
        name: {"kind": "openai", "model": "m", "base_url": server.base_url, **QUICK, **settings}
        for name, server in (("one", one), ("two", two))
    }
    return PoolConfig.model_validate({"members": members, "routes": {"*": "one"}})


def test_another_member_answers_during_an_outage_and_the_first_one_after_it() -> None:
    asked_of_two = threading.Event()

    def down_for_a_while(received: Received) -> ServerAnswer:
        """Down until the other one has been asked, however long that takes: calls under way can outlast an outage of so many calls."""
        return status(503) if received.number >= 20 and not asked_of_two.is_set() else reply(text(received.number))

    def stands_in(received: Received) -> ServerAnswer:
        asked_of_two.set()
        return reply(text(received.number), delay=0.04)

    with ScriptedEndpoint(down_for_a_while) as one, ScriptedEndpoint(stands_in) as two:
        news: list[OutageNews] = []
        results = asked(_pool(one, two), 500, news)
        assert [each for each in results if isinstance(each, GenerationError)] == []
        models = [each.model for each in results if isinstance(each, Completion)]
        assert sum(each.attempts for each in results) == len(one.journal) + len(two.journal)
    assert models[:5] == ["one"] * 5
    assert "two" in models
    assert models[-5:] == ["one"] * 5
    assert all(each.others_answer for each in news)


def test_a_pool_waits_where_all_members_are_down() -> None:
    def down_until(number: int, received: Received) -> ServerAnswer:
        return status(503) if received.number < number else reply(text(received.number))

    with (
        ScriptedEndpoint(lambda received: down_until(10**9, received)) as one,
        ScriptedEndpoint(lambda received: down_until(20, received)) as two,
    ):
        results = asked(_pool(one, two), 40)
        assert {each.model for each in results if isinstance(each, Completion)} == {"two"}
        assert len(results) == 40

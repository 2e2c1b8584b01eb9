"""What goes wrong between us and an endpoint, on a real server on the loopback interface that misbehaves as told."""

import asyncio
import threading
from collections.abc import Mapping

import pytest

from evoheur.errors import GenerationError, GeneratorDown, GeneratorRefused
from evoheur.request import Request
from evoheur.testing.endpoint_server import (
    Received,
    ScriptedEndpoint,
    ServerAnswer,
    cut_body,
    error_object,
    html,
    raw,
    reply,
    reset,
    status,
)
from tests.evoheur.generation.support.asking import PROMPT, FakeTime, ask, generator_for

OUTAGES = {
    "rate limit": (status(429), "rate-limited"),
    "server error": (status(500), "server-error"),
    "bad gateway": (status(502), "server-error"),
    "overloaded": (status(529), "server-error"),
    "request timeout": (status(408), "server-error"),
    "conflict": (status(409), "server-error"),
    "reset": (reset(), "connection"),
    "error object with a status": (error_object(code=429), "rate-limited"),
}
"""What every call meets while an endpoint is down."""

BAD_ANSWERS = {
    "cut body": (cut_body(), "connection"),
    "HTML": (html(), "bad-reply"),
    "cut JSON": (raw(b'{"choices": [{"mess'), "bad-reply"),
    "empty body": (raw(b""), "bad-reply"),
    "not UTF-8": (raw(b'{"model": "\xff\xfe"}'), "bad-reply"),
    "JSON of another kind": (raw(b"[1, 2]"), "bad-reply"),
    "no choices": (raw(b'{"choices": []}'), "bad-reply"),
    "null choices": (raw(b'{"choices": null}'), "bad-reply"),
    "choices of another kind": (raw(b'{"choices": ["hello"]}'), "bad-reply"),
    "error object": (error_object(), "bad-reply"),
    "error text": (raw(b'{"error": "overloaded"}'), "bad-reply"),
    "nothing at all": (reply(None, finish=None), "bad-reply"),
}
"""What shows that a server is at work, and badly."""

FAULTS = OUTAGES | BAD_ANSWERS


@pytest.mark.parametrize(("answer", "reason"), FAULTS.values(), ids=FAULTS)
def test_transient_faults_are_tried_again(answer: ServerAnswer, reason: str) -> None:
    """Two faults and a reply are one completion of three calls, with two announced waits; the tokens agree with the server's books."""
    told = ask([answer, answer, reply("hello", tokens=(3, 4))])
    assert told.completion is not None, told.error
    assert (told.completion.text, told.completion.attempts) == ("hello", 3)
    assert len(told.server.journal) == 3
    assert [announced.partition(":")[0] for announced in told.time.reasons] == [reason, reason]
    assert told.completion.seconds == pytest.approx(sum(told.time.waits))
    if answer.kind != "reply":  # an empty shell counts tokens that no client can see
        assert told.server.tokens == (3, 4)


@pytest.mark.parametrize(("answer", "reason"), BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_bad_answers_that_stay_fail_the_call(answer: ServerAnswer, reason: str) -> None:
    """After the last attempt the call fails with the reason and the number of calls; the run can go on."""
    told = ask([answer] * 3, max_attempts=3)
    assert isinstance(told.error, GenerationError)
    assert (told.error.reason, told.error.attempts) == (reason, 3)
    assert len(told.server.journal) == 3
    assert "3 calls" in str(told.error)
    assert "some-model at http://127.0.0.1" in str(told.error)


@pytest.mark.parametrize(("answer", "reason"), OUTAGES.values(), ids=OUTAGES)
def test_an_outage_is_waited_out_and_no_request_is_given_up_for_it(answer: ServerAnswer, reason: str) -> None:
    """Tries come after waits that grow to five minutes, and end with the time for an outage; then the run stops, to be resumed."""
    told = ask(lambda _received: answer, max_attempts=3, outage_minutes=30)
    assert isinstance(told.error, GeneratorDown)
    assert told.error.is_hopeless
    assert told.error.attempts == len(told.server.journal)
    assert 1800 <= told.time.now < 1805
    assert max(told.time.waits) <= 301
    assert len(told.server.journal) < 20
    assert {news.reason.partition(":")[0] for news in told.time.outages} == {reason}
    for words in ("some-model at http://127.0.0.1", "nothing got through since", "resumed", "generator.outage_minutes"):
        assert words in str(told.error)


@pytest.mark.parametrize("minutes", [5, 500, None])
def test_an_outage_of_any_length_that_is_waited_for_ends_with_the_reply(minutes: float | None) -> None:
    answers = [status(503)] * 16
    told = ask([*answers, reply("hello")], outage_minutes=minutes)
    if minutes == 5:
        assert isinstance(told.error, GeneratorDown)
        return
    assert told.completion is not None, told.error
    assert (told.completion.text, told.completion.attempts) == ("hello", 17)
    assert told.completion.seconds == pytest.approx(told.time.now)
    assert [news.is_over for news in told.time.outages][-2:] == [False, True]
    assert told.time.outages[-1].seconds == pytest.approx(told.time.now)


def test_a_server_that_is_not_there() -> None:
    """Nobody listens: an outage that names the address."""
    with ScriptedEndpoint([]) as server:
        base_url = server.base_url

    async def once() -> None:
        generator = generator_for(base_url, FakeTime(), max_attempts=2, outage_minutes=1)
        try:
            await generator.complete(PROMPT, Request(operator="i1"), seed=0)
        finally:
            await generator.close()

    with pytest.raises(GeneratorDown, match=base_url):
        asyncio.run(once())


def test_a_slow_answer_is_a_timeout() -> None:
    """A call is given up at its time limit and made again; on a busy machine that may befall a second one."""
    told = ask([reply("late", delay=20), reply("hello")], timeout_seconds=1.0)
    assert told.completion is not None
    assert told.completion.text == "hello"
    assert told.completion.attempts == len(told.time.reasons) + 1 >= 2
    assert all(reason.startswith("timeout: ") for reason in told.time.reasons)


@pytest.mark.parametrize("code", [400, 413, 422, 418])
def test_a_refused_prompt_fails_at_once(code: int) -> None:
    """What is wrong with this prompt will not get better; other prompts may be fine."""
    told = ask([status(503), status(code, "the prompt is too long")])
    assert isinstance(told.error, GenerationError)
    assert (told.error.reason, told.error.attempts) == ("bad-request", 2)
    assert "the prompt is too long" in str(told.error)


@pytest.mark.parametrize(
    "answer",
    [
        status(401, "Incorrect API key"),
        status(402, "Insufficient credits"),
        status(403, "Country not supported"),
        status(404, "The model does not exist"),
        status(429, "You exceeded your current quota", error_code="insufficient_quota"),
        status(400, "not a valid model ID", error_code="model_not_found"),
        status(400, "Unsupported parameter: max_tokens", error_code="unsupported_parameter"),
        error_object("No credits", code=402),
        error_object("Quota", code="insufficient_quota"),
    ],
    ids=lambda answer: answer.kind,
)
def test_a_refusal_of_everything_stops_the_run(answer: ServerAnswer) -> None:
    """Key, credit, model or settings: the first such answer stops, with the server's words and what to check."""
    told = ask([answer])
    assert isinstance(told.error, GeneratorRefused)
    assert len(told.server.journal) == 1
    for word in ("OPENAI_API_KEY", "some-model", told.server.base_url, "resumed"):
        assert word in str(told.error)


def test_the_servers_wishes_are_honoured() -> None:
    """Retry-After is read in seconds, in milliseconds and as a date against the server's own clock.

    What is too long is cut, what makes no sense is ignored. Jitter adds at most a second. Without a wish the n-th wait is 2^(n-1) seconds.
    """
    date = {"Date": "Mon, 05 Jan 2026 10:00:00 GMT", "Retry-After": "Mon, 05 Jan 2026 10:00:20 GMT"}
    wishes = [
        (status(429, retry_after="7"), 7),
        (status(503, headers={"retry-after-ms": "1500", "Retry-After": "9"}), 1.5),
        (status(429, retry_after="3600"), 60),
        (html(), 8),
        (status(429, retry_after="-5"), 0),
        (html(), 32),
        (status(500), 60),
    ]
    told = ask([*(answer for answer, _ in wishes), reply("hello")])
    assert told.completion is not None
    for (_, expected), waited in zip(wishes, told.time.waits, strict=True):
        assert expected <= waited <= expected + 1
    (waited,) = ask([raw_status(429, date), reply("hello")]).time.waits
    assert 20 <= waited <= 21


def test_headers_say_how_long_a_limit_lasts() -> None:
    """Those of what is used up; also after an answer that came, which keeps the next call from being refused."""
    used_up = {"x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "17s", "x-ratelimit-remaining-requests": "3"}
    (waited,) = ask([raw_status(429, used_up), reply("hello")]).time.waits
    assert 17 <= waited <= 18


def raw_status(code: int, headers: Mapping[str, str]) -> ServerAnswer:
    return ServerAnswer(kind=f"status {code}", code=code, body=b"{}", headers=headers)


def test_the_time_limit_ends_the_attempts() -> None:
    """No call starts after max_wait_seconds: with 10 s and waits of 1, 2 and 4 s the fourth is the last."""
    told = ask([html()] * 9, max_wait_seconds=10)
    assert isinstance(told.error, GenerationError)
    assert told.error.attempts == len(told.server.journal) in {3, 4}
    assert 3 <= told.time.now <= 10


def test_waits_of_eight_attempts_outlast_a_minute() -> None:
    """The default attempts wait 1 + 2 + 4 + 8 + 16 + 32 + 60 seconds, jitter aside: longer than a rate limit's minute."""
    told = ask([html()] * 8)
    assert isinstance(told.error, GenerationError)
    assert told.error.attempts == 8
    assert 123 <= sum(told.time.waits) <= 130


def test_a_cancelled_call_is_cancelled() -> None:
    """An interrupted run is not held up by retries."""

    arrived = threading.Event()

    def never(_received: Received) -> ServerAnswer:
        arrived.set()
        return reply("late", delay=20)

    async def interrupt(base_url: str) -> None:
        generator = generator_for(base_url, FakeTime())
        call = asyncio.ensure_future(generator.complete(PROMPT, Request(operator="i1"), seed=0))
        assert await asyncio.to_thread(arrived.wait, 30)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await generator.close()

    with ScriptedEndpoint(never) as server:
        asyncio.run(interrupt(server.base_url))
        assert len(server.journal) == 1

"""Calls whose replies come as a stream, whole, cut off by our clock, or broken off by the server, over real HTTP."""

import math
import time
from collections.abc import Callable
from typing import Any

import pytest

from evoheur.errors import GenerationError, GeneratorDown, GeneratorRefused
from evoheur.generation.bounded_client import MAX_ANSWER
from evoheur.generation.generator import CallsLost
from evoheur.request import Completion, Usage
from evoheur.testing.endpoint_server import Received, ServerAnswer, raw, reply, status
from evoheur.testing.streamed_answers import Ending, StreamCourse, chunk, event, streamed, tokens_of
from tests.evoheur.generation.support.asking import Told, answered, ask

CODE = "{Best fit.}\n```python\ndef priority(item, bins):\n    return -bins\n```\n"
WORDS = "one two three four five six seven"
PROMPT_TOKENS = 8
"""What the prompt of `ask` is estimated at: 31 characters."""
SOON: dict[str, Any] = {"timeout_seconds": 0.3, "first_token_seconds": 30}
"""A short limit between bytes, which servers here send at once or not at all, and a long one for a busy machine to begin."""


def lost(told: Told) -> CallsLost:
    assert isinstance(told.error, CallsLost), told.error or told.completion
    return told.error


def test_a_stream_is_put_together() -> None:
    """Text, model, tokens and finish are those that a reply in one piece would have."""
    completion = answered([streamed(WORDS, prompt_tokens=11)])
    usage = Usage(prompt_tokens=11, completion_tokens=len(tokens_of(WORDS)))
    assert completion == Completion(text=WORDS, model="scripted-model", usage=usage)


@pytest.mark.parametrize(
    ("answer", "text", "finish"),
    [
        (streamed("cut", finish="length"), "cut", "length"),
        (streamed("", finish="content_filter"), "", "content_filter"),
        (streamed("whole", finish=None), "whole", "unknown"),
        (streamed("I will not.", name="refusal"), "I will not.", "stop"),
        (streamed(CODE, name="reasoning_content"), CODE, "stop"),
        (streamed("hm", name="reasoning"), "<think>hm</think>", "stop"),
        (streamed("no done", done=False), "no done", "stop"),
        (streamed("pings", StreamCourse(insert={0: b": ping\n\n", 1: b": ping\n\n"})), "pings", "stop"),
        (raw(b"".join(streamed("not announced").pieces), kind="reply"), "not announced", "stop"),
        (raw(b"".join(streamed("\r\n there").pieces).replace(b"\n", b"\r\n"), kind="reply"), "\r\n there", "stop"),
        (streamed("", StreamCourse(insert={}), finish="stop"), "", "stop"),
        (raw(chunk({"content": [{"type": "text", "text": "a"}, "b"]}, finish="stop"), kind="reply"), "ab", "stop"),
        (raw(event({"choices": [{"index": 0, "text": "plain", "finish_reason": "stop"}]}), kind="reply"), "plain", "stop"),
        (
            raw(chunk({"content": "a"}) + chunk({"content": "other"}, index=1) + chunk({}, finish="stop"), kind="reply"),
            "a",
            "stop",
        ),
        (raw(chunk({"content": "\ud83d"}) + chunk({"content": "\ude00"}, finish="stop"), kind="reply"), "\U0001f600", "stop"),
    ],
)
def test_unusual_streams_are_accepted(answer: ServerAnswer, text: str, finish: str) -> None:
    completion = answered([answer])
    assert (completion.text, completion.finish, completion.attempts) == (text, finish, 1)


def test_tokens_of_a_stream_without_counts_are_estimated() -> None:
    """A token in every piece, if there are more of them than characters / 4."""
    assert answered([streamed("abcdefgh", usage=False)]).usage == Usage(
        prompt_tokens=PROMPT_TOKENS, completion_tokens=2, estimated=True
    )
    short = raw(b"".join(chunk({"content": "a"}) for _ in range(9)) + chunk({}, finish="stop"), kind="reply")
    assert answered([short]).usage.completion_tokens == 9


def test_a_slow_stream_is_no_silent_one() -> None:
    """It takes longer than the limit of silence, six times as long as a pause, and comes whole at the first call."""
    completion = answered([streamed(WORDS, StreamCourse(pause=0.5))], timeout_seconds=3.0)
    assert (completion.text, completion.attempts) == (WORDS, 1)


@pytest.mark.parametrize(("ending", "reason"), [("stall", "timeout"), ("hang-up", "connection"), ("reset", "connection")])
@pytest.mark.parametrize("sent", [0, 3])
def test_what_was_received_of_a_call_that_broke_off_is_booked(ending: Ending, reason: str, sent: int) -> None:
    """Beside the tokens of the reply, as an estimate; the next call may be silent for longer."""
    told = ask([streamed(WORDS, StreamCourse(sent=sent, ending=ending)), streamed(WORDS)], **SOON)
    assert told.completion is not None, told.error
    assert (told.completion.text, told.completion.attempts) == (WORDS, 2)
    written = told.server.billed[1]
    assert written == sent + len(tokens_of(WORDS))
    assert told.completion.usage == Usage(prompt_tokens=PROMPT_TOKENS + 10, completion_tokens=written, estimated=True)
    [announced] = told.time.reasons
    assert announced.partition(":")[0] == reason


def test_a_call_that_our_clock_cut_off_is_bought_once_more_and_no_oftener() -> None:
    """With four times the limit; then the request fails with all that was received for it."""
    stalling = streamed(WORDS, StreamCourse(sent=5, ending="stall"))
    started = time.monotonic()
    told = ask([stalling] * 5, **SOON)
    assert 1.5 <= time.monotonic() - started < 30
    error = lost(told)
    assert (error.reason, error.attempts, len(told.server.journal)) == ("timeout", 2, 2)
    assert error.completion.usage == Usage(prompt_tokens=2 * PROMPT_TOKENS, completion_tokens=10, estimated=True)
    assert error.completion.lost_reason == "timeout"
    assert error.completion.text == str(error)
    assert "nothing more of the answer for 1.2 s (2 calls in" in str(error)


def test_a_reply_that_needs_longer_than_the_limit_comes_at_the_second_call() -> None:
    told = ask([streamed(WORDS, StreamCourse(delay=1.0))] * 2, timeout_seconds=0.6)
    assert told.completion is not None, told.error
    assert told.completion.attempts == 2
    assert told.completion.usage.prompt_tokens == PROMPT_TOKENS + 10


def test_a_call_that_is_not_streamed_has_the_limit_for_all_of_it() -> None:
    """What the model had written by then is not known; the prompt is booked. Since nothing ever got through, it is an outage."""
    error = ask([reply("late", delay=20)] * 2, timeout_seconds=0.2, stream=False, outage_minutes=0.01).error
    assert isinstance(error, GeneratorDown)
    assert error.attempts == 2
    assert [each.usage for each in error.lost] == [Usage(prompt_tokens=PROMPT_TOKENS, estimated=True)] * 2
    assert "no answer within 0.8 s" in str(error)


def test_the_first_token_may_have_a_limit_of_its_own() -> None:
    told = ask([streamed(WORDS, StreamCourse(delay=1.0))], **SOON)
    assert told.completion is not None, told.error
    assert told.completion.attempts == 1


def test_a_stream_without_an_end_meets_the_longest_time() -> None:
    """It is never silent: there is a sign of life every twentieth of a second."""
    endless = streamed("x" * 4000, StreamCourse(pause=0.05))
    told = ask([endless], timeout_seconds=1.5, longest_seconds=2, max_attempts=1)
    assert "no end of the answer within 2 s" in str(lost(told))
    assert lost(told).completion.usage.completion_tokens >= 10


EARLY_ENDS: dict[str, ServerAnswer] = {
    "no finish, no end": streamed(WORDS, finish=None, usage=False, done=False),
    "cut within an event": raw(b"".join(streamed(WORDS).pieces)[:700], kind="broken stream"),
    "a chunk that cannot be read": streamed(WORDS, StreamCourse(insert={4: b'data: {"choices": [{"de\n\n'})),
    "an error from the provider": streamed(
        WORDS, StreamCourse(insert={4: event({"error": {"message": "gone", "code": 502}})}), finish=None
    ),
    "an error in a choice": raw(
        chunk({"content": "hal"}) + event({"choices": [{"finish_reason": "error"}]}), kind="broken stream"
    ),
}


@pytest.mark.parametrize("answer", EARLY_ENDS.values(), ids=EARLY_ENDS)
def test_a_stream_that_breaks_off_is_tried_again_and_its_tokens_count(answer: ServerAnswer) -> None:
    told = ask([answer, streamed("hello")])
    assert told.completion is not None, told.error
    assert (told.completion.text, told.completion.attempts) == ("hello", 2)
    assert told.completion.usage.completion_tokens > 2
    assert told.completion.usage.prompt_tokens in {PROMPT_TOKENS + 10, 20}


@pytest.mark.parametrize("answer", [streamed("", finish=None, usage=False), streamed("", finish=None, usage=False, done=False)])
def test_a_stream_of_nothing_is_a_fault(answer: ServerAnswer) -> None:
    told = ask([answer], max_attempts=1)
    assert isinstance(told.error, GenerationError)
    assert told.error.reason == "bad-reply"


def test_an_error_in_place_of_a_stream_costs_nothing() -> None:
    told = ask([raw(event({"error": {"message": "slow down", "code": 429}})), streamed("hello")])
    assert told.completion is not None, told.error
    assert not told.completion.usage.estimated
    assert told.time.reasons[0].startswith("rate-limited")


@pytest.mark.parametrize("ending", ["", "stall", "hang-up"])
@pytest.mark.parametrize("text", [CODE, '{"thought": "Best fit.", "code": "def priority(item, bins):\\n    return -bins\\n"}'])
def test_code_that_was_complete_when_the_reply_broke_off_is_taken(ending: Ending, text: str) -> None:
    """As of a reply that the token limit cut; nothing is bought again."""
    course = StreamCourse(sent=math.ceil(len(text) / 4), ending=ending)
    told = ask([streamed(text + "And so on", course)], **SOON)
    assert told.completion is not None, told.error
    assert (told.completion.finish, told.completion.attempts) == ("length", 1)
    assert told.completion.text.startswith(text)
    assert told.completion.usage.estimated


@pytest.mark.parametrize(
    "text",
    [
        CODE.removesuffix("```\n"),
        CODE.replace("```python\n", "").replace("```", ""),
        "```python\ndef other(item):\n    return item\n```\n",
        '{"code": "def priority(item, bins):\\n    return -bins',
    ],
)
def test_code_that_may_go_on_is_not_taken(text: str) -> None:
    told = ask([streamed(text, StreamCourse(sent=1000, ending="hang-up")), streamed("hello")])
    assert told.completion is not None, told.error
    assert (told.completion.text, told.completion.attempts) == ("hello", 2)


def test_a_note_that_broke_off_is_not_taken() -> None:
    told = ask([streamed(CODE, StreamCourse(sent=1000, ending="hang-up")), streamed("hello")], produces="note")
    assert told.completion is not None, told.error
    assert told.completion.text == "hello"


def test_usage_on_an_answer_without_choices_counts() -> None:
    """As the server counted it, in a stream as in one piece."""
    counts = {"usage": {"prompt_tokens": 30, "completion_tokens": 40}}
    for empty in (
        raw(b'{"choices": [], "usage": {"prompt_tokens": 30, "completion_tokens": 40}}'),
        raw(event({"choices": [], **counts})),
    ):
        told = ask([empty, reply("hello", tokens=(1, 2))])
        assert told.completion is not None, told.error
        assert (told.completion.usage.prompt_tokens, told.completion.usage.completion_tokens) == (31, 42)


def test_a_connection_that_stays_open_after_the_end_holds_nothing_up() -> None:
    open_ended = ServerAnswer(kind="reply", pieces=streamed("hello").pieces, ending="stall")
    started = time.monotonic()
    assert answered([open_ended], timeout_seconds=50).text == "hello"
    assert time.monotonic() - started < 20


def test_a_stream_is_read_up_to_the_size_of_any_answer() -> None:
    flood = ServerAnswer(kind="flood", pieces=[chunk({"content": "x" * 2**20})] * (MAX_ANSWER // 2**20 + 2))
    told = ask([flood] * 2, max_attempts=2, timeout_seconds=60)
    assert isinstance(told.error, GenerationError)
    assert (told.error.reason, told.error.attempts) == ("too-large", 2)


REFUSALS: dict[str, tuple[str, ServerAnswer]] = {
    "unknown field": ("stream_options", status(422, "body.stream_options: Extra inputs are not permitted")),
    "no options": ("stream_options", status(400, "Unsupported parameter: stream_options.include_usage")),
    "no streams": ("stream", status(400, "Streaming is not supported for this model")),
    "not verified": (
        "stream",
        status(400, "Your organization must be verified to stream this model.", error_code="unsupported_value"),
    ),
}


@pytest.mark.parametrize(("field", "refusal"), REFUSALS.values(), ids=REFUSALS)
def test_an_endpoint_that_refuses_streams_is_asked_without(field: str, refusal: ServerAnswer) -> None:
    def server(received: Received) -> ServerAnswer:
        return refusal if field in received.payload else reply("hello")

    told = ask(server)
    assert told.completion is not None, told.error
    assert told.completion.attempts == 2
    assert ("stream" in told.server.journal[-1].received.payload) == (field != "stream")
    if field == "stream":
        assert "stream_options" not in told.server.journal[-1].received.payload


def test_a_stream_that_is_insisted_on_is_not_given_up() -> None:
    told = ask([status(400, "Unsupported parameter: 'stream'", error_code="unsupported_parameter")], stream=True)
    assert isinstance(told.error, GeneratorRefused)


def test_money_of_lost_calls_is_counted() -> None:
    """Eleven tokens of the call that stalled and two of the other at a dollar each, and the prompts."""
    price = {"input": 1_000_000, "output": 1_000_000}
    stalling = streamed("x" * 44, StreamCourse(sent=11, ending="stall"))
    told = ask([stalling, streamed("hello", prompt_tokens=5)], price=price, **SOON)
    assert told.completion is not None, told.error
    assert told.completion.cost_usd == pytest.approx(11 + 2 + PROMPT_TOKENS + 5)
    assert told.completion.price_source == "configuration"
    failed = lost(ask([stalling] * 2, price=price, **SOON))
    assert failed.completion.cost_usd == pytest.approx(2 * (11 + PROMPT_TOKENS))


@pytest.mark.parametrize("make", [lambda: reply("hello"), lambda: raw(b": waiting\n\n" + reply("hello").body, kind="reply")])
def test_a_server_that_does_not_stream_is_read_as_ever(make: Callable[[], ServerAnswer]) -> None:
    assert answered([make()]).text == "hello"

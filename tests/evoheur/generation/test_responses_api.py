"""Models asked by the Responses API, over real HTTP."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evoheur.errors import GenerationError, GeneratorRefused
from evoheur.generation.api_faults import Fault
from evoheur.generation.generator import CallsLost
from evoheur.generation.responses_api import Responses
from evoheur.request import Completion, Usage
from evoheur.testing.endpoint_server import Received, Script, ServerAnswer, error_object, html, raw, status
from evoheur.testing.streamed_answers import Ending, StreamCourse, event, streamed_response, tokens_of
from tests.evoheur.generation.support.asking import KEY, Told, ask

WORDS = "one two three four five six seven"
PROMPT_TOKENS = 8


def asked(answers: Script, **settings: Any) -> Told:
    return ask(answers, api="responses", **settings)


def text_of(answers: Script, **settings: Any) -> Completion:
    told = asked(answers, **settings)
    assert told.completion is not None, told.error
    return told.completion


def whole(**fields: Any) -> ServerAnswer:
    """An answer in one piece."""
    spoken = {"type": "message", "content": [{"type": "output_text", "text": "hello"}]}
    usage = {
        "input_tokens": 10,
        "output_tokens": 20,
        "total_tokens": 30,
        "input_tokens_details": {"cached_tokens": 4},
        "output_tokens_details": {"reasoning_tokens": 15},
    }
    body = {"model": "m", "status": "completed", "error": None, "output": [spoken], "usage": usage, **fields}
    return ServerAnswer(kind="reply", body=json.dumps(body).encode(), prompt_tokens=10, completion_tokens=20)


def test_what_is_sent() -> None:
    """The system's words are instructions, the limit and the effort have other names, and nothing is stored."""
    told = asked(
        [whole()],
        temperature=0.5,
        top_p=0.9,
        max_tokens=64,
        reasoning_effort="low",
        seed=True,
        extra_body={"top_k": 3},
        stream=False,
    )
    [exchange] = told.server.journal
    assert exchange.received.path == "/v1/responses"
    assert exchange.received.authorization == f"Bearer {KEY}"
    assert exchange.received.payload == {
        "model": "some-model",
        "instructions": "You write heuristics.",
        "input": [{"role": "user", "content": "Write one."}],
        "temperature": 0.5,
        "top_p": 0.9,
        "max_output_tokens": 64,
        "reasoning": {"effort": "low"},
        "store": False,
        "top_k": 3,
    }
    [bare] = asked([whole()], max_completion_tokens=9).server.journal
    assert bare.received.payload["max_output_tokens"] == 9
    assert bare.received.payload["stream"] is True
    assert "stream_options" not in bare.received.payload


def test_a_reply_in_one_piece() -> None:
    usage = Usage(prompt_tokens=10, completion_tokens=20, cached_tokens=4, reasoning_tokens=15)
    assert text_of([whole()]) == Completion(text="hello", model="m", usage=usage)


def test_half_a_character_does_not_cost_the_reply() -> None:
    half = message({"type": "output_text", "text": "xx\ud83dxx"})
    for answer in (whole(output=[half], model="\ud83d"), streamed_response("a", details={"output": [half], "model": "\ud83d"})):
        completion = text_of([answer])
        assert (completion.text, completion.model) == ("xx\ufffdxx", "\ufffd")


def message(*parts: Mapping[str, Any], kind: str = "message", name: str = "content") -> dict[str, Any]:
    return {"type": kind, name: list(parts)}


@pytest.mark.parametrize(
    ("fields", "text", "finish"),
    [
        ({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}, "hello", "length"),
        ({"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}, "hello", "content_filter"),
        ({"status": "incomplete"}, "hello", "incomplete"),
        ({"output": [message({"type": "refusal", "refusal": "I will not."})]}, "I will not.", "stop"),
        ({"output": []}, "", "stop"),
        ({"output": [None, 3, {"content": "odd"}, message(None, {"type": "output_text", "text": "x"})]}, "x", "stop"),  # type: ignore[arg-type]
        (
            {"output": [message({"type": "summary_text", "text": "hm"}, kind="reasoning", name="summary")]},
            "<think>hm</think>",
            "stop",
        ),
        (
            {
                "output": [
                    message({"type": "reasoning_text", "text": "hm"}, kind="reasoning"),
                    message({"type": "output_text", "text": "a"}, {"type": "output_text", "text": "b"}),
                ]
            },
            "ab",
            "stop",
        ),
        ({"status": None}, "hello", "unknown"),
    ],
)
@pytest.mark.parametrize("streaming", [False, True])
def test_unusual_replies_are_accepted(fields: Mapping[str, Any], text: str, finish: str, streaming: bool) -> None:
    """In one piece or as the last event of a stream."""
    end = fields.get("status", "completed") or "completed"
    answer = streamed_response("hello", status=end, details=fields) if streaming else whole(**fields)
    if streaming and fields.get("output") == []:
        text = "hello"  # what came before it is the reply where the end does not repeat it
    completion = text_of([answer])
    assert (completion.text, completion.finish) == (text, finish)


def test_a_stream_is_put_together() -> None:
    completion = text_of([streamed_response(WORDS, prompt_tokens=11)])
    usage = Usage(prompt_tokens=11, completion_tokens=len(tokens_of(WORDS)))
    assert completion == Completion(text=WORDS, model="scripted-model", usage=usage)


@pytest.mark.parametrize("ending", ["", "stall", "hang-up", "reset"])
def test_what_was_received_of_a_call_that_broke_off_is_booked(ending: Ending) -> None:
    told = asked(
        [streamed_response(WORDS, StreamCourse(sent=3, ending=ending)), streamed_response(WORDS)],
        timeout_seconds=0.3,
        first_token_seconds=30,
    )
    assert told.completion is not None, told.error
    written = told.server.billed[1]
    assert told.completion.usage == Usage(prompt_tokens=PROMPT_TOKENS + 10, completion_tokens=written, estimated=True)


def test_code_that_was_complete_is_taken() -> None:
    code = "{Best fit.}\n```python\ndef priority(item, bins):\n    return -bins\n```\n"
    completion = text_of(
        [streamed_response(code + "And", StreamCourse(sent=len(tokens_of(code)), ending="stall"))],
        timeout_seconds=0.3,
        first_token_seconds=30,
    )
    assert (completion.finish, completion.attempts) == ("length", 1)


def test_an_event_that_cannot_be_read_costs_nothing_where_the_end_has_all_of_it() -> None:
    course = StreamCourse(insert={2: b"data: {nonsense\n\n"})
    assert text_of([streamed_response(WORDS, course)]).text == WORDS
    told = asked([streamed_response(WORDS, course, details={"output": []}), streamed_response("hello")])
    assert told.completion is not None, told.error
    assert told.completion.text == "hello"


FAULTS: dict[str, tuple[ServerAnswer, str]] = {
    "HTML": (html(), "bad-reply"),
    "cut JSON": (raw(b'{"output": [{"mess'), "bad-reply"),
    "JSON of another kind": (raw(b"[1]"), "bad-reply"),
    "no output": (raw(b"{}"), "bad-reply"),
    "an error object": (error_object(code=429), "rate-limited"),
    "failed": (whole(status="failed", output=[], error={"code": "server_error", "message": "oh"}), "bad-reply"),
    "failed in a stream": (streamed_response("a", status="failed", details={"error": {"code": "server_error"}}), "bad-reply"),
    "an error event": (raw(event({"type": "error", "code": "server_error", "message": "oh"}, "error")), "bad-reply"),
    "a server error": (status(500), "server-error"),
}


@pytest.mark.parametrize(("answer", "reason"), FAULTS.values(), ids=FAULTS)
def test_transient_faults_are_tried_again(answer: ServerAnswer, reason: str) -> None:
    told = asked([answer, whole()])
    assert told.completion is not None, told.error
    assert (told.completion.text, told.completion.attempts) == ("hello", 2)
    assert told.time.reasons[0].partition(":")[0] == reason


def test_tokens_of_a_response_that_failed_count() -> None:
    failed = whole(status="failed", output=[], error={"code": "server_error", "message": "oh"})
    error = asked([failed], max_attempts=1).error
    assert isinstance(error, CallsLost)
    assert (error.completion.usage.completion_tokens, error.completion.usage.estimated) == (20, False)


@pytest.mark.parametrize(
    "answer",
    [
        status(401, "Incorrect API key"),
        whole(status="failed", output=[], error={"code": "insufficient_quota", "message": "no credit"}),
        status(400, "Unsupported parameter: 'top_k'", error_code="unsupported_parameter"),
    ],
)
def test_a_refusal_of_everything_stops_the_run(answer: ServerAnswer) -> None:
    assert isinstance(asked([answer]).error, GeneratorRefused)


def test_a_refused_prompt_fails_at_once() -> None:
    error = asked([status(400, "the prompt is too long")]).error
    assert isinstance(error, GenerationError)
    assert error.attempts == 1


@pytest.mark.parametrize(
    ("field", "param"),
    [("reasoning", "reasoning.effort"), ("temperature", "temperature"), ("text", "text.format"), ("stream", "stream")],
)
def test_a_refused_setting_is_left_out_from_then_on(field: str, param: str) -> None:
    def server(received: Received) -> ServerAnswer:
        if field not in received.payload:
            return whole()
        body = {"error": {"message": f"Unsupported parameter: '{param}'", "param": param, "code": "unsupported_parameter"}}
        return ServerAnswer(kind="refusal", code=400, body=json.dumps(body).encode())

    completion = text_of(server, temperature=0.5, reasoning_effort="low", structured=True)
    assert (completion.text, completion.attempts) == ("hello", 2)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["output", "content", "type", "text", "status", "error", "response", "delta", "usage"]), inner
        )
    ),
    max_leaves=12,
)


@example(body=b'{"status": [], "error": []}')
@example(body=b'{"output": [{"content": [{"type": [], "text": "a"}]}], "status": {}}')
@given(body=st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_an_answer_or_a_fault(body: bytes) -> None:
    found = Responses().read(body)
    if isinstance(found, Fault):
        assert found.message
    else:
        assert found.text or found.finish or found.reasoning


@given(st.lists(JSON.map(json.dumps) | st.text()), st.sampled_from(["response.completed", "response.created", "error", "x"]))
def test_any_stream_is_survived(events: list[str], kind: str) -> None:
    reader = Responses().reader()
    for said in events:
        reader.take(said)
    reader.take(json.dumps({"type": kind, "response": {}}))
    assert isinstance(reader.whole, bool)
    assert isinstance(reader.answer.text, str)

"""Reading the body of an answer with status 200."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.api_faults import Fault, Remedy
from evoheur.generation.completion_body import CompletionBody, read_answer

GOOD: dict[str, Any] = {
    "model": "m",
    "choices": [{"message": {"content": "hello"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 2}},
}


def test_a_good_answer() -> None:
    """Text, finish, model and tokens, the cached ones too."""
    answer = read_answer(json.dumps(GOOD).encode())
    assert isinstance(answer, CompletionBody)
    assert (answer.text, answer.finish, answer.model) == ("hello", "stop", "m")
    counted = answer.counted
    assert counted is not None
    assert (counted.prompt_tokens, counted.completion_tokens, counted.cached_tokens) == (3, 4, 2)


@given(
    usage=st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)
def test_odd_usage_does_not_cost_the_reply(usage: object) -> None:
    """The reply was paid for; tokens that are not told in a form we know are simply not known."""
    answer = read_answer(json.dumps({**GOOD, "usage": usage}).encode())
    assert isinstance(answer, CompletionBody)
    assert answer.counted is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["choices", "message", "content", "error", "finish_reason"]), inner)
    ),
    max_leaves=12,
)


@given(body=st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_an_answer_or_a_fault(body: bytes) -> None:
    """What is taken has text or at least an end; all else is a fault with words."""
    found = read_answer(body)
    if isinstance(found, Fault):
        assert found.message
    else:
        assert found.text or found.finish or found.reasoning


@pytest.mark.parametrize("count", [10**30, 10**9 + 1, -1, 1.5, 1e300, "12", True, None, [1], {"a": 1}])
def test_tokens_that_no_server_can_mean_are_not_known(count: object) -> None:
    """No database could add them up; the reply beside them is taken."""
    answer = read_answer(json.dumps({**GOOD, "usage": {"prompt_tokens": count, "completion_tokens": 4}}).encode())
    assert isinstance(answer, CompletionBody)
    assert (answer.text, answer.counted) == ("hello", None)


def test_a_whole_number_may_be_written_as_a_float() -> None:
    answer = read_answer(json.dumps({**GOOD, "usage": {"prompt_tokens": 10.0, "completion_tokens": 10**9}}).encode())
    assert isinstance(answer, CompletionBody)
    assert answer.counted is not None
    assert (answer.counted.prompt_tokens, answer.counted.completion_tokens) == (10, 10**9)


@pytest.mark.parametrize("odd", [7, True, {"a": 1}, ["m"], None])
def test_a_name_of_another_kind_does_not_cost_the_reply(odd: object) -> None:
    choice = {"message": {"content": "hello", "refusal": odd}, "finish_reason": odd}
    answer = read_answer(json.dumps({"model": odd, "choices": [choice]}).encode())
    assert isinstance(answer, CompletionBody)
    assert (answer.text, answer.model, answer.finish) == ("hello", None, "")


def test_a_long_name_is_cut_short() -> None:
    answer = read_answer(json.dumps({**GOOD, "model": "m" * 10**6}).encode())
    assert isinstance(answer, CompletionBody)
    assert answer.model == "m" * 200


@pytest.mark.parametrize("body", [rb'"half \ud800 of it"', b'"half \xed\xa0 of it"'])
def test_a_character_that_was_cut_in_two_does_not_cost_the_reply(body: bytes) -> None:
    answer = read_answer(b'{"choices": [{"message": {"content": ' + body + b'}, "finish_reason": "stop"}]}')
    assert isinstance(answer, CompletionBody)
    assert answer.text.startswith("half ")
    assert answer.text.endswith(" of it")
    assert answer.text.encode()


def test_half_a_surrogate_pair_is_replaced() -> None:
    answer = read_answer(
        b'{"choices": [{"message": {"content": "xx\\ud83dxx"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 1, '
        b'"completion_tokens": 2}}'
    )
    assert isinstance(answer, CompletionBody)
    assert (answer.text, answer.counted is not None) == ("xx\ufffdxx", True)


@pytest.mark.parametrize("choice", [{}, {"message": None}, {"message": {"content": None}}, {"message": {"content": "def pri"}}])
@pytest.mark.parametrize("told", [{}, {"error": {"code": 502, "message": "provider went away"}}, {"error": "overloaded"}])
def test_a_reply_that_ended_in_an_error_is_a_fault_to_retry(choice: dict[str, Any], told: dict[str, Any]) -> None:
    """Whatever came until then; with the provider's words, where it has any."""
    found = read_answer(json.dumps({"choices": [{**choice, **told, "finish_reason": "error"}]}).encode())
    assert isinstance(found, Fault)
    assert found.remedy is Remedy.RETRY
    assert ("provider went away" in found.message) == (told.get("error") != "overloaded" and bool(told))


@pytest.mark.parametrize(("code", "remedy"), [(401, Remedy.STOP), (402, Remedy.DOUBT)])
def test_an_error_that_no_call_can_get_around_still_stops(code: int, remedy: Remedy) -> None:
    """At once, or where others meet it too: too little credit may be too little for a long prompt only."""
    choice = {"finish_reason": "error", "error": {"code": code, "message": "no"}}
    found = read_answer(json.dumps({"choices": [choice]}).encode())
    assert isinstance(found, Fault)
    assert found.remedy is remedy


TEXTS: dict[str, bytes] = {
    "an error beside it": json.dumps({**GOOD, "error": {"message": "usage unknown"}}).encode(),
    "a second choice of another kind": json.dumps({**GOOD, "choices": [*GOOD["choices"], None, 3]}).encode(),
    "content in an object": json.dumps(
        {"choices": [{"message": {"content": {"type": "text", "text": "hello"}}, "finish_reason": "stop"}]}
    ).encode(),
    "content in parts": json.dumps(
        {"choices": [{"message": {"content": ["hel", {"text": "lo"}, {"image": 1}]}, "finish_reason": "stop"}]}
    ).encode(),
    "a plain completion": json.dumps({"choices": [{"text": "hello", "finish_reason": "stop"}]}).encode(),
    "a byte-order mark": b"\xef\xbb\xbf" + json.dumps(GOOD).encode(),
    "a comment before it": b": OPENROUTER PROCESSING\n\n" + json.dumps(GOOD).encode(),
    "something behind it": json.dumps(GOOD).encode() + b"\n\n[DONE]",
    "a line end within a text": json.dumps({"model": "m\nm", **GOOD}).replace("\\n", "\n").encode(),
    "a number that is none": json.dumps(GOOD)[:-1].encode() + b', "created": NaN}',
}


@pytest.mark.parametrize("body", TEXTS.values(), ids=TEXTS)
def test_choices_with_text_are_never_bought_again(body: bytes) -> None:
    answer = read_answer(body)
    assert isinstance(answer, CompletionBody), answer
    assert (answer.text, answer.finish) == ("hello", "stop")


def test_what_was_thought_aloud_is_told_beside_the_reply() -> None:
    for name in ("reasoning_content", "reasoning"):
        answer = read_answer(
            json.dumps({"choices": [{"message": {"content": None, name: "hm"}, "finish_reason": None}]}).encode()
        )
        assert isinstance(answer, CompletionBody)
        assert (answer.text, answer.reasoning) == ("", "hm")

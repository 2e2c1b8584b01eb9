"""Reading the body of an answer with status 200."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from evoheur.generation.answer import Answer, read_answer
from evoheur.generation.faults import Fault

GOOD: dict[str, Any] = {
    "model": "m",
    "choices": [{"message": {"content": "hello"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 2}},
}


def test_a_good_answer() -> None:
    """Text, finish, model and tokens, the cached ones too."""
    answer = read_answer(json.dumps(GOOD).encode())
    assert isinstance(answer, Answer)
    assert (answer.text, answer.finish, answer.model) == ("hello", "stop", "m")
    counted = answer.counted
    assert counted is not None
    assert (counted.prompt_tokens, counted.completion_tokens, counted.cached_tokens) == (3, 4, 2)


@settings(deadline=None)
@given(
    usage=st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)
def test_odd_usage_does_not_cost_the_reply(usage: object) -> None:
    """The reply was paid for; tokens that are not told in a form we know are simply not known."""
    answer = read_answer(json.dumps({**GOOD, "usage": usage}).encode())
    assert isinstance(answer, Answer)
    assert answer.counted is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["choices", "message", "content", "error", "finish_reason"]), inner)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(body=st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_an_answer_or_a_fault(body: bytes) -> None:
    """What is taken has text or at least an end; all else is a fault with words."""
    found = read_answer(body)
    if isinstance(found, Fault):
        assert found.message
    else:
        assert found.text or found.finish

"""Tokens as servers report them, in all their spellings."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.reported_usage import MAX_COUNT, reported_usage
from evoheur.request import Usage

PLAIN = {"prompt_tokens": 100, "completion_tokens": 40}


@pytest.mark.parametrize(
    ("told", "cached", "reasoning"),
    [
        ({}, 0, 0),
        ({"total_tokens": 140}, 0, 0),
        ({"prompt_tokens_details": {"cached_tokens": 64}}, 64, 0),
        ({"prompt_tokens_details": {"cached_tokens": 64}, "completion_tokens_details": {"reasoning_tokens": 30}}, 64, 30),
        ({"prompt_cache_hit_tokens": 64, "prompt_cache_miss_tokens": 36}, 64, 0),
        ({"prompt_tokens_details": None, "prompt_cache_hit_tokens": 64}, 64, 0),
        ({"cached_tokens": 64}, 64, 0),
        ({"reasoning_tokens": 30}, 0, 30),
        ({"prompt_tokens_details": 7, "completion_tokens_details": "none"}, 0, 0),
        ({"prompt_tokens_details": {"cached_tokens": -1}, "completion_tokens_details": {"reasoning_tokens": 0.5}}, 0, 0),
        ({"prompt_tokens_details": {"cached_tokens": 900}}, 100, 0),
    ],
)
def test_parts_are_read_in_every_spelling(told: dict[str, Any], cached: int, reasoning: int) -> None:
    """What is in an odd form costs nothing but itself, and no part is larger than the whole."""
    assert reported_usage({**PLAIN, **told}) == Usage(
        prompt_tokens=100, completion_tokens=40, cached_tokens=cached, reasoning_tokens=reasoning
    )


@pytest.mark.parametrize(
    "told",
    [
        {"total_tokens": 623},
        {"total_tokens": 623, "completion_tokens_details": {"reasoning_tokens": 405}},
        {"total_tokens": 623, "completion_tokens_details": {"reasoning_tokens": 0}},
        {"completion_tokens_details": {"reasoning_tokens": 405}},
    ],
)
def test_thinking_that_is_counted_beside_the_reply_is_added_to_it(told: dict[str, Any]) -> None:
    """It is paid for like the rest; servers tell it in the sum of all tokens, or only as a part that is larger than the whole."""
    usage = reported_usage({"prompt_tokens": 20, "completion_tokens": 198, **told})
    assert usage == Usage(prompt_tokens=20, completion_tokens=603, reasoning_tokens=405)


def test_a_sum_that_fits_nothing_is_passed_over() -> None:
    told = {**PLAIN, "total_tokens": 500, "completion_tokens_details": {"reasoning_tokens": 30}}
    assert reported_usage(told) == Usage(prompt_tokens=100, completion_tokens=40, reasoning_tokens=30)


def test_the_names_of_the_newer_protocol() -> None:
    told = {
        "input_tokens": 100,
        "input_tokens_details": {"cached_tokens": 64},
        "output_tokens": 40,
        "output_tokens_details": {"reasoning_tokens": 30},
        "total_tokens": 140,
    }
    assert reported_usage(told) == Usage(prompt_tokens=100, completion_tokens=40, cached_tokens=64, reasoning_tokens=30)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2 * MAX_COUNT) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["cached_tokens", "reasoning_tokens"]), inner),
    max_leaves=4,
)
KEYS = [
    "prompt_tokens",
    "completion_tokens",
    "total_tokens",
    "prompt_tokens_details",
    "completion_tokens_details",
    "prompt_cache_hit_tokens",
    "reasoning_tokens",
]


@given(ANY | st.dictionaries(st.sampled_from(KEYS), ANY))
def test_whatever_a_server_sends_is_no_error(told: Any) -> None:
    """Counts are whole, no part exceeds its whole, and no sum exceeds what a database holds."""
    usage = reported_usage(told)
    if usage is None:
        return
    assert 0 <= usage.cached_tokens <= usage.prompt_tokens <= MAX_COUNT
    assert 0 <= usage.reasoning_tokens <= usage.completion_tokens <= 2 * MAX_COUNT
    assert all(type(count) is int for count in (usage.prompt_tokens, usage.completion_tokens))

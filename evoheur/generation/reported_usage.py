"""Tokens of a reply, as servers report them.

They agree on two numbers, and spell the parts of them in several ways: tokens of the prompt that were read from a cache, and tokens of
the reply that the model thought with.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from evoheur.request import Usage

__all__ = ["MAX_COUNT", "reported_usage"]

MAX_COUNT = 10**9
"""Most tokens that one reply can have; a server that counts more has not counted, and no database would take the sum."""

_Path: TypeAlias = tuple[str, ...]
_SENT: tuple[_Path, ...] = (("prompt_tokens",), ("input_tokens",))
_WRITTEN: tuple[_Path, ...] = (("completion_tokens",), ("output_tokens",))
_CACHED: tuple[_Path, ...] = (
    ("prompt_tokens_details", "cached_tokens"),
    ("input_tokens_details", "cached_tokens"),
    ("prompt_cache_hit_tokens",),  # DeepSeek
    ("cached_tokens",),  # Moonshot
)
_THOUGHT: tuple[_Path, ...] = (
    ("completion_tokens_details", "reasoning_tokens"),
    ("output_tokens_details", "reasoning_tokens"),
    ("reasoning_tokens",),
)


def reported_usage(told: Any) -> Usage | None:
    """The tokens that a server counted.

    Some servers leave what the model thought with out of what it wrote, although it is paid for alike, and tell it in the sum of all
    tokens only (Gemini's compatible endpoint) or beside it (xAI). It is added to what was written then.

    Args:
        told: The object `usage` of an answer.

    Returns:
        None if it holds no counts, or not in a form we know.
    """
    if not isinstance(told, Mapping):
        return None
    sent, written = _first(told, _SENT), _first(told, _WRITTEN)
    if sent is None or written is None:
        return None
    cached, thought = _first(told, _CACHED) or 0, _first(told, _THOUGHT)
    beside = (_count(told.get("total_tokens")) or 0) - sent - written
    if beside > 0 and thought in {None, 0, beside}:
        written, thought = written + beside, beside
    elif thought is not None and thought > written:
        written += thought
    return Usage(
        prompt_tokens=sent,
        completion_tokens=written,
        cached_tokens=min(cached, sent),
        reasoning_tokens=min(thought or 0, written),
    )


def _first(told: Mapping[str, Any], paths: Iterable[_Path]) -> int | None:
    """The first count that is there, so that one in an odd form hides no other."""
    for path in paths:
        value: Any = told
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        counted = _count(value)
        if counted is not None:
            return counted
    return None


def _count(value: Any) -> int | None:
    """A count of tokens; some servers write 10.0."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    if whole or (isinstance(value, float) and value.is_integer()):
        return int(value) if 0 <= value <= MAX_COUNT else None
    return None

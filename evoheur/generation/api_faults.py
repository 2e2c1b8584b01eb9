"""Faults of calls to an endpoint, sorted by what helps.

What helps is to try again, to give up this call, or to stop the run.
"""

import email.utils
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import openai

from evoheur.generation.bounded_client import AnswerTooLarge, redirect_target

__all__ = ["Fault", "Remedy", "fault_of", "fault_of_error_object", "retry_after"]

_QUOTA = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
_HOPELESS = frozenset({"model_not_found", "invalid_api_key", "unsupported_parameter", "unsupported_value"})
"""Error codes that come with various statuses and that every later call would meet too."""
_TRANSIENT = frozenset({408, 409, 425, 429})


class Remedy(StrEnum):
    """What to do about a fault."""

    RETRY = "retry"
    GIVE_UP = "give-up"  # this call; others may succeed
    STOP = "stop"  # no call can succeed


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One call that failed.

    Attributes:
        reason: A word to count by, as in `GenerationError`.
        message: What the server or the connection said.
        remedy: What to do.
        retry_after: Seconds the server asked to wait; None if it did not.
    """

    reason: str
    message: str
    remedy: Remedy = Remedy.RETRY
    retry_after: float | None = None


def fault_of(error: openai.OpenAIError, *, now: float) -> Fault:
    """Sort an exception of the client library.

    Args:
        error: The exception.
        now: Seconds since the epoch, for servers that say until when to wait and not what time it is with them.
    """
    match error:
        case AnswerTooLarge():
            return Fault(reason="too-large", message=str(error))
        case openai.APIStatusError() if (target := redirect_target(error.response)) is not None:
            return Fault(reason="refused", message=_moved(error.status_code, target), remedy=Remedy.STOP)
        case openai.APIStatusError():
            code = _word(error.code) or _word(error.type)
            wait = retry_after(error.response.headers, now=now)
            return _fault_of_status(error.status_code, code, f"HTTP {error.status_code}: {_said(error)}", wait)
        case openai.APITimeoutError():
            return Fault(reason="timeout", message="no answer within the time limit")
        case openai.APIConnectionError():
            cause = f"{type(error.__cause__).__name__}: {error.__cause__}" if error.__cause__ else str(error)
            return Fault(reason="connection", message=f"the connection failed ({cause.rstrip(': ')})")
    return Fault(reason="bad-reply", message=f"the client library refused the answer ({type(error).__name__}: {error})")


def fault_of_error_object(error: Any) -> Fault:
    """Sort an error that came with status 200.

    Routers send such errors; the code in one may be an HTTP status.
    """
    detail = error if isinstance(error, Mapping) else {"message": error}
    code = detail.get("code")
    message = f"an error in an answer of status 200: {_shown(detail.get('message') or detail)}"
    if isinstance(code, int) and 400 <= code <= 599:
        return _fault_of_status(code, _word(detail.get("type")), message, None)
    if _word(code) in _QUOTA | _HOPELESS:
        return Fault(reason="refused", message=message, remedy=Remedy.STOP)
    return Fault(reason="bad-reply", message=message)


def _fault_of_status(status: int, code: str, message: str, wait: float | None) -> Fault:
    if status in (401, 402, 403, 404) or code in _QUOTA | _HOPELESS:
        return Fault(reason="refused", message=message, remedy=Remedy.STOP)
    if status == 429:
        return Fault(reason="rate-limited", message=message, retry_after=wait)
    if status in _TRANSIENT or status >= 500:
        return Fault(reason="server-error", message=message, retry_after=wait)
    return Fault(reason="bad-request", message=message, remedy=Remedy.GIVE_UP)


def _said(error: openai.APIStatusError) -> str:
    body = error.body
    if isinstance(body, Mapping):
        nested = body.get("error", body)
        said = nested.get("message") if isinstance(nested, Mapping) else nested
        return _shown(said or body)
    return _shown(body or "no explanation")


def _moved(status: int, target: str) -> str:
    return f"HTTP {status} sends the prompt on to {target}, which is not followed; name that address in generator.base_url if you trust it"


def _word(value: Any) -> str:
    """A code or type as servers should send it.

    Anything else, a number or a list, is none that we know.
    """
    return value if isinstance(value, str) else ""


def _shown(value: Any) -> str:
    try:
        return value if isinstance(value, str) else repr(value)
    except (ValueError, RecursionError):  # an integer too long to write out, or nesting without end
        return "an explanation that cannot be shown"


def retry_after(headers: Mapping[str, str], *, now: float) -> float | None:
    """Seconds that a server asks to wait.

    Read from `retry-after-ms`, or from `Retry-After` as seconds or as a date. A date is read against the server's own `Date`, so that a
    wrong clock here does no harm.

    Args:
        headers: Of the response, names case-insensitive.
        now: Seconds since the epoch, used if the server sends no `Date`.

    Returns:
        Finite and not negative; None if nothing readable was sent.
    """
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) * unit
        except ValueError:
            continue
        if math.isfinite(seconds):
            return max(0.0, seconds)
    until = _timestamp(headers.get("retry-after", ""))
    if until is None:
        return None
    date = _timestamp(headers.get("date", ""))
    return max(0.0, until - (now if date is None else date))


def _timestamp(date: str) -> float | None:
    parsed = email.utils.parsedate_tz(date)
    if parsed is None:
        return None
    try:
        return float(email.utils.mktime_tz(parsed))
    except (ValueError, OverflowError):
        return None

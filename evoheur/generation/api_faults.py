"""Faults of calls to an endpoint, sorted by what helps.

What helps is to try again, to give up this call, or to stop the run; of some refusals only what others meet can tell.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import openai

from evoheur.generation.bounded_client import AnswerTooLarge, redirect_target
from evoheur.generation.server_wishes import renewal, retry_after, spelled_seconds
from evoheur.request import Usage

__all__ = ["Fault", "Remedy", "fault_of", "fault_of_error_object"]

_QUOTA = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
_HOPELESS = frozenset({"model_not_found", "invalid_api_key", "unsupported_parameter", "unsupported_value"})
"""Error codes that come with various statuses and that every later call would meet too."""
_BAD_KEY = re.compile(
    r"api[ _-]?key (?:is )?(?:not valid|invalid|expired)|invalid api[ _-]?key|incorrect api[ _-]?key|API_KEY_INVALID",
    re.IGNORECASE,
)
"""How a bad key is refused with status 400, as Gemini does."""
_UNSUPPORTED = re.compile(
    r"unsupported|not support|n['o]t (?:permitted|allowed|accept)|unrecogni[sz]ed|unknown|deprecated|unexpected|unavailable|extra ",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"\b(temperature|top_p|max_tokens|max_output_tokens|seed|reasoning_effort|stream_options|stream|streaming|response_format)\b",
    re.IGNORECASE,
)
_TRANSIENT = frozenset({408, 409, 425, 429})
_MODERATED = re.compile(
    r"moderat|flagged|content.{0,3}(?:policy|filter|management)|polic(?:y|ies).{0,20}violat|violat.{0,30}polic|safety|harmful"
    r"|inappropriate|prohibited content",
    re.IGNORECASE,
)
"""How a prompt is refused for what it says, with status 403; another prompt may pass."""
_LONG_QUOTA = re.compile(r"per.?(?:day|week|month)|daily|weekly|monthly|\b[RT]PD\b", re.IGNORECASE)
"""How a quota of a day or longer is said to be used up."""
_AGAIN_IN = re.compile(r"(?:try again|retry)(?: after| in)? ((?:[\d.]+\s*[a-z]+[\s,]*)+)", re.IGNORECASE)
_OUTAGE = frozenset({"connection", "server-error", "timeout", "rate-limited"})


class Remedy(StrEnum):
    """What to do about a fault."""

    RETRY = "retry"
    GIVE_UP = "give-up"  # this call; others may succeed
    DOUBT = "doubt"  # this call, or all of them: what others meet decides
    STOP = "stop"  # no call can succeed


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One call that failed.

    Attributes:
        reason: A word to count by, as in `GenerationError`.
        message: What the server or the connection said.
        remedy: What to do.
        retry_after: Seconds the server asked to wait; None if it did not.
        status: Of HTTP; 0 if there was none.
        parameter: Field of the request's body that the server refuses; "" if it names none.
        usage: What the server counted for it all the same; None if it did not.
        long_quota: Whether a quota of a day or longer is used up.
        answer_began: Whether something of an answer came.
        is_unreachable: Whether no connection came about, as where nothing listens.
        is_last: Whether another call for the request is not worth its price, as far as this is no outage's doing.
    """

    reason: str
    message: str
    remedy: Remedy = Remedy.RETRY
    retry_after: float | None = None
    status: int = 0
    parameter: str = ""
    usage: Usage | None = None
    long_quota: bool = False
    answer_began: bool = False
    is_unreachable: bool = False
    is_last: bool = False

    @property
    def may_be_outage(self) -> bool:
        """Whether every call would meet it while the endpoint is down, overloaded or asked too often."""
        return self.remedy is Remedy.RETRY and self.reason in _OUTAGE and not self.answer_began

    @property
    def may_be_prompt(self) -> bool:
        """Whether it may be this prompt that the server cannot bear, which no other call would tell."""
        return self.reason == "timeout" or self.status == HTTPStatus.INTERNAL_SERVER_ERROR


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
            said = _said(error)
            wait = _wait(error, said, now)
            fault = _fault_of_status(error.status_code, code, f"HTTP {error.status_code}: {said}", wait)
            return replace(fault, status=error.status_code, parameter=_refused_field(error, said))
        case openai.APITimeoutError():
            return Fault(reason="timeout", message="no answer within the time limit")
        case openai.APIConnectionError():
            cause = f"{type(error.__cause__).__name__}: {error.__cause__}" if error.__cause__ else str(error)
            unreachable = type(error.__cause__).__name__ == "ConnectError"  # of httpx or httpx2, as the client has it
            return Fault(reason="connection", message=f"the connection failed ({cause.rstrip(': ')})", is_unreachable=unreachable)
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
    if status == HTTPStatus.FORBIDDEN and _MODERATED.search(f"{code} {message}"):
        return Fault(reason="moderated", message=message, remedy=Remedy.GIVE_UP)
    is_bad_key = status == HTTPStatus.UNAUTHORIZED or (status in (400, 403) and _BAD_KEY.search(message))
    if is_bad_key or status in (402, 403, 404) or code in _QUOTA | _HOPELESS:
        doubtful = status in (402, 403, 404) and not is_bad_key
        return Fault(reason="refused", message=message, remedy=Remedy.DOUBT if doubtful else Remedy.STOP)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Fault(reason="rate-limited", message=message, retry_after=wait, long_quota=bool(_LONG_QUOTA.search(message)))
    if status in _TRANSIENT or status >= 500:
        return Fault(reason="server-error", message=message, retry_after=wait)
    return Fault(reason="bad-request", message=message, remedy=Remedy.GIVE_UP)


def _wait(error: openai.APIStatusError, said: str, now: float) -> float | None:
    """Seconds that the server asks to wait: in its headers, or in words such as "Please try again in 7m12s"."""
    headers, limited = error.response.headers, error.status_code == HTTPStatus.TOO_MANY_REQUESTS
    asked = retry_after(headers, now=now)
    if asked is not None or not limited:
        return asked
    spelled = _AGAIN_IN.search(said)
    seconds = spelled_seconds(spelled[1].strip().rstrip(".")) if spelled else None
    return renewal(headers, now=now, refused=True) if seconds is None else seconds


def _refused_field(error: openai.APIStatusError, said: str) -> str:
    if error.status_code not in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY):
        return ""
    named = (_word(error.param) or next(iter(_FIELD.findall(said)), "")).lower()
    field = "stream" if named == "streaming" else named.partition(".")[0]  # such as text.format
    code = _word(error.code) or _word(error.type)
    return field if code in ("unsupported_parameter", "unsupported_value") or _UNSUPPORTED.search(said) else ""


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

"""What the headers of an answer say about when to ask again.

Servers tell it in a dozen forms; each is read as seconds from now.
"""

import datetime as dt
import email.utils
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["renewal", "retry_after", "spelled_seconds"]

_ALLOWANCE = re.compile(r"(?:x|anthropic)-ratelimit-(?:(\w[\w-]*)-)?(remaining|reset)(?:-([\w-]+))?")
"""Such as x-ratelimit-remaining-tokens, x-ratelimit-reset and anthropic-ratelimit-requests-reset."""
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|milliseconds?|h|hours?|m|min|minutes?|s|sec|seconds?|d|days?)(?![a-z])", re.IGNORECASE)
_UNITS = {"ms": 0.001, "mi": 0.001, "h": 3600.0, "m": 60.0, "s": 1.0, "d": 86400.0}
_EPOCH = 1e9  # a number beyond is a moment and no duration: 2001 in seconds since the epoch
_EPOCH_IN_MS = 1e11


@dataclass(slots=True)
class _Allowance:
    remaining: float | None = None
    reset: float | None = None


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
        seconds = _number(headers.get(name, ""))
        if seconds is not None:
            return max(0.0, seconds * unit)
    text = headers.get("retry-after", "")
    spelled = spelled_seconds(text)
    return spelled if spelled is not None else _seconds_until(_timestamp(text), headers, now)


def renewal(headers: Mapping[str, str], *, now: float, refused: bool) -> float | None:
    """Seconds until what a server allows is renewed, by its `x-ratelimit-*` headers.

    Args:
        headers: Of the response, names case-insensitive.
        now: Seconds since the epoch, used if the server sends no `Date`.
        refused: Whether it refused the call for its limits. Then one of them is used up, whatever it says of what remains.

    Returns:
        The longest time to renewal of what is used up; None where nothing is.
    """
    found: dict[str, _Allowance] = {}
    for name in headers:
        match = _ALLOWANCE.fullmatch(name.lower())
        if match is None:
            continue
        allowance = found.setdefault(f"{match[1] or ''}{match[3] or ''}", _Allowance())
        if match[2] == "remaining":
            allowance.remaining = _number(headers[name])
        else:
            allowance.reset = _reset(headers[name], headers, now)
    known = [each for each in found.values() if each.reset is not None]
    used_up = [each.reset for each in known if each.reset is not None and each.remaining is not None and each.remaining <= 0]
    if used_up:
        return max(used_up)
    return min((each.reset for each in known if each.reset is not None), default=None) if refused else None


def spelled_seconds(text: str) -> float | None:
    """Seconds of a duration with units, such as "6m0s", "1h2m3.5s", "20ms" or "2 minutes"; None if the text is none."""
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text).strip(" ,"):
        return None
    return sum(float(number) * _unit(unit.lower()) for number, unit in parts)


def _unit(name: str) -> float:
    return _UNITS["m"] if name.startswith("min") else _UNITS[name[:2] if name[:2] in _UNITS else name[:1]]


def _reset(text: str, headers: Mapping[str, str], now: float) -> float | None:
    number = _number(text)
    if number is None:
        spelled = spelled_seconds(text)
        return spelled if spelled is not None else _seconds_until(_timestamp(text), headers, now)
    if number > _EPOCH:
        return _seconds_until(number / 1000 if number > _EPOCH_IN_MS else number, headers, now)
    return max(0.0, number)


def _seconds_until(moment: float | None, headers: Mapping[str, str], now: float) -> float | None:
    if moment is None:
        return None
    date = _timestamp(headers.get("date", ""))
    return max(0.0, moment - (now if date is None else date))


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _timestamp(date: str) -> float | None:
    parsed = email.utils.parsedate_tz(date)
    try:
        if parsed is not None:
            return float(email.utils.mktime_tz(parsed))
        moment = dt.datetime.fromisoformat(date)
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()
    except (ValueError, OverflowError):
        return None

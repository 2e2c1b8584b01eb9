"""How long servers ask to wait."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.server_wishes import renewal, retry_after, spelled_seconds

TEN = 1767607200.0  # Mon, 05 Jan 2026 10:00:00 GMT


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after-ms": "250", "retry-after": "3"}, 0.25),
        ({"retry-after-ms": "soon", "retry-after": "3"}, 3.0),
        ({"retry-after": "-1"}, 0.0),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "Mon, 05 Jan 2026 10:00:30 GMT"}, 30.0),
        ({"retry-after": "Mon, 05 Jan 2026 09:00:00 GMT"}, 0.0),
        ({"retry-after": "Mon, 05 Jan 2026 12:00:30 GMT", "date": "Mon, 05 Jan 2026 12:00:00 GMT"}, 30.0),
        ({"retry-after": "tomorrow"}, None),
        ({"retry-after": "1m30s"}, 90.0),
        ({"retry-after": "2026-01-05T10:01:00Z"}, 60.0),
    ],
    ids=str,
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    """Milliseconds come before seconds, a date is read against the server's clock if it tells the time, nonsense is nothing."""
    assert retry_after(headers, now=TEN) == seconds


@given(st.dictionaries(st.sampled_from(["retry-after", "retry-after-ms", "date"]), st.text()))
def test_any_header_is_survived(headers: dict[str, str]) -> None:
    """Whatever servers send, the wait is a time or nothing."""
    seconds = retry_after(headers, now=TEN)
    assert seconds is None or (math.isfinite(seconds) and seconds >= 0)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1s", 1.0),
        ("6m0s", 360.0),
        ("20ms", 0.02),
        ("1h2m3.5s", 3723.5),
        ("2 minutes", 120.0),
        ("1d", 86400.0),
        ("7 hours, 5 min", 25500.0),
        ("12", None),
        ("soon", None),
        ("3 apples", None),
        ("", None),
    ],
)
def test_spelled_durations(text: str, seconds: float | None) -> None:
    assert spelled_seconds(text) == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(
    ("headers", "refused", "seconds"),
    [
        ({}, True, None),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "12s"}, False, 12.0),
        ({"x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "12s"}, False, None),
        ({"x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "12s"}, True, 12.0),
        (
            {
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-reset-requests": "12s",
                "x-ratelimit-remaining-tokens": "0",
                "x-ratelimit-reset-tokens": "6m0s",
            },
            False,
            360.0,
        ),
        ({"x-ratelimit-reset-requests": "12s", "x-ratelimit-reset-tokens": "3s"}, True, 3.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1767607260"}, False, 60.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1767607260000"}, False, 60.0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "45"}, False, 45.0),
        ({"anthropic-ratelimit-tokens-remaining": "0", "anthropic-ratelimit-tokens-reset": "2026-01-05T10:00:30Z"}, False, 30.0),
        ({"x-ratelimit-remaining-tokens-day": "0", "x-ratelimit-reset-tokens-day": "3h"}, False, 10800.0),
        ({"x-ratelimit-remaining-tokens": "none", "x-ratelimit-reset-tokens": "soon"}, True, None),
    ],
    ids=str,
)
def test_renewal_of_limits(headers: dict[str, str], refused: bool, seconds: float | None) -> None:
    """Durations, moments in seconds, milliseconds or ISO 8601; the longest of what is used up, the shortest where none is said to be."""
    assert renewal(headers, now=TEN, refused=refused) == seconds


@given(
    st.dictionaries(
        st.sampled_from(
            ["x-ratelimit-remaining", "x-ratelimit-reset", "x-ratelimit-reset-tokens", "x-ratelimit-remaining-tokens"]
        ),
        st.text(),
    ),
    st.booleans(),
)
def test_any_limit_is_survived(headers: dict[str, str], refused: bool) -> None:
    seconds = renewal(headers, now=TEN, refused=refused)
    assert seconds is None or (math.isfinite(seconds) and seconds >= 0)

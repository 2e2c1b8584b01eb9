"""How long servers ask to wait."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.api_faults import retry_after

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

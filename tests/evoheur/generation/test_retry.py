"""The retry policy by itself."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.api_faults import Fault, Remedy
from evoheur.generation.retry import RetryPolicy, Tried

FAULTS = st.builds(
    Fault, reason=st.just("rate-limited"), message=st.just("slow down"), retry_after=st.one_of(st.none(), st.floats(0, 1e6))
)


def run(outcomes: Sequence[Fault | str], waits: list[float], *, attempts: int = 5, limit: float = 100.0) -> Tried[str]:
    """Play outcomes, each call taking a second; waits are recorded instead of waited."""
    now = 0.0
    played = iter(outcomes)

    async def call() -> str | Fault:
        nonlocal now
        now += 1.0
        return next(played)

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    policy = RetryPolicy(
        max_attempts=attempts,
        max_wait_seconds=limit,
        longest_wait_seconds=20.0,
        sleep=sleep,
        clock=lambda: now,
        throttled=lambda seconds, _reason: waits.append(seconds),
    )
    return asyncio.run(policy.run(call))


@given(faults=st.lists(FAULTS, max_size=7), attempts=st.integers(1, 6), limit=st.floats(1, 100))
def test_bounds_hold_for_any_faults(faults: list[Fault], attempts: int, limit: float) -> None:
    """Never more calls than allowed, no call after the time limit, no wait beyond the longest, and time adds up."""
    waits: list[float] = []
    tried = run([*faults, "done"], waits, attempts=attempts, limit=limit)
    assert tried.attempts <= min(attempts, len(faults) + 1)
    assert len(waits) == tried.attempts - 1
    assert all(0 <= wait <= 21 for wait in waits)
    assert tried.seconds == pytest.approx(sum(waits) + tried.attempts)
    assert tried.seconds <= limit + 1.001  # the last call itself takes a second
    assert isinstance(tried.result, Fault) or (tried.result, tried.attempts) == ("done", len(faults) + 1)


def test_what_cannot_get_better_is_not_tried_again() -> None:
    """Faults of this prompt and faults of everything end the calls at once."""
    for remedy in (Remedy.GIVE_UP, Remedy.STOP):
        fault = Fault(reason="bad-request", message="no", remedy=remedy)
        waits: list[float] = []
        assert run([fault, "never"], waits) == Tried(result=fault, attempts=1, seconds=1.0)
        assert waits == []

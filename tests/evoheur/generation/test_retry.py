"""The retry policy by itself."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.api_faults import Fault, Remedy
from evoheur.generation.retry import Tried
from tests.evoheur.generation.support.gates import Endpoint

FAULTS = st.builds(
    Fault, reason=st.just("bad-reply"), message=st.just("what?"), retry_after=st.one_of(st.none(), st.floats(0, 1e6))
)


def run(outcomes: Sequence[Fault | str], *, attempts: int = 5) -> tuple[Tried[str], Endpoint]:
    """Play outcomes, each call taking a second."""
    played = iter(outcomes)

    async def answer(_name: str) -> str | Fault:
        await endpoint.time.sleep(1.0)
        return next(played)

    endpoint = Endpoint(answer, max_attempts=attempts)
    return endpoint.time.run(endpoint.ask("a")), endpoint


@given(faults=st.lists(FAULTS, max_size=7), attempts=st.integers(1, 6))
def test_bounds_hold_for_any_faults(faults: list[Fault], attempts: int) -> None:
    """Never more calls than allowed, no wait beyond the longest, and time adds up."""
    tried, endpoint = run([*faults, "done"], attempts=attempts)
    assert tried.attempts <= min(attempts, len(faults) + 1)
    assert len(endpoint.waits) == tried.attempts - 1
    assert all(0 <= wait <= 61 for wait, _ in endpoint.waits)
    assert tried.seconds == pytest.approx(sum(wait for wait, _ in endpoint.waits) + tried.attempts)
    assert isinstance(tried.result, Fault) or (tried.result, tried.attempts) == ("done", len(faults) + 1)


@pytest.mark.parametrize("remedy", [Remedy.GIVE_UP, Remedy.STOP])
def test_what_cannot_get_better_is_not_tried_again(remedy: Remedy) -> None:
    """Faults of this prompt and faults of everything end the calls at once."""
    fault = Fault(reason="bad-request", message="no", remedy=remedy)
    tried, endpoint = run([fault, "never"])
    assert tried == Tried(result=fault, attempts=1, seconds=1.0)
    assert endpoint.waits == []


def test_what_is_not_worth_another_call_is_not_tried_again() -> None:
    tried, _ = run([Fault(reason="timeout", message="cut", answer_began=True, is_last=True), "never"])
    assert isinstance(tried.result, Fault)
    assert (tried.result.remedy, tried.attempts) == (Remedy.GIVE_UP, 1)

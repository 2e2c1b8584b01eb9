"""When nothing gets through, and when to try next."""

import math

from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.api_faults import Fault
from evoheur.generation.circuit_breaker import CircuitBreaker

DOWN = Fault(reason="server-error", message="HTTP 503", status=503)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def breaker(clock: Clock, *, minutes: float = 60.0) -> CircuitBreaker:
    return CircuitBreaker(clock, longest_wait=60.0, longest_pause=300.0, outage_seconds=60 * minutes)


def is_open(made: CircuitBreaker) -> bool:
    return made.outage is not None


def hopeless(made: CircuitBreaker) -> bool:
    return made.is_hopeless


def test_five_failures_in_a_row_open_it_and_one_answer_closes_it() -> None:
    clock = Clock()
    made = breaker(clock)
    for _ in range(4):
        made.failed(DOWN, began=clock.now)
    made.answered()
    for _ in range(4):
        made.failed(DOWN, began=clock.now)
    assert not is_open(made)
    clock.now += 5
    made.failed(DOWN, began=clock.now)
    assert made.outage is not None
    assert made.outage.since == 100.0, "when the first call of the row was sent"
    assert made.answered()
    assert not is_open(made)
    assert not made.answered()


@given(wishes=st.lists(st.one_of(st.none(), st.floats(0, 1e6)), min_size=1, max_size=30))
def test_probes_come_after_waits_that_grow_to_five_minutes(wishes: list[float | None]) -> None:
    """Whatever the server asks: not at once again and again, and not never."""
    clock = Clock()
    made = breaker(clock, minutes=math.inf)
    made.open(DOWN)
    for number, wish in enumerate(wishes, start=1):
        clock.now = made.next_at
        made.failed(Fault(reason="server-error", message="", retry_after=wish), began=clock.now)
        wait = made.next_at - clock.now
        assert min(2.0**number, 300.0) <= wait <= 301.0
    assert not made.is_hopeless


def test_calls_that_were_under_way_make_a_wait_no_longer() -> None:
    clock = Clock()
    made = breaker(clock)
    limited = Fault(reason="rate-limited", message="", retry_after=None, status=429)
    for _ in range(3):
        made.failed(limited, began=90.0)
    assert 101.0 <= made.next_at <= 102.0, "one wait of a second, and not one for each"


def test_an_outage_that_lasts_too_long_is_hopeless() -> None:
    clock = Clock()
    made = breaker(clock, minutes=10)
    made.open(DOWN)
    assert made.hopeless_at == 700.0
    clock.now = 699.0
    assert not hopeless(made)
    clock.now = 700.0
    assert hopeless(made)
    made.answered()
    assert not hopeless(made)


def test_a_daily_quota_opens_it_at_once_and_is_hopeless_if_it_is_renewed_too_late() -> None:
    clock = Clock()
    for hours, hopeless in ((0.5, False), (5.0, True)):
        made = breaker(clock, minutes=60)
        made.failed(Fault(reason="rate-limited", message="", long_quota=True, retry_after=3600 * hours), began=clock.now)
        assert made.outage is not None
        assert made.outage.renewed_at == clock.now + 3600 * hours
        assert made.is_hopeless is hopeless


def test_a_hold_is_for_all_and_no_outage() -> None:
    clock = Clock()
    made = breaker(clock)
    made.hold(20.0)
    assert made.next_at == 120.0
    made.hold(4000.0)
    assert made.next_at == 160.0
    assert not is_open(made)


def test_an_address_where_nothing_ever_answered_is_given_up_sooner_if_nothing_listens() -> None:
    """Not so where a server is there that is down, where calls were answered, or where they were in an earlier session."""
    closed = Fault(reason="connection", message="connection refused", is_unreachable=True)
    for fault, answers, before, expected in (
        (closed, False, False, 700.0),
        (DOWN, False, False, 3700.0),
        (closed, True, False, 3700.0),
        (closed, False, True, 3700.0),
    ):
        clock = Clock()
        made = CircuitBreaker(
            clock,
            longest_wait=60.0,
            longest_pause=300.0,
            outage_seconds=3600.0,
            first_seconds=600.0,
            answered_before=lambda known=before: known,  # type: ignore[misc]
        )
        if answers:
            made.answered()
        made.open(fault)
        assert made.hopeless_at == expected
        clock.now = expected - 1.0
        assert not hopeless(made)
        clock.now = expected
        assert hopeless(made)

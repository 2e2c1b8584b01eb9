"""Limits of calls and tokens a minute."""

from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.rate_window import RateWindow


@given(amounts=st.lists(st.floats(0.5, 150), min_size=1, max_size=60), limit=st.integers(1, 100))
def test_no_minute_has_more_than_the_limit(amounts: list[float], limit: int) -> None:
    """Whoever waits as told never exceeds it within any sixty seconds; what alone is more than the limit has a minute to itself."""
    now = 0.0
    window = RateWindow(limit, lambda: now)
    begun: list[tuple[float, float]] = []
    for amount in amounts:
        for _ in range(len(amounts) + 1):
            wait = window.wait(amount)
            if wait == 0:
                break
            now += wait
        assert window.wait(amount) == 0
        window.take(amount)
        begun.append((now, amount))
    for at, _ in begun:
        within = [amount for other, amount in begun if at - 60 < other <= at]
        assert sum(within) <= limit + 1e-6 or len(within) == 1 or sum(min(each, limit) for each in within) <= limit + 1e-6


def test_what_a_call_took_is_corrected() -> None:
    """A reply that was shorter than expected makes room for the next, and a longer one takes it."""
    now = 0.0
    window = RateWindow(1000, lambda: now)
    taken = window.take(900)
    assert window.wait(200) == 60.0
    taken.amount = 100
    assert window.wait(200) == 0.0
    taken.amount = 2000
    now = 30.0
    assert window.wait(1) == 30.0


def test_nothing_waits_longer_than_a_minute() -> None:
    now = 5.0
    window = RateWindow(2, lambda: now)
    window.take(1)
    now = 10.0
    window.take(1)
    assert window.wait(1) == 55.0
    assert window.wait(2) == 60.0
    now = 65.0
    assert window.wait(1) == 0.0

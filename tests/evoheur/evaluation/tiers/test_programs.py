"""Random programs give the same bits in both tiers."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.evoheur.evaluation.tiers.programs import programs
from tests.evoheur.evaluation.tiers.running import bits, defined, tiered

_SPECIAL = (0.0, -0.0, 1.0, -1.5, 1e-308, 1e300, float("inf"), float("nan"), 0.1, 3.0)


def _arguments(seed: int, n: int, *, special: bool) -> tuple[object, ...]:
    source = np.random.default_rng(seed)
    a = source.normal(size=n) * 10.0 ** source.integers(-3, 4, size=n)
    w = source.integers(-5, 50, size=n)
    if special:
        a[source.random(n) < 0.15] = source.choice(_SPECIAL)
        w[source.random(n) < 0.05] = 2**62
    return a, w, source.random((n, n)), float(source.choice(_SPECIAL)) if special else 0.75, n


def _outcome(function: object, arguments: tuple[object, ...]) -> object:
    assert callable(function)
    try:
        return bits(function(*arguments))
    except (ArithmeticError, IndexError, TypeError, ValueError, MemoryError, UnboundLocalError) as error:
        return type(error), str(error)


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(code=programs(), seed=st.integers(0, 10**6))
def test_random_programs_give_the_same_bits_or_the_same_error(code: str, seed: int) -> None:
    function, plain = tiered(code), defined(code)
    with np.errstate(all="ignore"):
        for number in range(14):
            arguments = _arguments(seed + number, (5, 9, 2)[number % 3], special=number > 4)
            assert _outcome(function, arguments) == _outcome(plain, arguments)

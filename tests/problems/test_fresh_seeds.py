"""Seeds of fresh training instances."""

from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.fresh_seeds import fresh_seed

seeds = st.integers(0, 2**31 - 1)


@given(resampled=seeds, family=st.text(max_size=20))
def test_they_are_above_all_seeds_of_splits_and_leave_room_for_thousands(resampled: int, family: str) -> None:
    """Below 2^32, which is what a `RandomState` takes."""
    assert 2**31 <= fresh_seed(resampled, family) < 2**32 - 10_000


def test_they_differ_by_family_and_by_what_they_are_made_of() -> None:
    made = {fresh_seed(number, family) for number in range(50) for family in ("uniform-60", "ring-80")}
    assert len(made) == 100


def test_they_never_change() -> None:
    """Runs are resumed by later versions."""
    assert fresh_seed(7, "uniform-60") == 2175852996

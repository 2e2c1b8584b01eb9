"""Shares of a cluster: fair, as large as can be, and never none."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.evaluation.ray.cluster_shares import RunOnCluster, in_the_way, shares


def run(wanted: int, most: int | None = None, *, held: int = 0, **claims: float) -> RunOnCluster:
    return RunOnCluster(
        holder="somebody", claims=claims or {"CPU": 1.0}, held=held, wanted=wanted, most=wanted if most is None else most
    )


@pytest.mark.parametrize(
    ("runs", "totals", "expected"),
    [
        ([run(256)], {"CPU": 16}, [16]),
        ([run(256), run(256)], {"CPU": 16}, [8, 8]),
        ([run(256), run(256), run(256)], {"CPU": 16}, [6, 5, 5]),
        ([run(2), run(256)], {"CPU": 16}, [2, 14]),
        ([run(2, 256), run(256)], {"CPU": 16}, [2, 14]),
        ([run(2, 256), run(3, 256)], {"CPU": 16}, [8, 8]),
        ([run(4), run(4)], {"CPU": 16}, [4, 4]),
        ([run(9), run(9), run(9)], {"CPU": 2}, [1, 1, 1]),
        ([run(9, CPU=0.5), run(9, CPU=2.0)], {"CPU": 4}, [4, 1]),
        ([run(9, CPU=1.0, gpu=1.0), run(9, CPU=1.0)], {"CPU": 8, "gpu": 2}, [2, 6]),
        ([run(9, east=1.0), run(9, west=1.0)], {"east": 3, "west": 4}, [3, 4]),
        ([run(5, unheard_of=1.0)], {"CPU": 4}, [1]),
    ],
)
def test_shares_by_hand(runs: list[RunOnCluster], totals: Mapping[str, float], expected: list[int]) -> None:
    """Alone, equals, more than one needs, other claims, more runs than room, resources that nobody else claims."""
    assert shares(runs, totals) == expected


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 40)), min_size=1, max_size=8), st.integers(1, 60))
def test_equal_claims_are_shared_fairly_and_wholly(wants: list[tuple[int, int]], cpus: int) -> None:
    """Nothing is left while somebody takes it, and nobody with more than another one has what that one wants."""
    runs = [run(wanted, wanted + further) for wanted, further in wants]
    given_ = shares(runs, {"CPU": cpus})
    assert all(1 <= number <= one.most for number, one in zip(given_, runs, strict=True))
    assert sum(given_) == max(len(runs), min(cpus, sum(one.most for one in runs)))
    for number, one in zip(given_, runs, strict=True):
        if number < one.wanted:
            assert max(given_) <= number + 1


def test_who_holds_what_a_run_waits_for_is_in_its_way() -> None:
    """Not who has none, not who claims something else, and nobody where the run fits nowhere."""
    busy, idle, elsewhere = run(9, held=4), run(9), run(9, held=4, gpu=1.0)
    assert in_the_way(run(1), [busy, idle, elsewhere], {"CPU": 4, "gpu": 4}) == [busy]
    assert in_the_way(run(1, CPU=8.0), [busy], {"CPU": 4}) == []

"""The fast path packs as the protocol does, bin for bin, error for error."""

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from evoheur.problem import Heuristic
from problems.bin_packing_online.instance import BinPackingInstance
from problems.bin_packing_online.protocol import NanRule
from problems.bin_packing_online.tabulate import LARGEST_TABLE, Irregular, Tabulation

from .packing import both_ways, heuristic, stream
from .random_rules import rules, streams


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(code=rules(), instances=streams(), nan=st.sampled_from(["error", "highest"]))
def test_every_rule_packs_alike_on_the_chosen_path_and_bin_by_bin(
    code: str, instances: list[BinPackingInstance], nan: NanRule
) -> None:
    """Whatever the rule does, `solve` gives the same bins as the protocol, or the same error for the same item."""
    fast, plain, path = both_ways(code, instances, nan=nan)
    event(path)
    assert fast == plain, f"{path}:\n{code}"


def test_one_table_serves_all_streams_of_a_capacity() -> None:
    """A rule is asked once per size: 3 and 5 for the first stream, 2 for the second, nothing for the third; anew for other bins."""
    asked: list[int] = []

    def counting(item: int, bins: NDArray[np.int64]) -> NDArray[np.int64]:
        asked.append(item)
        return -bins

    tabulation = Tabulation(Heuristic(code="def priority(item, bins):\n    return -bins\n", functions={"priority": counting}))
    for items, capacity in [([3, 5, 3], 8), ([5, 2, 3], 8), ([2, 2], 8), ([3], 9)]:
        tabulation.pack(np.array(items, dtype=np.int64), capacity, nan="error")
    assert asked == [3, 5, 2, 3]


def test_a_table_that_is_too_large_is_not_made() -> None:
    """Four sizes times a capacity of a quarter of the limit, plus the level 0, is beyond it; three sizes are not."""
    tabulation = Tabulation(heuristic("def priority(item, bins):\n    return -bins\n"))
    capacity = LARGEST_TABLE // 4
    with pytest.raises(Irregular, match=r"^4 item sizes x 1000001 levels are too many to tabulate"):
        tabulation.pack(np.array([1, 2, 3, 4], dtype=np.int64), capacity, nan="error")
    near = capacity - 3
    assert tabulation.pack(np.array([near, near + 1, near + 2], dtype=np.int64), capacity, nan="error").tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("return [1 / int(b - item) for b in bins]", "for size 2 it raised ZeroDivisionError"),
        ("return -bins if item != 2 else np.power(bins, item - 3)", "for size 2 it raised ValueError"),
        ("return np.where(bins > 3, 1j, 0)", "for size 2 priority returned entries of type complex128"),
        ("return bins + 2 ** 53", r"for size 2 whole scores reach 2\*\*53"),
        ("return [2 ** 53 + 0.0 if b > 4 else 2 ** 53 + 1 for b in bins]", r"for size 2 whole scores reach 2\*\*53"),
        ("w = -bins if item > 2 else 1\n    return w", "for size 2 priority returned a number"),
    ],
)
def test_what_looks_odd_takes_the_plain_path(body: str, reason: str) -> None:
    """A level rule whose answers for some size are no plain real numbers is not tabulated, and packs as it packs."""
    code = f"import numpy as np\ndef priority(item, bins):\n    {body}\n"
    chosen = heuristic(code)
    with np.errstate(all="ignore"), pytest.raises(Irregular, match=reason):
        Tabulation(chosen).pack(np.array([2, 3], dtype=np.int64), 5, nan="error")
    fast, plain, path = both_ways(code, [stream([3, 2, 4, 2], 5), stream([2, 5], 5)])
    assert fast == plain
    assert path == "plain"


def test_a_score_that_depends_on_its_place_is_noticed() -> None:
    """The table is checked against itself even if the analysis were wrong: here the function is not the one of the source."""
    code = "def priority(item, bins):\n    return -bins\n"
    tabulation = Tabulation(Heuristic(code=code, functions={"priority": lambda item, bins: np.arange(len(bins))}))
    with pytest.raises(Irregular, match="for size 2 equal bins got different scores"):
        tabulation.pack(np.array([2], dtype=np.int64), 5, nan="error")

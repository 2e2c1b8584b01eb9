"""The fast path packs as the protocol does, bin for bin, error for error."""

import copy
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from evoheur.problem import Heuristic
from evoheur.problems.bin_packing_online.instance import BinPackingInstance
from evoheur.problems.bin_packing_online.level_grid import NotByLevel
from evoheur.problems.bin_packing_online.level_heuristic import LevelHeuristic
from evoheur.problems.bin_packing_online.level_names import CANDIDATE_FAULTS
from evoheur.problems.bin_packing_online.problem import OnlineBinPacking
from evoheur.problems.bin_packing_online.protocol import NanHandling
from evoheur.problems.bin_packing_online.table import LARGEST_CAPACITY
from evoheur.problems.bin_packing_online.tabulate import Irregular, tabulated

from .support.packing import both_ways, heuristic, pack, stream
from .support.random_rules import rules, streams


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(code=rules(), instances=streams(), nan=st.sampled_from(["error", "highest"]))
def test_every_rule_packs_alike_on_the_chosen_path_and_bin_by_bin(
    code: str, instances: list[BinPackingInstance], nan: NanHandling
) -> None:
    """Whatever the rule does, `solve` gives the same bins as the protocol, or the same error for the same item."""
    fast, plain, path = both_ways(code, instances, nan=nan)
    event(path)
    assert fast == plain, f"{path}:\n{code}"


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    code=rules(loops=False),
    size=st.integers(1, 12),
    wider=st.integers(0, 12),
    chosen=st.lists(st.integers(0, 12), max_size=9),
    kind=st.sampled_from([np.int64, np.float64]),
)
def test_scores_by_level_are_those_of_any_bins(code: str, size: int, wider: int, chosen: list[int], kind: type) -> None:
    """Bit for bit and in type, for any bins in any order that an unopened one is among, with whole and with real free spaces."""
    levels: NDArray[Any] = np.arange(size, size + wider + 1).astype(kind)
    offered = np.array([*(place % levels.size for place in chosen), levels.size - 1])
    offered = offered[np.argsort(np.array([*chosen, 7]) * 5 % 13, kind="stable")]
    with np.errstate(all="ignore"):
        try:
            by_level = LevelHeuristic(code, "priority").scores(size, levels)
        except (NotByLevel, *CANDIDATE_FAULTS):
            event("not by level")
            return
        scores = heuristic(code).entry(size, levels[offered])
    event("by level")
    assert isinstance(scores, np.ndarray)
    assert scores.dtype == by_level.dtype
    assert np.array_equal(scores, by_level[offered], equal_nan=scores.dtype.kind == "f")
    if scores.dtype.kind == "f":
        zeros = scores == 0
        assert np.array_equal(np.signbit(scores[zeros]), np.signbit(by_level[offered][zeros]))


def counting(asked: list[int]) -> Heuristic:
    """A heuristic by level that keeps a list of the sizes it was asked about."""

    def priority(item: int, bins: NDArray[np.int64]) -> NDArray[np.int64]:
        asked.append(item)
        return -bins

    return Heuristic(code="def priority(item, bins):\n    return -bins\n", functions={"priority": priority})


def test_a_rule_is_asked_for_every_size_whatever_arrives() -> None:
    """So the questions tell nothing of a stream: all sizes of a capacity of 8, once each."""
    asked: list[int] = []
    tabulated(counting(asked), 8)
    assert asked == list(range(1, 9))


def test_a_table_serves_every_stream_of_its_capacity() -> None:
    """It is read once; another answer, though equal, is read again."""
    problem = OnlineBinPacking()
    table = problem.tabulate(counting([]), {"capacity": 8})
    for items in ([3, 5, 3], [5, 2, 3], [2, 2]):
        assert problem.follow(stream(items, 8), table) == pack(lambda _item, bins: -bins, items, 8)
    read = problem._read
    problem.follow(stream([3], 8), table)
    assert problem._read is read
    problem.follow(stream([3], 8), copy.deepcopy(table))
    assert problem._read is not read


@pytest.mark.parametrize("capacity", [1, 10, LARGEST_CAPACITY])
def test_an_answer_may_be_as_long_as_a_table_is(capacity: int) -> None:
    """Its scores, and every size missing, if it comes to that."""
    problem = OnlineBinPacking()
    table = problem.tabulate(heuristic("def priority(item, bins):\n    return -bins\n"), {"capacity": capacity})
    assert table is not None
    longest = len(table["scores"]) + len(json.dumps(list(range(1, capacity + 1))))
    assert longest < problem.answer_bytes(stream([1], capacity)) + 256


def test_large_bins_have_no_table() -> None:
    """Beyond the limit a table takes longer than it saves."""
    problem = OnlineBinPacking()
    assert problem.table_scope(stream([1], LARGEST_CAPACITY)) == {"capacity": LARGEST_CAPACITY}
    assert problem.table_scope(stream([1], LARGEST_CAPACITY + 1)) is None


def test_sizes_that_a_rule_does_not_score_are_missing() -> None:
    """Only a stream with such an item is packed bin by bin, and only a rule that scores no size has no table."""
    problem = OnlineBinPacking()
    picky = heuristic("def priority(item, bins):\n    return 1 / (item - 2) - bins\n")
    table = problem.tabulate(picky, {"capacity": 5})
    assert table is not None
    assert table["missing"] == [2]
    assert problem.follow(stream([3, 4], 5), table) == [0, 1]
    assert problem.follow(stream([3, 2], 5), table) is None
    assert problem.tabulate(heuristic("def priority(item, bins):\n    return bins * (1 / 0)\n"), {"capacity": 5}) is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("return -bins if item > 4 else np.power(bins, -item)", "for size 1 it raised ValueError"),
        ("return np.where(bins > 3, 1j, 0)", "line 3: makes numbers of type complex128 of the bins"),
        ("return bins + 2 ** 53", r"for size 1 whole scores reach 2\*\*53"),
        ("w = -bins if item > 2 else 1\n    return w", "returns a int, made of no bins"),
        ("return 1", "returns a int, made of no bins"),
    ],
)
def test_what_looks_odd_takes_the_plain_path(body: str, reason: str) -> None:
    """A rule whose answers for some size are no plain real numbers is not tabulated for it, and packs as it packs."""
    code = f"import numpy as np\ndef priority(item, bins):\n    {body}\n"
    with np.errstate(all="ignore"), pytest.raises(Irregular, match=reason):
        tabulated(heuristic(code), 4)
    fast, plain, path = both_ways(code, [stream([3, 2, 4, 2], 4), stream([2, 4], 4)])
    assert fast == plain
    assert path == "plain"


def test_what_memory_happens_to_hold_makes_no_table() -> None:
    """Entries that a rule leaves as np.empty gave them differ from what stands for them, or from one bin to its equal."""
    code = "import numpy as np\ndef priority(item, bins):\n    s = np.empty(len(bins))\n    s[bins > 5] = 1\n    return s\n"
    with pytest.raises(Irregular, match=r"equal bins got different scores|an array of bins got other scores"):
        tabulated(heuristic(code), 10)


def test_a_rule_that_tells_an_array_from_what_stands_for_it_has_no_table() -> None:
    """The scores of an array count, and these are not shown to be by level: here the function is not the one of the source."""
    code = "def priority(item, bins):\n    return -bins\n"
    other = Heuristic(code=code, functions={"priority": lambda item, bins: bins})
    with pytest.raises(Irregular, match="for size 1 an array of bins got other scores than what stands for it"):
        tabulated(other, 5)


def test_a_score_that_depends_on_its_place_is_noticed() -> None:
    """The table is checked against itself too: here the function is not the one of the source."""
    code = "def priority(item, bins):\n    return -bins\n"
    placed = Heuristic(code=code, functions={"priority": lambda item, bins: np.arange(len(bins))})
    with pytest.raises(Irregular, match="for size 1 equal bins got different scores"):
        tabulated(placed, 5)

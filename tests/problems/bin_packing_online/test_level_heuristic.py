"""Which rules are shown to score levels, and which must not be."""

import numpy as np
import pytest

from evoheur.problems.bin_packing_online.level_grid import NotByLevel
from evoheur.problems.bin_packing_online.level_heuristic import LevelHeuristic
from evoheur.problems.bin_packing_online.level_names import CANDIDATE_FAULTS

from .support.packing import both_ways, stream
from .support.rules_by_level import LEVEL, LOOPS, STATELESS, module
from .support.rules_not_by_level import MODULES, PLAIN, UNREPEATABLE

STREAMS = [stream([3, 5, 2, 9, 7, 1, 4, 4, 6, 3, 2, 2, 8, 5, 1, 3], 10), stream([10, 1, 9, 2, 2, 5, 5, 3], 10)]


def refusal(code: str, capacity: int = 10) -> str:
    """Why a rule is not shown to score by levels; empty if it is. What it fails on by itself counts as shown."""
    fault = ""
    try:
        rule = LevelHeuristic(code, "priority")
        for size in range(1, capacity + 1):
            try:
                with np.errstate(all="ignore"):
                    rule.scores(size, np.arange(size, capacity + 1))
            except CANDIDATE_FAULTS as error:
                fault = f"raised {type(error).__name__}"
            else:
                fault = ""
    except NotByLevel as found:
        return str(found)
    return fault


@pytest.mark.parametrize("name", LEVEL)
def test_a_rule_that_scores_levels_is_recognised(name: str) -> None:
    """And packs the same bins by table as by the protocol, with both meanings of NaN."""
    code = module(LEVEL[name])
    for nan in ("error", "highest"):
        fast, plain, path = both_ways(code, STREAMS, nan=nan)
        assert fast == plain
        # A NaN that must not win, or a size that the rule fails on: the plain path shows where.
        assert path == ("plain" if fast[-1].error else "levels")


@pytest.mark.parametrize("name", STATELESS)
def test_a_module_that_keeps_nothing_is_no_hindrance(name: str) -> None:
    """Constants, aliases and defaults that no call changes are the same for every call."""
    fast, plain, path = both_ways(STATELESS[name], STREAMS)
    assert fast == plain
    assert path == "levels"


@pytest.mark.parametrize("name", LOOPS)
def test_a_rule_that_loops_over_the_bins_is_left_to_the_plain_path(name: str) -> None:
    """Though these score by level, nothing shows it: a loop may carry something from bin to bin."""
    code = module(LOOPS[name])
    assert refusal(code).endswith(("loops over the bins", "computes with the number of bins"))
    fast, plain, path = both_ways(code, STREAMS)
    assert fast == plain
    assert path == "plain"


@pytest.mark.parametrize("name", PLAIN)
def test_a_rule_that_looks_at_more_than_one_bin_is_not(name: str) -> None:
    """The reason names what it is; the streams are packed by the protocol."""
    body, reason = PLAIN[name]
    code = module(body)
    assert reason.removeprefix("for size 1 it ") in refusal(code)
    if name not in UNREPEATABLE:
        fast, plain, path = both_ways(code, STREAMS)
        assert fast == plain
        assert path != "levels"


@pytest.mark.parametrize("name", MODULES)
def test_a_module_that_may_keep_state_is_not(name: str) -> None:
    """What stands outside of the rule can spoil it too."""
    code, reason = MODULES[name]
    assert reason.removeprefix("for size 1 it ") in refusal(code)


def test_a_refusal_names_the_line() -> None:
    """Of the rule, whichever function of the library is refused."""
    assert refusal("import numpy as np\n\ndef priority(item, bins):\n    return -bins + np.cumsum(bins)\n") == (
        "line 4: uses np.cumsum on the bins"
    )


def test_the_rule_is_found_by_its_name_and_the_last_definition_counts() -> None:
    """As it does when the module is executed."""
    first = "def other(item, bins):\n    return bins[0]\ndef priority(item, bins):\n    return bins[0]\n"
    code = f"{first}def priority(item, bins):\n    return -bins\n"
    assert not refusal(code)
    with pytest.raises(NotByLevel, match="line 2: picks bins by position or order"):
        LevelHeuristic(code, "other").scores(1, np.arange(1, 5))


def test_very_deep_code_is_left_to_the_plain_path() -> None:
    """It may be too deep to be read once more, though it was executed; how deep that is depends on the release of Python."""
    deep = "def priority(item, bins):\n    return " + "+".join(["bins"] * 20_000) + "\n"
    assert "RecursionError" in refusal(deep)


def test_the_unopened_bin_is_what_makes_the_maximum_constant() -> None:
    """Even when every other bin is full: items that fill their bins leave the capacity offered to the last one."""
    code = module("return bins.max() - bins")
    fast, plain, path = both_ways(code, [stream([10] * 6, 10)])
    assert path == "levels"
    assert fast == plain
    assert np.unique(fast[0].bins).size == 6


def is_shown_at_once(body: str) -> bool:
    """Whether one call shows for all sizes that a rule scores by levels."""
    with np.errstate(all="ignore"):
        return LevelHeuristic(module(body), "priority").is_shown_at_once(np.arange(1, 11))


@pytest.mark.parametrize(
    "body",
    [
        "return -(bins - item).astype(float)",
        "rest = bins - item\nreturn rest / (1e-9 + np.max(rest)) - (bins / bins.max()) ** (item / 2)",
        "s = np.where(bins > 2 * item, item, np.log(item) * bins)\ns[bins == item] = item ** 2\nreturn s",
        "s = np.full(len(bins), item)\ns += -item % 3\nreturn np.maximum(s, bins) - max(bins)",
        "x = bins.astype(float)\nreturn np.asarray(x).max() * bins + np.float64(2) * item",
    ],
)
def test_one_call_shows_it_for_all_sizes(body: str) -> None:
    """Where the rule decides by nothing."""
    assert is_shown_at_once(body)
    assert not refusal(module(body))


@pytest.mark.parametrize(
    "body",
    [
        "return -bins if item > 3 else bins",
        "for k in range(item):\n    bins = bins * k\nreturn bins",
        "return bins * [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11][item]",
        "return bins * len([0] * item) + len(item * [0])",
        "return bins * math.sqrt(item)",
        "return bins * {1: 2}.get(item, 3)",
        "return bins * (3 if item in (1, 2) else 4)",
        "return bins * max(item, 3)",
        "return bins * np.array([item, 3]).max()",
        "return bins * int(item)",
        "return bins if isinstance(item / 2, float) else -bins",
        "return bins if (bins ** (2 ** (item - 2))).dtype == float else -bins",
        "return bins if bins.max() > 5 else -bins",
        "bins *= -1\nreturn bins.max() - bins",
        "free = bins[:]\nfree *= -1\nreturn bins.max() - bins",
        "free = np.asarray(bins)\nnp.negative(bins, out=free)\nreturn bins.max() - bins",
        "np.nan_to_num(bins, False)\nreturn bins.max() - bins",
        "bins.fill(3)\nreturn bins.max() - bins",
        "bins[bins > 4] = 0\nreturn bins.max() - bins",
        "bins **= 2\nreturn bins.max() - bins",
        "s = bins * 1.0\ns[bins > item] = bins[bins > item]\nreturn s",
        "s = np.empty(len(bins))\ns[bins >= item] = 1\nreturn s",
        "s = np.empty_like(bins)\ns[bins >= item] = 1\nreturn s",
        "return bins / (item - 1) if False else bins * (1 / (item - 1))",
    ],
)
def test_one_call_does_not_show_it_for_all_sizes(body: str) -> None:
    """Where the item or entries may decide what happens next: then every size is asked."""
    assert not is_shown_at_once(body)

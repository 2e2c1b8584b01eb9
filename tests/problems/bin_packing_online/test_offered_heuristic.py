"""Heuristics of levels, places and all bins are packed by formulas as the protocol packs them, bin for bin."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from evoheur.problem import Heuristic
from evoheur.problems.bin_packing_online.instance import BinPackingInstance
from evoheur.problems.bin_packing_online.level_grid import NotByLevel
from evoheur.problems.bin_packing_online.offer_formula import MOST_BINS
from evoheur.problems.bin_packing_online.offered_heuristic import formulas_of
from evoheur.problems.bin_packing_online.problem import OnlineBinPacking
from evoheur.problems.bin_packing_online.protocol import NanHandling

from .support.packing import both_ways, heuristic, stream, through_json
from .support.placed_rules import placed_rules, roomy_streams


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(code=placed_rules(), instances=roomy_streams(), nan=st.sampled_from(["error", "highest"]))
def test_every_rule_packs_alike_by_formulas_and_bin_by_bin(
    code: str, instances: list[BinPackingInstance], nan: NanHandling
) -> None:
    """Ties, NaN, infinities and -0 included, whichever new bins are looked at; a rule that fails fails with the same error."""
    fast, plain, path = both_ways(code, instances, nan=nan)
    event(path)
    assert fast == plain, f"{path}:\n{code}"


def module(body: str) -> str:
    """A rule's source."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return f"import numpy as np\nimport math\ndef priority(item, bins):\n{lines}\n"


STREAMS = [stream([3, 4, 2, 5, 5, 1, 6, 2, 2, 7, 3, 1, 1, 4], 10, bins=200), stream([9, 1, 1, 8, 2, 5, 5, 10, 3], 10)]

FOLLOWED = {
    "place": "return -bins + 0 * np.arange(len(bins))",
    "rising place": "return -bins + 0.01 * np.arange(len(bins))",
    "wave": "return -bins + np.sin(np.arange(len(bins)))",
    "order of adding": "return -bins * np.mean(np.sqrt(bins)) + np.std(bins / 7)",
    "counts of levels": "return -np.abs(bins - np.mean(bins))",
    "a question about all bins": "if np.any(bins == item):\n    return bins == item\nreturn -bins - np.arange(len(bins))",
    "how many there are": "return -bins / len(bins) + (len(bins) > 1)",
    "first and last place": "s = -bins * 1.0\ns[0] = 5\ns[-1] = 4\nreturn s",
    "views": "rest = bins[:]\nrest -= item\nreturn -bins * np.arange(len(bins))",
    "where it is": "out = np.zeros(len(bins))\nnp.divide(1.0, bins - item, out=out, where=bins > item)\nreturn out - np.arange(len(bins))",
    "sum of Python's": "return -bins * sum(bins) - np.arange(len(bins))",
    "extremes of scores": "s = np.arange(len(bins)) - bins\nreturn s / (s.max() - s.min() + 1)",
    "kinds": "return (np.arange(len(bins)) < 3) | (bins == item)",
    "whole numbers": "return np.arange(len(bins)) % 4 - bins // 2",
    "filled": "return np.full(len(bins), np.mean(bins)) - np.full_like(bins, 2) * bins",
}


@pytest.mark.parametrize("name", FOLLOWED)
@pytest.mark.parametrize("nan", ["error", "highest"])
def test_what_is_followed(name: str, nan: NanHandling) -> None:
    """And packs as the protocol does."""
    fast, plain, path = both_ways(module(FOLLOWED[name]), STREAMS, nan=nan)
    assert path == "places"
    assert fast == plain


REFUSED = {
    "order": ("return np.argsort(bins)", "uses np.argsort on the bins"),
    "a place that there may not be": ("s = -bins * 1.0\ns[3] = 1\nreturn s", "writes to a place that there may not be"),
    "neighbours": ("return bins - np.roll(bins, 1)", "uses np.roll"),
    "a loop": ("return np.array([b for b in bins])", "loops over the bins"),
    "a loop over places": ("return [bins[i] for i in range(len(bins))]", "takes a number of all bins out of the formula"),
    "an answer of numbers": ("return [1.0]", "returns a list, made of no bins"),
    "some of the bins": ("return bins[np.arange(len(bins)) > 2]", "returns scores of some of the bins"),
    "a number out of it": ("return -bins * math.sqrt(len(bins))", "takes a number of all bins out of the formula"),
    "other lengths": ("return np.arange(len(bins) + 1)[1:] - bins", "another number of entries than bins"),
    "sums of places": ("return bins - np.sin(np.arange(len(bins))).sum()", "the sum of numbers that depend on places"),
    "extremes of -0": (
        "return bins - np.max(np.where(bins % 2 == 0, -0.0, 0.0))",
        "bins with NaN or -0, which depends on their order",
    ),
    "rounding in place": ("s = bins.copy()\ns[np.arange(len(bins)) > 1] = 0.5\nreturn s", "writes numbers of another kind"),
    "chance": ("return np.random.rand(len(bins))", "uses np.random.rand"),
    "state": ("global n\nn = len(bins)\nreturn bins", "keeps"),
    "many questions": (
        "k = 0\nfor i in range(8):\n    if np.mean(bins) > i:\n        k = k + 1\nreturn bins * k",
        "asks more than 6 questions about all bins at once",
    ),
    "many ways": (
        "k = 0\nfor i in range(5):\n    if np.mean(bins) > i:\n        k = k + 2 ** i\nreturn bins * k",
        "goes more than 12 ways",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_followed(name: str) -> None:
    """The reason names what it is, with the line."""
    body, reason = REFUSED[name]
    with np.errstate(all="ignore"), pytest.raises(NotByLevel) as refusal:
        formulas_of(heuristic(module(body)), 6)
    assert reason in str(refusal.value)


def test_following_is_held_against_the_heuristic() -> None:
    """Here the function is not the one of the source, as if something had been followed wrongly."""

    def other(item: int, bins: NDArray[np.int64]) -> Any:
        return -bins - 0.5 * np.arange(len(bins))

    wrong = Heuristic(code=module("return -bins - np.arange(len(bins))"), functions={"priority": other})
    with pytest.raises(NotByLevel, match="for size 1 bins got other scores than by the formula"):
        formulas_of(wrong, 6)


def test_sizes_that_fail_have_no_formula() -> None:
    """Only a stream with such an item is packed bin by bin."""
    problem = OnlineBinPacking()
    table = through_json(
        problem.tabulate(heuristic(module("return 1 / (item - 2) - bins - np.arange(len(bins))")), {"capacity": 5})
    )
    assert problem.follow(stream([3, 4], 5), table) is not None
    assert problem.follow(stream([3, 2], 5), table) is None


def test_streams_of_other_lengths_are_packed_by_the_same_formulas() -> None:
    """What is laid out for a number of bins is laid out anew."""
    problem = OnlineBinPacking()
    rule = heuristic(module("return np.arange(len(bins)) / len(bins) - bins"))
    table = through_json(problem.tabulate(rule, {"capacity": 8}))
    for items in ([3, 5, 3], [2] * 20, [3, 5, 3]):
        instance = stream(items, 8)
        assert problem.follow(instance, table) == problem.solve(rule, instance, np.random.default_rng(0))


def test_too_many_bins_are_asked_bin_by_bin() -> None:
    """Whole numbers made of places would not be exact."""
    problem = OnlineBinPacking()
    table = through_json(problem.tabulate(heuristic(module("return np.arange(len(bins))")), {"capacity": 4}))
    assert problem.follow(stream([1], 4, bins=MOST_BINS + 1), table) is None

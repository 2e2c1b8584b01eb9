"""Both packing problems on the smallest, the largest and the dullest instances, through their own frames."""

import resource
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, Problem, to_json
from evoheur.problem_loading import load_problem

PROBLEMS = ("bin_packing_offline", "bin_packing_online", "bin_packing_online_levels")
RULES: Mapping[str, str] = {
    "bin_packing_offline": "def completing(*shown):\n    return shown[5]\n",
    "bin_packing_online_levels": "def priority(*shown):\n    return -shown[6]\n",
    "bin_packing_online": "def priority(item, bins):\n    return item - bins * 1.0\n",
}
MEBIBYTE = 1024  # kibibytes, in which Linux counts what is resident


def costs(name: str, folder: Path, text: str) -> dict[str, float]:
    """Bins by first or best fit in the frame ("frame") and by every textbook rule, on an instance that is read from a file."""
    problem = load_problem(name)
    file = folder / "mine.txt"
    file.write_text(text)
    [instance] = problem.read_instances(file)
    namespace: dict[str, Any] = {}
    exec(RULES[name], namespace)
    functions = {function.__name__: namespace[function.__name__] for function in problem.functions()}
    heuristic = Heuristic(code=RULES[name], functions=functions)
    found = {"frame": problem.solve(heuristic, instance, np.random.default_rng(0))}
    found |= {rule: solver(instance) for rule, solver in problem.textbook_rules().items()}
    bound = problem.reference(instance)
    assert bound is not None
    assert bound <= min(price(problem, instance, solution) for solution in found.values())
    return {rule: price(problem, instance, solution) for rule, solution in found.items()}


def price(problem: Problem[Any], instance: Any, solution: Any) -> float:
    """What the trusted side says, in whole bins: offline a hundredth is for the fill."""
    return float(np.floor(problem.cost(instance, to_json(solution))))


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize(
    ("text", "bins"),
    [
        ("1 10 3", 1),
        ("1 1 1", 1),
        ("capacity 1\n" + "1\n" * 50, 50),
        ("capacity 7\n" + "7\n" * 50, 50),
        ("capacity 1000000000\n" + "1000000000\n" * 20, 20),
        ("capacity 1000000000\n" + "1\n" * 20, 1),
        ("capacity 1000000000\n" + "500000000\n" * 20, 10),
    ],
)
def test_every_rule_and_frame_packs_what_is_degenerate(tmp_path: Path, name: str, text: str, bins: int) -> None:
    """One item, items as large as the bins, bins of 1; there is but one number of bins for each."""
    assert set(costs(name, tmp_path, text).values()) == {bins}


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("text", ["capacity 10\n", "0 10", '{"capacity": 10, "items": []}'])
def test_no_items_are_refused(tmp_path: Path, name: str, text: str) -> None:
    """There is nothing to pack, and no gap to measure."""
    file = tmp_path / ("mine.json" if text.startswith("{") else "mine.txt")
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"has no item|list of at least one size"):
        load_problem(name).read_instances(file)


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_huge_capacity_costs_neither_memory_nor_time(tmp_path: Path, name: str) -> None:
    """Tables of 10^9 levels would be 8 GB; a thousand items have at most a thousand levels. Under 64 MiB more are resident."""
    sizes = np.random.RandomState(0).randint(1, 7 * 10**8, size=1000)
    costs(name, tmp_path, "capacity 1000\n1\n2\n")  # everything is compiled
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = costs(name, tmp_path, "capacity 1000000000\n" + "\n".join(map(str, sizes)))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * MEBIBYTE
    assert max(found.values()) < 600


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_scale_of_sizes_changes_nothing(tmp_path: Path, name: str) -> None:
    """A thousand items in bins of 100 and the same a million times larger; all rules see ratios and counts only."""
    sizes = np.random.RandomState(1).randint(1, 71, size=1000)
    small = costs(name, tmp_path, "capacity 100\n" + "\n".join(map(str, sizes)))
    assert costs(name, tmp_path, "capacity 100000000\n" + "\n".join(map(str, sizes * 10**6))) == small


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("count", [10_000, pytest.param(50_000, marks=[pytest.mark.slow, pytest.mark.nightly])])
def test_many_items_are_packed(tmp_path: Path, name: str, count: int) -> None:
    """By every rule and the frame, within the test's time; in bins of 100."""
    sizes = np.random.RandomState(2).randint(1, 71, size=count)
    found = costs(name, tmp_path, "capacity 100\n" + "\n".join(map(str, sizes)))
    assert sizes.sum() / 100 <= min(found.values()) <= max(found.values()) < 1.45 * sizes.sum() / 100

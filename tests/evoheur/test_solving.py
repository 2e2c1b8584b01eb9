"""Solving in a program of one's own, and what the documentation promises of it."""

import contextlib
import re
from pathlib import Path

import pytest

from evoheur.errors import ConfigError
from evoheur.problem_loading import load_problem
from evoheur.solving import load_heuristic, solve

DOCUMENT = Path(__file__).parents[2] / "docs" / "solving.md"
RULE = """import numpy as np

FULL = 1.0


def priority(item, bins):
    return _fullest(bins)


def _fullest(bins):
    return -FULL * np.asarray(bins)
"""


def test_a_file_solves_with_its_own_helpers(tmp_path: Path) -> None:
    """6, 5 and 4 in bins of 10 by best fit: the 4 goes beside the 6."""
    (tmp_path / "rule.py").write_text(RULE)
    (tmp_path / "mine.txt").write_text("3 10 6 5 4")
    problem = load_problem("bin_packing_online")
    [instance] = problem.read_instances(tmp_path / "mine.txt")
    solution = solve(problem, tmp_path / "rule.py", instance)
    assert (solution, problem.cost(instance, solution)) == ([0, 1, 0], 2.0)


def test_a_file_that_lacks_a_function_is_refused(tmp_path: Path) -> None:
    """Offline packing, item by item, needs two."""
    (tmp_path / "rule.py").write_text("def order_scores(items, capacity):\n    return items\n\nfit_scores = 3\n")
    problem = load_problem("bin_packing_offline", {"item_by_item": True})
    with pytest.raises(ConfigError, match=r"rule\.py does not define fit_scores, which OfflineBinPacking calls"):
        load_heuristic(problem, tmp_path / "rule.py")
    with pytest.raises(ConfigError, match="There is no file"):
        load_heuristic(problem, tmp_path / "none.py")


def test_the_lines_of_the_document_run_as_they_stand(tmp_path: Path) -> None:
    """Three lines and their imports, on a heuristic and an instance of the names that they use."""
    [lines] = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), flags=re.DOTALL)
    (tmp_path / "heuristic.py").write_text(
        "def priority(item, capacity, arrived, mean, space, free, *others):\n    return -free\n"
    )
    (tmp_path / "mine.txt").write_text("3 10 6 5 4")
    with contextlib.chdir(tmp_path):
        exec(compile(lines, "solving.md", "exec"), {})
    assert (tmp_path / "mine.sol").read_text() == "Bin #1: 1 3\nBin #2: 2\nBins 2\n"

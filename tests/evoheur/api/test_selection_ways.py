"""Ways to solve with a set, on planted costs: what each is worth, its work by hand, and which is taken."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from evoheur.api.selection_costs import SplitCosts
from evoheur.api.selection_forms import SelectionSettings, tree_in_words
from evoheur.api.selection_pool import SelectionPool
from evoheur.api.selection_scores import SelectionScores
from evoheur.api.selection_ways import better_way, ways_of
from evoheur.errors import ConfigError
from evoheur.problem import Split
from evoheur.problem_loading import load_problem
from evoheur.run.config import EvaluationConfig
from evoheur.run.problem_config import ProblemConfig
from evoheur.selectors.decision_tree import Leaf

SPLITS: tuple[Split, ...] = ("train", "validation")
SETTINGS = SelectionSettings()


@pytest.fixture(scope="module")
def scores() -> Iterator[SelectionScores]:
    """Real instances and features; nothing is scored."""
    named = ProblemConfig(name="tsp_insertion")
    pool = SelectionPool(named=named, problem=load_problem(named.name), evaluation=EvaluationConfig(), seed=1, heuristics=())
    with SelectionScores(pool, archive="sqlite:///none.db", prefix=200, share=0.25, saying=lambda _what: None) as made:
        yield made


def is_large(family: str) -> bool:
    return int(family.rpartition("-")[2]) >= 100


def planted(scores: SelectionScores, split: Split, effect: float) -> SplitCosts:
    """Heuristic 1 costs 3 everywhere; heuristic 2 is better by the effect on families of 100 cities or more, else worse by thrice it."""
    families = [instance.family for instance in scores.instances(split).instances]
    rows = len(families)
    special = np.array([is_large(family) for family in families])
    alone = np.column_stack([np.full(rows, 3.0), np.where(special, 3.0 - effect, 3.0 + 3.0 * effect)])
    return SplitCosts(
        families=families,
        weights=np.full(rows, 1.0 / rows),
        alone=alone,
        selected=alone,
        probes=np.column_stack([np.full(rows, 7.0), np.full(rows, 8.0)]),
        shares=[0.25] * rows,
        oracle=alone.min(axis=1),
        oracle_size=2,
        textbook={"regret_insertion": np.full(rows, 4.0)},
    )


def test_specialists_of_families_are_told_apart(scores: SelectionScores) -> None:
    """The tree saves what the oracle would, at the work of one run, and is taken; probing is misled by its probes and is not."""
    notes: list[str] = []
    costs = {split: planted(scores, split, 1.0) for split in SPLITS}
    selectors, rows = ways_of([1, 2], costs, scores, SETTINGS, notes)
    known = {row.name: row for row in rows}
    assert list(known) == ["single best", "tree over 2", "probing 2", "run all 2", "oracle", "textbook:regret_insertion"]
    assert {name: row.work["validation"] for name, row in known.items()} == {
        "single best": 1.0,
        "tree over 2": 1.0,
        "probing 2": 1.5,
        "run all 2": 2.0,
        "oracle": 2.0,
        "textbook:regret_insertion": 1.0,
    }
    share = float(np.mean([is_large(family) for family in costs["train"].families]))
    assert known["run all 2"].worths["train"] == pytest.approx(3.0 - share)
    assert known["tree over 2"].worths["train"] == pytest.approx(3.0 - share)
    assert known["tree over 2"].families["train"] == known["run all 2"].families["train"]
    for name in ("single best", "probing 2"):
        assert known[name].worths == pytest.approx({"train": 3.0, "validation": 3.0})
    assert tree_in_words(selectors[2])[1] == "if cities > 90: heuristic 2"
    assert selectors[2].saved == pytest.approx(6 / 9)  # of the families, on which it saves 1
    assert notes == []
    chosen = better_way(rows, SETTINGS, online=False)
    assert (chosen.way, chosen.size) == ("tree", 2)
    assert better_way(rows, replace(SETTINGS, way="all"), online=False).way == "all"
    with pytest.raises(ConfigError, match="cannot be run on one stream"):
        better_way(rows, replace(SETTINGS, way="all"), online=True)


def test_without_an_effect_the_single_best_is_taken(scores: SelectionScores) -> None:
    costs = {split: planted(scores, split, 0.0) for split in SPLITS}
    selectors, rows = ways_of([2], costs, scores, SETTINGS, [])
    assert selectors[2].tree == Leaf(0)
    chosen = better_way(rows, SETTINGS, online=False)
    assert (chosen.way, chosen.size) == ("single", 1)
    assert "no selector is surely better" in chosen.reason


def test_where_a_heuristic_fails_nothing_is_said(scores: SelectionScores) -> None:
    """A member without costs on a split: what needs it has no worth there, what does not has one."""
    costs = {split: planted(scores, split, 1.0) for split in SPLITS}
    broken = costs["validation"].alone.copy()
    broken[:, 1] = np.nan
    costs["validation"].alone = costs["validation"].selected = broken
    known = {row.name: row for row in ways_of([2], costs, scores, SETTINGS, [])[1]}
    assert known["tree over 2"].worths["validation"] is None
    assert known["run all 2"].worths["validation"] is None
    assert known["single best"].worths["validation"] == pytest.approx(3.0)
    assert known["tree over 2"].families["validation"]["uniform-60"] == pytest.approx(3.0)

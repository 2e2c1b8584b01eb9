"""Files with several heuristics solve what evoheur solves, to the same solution, whatever chooses among them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from evoheur.api.selection_module import selection_module
from evoheur.api.selection_pool import PooledHeuristic, SelectionPool
from evoheur.api.set_selection import SelectedWay, SelectionRow, SelectionSettings, SetSelection, select_set
from evoheur.api.warm_starts import expressed_rules
from evoheur.problem import to_json
from evoheur.problem_loading import load_problem
from evoheur.problem_modules import bundled_problems
from evoheur.run.config import EvaluationConfig
from evoheur.run.problem_config import ProblemConfig
from evoheur.selectors.decision_tree import Fork, Leaf, Tree, chosen_by
from evoheur.selectors.learned_selector import LearnedSelector
from evoheur.solving import SeveralHeuristics
from tests.evoheur.api.support.numpy_alone import ran, with_numpy_alone
from tests.evoheur.api.test_standalone_solver import DATA, FILES, kind

ALONE = ["bin_packing_offline", "bin_packing_online_levels", "tsp_constructive", "tsp_insertion"]
TREES: dict[str, Tree] = {
    "bin": Fork("variation", 0.36, Leaf(0), Fork("large", 0.3, Leaf(1), Leaf(0))),
    "tsp": Fork("nearest", 0.8, Leaf(1), Leaf(0)),
    "cvrp": Fork("nearest", 0.95, Leaf(1), Leaf(0)),
    "multidimensional": Fork("tightness", 0.4, Leaf(1), Leaf(0)),
    "graph": Fork("density", 0.4, Leaf(1), Leaf(0)),
    "flow": Fork("jobs", 50.0, Leaf(1), Leaf(0)),
    "job": Fork("coming", 0.1, Leaf(1), Leaf(0)),
    "vrptw": Fork("width", 0.5, Leaf(1), Leaf(0)),
}
OTHER = {  # a second heuristic where the problem has but one rule that can be written
    "tsp_constructive": "def select_next_node(current, destination, unvisited, distances):\n    return int(unvisited[len(unvisited) // 2])",
    "bin_packing_offline": "import numpy as np\n\ndef completing(free, inside, left, mean, spare, size, *others):\n    return -size",
}


def planted(name: str, way: str) -> SetSelection:
    """Two heuristics of a problem, with a selector of our own."""
    problem = load_problem(name)
    codes = [*expressed_rules(problem).values(), *([OTHER[name]] if name in OTHER else [])][-2:]
    members = [PooledHeuristic(name=f"heuristic {number}", thought="A thought.", code=code) for number, code in enumerate(codes)]
    worths = {"train": 2.0, "validation": 1.0}
    return SetSelection(
        pool=SelectionPool(
            named=ProblemConfig(name=name), problem=problem, evaluation=EvaluationConfig(), seed=1, heuristics=members
        ),
        settings=SelectionSettings(prefix=100),
        members=members,
        splits=("train", "validation"),
        is_gap=True,
        online=name.startswith(("bin_packing_online", "job_shop")),
        rows=[
            SelectionRow(name="single best", way="single", size=1, worths=worths, work=dict.fromkeys(worths, 1.0), families={}),
        ],
        selectors={2: LearnedSelector(tree=TREES[kind(name)], saved=1.0, error=0.1, reason="planted")},
        chosen=SelectedWay(way=way, size=2, reason="planted"),  # type: ignore[arg-type]
        notes=(),
    )


def executed(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "several"}
    exec(compile(text.replace("njit(cache=True", "njit(cache=False"), "several.py", "exec"), names)
    return names


def by_evoheur(name: str, names: dict[str, Any]) -> SeveralHeuristics:
    return SeveralHeuristics(
        problem=name,
        settings={},
        seed=1,
        heuristics=names["HEURISTICS"],
        way=names["WAY"],
        choose=names["choose"],
        share=names["SHARE"],
        prefix=names["PREFIX"],
    )


def same_solutions(name: str, way: str, instances: Sequence[Any]) -> None:
    text = selection_module(planted(name, way))
    assert "import evoheur" not in text
    assert "from evoheur" not in text
    names = executed(text)
    problem = load_problem(name)
    several = by_evoheur(name, names)
    for instance in instances:
        assert to_json(names["solve"](*DATA[kind(name)](instance))) == several.solved(problem, instance), instance.name


@pytest.mark.parametrize(("name", "way"), [("bin_packing_online_levels", "tree"), ("tsp_insertion", "probing")])
def test_solutions_are_evoheurs(name: str, way: str) -> None:
    instances = load_problem(name).instances("train")
    same_solutions(name, way, [instances[0], instances[len(instances) // 6]])


@pytest.mark.nightly
@pytest.mark.parametrize("way", ["tree", "probing", "all"])
@pytest.mark.parametrize("name", ALONE)
def test_instances_of_the_test_split_are_solved_alike(name: str, way: str) -> None:
    if way != "all" or not name.startswith("bin_packing_online"):
        same_solutions(name, way, load_problem(name).instances("test")[::5])


def test_the_tree_is_readable_code_that_chooses_as_the_tree() -> None:
    text = selection_module(planted("bin_packing_online_levels", "tree"))
    assert (
        "    if features['variation'] <= 0.36:\n        return 0\n    if features['large'] <= 0.3:\n        return 1\n    return 0\n"
        in text
    )
    choose = executed(text)["choose"]
    for variation, large in ((0.3, 0.1), (0.36, 0.9), (0.5, 0.3), (0.5, 0.31)):
        features = {"variation": variation, "large": large}
        assert choose(features) == chosen_by(TREES["bin"], features)


def test_which_problems_files_stand_alone() -> None:
    """Those of others call evoheur."""
    written = {name: len(expressed_rules(load_problem(name))) > 1 or name in OTHER for name in bundled_problems()}
    alone = [
        name for name in bundled_problems() if written[name] and "from evoheur" not in selection_module(planted(name, "tree"))
    ]
    assert alone == ALONE


@pytest.mark.nightly
def test_running_all_is_never_worse_than_what_a_tree_chooses() -> None:
    problem = load_problem("tsp_insertion")
    instances = problem.instances("train")[:1]
    costs = {}
    for way in ("tree", "all"):
        solve = executed(selection_module(planted("tsp_insertion", way)))["solve"]
        costs[way] = [problem.cost(each, to_json(solve(each.distances))) for each in instances]
    assert all(one <= other for one, other in zip(costs["all"], costs["tree"], strict=True))


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["bin_packing_offline", "bin_packing_online_levels", "tsp_insertion", "cvrp_savings"])
def test_a_file_solves_an_instance_file(name: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """With NumPy alone where it can, else by evoheur."""
    text = selection_module(planted(name, "probing"))
    (tmp_path / "several.py").write_text(text)
    file, content = FILES[kind(name)]
    (tmp_path / file).write_text(content)
    [(_, expected)] = by_evoheur(name, executed(text)).solved_texts(tmp_path / file)
    if name in ALONE:
        alone = with_numpy_alone(tmp_path_factory.mktemp("alone") / "environment")
        assert ran(alone, tmp_path / "several.py", tmp_path / file) == expected
    else:
        [(_, solved)] = executed(text)["solve_file"](tmp_path / file)
        assert solved == expected


@pytest.mark.nightly
@pytest.mark.parametrize("problem", ["bin_packing_online_levels", "tsp_insertion"])
def test_a_file_is_worth_on_test_what_was_scored(problem: str, tmp_path: Path) -> None:
    """Trusted scores of a selector, from the sandbox, are those of what its file solves."""
    settings = SelectionSettings(sizes=(2,), test=True, way="probing")
    found = select_set(["textbook"], settings, archive=f"sqlite:///{tmp_path}/none.db", problem=problem)
    row = next(row for row in found.rows if row.way == "probing")
    loaded: Any = load_problem(problem)
    solve = executed(selection_module(found))["solve"]
    gaps: dict[str, list[float]] = {}
    for instance in loaded.instances("test"):
        cost = loaded.cost(instance, to_json(solve(*DATA[kind(problem)](instance))))
        gaps.setdefault(instance.family, []).append(100.0 * (cost / loaded.reference(instance) - 1.0))
    assert {family: sum(each) / len(each) for family, each in gaps.items()} == pytest.approx(row.families["test"])

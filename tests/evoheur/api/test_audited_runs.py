"""Whole runs with an audit: a planted heuristic that knows the training instances is named, honest ones are not."""

import inspect
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from evoheur import BestAudited, Result, discover, load_problem, open_archive, resume
from evoheur.api.gallery_entries import gallery_entries
from evoheur.candidate import AUDIT
from evoheur.observers.conclusions import audit_of
from evoheur.observers.run_summary import print_summary
from evoheur.problem import Heuristic
from evoheur.run.events import Event
from tests.evoheur.cli.conftest import _own_folder, tiny_settings
from tests.evoheur.cli.support.invoking import evoheur

__all__ = ["_own_folder"]

LOOKS_UP = """
import numpy as np

NEXT = {next}


def select_next_node(current_node, destination_node, unvisited_nodes, distance_matrix):
    known = NEXT.get(round(float(distance_matrix[0, 1]), 3), [])
    if known and known[current_node] in unvisited_nodes:
        return int(known[current_node])
    return int(unvisited_nodes[np.argmin(distance_matrix[current_node, unvisited_nodes])])
"""
LOOKS_AHEAD = """
import numpy as np


def select_next_node(current_node, destination_node, unvisited_nodes, distance_matrix):
    left = distance_matrix[np.ix_(unvisited_nodes, unvisited_nodes)].mean(axis=1)
    return int(unvisited_nodes[np.argmin(distance_matrix[current_node, unvisited_nodes] - 0.3 * left)])
"""


def knows_train() -> str:
    """A heuristic that looks up the good tour of every training instance, and else goes to the nearest city."""
    problem, known = load_problem("tsp_constructive"), {}
    for instance in problem.instances("train"):
        shown: list[np.ndarray[Any, Any]] = []

        def looking(current: int, _end: int, unvisited: Any, distances: Any, shown: list[Any] = shown) -> int:
            shown.append(distances)
            return int(unvisited[0])

        problem.solve(Heuristic(code="", functions={"select_next_node": looking}), instance, np.random.default_rng(0))
        tour = problem.textbook_rules()["greedy_2opt_oropt"](instance).tolist()
        following = dict(zip(tour, [*tour[1:], tour[0]], strict=True))
        known[round(float(shown[0][0, 1]), 3)] = [following[city] for city in range(len(tour))]
    assert len(known) == len(problem.instances("train"))
    return LOOKS_UP.format(next=known)


def settings(**changes: Any) -> dict[str, Any]:
    return {
        "problem": "tsp_constructive",
        "strategy": {"kind": "es"},
        "generator": {"kind": "mutator"},
        "seeds": [{"source": "planted", "code": knows_train()}, {"source": "honest", "code": LOOKS_AHEAD}],
        "evaluation": {"executor": {"kind": "local", "slots": 1}},
        "budget": {"evaluations": 2},
        "audit": {"candidates": 10, "instances": 16},
        **changes,
    }


def summary_of(result: Result) -> str:
    written = io.StringIO()
    print_summary(Console(width=400, file=written), result.stopped)
    return written.getvalue()


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Nothing but train chooses, so that the planted one is the champion."""
    return discover(settings(validation={"top": 0}), archive=tmp_path_factory.mktemp("audit") / "a.db", name="planted")


def test_a_planted_overfitter_is_named(planted: Result) -> None:
    """It leads by much on train, and does no better than the nearest city on fresh instances."""
    assert planted.best is not None
    assert planted.best.id == "planted/1"
    verdict = audit_of(planted.best, planted.stopped.baseline)
    assert verdict is not None
    assert verdict.overfitted
    assert verdict.train is not None
    assert verdict.audit is not None
    assert verdict.train.value > 10
    assert verdict.audit.value == 0
    assert "planted/1 is overfitted: it leads the problem's own heuristic by" in summary_of(planted)


def test_show_names_it_too(planted: Result) -> None:
    shown = evoheur("show", "planted/1", "--archive", planted.archive)
    assert "planted/1 is overfitted" in " ".join(shown.out.split())
    document = evoheur("show", "planted/1", "--archive", planted.archive, "--json").document
    assert document["audit"]["overfitted"] is True
    assert document["audit"]["lost"]["low"] > 0


def test_an_honest_champion_is_not_named(tmp_path: Path) -> None:
    only = settings(seeds=[{"source": "honest", "code": LOOKS_AHEAD}], budget={"evaluations": 1})
    result = discover(only, archive=tmp_path / "a.db", name="honest")
    assert result.best is not None
    verdict = audit_of(result.best, result.stopped.baseline)
    assert verdict is not None
    assert not verdict.overfitted
    text = summary_of(result)
    assert "Audit: honest/1 leads the problem's own heuristic by" in text
    assert "overfitted" not in text


FIRST_CALLS = {
    "bin_packing_offline": "left == 1.0",
    "cvrp_savings": "progress == 0.0 and variant == 0.0",
    "tsp_insertion": "share < STATE[1]",
}
"""Problem → by what a heuristic sees that another instance begins; the gallery has a good one for each."""
SHOWN = {
    "bin_packing_offline": ["mean", "spare"],
    "cvrp_savings": ["spacing", "per_route"],
    "tsp_insertion": ["farthest", "share"],
}
"""Numbers of the first call, by which an instance can be known again."""


def of_gallery(name: str) -> str:
    [found] = [entry for entry in gallery_entries().values() if entry.shipped and entry.document.problem == name]
    return found.code


def knows_train_of(name: str) -> str:
    """The problem's own heuristic, but on training instances, which it knows by heart, the gallery's."""
    problem, known = load_problem(name), set()
    [function] = problem.functions()
    names = list(inspect.signature(function).parameters)
    for instance in problem.instances("train"):
        first: list[tuple[float, ...]] = []

        def looking(*arguments: Any, first: list[Any] = first) -> Any:
            seen = dict(zip(names, arguments, strict=True))
            first.append(tuple(round(float(seen[each]), 9) for each in SHOWN[name]))
            return function(*arguments)

        problem.solve(Heuristic(code="", functions={function.__name__: looking}), instance, np.random.default_rng(0))
        known.add(first[0])
    assert len(known) > 0.9 * len(problem.instances("train"))
    good = of_gallery(name).replace(f"def {function.__name__}(", "def good(")
    own = inspect.getsource(function).replace(f"def {function.__name__}(", "def own(")
    called, key = ", ".join(names), ", ".join(f"round(float({each}), 9)" for each in SHOWN[name])
    return f"""
{good}

{own.replace("NDArray[np.float64]", "np.ndarray")}

KNOWN = {known}
STATE = [False, 2.0]


def {function.__name__}({called}):
    if {FIRST_CALLS[name]}:
        STATE[0] = ({key}) in KNOWN
    STATE[1] = {"share" if name == "tsp_insertion" else "0.0"}
    return good({called}) if STATE[0] else own({called})
"""


@pytest.mark.nightly
@pytest.mark.parametrize("name", FIRST_CALLS)
@pytest.mark.parametrize("overfitted", [True, False])
def test_who_knows_the_training_instances_is_named_and_who_is_good_is_not(name: str, overfitted: bool, tmp_path: Path) -> None:
    """The gallery's heuristic, and one that uses it on training instances only; both are equal there."""
    code = knows_train_of(name) if overfitted else of_gallery(name)
    config = settings(
        problem=name, seeds=[{"source": "planted", "code": code}], budget={"evaluations": 1}, validation={"top": 0}, audit=True
    )
    result = discover(config, archive=tmp_path / "a.db", name="one")
    assert result.best is not None
    verdict = audit_of(result.best, result.stopped.baseline)
    assert verdict is not None
    assert verdict.train is not None
    assert verdict.train.value > 0
    assert verdict.overfitted is overfitted
    assert ("one/1 is overfitted" in summary_of(result)) is overfitted


def test_an_overfitter_is_named_while_the_run_goes_on(tmp_path: Path) -> None:
    """As soon as it is the best so far at an interval; later ones are not looked at before."""
    heard: list[BestAudited] = []

    class Hearing:
        def notify(self, event: Event) -> None:
            if isinstance(event, BestAudited):
                heard.append(event)

    config = settings(budget={"evaluations": 6}, audit={"instances": 16, "every": 2})
    discover(config, archive=tmp_path / "a.db", name="live", observers=[Hearing()])
    assert [event.candidate.id for event in heard] == ["live/1"]
    assert heard[0].verdict.overfitted


def test_audits_are_small_equal_and_made_once(scheduling: str, tmp_path: Path) -> None:
    """One candidate for every 20 evaluations; a run that goes on has the same instances, and what was scored stays."""
    result = discover(tiny_settings(scheduling), archive=tmp_path / "a.db", name="r")
    with open_archive(result.archive) as archive:
        audited = [record for record in archive.candidates("r") if AUDIT in record.evaluations]
    assert {record.candidate.id for record in audited} == {0, result.best.candidate.id if result.best else -1}
    before = {record.id: record.evaluations[AUDIT] for record in audited}
    again = resume("r", {"budget.evaluations": 12}, archive=tmp_path / "a.db")
    with open_archive(again.archive) as archive:
        after = {record.id: record.evaluations.get(AUDIT) for record in archive.candidates("r")}
    assert {number: after[number] for number in before} == before
    names = [[each.instance for each in found.results] for found in after.values() if found is not None]
    assert all(name == names[0] for name in names)


def test_a_run_without_an_audit_says_why(scheduling: str, tmp_path: Path) -> None:
    """In the summary and to observers; problems that draw no fresh instances are looked at where the reasons are."""
    result = discover(tiny_settings(scheduling, audit=False), archive=tmp_path / "a.db", name="r")
    assert result.stopped.no_audit == "audit.candidates is 0"
    assert "No audit: audit.candidates is 0." in summary_of(result)
    assert not [record for record in result.stopped.best if AUDIT in record.evaluations]

"""Budgets of generations; and the ends of runs at a target or without progress, with many requests in flight."""

from pathlib import Path
from typing import Any

import pytest

from evoheur import ConfigError, Event, RequestSent, RunStarted, discover, resume
from evoheur.archive.archive import Archive
from evoheur.archive.records import Told, Totals
from evoheur.candidate import Candidate
from evoheur.request import RequestKind
from evoheur.run.budget import Budget
from tests.evoheur.run.support.fakes import FakeConfig
from tests.support.one_guest import ONE_GUEST

EOH = {"kind": "eoh", "population_size": 3, "parents": 2, "initial": 4}
REEVO = {"kind": "reevo", "population_size": 4, "initial": 5}
ES = {"kind": "es", "parents": 2, "children": 5}


def settings(problem: str, strategy: dict[str, Any], budget: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "problem": problem,
        "strategy": strategy,
        "generator": {"kind": FakeConfig().kind},
        "budget": budget,
        "evaluation": ONE_GUEST,
        "in_flight": 16,
        "name": "r",
        "validation": {"top": 0},
        **more,
    }


@pytest.mark.parametrize(
    ("strategy", "requests"),
    [
        ({**EOH, "generational": True}, 4 + 3 * 15),
        ({**EOH, "initial": 20}, 20 + 3 * 15),
        ({**EOH, "generational": True, "offspring": "operator-by-operator"}, 4 + 3 * 15),
        ({**EOH, "generational": True, "offspring": "drawn"}, 4 + 3 * 3),
        ({**ES, "generational": True}, 3 * 5),
        ({**ES, "generational": True, "initial": 4, "seed_with_baseline": False}, 4 + 3 * 5),
        ({**REEVO, "generational": True}, 5 + 3 * (4 + 4 + 1 + 2)),
    ],
    ids=["eoh", "eoh-steady", "eoh-v0.1", "eoh-v0.2", "es", "llamea", "reevo"],
)
def test_so_many_generations_are_asked_whole(tmp_path: Path, scheduling: str, strategy: dict[str, Any], requests: int) -> None:
    """Nothing less, and nothing of the next one, with 16 in flight."""
    result = discover(settings(scheduling, strategy, {"generations": 3}), archive=tmp_path / "a.db")
    assert (result.status, result.reason) == ("finished", "budget of 3 generations used")
    assert result.spent.requests == requests
    assert result.spent.pending == 0


@pytest.mark.parametrize("strategy", [ES, REEVO, {"kind": "hsevo", "population_size": 4, "initial": 5}])
def test_in_steady_state_it_ends_too(tmp_path: Path, scheduling: str, strategy: dict[str, Any]) -> None:
    """Where a generation ends with its last outcome, what is in flight then is of the next one; it is told, and nothing follows."""
    result = discover(settings(scheduling, strategy, {"generations": 3}), archive=tmp_path / "a.db")
    assert (result.reason, result.spent.pending) == ("budget of 3 generations used", 0)
    assert result.spent.evaluations >= 3 * 4


def test_a_larger_budget_goes_on_as_if_there_had_been_no_end(tmp_path: Path, scheduling: str) -> None:
    """What was kept back at the end is asked then; and without a larger one there is nothing to do."""
    config = settings(scheduling, {**EOH, "generational": True}, {"generations": 2}, tell_order="asked")
    discover(config, archive=tmp_path / "a.db")
    assert resume("r", archive=tmp_path / "a.db").was_finished
    again = resume("r", {"budget.generations": 4}, archive=tmp_path / "a.db")
    assert (again.reason, again.spent.requests) == ("budget of 4 generations used", 4 + 4 * 15)
    discover({**config, "budget": {"generations": 4}}, archive=tmp_path / "b.db")
    codes = []
    for name in ("a", "b"):
        with Archive.open(f"sqlite:///{tmp_path}/{name}.db") as archive:
            found = archive.log(archive.run("r").id)
            codes.append(
                [
                    one.outcome.code
                    for one in found
                    if isinstance(one, Told) and isinstance(one.outcome, Candidate) and one.outcome.id
                ]
            )
    assert codes[0] == codes[1]


@pytest.mark.parametrize("kind", ["mcts_ahd", "funsearch", "map_elites", "random", "opro", "lhns", "portfolio"])
def test_a_strategy_without_generations_refuses_a_budget_of_them(tmp_path: Path, scheduling: str, kind: str) -> None:
    with pytest.raises(
        ConfigError, match=rf"budget\.generations is 3, but the strategy {kind} has no generations; limit budget\."
    ):
        discover(settings(scheduling, {"kind": kind}, {"generations": 3}), archive=tmp_path / "a.db")
    assert not (tmp_path / "a.db").exists()


def test_the_hint_names_generations() -> None:
    assert Budget(generations=30).extended(Totals(evaluations=500)) == "budget.generations=60"
    assert Budget(generations=30, evaluations=500).extended(Totals(evaluations=500)) == "budget.evaluations=1000"


@pytest.mark.parametrize("budget", [{"target": 16.0, "evaluations": 400}, {"stagnation": 30}])
def test_nothing_is_asked_once_a_goal_is_reached(tmp_path: Path, scheduling: str, budget: dict[str, Any]) -> None:
    """With 16 in flight: the request behind the outcome that reaches it is not asked, and the one before it was."""
    discover(settings(scheduling, ES, budget), archive=tmp_path / "a.db")
    with Archive.open(f"sqlite:///{tmp_path}/a.db") as archive:
        log = list(archive.log(archive.run("r").id))
    best, since, reached = float("inf"), 0, None
    for entry in log:
        if isinstance(entry, Told):
            assert isinstance(entry.outcome, Candidate)
            if entry.outcome.duplicate_of is None:
                since += 1
                if entry.outcome.objective is not None and entry.outcome.objective < best:
                    best, since = entry.outcome.objective, 0
            hit = best <= budget["target"] if "target" in budget else since >= budget["stagnation"]
            reached = entry.sequence if hit and reached is None else reached
        elif entry.kind is RequestKind.MODEL:
            assert reached is None, f"request {entry.number} was asked after the goal was reached at step {reached}"
    assert reached is not None


def test_events_say_which_generation_the_run_is_in(tmp_path: Path, scheduling: str) -> None:
    """Of every request; and of a run that goes on at its start, so that displays know how far it is."""
    config = settings(scheduling, {**EOH, "generational": True}, {"generations": 2}, tell_order="asked")
    heard: list[Event] = []

    class Hearing:
        def notify(self, event: Event) -> None:
            heard.append(event)

    discover(config, archive=tmp_path / "a.db", observers=[Hearing()])
    assert [event.generation for event in heard if isinstance(event, RequestSent)] == [0] * 4 + [1] * 15 + [2] * 15
    assert [event.generation for event in heard if isinstance(event, RunStarted)] == [0]
    heard.clear()
    resume("r", {"budget.generations": 3}, archive=tmp_path / "a.db", observers=[Hearing()])
    assert [event.generation for event in heard if isinstance(event, RequestSent)] == [3] * 15
    assert [event.generation for event in heard if isinstance(event, RunStarted)] == [2]


def test_methods_without_generations_tell_none(tmp_path: Path, scheduling: str) -> None:
    heard: list[Event] = []

    class Hearing:
        def notify(self, event: Event) -> None:
            heard.append(event)

    discover(settings(scheduling, {"kind": "random"}, {"evaluations": 3}), archive=tmp_path / "a.db", observers=[Hearing()])
    assert {event.generation for event in heard if isinstance(event, RequestSent | RunStarted)} == {None}

"""Runs whose best is looked at on fresh instances while they go on."""

import io
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from rich.console import Console

from evoheur import (
    BestAudited,
    CandidateRecord,
    Executor,
    InternalError,
    NewBest,
    OutcomeTold,
    Result,
    discover,
    open_archive,
    resume,
)
from evoheur.candidate import AUDIT, Evaluation
from evoheur.documents.event_as_document import event_document
from evoheur.documents.schemas import DOCUMENTS
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.executor import LocalConfig
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.observers.console import ConsoleObserver
from evoheur.problem import Problem
from evoheur.run.events import Event
from tests.evoheur.cli.conftest import _own_folder, tiny_settings
from tests.evoheur.run.test_simplified_runs import MUTATOR, Failing

__all__ = ["_own_folder"]


class Heard:
    """Keeps the events of a run."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def notify(self, event: Event) -> None:
        self.events.append(event)

    @property
    def audits(self) -> list[BestAudited]:
        return [event for event in self.events if isinstance(event, BestAudited)]


def settings(scheduling: str, **changes: Any) -> dict[str, Any]:
    wanted = {"generator": MUTATOR, "budget": {"evaluations": 24}, "tell_order": "asked", "seed": 3, **changes}
    return tiny_settings(scheduling, **wanted)


def records(result: Result) -> list[CandidateRecord]:
    with open_archive(result.archive) as archive:
        return archive.candidates(result.run)


@pytest.fixture(scope="module")
def heard() -> Heard:
    return Heard()


@pytest.fixture(scope="module")
def watched(scheduling: str, heard: Heard, tmp_path_factory: pytest.TempPathFactory) -> Result:
    archive = tmp_path_factory.mktemp("watched") / "some.db"
    return discover(settings(scheduling, audit={"every": 4}), archive=archive, name="r", observers=[heard])


def test_the_best_so_far_is_audited_at_intervals(watched: Result, heard: Heard) -> None:
    """Each of them was the best when it was looked at, once, and its scores are in the archive."""
    assert len(heard.audits) >= 2
    names = [each.candidate.id for each in heard.audits]
    assert len(names) == len(set(names))
    bests = {f"r/{event.candidate.id}" for event in heard.events if isinstance(event, NewBest)}
    assert set(names) <= bests
    stored = {record.id: record for record in records(watched)}
    for each in heard.audits:
        assert AUDIT in stored[each.candidate.id].evaluations
        assert each.verdict.train is not None
        assert each.verdict.audit is not None
    assert AUDIT in stored["r/0"].evaluations
    assert [record.id for record in watched.stopped.audited] == [
        name for name, record in stored.items() if AUDIT in record.evaluations and record.candidate.id
    ]


def test_nothing_is_looked_at_before_the_first_interval_is_over(heard: Heard, watched: Result) -> None:
    assert watched.status == "finished"
    first = heard.events.index(heard.audits[0])
    told = [event for event in heard.events[:first] if isinstance(event, OutcomeTold)]
    assert told[-1].totals.evaluations >= 4


def test_the_search_goes_the_same_way_without_it(watched: Result, scheduling: str, tmp_path: Path) -> None:
    alone = discover(settings(scheduling, audit=False), archive=tmp_path / "a.db", name="r")
    assert [(each.id, each.candidate.code, each.candidate.objective) for each in records(alone)] == [
        (each.id, each.candidate.code, each.candidate.objective) for each in records(watched)
    ]
    assert alone.stopped.totals.evaluations == watched.stopped.totals.evaluations
    assert not any(AUDIT in each.evaluations for each in records(alone))


def test_it_can_be_left_to_the_end(scheduling: str, tmp_path: Path) -> None:
    heard = Heard()
    done = discover(settings(scheduling, audit={"every": 0}), archive=tmp_path / "a.db", name="r", observers=[heard])
    assert heard.audits == []
    assert [record.id for record in done.stopped.audited] == [done.best.id if done.best else ""]


def test_a_resumed_run_looks_at_the_best_of_before(scheduling: str, tmp_path: Path) -> None:
    """Nothing better is found in the second session, whose best is that of the first."""
    archive = tmp_path / "a.db"
    begun = discover(settings(scheduling, budget={"evaluations": 20}, audit={"every": 0}), archive=archive, name="r")
    heard = Heard()
    resume("r", {"budget.evaluations": 24, "audit.every": 4}, archive=archive, observers=[heard])
    if not any(isinstance(event, NewBest) for event in heard.events):
        assert [each.candidate.id for each in heard.audits] == [begun.stopped.best[0].id]
    assert heard.audits


def test_displays_and_logs_tell_of_it(heard: Heard, watched: Result) -> None:
    """A line with the leads, and a document of the known form."""
    written = io.StringIO()
    observer = ConsoleObserver(Console(file=written, width=200))
    for event in heard.events:
        observer.notify(event)
    last = heard.audits[-1]
    assert f"Audit: {last.candidate.id} leads the problem's own heuristic by" in written.getvalue()
    document = event_document(last, time="2026-01-01T00:00:00Z", run="r").model_dump(mode="json", exclude_unset=True)
    TypeAdapter(DOCUMENTS["event"]).validate_python(document)
    assert (document["event"], document["candidate"]) == ("best_audited", last.candidate.id)
    assert document["audit"]["overfitted"] is last.verdict.overfitted
    assert watched.run == "r"


class FaultyAuditConfig(LocalConfig):
    """Evaluates, but not the first time on the instances of the audit."""

    kind: str = "tests.evoheur.run.test_audit_watch:FaultyAuditConfig"  # type: ignore[assignment]

    def build(self, recipe: EvaluatorRecipe, problem: Problem[Any]) -> Executor:
        return FaultyAudit(super().build(recipe, problem), 10**6, lambda: RuntimeError("unused"))


class FaultyAudit(Failing):
    """An executor with a fault of ours, that does not come again."""

    faults = 1

    async def evaluate(self, task: EvaluationTask[InstanceSet]) -> Evaluation:
        if task.instances.split == AUDIT and self.faults:
            self.faults -= 1
            raise RuntimeError("broken for a test")
        return await super().evaluate(task)


def test_a_fault_in_it_ends_the_watch_and_not_the_run(scheduling: str, tmp_path: Path) -> None:
    """It is told of, with its traceback, and everything else is done."""
    executor = {"kind": "tests.evoheur.run.test_audit_watch:FaultyAuditConfig", "slots": 1}
    config = settings(scheduling, audit={"every": 4}, evaluation={"executor": executor, "limits": {"memory_mib": 256}})
    heard = Heard()
    done = discover(config, archive=tmp_path / "a.db", name="r", observers=[heard])
    assert done.status == "finished"
    assert done.stopped.totals.evaluations == 24
    assert heard.audits == []
    assert any(isinstance(event, InternalError) and "broken for a test" in event.error for event in heard.events)

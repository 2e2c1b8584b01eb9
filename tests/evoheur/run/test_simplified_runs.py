"""Runs whose best is simplified at the end: what is stored, and that the search goes the same way with and without."""

import asyncio
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from evoheur import CandidateRecord, Executor, Preparing, Result, discover, open_archive, resume
from evoheur.candidate import AUDIT, Evaluation
from evoheur.documents.event_as_document import event_document
from evoheur.documents.event_document import RunStoppedDocument
from evoheur.errors import ExecutorError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.executor import LocalConfig
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.observers.run_summary import print_summary
from evoheur.problem import Problem
from evoheur.run.events import Event
from tests.evoheur.cli.conftest import _own_folder, tiny_settings

__all__ = ["_own_folder"]

MUTATOR = {"kind": "mutator", "max_nodes": 20}
SIMPLIFY = {"evaluations": 300, "tolerance": 0.2}


def settings(scheduling: str, **changes: Any) -> dict[str, Any]:
    wanted = {"generator": MUTATOR, "budget": {"evaluations": 16}, "tell_order": "asked", **changes}
    return tiny_settings(scheduling, **wanted)


@pytest.fixture(scope="module")
def plain(scheduling: str, tmp_path_factory: pytest.TempPathFactory) -> Result:
    return discover(settings(scheduling), archive=tmp_path_factory.mktemp("plain") / "some.db", name="r")


@pytest.fixture(scope="module")
def simplified(scheduling: str, tmp_path_factory: pytest.TempPathFactory) -> Result:
    archive = tmp_path_factory.mktemp("simplified") / "some.db"
    return discover(settings(scheduling, simplify=SIMPLIFY), archive=archive, name="r")


def records(result: Result) -> list[CandidateRecord]:
    with open_archive(result.archive) as archive:
        return archive.candidates(result.run)


def bred(result: Result) -> list[tuple[str, str, float | None]]:
    """What the search bred, in order, whatever its numbers."""
    return [
        (each.candidate.operator, each.candidate.code, each.candidate.objective)
        for each in records(result)
        if not each.is_simplified
    ]


def test_what_remains_of_the_best_is_stored_beside_it(simplified: Result) -> None:
    """With scores on train and validation that are within the tolerance, and smaller; it is audited as the whole one is."""
    whole = simplified.stopped.chosen
    assert whole is not None
    [remaining] = [record for record in records(simplified) if record.is_simplified]
    assert remaining.candidate.parents == (whole.candidate.id,)
    assert set(remaining.evaluations) == {"train", "validation", AUDIT}
    before, after = whole.evaluations, remaining.evaluations
    for split in ("train", "validation"):
        assert after[split].objective == pytest.approx(before[split].objective, abs=0.2)
    assert after["train"].measures["nodes"] < before["train"].measures["nodes"]


def test_what_remains_is_what_a_run_gives(simplified: Result) -> None:
    """Its result, its summary and its last event; the whole one is its parent, and what the run chose."""
    [remaining] = [record for record in records(simplified) if record.is_simplified]
    whole = simplified.stopped.chosen
    assert whole is not None
    assert simplified.best == simplified.stopped.simplified == remaining
    assert simplified.code == remaining.candidate.code != whole.candidate.code
    assert simplified.objective == remaining.candidate.objective
    written = io.StringIO()
    print_summary(Console(width=400, file=written), simplified.stopped)
    said = written.getvalue()
    assert f"What remains of it is {remaining.id}; `evoheur show {whole.id} --original` shows it as it was bred." in said
    assert all(f"  {line}".rstrip() in said for line in remaining.candidate.code.splitlines())
    assert f"evoheur export {remaining.id} -o heuristic.py" in said
    assert f"| {remaining.id} (simplify of {whole.candidate.id})" in said
    document = event_document(simplified.stopped, run="r", time="2026-01-01T00:00:00Z")
    assert isinstance(document, RunStoppedDocument)
    assert document.simplified is not None
    assert (document.simplified.id, document.simplified.simplified_from) == (remaining.id, whole.id)
    again = resume("r", archive=Path(simplified.archive.removeprefix("sqlite:///")))
    assert again.was_finished
    assert (again.code, again.stopped.chosen) == (simplified.code, whole)


def test_the_search_does_not_know(plain: Result, simplified: Result) -> None:
    assert bred(simplified) == bred(plain)
    assert simplified.stopped.totals.evaluations == plain.stopped.totals.evaluations == 16
    assert simplified.stopped.chosen is not None
    assert plain.best is not None
    assert simplified.stopped.chosen.id == plain.best.id


@pytest.mark.parametrize("first", [11])
def test_a_run_extended_after_that_equals_one_that_was_as_long_from_the_start(
    plain: Result, scheduling: str, tmp_path: Path, first: int
) -> None:
    """The same candidates in the same order, whose numbers leave out those of what was simplified."""
    short = settings(scheduling, simplify=SIMPLIFY, budget={"evaluations": first})
    begun = discover(short, archive=tmp_path / "some.db", name="r")
    count = sum(record.is_simplified for record in records(begun))
    extended = resume("r", {"budget.evaluations": 16}, archive=tmp_path / "some.db")
    assert bred(extended) == bred(plain)
    assert sum(record.is_simplified for record in records(extended)) >= count
    assert extended.stopped.totals.evaluations == 16
    assert [record.candidate.id for record in records(extended)] == list(range(len(records(extended))))


def test_it_is_not_simplified_twice(simplified: Result, tmp_path: Path) -> None:
    """A resumed run has a best that is simplified already, unless more was validated and another one is the best now."""
    copy = tmp_path / "some.db"
    shutil.copy(simplified.archive.removeprefix("sqlite:///"), copy)
    again = resume("r", {"validation.top": 3}, archive=copy)
    parents = [record.candidate.parents for record in records(again) if record.is_simplified]
    assert len(parents) == len(set(parents))


class FailingConfig(LocalConfig):
    """Evaluates so many candidates, and breaks."""

    kind: str = "tests.evoheur.run.test_simplified_runs:FailingConfig"  # type: ignore[assignment]
    works: int = 0
    ours: bool = True

    def build(self, recipe: EvaluatorRecipe, problem: Problem[Any]) -> Executor:
        error = RuntimeError if self.ours else ExecutorError
        return Failing(super().build(recipe, problem), self.works, lambda: error("broken for a test"))


class Failing:
    """An executor that raises after some evaluations."""

    def __init__(self, executor: Executor, works: int, error: Callable[[], Exception]) -> None:
        self._executor, self._left, self._error = executor, works, error
        self.slots, self.level = executor.slots, executor.level

    async def start(self) -> None:
        await self._executor.start()

    async def evaluate(self, task: EvaluationTask[InstanceSet]) -> Evaluation:
        await asyncio.sleep(0)
        if not self._left:
            raise self._error()
        self._left -= 1
        return await self._executor.evaluate(task)

    async def close(self) -> None:
        await self._executor.close()


class Heard:
    """Keeps what a run prepares for."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.events: list[Event] = []

    def notify(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, Preparing):
            self.steps.append(event.step)


@pytest.mark.parametrize("ours", [True, False])
def test_a_run_never_fails_because_its_best_cannot_be_simplified(ours: bool, scheduling: str, tmp_path: Path) -> None:
    """Whether evoheur's own code raises or the sandbox is broken."""
    count = 16 + 1 + 3 + 2  # candidates, baseline, validation of two and the baseline, and two more
    executor = {"kind": "tests.evoheur.run.test_simplified_runs:FailingConfig", "slots": 1, "works": count, "ours": ours}
    config = settings(scheduling, simplify=SIMPLIFY, evaluation={"executor": executor, "limits": {"memory_mib": 256}})
    heard = Heard()
    result = discover(config, archive=tmp_path / "some.db", name="r", observers=[heard])
    assert result.status == "finished"
    assert "simplifying the best" in heard.steps
    assert not any(record.is_simplified for record in records(result))
    said = "\n".join([*heard.steps, *map(repr, heard.events)])
    assert "broken for a test" in said

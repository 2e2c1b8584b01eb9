"""Solutions kept at the end of a run: those of the chosen candidate and the baseline, at the archive's costs; nothing else changes."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from evoheur import Executor, Preparing, Result, discover, load_problem, open_archive, resume
from evoheur.archive.archive import Archive
from evoheur.candidate import Evaluation
from evoheur.errors import ExecutorError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.executor import LocalConfig, LocalExecutor
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem import Json, Problem
from evoheur.run.events import Event
from evoheur.run.solution_keeping import price_difference
from tests.evoheur.cli.conftest import _own_folder, tiny_settings

__all__ = ["_own_folder"]

FAILING = "tests.evoheur.run.test_solution_keeping:FailingSolverConfig"


class FailingSolver(LocalExecutor):
    """Solves nothing, or hands out longer solutions than there are."""

    fault = "raises"

    async def solve(self, task: EvaluationTask[InstanceSet]) -> tuple[Evaluation, list[Json]]:
        evaluation, solutions = await super().solve(task)
        if self.fault == "raises":
            raise RuntimeError("broken for a test")
        if self.fault == "breaks":
            raise ExecutorError("no guest for a test")
        return evaluation, [20 * solution for solution in solutions]


class FailingSolverConfig(LocalConfig):
    """Makes one of them."""

    kind: str = FAILING  # type: ignore[assignment]
    fault: str = "raises"

    def build(self, recipe: EvaluatorRecipe, problem: Problem[Any]) -> Executor:
        made = FailingSolver([recipe.make(problem)])
        made.fault = self.fault
        return made


class Heard:
    """Keeps what a run prepares for."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def notify(self, event: Event) -> None:
        if isinstance(event, Preparing):
            self.steps.append(event.step)


def run(scheduling: str, archive: Path, *observers: Any, **changes: Any) -> Result:
    return discover(tiny_settings(scheduling, **changes), archive=archive, name="r", observers=list(observers))


def kept(archive: Path, number: int) -> dict[str, Any]:
    with open_archive(archive) as opened:
        return opened.solutions("r", number).get("validation", {})


@pytest.fixture(scope="module")
def finished(scheduling: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    archive = tmp_path_factory.mktemp("kept") / "some.db"
    return archive, run(scheduling, archive)


def test_solutions_of_the_chosen_candidate_and_the_baseline_cost_what_the_archive_says(
    finished: tuple[Path, Result], scheduling: str
) -> None:
    """One instance of every family of validation; priced by the problem, outside the sandbox."""
    archive, result = finished
    problem = load_problem(scheduling)
    instances = {instance.name: instance for instance in problem.instances("validation")}
    families = {instance.family for instance in instances.values()}
    assert result.best is not None
    for record in (result.best, result.stopped.baseline):
        found = kept(archive, record.candidate.id)
        assert sorted(instances[name].family for name in found) == sorted(families)
        scored = {each.instance: each.cost for each in record.evaluations["validation"].results}
        for name, solution in found.items():
            assert problem.cost(instances[name], solution) == scored[name]
    others = set(range(1, 10)) - {result.best.candidate.id}
    assert not any(kept(archive, number) for number in others)


def test_a_run_that_keeps_none_is_the_same_run(finished: tuple[Path, Result], scheduling: str, tmp_path: Path) -> None:
    archive, result = finished
    heard = Heard()
    without = run(scheduling, tmp_path / "some.db", heard, solutions=False)
    with open_archive(archive) as one, open_archive(tmp_path / "some.db") as other:
        pairs = list(zip(one.candidates("r"), other.candidates("r"), strict=True))
    for mine, its in pairs:
        assert (mine.candidate.code, mine.candidate.objective) == (its.candidate.code, its.candidate.objective)
        assert {split: each.objective for split, each in mine.evaluations.items()} == {
            split: each.objective for split, each in its.evaluations.items()
        }
    assert without.best is not None
    assert kept(tmp_path / "some.db", without.best.candidate.id) == kept(tmp_path / "some.db", 0) == {}
    assert not any("solution" in step for step in heard.steps)
    assert result.stopped.totals.evaluations == without.stopped.totals.evaluations


def test_a_resumed_run_keeps_those_of_its_new_best(scheduling: str, tmp_path: Path) -> None:
    archive = tmp_path / "some.db"
    run(scheduling, archive, budget={"evaluations": 4})
    again = resume("r", {"budget.evaluations": 9}, archive=archive)
    assert again.best is not None
    assert kept(archive, again.best.candidate.id)


@pytest.mark.parametrize(("fault", "words"), [("raises", "RuntimeError: broken for a test"), ("breaks", "no guest for a test")])
def test_a_run_never_fails_because_nothing_can_be_kept(fault: str, words: str, scheduling: str, tmp_path: Path) -> None:
    executor = {"kind": FAILING, "slots": 1, "fault": fault}
    evaluation = {"sandbox": {"kind": "process"}, "executor": executor, "limits": {"memory_mib": 256}}
    heard = Heard()
    result = run(scheduling, tmp_path / "some.db", heard, evaluation=evaluation)
    assert result.status == "finished"
    assert any("keeping no more solutions" in step and words in step for step in heard.steps)
    assert kept(tmp_path / "some.db", 0) == {}


def test_long_solutions_are_named_and_not_kept(scheduling: str, tmp_path: Path) -> None:
    """1,200 decisions take more than a KiB."""
    executor = {"kind": FAILING, "slots": 1, "fault": "hands out long ones"}
    evaluation = {"sandbox": {"kind": "process"}, "executor": executor, "limits": {"memory_mib": 256}}
    heard = Heard()
    result = run(scheduling, tmp_path / "some.db", heard, evaluation=evaluation, solutions={"kib": 1})
    assert result.status == "finished"
    assert len([step for step in heard.steps if "bytes are more than solutions.kib" in step]) == 2
    assert kept(tmp_path / "some.db", 0) == {}


def test_an_executor_that_hands_out_none_is_stood_in_for(scheduling: str, tmp_path: Path) -> None:
    """As on a cluster, whose workers send scores only."""
    executor = {"kind": "tests.evoheur.run.test_simplified_runs:FailingConfig", "slots": 1, "works": 1000}
    evaluation = {"sandbox": {"kind": "process"}, "executor": executor, "limits": {"memory_mib": 256}}
    result = run(scheduling, tmp_path / "some.db", evaluation=evaluation)
    assert result.status == "finished"
    assert kept(tmp_path / "some.db", 0)


def test_what_is_kept_already_is_not_solved_again(finished: tuple[Path, Result], tmp_path: Path) -> None:
    copy = tmp_path / "some.db"
    shutil.copy(finished[0], copy)
    heard = Heard()
    resume("r", {"validation.top": 3}, archive=copy, observers=[heard])
    assert "keeping solutions of the best" not in heard.steps


def test_another_price_than_the_archives_is_put_into_words(finished: tuple[Path, Result]) -> None:
    archive, _ = finished
    with Archive.open(f"sqlite:///{archive}", read_only=True) as opened:
        record = opened.candidate("r", 0)
    first = record.evaluations["validation"].results[0]
    assert price_difference(record, "validation", first.instance, first.cost) == ""
    assert price_difference(record, "validation", first.instance, -1.0) == f"it costs -1.0, and was scored with {first.cost!r}"
    with pytest.raises(ExecutorError, match="no score on 'nowhere' of validation"):
        price_difference(record, "validation", "nowhere", 1.0)

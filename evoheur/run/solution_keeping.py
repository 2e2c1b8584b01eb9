"""Keeping a few solutions at the end of a run, so that they can be drawn later.

The chosen candidate and the baseline solve some validation instances once more, in the sandbox. Nothing else of a run depends on it, and no
run fails by it: what goes wrong is said, and nothing is kept of it.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from evoheur.archive.archive import Archive
from evoheur.archive.records import CandidateRecord, RunRecord
from evoheur.candidate import Evaluation, Status
from evoheur.errors import ExecutorError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem import Json, Split
from evoheur.run.events import Events, Preparing
from evoheur.run.selection_config import KeptSolutionsConfig
from evoheur.run.textbook_evaluations import TextbookEvaluations

__all__ = ["SolutionKeeping", "Solver", "price_difference"]

_SPLIT: Split = "validation"


class Solver(Protocol):
    """Solves instances with a candidate, and hands out the solutions."""

    async def solve(self, task: EvaluationTask[InstanceSet]) -> tuple[Evaluation, list[Json]]:
        """Score a candidate; its solutions, in the order of the instances, if the score is OK."""

    async def close(self) -> None:
        """End what it has started."""


@dataclass(frozen=True, kw_only=True)
class SolutionKeeping:
    """Solves and keeps.

    Attributes:
        run: Whose candidates solve.
        archive: Where solutions go.
        rules: Has the instances.
        config: How many, and how large.
        solver: The run's own executor, if it hands out solutions; None otherwise.
        spare: Makes a solver for this once where `solver` is None.
        events: Hear what is done, and what went wrong.
    """

    run: RunRecord
    archive: Archive
    rules: TextbookEvaluations
    config: KeptSolutionsConfig
    solver: Solver | None
    spare: Callable[[], Solver]
    events: Events

    async def keep(self) -> None:
        """Solve what is not kept yet, and keep it."""
        if not self.config.instances:
            return
        [found] = await asyncio.gather(self._keep_missing(), return_exceptions=True)
        if isinstance(found, Exception):
            self._say(f"keeping no more solutions, since that failed ({type(found).__name__}: {found})")
        elif found is not None:
            raise found

    async def _keep_missing(self) -> None:
        wanted = [(record, instances) for record in self._solvers() if (instances := self._missing(record)) is not None]
        if not wanted:
            return
        self._say("keeping solutions of the best")
        async with self._solving() as solver:
            tasks = [EvaluationTask(code=record.candidate.code, instances=instances) for record, instances in wanted]
            solved = await asyncio.gather(*map(solver.solve, tasks), return_exceptions=True)  # so that all of them are over
        for (record, instances), found in zip(wanted, solved, strict=True):
            if isinstance(found, BaseException):
                raise found
            self._store(record, instances, *found)

    def _solvers(self) -> list[CandidateRecord]:
        """The chosen candidate and the baseline, as far as they were scored on validation."""
        records = [self.archive.chosen(self.run.name), self.archive.candidate(self.run.name, 0)]
        known = {record.candidate.id: record for record in records if record is not None}
        return [record for record in known.values() if _SPLIT in record.evaluations]

    def _missing(self, record: CandidateRecord) -> InstanceSet | None:
        if record.evaluations[_SPLIT].status is not Status.OK:
            return None
        instances = self.rules.instances(_SPLIT)
        families = {instance.family for instance in instances.instances}
        few = instances.few(min(self.config.instances, len(families)))
        kept = self.archive.solutions(self.run.name, record.candidate.id).get(_SPLIT, {})
        return None if all(instance.name in kept for instance in few.instances) else few

    @asynccontextmanager
    async def _solving(self) -> AsyncIterator[Solver]:
        if self.solver is not None:
            yield self.solver
            return
        spare = self.spare()
        try:
            yield spare
        finally:
            await spare.close()

    def _store(self, record: CandidateRecord, instances: InstanceSet, evaluation: Evaluation, solutions: list[Json]) -> None:
        if evaluation.status is not Status.OK:
            self._say(f"keeping no solution of {record.id}: {evaluation.status.value}, {evaluation.detail}")
            return
        kept: dict[str, Json] = {}
        for instance, result, solution in zip(instances.instances, evaluation.results, solutions, strict=True):
            difference = price_difference(record, _SPLIT, instance.name, result.cost)
            size = len(json.dumps(solution))
            if difference:
                self._say(f"keeping no solution of {record.id} on {instance.name}: {difference}")
            elif size > 1024 * self.config.kib:
                self._say(
                    f"keeping no solution of {record.id} on {instance.name}: its {size:,} bytes are more than solutions.kib"
                )
            else:
                kept[instance.name] = solution
        self.archive.keep_solutions(self.run.id, record.candidate.id, _SPLIT, kept)

    def _say(self, words: str) -> None:
        self.events.emit(Preparing(step=words))


def price_difference(record: CandidateRecord, split: str, instance: str, cost: float | None) -> str:
    """Words for a solution with another cost than its candidate's in the archive; "" for the same.

    Args:
        record: The candidate.
        split: Of the instance.
        instance: Its name.
        cost: Of the solution, priced by trusted code.

    Raises:
        ExecutorError: The archive has no score of the candidate on this instance.
    """
    evaluation = record.evaluations.get(split)
    scored = [] if evaluation is None else [result.cost for result in evaluation.results if result.instance == instance]
    if not scored:
        raise ExecutorError(f"{record.id} has no score on {instance!r} of {split}, beside which its solution could be priced.")
    return "" if cost == scored[0] else f"it costs {cost!r}, and was scored with {scored[0]!r}"

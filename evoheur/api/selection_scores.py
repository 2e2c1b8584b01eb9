"""Costs of the heuristics of a set, and of what selectors do with them, from the sandbox; each made once."""

from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import numpy as np

from evoheur.api.interruption import run_alone
from evoheur.api.selection_pool import PooledHeuristic, SelectionPool
from evoheur.archive.archive import Archive
from evoheur.archive.connection import can_be_written
from evoheur.candidate import Evaluation, Status
from evoheur.code.screening import screen
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.executor import Executor, LocalConfig
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.online import OnlineProblem
from evoheur.problem import SPLITS, Instance, Split
from evoheur.run.assemble import make_executor
from evoheur.run.instance_source import InstanceSource
from evoheur.strategies.complementary import result_worths

__all__ = ["SelectionScores", "worths_of"]


class SelectionScores:
    """Scores of a pool's heuristics on the splits, and on the small instances on which they are tried.

    A context manager, which ends the guest.

    Args:
        pool: The heuristics, their problem, and how they are evaluated.
        archive: Where scores of runs' candidates are stored that were not there yet.
        prefix: How many arrivals of an online instance a selector may see.
        share: How much of another instance heuristics are tried on.
        saying: Hears what is being scored.
    """

    def __init__(self, pool: SelectionPool, *, archive: str, prefix: int, share: float, saying: Callable[[str], None]) -> None:
        self._pool = pool
        self._archive = archive
        self._prefix = prefix
        self._share = share
        self._saying = saying
        source = InstanceSource.of(pool.problem, pool.named, memory_mib=pool.evaluation.limits.memory_mib)
        self._source = source
        self._sets: dict[str, InstanceSet] = {}
        self._made: dict[tuple[str, str], Evaluation] = {}
        self._executor: Executor | None = None
        pool.problem.warm_up()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._executor is not None:
            run_alone(self._executor.close)

    def _make_executor(self) -> Executor:
        """One guest for all, on this machine."""
        pool = self._pool
        alone = pool.evaluation.model_copy(update={"executor": LocalConfig(slots=1)})
        return make_executor(pool.problem, pool.named, alone, seed=pool.seed)

    def instances(self, split: str) -> InstanceSet:
        """The instances of a split; of "probe:SPLIT" the small ones that go with them."""
        if split not in self._sets:
            if split in SPLITS:
                self._sets[split] = self._source.split(_split(split))
            else:
                whole = self.instances(split.partition(":")[2])
                self._sets[split] = whole.changed(self._pool.problem, self._small)
        return self._sets[split]

    @property
    def can_probe(self) -> bool:
        """Whether heuristics can be tried on a part of an instance."""
        first = self.instances("train").instances[0]
        return self.is_online or self._pool.problem.coarse(first, self._share) is not None

    @property
    def is_online(self) -> bool:
        """Whether what a heuristic has decided stays so."""
        return isinstance(self._pool.problem, OnlineProblem)

    def features(self, split: Split) -> list[Mapping[str, float]]:
        """What a selector may know of each instance of a split: of an online one, of its first arrivals only."""
        problem = self._pool.problem
        shown = [self._small(instance) if self.is_online else instance for instance in self.instances(split).instances]
        return [dict(problem.features(instance)) for instance in shown]

    def shares(self, split: Split) -> list[float]:
        """How much of each instance its probe is, in calls of a heuristic; in arrivals where it is online."""
        problem = self._pool.problem
        whole, small = self.instances(split).instances, self.instances(f"probe:{split}").instances
        if isinstance(problem, OnlineProblem):
            return [len(problem.arrivals(one)) / len(problem.arrivals(all_)) for one, all_ in zip(small, whole, strict=True)]
        calls = [(problem.heuristic_calls(one), problem.heuristic_calls(all_)) for one, all_ in zip(small, whole, strict=True)]
        return [one / all_ if one and all_ else self._share for one, all_ in calls]

    def _small(self, instance: Instance) -> Instance:
        problem = self._pool.problem
        if isinstance(problem, OnlineProblem):
            part: Instance = problem.with_arrivals(instance, problem.arrivals(instance)[: self._prefix])
            return part
        made: Instance | None = problem.coarse(instance, self._share)
        assert made is not None, "asked only where there are some"
        return made

    def known(self, heuristic: PooledHeuristic, split: str) -> Evaluation | None:
        """The stored evaluation of a heuristic on a split; None where there is none that can be used."""
        stored = heuristic.evaluations.get(split)
        wanted = self.instances(split)
        names = [instance.name for instance in wanted.instances]
        if stored is None or heuristic.seed != self._pool.seed or [each.instance for each in stored.results] != names:
            return None
        return stored

    def evaluations(self, codes: Mapping[str, str], split: str) -> dict[str, Evaluation]:
        """Score sources on the instances of a split, each once.

        Args:
            codes: Name → source.
            split: As `instances` takes it.

        Raises:
            ExecutorError: The guest cannot be started.
        """
        lacking = {name: code for name, code in codes.items() if (code, split) not in self._made}
        if lacking:
            instances = self.instances(split)
            scale_probe = self._pool.evaluation.scale_probe and split in SPLITS
            if self._executor is None:
                self._executor = self._make_executor()
            executor = self._executor

            async def work() -> None:
                for name, code in lacking.items():
                    self._saying(f"{name} on {split}")
                    task = EvaluationTask(code=code, instances=instances, probe=True, scale_probe=scale_probe)
                    self._made[code, split] = await executor.evaluate(task)

            run_alone(work)
        return {name: self._made[code, split] for name, code in codes.items()}

    def of_heuristics(self, heuristics: Sequence[PooledHeuristic], split: str) -> list[Evaluation]:
        """The evaluations of heuristics that have their source; those made here are stored with their candidates."""
        stored = {each.name: found for each in heuristics if split in SPLITS and (found := self.known(each, split)) is not None}
        made = self.evaluations({each.name: each.code for each in heuristics if each.name not in stored}, split)
        self._store([(each, made[each.name]) for each in heuristics if each.name in made and split in {"validation", "test"}])
        return [stored.get(each.name) or made[each.name] for each in heuristics]

    def turned_away(self, heuristic: PooledHeuristic) -> str | None:
        """Why a heuristic is not run: what the screen says of what a generator wrote."""
        return (
            None
            if heuristic.record is None
            else screen(heuristic.code, self._pool.evaluation.screen.allowing(self._pool.problem.libraries))
        )

    def _store(self, scored: Sequence[tuple[PooledHeuristic, Evaluation]]) -> None:
        kept = [
            (each.run.id, each.record.candidate.id, evaluation)
            for each, evaluation in scored
            if each.run is not None and each.record is not None and each.seed == self._pool.seed
        ]
        if not kept or not can_be_written(self._archive):
            return
        with Archive.open(self._archive) as opened:
            for run, number, evaluation in kept:
                opened.record_evaluation(run, number, evaluation)


def worths_of(evaluation: Evaluation) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    """The worth of every instance, as sets are chosen by; None for one that failed."""
    return np.array(result_worths(evaluation.results)) if evaluation.status is Status.OK else None


def _split(name: str) -> Split:
    return next(split for split in SPLITS if split == name)

"""Scoring candidates, and remembering what later scores depend on: equal codes, twins, the best so far."""

import asyncio
import bisect
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.code.program import measures
from evoheur.code.screening import ScreenConfig, screen
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.executor import Executor
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.scale_probe import LOOKED_AT
from evoheur.request import RequestKind, Rescored, VariedFamily
from evoheur.run.funnel import Funnel
from evoheur.run.novelty import EarlierCandidates, NoveltyConfig, Twins
from evoheur.run.original import Original
from evoheur.run.rivals import Rivals, stopped_in
from evoheur.run.shared_evaluations import SharedEvaluations
from evoheur.run.spare_slots import SpareSlots
from evoheur.run.step import Step, StepListener
from evoheur.simplification.reduced_form import reduced_hash

__all__ = ["CandidateScoring"]


class _Training(Protocol):
    """The part of `TrainEpochs` that a pipeline needs."""

    @property
    def own(self) -> InstanceSet: ...

    async def made(self, epoch: int) -> InstanceSet: ...

    def vary(self, epoch: int, varied: Sequence[VariedFamily], *, only: bool) -> None: ...


@dataclass(kw_only=True)
class CandidateScoring(StepListener):
    """Scores what replies hold on the training instances of an epoch.

    It hears of all steps, because what a candidate is tried with depends on those that were asked and told before.

    Attributes:
        screen: What is turned away unrun.
        executor: Evaluates.
        train: The training instances of every epoch, a `TrainEpochs`.
        epoch: The newest epoch that anything was asked in.
        racing: Whether an evaluation may stop early where its outcome cannot matter any more.
        scale_probe: Whether what may become the best is tried under the symmetries of the problem.
        funnel: Drops candidates that are not among the better ones on a few instances; None where all are scored on all.
        rivals: Whom candidates race against; None where they do not.
        novelty: Which candidates take over an earlier one's score.
    """

    hears_log = True

    screen: ScreenConfig
    executor: Executor
    train: _Training
    racing: bool = True
    scale_probe: bool = True
    funnel: Funnel | None = None
    rivals: Rivals | None = None
    novelty: NoveltyConfig = field(default_factory=NoveltyConfig)

    def __post_init__(self) -> None:
        self.epoch = 0
        self._shared = SharedEvaluations(self._claiming)
        self._twins = Twins()
        self._spare = SpareSlots(self.executor.slots)
        self._bests: list[tuple[int, float]] = []  # when the best so far changed, by the log's sequence, and to which objective

    def measure(self, evaluating: Callable[[int], None]) -> None:
        """Have someone told how many evaluation slots are wanted, whenever that changes."""
        self._spare.heard = evaluating

    def begin_with(self, baseline: Candidate) -> None:
        """Take note of the problem's own heuristic, before the log is heard: it may have twins, too."""
        if baseline.evaluation.results and baseline.evaluation.status is not Status.PRUNED:
            self._twins.remember(baseline, 0)

    def remember(
        self, originals: Iterable[Original], read: Callable[[Original], Evaluation | asyncio.Future[Evaluation]]
    ) -> None:
        """Share logged evaluations with later candidates.

        Those of the same code; except an evaluation that a probe may have failed. Such a one has no results, and the code is OK for
        requests that do not ask for a probe. One that was cut short is not shared either.

        Args:
            originals: Of all epochs; in the order of telling.
            read: Gives the evaluation of one, or that in time, once a candidate shares it.
        """
        self._shared.read = read
        for original in originals:
            if not original.has_results or original.status is Status.PRUNED:
                continue
            self._enter(original.epoch)
            if original.epoch == self.epoch:
                self._shared.log(original)

    def asked(self, step: Step) -> None:
        """Take note of a new epoch, and of what its instances are drawn of."""
        if step.request.epoch > self.epoch and step.request.varied:
            self.train.vary(step.request.epoch, step.request.varied, only=step.request.is_trial)
        self._enter(step.request.epoch)

    def told(self, step: Step) -> None:
        """Take note of the best objective so far.

        So candidates that cannot be the best any more are not probed. What is tuned beside the search does not count, since the search
        must go the same way without it. What is scored again does, but for the problem's own heuristic.
        """
        objective = None
        comparable = step.request.epoch == self.epoch  # else of an earlier epoch, heard again from the log
        if self.rivals is not None:
            self.rivals.told(step.request.kind, step.request.epoch, step.told.sequence, step.outcome)
        if isinstance(step.outcome, Candidate) and step.request.kind.is_search:
            objective = step.outcome.objective
            if self.funnel is not None and step.request.kind.asks_model:
                self.funnel.told(step.request.epoch, step.told.sequence, step.outcome.evaluation)
            self._twins.remember(step.outcome, step.told.sequence, comparable=comparable)
        elif isinstance(step.outcome, Rescored) and step.outcome.candidate.id:
            objective = step.outcome.candidate.objective
            self._twins.remember(step.outcome.candidate, step.told.sequence, comparable=comparable)
        if not comparable:
            return
        if objective is not None and (not self._bests or objective < self._bests[-1][1]):
            self._bests.append((step.told.sequence, objective))

    async def _rescored(self, step: Step) -> Rescored:
        """Score a known heuristic on the instances of an epoch.

        Whatever may become the best there is probed, so all are. A twin stays what it is: it has the score of the other.
        """
        [candidate] = step.request.parents
        known = self._twins.scored_as(candidate)
        train = await self.train.made(step.request.epoch)
        scored = await self._shared.evaluation(known.code_hash, EvaluationTask(code=known.code, instances=train))
        if scored.status is Status.OK:
            scored = await self._probed_as_needed(known.code_hash, known.code, scored, train)
        return Rescored(candidate=replace(candidate, evaluation=scored))

    async def _evaluation(self, step: Step, hashed: str, code: str) -> tuple[Evaluation, Candidate | None]:
        """Score a candidate, or let it take over a score.

        Returns:
            The evaluation, and the candidate of other code that it is of, if the new one is its twin.
        """
        train = await self.train.made(step.request.epoch)
        reason = screen(code, self.screen)
        if reason is not None:
            return _rejected(reason, code, train, self.executor.level), None
        earlier = self._earlier(step)
        twin = earlier.twin_of(reduced_hash(code)) if earlier else None
        if twin is not None and twin.code_hash != hashed:
            return twin.evaluation, twin
        if self.funnel is not None and step.request.kind.asks_model:
            task = EvaluationTask(code=code, instances=train, bound=step.request.bound if self.racing else None)
            evaluation = await self._funnelled(step, hashed, task, self.funnel)
        else:
            races = self.rivals is not None and step.request.kind.asks_model
            task = EvaluationTask(
                code=code,
                instances=train,
                bound=step.request.bound if self.racing else None,
                fingerprints=earlier.fingerprints() if earlier and self.novelty.probe_states else None,
                race=self.rivals.race(train, step.asked.sequence) if races and self.rivals is not None else None,
            )
            evaluation = await self._shared.evaluation(hashed, task)
            if task.race is not None:
                evaluation = stopped_in(task.race, train, code, evaluation)
        twin = earlier.twin_of(evaluation.fingerprint) if earlier else None
        if twin is not None and (twin.code_hash != hashed or evaluation.stopped_unsolved):
            return twin.evaluation, None if twin.code_hash == hashed else twin
        if evaluation.objective is None or evaluation.objective >= self._to_beat(step):
            return evaluation, None
        return await self._probed_as_needed(hashed, code, evaluation, train), None

    def _earlier(self, step: Step) -> EarlierCandidates | None:
        """What a candidate may be a twin of; None where it must have a score of its own."""
        kind = step.request.kind
        if not self.novelty.recognises or not kind.is_search or kind is RequestKind.WARM_START:
            return None
        return self._twins.before(step.asked.sequence, self._to_beat(step)) if step.request.epoch == self.epoch else None

    async def _funnelled(self, step: Step, hashed: str, task: EvaluationTask[InstanceSet], funnel: Funnel) -> Evaluation:
        async def score(stage: int, instances: InstanceSet) -> Evaluation:
            return await self._shared.evaluation(hashed, EvaluationTask(code=task.code, instances=instances), stage=stage)

        dropped, results = await funnel.dropped(task.instances, step.asked.sequence, score)
        return dropped or funnel.with_results(task.instances, await self._shared.evaluation(hashed, task), results)

    async def _probed_as_needed(self, hashed: str, code: str, scored: Evaluation, train: InstanceSet) -> Evaluation:
        """The evaluation of what may be the best, after the probes that the problem calls for."""
        evaluation = scored
        if train.online or not scored.executed:
            evaluation = await self._probed_evaluation(hashed, code, evaluation, train)
        if train.symmetric and self.scale_probe and evaluation.status is Status.OK:
            evaluation = await self._evaluation_in_other_units(hashed, code, evaluation, train)
        return evaluation

    def _to_beat(self, step: Step) -> float:
        """The objective below which a candidate must be probed.

        It is probed before it is told. Whoever is the best so far when it is told has beaten all that were told before it was asked
        for, its parents among them. Looking at those only finds every such candidate, and does not depend on what else is finished by
        now, so that a run can be repeated.
        """
        earlier = bisect.bisect_left(self._bests, step.asked.sequence, key=lambda best: best[0])
        best = [objective for _, objective in self._bests[:earlier][-1:]]
        comparable = [parent for parent in step.request.parents if parent.evaluation.epoch == step.request.epoch]
        parents = [parent.objective for parent in comparable if parent.objective is not None]
        return min([*best, *parents], default=math.inf)

    async def _probed_evaluation(self, hashed: str, code: str, scored: Evaluation, train: InstanceSet) -> Evaluation:
        probed = await self._shared.evaluation(hashed, EvaluationTask(code=code, instances=train, probe=True))
        if probed.status is not Status.OK:
            return probed
        if not scored.executed:
            scored = replace(scored, level=probed.level)
        for before, now in zip(scored.results, probed.results, strict=True):
            if before.cost != now.cost:
                detail = f"not repeatable: {before.instance} cost {before.cost} and, the second time, {now.cost}"
                return replace(scored, status=Status.ERROR, objective=None, objective_kind=None, results=(), detail=detail)
        return scored

    async def _evaluation_in_other_units(self, hashed: str, code: str, scored: Evaluation, train: InstanceSet) -> Evaluation:
        task = EvaluationTask(code=code, instances=train.few(LOOKED_AT), scale_probe=True)
        tried = await self._shared.evaluation(hashed, task)
        return scored if tried.status is Status.OK else replace(tried, results=())

    async def _claiming(self, task: EvaluationTask[InstanceSet]) -> Evaluation:
        async with self._spare.claimed():
            return await self.executor.evaluate(task)

    def _enter(self, epoch: int) -> None:
        # With fresh instances nothing that was scored on others compares; nothing of an earlier epoch is in flight by then.
        if epoch > self.epoch:
            self.epoch = epoch
            self._shared.clear()
            self._bests.clear()
            self._twins.clear()


def _rejected(reason: str, code: str, train: InstanceSet, level: str) -> Evaluation:
    return Evaluation(
        status=Status.REJECTED,
        objective=None,
        split=train.split,
        epoch=train.epoch,
        measures=measures(code),
        level=level,
        detail=reason,
    )

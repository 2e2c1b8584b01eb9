"""One session of breeding.

Baseline, replay, then the loop with all parts that hear of its steps.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from evoheur.archive.archive import Archive
from evoheur.archive.extent import FOR_REPLAY
from evoheur.archive.records import Asked, RunRecord, Told, Totals
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.code.program import code_hash
from evoheur.errors import EvoheurError, ExecutorError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.scale_probe import LOOKED_AT
from evoheur.request import Failure, RequestKind
from evoheur.run.archive_writer import ArchiveWriter
from evoheur.run.budget import Budget
from evoheur.run.events import Events, Preparing, RunStarted
from evoheur.run.fault_net import Net, scarcity
from evoheur.run.generator_learning import GeneratorLearning
from evoheur.run.listeners import EventListener, GeneratorWatch, OutcomeListener, TotalsListener
from evoheur.run.loop import Loop, LoopEnd, StopSignal, TellOrder
from evoheur.run.pipeline import Pipeline
from evoheur.run.replay import replay
from evoheur.run.step import Step, StepListener, StepListeners
from evoheur.strategies.strategy import Strategy
from evoheur.textbook_rule import RuleClasses

__all__ = ["Breeding"]


@dataclass(kw_only=True)
class Breeding:
    """Breeds until the budget is spent.

    Attributes:
        run: The run's record.
        archive: The only writer is this session, in one thread.
        pipeline: From request to outcome.
        make_strategy: Builds a fresh strategy around the evaluated baseline.
        baseline_code: Source of the problem's own heuristic, candidate 0.
        textbook_rules: Textbook rule → evaluation on train; only passed on to observers.
        budget: When to stop.
        events: Who looks on.
        in_flight: As in `Loop`.
        tell_order: As in `Loop`.
        clock: Seconds that only move forward.
        also: More parts that hear of every step, after all others.
        classes: Of the rules; only passed on to observers.
    """

    run: RunRecord
    archive: Archive
    pipeline: Pipeline
    make_strategy: Callable[[Candidate], Strategy]
    baseline_code: str
    textbook_rules: Mapping[str, Evaluation]
    budget: Budget
    events: Events
    in_flight: int
    tell_order: TellOrder
    clock: Callable[[], float] = time.monotonic
    also: Sequence[StepListener] = ()
    classes: RuleClasses = field(default_factory=RuleClasses)

    def __post_init__(self) -> None:
        self.net = Net(self.events)
        self._counting = TotalsListener(clock=self.clock)
        self._signal = StopSignal()

    @property
    def totals(self) -> Totals:
        """Totals so far, this session included."""
        return self._counting.totals

    def stop(self, ending: LoopEnd) -> None:
        """Ask for nothing more; see `StopSignal.stop`."""
        self._signal.stop(ending)

    async def breed(self) -> LoopEnd:
        """Run until the budget is spent, or until `stop`.

        Raises:
            ExecutorError: The problem's own heuristic fails.
            ReplayDiverged: The stored log is not what the strategy does today.
            StrategyStuck: The strategy waits for nothing.
        """
        counting = self._counting = TotalsListener(self.archive.totals(self.run.id).seconds, self.clock)
        self.archive.begin_session(self.run.id)
        baseline = self.archive.baseline(self.run.id) or await self._score_baseline()
        self.events.emit(Preparing(step="replaying what was done so far"))
        strategy = self.make_strategy(baseline)
        log = self.archive.log(self.run.id, FOR_REPLAY)
        listeners = self._listeners(strategy, self._writer(baseline, log))
        pending = replay(log, strategy.ask, listeners)
        await self.pipeline.executor.start()  # nothing may have been evaluated yet, and the isolation is told now
        self._announce(baseline)
        loop = Loop(
            source=strategy,
            answering=self.pipeline,
            listeners=listeners,
            spent=lambda: self.budget.spent(counting.totals),
            caught=self._caught,
            signal=self._signal,
            in_flight=self.in_flight,
            tell_order=self.tell_order,
        )
        return await loop.run(pending)

    def _listeners(self, strategy: Strategy, writer: ArchiveWriter) -> StepListeners:
        """List the parts that hear of every step.

        To add one to runs, add it here.

        The order is that of what they rely on:

        1. The archive: a step is stored before anybody acts on it, so that a kill undoes nothing that anybody has acted on.
        2. The pipeline, which tunes too: it takes note of what its later answers depend on.
        3. The strategy: it learns before it is asked for more.
        4. The generator: one that learns does so before it is called again.
        5. The watch over the generator: it may end the run.
        6. The totals: the budget and the observers read them.
        7. The observers: they look on after the fact.
        8. What was added from outside.
        """
        return StepListeners(
            [
                writer,
                self.pipeline,
                OutcomeListener(strategy.tell),
                GeneratorLearning(self.pipeline.generator),
                GeneratorWatch(self.stop),
                self._counting,
                EventListener(self.events, self._counting),
                *self.also,
            ]
        )

    async def _score_baseline(self) -> Candidate:
        self.events.emit(
            Preparing(step="starting a guest, which compiles for itself, and evaluating the problem's own heuristic")
        )
        train = self.pipeline.train.own
        evaluation = await self.pipeline.executor.evaluate(EvaluationTask(code=self.baseline_code, instances=train))
        if evaluation.status is Status.OK and train.symmetric and self.pipeline.scale_probe:
            # Where even the problem's own rule is solved another way, all candidates would be refused.
            few = train.few(LOOKED_AT)
            tried = await self.pipeline.executor.evaluate(
                EvaluationTask(code=self.baseline_code, instances=few, scale_probe=True)
            )
            evaluation = evaluation if tried.status is Status.OK else tried
        if evaluation.status is not Status.OK:
            raise ExecutorError(
                f"The own heuristic of problem {self.run.problem!r} ends with {evaluation.status.value!r} "
                f"({' '.join(evaluation.detail.split())}), so no candidate can be judged; correct it in its problem.py."
            )
        baseline = Candidate(
            id=0,
            code=self.baseline_code,
            thought="The problem's own heuristic.",
            operator="baseline",
            parents=(),
            evaluation=evaluation,
            code_hash=code_hash(self.baseline_code),
        )
        self.archive.record_baseline(self.run.id, baseline)
        return baseline

    def _writer(self, baseline: Candidate, log: Sequence[Asked | Told]) -> ArchiveWriter:
        writer = ArchiveWriter(
            self.archive, self.run.id, paid=self.pipeline.generator.online, baseline=baseline, caught=self._caught
        )
        for entry in log:
            if isinstance(entry, Told):
                beside = entry.asked.kind is RequestKind.SIMPLIFICATION
                (writer.pass_over if beside else writer.remember)(entry.outcome)
        for original in writer.originals:
            self.pipeline.remember(original)
        return writer

    def _announce(self, baseline: Candidate) -> None:
        self.events.emit(
            RunStarted(
                run=self.run,
                level=self.pipeline.executor.level,
                slots=self.pipeline.executor.slots,
                baseline=baseline,
                textbook_rules=self.textbook_rules,
                budget=self.budget,
                totals=self.totals,
                classes=self.classes,
            )
        )

    def _caught(self, step: Step, error: BaseException) -> Failure:
        """The failure to tell in place of an exception.

        Only of one that is a fault of ours; one with a meaning of its own is raised.
        """
        short = scarcity(error)
        if short is not None:
            raise short from error
        if isinstance(error, EvoheurError) or not isinstance(error, Exception):
            raise error
        return self.net.caught(step.asked, error, "generation" if step.asked.completion is None else "parsing", self.totals)

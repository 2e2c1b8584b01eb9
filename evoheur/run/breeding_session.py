"""One session of breeding.

Baseline, replay, then the loop with all parts that hear of its steps.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

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
from evoheur.run.candidate_numbers import CandidateNumbers
from evoheur.run.course import Course
from evoheur.run.event_keeping import EventKeeping
from evoheur.run.events import Events, Preparing, RunStarted
from evoheur.run.fault_net import Net, described, scarcity
from evoheur.run.flights import TellOrder
from evoheur.run.frozen_heap import frozen_heap
from evoheur.run.generation_limit import GenerationLimit
from evoheur.run.generator_learning import GeneratorLearning
from evoheur.run.listeners import EventListener, GeneratorWatch, OutcomeListener, PriceWatch, TotalsListener
from evoheur.run.loop import Loop, LoopEnd, StopSignal
from evoheur.run.original import Original
from evoheur.run.outage_watch import OutageWatch
from evoheur.run.pipeline import Pipeline
from evoheur.run.replay import replay
from evoheur.run.reply_watch import ReplyWatch
from evoheur.run.server_writer import ServerWriter
from evoheur.run.spending_forecast import SpendingForecast
from evoheur.run.spending_watch import SpendingWatch
from evoheur.run.step import Step, StepListener, StepListeners
from evoheur.run.totals_at_tells import TotalsAtTells
from evoheur.run.waiting_times import WaitingShares, WaitingTimes
from evoheur.strategies.strategy import Strategy
from evoheur.textbook_rule import RuleClasses

__all__ = ["Breeding"]

_PAID_OR_TIMED = ("tokens", "cost_usd", "minutes")

_log = logging.getLogger(__name__)


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
        backlog: As in `Loop`.
        course: As in `Loop`.
        clock: Seconds that only move forward.
        also: More parts that hear of every step, after all others.
        stop_if_useless: Whether replies that hold no heuristics end the run; see `ReplyWatch`.
        classes: Of the rules; only passed on to observers.
        unasked_notes: Operators for notes that the strategy does without; only passed on to observers.
        has_barrier: Whether the strategy waits for outcomes by its nature; only passed on to observers.
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
    backlog: int = 0
    course: Course | None = None
    clock: Callable[[], float] = time.monotonic
    also: Sequence[StepListener] = ()
    stop_if_useless: bool = False
    classes: RuleClasses = field(default_factory=RuleClasses)
    unasked_notes: tuple[str, ...] = ()
    has_barrier: bool = False

    def __post_init__(self) -> None:
        self.net = Net(self.events)
        self._counting = TotalsListener(clock=self.clock)
        self._signal = StopSignal()
        self._spending: SpendingWatch | None = None
        self._at_tells = TotalsAtTells(clock=self.clock)
        self._waiting = WaitingTimes(self.pipeline.executor.slots, self.clock)

    @property
    def estimate(self) -> SpendingForecast | None:
        """The first estimate of this session of what the whole budget will be spent on; None before."""
        return None if self._spending is None else self._spending.first

    @property
    def totals(self) -> Totals:
        """Totals so far, this session included."""
        return self._counting.totals

    @property
    def waited(self) -> WaitingShares | None:
        """Who waited for whom in this session; None where no model is waited for."""
        return self._waiting.shares if self.pipeline.generator.online and self.course is None else None

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
        self.events.add(EventKeeping(self.archive, self.run.id))
        baseline = self.archive.baseline(self.run.id) or await self._score_baseline()
        self.events.emit(Preparing(step="replaying what was done so far"))
        strategy = self.make_strategy(baseline)
        numbers = CandidateNumbers(baseline, partial(self.archive.evaluation_on_train, self.run.id))
        writer = self._writer(numbers)
        self._spending = self._spending_watch(strategy, baseline)
        listeners = self._listeners(strategy, writer)
        self.pipeline.measure(self._waiting.evaluating)
        self.pipeline.begin_with(baseline)
        with closing(self.archive.entries(self.run.id, FOR_REPLAY)) as log:
            pending = replay(_remembered(log, numbers), strategy.ask, listeners)
        self.pipeline.remember(numbers.originals, self._read)
        await self.pipeline.executor.start()  # nothing may have been evaluated yet, and the isolation is told now
        self._announce(baseline, strategy.generation)
        if self._spending is not None:
            self._spending.live = True
        limited = GenerationLimit(strategy, self.budget)
        loop = Loop(
            source=strategy if self.budget.generations is None else limited,
            answering=self.pipeline,
            listeners=listeners,
            spent=lambda: limited.reached or self._spent(counting),
            caught=self._caught,
            signal=self._signal,
            in_flight=self.in_flight,
            tell_order=self.tell_order,
            backlog=self.backlog,
            course=self.course,
            waiting=self._waiting,
        )
        outages = OutageWatch(self.budget, lambda: self.totals, self.stop)
        self.events.add(outages)
        ending = asyncio.ensure_future(self._signal.wait())
        ending.add_done_callback(self._end_waits)
        try:
            with frozen_heap():
                return await loop.run(pending)
        except EvoheurError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the run that was paid for is to end as one that can be resumed
            return self._broken(error)
        finally:
            ending.cancel()
            outages.close()
            writer.close()

    def _spent(self, counting: TotalsListener) -> str | None:
        """The reason why nothing more may be asked; while a recording is followed, none that depends on when replies come."""
        course = self.course
        if course is None or not course.is_kept:
            return self.budget.spent(counting.totals, counting.awaited)
        if course.leads:
            return self.budget.model_copy(update=dict.fromkeys(_PAID_OR_TIMED)).spent(self._at_tells.totals)
        return self.budget.spent(counting.totals) or course.end

    def _read(self, one: Original) -> Evaluation | asyncio.Future[Evaluation]:
        """The stored evaluation of an original; from a server in time, since the loop does not wait for one."""
        read = partial(self.archive.evaluation_on_train, self.run.id, one.number, one.epoch)
        return asyncio.get_running_loop().run_in_executor(None, read) if self.archive.is_on_server else read()

    def _writer(self, numbers: CandidateNumbers) -> ArchiveWriter | ServerWriter:
        paid = self.pipeline.generator.online
        if not self.archive.is_on_server:
            return ArchiveWriter(self.archive, self.run.id, paid=paid, numbers=numbers, caught=self._caught)

        def failed(error: EvoheurError) -> None:
            self.stop(LoopEnd(status="failed", reason=str(error), error=error))

        return ServerWriter(self.archive, self.run.id, paid=paid, numbers=numbers, caught=self._caught, failed=failed)

    def _listeners(self, strategy: Strategy, writer: StepListener) -> StepListeners:
        """List the parts that hear of every step.

        To add one to runs, add it here.

        The order is that of what they rely on:

        1. The archive: a step is stored before anybody acts on it, so that a kill undoes nothing that anybody has acted on. On a server a
           request is heard of earlier, and stored before it is worked on.
        2. The pipeline, which tunes too: it takes note of what its later answers depend on. And the course that is kept to, if any.
        3. The strategy: it learns before it is asked for more.
        4. The generator: one that learns does so before it is called again.
        5. The watches over the generator and its replies: they may end the run.
        6. The totals: the budget and the observers read them.
        7. The observers: they look on after the fact.
        8. What was added from outside.
        """
        priced = self.budget.cost_usd is not None and self.pipeline.generator.knows_prices is True
        return StepListeners(
            [
                writer,
                self.pipeline,
                *([] if self.course is None else [self.course, self._at_tells]),
                OutcomeListener(strategy.tell),
                GeneratorLearning(self.pipeline.generator),
                GeneratorWatch(self.stop),
                *([ReplyWatch(self.stop)] if self.stop_if_useless else []),
                *([PriceWatch(self.stop)] if priced else []),
                self._counting,
                EventListener(self.events, self._counting, lambda: strategy.generation),
                *([self._spending] if self._spending is not None else []),
                *self.also,
            ]
        )

    def _spending_watch(self, strategy: Strategy, baseline: Candidate) -> SpendingWatch | None:
        """The estimate of what will be spent; None where replies cost nothing."""
        generator = self.pipeline.generator
        if not generator.online:
            return None
        return SpendingWatch(
            strategy,
            baseline,
            budget=self.budget,
            render=self.pipeline.render,
            price_of=generator.price_of,
            totals=lambda: self.totals,
            events=self.events,
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

    def _announce(self, baseline: Candidate, generation: int | None) -> None:
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
                unasked_notes=self.unasked_notes,
                has_barrier=self.has_barrier and self.in_flight > 1 and self.pipeline.generator.online,
                generation=generation,
            )
        )

    def _end_waits(self, signal: asyncio.Future[None]) -> None:
        if not signal.cancelled():
            self.pipeline.generator.end_waits()

    def _broken(self, error: Exception) -> LoopEnd:
        """The end of a loop that raised what nobody expected."""
        short = scarcity(error)
        if short is not None:
            raise short from error
        _log.error("The run is stopped by an internal error, or one of a plug-in.", exc_info=error)
        reason = (
            f"internal error, or one of a plug-in: {described(error)}. What is stored is kept; where it came by chance, "
            f"`evoheur resume {self.run.name}` goes on, and else please report it."
        )
        return LoopEnd(status="failed", reason=reason)

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


def _remembered(log: Iterable[Asked | Told], numbers: CandidateNumbers) -> Iterator[Asked | Told]:
    """The entries of a log, each once later candidates are numbered by it."""
    for entry in log:
        if isinstance(entry, Told):
            beside = entry.asked.kind is RequestKind.SIMPLIFICATION
            (numbers.pass_over if beside else numbers.remember)(entry.outcome)
        yield entry

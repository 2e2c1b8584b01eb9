"""The steady-state loop: one task owns strategy and database, so there are no locks; everything slow happens in the pipeline's tasks."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from evoheur.archive.archive import Archive
from evoheur.archive.records import Asked, RunRecord, RunStatus, Told, Totals
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.errors import EvoheurError, ExecutorError, StrategyStuck
from evoheur.evaluation.screening import code_hash
from evoheur.request import INTERNAL, Failure, Outcome, Request
from evoheur.run.budget import Budget
from evoheur.run.events import Events, NewBest, OutcomeTold, Preparing, ReplyReceived, RequestSent, RunStarted
from evoheur.run.learning import GeneratorLearning
from evoheur.run.net import Net, scarcity
from evoheur.run.pipeline import Answer, Evaluated, Pipeline
from evoheur.run.replay import replay
from evoheur.run.tally import Tally
from evoheur.strategies.strategy import Strategy

__all__ = ["Ending", "Loop", "TellOrder"]

TellOrder: TypeAlias = Literal["arrival", "asked"]

_GRACE_SECONDS = 120.0  # a model's reply in flight is worth waiting for; a second Ctrl-C does not wait
_LOST_IN_A_ROW = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Why the loop ended.

    Attributes:
        status: "finished", "interrupted" or "failed".
        reason: For people.
        error: What failed, if something did.
    """

    status: RunStatus
    reason: str
    error: EvoheurError | None = None


@dataclass(kw_only=True)
class Loop:
    """Asks, answers, tells until the budget is spent.

    Attributes:
        run: The run's record.
        archive: The only writer is this loop and its pipeline, in one thread.
        pipeline: From request to answer.
        make_strategy: Builds a fresh strategy around the evaluated baseline.
        baseline_code: Source of the problem's own heuristic, candidate 0.
        baselines: Textbook rule → evaluation on train; only passed on to observers.
        budget: When to stop.
        events: Who looks on.
        in_flight: Requests under way at the same time.
        tell_order: "arrival" tells outcomes as they come; "asked" tells them in the order of asking, so that with a generator that
            repeats itself the run is the same whatever finishes first.
        clock: Seconds that only move forward.
    """

    run: RunRecord
    archive: Archive
    pipeline: Pipeline
    make_strategy: Callable[[Candidate], Strategy]
    baseline_code: str
    baselines: Mapping[str, Evaluation]
    budget: Budget
    events: Events
    in_flight: int
    tell_order: TellOrder
    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self._tasks: dict[asyncio.Task[Answer], tuple[Asked, Request]] = {}
        self._originals: dict[
            str, Candidate
        ] = {}  # code hash → the first candidate told with it, better one that was evaluated whole
        self._next = 1
        self._lost = 0  # requests in a row that got no reply, or met an internal error
        self._answered: set[int] = set()  # numbers of the requests whose reply came in this session
        self.net = Net(self.events)
        self._learning = GeneratorLearning(self.pipeline.generator)
        self._ending: Ending | None = None
        self._stopping = asyncio.Event()
        self.pipeline.replied = self._replied

    @property
    def totals(self) -> Totals:
        """Done and spent so far, this session included."""
        return self._tally.totals(self.clock() - self._started)

    def stop(self, ending: Ending) -> None:
        """Ask for nothing more; what is in flight gets a grace period, and what is not finished then stays unfinished in the log."""
        if self._ending is None:
            self._ending = ending
        self._stopping.set()

    async def breed(self) -> Ending:
        """Run until the budget is spent, or until `stop`.

        Raises:
            ExecutorError: The problem's own heuristic fails.
            ReplayDiverged: The stored log is not what the strategy does today.
            StrategyStuck: The strategy waits for nothing.
        """
        self._started = self.clock()
        self._tally = Tally(self.archive.totals(self.run.id).seconds)
        self.archive.begin_session(self.run.id)
        baseline = self.archive.baseline(self.run.id) or await self._score_baseline()
        self.events.emit(Preparing(step="replaying what was done so far"))
        self._resume(baseline)
        await self.pipeline.executor.start()  # nothing may have been evaluated yet, and the isolation is told now
        self._announce(baseline)
        while True:
            self._fill()
            if not self._tasks:
                break
            await self._tell_next()
            if self._stopping.is_set():
                await self._drain()
                break
        return self._ending or Ending(status="finished", reason="")

    async def _score_baseline(self) -> Candidate:
        self.events.emit(
            Preparing(step="starting a guest, which compiles for itself, and evaluating the problem's own heuristic")
        )
        evaluation = await self.pipeline.executor.evaluate(self.baseline_code, self.pipeline.train)
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
        )
        self.archive.record_baseline(self.run.id, baseline, code_hash=code_hash(baseline.code))
        return baseline

    def _resume(self, baseline: Candidate) -> None:
        log = self.archive.log(self.run.id)
        known = {baseline.id: baseline}
        known |= {step.outcome.id: step.outcome for step in log if isinstance(step, Told) and isinstance(step.outcome, Candidate)}
        self._next = max(known) + 1
        self._originals = {hashed: known[number] for hashed, number in self.archive.hashes(self.run.id).items()}
        for hashed, original in self._originals.items():
            self.pipeline.remember(hashed, original.evaluation)
        for step in log:
            if isinstance(step, Told):
                self.pipeline.told(step)
            else:
                self.pipeline.asked(step)
        self._strategy = self.make_strategy(baseline)
        for asked, request in replay(log, self._strategy, self._tally, self._learning):
            self._start(asked, request)

    def _announce(self, baseline: Candidate) -> None:
        self.events.emit(
            RunStarted(
                run=self.run,
                level=self.pipeline.executor.level,
                slots=self.pipeline.executor.slots,
                baseline=baseline,
                baselines=self.baselines,
                budget=self.budget,
                totals=self.totals,
            )
        )

    def _fill(self) -> None:
        while self._calls_in_flight() < self.in_flight and not self._stopping.is_set():
            spent = self.budget.spent(self.totals)
            if spent is not None:
                if not self._tasks:  # a failure in flight may still give some of the budget back
                    self._ending = Ending(status="finished", reason=spent)
                return
            request = self._strategy.ask()
            if request is None:
                if not self._tasks:
                    raise StrategyStuck(f"Strategy {type(self._strategy).__name__} asks for nothing while nothing is in flight.")
                return
            asked = self.archive.record_ask(self.run.id, request, self.pipeline.render(request))
            self._tally.asked(request.operator)
            self.pipeline.asked(asked)
            self.events.emit(RequestSent(asked=asked, totals=self.totals))
            self._start(asked, request)

    def _calls_in_flight(self) -> int:
        """Requests that want the generator; those that tune constants keep no call from being made."""
        return sum(request.produces != "tuning" for _, request in self._tasks.values())

    def _start(self, asked: Asked, request: Request) -> None:
        self._tasks[asyncio.ensure_future(self.pipeline.answer(asked, request))] = (asked, request)

    async def _tell_next(self) -> None:
        waited_for = self._awaited()
        stopping = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({*waited_for, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        self._tell_done()

    def _awaited(self) -> list[asyncio.Task[Answer]]:
        # In the order "asked", one outcome at a time: how many are done by now is a matter of luck, and the next request must not be.
        tasks = sorted(self._tasks, key=lambda task: self._tasks[task][0].number)
        return tasks[:1] if self.tell_order == "asked" else tasks

    def _tell_done(self) -> None:
        for task in self._awaited():
            if not task.done():
                continue
            error = task.exception()
            if error is not None and (short := scarcity(error)) is not None:
                error = short
            if isinstance(error, EvoheurError):
                self.stop(Ending(status="failed", reason=str(error), error=error))
            elif error is None or isinstance(error, Exception):
                asked, request = self._tasks.pop(task)
                self._tell(asked, request, self._caught(asked, error) if error is not None else task.result())
            else:
                raise error

    def _caught(self, asked: Asked, error: Exception) -> Failure:
        replied = asked.completion is not None or asked.number in self._answered
        return self.net.caught(asked, error, "parsing" if replied else "generation", self.totals)

    def _tell(self, asked: Asked, request: Request, answer: Answer) -> None:
        try:
            told = self._stored(asked, request, answer)
        except EvoheurError:
            raise
        except Exception as error:  # noqa: BLE001 - the net: an outcome that cannot be stored as it is becomes one that can
            told = self._stored(asked, request, self._caught(asked, error))
        outcome = told.outcome
        self.pipeline.told(told)
        # No net here: a strategy that raised half-way through is in a state that nobody knows and no replay can bring back, so going on
        # would breed from it what the log cannot explain. That stays an error, to be mended in the strategy.
        self._strategy.tell(request, outcome)
        self._learning.told(asked, request, outcome)
        self._watch_generator(outcome)
        is_best = self._tally.told(outcome, asked.operator)
        self.events.emit(OutcomeTold(told=told, totals=self.totals))
        if is_best and isinstance(outcome, Candidate):
            self.events.emit(NewBest(candidate=outcome, totals=self.totals))

    def _stored(self, asked: Asked, request: Request, answer: Answer) -> Told:
        outcome = self._candidate(request, answer) if isinstance(answer, Evaluated) else answer
        told = self.archive.record_tell(asked, outcome, code_hash=answer.code_hash if isinstance(answer, Evaluated) else None)
        if isinstance(outcome, Candidate) and isinstance(answer, Evaluated):
            self._next += 1
            if outcome.duplicate_of is None:
                self._originals[answer.code_hash] = outcome
        return told

    def _watch_generator(self, outcome: Outcome) -> None:
        # A generator that is gone, or a fault of ours that every reply meets, would otherwise eat the budget of requests overnight;
        # stopping leaves the run resumable.
        if not isinstance(outcome, Failure) or (outcome.stage != "generation" and outcome.reason != INTERNAL):
            self._lost = 0
            return
        self._lost += 1
        if self._lost >= _LOST_IN_A_ROW:
            fate = "came to nothing" if outcome.reason == INTERNAL else "got no reply"
            reason = f"{self._lost} requests in a row {fate}; the last one: {outcome.detail}"
            self.stop(Ending(status="failed", reason=reason))

    def _candidate(self, request: Request, answer: Evaluated) -> Candidate:
        original = self._original(answer)
        return Candidate(
            id=self._next,
            code=answer.code,
            thought=answer.thought,
            operator=request.operator,
            parents=tuple(parent.id for parent in request.parents),
            evaluation=original.evaluation if original and answer.evaluation.status is Status.PRUNED else answer.evaluation,
            duplicate_of=None if original is None else original.id,
        )

    def _original(self, answer: Evaluated) -> Candidate | None:
        """The candidate that this answer repeats; a whole evaluation is no copy of one that was cut short."""
        known = self._originals.get(answer.code_hash)
        if known is None or known.evaluation.status is not Status.PRUNED or answer.evaluation.status is Status.PRUNED:
            return known
        return None

    def _replied(self, asked: Asked) -> None:
        """A reply is in the archive."""
        if asked.completion is not None:
            self._tally.completed(asked.completion, asked.operator)
        self._answered.add(asked.number)
        self._learning.replied(asked)
        self.events.emit(ReplyReceived(asked=asked, totals=self.totals))

    async def _drain(self) -> None:
        # Replies that arrive now are stored, so that resuming does not buy them again. A request that failed for good is not told; in the
        # order "asked" neither are those behind it, because the resumed run will tell it first.
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_GRACE_SECONDS)
        while any(task.done() and not isinstance(task.exception(), EvoheurError) for task in self._awaited()):
            self._tell_done()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

"""Small parts of a run that hear of every step."""

import time
from collections.abc import Callable

from evoheur.archive.counting import Expense, Fate, TotalsCounter
from evoheur.archive.records import Totals
from evoheur.candidate import Candidate
from evoheur.request import INTERNAL, Failure, Outcome, Request
from evoheur.run.budget import Awaited
from evoheur.run.events import Events, NewBest, OutcomeTold, ReplyReceived, RequestSent
from evoheur.run.loop import LoopEnd
from evoheur.run.step import Step, StepListener

__all__ = ["EventListener", "GeneratorWatch", "OutcomeListener", "PriceWatch", "TotalsListener"]

_LOST_IN_A_ROW = 20
_CHARACTERS_PER_TOKEN = 4


class OutcomeListener(StepListener):
    """Passes outcomes on to whoever learns from them.

    For what stores nothing, such as a strategy. There is no net: a strategy that raised half-way through is in a state that nobody
    knows and no replay can bring back, so going on would breed from it what the log cannot explain. That stays an error, to be mended
    in the strategy.

    Args:
        tell: Is given the request and what became of it.
    """

    hears_log = True

    def __init__(self, tell: Callable[[Request, Outcome], None]) -> None:
        self._tell = tell

    def told(self, step: Step) -> None:
        """See `StepListener`."""
        self._tell(step.request, step.outcome)


class GeneratorWatch(StepListener):
    """Stops a run whose requests come to nothing.

    One after the other. The run can be resumed. A generator that is gone, or a fault of ours that every reply meets, would otherwise
    eat the budget of requests overnight.

    Args:
        stop: Ends the run.
    """

    def __init__(self, stop: Callable[[LoopEnd], None]) -> None:
        self._stop = stop
        self._lost = 0

    def told(self, step: Step) -> None:
        """See `StepListener`."""
        outcome = step.outcome
        if not isinstance(outcome, Failure) or (outcome.stage != "generation" and outcome.reason != INTERNAL):
            self._lost = 0
            return
        self._lost += 1
        if self._lost >= _LOST_IN_A_ROW:
            fate = "came to nothing" if outcome.reason == INTERNAL else "got no reply"
            reason = f"{self._lost} requests in a row {fate}; the last one: {outcome.detail}"
            self._stop(LoopEnd(status="failed", reason=reason))


class PriceWatch(StepListener):
    """Stops a run with a budget of money at the first reply whose price is not known.

    It would limit nothing from then on. The run can be resumed.

    Args:
        stop: Ends the run.
    """

    def __init__(self, stop: Callable[[LoopEnd], None]) -> None:
        self._stop = stop

    def replied(self, step: Step) -> None:
        """See `StepListener`."""
        reply = step.completion
        if reply is None or reply.cost_usd is not None or not step.request.kind.asks_model:
            return
        why = "the server does not tell its tokens" if reply.usage.estimated else f"the model {reply.model!r} has no known one"
        reason = (
            f"the price of a reply is not known ({why}), so budget.cost_usd limits nothing any more; resume with --set "
            "'generator.price={input: …, output: …}', in US dollars for a million tokens, or with budget.cost_usd=null."
        )
        self._stop(LoopEnd(status="failed", reason=reason))


class TotalsListener(StepListener):
    """Counts what the run does and spends.

    Attributes:
        has_new_best: Whether the last outcome that was told beats all earlier ones.

    Args:
        seconds: Wall time of earlier sessions, in seconds; that of the present one begins now.
        clock: Seconds that only move forward.
    """

    hears_log = True

    def __init__(self, seconds: float = 0.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.has_new_best = False
        self._counter = TotalsCounter(seconds)
        self._clock = clock
        self._started = clock()
        self._awaited: dict[int, float] = {}  # number of a request without a reply yet → tokens of its prompt, estimated
        self._replies = 0

    @property
    def totals(self) -> Totals:
        """Totals so far, this session included."""
        return self._counter.totals(self._clock() - self._started)

    @property
    def awaited(self) -> Awaited:
        """The expected cost of the replies on their way.

        Each as much as the mean of those that have come; before there is one, as many tokens as its prompt has.
        """
        if not self._awaited:
            return Awaited()
        if not self._replies:
            return Awaited(tokens=sum(self._awaited.values()))
        totals, share = self.totals, len(self._awaited) / self._replies
        return Awaited(tokens=totals.tokens * share, cost_usd=(totals.cost_usd or 0.0) * share)

    def asked(self, step: Step) -> None:
        """See `StepListener`."""
        self._counter.asked(step.request.kind)
        if step.request.kind.asks_model:
            characters = sum(len(message.content) for message in step.messages)
            self._awaited[step.asked.number] = characters / _CHARACTERS_PER_TOKEN

    def replied(self, step: Step) -> None:
        """See `StepListener`."""
        assert step.completion is not None, "it is set when the reply comes"
        self._replies += self._awaited.pop(step.asked.number, None) is not None
        self._counter.replied(step.request.kind, Expense.of(step.completion))

    def told(self, step: Step) -> None:
        """See `StepListener`."""
        self._awaited.pop(step.asked.number, None)
        self._counter.tried(step.request.kind, step.tried)
        self.has_new_best = self._counter.told(step.request.kind, Fate.of(step.outcome))


class EventListener(StepListener):
    """Lets observers know of every step.

    Args:
        events: Who looks on.
        counting: Hears of steps before this.
        generation: Gives the generation that the strategy's latest request belongs to; None where it has none.
    """

    def __init__(self, events: Events, counting: TotalsListener, generation: Callable[[], int | None] = lambda: None) -> None:
        self._events = events
        self._counting = counting
        self._generation = generation

    def asked(self, step: Step) -> None:
        """See `StepListener`."""
        self._events.emit(RequestSent(asked=step.asked, totals=self._counting.totals, generation=self._generation()))

    def replied(self, step: Step) -> None:
        """See `StepListener`."""
        self._events.emit(ReplyReceived(asked=step.asked, totals=self._counting.totals))

    def told(self, step: Step) -> None:
        """See `StepListener`."""
        totals = self._counting.totals
        self._events.emit(OutcomeTold(told=step.told, totals=totals))
        if self._counting.has_new_best and isinstance(step.outcome, Candidate):
            self._events.emit(NewBest(candidate=step.outcome, totals=totals))

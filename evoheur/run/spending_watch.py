"""The estimate of what a run will spend, made again while it goes on, from what was measured."""

import io
import logging
import pickle
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from evoheur.archive.records import Totals
from evoheur.candidate import Candidate
from evoheur.request import Completion, Failure, Message, Note, Product, Request, RequestKind, Usage
from evoheur.run.budget import Budget
from evoheur.run.events import Events, SpendingEstimated
from evoheur.run.played_strategy import MadeUpOutcomes, play, until_limit
from evoheur.run.spending_forecast import SpendingForecast, TokenRates, assumed_rates, forecast_spending
from evoheur.run.step import Step, StepListener
from evoheur.strategies.strategy import Strategy

__all__ = ["SpendingWatch", "copied"]

_log = logging.getLogger(__name__)

_FIRST_AFTER = 20  # replies; then after twice as many each time
_OUTCOMES_KEPT, _NOTES_KEPT = 200, 50
_LIKE_OTHERS = 2  # replies of mean length that an operator's own are mixed with, since few say little
AnyT = TypeVar("AnyT")


@dataclass(slots=True)
class _Mean:
    """Tokens of replies, and how many there were."""

    replies: int = 0
    tokens: int = 0

    def add(self, tokens: int) -> None:
        """Count one more reply."""
        self.replies += 1
        self.tokens += tokens

    def mixed(self, prior: float, weight: int) -> float:
        """The mean, with so many replies of another length among them; the other length where there are none."""
        return (self.tokens + weight * prior) / (self.replies + weight) if self.replies else prior


class _Measured:
    """What was measured of replies and of the prompts before them."""

    def __init__(self) -> None:
        self.told = self.replies = 0
        self._operators: defaultdict[tuple[str, Product], _Mean] = defaultdict(_Mean)
        self._products: defaultdict[Product, _Mean] = defaultdict(_Mean)
        self._sent = self._received = self._cached = self._thought = 0
        self._characters = self._sent_of_these = 0  # of prompts whose text is known; those of the log are not read again
        self._dollars = 0.0

    def add(self, request: Request, reply: Completion | None, messages: Sequence[Message]) -> None:
        """Count a request that was told, with its reply where one came."""
        self.told += 1
        if reply is None:
            return
        self.replies += 1
        usage = reply.usage
        self._operators[request.operator, request.produces].add(usage.completion_tokens)
        self._products[request.produces].add(usage.completion_tokens)
        self._sent += usage.prompt_tokens
        self._received += usage.completion_tokens
        self._cached += usage.cached_tokens
        self._thought += usage.reasoning_tokens
        self._dollars += reply.cost_usd or 0.0
        if messages:
            self._characters += sum(len(message.content) for message in messages)
            self._sent_of_these += usage.prompt_tokens

    def rates(self, assumed: TokenRates, price_of: Callable[[Usage], float | None]) -> TokenRates:
        """What they say of replies to come.

        Args:
            assumed: Taken where they say nothing.
            price_of: What the generator says that a reply costs.
        """
        thought = self._thought / self.replies
        heuristic = self._products["heuristic"].mixed(assumed.heuristic + thought, 0)
        note = self._products["note"].mixed(assumed.note + thought, 0)
        price = price_of(self._each)
        return TokenRates(
            reply={
                operator: mean.mixed(note if produces == "note" else heuristic, _LIKE_OTHERS)
                for (operator, produces), mean in self._operators.items()
            },
            heuristic=heuristic,
            note=note,
            per_character=self._sent_of_these / self._characters if self._characters else assumed.per_character,
            cached=self._cached / self._sent if self._sent else 0.0,
            answered=self.replies / self.told,
            cost_factor=self._dollars / self.replies / price if price and self._dollars else 1.0,
            replies=self.replies,
        )

    def dollars(self, usage: Usage) -> float | None:
        """What so many tokens cost by the mean so far; for generators that say no price beforehand."""
        tokens = self._sent + self._received
        return self._dollars / tokens * (usage.prompt_tokens + usage.completion_tokens) if self._dollars and tokens else None

    @property
    def _each(self) -> Usage:
        sent, received, cached = (number // self.replies for number in (self._sent, self._received, self._cached))
        return Usage(prompt_tokens=sent, completion_tokens=received, cached_tokens=cached)


class SpendingWatch(StepListener):
    """Estimates after 20 replies, and after twice as many each time, what the whole budget will be spent on.

    A copy of the strategy is played on from where it is, with outcomes that are drawn from those so far: so the operators still to come
    are counted, with prompts that show heuristics as long as real ones. Nothing of the run hangs on it.

    Attributes:
        first: The first estimate of this session; None before.
        live: Whether the run goes on; while a stored log is heard, nothing is estimated.

    Args:
        strategy: Of the run.
        baseline: The problem's own heuristic.
        budget: Of the run.
        render: Writes prompts.
        price_of: What the generator says that a reply costs.
        totals: What was done so far; heard of before this.
        events: Are told of every estimate.
    """

    hears_log = True

    def __init__(
        self,
        strategy: Strategy,
        baseline: Candidate,
        *,
        budget: Budget,
        render: Callable[[Request], Sequence[Message]],
        price_of: Callable[[Usage], float | None],
        totals: Callable[[], Totals],
        events: Events,
    ) -> None:
        self.first: SpendingForecast | None = None
        self.live = False
        self._strategy, self._baseline = strategy, baseline
        self._budget, self._render, self._price_of = budget, render, price_of
        self._totals, self._events = totals, events
        self._measured = _Measured()
        self._pending: dict[int, Step] = {}
        self._heuristics: deque[Candidate | Failure] = deque(maxlen=_OUTCOMES_KEPT)
        self._notes: deque[str] = deque(maxlen=_NOTES_KEPT)
        self._next = _FIRST_AFTER

    def asked(self, step: Step) -> None:
        """See `StepListener`."""
        if step.request.kind is not RequestKind.SIMPLIFICATION:
            self._pending[step.asked.number] = step

    def told(self, step: Step) -> None:
        """See `StepListener`."""
        self._pending.pop(step.asked.number, None)
        if not step.request.kind.asks_model:
            return
        self._measured.add(step.request, step.completion, step.messages)
        if isinstance(step.outcome, Note):
            self._notes.append(step.outcome.text)
        elif isinstance(step.outcome, Candidate | Failure) and step.request.produces == "heuristic":
            self._heuristics.append(step.outcome)
        if self.live and self._measured.replies >= self._next:
            self._next = 2 * self._measured.replies
            self._estimate()

    def _estimate(self) -> None:
        forecast = self._forecast()
        if forecast is not None and forecast.limit:
            self.first = self.first or forecast
            self._events.emit(SpendingEstimated(forecast=forecast, totals=self._totals()))

    def _forecast(self) -> SpendingForecast | None:
        waiting = [step.request for step in self._pending.values() if step.completion is None]
        working = [step.request for step in self._pending.values() if step.completion is not None]
        try:
            strategy, waiting, working = copied((self._strategy, waiting, working))
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            _log.debug("What the run will spend is not estimated, since its strategy cannot be copied: %s", error)
            return None
        outcomes = MadeUpOutcomes(self._baseline, self._heuristics, self._notes)
        played = play(strategy, outcomes, [*working, *waiting])
        totals = self._totals()
        part = until_limit(played, self._budget, totals)
        bought = {id(request) for request in working}  # their replies are among what was spent
        part = replace(part, requests=[request for request in part.requests if id(request) not in bought])
        price_of = self._price_of if self._price_of(Usage()) is not None else self._measured.dollars
        rates = self._measured.rates(assumed_rates(self._baseline), self._price_of)
        return forecast_spending(part, self._render, rates, budget=self._budget, done=totals, price_of=price_of)


class _CandidatesAside(pickle.Pickler):
    """Pickles all but candidates, which are immutable and most of what a strategy holds."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self.aside: list[Candidate] = []

    def persistent_id(self, obj: Any) -> int | None:
        """The place of a candidate among those set aside."""
        if not isinstance(obj, Candidate):
            return None
        self.aside.append(obj)
        return len(self.aside) - 1


class _CandidatesBack(pickle.Unpickler):
    """Puts candidates back that were set aside."""

    def __init__(self, file: io.BytesIO, aside: Sequence[Candidate]) -> None:
        super().__init__(file)
        self._aside = aside

    def persistent_load(self, pid: int) -> Candidate:
        """The candidate of a place."""
        return self._aside[pid]


def copied(value: AnyT) -> AnyT:
    """A copy of anything that shares nothing with it but candidates."""
    file = io.BytesIO()
    pickler = _CandidatesAside(file)
    pickler.dump(value)
    file.seek(0)
    copy: AnyT = _CandidatesBack(file, pickler.aside).load()
    return copy

"""What a run spent and got, by operator, model and level of quality."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from evoheur.archive.extent import MEASURES
from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import Asked, Told
from evoheur.candidate import Candidate, Status
from evoheur.request import Failure, Note, Rescored

__all__ = ["QualityLevel", "RunSpending", "SpendingShare", "spending_of", "spending_of_run"]

_UNKNOWN = "unknown"


@dataclass(slots=True, kw_only=True)
class SpendingShare:
    """What one operator or one model spent and brought.

    Attributes:
        name: The operator or the model.
        requests: That were asked; of a model, those that got a reply.
        calls: To the generator, failed ones included.
        prompt_tokens: Sent.
        completion_tokens: Received.
        cached_tokens: Those of the sent ones that servers read from their caches.
        reasoning_tokens: Those of the received ones that models thought with.
        estimated_tokens: Those sent and received that no server counted.
        cost_usd: Sum of the known prices; None if no reply was priced.
        useful: Replies that hold a heuristic or a note.
        solved: Heuristics that solved all training instances, copies of earlier ones not counted.
        bests: Heuristics that became the best that was found so far.
        gain: By how much these lowered the best objective on train, the problem's own heuristic counted.
    """

    name: str
    requests: int = 0
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    estimated_tokens: int = 0
    cost_usd: float | None = None
    useful: int = 0
    solved: int = 0
    bests: int = 0
    gain: float = 0.0

    @property
    def tokens(self) -> int:
        """Tokens sent and received together."""
        return self.prompt_tokens + self.completion_tokens

    @property
    def usd_per_gain(self) -> float | None:
        """US dollars for a point of the objective; None where there was no gain, or no price."""
        return self.cost_usd / self.gain if self.cost_usd is not None and self.gain > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityLevel:
    """What had been spent when the best so far improved.

    Attributes:
        candidate: Number of the new best.
        objective: Its objective on train, minimised.
        requests: To the model, told until then.
        tokens: Of their replies, sent and received.
        cost_usd: Of their replies; None where no price is known.
    """

    candidate: int
    objective: float
    requests: int
    tokens: int
    cost_usd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpending:
    """What a run spent and got.

    Attributes:
        operators: Most expensive first, by tokens.
        models: Likewise; what got no reply has none.
        levels: In the order in which they were reached.
        prices: Where the prices are from → replies with such a one; a price that tells no source counts under "unknown".
    """

    operators: Sequence[SpendingShare]
    models: Sequence[SpendingShare]
    levels: Sequence[QualityLevel]
    prices: Mapping[str, int] = field(default_factory=dict)


def spending_of(log: Iterable[Asked | Told], start: float | None) -> RunSpending:
    """Add up the log of a run.

    Args:
        log: Asks and tells in their order; their texts are not needed.
        start: Objective of the problem's own heuristic on train, minimised; None where it is not known.
    """
    ledger = _Ledger(start)
    for entry in log:
        if isinstance(entry, Told):
            ledger.told(entry)
        elif entry.kind.asks_model:
            ledger.asked(entry)
    return RunSpending(
        operators=_expensive_first(ledger.operators),
        models=_expensive_first(ledger.models),
        levels=tuple(ledger.levels),
        prices=dict(ledger.prices.most_common()),
    )


def spending_of_run(archive: ArchiveReader, run_id: int) -> RunSpending | None:
    """What a stored run spent and got; None where it spent no tokens."""
    if not archive.totals(run_id).tokens:
        return None
    start = archive.baseline(run_id)
    return spending_of(archive.log(run_id, MEASURES), None if start is None else start.objective)


class _Ledger:
    def __init__(self, start: float | None) -> None:
        self.operators: dict[str, SpendingShare] = {}
        self.models: dict[str, SpendingShare] = {}
        self.levels: list[QualityLevel] = []
        self.prices: Counter[str] = Counter()
        self._best: float | None = None
        self._to_beat = start  # the lower one of the best and the start
        self._epoch = 0
        self._all = SpendingShare(name="all")

    def asked(self, asked: Asked) -> None:
        """Book a request, and its reply where it came."""
        operator = self.operators.setdefault(asked.operator, SpendingShare(name=asked.operator))
        operator.requests += 1
        if asked.completion is not None:
            model = self.models.setdefault(asked.completion.model, SpendingShare(name=asked.completion.model))
            model.requests += 1
            for share in (operator, model):
                _book(share, asked)
            if asked.completion.cost_usd is not None:
                self.prices[asked.completion.price_source or _UNKNOWN] += 1

    def told(self, told: Told) -> None:
        """Book what came of a request."""
        asked, outcome = told.asked, told.outcome
        self._enter(told)
        if not asked.kind.asks_model:
            self._improve(outcome, [])
            return
        reply = asked.completion
        shares = [self.operators[asked.operator], *([self.models[reply.model]] if reply is not None else [])]
        self._all.requests += 1
        if reply is not None:
            _book(self._all, asked)
        if isinstance(outcome, Failure):
            shares[0].calls += outcome.attempts if outcome.stage == "generation" else 0
            return
        for share in shares:
            share.useful += isinstance(outcome, Candidate | Note)
        self._improve(outcome, shares)

    def _enter(self, told: Told) -> None:
        # What was scored on other instances does not compare; the best is scored again, which is no gain of anybody's.
        if told.asked.epoch > self._epoch:
            self._epoch, self._best, self._to_beat = told.asked.epoch, None, None
        if isinstance(told.outcome, Rescored):
            found = told.outcome.candidate.objective
            if found is not None and (self._best is None or found < self._best):
                self._best = self._to_beat = found

    def _improve(self, outcome: object, shares: Sequence[SpendingShare]) -> None:
        if not isinstance(outcome, Candidate) or outcome.evaluation.status is not Status.OK or outcome.objective is None:
            return
        if outcome.duplicate_of is not None:
            return
        for share in shares:
            share.solved += 1
        if self._best is not None and outcome.objective >= self._best:
            return
        for share in shares:
            share.bests += 1
            share.gain += 0.0 if self._to_beat is None else max(0.0, self._to_beat - outcome.objective)
        self._best = outcome.objective
        self._to_beat = outcome.objective if self._to_beat is None else min(self._to_beat, outcome.objective)
        self.levels.append(
            QualityLevel(
                candidate=outcome.id,
                objective=outcome.objective,
                requests=self._all.requests,
                tokens=self._all.tokens,
                cost_usd=self._all.cost_usd,
            )
        )


def _book(share: SpendingShare, asked: Asked) -> None:
    reply = asked.completion
    assert reply is not None, "only replies are booked"
    share.calls += reply.attempts
    share.prompt_tokens += reply.usage.prompt_tokens
    share.completion_tokens += reply.usage.completion_tokens
    share.cached_tokens += reply.usage.cached_tokens
    share.reasoning_tokens += reply.usage.reasoning_tokens
    share.estimated_tokens += reply.usage.prompt_tokens + reply.usage.completion_tokens if reply.usage.estimated else 0
    if reply.cost_usd is not None:
        share.cost_usd = (share.cost_usd or 0.0) + reply.cost_usd


def _expensive_first(shares: dict[str, SpendingShare]) -> Sequence[SpendingShare]:
    return sorted(shares.values(), key=lambda share: (-share.tokens, -share.requests, share.name))

"""A strategy played ahead with made-up outcomes, to see what it is going to ask."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from evoheur.archive.records import Totals
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.request import Failure, Note, Outcome, Request, RequestKind, Rescored
from evoheur.run.budget import Budget
from evoheur.strategies.strategy import Strategy

__all__ = ["MADE_UP_NOTE", "MOST_PLAYED", "MadeUpOutcomes", "PlayedPart", "play", "until_limit"]

MOST_PLAYED = 1500
"""So many requests are played at most; by then almost every operator of every shipped method has had its turn."""
MADE_UP_NOTE = (
    "Heuristics that look ahead and weigh what remains did better than those that look at one quantity only; combine such terms. "
    * 4
)
_WITHOUT_LIMIT = 100  # requests that are spoken of where the budget does not say how many there will be
_FAILING = 7  # one in so many requests fails, so that repairs have their turn; odd, since some methods ask for notes in turn
_FIRST_NUMBER = 10**9  # of what is made up, beyond all real candidates


class MadeUpOutcomes:
    """Outcomes that a strategy may be told in place of real ones.

    Where real outcomes are known, what is made up is drawn from them, so that it fails as often and is as long. Else it is a copy of the
    problem's own heuristic with an objective around its own.

    Args:
        baseline: The problem's own heuristic, evaluated.
        heuristics: What came of requests for heuristics so far.
        notes: Texts that came of requests for notes so far.
    """

    def __init__(self, baseline: Candidate, heuristics: Sequence[Candidate | Failure] = (), notes: Sequence[str] = ()) -> None:
        self._baseline = baseline
        self._heuristics = heuristics if any(isinstance(one, Candidate) for one in heuristics) else ()
        self._notes = notes or (MADE_UP_NOTE,)
        known = [one.objective for one in self._heuristics if isinstance(one, Candidate) and one.objective is not None]
        self._distinct = len(set(known)) / max(1, len(known))
        self._rng = random.Random(0)  # noqa: S311 - not a secret
        self._count = 0

    def of(self, request: Request) -> Outcome:
        """What might come of a request."""
        self._count += 1
        if request.kind is RequestKind.RESCORING:
            return Rescored(candidate=request.parents[0])
        if request.kind is RequestKind.CONSULTATION:
            return Note(text="")  # a fault of the policy; what it would choose is not known
        if request.kind.asks_model and request.produces == "note":
            return Note(text=f"{self._rng.choice(self._notes)} ({self._count})")
        if not request.kind.asks_model or not self._heuristics:
            return self._copy_of_baseline(request)
        drawn = self._rng.choice(self._heuristics)
        return drawn if isinstance(drawn, Failure) else self._alike(drawn, request)

    def _alike(self, drawn: Candidate, request: Request) -> Candidate:
        """A heuristic as good, as long and as new as a real one; what equals others strategies pass over."""
        made_up = replace(
            drawn,
            id=_FIRST_NUMBER + self._count,
            operator=request.operator,
            parents=tuple(parent.id for parent in request.parents),
            evaluation=replace(drawn.evaluation, epoch=request.epoch),
        )
        if drawn.duplicate_of is not None:
            return made_up
        objective = drawn.objective
        if objective is not None and self._rng.random() < self._distinct:
            objective += (self._rng.random() - 0.5) * 0.01 * max(abs(objective), 1.0)
        return replace(
            made_up,
            code=f"{drawn.code}\n# {self._count}",
            thought=f"{drawn.thought} ({self._count})",
            evaluation=replace(made_up.evaluation, objective=objective),
            code_hash=f"{self._count:032x}",
        )

    def _copy_of_baseline(self, request: Request) -> Candidate:
        baseline, rng = self._baseline, self._rng
        measures = {name: value * (0.5 + 2 * rng.random()) for name, value in baseline.evaluation.measures.items()}
        worth = baseline.objective or 0.0
        objective = worth + (rng.random() - 0.6) * 0.1 * max(abs(worth), 1.0)
        scored = replace(baseline.evaluation, objective=objective, epoch=request.epoch, measures=measures)
        return Candidate(
            id=_FIRST_NUMBER + self._count,
            code=f"{baseline.code.rstrip()}\n# stands for a heuristic that will be found\n# {self._count}\n",
            thought="The idea of a heuristic that will be found, in one sentence that says what it looks at and how it weighs it.",
            operator=request.operator,
            parents=tuple(parent.id for parent in request.parents),
            evaluation=_failed(scored) if self._count % _FAILING == 0 else scored,
            code_hash=f"{self._count:032x}",
        )


def _failed(evaluation: Evaluation) -> Evaluation:
    detail = "ValueError: what a heuristic raises that fails"
    return replace(evaluation, status=Status.ERROR, objective=None, objective_kind=None, results=(), detail=detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Played:
    """A request that was made in play.

    Attributes:
        request: As the strategy made it.
        evaluations: That it takes of the budget.
        generation: Of the strategy.
    """

    request: Request
    evaluations: int
    generation: int | None


def play(strategy: Strategy, outcomes: MadeUpOutcomes, pending: Sequence[Request] = ()) -> Iterator[_Played]:
    """Ask a strategy, and tell it what might have come of its requests.

    Args:
        strategy: Is used up.
        outcomes: Are made up for it.
        pending: What it asked before and was not told of yet.
    """
    for request in pending:
        yield _told(strategy, request, outcomes)
    while (following := strategy.ask()) is not None:
        yield _told(strategy, following, outcomes)


def _told(strategy: Strategy, request: Request, outcomes: MadeUpOutcomes) -> _Played:
    generation, outcome = strategy.generation, outcomes.of(request)
    strategy.tell(request, outcome)
    return _Played(request=request, evaluations=_evaluations(request, outcome), generation=generation)


def _evaluations(request: Request, outcome: Outcome) -> int:
    """How many evaluations of the search a request takes; see `Totals`."""
    if not request.kind.is_search or not isinstance(outcome, Candidate) or outcome.duplicate_of is not None:
        return 0
    tuned = int(request.context.get("evaluations", 0)) if request.kind is RequestKind.TUNING else 0
    return tuned + (outcome.evaluation.status is not Status.REJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedPart:
    """What a strategy asks until a limit is reached.

    Attributes:
        requests: In their order, whoever answers them.
        limit: The limit of the budget that is reached first, among those that count what is asked; empty if none is set.
        times: How often this part comes until then; 1 unless it was too long to be played to the end.
    """

    requests: Sequence[Request]
    limit: str
    times: float = 1.0


def until_limit(played: Iterator[_Played], budget: Budget, done: Totals) -> PlayedPart:
    """Play until a budget is used.

    Args:
        played: What is asked; pending requests are part of it, and not of what was done.
        budget: Of the run.
        done: What was done before.
    """
    left = {
        "evaluations": None if budget.evaluations is None else budget.evaluations - done.evaluations,
        "requests": None if budget.request_limit is None else budget.request_limit - (done.requests - done.pending),
    }
    limits = {name: limit for name, limit in left.items() if limit is not None}
    used = dict.fromkeys(limits, 0)
    requests: list[Request] = []
    generations: list[int] = []
    for one in played:
        if budget.generations is not None and (one.generation or 0) > budget.generations:
            return PlayedPart(requests=requests, limit="generations")
        requests.append(one.request)
        generations.append(one.generation or 0)
        for name, more in (("evaluations", one.evaluations), ("requests", one.request.kind.is_search)):
            if name in used:
                used[name] += more
        reached = next((name for name in limits if used[name] >= limits[name]), None)
        if reached is not None:
            return PlayedPart(requests=requests, limit=reached)
        if len(requests) >= (MOST_PLAYED if limits or budget.generations else _WITHOUT_LIMIT):
            break
    times = {name: limits[name] / used[name] for name in limits if used[name] > 0}
    if budget.generations is not None and generations and generations[-1] > generations[0]:
        times["generations"] = (budget.generations - generations[0]) / (generations[-1] - generations[0])
    limit = min(times, key=lambda name: times[name], default="")
    return PlayedPart(requests=requests, limit=limit, times=times.get(limit, 1.0))

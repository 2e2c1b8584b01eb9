"""Health of a run: which share of the replies is valid, new, and better than what was known.

A search that repeats itself, or whose model no longer follows the prompts, shows it here long before it shows in the best so far.
"""

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from evoheur.archive.graded_replies import GradedReply, TrainObjectives
from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import RunRecord

__all__ = ["NEWEST", "HealthShare", "HealthWindow", "RunHealth", "health_of", "health_of_run"]

NEWEST = 100
"""So many of the newest replies are looked at beside all."""
_AMONG = 10


@dataclass(slots=True, kw_only=True)
class HealthShare:
    """How many replies there were, and how many of them were good for what.

    Attributes:
        name: Of the operator or the model; "all".
        replies: That were to hold a heuristic.
        valid: With a heuristic that did not fail, those whose evaluation was cut short among them.
        distinct: Valid, and no duplicate of an earlier heuristic, in code or in what it does.
        better: Distinct, and better on train than the best of its parents; without parents, than the problem's own heuristic.
        among_best: Distinct, and when it came better than the worst of as many as the strategy's population has.
    """

    name: str
    replies: int = 0
    valid: int = 0
    distinct: int = 0
    better: int = 0
    among_best: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthWindow:
    """Shares over some replies.

    Attributes:
        all: Over all of them.
        operators: By operator, most replies first.
        models: By model, likewise.
    """

    all: HealthShare
    operators: Sequence[HealthShare]
    models: Sequence[HealthShare]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHealth:
    """Health of a run.

    Attributes:
        among: How many heuristics count as the best so far.
        whole: Over all replies.
        newest: Over the `NEWEST` last ones.
    """

    among: int
    whole: HealthWindow
    newest: HealthWindow


class _Judged(NamedTuple):
    operator: str
    model: str
    valid: bool
    distinct: bool
    better: bool
    among_best: bool


def health_of(replies: Iterable[GradedReply], known: TrainObjectives, *, among: int = _AMONG) -> RunHealth:
    """Judge the replies of a run.

    Args:
        replies: By request; with or without their prompts.
        known: Objectives of the run's candidates.
        among: How many heuristics count as the best so far.
    """
    judged = []
    best: list[float] = []  # distinct objectives, ascending, of the epoch
    epoch = 0
    for reply in replies:
        if reply.epoch > epoch:  # objectives on other instances do not compare
            epoch, best = reply.epoch, []
        distinct = reply.candidate is not None and reply.scored == reply.candidate
        valid = reply.objective is not None or reply.is_cut_short
        better = among_best = False
        if reply.objective is not None and distinct and reply.epoch == epoch:
            parent = known.best_parent(reply)
            better = parent is not None and reply.objective < parent
            among_best = reply.objective not in best and (len(best) < among or reply.objective < best[-1])
            if among_best:
                insort(best, reply.objective)
                del best[among:]
        judged.append(_Judged(reply.operator, reply.model, valid, valid and distinct, better, among_best))
    return RunHealth(among=among, whole=_window(judged), newest=_window(judged[-NEWEST:]))


def health_of_run(archive: ArchiveReader, run: RunRecord) -> RunHealth:
    """Judge the replies of a stored run; among as many of the best as its strategy's `population_size`, or 10."""
    known = archive.train_objectives(run.id)
    strategy = run.config.get("strategy")
    size = strategy.get("population_size") if isinstance(strategy, dict) else None
    among = size if isinstance(size, int) and size > 0 else _AMONG
    return health_of(archive.graded_replies(run.id, known, prompts=False), known, among=among)


def _window(judged: Sequence[_Judged]) -> HealthWindow:
    whole = HealthShare(name="all")
    operators: dict[str, HealthShare] = {}
    models: dict[str, HealthShare] = {}
    for each in judged:
        by_operator = operators.setdefault(each.operator, HealthShare(name=each.operator))
        by_model = models.setdefault(each.model, HealthShare(name=each.model))
        for share in (whole, by_operator, by_model):
            share.replies += 1
            share.valid += each.valid
            share.distinct += each.distinct
            share.better += each.better
            share.among_best += each.among_best
    return HealthWindow(all=whole, operators=_most_first(operators.values()), models=_most_first(models.values()))


def _most_first(shares: Iterable[HealthShare]) -> Sequence[HealthShare]:
    return sorted(shares, key=lambda share: (-share.replies, share.name))

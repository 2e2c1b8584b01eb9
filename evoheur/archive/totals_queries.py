"""Database queries that count what runs did and spent."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from heapq import merge
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, literal_column, select
from sqlalchemy.orm import aliased

from evoheur.archive.counting import Expense, Fate, TotalsCounter
from evoheur.archive.lineage import bred_by_search
from evoheur.archive.records import FailureExample, FailureGroup, ProgressStep, Totals
from evoheur.archive.tables import (
    CandidateRow,
    CompletionRow,
    EvaluationRow,
    RequestParentRow,
    RequestRow,
    SessionRow,
)
from evoheur.candidate import Status
from evoheur.request import RequestKind

__all__ = ["failures", "progress", "totals", "wall_seconds"]

_EXAMPLES = 3
_SCREENED = Status.REJECTED.value  # without running, so not an evaluation that a budget counts


_NEVER = 2**31 - 1  # a number that no candidate has, and that every database can compare with

_Original = aliased(CandidateRow)


def _bred(run_id: int, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Select columns over all candidates but the baseline and what is simplified.

    Each with its request and the evaluation on train that it was told with, which a duplicate shares with its original.
    """
    original = func.coalesce(CandidateRow.duplicate_of, CandidateRow.number)
    return (
        select(*columns)
        .select_from(CandidateRow)
        .join(RequestRow, RequestRow.id == CandidateRow.request_id)
        .join(_Original, (_Original.run_id == CandidateRow.run_id) & (_Original.number == original))
        .join(EvaluationRow, (EvaluationRow.candidate_id == _Original.id) & (EvaluationRow.epoch == RequestRow.epoch))
        .where(CandidateRow.run_id == run_id, EvaluationRow.split == "train", bred_by_search)
    )


def _evaluated(run_id: int, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Select columns over the candidates that count as evaluations.

    They ran and are not shared; in no order.
    """
    return _bred(run_id, *columns).where(CandidateRow.duplicate_of.is_(None), EvaluationRow.status != _SCREENED)


def totals(connection: Connection, run_id: int) -> Totals:
    """Count what a run has done and spent.

    The seconds are those of the stored sessions.

    The database only puts steps together that are counted alike; `TotalsCounter` counts them.
    """
    counter = TotalsCounter(wall_seconds(connection, run_id))
    resampled = bool(connection.scalar(select(func.max(RequestRow.epoch)).where(RequestRow.run_id == run_id)))
    # Up to the best, what is no success comes first and the best success last, so that all of it is counted before the best is.
    groups = sorted(connection.execute(_groups(run_id, _NEVER if resampled else _best(connection, run_id))), key=_place)
    for group in groups:
        kind = RequestKind.stored(group.operator, group.produces)
        counter.asked(kind, times=group.asked)
        counter.replied(kind, _expense(group))
        fate = Fate(
            reason=group.failure_reason,
            attempts=group.wasted or 0,
            status=None if group.status is None else Status(group.status),
            shared=bool(group.shared),
            twin=bool(group.twin),
            objective=None if resampled else group.objective,
        )
        counter.told(kind, fate, times=group.told)
    found = counter.totals()
    if resampled:
        best = _followed(connection, run_id)
        found = replace(found, best_objective=best.best_objective, since_best=best.since_best)
    return replace(found, failures=dict(Counter(found.failures).most_common()))


def wall_seconds(connection: Connection, run_id: int) -> float:
    """Wall time of a run's stored sessions, in seconds."""
    return connection.scalar(select(func.sum(SessionRow.seconds)).where(SessionRow.run_id == run_id)) or 0.0


def _expense(group: Row[Any]) -> Expense:
    return Expense(
        group.attempts or 0,
        group.evaluations or 0,
        group.prompt_tokens or 0,
        group.completion_tokens or 0,
        group.cost_usd,
        group.cached_tokens or 0,
        group.reasoning_tokens or 0,
        group.estimated_tokens or 0,
    )


def _groups(run_id: int, best: int) -> Select[*tuple[Any, ...]]:
    """Group the steps of a run that are counted alike.

    Those that came before the best and after it are apart.
    """
    original = func.coalesce(CandidateRow.duplicate_of, CandidateRow.number)
    tokens = CompletionRow.prompt_tokens + CompletionRow.completion_tokens
    alike = (
        RequestRow.operator,
        RequestRow.produces,
        RequestRow.failure_reason,
        EvaluationRow.status,
        CandidateRow.duplicate_of.is_not(None).label("shared"),
        (CandidateRow.code_hash != _Original.code_hash).label("twin"),
        (func.coalesce(CandidateRow.number, 0) > literal_column(str(best))).label("later"),
    )
    return (
        select(
            *alike,
            func.count().label("asked"),
            func.count(RequestRow.told_seq).label("told"),
            func.sum(RequestRow.failure_attempts).label("wasted"),
            func.sum(CompletionRow.attempts).label("attempts"),
            func.sum(CompletionRow.evaluations).label("evaluations"),
            func.sum(CompletionRow.prompt_tokens).label("prompt_tokens"),
            func.sum(CompletionRow.completion_tokens).label("completion_tokens"),
            func.sum(CompletionRow.cached_tokens).label("cached_tokens"),
            func.sum(CompletionRow.reasoning_tokens).label("reasoning_tokens"),
            func.sum(case((CompletionRow.estimated, tokens), else_=0)).label("estimated_tokens"),
            func.sum(CompletionRow.cost_usd).label("cost_usd"),
            func.min(EvaluationRow.objective).label("objective"),
        )
        .select_from(RequestRow)
        .outerjoin(CompletionRow, CompletionRow.request_id == RequestRow.id)
        .outerjoin(CandidateRow, CandidateRow.request_id == RequestRow.id)
        .outerjoin(_Original, (_Original.run_id == CandidateRow.run_id) & (_Original.number == original))
        .outerjoin(
            EvaluationRow,
            (EvaluationRow.candidate_id == _Original.id)
            & (EvaluationRow.split == "train")
            & (EvaluationRow.epoch == RequestRow.epoch),
        )
        .where(RequestRow.run_id == run_id)
        .group_by(*alike)
    )


def _place(group: Row[Any]) -> tuple[bool, bool, float]:
    return bool(group.later), group.objective is not None, -(group.objective or 0.0)


def _best(connection: Connection, run_id: int) -> int:
    """The number of the first candidate with the best objective.

    Where none succeeded, one that none comes after.
    """
    ok = EvaluationRow.status == Status.OK.value
    order: tuple[ColumnElement[Any], ...] = (EvaluationRow.objective.asc(), CandidateRow.number.asc())
    found = connection.scalar(_evaluated(run_id, CandidateRow.number).where(ok).order_by(*order).limit(1))
    return _NEVER if found is None else found


def _followed(connection: Connection, run_id: int) -> Totals:
    """What one counter says of the best after all evaluations, one by one.

    Where training instances are made afresh, the best so far depends on the order.
    """
    counter = TotalsCounter()
    for kind, fate in _evaluations(connection, run_id):
        counter.told(kind, fate)
    return counter.totals()


def _evaluations(connection: Connection, run_id: int) -> Iterator[tuple[RequestKind, Fate]]:
    """What was evaluated on train, in the order of telling; known heuristics that were scored again among it."""
    columns = (
        RequestRow.told_seq,
        RequestRow.operator,
        RequestRow.produces,
        RequestRow.epoch,
        EvaluationRow.status,
        EvaluationRow.objective,
    )
    original = func.coalesce(CandidateRow.duplicate_of, CandidateRow.number)
    rescored = (
        select(*columns)
        .select_from(RequestRow)
        .join(RequestParentRow, RequestParentRow.request_id == RequestRow.id)
        .join(CandidateRow, (CandidateRow.run_id == run_id) & (CandidateRow.number == RequestParentRow.parent))
        .join(_Original, (_Original.run_id == run_id) & (_Original.number == original))
        .join(EvaluationRow, (EvaluationRow.candidate_id == _Original.id) & (EvaluationRow.epoch == RequestRow.epoch))
        .where(RequestRow.run_id == run_id, RequestRow.outcome == "rescored")
        .where(EvaluationRow.split == "train", CandidateRow.number > 0)
    )
    told = (connection.execute(query.order_by(RequestRow.told_seq)).all() for query in (_evaluated(run_id, *columns), rescored))
    for row in merge(*told, key=lambda row: row.told_seq):
        fate = Fate(status=Status(row.status), objective=row.objective, epoch=row.epoch)
        yield RequestKind.stored(row.operator, row.produces), fate


def progress(connection: Connection, run_id: int) -> list[ProgressStep]:
    """The moments at which the best on train improved, or changed because all were scored again on fresh instances."""
    steps: list[ProgressStep] = []
    counter = TotalsCounter()
    evaluations = 0
    for kind, fate in _evaluations(connection, run_id):
        again = kind is RequestKind.RESCORING
        evaluations += kind.is_search
        if not (counter.told(kind, fate) or again):
            continue
        best = counter.totals().best_objective
        if again and steps and steps[-1].evaluations == evaluations:
            steps.pop()
        if best is not None:
            steps.append(ProgressStep(evaluations, best))
    return steps


def failures(connection: Connection, run_id: int) -> list[FailureGroup]:
    """Failures by stage and reason, most frequent first."""
    requests = (
        select(
            RequestRow.failure_stage,
            RequestRow.failure_reason,
            RequestRow.number,
            RequestRow.operator,
            RequestRow.failure_detail,
        )
        .where(RequestRow.run_id == run_id, RequestRow.outcome == "failure")
        .order_by(RequestRow.number)
    )
    columns = (EvaluationRow.status, RequestRow.number, CandidateRow.number, CandidateRow.operator, EvaluationRow.detail)
    failed = EvaluationRow.status.not_in([Status.OK.value, Status.PRUNED.value])
    bred = _bred(run_id, *columns).where(failed)
    groups: dict[tuple[Any, str], list[FailureExample]] = defaultdict(list)
    for row in connection.execute(requests):
        example = FailureExample(request=row.number, candidate=None, operator=row.operator, detail=row.failure_detail)
        groups[row.failure_stage, row.failure_reason].append(example)
    for status, request, candidate, operator, detail in connection.execute(bred.order_by(CandidateRow.number)):
        example = FailureExample(request=request, candidate=candidate, operator=operator, detail=detail)
        groups["evaluation", status].append(example)
    found = [
        FailureGroup(stage=stage, reason=reason, count=len(examples), examples=tuple(examples[:_EXAMPLES]))
        for (stage, reason), examples in groups.items()
    ]
    return sorted(found, key=lambda group: (-group.count, group.stage, group.reason))

"""Database queries that count what runs did and spent."""

from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, literal_column, select
from sqlalchemy.orm import aliased

from evoheur.archive.counting import Expense, Fate, TotalsCounter
from evoheur.archive.records import FailureExample, FailureGroup, ProgressStep, Totals
from evoheur.archive.tables import CandidateRow, CompletionRow, EvaluationRow, RequestRow, SessionRow
from evoheur.candidate import Status
from evoheur.request import RequestKind

__all__ = ["failures", "progress", "totals"]

_EXAMPLES = 3
_SCREENED = Status.REJECTED.value  # without running, so not an evaluation that a budget counts


_NEVER = 2**31 - 1  # a number that no candidate has, and that every database can compare with

_Original = aliased(CandidateRow)


def _bred(run_id: int, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Select columns over all candidates but the baseline.

    Each with its evaluation on train, which a duplicate shares with its original.
    """
    original = func.coalesce(CandidateRow.duplicate_of, CandidateRow.number)
    return (
        select(*columns)
        .select_from(CandidateRow)
        .join(_Original, (_Original.run_id == CandidateRow.run_id) & (_Original.number == original))
        .join(EvaluationRow, EvaluationRow.candidate_id == _Original.id)
        .where(CandidateRow.run_id == run_id, CandidateRow.number > 0, EvaluationRow.split == "train")
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
    seconds = connection.scalar(select(func.sum(SessionRow.seconds)).where(SessionRow.run_id == run_id))
    counter = TotalsCounter(seconds or 0.0)
    # Up to the best, what is no success comes first and the best success last, so that all of it is counted before the best is.
    groups = sorted(connection.execute(_groups(run_id, _best(connection, run_id))), key=_place)
    for group in groups:
        kind = RequestKind.stored(group.operator, group.produces)
        counter.asked(kind, times=group.asked)
        sent, received = group.prompt_tokens or 0, group.completion_tokens or 0
        counter.replied(kind, Expense(group.attempts or 0, group.evaluations or 0, sent, received, group.cost_usd))
        fate = Fate(
            reason=group.failure_reason,
            attempts=group.wasted or 0,
            status=None if group.status is None else Status(group.status),
            shared=bool(group.shared),
            objective=group.objective,
        )
        counter.told(kind, fate, times=group.told)
    found = counter.totals()
    return replace(found, failures=dict(Counter(found.failures).most_common()))


def _groups(run_id: int, best: int) -> Select[*tuple[Any, ...]]:
    """Group the steps of a run that are counted alike.

    Those that came before the best and after it are apart.
    """
    original = func.coalesce(CandidateRow.duplicate_of, CandidateRow.number)
    alike = (
        RequestRow.operator,
        RequestRow.produces,
        RequestRow.failure_reason,
        EvaluationRow.status,
        CandidateRow.duplicate_of.is_not(None).label("shared"),
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
            func.sum(CompletionRow.cost_usd).label("cost_usd"),
            func.min(EvaluationRow.objective).label("objective"),
        )
        .select_from(RequestRow)
        .outerjoin(CompletionRow, CompletionRow.request_id == RequestRow.id)
        .outerjoin(CandidateRow, CandidateRow.request_id == RequestRow.id)
        .outerjoin(_Original, (_Original.run_id == CandidateRow.run_id) & (_Original.number == original))
        .outerjoin(EvaluationRow, (EvaluationRow.candidate_id == _Original.id) & (EvaluationRow.split == "train"))
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


def progress(connection: Connection, run_id: int) -> list[ProgressStep]:
    """The moments at which the best on train improved."""
    columns = (EvaluationRow.objective, RequestRow.operator, RequestRow.produces)
    told = _evaluated(run_id, *columns).join(RequestRow, RequestRow.id == CandidateRow.request_id).order_by(CandidateRow.number)
    steps: list[ProgressStep] = []
    evaluations = 0
    for objective, operator, produces in connection.execute(told):
        evaluations += RequestKind.stored(operator, produces).is_search
        if objective is not None and (not steps or objective < steps[-1].objective):
            steps.append(ProgressStep(evaluations, objective))
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
    bred = _bred(run_id, *columns).join(RequestRow, RequestRow.id == CandidateRow.request_id).where(failed)
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

"""What a run has done and spent, counted by the database."""

from collections import Counter, defaultdict
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, select
from sqlalchemy.orm import aliased

from evoheur.archive.records import FailureExample, FailureGroup, ProgressStep, Totals
from evoheur.archive.tables import CandidateRow, CompletionRow, EvaluationRow, RequestRow, SessionRow
from evoheur.candidate import Status
from evoheur.request import TUNE

__all__ = ["failures", "progress", "totals"]

_EXAMPLES = 3
_SCREENED = Status.REJECTED.value  # without running, so not an evaluation that a budget counts


_Original = aliased(CandidateRow)


def _bred(run_id: int, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Columns over all candidates but the baseline, each with its evaluation on train, which a duplicate shares with its original."""
    original = func.coalesce(CandidateRow.duplicate_of, CandidateRow.number)
    return (
        select(*columns)
        .select_from(CandidateRow)
        .join(_Original, (_Original.run_id == CandidateRow.run_id) & (_Original.number == original))
        .join(EvaluationRow, EvaluationRow.candidate_id == _Original.id)
        .where(CandidateRow.run_id == run_id, CandidateRow.number > 0, EvaluationRow.split == "train")
    )


def _evaluated(run_id: int, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Columns over the candidates that count as evaluations: run, and not shared; in no order."""
    return _bred(run_id, *columns).where(CandidateRow.duplicate_of.is_(None), EvaluationRow.status != _SCREENED)


def totals(connection: Connection, run_id: int) -> Totals:
    """Count everything; the seconds are those of the stored sessions."""
    failed: Counter[str] = Counter()
    requests, pending, wasted = 0, 0, 0
    attempts = func.sum(RequestRow.failure_attempts)
    outcomes = (
        select(RequestRow.outcome, RequestRow.failure_reason, func.count(), attempts)
        .where(RequestRow.run_id == run_id, RequestRow.operator != TUNE)
        .group_by(RequestRow.outcome, RequestRow.failure_reason)
    )
    for outcome, reason, number, calls in connection.execute(outcomes):
        requests += number
        wasted += calls or 0
        if outcome is None:
            pending += number
        if reason is not None:
            failed[reason] += number
    fates = _fates(connection, run_id)
    failed += fates.failed
    calls, prompt_tokens, completion_tokens, cost_usd = _spent(connection, run_id)
    best_objective, since_best = _best(connection, run_id, fates.evaluations)
    seconds = select(func.sum(SessionRow.seconds)).where(SessionRow.run_id == run_id)
    tunings, tunings_pending, tuning_evaluations = _tuned(connection, run_id)
    return Totals(
        requests=requests,
        pending=pending,
        calls=calls + wasted,
        evaluations=fates.evaluations + _within_requests(connection, run_id),
        duplicates=fates.duplicates,
        failures=dict(failed.most_common()),
        pruned=fates.pruned,
        prompt_tokens=prompt_tokens,
        completion_tokens=completion_tokens,
        cost_usd=cost_usd,
        best_objective=best_objective,
        since_best=since_best,
        seconds=connection.scalar(seconds) or 0.0,
        tunings=tunings,
        tunings_pending=tunings_pending,
        tuning_evaluations=tuning_evaluations,
    )


class _Fates(NamedTuple):
    """What became of the candidates that the search bred."""

    evaluations: int
    duplicates: int
    pruned: int
    failed: Counter[str]


def _fates(connection: Connection, run_id: int) -> _Fates:
    evaluations, duplicates, pruned = 0, 0, 0
    failed: Counter[str] = Counter()
    is_duplicate = CandidateRow.duplicate_of.is_not(None)
    by_status = _bred(run_id, EvaluationRow.status, is_duplicate, func.count()).where(CandidateRow.operator != TUNE)
    for status, shared, number in connection.execute(by_status.group_by(EvaluationRow.status, is_duplicate)):
        if status == Status.PRUNED.value:
            pruned += number
        elif status != Status.OK.value:
            failed[status] += number
        if shared:
            duplicates += number
        elif status != _SCREENED:
            evaluations += number
    return _Fates(evaluations, duplicates, pruned, failed)


def _within_requests(connection: Connection, run_id: int) -> int:
    """Evaluations that the strategy's own tuning went through."""
    return _sum_of_evaluations(connection, run_id, RequestRow.operator != TUNE)


def _tuned(connection: Connection, run_id: int) -> tuple[int, int, int]:
    """Tunings beside the search, those of them in work, and the evaluations they took."""
    told = func.count(RequestRow.told_seq)
    query = select(func.count(), told).where(RequestRow.run_id == run_id, RequestRow.operator == TUNE)
    asked, done = connection.execute(query).one()
    return asked, asked - done, _sum_of_evaluations(connection, run_id, RequestRow.operator == TUNE)


def _sum_of_evaluations(connection: Connection, run_id: int, which: ColumnElement[bool]) -> int:
    query = (
        select(func.sum(CompletionRow.evaluations))
        .join(RequestRow, RequestRow.id == CompletionRow.request_id)
        .where(RequestRow.run_id == run_id, which)
    )
    return connection.scalar(query) or 0


def _spent(connection: Connection, run_id: int) -> tuple[int, int, int, float | None]:
    """Calls, tokens sent, tokens received and dollars of the stored replies."""
    query = (
        select(
            func.sum(CompletionRow.attempts),
            func.sum(CompletionRow.prompt_tokens),
            func.sum(CompletionRow.completion_tokens),
            func.sum(CompletionRow.cost_usd),
        )
        .join(RequestRow, RequestRow.id == CompletionRow.request_id)
        .where(RequestRow.run_id == run_id)
    )
    calls, sent, received, dollars = connection.execute(query).one()
    return calls or 0, sent or 0, received or 0, dollars


def _best(connection: Connection, run_id: int, evaluations: int) -> tuple[float | None, int]:
    """The best objective, and how many of the search's evaluations came after it."""
    order: tuple[ColumnElement[Any], ...] = (EvaluationRow.objective.asc(), CandidateRow.number.asc())
    ok = EvaluationRow.status == Status.OK.value
    best = _evaluated(run_id, EvaluationRow.objective, CandidateRow.number).where(ok).order_by(*order).limit(1)
    found = connection.execute(best).one_or_none()
    if found is None:
        return None, evaluations
    later = _evaluated(run_id, func.count()).where(CandidateRow.number > found.number, CandidateRow.operator != TUNE)
    return found.objective, connection.scalar(later) or 0


def progress(connection: Connection, run_id: int) -> list[ProgressStep]:
    """The moments at which the best on train improved."""
    told = _evaluated(run_id, EvaluationRow.objective, CandidateRow.operator != TUNE).order_by(CandidateRow.number)
    steps: list[ProgressStep] = []
    evaluations = 0
    for objective, counts in connection.execute(told):
        evaluations += counts
        if objective is not None and (not steps or objective < steps[-1].objective):
            steps.append(ProgressStep(evaluations, objective))
    return steps


def failures(connection: Connection, run_id: int) -> list[FailureGroup]:
    """What failed, by stage and reason, the most frequent first."""
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

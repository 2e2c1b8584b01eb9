"""What every operator and model of a run cost and earned."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from evoheur.archive.course_queries import CourseStep
from evoheur.candidate import Status
from evoheur.charts.run_course import RunCourse
from evoheur.request import RequestKind

__all__ = ["Earnings", "OperatorEarnings", "operator_earnings"]


@dataclass(slots=True, kw_only=True)
class Earnings:
    """What one operator or model cost and earned; counted as `evoheur spend` counts.

    Attributes:
        name: The operator or the model.
        requests: That were asked; of a model, those that it replied to.
        calls: Made, failed ones included.
        tokens: Sent and received.
        cost_usd: Sum of the known prices; None if no reply was priced.
        useful: Replies that hold a heuristic or a note.
        solved: Heuristics that solved all training instances, copies of earlier ones not counted.
        bests: Heuristics that became the best so far.
        gain: By how much these lowered the best objective on train, the problem's own heuristic counted.
        failed: Requests that yielded no heuristic, and heuristics that failed.
        pruned: Heuristics whose evaluation was cut short.
        duplicates: Heuristics that share an earlier evaluation.
    """

    name: str
    requests: int = 0
    calls: int = 0
    tokens: int = 0
    cost_usd: float | None = None
    useful: int = 0
    solved: int = 0
    bests: int = 0
    gain: float = 0.0
    failed: int = 0
    pruned: int = 0
    duplicates: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorEarnings:
    """What a run's operators and models cost and earned.

    Attributes:
        run: Name of the run.
        operators: Most gain first, then most bests and most requests; those that ask no model, such as tuning, among them.
        models: Likewise.
    """

    run: str
    operators: tuple[Earnings, ...]
    models: tuple[Earnings, ...]


@dataclass(slots=True)
class _Sums:
    operators: dict[str, Earnings] = field(default_factory=dict)
    models: dict[str, Earnings] = field(default_factory=dict)

    def of(self, step: CourseStep) -> list[Earnings]:
        """The sums that a request counts in; the baseline's and what is scored again in none."""
        found = [self.operators.setdefault(step.operator, Earnings(name=step.operator))]
        if step.model is not None and step.kind.asks_model:
            found.append(self.models.setdefault(step.model, Earnings(name=step.model)))
        return found


def operator_earnings(course: RunCourse) -> OperatorEarnings:
    """Add up what the operators and models of a run cost and earned.

    Args:
        course: As it was read so far; requests without an outcome count with what they cost.
    """
    sums = _Sums()
    best: float | None = None
    to_beat = None if course.baseline is None else course.baseline.objective
    epoch = 0
    for step, _, is_best in course.moments:
        objective = step.fate.objective
        if step.fate.epoch > epoch:
            epoch, best, to_beat = step.fate.epoch, None, None
        if step.kind is RequestKind.RESCORING:
            if objective is not None and (best is None or objective < best):
                best = to_beat = objective
            continue
        if step.kind is RequestKind.CONSULTATION:
            continue
        gain = 0.0 if not is_best or objective is None or to_beat is None else max(0.0, to_beat - objective)
        for each in sums.of(step):
            _spend(each, step)
            _earn(each, step, gain, is_best=is_best)
        if is_best and objective is not None:
            best, to_beat = objective, objective if to_beat is None else min(to_beat, objective)
    for step in course.waiting:
        if step.kind not in {RequestKind.RESCORING, RequestKind.SIMPLIFICATION, RequestKind.CONSULTATION}:
            for each in sums.of(step):
                _spend(each, step)
    operators, models = (_best_first(each.values()) for each in (sums.operators, sums.models))
    return OperatorEarnings(run=course.run.name, operators=operators, models=models)


def _spend(sums: Earnings, step: CourseStep) -> None:
    sums.requests += 1
    if step.expense is None:
        return
    sums.calls += step.expense.attempts
    sums.tokens += step.expense.prompt_tokens + step.expense.completion_tokens
    if step.expense.cost_usd is not None:
        sums.cost_usd = (sums.cost_usd or 0.0) + step.expense.cost_usd


def _earn(sums: Earnings, step: CourseStep, gain: float, *, is_best: bool) -> None:
    fate = step.fate
    sums.calls += fate.attempts if step.stage == "generation" else 0
    sums.useful += step.is_note or fate.status is not None
    sums.solved += fate.status is Status.OK and not fate.shared
    sums.bests += is_best
    sums.gain += gain
    sums.failed += fate.reason is not None or fate.status not in {None, Status.OK, Status.PRUNED}
    sums.pruned += fate.status is Status.PRUNED
    sums.duplicates += fate.shared


def _best_first(sums: Iterable[Earnings]) -> tuple[Earnings, ...]:
    return tuple(sorted(sums, key=lambda each: (-each.gain, -each.bests, -each.requests, each.name)))

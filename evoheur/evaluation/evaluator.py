"""The evaluator of one candidate over a set of instances.

The guest solves, the trusted side checks and prices.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evoheur.candidate import BY_SOURCE, Evaluation, InstanceResult, Status
from evoheur.code.program import measures
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.instance_questions import (
    FailedTogether,
    InstanceOutcome,
    NotInSource,
    answers,
    online_answers,
    source_answers,
)
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.lockstep_check import LockStep
from evoheur.evaluation.lost_guests import GuestLost, Heeded, heed
from evoheur.evaluation.objective import fold
from evoheur.evaluation.reachable_objective import ReachableObjective
from evoheur.evaluation.report_reading import STATUS_OF, Unanswered, solution_in
from evoheur.evaluation.scale_probe import LOOKED_AT, ScaleProbe
from evoheur.evaluation.statistical_race import race_order
from evoheur.online import OnlineProblem
from evoheur.problem import Infeasible, Instance, Json, Problem, to_json
from evoheur.sandbox.interface import Limits, Report, ReportStatus, Sandbox, SandboxUnavailable, Session

__all__ = ["Evaluator", "price"]

_LOSSES = 3  # of the guest, with one candidate
_ROUNDING = 1e-9  # relative; the same sum in another order must not decide
_FINGERPRINT = re.compile("[0-9a-f]{32}")
_MAX_NOTES, _MAX_NOTE = 8, 200  # notes come from the guest: keep them few and short


class _Unanswerable(Exception):
    """A candidate fails in a probe state, which is no fault; never leaves this module."""


@dataclass(frozen=True, slots=True)
class _Solved:
    """A solution that was priced; `stepped` as in `InstanceOutcome`."""

    instance: Instance
    solution: Json
    stepped: bool


class Evaluator:
    """Trusted code around one sandbox. Not thread-safe: one evaluator per worker slot.

    Args:
        problem: Checks and prices solutions; its `solve` is not called on this side.
        sandbox: Runs `evoheur.evaluation.guest_job` for the same problem.
        limits: What one candidate may use; `questions` is set to the number of instances.
        seed: The run's seed, for stochastic frames.
    """

    def __init__(self, problem: Problem[Any], sandbox: Sandbox, limits: Limits, *, seed: int) -> None:
        self._problem = problem
        self._sandbox = sandbox
        self._limits = limits
        self._seed = seed

    @property
    def level(self) -> str:
        """The isolation in force; sure once a guest has started."""
        return self._sandbox.level

    def start(self) -> None:
        """Start the guest now rather than with the first candidate.

        Raises:
            SandboxUnavailable: It cannot be started.
        """
        self._sandbox.start()

    def evaluate(self, task: EvaluationTask[InstanceSet]) -> Evaluation:
        """Score a candidate.

        It stops at the first instance that fails, since one failed instance fails the candidate.

        Args:
            task: Its code, the instances, and how far to go.

        Raises:
            SandboxUnavailable: The guest cannot be started, or answers nobody.
        """
        evaluation, _ = self._heeded(task)
        return evaluation

    def solve(self, task: EvaluationTask[InstanceSet]) -> tuple[Evaluation, list[Json]]:
        """Score a candidate and hand out its solutions.

        In the order of the instances; none unless the score is OK.

        Raises:
            SandboxUnavailable: The guest cannot be started, or answers nobody.
        """
        evaluation, solved = self._heeded(task)
        return evaluation, [to_json(one.solution) for one in solved] if evaluation.status is Status.OK else []

    def close(self) -> None:
        """End the guest; harmless when repeated."""
        self._sandbox.close()

    def _heeded(self, task: EvaluationTask[InstanceSet]) -> tuple[Evaluation, list[_Solved]]:
        for attempt in range(1, _LOSSES + 1):
            try:
                return self._evaluated(task)
            except GuestLost as error:
                if attempt == _LOSSES:
                    return self._blamed(task, error), []
        raise AssertionError("the last attempt returns")

    def _evaluated(self, task: EvaluationTask[InstanceSet]) -> tuple[Evaluation, list[_Solved]]:
        return self._scored(task) if task.race is None else self._raced(task)

    def _raced(self, task: EvaluationTask[InstanceSet]) -> tuple[Evaluation, list[_Solved]]:
        """Score in the order of the race.

        Who comes to its end has results and objective as without it.
        """
        assert task.race is not None
        order = race_order(task.instances.instances, task.race.most)
        raced = replace(task, instances=task.instances.in_order(order), race=task.race.in_order(order))
        evaluation, solved = self._scored(raced)
        if evaluation.status is not Status.OK:
            return evaluation, solved
        places = sorted(range(len(order)), key=order.__getitem__)
        results = [evaluation.results[place] for place in places]
        objective = fold(results, self._problem.aggregate, task.instances.textbook)  # sums depend on the order, to the last bit
        evaluation = replace(evaluation, results=tuple(results), objective=objective.value)
        return evaluation, [solved[place] for place in places]

    def _scored(self, task: EvaluationTask[InstanceSet]) -> tuple[Evaluation, list[_Solved]]:
        by_source = None if task.probe or task.scale_probe or task.fingerprints is not None else self._by_source(task)
        try:
            evaluation, solved = by_source or self._attempt(task, together=not task.instances.online)
        except _Unanswerable:
            return self._scored(replace(task, fingerprints=None))
        except FailedTogether:
            evaluation, solved = self._attempt(task, together=False)
        if evaluation.status is Status.OK:
            evaluation = replace(evaluation, measures={**evaluation.measures, **self._solution_measures(solved)})
        if task.probe and isinstance(self._problem, OnlineProblem):
            evaluation = self._probed(task, self._problem, evaluation, solved)
        if task.scale_probe and task.instances.symmetric and evaluation.status is Status.OK:
            evaluation = self._tried_in_other_units(task, evaluation, solved)
        return evaluation, solved

    def _by_source(self, task: EvaluationTask[InstanceSet]) -> tuple[Evaluation, list[_Solved]] | None:
        # A formula is good enough to find out that a candidate is no good. What may become the best is probed, and thus executed.
        answered = source_answers(task.code, self._problem, task.instances)
        if answered is None:
            return None
        try:
            evaluation, solved = self._judged(task, answered)
        except NotInSource:
            return None
        return replace(evaluation, executed=False, level=BY_SOURCE), solved

    def _attempt(self, task: EvaluationTask[InstanceSet], *, together: bool) -> tuple[Evaluation, list[_Solved]]:
        instances = task.instances
        # Beside the instances, an online candidate may be asked for as many tables.
        questions = len(instances.instances) * (2 if instances.online else 1) + (task.fingerprints is not None)
        session, opened = self._open(task.code, questions=questions, answer_bytes=instances.answer_bytes)
        with session:
            if opened.status is not ReportStatus.OK:
                return self._evaluation(task, [], failed=opened), []
            fingerprint = "" if task.fingerprints is None else _fingerprint(session)
            if task.fingerprints and fingerprint in task.fingerprints:
                return self._stopped(task, [], "an earlier candidate answers alike in all probe states", fingerprint), []
            return self._judged(task, self._answers(session, task, together=together), fingerprint)

    def _judged(
        self, task: EvaluationTask[InstanceSet], answered: Iterator[InstanceOutcome], fingerprint: str = ""
    ) -> tuple[Evaluation, list[_Solved]]:
        instances = task.instances
        results: list[InstanceResult] = []
        solved: list[_Solved] = []
        reachable = (
            ReachableObjective(instances, self._problem.aggregate) if task.bound is not None and instances.bounded else None
        )
        for answer in answered:
            results.append(self._judge(answer.report, answer.instance, instances.references[answer.instance.name]))
            if results[-1].status is not Status.OK:
                break
            solved.append(_Solved(answer.instance, solution_in(answer.report), answer.stepped))
            if task.race is not None and (lost := task.race.verdict([result.cost or 0.0 for result in results])):
                return self._stopped(task, results, lost, fingerprint), solved
            if task.bound is None or reachable is None:
                continue
            reachable.add(results[-1])
            if len(results) == len(instances.instances):  # the objective is known anyway
                break
            reached = reachable.value()
            if reached >= task.bound + _ROUNDING * max(1.0, abs(task.bound)):
                done = f"{len(results)} of {len(instances.instances)} instances"
                detail = f"at least {reached:.5g} after {done}, {task.bound:.5g} is out already"
                return self._stopped(task, results, detail, fingerprint), solved
        return replace(self._evaluation(task, results, failed=None), fingerprint=fingerprint), solved

    def _answers(self, session: Session, task: EvaluationTask[InstanceSet], *, together: bool) -> Iterator[InstanceOutcome]:
        if isinstance(self._problem, OnlineProblem):
            wall_seconds = self._limits.wall_seconds if task.probe else None
            return online_answers(session, self._problem, task.instances, wall_seconds=wall_seconds)
        return answers(session, task.instances, together=together)

    def _solution_measures(self, solved: list[_Solved]) -> dict[str, float]:
        """The means of what the problem measures of solutions."""
        measured = [self._problem.measures(one.instance, one.solution) for one in solved]
        return {name: math.fsum(values[name] for values in measured) / len(measured) for name in measured[0]}

    def _open(self, code: str, *, questions: int, answer_bytes: int | None = None) -> tuple[Session, Report]:
        allowed = self._limits.output_bytes if answer_bytes is None else min(self._limits.output_bytes, answer_bytes)
        limits = replace(self._limits, questions=questions, output_bytes=allowed)
        session, opened = self._sandbox.open({"code": code, "seed": self._seed}, limits)
        return Heeded(session), heed(opened)

    def _blamed(self, task: EvaluationTask[InstanceSet], lost: GuestLost) -> Evaluation:
        # Whoever takes down guest after guest that serves others well is to blame; if nobody is served, nobody is.
        session, opened = self._sandbox.open({"code": "", "seed": self._seed}, self._limits)
        session.close()
        if opened.lost:
            raise SandboxUnavailable(
                f"The guest is lost with every candidate: {lost}. Look for what stops or kills it, such as a lack of memory, "
                "or lower the number of slots."
            )
        detail = f"{lost}, as {_LOSSES} times in a row"
        return self._evaluation(task, [], failed=Report(status=ReportStatus.CRASHED, detail=detail))

    def _judge(self, report: Report, instance: Instance, reference: float | None) -> InstanceResult:
        if report.status is not ReportStatus.OK:
            return _result(
                instance, reference, status=STATUS_OF[report.status], cpu_seconds=report.cpu_seconds, detail=report.detail
            )
        try:
            solution = solution_in(report)
        except Unanswered as error:
            return _result(instance, reference, status=Status.CHEATING, cpu_seconds=report.cpu_seconds, detail=str(error))
        priced = price(self._problem, instance, solution, reference)
        return replace(priced, cpu_seconds=report.cpu_seconds, notes=_notes(report.value.get("notes")))

    def _stopped(
        self, task: EvaluationTask[InstanceSet], results: Sequence[InstanceResult], detail: str, fingerprint: str
    ) -> Evaluation:
        return Evaluation(
            status=Status.PRUNED,
            objective=None,
            split=task.instances.split,
            epoch=task.instances.epoch,
            results=tuple(results),
            measures=measures(task.code),
            level=self._sandbox.level,
            detail=detail,
            fingerprint=fingerprint,
        )

    def _probed(
        self, task: EvaluationTask[InstanceSet], problem: OnlineProblem[Any], evaluation: Evaluation, solved: list[_Solved]
    ) -> Evaluation:
        check = LockStep(
            problem, lambda questions: self._open(task.code, questions=2 * questions), wall_seconds=self._limits.wall_seconds
        )
        stepped = [(one.instance, one.solution) for one in solved if one.stepped]
        finding = None
        if evaluation.status is Status.OK and stepped:
            finding = check.finding(stepped)
        elif evaluation.status is Status.ERROR and evaluation.results:
            finding = check.failure(task.instances.instances[len(evaluation.results) - 1], evaluation.results[-1].detail)
        if finding is None:
            return evaluation
        return replace(evaluation, status=finding.status, objective=None, objective_kind=None, results=(), detail=finding.detail)

    def _tried_in_other_units(
        self, task: EvaluationTask[InstanceSet], evaluation: Evaluation, solved: list[_Solved]
    ) -> Evaluation:
        def solve(instances: InstanceSet) -> tuple[Evaluation, list[Json]]:
            found, priced = self._attempt(EvaluationTask(code=task.code, instances=instances), together=False)
            return found, [one.solution for one in priced]

        few = task.instances.few(LOOKED_AT)
        fresh = [one.solution for one in solved] if len(few.instances) == len(solved) else None
        finding = ScaleProbe(self._problem, solve).finding(few, fresh)
        if finding is None:
            return evaluation
        return replace(evaluation, status=finding.status, objective=None, objective_kind=None, results=(), detail=finding.detail)

    def _evaluation(
        self, task: EvaluationTask[InstanceSet], results: list[InstanceResult], *, failed: Report | None
    ) -> Evaluation:
        status, detail = Status.OK, ""
        if failed is not None:
            status, detail = STATUS_OF[failed.status], failed.detail
        elif results and results[-1].status is not Status.OK:
            status, detail = results[-1].status, f"{results[-1].instance}: {results[-1].detail}"
        objective = fold(results, self._problem.aggregate, task.instances.textbook) if status is Status.OK else None
        return Evaluation(
            status=status,
            objective=None if objective is None else objective.value,
            objective_kind=None if objective is None else objective.kind,
            aggregate=self._problem.aggregate,
            split=task.instances.split,
            epoch=task.instances.epoch,
            results=tuple(results),
            measures=measures(task.code),
            level=self._sandbox.level,
            detail=detail,
        )


def _fingerprint(session: Session) -> str:
    """What a candidate claims to be the hash of its answers in the probe states.

    Whoever claims another's gets another's score, and no score that would be the best.

    Raises:
        _Unanswerable: It fails in one of them; the session is over.
    """
    report = session.ask({"states": True})
    if report.status is not ReportStatus.OK:
        raise _Unanswerable
    claimed = report.value.get("fingerprint") if isinstance(report.value, dict) else None
    return claimed if isinstance(claimed, str) and _FINGERPRINT.fullmatch(claimed) else ""


def price(problem: Problem[Any], instance: Instance, solution: Json, reference: float | None) -> InstanceResult:
    """Check and price one solution on the trusted side."""
    try:
        cost = float(problem.cost(instance, solution))
    except Infeasible as error:
        return _result(instance, reference, status=Status.INFEASIBLE, detail=str(error))
    return _result(instance, reference, status=Status.OK, cost=cost)


def _result(
    instance: Instance,
    reference: float | None,
    *,
    status: Status,
    cost: float | None = None,
    cpu_seconds: float = 0.0,
    detail: str = "",
) -> InstanceResult:
    return InstanceResult(
        instance=instance.name,
        family=instance.family,
        status=status,
        cost=cost,
        reference=reference,
        cpu_seconds=cpu_seconds,
        detail=detail,
    )


def _notes(claimed: Json) -> Mapping[str, str]:
    if not isinstance(claimed, dict):
        return {}
    kept = [(key, value) for key, value in claimed.items() if isinstance(key, str) and isinstance(value, str)]
    return {key[:_MAX_NOTE]: value[:_MAX_NOTE] for key, value in kept[:_MAX_NOTES]}

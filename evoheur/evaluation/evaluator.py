"""One candidate over a set of instances: the guest solves, the trusted side checks and prices."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from evoheur.candidate import Evaluation, InstanceResult, Status
from evoheur.evaluation.instances import InstanceSet
from evoheur.evaluation.objective import fold
from evoheur.evaluation.screening import measures
from evoheur.problem import Infeasible, Instance, Json, Problem
from sandbox.sandbox import Limits, Report, ReportStatus, Sandbox, Session

__all__ = ["Evaluator", "price"]

_STATUS = {
    ReportStatus.OK: Status.OK,
    ReportStatus.ERROR: Status.ERROR,
    ReportStatus.TIMEOUT: Status.TIMEOUT,
    ReportStatus.MEMORY: Status.MEMORY,
    ReportStatus.OUTPUT: Status.OUTPUT,
    ReportStatus.CRASHED: Status.CRASHED,
    ReportStatus.FORFEIT: Status.CHEATING,
}

_MAX_NOTES, _MAX_NOTE = 8, 200  # notes come from the guest: keep them few and short


class Evaluator:
    """Trusted code around one sandbox. Not thread-safe: one evaluator per worker slot.

    Args:
        problem: Checks and prices solutions; its `solve` is not called on this side.
        sandbox: Runs `evoheur.evaluation.job` for the same problem.
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
        """The isolation in force."""
        return self._sandbox.level

    def evaluate(self, code: str, instances: InstanceSet, *, probe: bool = False) -> Evaluation:  # noqa: ARG002 - the seam comes first
        """Score a candidate; stops at the first instance that fails, since one failed instance fails the candidate.

        Args:
            code: Source that parses and defines the problem's functions.
            instances: What to solve, in this order.
            probe: Also see that no decision depends on what the candidate could not know yet.

        Raises:
            SandboxUnavailable: The guest cannot be started.
        """
        results: list[InstanceResult] = []
        limits = replace(self._limits, questions=len(instances.instances))
        session, opened = self._sandbox.open({"code": code, "seed": self._seed}, limits)
        with session:
            if opened.status is not ReportStatus.OK:
                return self._evaluation(code, instances, results, failed=opened)
            for instance, encoded in zip(instances.instances, instances.encoded, strict=True):
                results.append(self._ask(session, instance, encoded, instances.references[instance.name]))
                if results[-1].status is not Status.OK:
                    break
        return self._evaluation(code, instances, results, failed=None)

    def close(self) -> None:
        """End the guest; harmless when repeated."""
        self._sandbox.close()

    def _ask(self, session: Session, instance: Instance, encoded: Json, reference: float | None) -> InstanceResult:
        report = session.ask({"instance": encoded})
        if report.status is not ReportStatus.OK:
            return _result(
                instance, reference, status=_STATUS[report.status], cpu_seconds=report.cpu_seconds, detail=report.detail
            )
        answer = report.value
        if not isinstance(answer, dict) or "solution" not in answer:
            detail = f"the answer is not the solver's: {answer!r:.80}"
            return _result(instance, reference, status=Status.CHEATING, cpu_seconds=report.cpu_seconds, detail=detail)
        priced = price(self._problem, instance, answer["solution"], reference)
        return replace(priced, cpu_seconds=report.cpu_seconds, notes=_notes(answer.get("notes")))

    def _evaluation(
        self, code: str, instances: InstanceSet, results: list[InstanceResult], *, failed: Report | None
    ) -> Evaluation:
        status, detail = Status.OK, ""
        if failed is not None:
            status, detail = _STATUS[failed.status], failed.detail
        elif results and results[-1].status is not Status.OK:
            status, detail = results[-1].status, f"{results[-1].instance}: {results[-1].detail}"
        return Evaluation(
            status=status,
            objective=fold(results, self._problem.aggregate) if status is Status.OK else None,
            split=instances.split,
            results=tuple(results),
            measures=measures(code),
            level=self._sandbox.level,
            detail=detail,
        )


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

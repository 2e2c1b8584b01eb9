"""Running attacks on scores.

They run through the real evaluator, and, as the control, through one that believes its guest.
"""

import inspect
import json
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from evoheur.candidate import Evaluation, InstanceResult, Status
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.isolation import guest_entry
from evoheur.evaluation.objective import fold
from evoheur.problem import Problem
from evoheur.problem_loading import load_problem
from evoheur.sandbox.interface import Limits, ReportStatus, Sandbox
from evoheur.testing.red_team.attack import ScoreAttack, Verdict
from evoheur.testing.red_team.attack_range import MakeSandbox
from evoheur.testing.red_team.stall_watch import Watch, unless_still

__all__ = ["Believer", "ScoreRange", "ScoreTarget", "Scorer", "bin_packing"]

_LIMITS = Limits(load_seconds=20.0, cpu_seconds=20.0, wall_seconds=30.0, memory_mib=512, output_bytes=16 << 20, questions=3)
_PATIENCE = 300.0
_HOOKED = """
{attack}

{honest}

_honest = {name}
def {name}(*arguments):
    if "hook" in globals():
        hook(*arguments)
    return _honest(*arguments)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreTarget:
    """The problem and instances that are scored.

    Attributes:
        name: The problem's, as `evoheur.problem_loading.load_problem` takes it.
        problem: The trusted copy.
        instances: What candidates are scored on.
    """

    name: str
    problem: Problem[Any]
    instances: InstanceSet

    @property
    def honest(self) -> str:
        """Source of an honest candidate.

        It does what it should: the problem's own first heuristic.
        """
        imports = "import numpy as np\nfrom numpy.typing import NDArray\n"
        return imports + "\n\n".join(inspect.getsource(function) for function in self.problem.functions())

    def hooked(self, attack: ScoreAttack) -> str:
        """Source of the honest candidate with an attack.

        The attack is before it and its hook in it.
        """
        name = self.problem.functions()[0].__name__
        return _HOOKED.format(attack=attack.source, honest=self.honest, name=name)

    def task(self, code: str, *, probe: bool = False) -> EvaluationTask[InstanceSet]:
        """What scores a candidate of this source."""
        return EvaluationTask(code=code, instances=self.instances, probe=probe)


class Scorer(Protocol):
    """What makes an evaluation of a candidate."""

    def evaluate(self, task: EvaluationTask[InstanceSet]) -> Evaluation:
        """Score it, and probe it where that is known."""

    def close(self) -> None:
        """End the guest."""


class Believer:
    """Takes cost and time from where the candidate runs.

    Args:
        target: What is scored.
        make_sandbox: Runs the guest; its walls are not the point.
    """

    def __init__(self, target: ScoreTarget, make_sandbox: MakeSandbox) -> None:
        entry = guest_entry(target.name, {})
        self._sandbox: Sandbox = make_sandbox(replace(entry, module="evoheur.testing.red_team.believing_entry"))
        self._aggregate = target.problem.aggregate

    def evaluate(self, task: EvaluationTask[InstanceSet]) -> Evaluation:
        """See `Scorer.evaluate`; it probes nothing."""
        instances = task.instances
        results: list[InstanceResult] = []
        session, report = self._sandbox.open({"code": task.code, "seed": 0}, _LIMITS)
        with session:
            for instance, encoded in zip(instances.instances, instances.encoded, strict=True):
                if report.status is ReportStatus.OK:
                    report = session.ask({"instance": encoded})
                if report.status is not ReportStatus.OK:
                    return Evaluation(status=Status.ERROR, objective=None, split=instances.split, detail=report.detail)
                result = InstanceResult(
                    instance=instance.name,
                    family=instance.family,
                    status=Status.OK,
                    cost=report.value["cost"],
                    reference=instances.references[instance.name],
                    cpu_seconds=report.value["seconds"],
                    notes=report.value["notes"],
                )
                results.append(result)
        objective = fold(results, self._aggregate)
        return Evaluation(
            status=Status.OK,
            objective=objective.value,
            objective_kind=objective.kind,
            split=instances.split,
            results=tuple(results),
        )

    def close(self) -> None:
        """See `Scorer.close`."""
        self._sandbox.close()


class ScoreRange:
    """A place to attack one way of scoring.

    Args:
        target: What is scored.
        scorer: How.
    """

    def __init__(self, target: ScoreTarget, scorer: Scorer) -> None:
        self._target = target
        self._scorer = scorer
        self._honest = scorer.evaluate(target.task(target.honest))
        if self._honest.status is not Status.OK:
            raise ValueError(
                f"The problem's own heuristic fails: {self._honest.detail}. The problem must work before it is attacked."
            )

    @classmethod
    def guarded(cls, target: ScoreTarget, make_sandbox: MakeSandbox) -> "ScoreRange":
        """A range with evoheur's evaluator over a sandbox."""
        return cls(target, Evaluator(target.problem, make_sandbox(guest_entry(target.name, {})), _LIMITS, seed=0))

    def run(self, attack: ScoreAttack) -> Verdict:
        """Run one attack, again if the machine stood still meanwhile."""
        return unless_still(lambda watch: self._run_once(attack, watch), _PATIENCE)

    def close(self) -> None:
        """End the guest."""
        self._scorer.close()

    def _run_once(self, attack: ScoreAttack, watch: Watch) -> Verdict:
        with watch:
            return self._judge(attack)

    def _judge(self, attack: ScoreAttack) -> Verdict:
        evaluation = self._scorer.evaluate(self._target.task(self._target.hooked(attack), probe=True))
        gain = attack.gain(evaluation, self._honest, self._target.problem)
        after = self._scorer.evaluate(self._target.task(self._target.honest))
        if not gain and after.objective != self._honest.objective:
            gain = f"it changed the honest score: {after.objective} ({after.detail}) instead of {self._honest.objective}"
        return Verdict(
            name=attack.name,
            family=attack.family,
            blocked=not gain,
            detail=gain or _told(evaluation, self._honest),
            open_because=attack.open_because,
        )


def bin_packing() -> ScoreTarget:
    """Two short streams of online bin packing."""
    name = "bin_packing_online"
    problem = load_problem(name)
    streams = [
        # 800 items each, sizes 10 to 60 in an order that best fit does not like: small ones first.
        {"name": f"stream-{shift}", "capacity": 100, "items": sorted(10 + (7 * i + shift) % 51 for i in range(800))}
        for shift in (0, 3)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "streams.json"
        path.write_text(json.dumps({"instances": streams}))
        return ScoreTarget(name=name, problem=problem, instances=InstanceSet.of_path(problem, path))


def _told(evaluation: Evaluation, honest: Evaluation) -> str:
    if evaluation.status is not Status.OK:
        lines = evaluation.detail.strip().splitlines() or [""]
        return f"{evaluation.status}: {lines[-1]:.160}"
    return f"scored for what it is: {evaluation.objective:.4g} (honest: {honest.objective:.4g})"

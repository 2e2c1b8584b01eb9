"""What remains of a run's candidate when it is simplified, ready to be stored."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from evoheur.candidate import UNNUMBERED, Candidate, Evaluation
from evoheur.code.program import code_hash
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.executor import Executor
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem import Problem
from evoheur.request import Completion, Request
from evoheur.simplification.equivalence import Equivalence
from evoheur.simplification.simplifier import Simplification, Simplifier, SimplifyConfig

__all__ = ["remaining_candidate", "simplify_on", "simplifying_reply"]

_SIMPLIFIER = "simplifier"


async def simplify_on(
    code: str,
    executor: Executor,
    problem: Problem[Any],
    sets: Sequence[InstanceSet],
    *,
    config: SimplifyConfig,
    scale_probe: bool,
    saying: Callable[[str], None] = lambda _step: None,
) -> Simplification:
    """Simplify a heuristic, scored as a run scores.

    Args:
        code: Source that defines the problem's functions.
        executor: Evaluates.
        problem: Warmed up.
        sets: The instances on which nothing may change; the first ones are tried first.
        config: How much may change, and how many evaluations it may take.
        scale_probe: As in `EvaluationConfig`.
        saying: Hears what went, each time.

    Raises:
        ConfigError: The heuristic fails on the instances.
        ExecutorError: Evaluation is broken.
    """

    async def scored(code: str, instances: InstanceSet, *, probe: bool) -> Evaluation:
        task = EvaluationTask(code=code, instances=instances, probe=probe, scale_probe=probe and scale_probe)
        return await executor.evaluate(task)

    simplifier = Simplifier(
        equivalence=Equivalence(scored, sets, most=config.evaluations),
        functions=tuple(function.__name__ for function in problem.functions()),
        tolerance=config.tolerance,
        only_order_counts=problem.only_order_counts,
        saying=saying,
    )
    return await simplifier.simplify(code)


def remaining_candidate(parent: Candidate, found: Simplification, worth: Evaluation) -> Candidate:
    """What remains, as a candidate without a number.

    Args:
        parent: What was simplified.
        found: What remains of it.
        worth: Its evaluation on train.
    """
    return replace(
        parent,
        id=UNNUMBERED,
        code=found.code,
        operator=Request.simplification().operator,
        parents=(parent.id,),
        evaluation=worth,
        duplicate_of=None,
        code_hash=code_hash(found.code),
    )


def simplifying_reply(found: Simplification, tolerance: float) -> Completion:
    """What went, in the place of a model's reply."""
    lines = [f"Simplified at a tolerance of {tolerance:g}:", *(f"- {step}" for step in found.steps)]
    if not found.complete:
        lines.append("The evaluations ran out before everything was tried.")
    return Completion(text="\n".join(lines), model=_SIMPLIFIER, attempts=0, evaluations=found.evaluations)

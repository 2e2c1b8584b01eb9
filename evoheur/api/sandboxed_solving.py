"""Solving instances with a found heuristic in the sandbox.

One instance at a time; solutions are checked and priced on the trusted side.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from evoheur.api.contender import Contender
from evoheur.candidate import Evaluation, InstanceResult, Status
from evoheur.code.screening import screen
from evoheur.errors import ExecutorError
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator import Evaluator, price
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.textbook_scores import score_textbook_rules
from evoheur.problem import Instance, Json, to_json
from evoheur.sandbox.interface import SandboxUnavailable

__all__ = ["Solved", "solve_by_textbook", "solve_each"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """The solution of one instance, or the lack of one.

    Attributes:
        instance: The trusted copy.
        result: Status, cost, seconds.
        solution: None unless the result is OK.
        level: The isolation that the heuristic ran at; "trusted" for a textbook rule.
    """

    instance: Instance
    result: InstanceResult
    solution: Json
    level: str


def solve_each(contender: Contender, instances: InstanceSet, saying: Callable[[str], None]) -> Iterator[Solved]:
    """Solve every instance with a heuristic.

    Where it fails on one, the next is solved all the same.

    Args:
        contender: The heuristic or textbook rule.
        instances: What to solve.
        saying: Hears the name of each instance before it is solved.

    Raises:
        ExecutorError: The guest cannot be started.
    """
    contender.problem.warm_up()
    if contender.rule is not None:
        yield from _by_textbook(contender, instances, saying)
        return
    assert contender.code is not None, "a contender is a rule or has code"
    reason = (
        screen(contender.code, contender.evaluation.screen.allowing(contender.problem.libraries)) if contender.screened else None
    )
    evaluator = EvaluatorRecipe(
        problem=contender.named.name,
        settings=contender.named.settings,
        sandbox=contender.evaluation.sandbox,
        limits=contender.evaluation.limits.limits(),
        seed=contender.seed,
    ).make(contender.problem)
    try:
        for each in instances.singly():
            saying(each.instances[0].name)
            yield _rejected(each, reason) if reason is not None else _in_sandbox(evaluator, contender.code, each)
    except SandboxUnavailable as error:
        raise ExecutorError(f"The guest that runs heuristics cannot be started: {error}") from error
    finally:
        evaluator.close()


def solve_by_textbook(contender: Contender, instances: InstanceSet, saying: Callable[[str], None]) -> dict[str, Evaluation]:
    """Solve every instance with the textbook rules of the contender's problem.

    Args:
        contender: Names the problem.
        instances: What to solve.
        saying: Hears the name of each rule before it solves.

    Returns:
        Textbook rule → its evaluation with a result for every instance, best first.
    """
    return score_textbook_rules(contender.problem, instances, starting=saying)


def _in_sandbox(evaluator: Evaluator, code: str, one: InstanceSet) -> Solved:
    evaluation, solutions = evaluator.solve(EvaluationTask(code=code, instances=one, probe=True))
    [instance] = one.instances
    detail = evaluation.detail.removeprefix(f"{instance.name}: ")
    result = evaluation.results[0] if evaluation.results else _failed(one, evaluation.status, detail)
    solution = solutions[0] if solutions else None
    return Solved(instance=instance, result=result, solution=solution, level=evaluation.level)


def _by_textbook(contender: Contender, instances: InstanceSet, saying: Callable[[str], None]) -> Iterator[Solved]:
    assert contender.rule is not None, "the caller has seen it"
    solver = contender.problem.textbook_rules()[contender.rule]
    for instance in instances.instances:
        saying(instance.name)
        start = time.thread_time()
        solution = to_json(solver(instance))
        seconds = time.thread_time() - start
        result = replace(price(contender.problem, instance, solution, instances.references[instance.name]), cpu_seconds=seconds)
        yield Solved(instance=instance, result=result, solution=solution if result.status is Status.OK else None, level="trusted")


def _rejected(one: InstanceSet, reason: str) -> Solved:
    return Solved(instance=one.instances[0], result=_failed(one, Status.REJECTED, reason), solution=None, level="")


def _failed(one: InstanceSet, status: Status, detail: str) -> InstanceResult:
    [instance] = one.instances
    return InstanceResult(
        instance=instance.name,
        family=instance.family,
        status=status,
        cost=None,
        reference=one.references[instance.name],
        detail=detail,
    )

"""Scores of the textbook rules, by trusted code.

They are scored like candidates, but in this process.
"""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from evoheur.candidate import Evaluation, InstanceResult
from evoheur.evaluation.evaluator import price
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.evaluation.objective import fold
from evoheur.problem import Instance, Problem, to_json

__all__ = ["best_first", "score_textbook_rules", "with_textbook_references"]


def _unheard(_name: str) -> None:
    pass


def score_textbook_rules(
    problem: Problem[Any],
    instances: InstanceSet,
    *,
    only: Collection[str] | None = None,
    starting: Callable[[str], None] = _unheard,
) -> dict[str, Evaluation]:
    """Score the textbook rules of a problem.

    Args:
        problem: Warmed up, or the first seconds are those of compiling.
        instances: What the rules solve.
        only: Names of those that are scored; None for all.
        starting: Hears the name of each rule before it is scored, since some take their time.

    Returns:
        Name → evaluation, best objective first.
    """
    scored: dict[str, Evaluation] = {}
    for name, solver in problem.textbook_rules().items():
        if only is not None and name not in only:
            continue
        starting(name)
        results = tuple(
            _scored(problem, solver, instance, instances.references[instance.name]) for instance in instances.instances
        )
        failed = next((result for result in results if result.cost is None), None)
        objective = None if failed else fold(results, problem.aggregate, instances.textbook)
        scored[name] = Evaluation(
            status=failed.status if failed else results[0].status,
            objective=None if objective is None else objective.value,
            objective_kind=None if objective is None else objective.kind,
            aggregate=problem.aggregate,
            split=instances.split,
            epoch=instances.epoch,
            results=results,
            level="trusted",
            detail=f"{failed.instance}: {failed.detail}" if failed else "",
        )
    return best_first(scored)


def best_first(scored: Mapping[str, Evaluation]) -> dict[str, Evaluation]:
    """Sort evaluations by their objectives, failed ones last."""
    worst = float("inf")
    return dict(sorted(scored.items(), key=lambda item: worst if item[1].objective is None else item[1].objective))


def with_textbook_references(problem: Problem[Any], instances: InstanceSet) -> InstanceSet:
    """The instances with what the best textbook rule costs as references.

    Of those that know and do as much as heuristics; where the problem has none, the references stay.
    """
    alike = problem.rule_classes().alike(problem.textbook_rules())
    solvers = [solver for name, solver in problem.textbook_rules().items() if name in alike]
    references = dict(instances.references)
    for instance in instances.instances if solvers else ():
        costs = [_scored(problem, solver, instance, None).cost for solver in solvers]
        references[instance.name] = min((cost for cost in costs if cost is not None), default=references[instance.name])
    return replace(instances, references=references, bounded=False)


def _scored(problem: Problem[Any], solver: Callable[[Any], Any], instance: Instance, reference: float | None) -> InstanceResult:
    start = time.thread_time()
    solution = solver(instance)
    seconds = time.thread_time() - start
    return replace(price(problem, instance, to_json(solution), reference), cpu_seconds=seconds)

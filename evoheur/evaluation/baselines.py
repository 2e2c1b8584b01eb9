"""The textbook rules, scored like candidates but by trusted code in this process."""

from typing import Any

from evoheur.candidate import Evaluation
from evoheur.evaluation.evaluator import price
from evoheur.evaluation.instances import InstanceSet
from evoheur.evaluation.objective import fold
from evoheur.problem import Problem, to_json

__all__ = ["score_baselines"]


def score_baselines(problem: Problem[Any], instances: InstanceSet) -> dict[str, Evaluation]:
    """Name → evaluation of every baseline of the problem, best objective first."""
    scored: dict[str, Evaluation] = {}
    for name, solver in problem.baselines().items():
        results = tuple(
            price(problem, instance, to_json(solver(instance)), instances.references[instance.name])
            for instance in instances.instances
        )
        failed = next((result for result in results if result.cost is None), None)
        scored[name] = Evaluation(
            status=failed.status if failed else results[0].status,
            objective=None if failed else fold(results, problem.aggregate),
            split=instances.split,
            results=results,
            level="trusted",
            detail=f"{failed.instance}: {failed.detail}" if failed else "",
        )
    worst = float("inf")
    return dict(sorted(scored.items(), key=lambda item: worst if item[1].objective is None else item[1].objective))

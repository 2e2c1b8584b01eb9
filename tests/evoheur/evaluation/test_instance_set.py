"""How large an answer may be follows from what was asked."""

from typing import Any

import numpy as np
import pytest

from evoheur.evaluation.instance_set import TOGETHER, InstanceSet
from evoheur.problem import Heuristic, Instance, Problem, to_json
from evoheur.problem_loading import load_problem
from evoheur.sandbox.wire import encode

PROBLEMS: dict[str, dict[str, int]] = {
    "bin_packing_offline": {},
    "bin_packing_online": {},
    "cvrp_aco": {"iterations": 1},
    "cvrp_constructive": {},
    "cvrp_ruin_recreate": {"iterations": 1},
    "cvrp_savings": {},
    "flow_shop_insertion": {},
    "flow_shop_iterated_greedy": {"steps_per_job": 1},
    "job_shop_dispatching": {},
    "tsp_aco": {"iterations": 1},
    "tsp_annealing": {"moves_per_city": 20},
    "tsp_constructive": {},
    "tsp_gls": {"perturbations": 1},
    "tsp_insertion": {},
    "tsp_kicks": {"kicks_per_city": 1},
}
"""Every bundled problem, with the least search: how long an answer is does not depend on how good it is."""


def own(problem: Problem[Any]) -> Heuristic:
    functions = {getattr(one, "__name__", "rule"): one for one in problem.functions()}
    return Heuristic(code="", functions=functions)


@pytest.mark.parametrize("name", PROBLEMS)
def test_an_honest_answer_has_room_to_spare(name: str) -> None:
    """The first instance's answer alone, counted so often as may be asked together, takes no half of what is allowed."""
    problem = load_problem(name, PROBLEMS[name])
    instances = InstanceSet.of_split(problem, "train")
    instance = instances.instances[0]
    answer = to_json(problem.solve(own(problem), instance, np.random.default_rng(1)))
    size = len(encode({"solution": answer, "notes": {}}))
    assert instances.answer_bytes is not None
    assert size * min(TOGETHER, len(instances.instances)) * 2 < instances.answer_bytes
    assert instances.answer_bytes < 2 * 2**20, "what a candidate may have us read is less than two mebibytes"


class Pairs(Instance):
    """Nothing but a name."""


class AllPairs(Problem[Pairs]):
    """Answers with all pairs of a hundred thousand things that its instance only names."""

    heuristic = staticmethod(abs)

    def instances(self, split: str) -> list[Pairs]:
        return [Pairs(name="p", family="f")]

    def decode(self, data: Any) -> Pairs:
        return Pairs(**data)

    def solve(self, heuristic: Heuristic, instance: Pairs, rng: np.random.Generator) -> Any:
        return []

    def cost(self, instance: Pairs, solution: Any) -> float:
        return 0.0

    def answer_bytes(self, instance: Pairs) -> int:
        return 5_000_000


def test_a_problem_can_say_how_long_its_answers_are() -> None:
    assert (InstanceSet.of_split(AllPairs(), "train").answer_bytes or 0) > 5_000_000

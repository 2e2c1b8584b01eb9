"""Every shipped heuristic, and a rule with loops for every bundled problem, gives the same solution in both tiers."""

import inspect
from dataclasses import replace
from typing import Any

import pytest

from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.instances import InstanceSet
from evoheur.evaluation.isolation import JailConfig
from evoheur.evaluation.recipe import EvaluatorRecipe
from evoheur.evaluation.task import EvaluationTask
from evoheur.evaluation.tiers.tiered import Tiered, Tiers
from evoheur.problem import Heuristic, bundled_problems, instance_rng, load_problem, to_json
from evoheur.sandbox.sandbox import Limits
from tests.evoheur.evaluation.tiers.loop_rules import LOOP_RULES

HEADER = "import math\nfrom typing import Any\nimport numpy as np\nfrom numpy.typing import NDArray\n\n"
EFFORT: dict[str, dict[str, int]] = {
    "cvrp_aco": {"iterations": 2},
    "cvrp_ruin_recreate": {"iterations": 40},
    "tsp_aco": {"iterations": 2},
    "tsp_gls": {"perturbations": 20},
}


def _answers(name: str, code: str, *, tiered: bool) -> tuple[Any, Tiers]:
    problem = load_problem(name, EFFORT.get(name, {}))
    names: dict[str, Any] = {}
    exec(compile(code, "heuristic", "exec"), names)
    functions = {function.__name__: names[function.__name__] for function in problem.functions()}
    tiers = Tiers(code, functions, cost=0.0 if tiered else 1e9)
    instances = problem.instances("train")[:1]
    if name == "bin_packing_online":  # the first 150 of 5,000 items
        instances = [replace(one, items=one.items[:150], bins=150) for one in instances]
    # Matrices are asked for once per instance, so each is solved several times: the first call is interpreted, three are a trial.
    made = [instance for instance in instances for _ in range(6 if "aco" in name or "savings" in name else 1)]
    heuristic = Heuristic(code=code, functions=tiers.functions)
    return [to_json(problem.solve(heuristic, one, instance_rng(0, one.name))) for one in made], tiers


@pytest.mark.parametrize("name", bundled_problems())
def test_starting_rules_are_the_same_in_both_tiers(name: str) -> None:
    """They are arrays all through, so there is nothing to compile."""
    code = HEADER + "\n\n".join(inspect.getsource(function) for function in load_problem(name).functions())
    answers, tiers = _answers(name, code, tiered=True)
    assert answers == _answers(name, code, tiered=False)[0]
    assert tiers.notes()["tier"] == "interpreted"


@pytest.mark.parametrize("name", bundled_problems())
def test_rules_with_loops_are_compiled_to_the_same_solutions(name: str) -> None:
    code = HEADER + LOOP_RULES[name]
    answers, tiers = _answers(name, code, tiered=True)
    assert answers == _answers(name, code, tiered=False)[0]
    tiered = [function for function in tiers.functions.values() if isinstance(function, Tiered)]
    compiled = [function for function in tiered if function.compiled or function._calls <= 3]
    assert tiered
    assert tiered == compiled, tiers.notes()


@pytest.fixture(name="evaluator", scope="module")
def _evaluator() -> Any:
    recipe = EvaluatorRecipe(problem="tsp_constructive", settings={}, sandbox=JailConfig(), limits=Limits(), seed=1)
    evaluator = recipe.make()
    yield evaluator
    evaluator.close()


_HEAVY = """
def select_next_node(current_node, destination_node, unvisited_nodes, distance_matrix):
    best, least = -1, math.inf
    for node in unvisited_nodes:
        total = 0
        for _ in range(8):
            total = 0
            for other in unvisited_nodes:
                total += distance_matrix[node, other]
        score = distance_matrix[current_node, node] - 0.2 * total / len(unvisited_nodes)
        if score < least:
            best, least = node, score
    return int(best)
"""


def test_a_candidate_is_compiled_in_its_jail_and_the_notes_say_so(evaluator: Evaluator) -> None:
    """The rule adds up all distances at every step, eight times over: many times what compiling takes. The other one does so once."""
    train = InstanceSet.of_split(load_problem("tsp_constructive"), "train")
    compiled = evaluator.evaluate(EvaluationTask(code=HEADER + _HEAVY, instances=train))
    interpreted = evaluator.evaluate(
        EvaluationTask(code=HEADER + _HEAVY.replace("for _ in range(8)", "for _ in [0]"), instances=train)
    )
    assert compiled.results[-1].notes == {"tier": "compiled", "tier_because": "its loops took longer than compiling them"}
    assert {result.notes["tier"] for result in interpreted.results} == {"interpreted"}
    assert (
        interpreted.results[-1].notes["tier_because"].startswith(("line 11: [0]: List is not compiled", "its loops have not yet"))
    )
    assert [one.cost for one in compiled.results] == [one.cost for one in interpreted.results]

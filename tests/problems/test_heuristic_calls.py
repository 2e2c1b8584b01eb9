"""`heuristic_calls` of the bundled problems, which prompts tell as the time that a call has."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from evoheur.problem import Heuristic
from evoheur.problem_loading import load_problem
from evoheur.problem_modules import bundled_problems

SHORT: dict[str, dict[str, Any]] = {
    "cvrp_aco": {"iterations": 1},
    "cvrp_ruin_recreate": {"iterations": 30},
    "tsp_aco": {"iterations": 1},
    "tsp_gls": {"perturbations": 3},
}
VARIANTS: list[tuple[str, dict[str, Any]]] = [
    *((name, SHORT.get(name, {})) for name in bundled_problems()),
    ("bin_packing_offline", {"item_by_item": True}),
    ("cvrp_savings", {"at_once": True}),
    ("tsp_gls", {"matrices": True, "perturbations": 3}),
    ("cvrp_ruin_recreate", {"by_order": True, "iterations": 30}),
]


@pytest.mark.parametrize(("name", "settings"), VARIANTS, ids=str)
def test_heuristic_is_called_about_so_often(name: str, settings: dict[str, Any]) -> None:
    """Counted on the first training instance, calls are not more than a few above what is said, and not below an eighth of it."""
    problem = load_problem(name, settings)
    instance = problem.instances("train")[0]
    counted: Counter[str] = Counter()

    def counting(function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any) -> Any:
            counted[function.__name__] += 1
            return function(*arguments)

        return called

    functions = {function.__name__: counting(function) for function in problem.functions()}
    problem.solve(Heuristic(code="", functions=functions), instance, np.random.default_rng(5))
    said = problem.heuristic_calls(instance)
    assert said is not None
    assert said / 8 <= counted.total() <= 1.1 * said + 2

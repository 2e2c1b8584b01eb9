"""Every frame against its naive twin, which is written in plain Python from the same description: the same candidate, the same cost."""

import inspect
from typing import Any

import numpy as np
import pytest

from evoheur.problem import Heuristic, Problem, instance_rng, to_json
from evoheur.problem_loading import load_problem
from evoheur.problem_modules import bundled_problems
from tests.benchmarks.naive.evaluate import FRAMES, costs

SEED = 3
FEW: dict[str, dict[str, int]] = {
    "cvrp_aco": {"iterations": 3},
    "cvrp_ruin_recreate": {"iterations": 60},
    "flow_shop_iterated_greedy": {"steps_per_job": 1},
    "tsp_aco": {"iterations": 3},
    "tsp_annealing": {"moves_per_city": 20},
    "tsp_gls": {"perturbations": 25},
    "tsp_kicks": {"kicks_per_city": 1},
}
OTHERS = {
    "flow_shop_insertion": (
        "def job_scores(share, mean, deviation, longest, front, back, head, bottleneck, tail, added, regret):\n"
        "    score = mean + 0.3 * deviation - 0.1 * longest + 0.2 * front - 0.17 * back + 0.11 * bottleneck\n"
        "    return score + 0.07 * head * share - 0.13 * tail + 0.31 * added + 0.19 * regret\n"
        "def place_scores(share, front, back, place, idle, spare):\n"
        "    return 0.13 * spare - 0.31 * idle * (1 + share) + place * (front - back)"
    ),
    "bin_packing_offline": (
        "def completing(free, inside, left, mean, spare, size, rest, slack, following, alike, smaller, beside):\n"
        "    scores = size - 9 * np.maximum(slack - 1.3 * spare, 0) - 0.1 * following / (1 + inside) - 0.3 * mean * rest\n"
        "    scores += 0.01 * np.log1p(alike) - 0.02 * np.sqrt(smaller * left) + 0.1 * (rest > free / 2) * beside\n"
        "    scores[1:] -= 0.01 * scores[:-1]\n    return scores"
    ),
    "bin_packing_online": "def priority(item, bins):\n    scores = -(bins - item) ** 1.5\n    scores[1:] -= scores[:-1]\n    return scores",
    "bin_packing_online_levels": (
        "def priority(item, capacity, arrived, mean, space, free, rest, here, there, fill, fit_here, fit_there):\n"
        "    scores = 3 * fill - rest / mean - there / (1 + here) + fit_here * fit_there + space / (arrived * capacity + item)\n"
        "    scores[1:] -= 0.1 * scores[:-1]\n    return scores"
    ),
    "cvrp_constructive": (
        "def select_next_node(here, depot, nodes, free, q, d):\n"
        "    near = nodes[np.argmin(d[here, nodes] - 0.1 * d[0, nodes])]\n"
        "    return depot if here != depot and d[here, depot] < 0.2 * d[here, near] else near"
    ),
    "cvrp_savings": (
        "def joining(variant, spacing, per_route, progress, distance, near, far, small, large, free, angle, rank, size):\n"
        "    score = near + far - (1 + variant) * distance + 0.2 * (small - large) - 0.1 * free * angle\n"
        "    return score - 0.01 * rank * progress + spacing * size / per_route"
    ),
    "tsp_constructive": (
        "def select_next_node(here, home, nodes, d):\n    return nodes[np.argmin(d[here, nodes] - 0.2 * d[nodes][:, nodes].mean(axis=0))]"
    ),
    "cvrp_aco": "def heuristics(d, xy, q, c):\n    return 1.0 / d**2 + 0.01 * q[None, :] / c",
    "cvrp_ruin_recreate": (
        "def leaving(progress, lot, spacing, per_route, distance, rank, route_rank, offset, size, saving, demand, since, a, b, noise):\n"
        "    score = 5 * lot - route_rank + saving * noise + 0.1 * since - offset * a / size + 0.3 * demand * b\n"
        "    return score - 0.1 * rank - distance / spacing * progress - per_route / 20\n"
        "def placing(progress, demand, home, added, edge, free, size, noise):\n"
        "    return 0.1 * edge * noise - added - 0.2 * free * home + 0.001 * size * demand * progress"
    ),
    "flow_shop_iterated_greedy": (
        "def removal_scores(progress, noise, mean, deviation, place, saved, slack, waited, tried, age):\n"
        "    score = noise + 0.4 * saved - 0.2 * slack + 0.1 * waited * (1 - progress) - 0.05 * tried\n"
        "    return score + 0.02 * age + 0.1 * place * deviation - 0.03 * mean\n"
        "def allowed_growths(progress, behind, stuck, noise):\n"
        "    return -0.03 * (1 - progress) * np.log(noise) + 0.01 * stuck - 0.1 * behind"
    ),
    "graph_colouring": (
        "def vertex_scores(uncoloured, begun, losing, sharing, pending, degree, crowded):\n"
        "    return (1 + begun) * sharing - 0.4 * losing + 0.2 * crowded * uncoloured + 0.1 * pending - 0.05 * degree"
    ),
    "job_shop_dispatching": (
        "def priority(progress, load, most, time, remaining, operations, done, waited, age, after, queue, busy, beyond):\n"
        "    score = 1.3 * remaining - time * (1 + progress) - 0.2 * after + 0.07 * operations - 0.11 * queue\n"
        "    score = score + 0.05 * waited * load / most\n"
        "    return score + 0.013 * age - 0.17 * busy + 0.019 * beyond - 0.023 * done"
    ),
    "multidimensional_knapsack": (
        "def leaving(over, value, cost, need, tightest, strain):\n"
        "    return (0.3 * tightest + strain - over * need) / (value + 0.1 * cost)\n"
        "def joining(free, value, cost, need, tightest, filled, fullest):\n"
        "    return value - 0.5 * cost - free * need - 0.1 * tightest - 0.2 * filled * fullest"
    ),
    "tsp_aco": "def heuristics(d):\n    return 1.0 / d**3",
    "tsp_annealing": (
        "def next_temperature(progress, temperature, accepted, rise, spread, behind, mean_edge, stuck):\n"
        "    hot = 0.03 * rise + 0.2 * temperature + 0.05 * spread / (1 + behind) + 0.1 * stuck - 0.02 * accepted\n"
        "    return hot * mean_edge * (1.0 - progress)\n"
        "def move_weights(progress, temperature, share, accepted, gained, records):\n"
        "    return 0.2 + gained - 0.1 * share + 0.3 * accepted * (1.0 - progress) + 2 * records + temperature * share"
    ),
    "tsp_gls": (
        "def edge_scores(mean_length, progress, length, penalties, rank, far_rank, near, beside, since):\n"
        "    return length - 0.4 * near - 0.1 * beside + 0.2 * rank + 0.05 * far_rank * progress - 0.1 * penalties + 0.01 * since"
    ),
    "tsp_insertion": (
        "def city_scores(share, farthest, nearest, cheapest, regret, mean, lonely, mean_tour, edge):\n"
        "    return regret + 0.3 * nearest - share * cheapest + 0.1 * (mean_tour - mean) + 0.2 * edge - 0.4 * lonely / (1.0 + farthest)"
    ),
    "tsp_kicks": (
        "def kick_scores(progress, noise, longer, shorter, nearest, second, rank, tried, age):\n"
        "    return noise + 0.3 * (longer + shorter - nearest - second) + 0.1 * rank - tried * (1.0 - progress) - 0.2 * age\n"
        "def allowed_increases(progress, behind, stuck, noise):\n"
        "    return -0.2 * (1.0 - progress) * np.log(noise) + 0.1 * stuck - behind"
    ),
    "vrptw_insertion": (
        "def insertion_scores(share, spacing, horizon, home, detour, excess, regret, reach, push, wait, urgency, slack, width, free,\n"
        "                     size, newer, last, opening):\n"
        "    score = 1.3 * home + regret - detour - 2.1 * excess - 0.1 * push - 0.3 * wait - 0.01 * urgency + 0.02 * slack * share\n"
        "    score = score - 0.1 * width / horizon - 0.2 * free + 0.01 * size - 0.07 * newer + 0.03 * last - 0.4 * opening\n"
        "    return score - 0.3 * reach * spacing"
    ),
}


def _solved(problem: Problem[Any], code: str, instance: Any) -> float:
    names: dict[str, Any] = {}
    exec(code, names)
    functions = {function.__name__: names[function.__name__] for function in problem.functions()}
    rng = instance_rng(SEED, instance.name)
    rng.integers(2**32), rng.integers(2**63)  # as a guest does
    return problem.cost(instance, to_json(problem.solve(Heuristic(code=code, functions=functions), instance, rng)))


@pytest.mark.parametrize("other", [False, True], ids=["starting rule", "another rule"])
@pytest.mark.parametrize("name", sorted(FRAMES))
def test_the_same_cost(name: str, other: bool) -> None:
    """To the rounding of sums, on the two smallest training instances."""
    problem: Any = load_problem(name, FEW.get(name, {}))
    header = "import numpy as np\nfrom typing import Any\nfrom numpy.typing import NDArray\n"
    code = header + "\n".join(inspect.getsource(function) for function in problem.functions())
    if other:
        code = header + OTHERS[name]
    instances = problem.instances("train")[:2]
    task = {"problem": name, "code": code, "seed": SEED, "effort": next(iter(FEW.get(name, {"": 0}).values()))}
    naive = costs({**task, "instances": [problem.encode(instance) for instance in instances]})
    assert naive == pytest.approx([_solved(problem, code, instance) for instance in instances], rel=1e-9)
    assert np.isfinite(naive).all()


def test_every_bundled_problem_has_a_twin() -> None:
    """So that a new one is measured, too."""
    assert sorted(FRAMES) == bundled_problems()

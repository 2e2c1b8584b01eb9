"""One candidate, from source to score, in an interpreter of its own: reads a task as JSON from standard input, writes the costs.

The task is {"problem", "code", "instances", "effort", "seed"}.
"""

import json
import sys
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests.benchmarks.naive.annealing import annealing
from tests.benchmarks.naive.dispatching import dispatched
from tests.benchmarks.naive.filling import filled
from tests.benchmarks.naive.flow import flow_insertion, greedy_search
from tests.benchmarks.naive.graph import vertices_coloured
from tests.benchmarks.naive.guided import guided
from tests.benchmarks.naive.insertion import insertion
from tests.benchmarks.naive.joining import joined
from tests.benchmarks.naive.kicks import kicks
from tests.benchmarks.naive.knapsack import loaded
from tests.benchmarks.naive.packing import levels, online
from tests.benchmarks.naive.routes import ants as route_ants
from tests.benchmarks.naive.routes import construction as route_construction
from tests.benchmarks.naive.ruin import ruin_recreate
from tests.benchmarks.naive.tours import ants as tour_ants
from tests.benchmarks.naive.tours import construction as tour_construction
from tests.benchmarks.naive.windows import timely_insertion

__all__ = ["FRAMES", "costs"]

FRAMES: Mapping[str, Callable[..., float]] = {
    "bin_packing_offline": filled,
    "bin_packing_online": online,
    "bin_packing_online_levels": levels,
    "cvrp_aco": route_ants,
    "cvrp_constructive": route_construction,
    "cvrp_ruin_recreate": ruin_recreate,
    "cvrp_savings": joined,
    "flow_shop_insertion": flow_insertion,
    "flow_shop_iterated_greedy": greedy_search,
    "graph_colouring": vertices_coloured,
    "job_shop_dispatching": dispatched,
    "multidimensional_knapsack": loaded,
    "tsp_aco": tour_ants,
    "tsp_annealing": annealing,
    "tsp_constructive": tour_construction,
    "tsp_gls": guided,
    "tsp_insertion": insertion,
    "tsp_kicks": kicks,
    "vrptw_insertion": timely_insertion,
}
"""By the name of the problem."""


def costs(task: Mapping[str, Any]) -> list[float]:
    """The cost of each instance."""
    names: dict[str, Any] = {}
    exec(task["code"], names)
    found = []
    for instance in task["instances"]:
        source = np.random.default_rng([task["seed"], zlib.crc32(instance["name"].encode())])
        source.integers(2**32), source.integers(2**63)  # what a guest seeds the global generators with
        with np.errstate(all="ignore"):
            found.append(FRAMES[task["problem"]](names, instance, source, task["effort"]))
    return found


if __name__ == "__main__":
    json.dump(costs(json.load(sys.stdin)), sys.stdout)

"""A graph in sets: which vertex has the colour next, as a rule says."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

__all__ = ["vertices_coloured"]


def vertices_coloured(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], _source: Any, _effort: int) -> float:
    """Colours, and a hundredth of how equal they are."""
    size = instance["vertices"]
    near: list[set[int]] = [set() for _ in range(size)]
    for one, two in instance["edges"]:
        near[one].add(two)
        near[two].add(one)
    without, sizes = set(range(size)), []
    while without:
        may, members = set(without), 0
        while may:
            vertices = sorted(may)
            chosen = (
                vertices[0] if len(vertices) == 1 else _chosen(rules["vertex_scores"], vertices, near, without, members / size)
            )
            may -= {chosen, *near[chosen]}
            without.remove(chosen)
            members += 1
        sizes.append(members)
    return float(len(sizes) + 0.01 * (1 - sum(each * each for each in sizes) / size**2))


def _chosen(rule: Callable[..., Any], vertices: list[int], near: list[set[int]], without: set[int], begun: float) -> int:
    may, others = set(vertices), len(vertices) - 1
    may_not = without - may
    columns = []
    for vertex in vertices:
        losing = near[vertex] & may
        columns.append(
            (
                len(losing) / others,
                len(near[vertex] & may_not) / max(1, len(may_not)),
                len(near[vertex] & without) / max(1, len(without) - 1),
                len(near[vertex]) / max(1, len(near) - 1),
                sum(len(near[other] & may) for other in losing) / (others * max(1, len(losing))),
            )
        )
    return vertices[int(np.argmax(rule(len(without) / len(near), begun, *np.array(columns).T)))]

"""A knapsack in lists: which items leave, and which join, as two rules say."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

__all__ = ["loaded"]


def loaded(rules: Mapping[str, Callable[..., Any]], instance: Mapping[str, Any], _source: Any, _effort: int) -> float:
    """Minus the value of the load that the rules lead to."""
    values, weights, capacities = instance["values"], instance["weights"], instance["capacities"]
    resources = range(len(capacities))
    shares = [[weights[each][item] / capacities[each] for each in resources] for item in range(len(values))]
    lasting = [
        (
            values[item] / max(values),
            sum(share * price for share, price in zip(shares[item], instance["prices"], strict=True)),
            sum(shares[item]) / len(capacities),
            max(shares[item]),
        )
        for item in range(len(values))
    ]
    inside = [item for item in range(len(values)) if max(shares[item]) <= 1]

    def asked(rule: str, number: float, items: list[int], further: Sequence[Sequence[float]]) -> int:
        columns = np.array([[*lasting[item], *more] for item, more in zip(items, further, strict=True)]).T
        return items[int(np.argmax(rules[rule](number, *columns)))]

    while True:
        used = [sum(weights[each][item] for item in inside) for each in resources]
        over = [max(0, used[each] - capacities[each]) / capacities[each] for each in resources]
        if not any(over):
            break
        strain = [(sum(share * more for share, more in zip(shares[item], over, strict=True)) / sum(over),) for item in inside]
        inside.remove(asked("leaving", sum(over) / len(over), inside, strain))
    while True:
        rest = [capacities[each] - sum(weights[each][item] for item in inside) for each in resources]
        outside = [item for item in range(len(values)) if item not in inside]
        fitting = [item for item in outside if all(weights[each][item] <= rest[each] for each in resources)]
        if not fitting:
            return -float(sum(values[item] for item in inside))
        filled = [[weights[each][item] / max(rest[each], 1) for each in resources] for item in fitting]
        left = sum(rest[each] / capacities[each] for each in resources) / len(capacities)
        inside.append(asked("joining", left, fitting, [(sum(row) / len(row), max(row)) for row in filled]))

"""Choose items of the largest total value that fit into a knapsack."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic, Infeasible, Instance, Json, Problem, Split, whole_numbers

__all__ = ["Items", "Knapsack", "score"]


@dataclass(frozen=True, kw_only=True)
class Items(Instance):
    """What lies there to be chosen from."""

    capacity: int
    values: NDArray[np.int64]
    weights: NDArray[np.int64]


def score(values: NDArray[np.int64], weights: NDArray[np.int64]) -> NDArray[np.float64]:
    """Score the items; they are packed from the highest score down, as long as they fit.

    Args:
        values: What each item is worth, shape (items,).
        weights: What each item weighs, shape (items,), at least 1.

    Returns:
        One finite score per item, shape (items,).
    """
    return values.astype(float)


class Knapsack(Problem[Items]):
    """Choose items so that their total weight is within the capacity and their total value is as large as possible."""

    heuristic = staticmethod(score)
    aggregate = "mean_cost"
    empty_answer_is_feasible = True

    def __init__(self, items: int = 40) -> None:
        self.items = items

    def instances(self, split: Split) -> Sequence[Items]:
        """Drawn by a module that candidates never see."""
        made: Sequence[Items] = self.trusted("generate").instances(split, self.items)
        return made

    def decode(self, data: Mapping[str, Json]) -> Items:
        """Rebuild an instance in the guest."""
        arrays = {key: np.array(data[key], dtype=np.int64) for key in ("values", "weights")}
        return Items(name=data["name"], family=data["family"], capacity=data["capacity"], **arrays)

    def solve(self, heuristic: Heuristic, instance: Items, rng: np.random.Generator) -> Any:
        """Pack in the order of the scores; ties go to the item that comes first."""
        room = instance.capacity
        chosen = []
        scores = np.asarray(heuristic(instance.values.copy(), instance.weights.copy()), dtype=float)
        for item in np.argsort(-scores, kind="stable").tolist():
            if instance.weights[item] <= room:
                room -= int(instance.weights[item])
                chosen.append(item)
        return chosen

    def cost(self, instance: Items, solution: Json) -> float:
        """The value that is left behind."""
        if not isinstance(solution, list):
            raise Infeasible(f"A solution is a list of items, not {solution!r:.80}.")
        high = len(instance.values) - 1
        chosen = whole_numbers(solution, length=len(solution), low=0, high=high, what="item")
        if len(set(chosen)) < len(chosen):
            raise Infeasible("An item is chosen twice.")
        weight = int(instance.weights[chosen].sum()) if len(chosen) else 0
        if weight > instance.capacity:
            raise Infeasible(f"The chosen items weigh {weight}, and the capacity is {instance.capacity}.")
        return float(instance.values.sum() - (instance.values[chosen].sum() if len(chosen) else 0))

    def textbook_rules(self) -> Mapping[str, Callable[[Items], Any]]:
        """The textbook's rule."""
        return {
            "density": lambda instance: self.solve(
                Heuristic("", {"score": lambda v, w: v / w}), instance, np.random.default_rng(0)
            )
        }

"""An online problem that keeps the contract, and breaks it in one named way on demand."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evoheur.problem import Heuristic, Instance, Json, Problem, Split, Twin, whole_numbers


@dataclass(frozen=True, kw_only=True)
class Offers(Instance):
    """Offers in order of arrival."""

    values: tuple[int, ...]


def refuse(value: int, best: int) -> int:
    """Refuse an offer (1) or take it (0), knowing the best of those before it."""
    return int(value < best)


class TakeOffers(Problem[Offers]):
    """Refuse few offers."""

    heuristic = staticmethod(refuse)

    def __init__(self, *, fault: str = "") -> None:
        self.fault = fault
        if fault == "holds":
            importlib.import_module(f"{__name__.rpartition('.')[0]}.splits")

    def instances(self, split: Split) -> Sequence[Offers]:
        return [Offers(name=split, family="f", values=self.trusted("splits").VALUES[split])]

    def decode(self, data: Mapping[str, Json]) -> Offers:
        values = tuple(data["values"])
        if self.fault == "lossy" and len(values) < 6:
            values = (*values, 0)
        return Offers(name=data["name"], family=data["family"], values=values)

    def solve(self, heuristic: Heuristic, instance: Offers, rng: np.random.Generator) -> list[int]:
        best, decisions = 0, []
        if self.fault == "ahead":
            best = max(instance.values)
        for value in instance.values:
            decisions.append(heuristic(value, best))
            best = max(best, value)
        return decisions

    def cost(self, instance: Offers, solution: Json) -> float:
        return float(whole_numbers(solution, length=len(instance.values), low=0, high=1, what="offer").sum())

    def baselines(self) -> Mapping[str, Callable[[Offers], list[int]]]:
        def last(instance: Offers) -> list[int]:
            return [*(1 for _ in instance.values[1:]), 0]

        def first(instance: Offers) -> list[int]:
            return [0, *(1 for _ in instance.values[1:])]

        return {"last": last} if self.fault == "rule" else {"first": first}

    def twins(self, instance: Offers, count: int, rng: np.random.Generator) -> Sequence[Twin[Offers]]:
        twins = []
        for _ in range(count):
            cut = int(rng.integers(1, len(instance.values)))
            stump = replace(instance, values=instance.values[:cut])
            other = replace(instance, values=(*stump.values, 9, 9))
            if self.fault == "renamed":
                other = replace(other, name="twin")
            if self.fault == "same":
                other = instance
            twins.append(Twin(instance=other, decisions=0 if self.fault == "nothing shared" else cut, stump=stump))
        return twins

"""An online problem that keeps the contract, and breaks it in one named way on demand."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evoheur.online import OnlineProblem
from evoheur.problem import Heuristic, Instance, Json, Split, whole_numbers


@dataclass(frozen=True, kw_only=True)
class Offers(Instance):
    """Offers in order of arrival."""

    values: tuple[int, ...]


def refuse(value: int, best: int) -> int:
    """Refuse an offer (1) or take it (0), knowing the best of those before it."""
    return int(value < best)


class TakeOffers(OnlineProblem[Offers]):
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
        if self.fault == "other copy":
            values = (*values[:-1], values[-1] + 1)
        return Offers(name=data["name"], family=data["family"], values=values)

    def known(self, instance: Offers) -> dict[str, Json]:
        return {"last": instance.values[-1]} if self.fault == "tells" else {}

    def arrivals(self, instance: Offers) -> Sequence[Json]:
        return [] if self.fault == "nothing" else list(instance.values)

    def start(self, heuristic: Heuristic, known: Mapping[str, Json], rng: np.random.Generator) -> Callable[[Json], Json]:
        best = 0

        def decide(value: int) -> int:
            nonlocal best
            decision = heuristic(value, best)
            best = max(best, value)
            return int(decision)

        return decide

    def solve(self, heuristic: Heuristic, instance: Offers, rng: np.random.Generator) -> list[Json]:
        if self.fault == "ahead":
            return [heuristic(value, max(instance.values)) for value in instance.values]
        decisions = super().solve(heuristic, instance, rng)
        return [decisions] if self.fault == "nested" else decisions

    def with_arrivals(self, instance: Offers, arrivals: Sequence[Json]) -> Offers:
        if self.fault == "deaf":
            return replace(instance, values=instance.values[1:])
        return replace(instance, name="twin" if self.fault == "renamed" else instance.name, values=tuple(arrivals))

    def table_scope(self, instance: Offers) -> Json | None:
        return sum(instance.values) if self.fault == "scope" else None

    def cost(self, instance: Offers, solution: Json) -> float:
        if self.fault == "nested":
            return 0.0
        return float(whole_numbers(solution, length=len(instance.values), low=0, high=1, what="offer").sum())

    def textbook_rules(self) -> Mapping[str, Callable[[Offers], list[int]]]:
        def last(instance: Offers) -> list[int]:
            return [*(1 for _ in instance.values[1:]), 0]

        def first(instance: Offers) -> list[int]:
            return [0, *(1 for _ in instance.values[1:])]

        return {"last": last} if self.fault == "rule" else {"first": first}

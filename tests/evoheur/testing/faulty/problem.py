"""A problem that keeps the contract, and breaks it in one named way on demand."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from evoheur.drawing import Drawing, DrawnPoints
from evoheur.problem import Heuristic, Infeasible, Instance, Json, Problem, Split, Symmetry, scaled, whole_numbers

_CALLS = itertools.count()


@dataclass(frozen=True, kw_only=True)
class Numbers(Instance):
    """Numbers to choose one of."""

    values: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ToldTooMuch(Numbers):
    """Numbers with the answer beside them."""

    best_known: int


def score(value: int) -> float:
    """Score a number; the one with the highest score is taken."""
    return float(value)  # the largest, although the smallest is wanted


def turned(instance: Numbers) -> Numbers:
    """The same numbers from the last to the first."""
    return replace(instance, values=instance.values[::-1])


def turned_back(instance: Numbers, solution: Json) -> Json:
    """The place from the other end."""
    return [len(instance.values) - 1 - place for place in solution]


def negative(instance: Numbers) -> Numbers:
    """The largest is the smallest then."""
    return replace(instance, values=tuple(-value for value in instance.values))


def stolen(instance: Numbers) -> Numbers:
    """The instance itself, with other numbers."""
    object.__setattr__(instance, "values", (*instance.values, 0))
    return instance


TURNED = Symmetry(name="turned round", change=turned, back=turned_back)
SYMMETRIES = {
    "unmoved": Symmetry(name="unmoved", change=replace),
    "another name": Symmetry(name="renamed", change=lambda instance: replace(instance, name="other")),
    "not brought back": Symmetry(name="turned round", change=turned),
    "in place": Symmetry(name="stolen", change=stolen),
    "unlike": Symmetry(name="negative", change=negative),
}


class SmallestNumber(Problem[Numbers]):
    """Take the smallest of some numbers."""

    heuristic = staticmethod(score)
    only_order_counts = True

    def __init__(self, *, fault: str = "") -> None:
        self.fault = fault
        self.symmetries = (SYMMETRIES[fault],) if fault in SYMMETRIES else (scaled("values", by=8), TURNED)
        type(self).empty_answer_is_feasible = fault == "choosing"

    def variations(self) -> Mapping[str, tuple[float, float]]:
        return {"largest": (100.0, 900.0)}

    def varied(self, parameters: Mapping[str, float], *, family: str, seed: int, count: int) -> Sequence[Numbers] | None:
        if self.fault == "varied to nothing":
            return None
        drawn = {"varied anew": seed + 1000 * next(_CALLS), "varied in no way": 0}.get(self.fault, seed)
        numbers = np.random.RandomState(drawn).randint(int(parameters["largest"]), size=(count, 3))
        named = "others" if self.fault == "varied elsewhere" else family
        made = [Numbers(name=f"{named}-{i}", family=named, values=tuple(row.tolist())) for i, row in enumerate(numbers)]
        return made[:1] if self.fault == "varied in part" else made

    def instances(self, split: Split) -> Sequence[Numbers]:
        number = {"train": 1, "validation": 2, "test": 3}[split]
        if self.fault == "empty" and split == "test":
            return []
        if self.fault == "shared" and split == "validation":
            number = 1
        if self.fault == "restless":
            number += 10 * next(_CALLS)
        if self.fault == "hash":
            number += hash("a string has another hash in every process") % 10**6
        names = ["same", "same"] if self.fault == "names" else [f"{split}-0", f"{split}-1"]
        if self.fault == "told":
            return [ToldTooMuch(name=name, family="f", values=(number, 9), best_known=number) for name in names[:1]]
        return [Numbers(name=name, family="f", values=(5, number, 9 + place)) for place, name in enumerate(names)]

    def decode(self, data: Mapping[str, Json]) -> Numbers:
        kind = ToldTooMuch if self.fault == "told" else Numbers
        values = data["values"][1:] if self.fault == "lossy" else data["values"]
        return kind(**{**data, "values": tuple(values)})

    def solve(self, heuristic: Heuristic, instance: Numbers, rng: np.random.Generator) -> Any:
        if self.fault == "unseeded" and next(_CALLS) % 2:
            return [0]
        if self.fault == "infeasible":
            return [99]
        if self.fault.startswith("choosing"):
            return [0, 1]
        if self.fault in {"signed", "halved"}:
            scores = np.array([heuristic(value) for value in instance.values])
            return [int(np.abs(scores).argmax() if self.fault == "signed" else np.abs(scores - scores.max() / 2).argmin())]
        return [max(range(len(instance.values)), key=lambda place: heuristic(instance.values[place]))]

    def cost(self, instance: Numbers, solution: Json) -> float:
        if self.fault == "credulous" and solution == []:
            return 0.0
        if self.fault.startswith("choosing"):
            if not isinstance(solution, list) or len(set(map(repr, solution))) != len(solution):
                raise Infeasible("no choice")
            return float(len(whole_numbers(solution, length=len(solution), low=0, high=2, what="choice")))
        if self.fault == "mute":
            try:
                return self._cost(instance, solution)
            except Infeasible as error:
                raise Infeasible("") from error
        if self.fault == "moody":
            return self._cost(instance, solution) + next(_CALLS)
        if self.fault == "whole":
            return int(self._cost(instance, solution)) if solution == [0] else self._cost(instance, solution)
        return self._cost(instance, solution)

    def reference(self, instance: Numbers) -> float:
        return 1000.0 if self.fault == "high reference" else float(min(instance.values))

    def measures(self, instance: Numbers, solution: Json) -> Mapping[str, float]:
        if self.fault == "measured nothing":
            return {"place": float("nan")}
        if self.fault == "measured code":
            return {"nodes": 1.0}
        if self.fault == "measured at random":
            return {f"place {next(_CALLS)}": 1.0}
        return {"place": float(solution[0])}

    def draw(self, instance: Numbers, solution: Json) -> Any:
        if self.fault == "drawn as text":
            return "".join(map(str, instance.values))
        if self.fault == "drawn restlessly":
            return Drawing(title=str(next(_CALLS)), marks=())
        if self.fault == "drawn in place":
            solution.append(0)
        names = [f"number {place}" for place in range(len(instance.values))]
        if self.fault == "drawn twice":
            names[1] = names[0]
        if self.fault == "drawn partly":
            names[0] = f"number {solution[0]} which is chosen"
        values = tuple(map(float, instance.values))
        return Drawing(title=instance.name, marks=(DrawnPoints(x=values, y=values, parts=tuple(names)),))

    def textbook_rules(self) -> Mapping[str, Callable[[Numbers], Any]]:
        if self.fault == "rule":
            return {"smallest": lambda instance: [0, 0]}
        return {"smallest": lambda instance: [int(np.argmin(instance.values))]}

    def _cost(self, instance: Numbers, solution: Json) -> float:
        chosen = whole_numbers(solution, length=1, low=0, high=len(instance.values) - 1, what="choice")
        return float(instance.values[chosen[0]])

"""Credit of instructions, by their children.

It says how they stand among children of the same operator and of parents of like rank.

ShinkaEvolve compares a program with all programs. Then an instruction that is used late looks good, since parents are better by then, and
so does one that mostly meets an operator of small steps. Here a child is compared with children of the same operator, on the same training
instances, and of parents of the same third by objective.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import reduce
from operator import add
from typing import NamedTuple

from evoheur.candidate import Candidate
from evoheur.request import Request

__all__ = ["ChildWorth", "InstructionCredit", "child_worth", "mean", "percentiles"]

FAILED = float("inf")
BANDS = 3
"""Parents of like rank are of the same third."""
_GROWTH = 10  # credit is recomputed when a tenth of all children are new, so that the work stays in proportion


class ChildWorth(NamedTuple):
    """What a request with an instruction brought.

    Attributes:
        instruction: Number of the instruction.
        operator: Of the request.
        epoch: Of the training instances.
        parent: Objective of its best parent, minimised; None where it had none that works.
        worth: Objective, minimised; infinite for what failed and for copies, which bring nothing.
        costs: Training instance → cost, minimised; empty where it was not scored to the end.
    """

    instruction: int
    operator: str
    epoch: int
    parent: float | None
    worth: float
    costs: Mapping[str, float]


def child_worth(request: Request, outcome: Candidate | None, instruction: int) -> ChildWorth:
    """Read off what a request brought.

    Args:
        request: As it was asked.
        outcome: Its candidate; None where the reply held none.
        instruction: Number of the one that its prompt showed.
    """
    parents = [parent.objective for parent in request.parents if parent.objective is not None]
    is_new = outcome is not None and outcome.duplicate_of is None
    objective = outcome.objective if outcome is not None and is_new else None
    costs: dict[str, float] = {}
    if outcome is not None and objective is not None:
        costs = {result.instance: result.cost for result in outcome.evaluation.results if result.cost is not None}
    return ChildWorth(
        instruction=instruction,
        operator=request.operator,
        epoch=request.epoch,
        parent=min(parents, default=None),
        worth=FAILED if objective is None else objective,
        costs=costs,
    )


def percentiles(values: Sequence[float]) -> list[float]:
    """The share of the others that each value beats; less is better.

    Ties count half. A value alone is 0.5.
    """
    ranked, others = sorted(values), len(values) - 1
    if not others:
        return [0.5]
    return [
        (len(ranked) - bisect_right(ranked, value) + 0.5 * (bisect_right(ranked, value) - bisect_left(ranked, value) - 1))
        / others
        for value in values
    ]


def mean(values: Sequence[float]) -> float:
    """Their mean, the same on every Python: `sum` compensates since 3.12, and a run would go another way there."""
    return reduce(add, values) / len(values)


class InstructionCredit:
    """The children of all instructions, and the credit that follows."""

    def __init__(self) -> None:
        self._children: list[ChildWorth] = []
        self._computed = 0  # children that credit rests on
        self._credits: dict[
            int, dict[str, tuple[float, int]]
        ] = {}  # instruction → operator → sum of percentiles, and of how many
        self._told_apart = 0  # children that the credit by instance rests on
        self._by_instance: dict[str, dict[int, float]] = {}  # training instance → instruction → mean percentile

    def add(self, child: ChildWorth) -> None:
        """Take a child in."""
        self._children.append(child)
        if len(self._children) - self._computed >= max(1, self._computed // _GROWTH):
            self._computed = len(self._children)
            self._credits = self._recomputed()

    def children(self, instruction: int) -> int:
        """How many children an instruction has."""
        return sum(count for _, count in self._credits.get(instruction, {}).values())

    def overall(self, instruction: int) -> float | None:
        """Mean percentile of its children; None without any."""
        held = self._credits.get(instruction)
        return reduce(add, [held[name][0] for name in sorted(held)]) / self.children(instruction) if held else None

    def by_operator(self, instruction: int) -> dict[str, float]:
        """Operator → mean percentile of its children there."""
        held = self._credits.get(instruction, {})
        return {operator: held[operator][0] / held[operator][1] for operator in sorted(held)}

    def at(self, instruction: int, operator: str, *, weight: int) -> float:
        """Its worth at an operator.

        The mean over its children by the operator, with its mean over all children counted in as if it were `weight` children more; 0.5
        without children.
        """
        overall = self.overall(instruction)
        if overall is None:
            return 0.5
        credit, count = self._credits[instruction].get(operator, (0.0, 0))
        return (credit + weight * overall) / (count + weight)

    def instance_rows(self, instructions: Sequence[int]) -> list[list[float]]:
        """For each instruction, one minus the mean percentile of its children by training instance; a half where it has none.

        Only the newest training instances count, in the order of their names; rows are empty before any were scored.
        """
        if self._children and self._computed - self._told_apart >= max(1, self._told_apart // _GROWTH):
            self._told_apart = self._computed
            self._by_instance = self._instance_means()
        names = sorted(self._by_instance)
        return [[1.0 - self._by_instance[name].get(number, 0.5) for name in names] for number in instructions]

    def _instance_means(self) -> dict[str, dict[int, float]]:
        newest = max(child.epoch for child in self._children)
        children = [child for child in self._children if child.epoch == newest]
        found: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
        names = sorted({name for child in children for name in child.costs})
        for group in _groups(children):
            for name in names:
                costs = [child.costs.get(name, FAILED) for child in group]
                for child, credit in zip(group, percentiles(costs), strict=True):
                    found[name][child.instruction].append(credit)
        return {name: {number: mean(held) for number, held in of.items()} for name, of in found.items()}

    def _recomputed(self) -> dict[int, dict[str, tuple[float, int]]]:
        found: dict[int, dict[str, tuple[float, int]]] = defaultdict(dict)
        for group in _groups(self._children):
            for child, credit in zip(group, percentiles([child.worth for child in group]), strict=True):
                total, count = found[child.instruction].get(child.operator, (0.0, 0))
                found[child.instruction][child.operator] = (total + credit, count + 1)
        return dict(found)


def _groups(children: Iterable[ChildWorth]) -> Iterable[Sequence[ChildWorth]]:
    """Children that compare.

    They are of one operator, on the same instances, and of parents of the same third.
    """
    alike: dict[Hashable, list[ChildWorth]] = defaultdict(list)
    for child in children:
        alike[child.operator, child.epoch].append(child)
    for all_of_them in alike.values():
        ranked = sorted(child.parent for child in all_of_them if child.parent is not None)
        banded: dict[int, list[ChildWorth]] = defaultdict(list)
        for child in all_of_them:
            banded[-1 if child.parent is None else BANDS * bisect_left(ranked, child.parent) // len(ranked)].append(child)
        yield from banded.values()

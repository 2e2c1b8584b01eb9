"""The tree of Scattered Forest Search, walked by upper confidence bounds.

Source: Jonathan Light et al. 2024, "Scattered Forest Search: Smarter Code Space Exploration with LLMs" (arXiv 2411.05010). Objectives are
minimised; a value is a rank, so that it weighs the same beside the exploration term in every unit.
"""

import math
from bisect import bisect_right, insort
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Optional

from evoheur.candidate import Candidate
from evoheur.strategies.structure import SearchTree, TreeSpot

__all__ = ["Direction", "DirectionNode", "DirectionTree"]


class Direction(NamedTuple):
    """A way to go from a heuristic: an operator, and in words what it is to do."""

    operator: str
    text: str


@dataclass(slots=True, eq=False, kw_only=True)
class DirectionNode:
    """A heuristic, or what a direction that failed left behind.

    Attributes:
        number: Its place in `DirectionTree.nodes`; the root is 0.
        candidate: None for the root, and where the direction failed.
        parent: The node that it was bred at; None for the root.
        best: The smallest objective here and below; infinite where nothing worked.
        visits: Requests made here and below, its own included.
        children: Oldest first.
        untried: Directions that nobody took yet.
        tried: Texts of the directions that were taken.
        improved: Whether something below is better than its own heuristic.
        thinking: Whether directions are being asked for.
    """

    number: int
    candidate: Candidate | None
    parent: Optional["DirectionNode"]
    best: float
    visits: int
    children: list["DirectionNode"] = field(default_factory=list)
    untried: deque[Direction] = field(default_factory=deque)
    tried: list[str] = field(default_factory=list)
    improved: bool = False
    thinking: bool = False

    @property
    def heuristic(self) -> Candidate:
        """Its candidate, where there is one."""
        assert self.candidate is not None, "neither the root nor a direction that failed holds a heuristic"
        return self.candidate


class DirectionTree:
    """A virtual root, whose children are seeds, and all that was bred from them.

    Args:
        exploration: c, the weight of the exploration term.

    Attributes:
        nodes: By number; parents come before their children.
    """

    def __init__(self, exploration: float) -> None:
        self.nodes = [DirectionNode(number=0, candidate=None, parent=None, best=math.inf, visits=0)]
        self._exploration = exploration
        self._objectives: list[float] = []  # of all that worked, ascending
        self._failures = 0

    @property
    def root(self) -> DirectionNode:
        """The virtual root."""
        return self.nodes[0]

    def depart(self, node: DirectionNode) -> None:
        """Count a request made at a node as a visit of it and of all above."""
        at: DirectionNode | None = node
        while at is not None:
            at.visits += 1
            at = at.parent

    def arrive(self, node: DirectionNode, candidate: Candidate | None) -> DirectionNode:
        """Hang an outcome below its node, and back its value up.

        Args:
            node: Where the request was made.
            candidate: None, or one that failed, is backed up as the worst of all values.
        """
        objective = None if candidate is None else candidate.objective
        child = DirectionNode(
            number=len(self.nodes),
            candidate=None if objective is None else candidate,
            parent=node,
            best=math.inf if objective is None else objective,
            visits=1,
        )
        self.nodes.append(child)
        node.children.append(child)
        if objective is None:
            self._failures += 1
            return child
        insort(self._objectives, objective)
        at: DirectionNode | None = node
        while at is not None:
            at.best = min(at.best, objective)
            if at.candidate is not None and objective < (at.candidate.objective or 0.0):
                at.improved = True
            at = at.parent
        return child

    def value(self, node: DirectionNode) -> float:
        """The share of all other outcomes that are worse than the best here and below.

        It is 1 for the best, and 0 for a failure.
        """
        if math.isinf(node.best):
            return 0.0
        worse = len(self._objectives) - bisect_right(self._objectives, node.best) + self._failures
        return worse / max(1, len(self._objectives) + self._failures - 1)

    def uct(self, node: DirectionNode) -> float:
        """The upper confidence bound of a node.

        It is value + c √(ln N / n), for n visits of the N that its parent has.
        """
        assert node.parent is not None
        return self.value(node) + self._exploration * math.sqrt(math.log(max(1, node.parent.visits)) / node.visits)

    def walk(self) -> DirectionNode:
        """The node to breed at, which has an untried direction, or nothing below it that is better.

        From the root on, to the child of the largest bound; of equal ones the oldest. At least one seed has worked.
        """
        node = self.root
        while node is self.root or (node.improved and not node.untried):
            node = max((child for child in node.children if child.candidate is not None), key=self.uct)
        return node

    def has_seeds(self) -> bool:
        """Whether a seed has worked."""
        return not math.isinf(self.root.best)

    def lineage(self, node: DirectionNode) -> list[Candidate]:
        """The heuristics from a node up to its seed."""
        found = []
        at: DirectionNode | None = node
        while at is not None and at.candidate is not None:
            found.append(at.candidate)
            at = at.parent
        return found

    def kept(self, fresh: Mapping[int, Candidate]) -> "DirectionTree":
        """The tree of its heuristics with a new worth and directions to try.

        What hung on one that has none hangs on its nearest ancestor that has.

        Args:
            fresh: Number → the heuristic with its new worth, or failed.
        """
        tree = DirectionTree(self._exploration)
        place = {0: tree.root}
        for node in self.nodes[1:]:
            assert node.parent is not None, "only the root has none"
            parent = place[node.parent.number]
            place[node.number] = parent
            worth = None if node.candidate is None else fresh.get(node.candidate.id)
            if worth is not None and worth.objective is not None:
                tree.depart(parent)
                copy = tree.arrive(parent, worth)
                copy.untried, copy.tried = node.untried, node.tried
                place[node.number] = copy
        return tree

    def structure(self) -> SearchTree:
        """The tree of the heuristics that worked."""
        spots = [
            TreeSpot(
                number=0,
                candidate=None,
                parent=None,
                depth=0,
                objective=None,
                value=None if math.isinf(self.root.best) else self.root.best,
                visits=self.root.visits,
                pending=0,
            )
        ]
        place = {0: spots[0]}
        for node in self.nodes[1:]:
            if node.candidate is None or node.parent is None:
                continue
            above = place[node.parent.number]
            place[node.number] = TreeSpot(
                number=len(spots),
                candidate=node.candidate.id,
                parent=above.number,
                depth=above.depth + 1,
                objective=node.candidate.objective,
                value=node.best,
                visits=node.visits,
                pending=0,
            )
            spots.append(place[node.number])
        return SearchTree(spots=tuple(spots))

"""The tree that Monte Carlo search grows over heuristics.

Nodes, upper confidence bounds, progressive widening, back-propagation. Objectives are minimised, so a node's value Q is kept as the
objective it stands for: the smaller, the better. Every step costs work in proportion to the depth of a node or to the number of its
children, never to the size of the tree.

Source: Zheng et al. 2025, "Monte Carlo Tree Search for Comprehensive Exploration in LLM-Based Automatic Heuristic Design", ICML
(arXiv 2501.08603).
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Optional

from evoheur.candidate import Candidate
from evoheur.strategies.structure import SearchTree, TreeSpot

__all__ = ["Node", "Tree", "lineage", "normalised", "uct"]


@dataclass(slots=True, eq=False, kw_only=True)
class Node:
    """A heuristic in the tree; the virtual root holds none.

    Attributes:
        number: Its place in `Tree.nodes`; the root is 0.
        candidate: The heuristic; None for the root.
        parent: The node it was bred at; None for the root.
        depth: Steps to the root.
        best: The objective that Q stands for; infinite for a root without children.
        visits: N: at a heuristic, 1 and one for each node below it; requests in flight count as nodes.
        pending: Requests in flight that may become children.
        children: Nodes bred here, oldest first.
        subtree: At depth 1, this node and every node below it, oldest first; empty elsewhere.
    """

    number: int
    candidate: Candidate | None
    parent: Optional["Node"]
    depth: int
    best: float
    visits: int
    pending: int = 0
    children: list["Node"] = field(default_factory=list)
    subtree: list["Node"] = field(default_factory=list)

    @property
    def heuristic(self) -> Candidate:
        """Its candidate, where it is not the root."""
        assert self.candidate is not None, "the virtual root holds no heuristic"
        return self.candidate


class Tree:
    """A virtual root and the heuristics below it.

    A request for a child is announced by `depart` and ends with `arrive` or `give_up`. In between it counts as a visit, all the way up to
    the root, so that other requests look elsewhere (virtual loss); one that arrives keeps its visit.

    Args:
        forget_own_score: True for Q = the best child's Q at every node that has children, as released; False for Q = the better of that
            and the node's own objective.

    Attributes:
        root: The virtual root.
        nodes: All nodes by number.
    """

    def __init__(self, *, forget_own_score: bool = False) -> None:
        self.root = Node(number=0, candidate=None, parent=None, depth=0, best=math.inf, visits=0)
        self.nodes = [self.root]
        self._forget_own_score = forget_own_score
        self._least = math.inf
        self._most = -math.inf

    def depart(self, node: Node) -> None:
        """A request for a child of the node goes out."""
        node.pending += 1
        for visited in lineage(node):
            visited.visits += 1

    def give_up(self, node: Node) -> None:
        """Take back the visit of a request that yielded nothing.

        The request was for a child of the node.
        """
        node.pending -= 1
        for visited in lineage(node):
            visited.visits -= 1

    def arrive(self, node: Node, candidate: Candidate) -> Node:
        """Insert a working heuristic and back its value up.

        A request for a child of the node yielded it.
        """
        assert candidate.objective is not None, f"candidate {candidate.id} failed and has no place in the tree"
        node.pending -= 1
        child = Node(
            number=len(self.nodes),
            candidate=candidate,
            parent=node,
            depth=node.depth + 1,
            best=candidate.objective,
            visits=1,
        )
        self.nodes.append(child)
        node.children.append(child)
        path = list(lineage(child))
        path[-2].subtree.append(child)  # the last one is the root
        self._least = min(self._least, candidate.objective)
        self._most = max(self._most, candidate.objective)
        self._back_propagate(child)
        return child

    def kept(self, fresh: Mapping[int, Candidate]) -> "Tree":
        """The tree of those of its heuristics that have a new worth.

        What hung on one that has none hangs on its nearest ancestor that has. Visits are those of what is left.

        Args:
            fresh: Number → the heuristic with its new worth, or failed.
        """
        tree = Tree(forget_own_score=self._forget_own_score)
        place = {self.root.number: tree.root}
        for node in self.nodes[1:]:  # parents come first
            assert node.parent is not None, "only the root has none"
            parent = place[node.parent.number]
            worth = fresh.get(node.heuristic.id)
            if worth is None or worth.objective is None:
                place[node.number] = parent
            else:
                tree.depart(parent)
                place[node.number] = tree.arrive(parent, worth)
        return tree

    def structure(self) -> SearchTree:
        """The tree as it stands."""
        return SearchTree(spots=tuple(_spot(node) for node in self.nodes))

    def promising_child(self, node: Node, exploration: float) -> Node:
        """The child of largest UCT, the oldest of several.

        Args:
            node: One that has children.
            exploration: The weight lambda of the exploration term.
        """
        return max(
            node.children,
            key=lambda child: uct(
                normalised(child.best, self._least, self._most), child.visits, parent_visits=node.visits, exploration=exploration
            ),
        )

    def _back_propagate(self, child: Node) -> None:
        parent = child.parent
        assert parent is not None
        if not self._forget_own_score:
            for node in lineage(parent):
                node.best = min(node.best, child.best)
            return
        # A first child may be worse than its parent, whose value then falls, and so may those above: these are computed afresh.
        parent.best = child.best if len(parent.children) == 1 else min(parent.best, child.best)
        for node in lineage(parent.parent):
            node.best = min(each.best for each in node.children)


def _spot(node: Node) -> TreeSpot:
    return TreeSpot(
        number=node.number,
        candidate=None if node.candidate is None else node.candidate.id,
        parent=None if node.parent is None else node.parent.number,
        depth=node.depth,
        objective=None if node.candidate is None else node.candidate.objective,
        value=node.best if math.isfinite(node.best) else None,
        visits=node.visits,
        pending=node.pending,
    )


def lineage(node: Node | None) -> Iterator[Node]:
    """The node, its parent, and so on up to the root."""
    while node is not None:
        yield node
        node = node.parent


def normalised(objective: float, least: float, most: float) -> float:
    """The value of an objective, between 0 and 1.

    0 stands for the largest seen, `most`, 1 for the smallest seen, `least`; 0 while the two are equal. Of any sign and in any unit, so that
    the exploration term weighs the same for costs of thousands and for negated profits.
    """
    return (most - objective) / (most - least) if most > least else 0.0


def uct(value: float, visits: int, *, parent_visits: int, exploration: float) -> float:
    """Upper confidence bound of a child.

    value + lambda · sqrt(ln(N_parent + 1) / N_child).

    Args:
        value: Its normalised value.
        visits: N_child, at least 1.
        parent_visits: N_parent.
        exploration: lambda.
    """
    return value + exploration * math.sqrt(math.log(parent_visits + 1) / visits)

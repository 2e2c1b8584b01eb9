"""Colouring the vertices of a graph."""

import ast
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic, Infeasible, Json, Problem, Split, in_guest, whole_numbers
from evoheur.problems.flat_heuristics.flat_values import NotFlat
from evoheur.problems.flat_heuristics.written_formula import written_formula
from evoheur.source_solver import SourceSolver

from .colour_classes import coloured
from .flat_colouring import ARGUMENTS, FlatColouring, proved_colouring, small_graph
from .instance import GraphInstance, adjacency

__all__ = ["TIE_BREAKER", "GraphColouring", "vertex_scores"]

TIE_BREAKER = 0.01
"""What the sizes of the colours count beside their number."""

_FORMATS = (
    ".col, .txt: DIMACS, `p edge VERTICES EDGES`, then `e VERTEX VERTEX` a line, from 1",
    '.json: {"vertices": 3, "edges": [[0, 1], [1, 2]]}, a list of such; "name" and "colours", the fewest known, if wanted',
)
_FLAT = {"path": "flat"}


def vertex_scores(
    uncoloured: float,
    begun: float,
    losing: NDArray[np.float64],
    sharing: NDArray[np.float64],
    pending: NDArray[np.float64],
    degree: NDArray[np.float64],
    crowded: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the vertices that may have the present colour.

    The one with the highest score has it, the first one on ties. Its neighbours may not have that colour any more. When no vertex is left
    that may, the next colour begins with all that have none.

    Args:
        uncoloured: Share of all vertices that have no colour yet, above 0, at most 1.
        begun: Share of all vertices that have the present colour already, at least 0, below 1; 0 when it begins.
        losing: Of the other vertices that may have the colour, the share that are neighbours and would lose it, in 0..1, shape (vertices,).
        sharing: Of the vertices that may not have the colour any more, the share that are neighbours, in 0..1, shape (vertices,).
        pending: Of the other vertices without a colour, the share that are neighbours, in 0..1, shape (vertices,).
        degree: Of all other vertices, the share that are neighbours, in 0..1, shape (vertices,).
        crowded: The mean of `losing` over the neighbours that would lose the colour; 0 if there is none, in 0..1, shape (vertices,).

    Returns:
        One real number per vertex, shape (vertices,); not NaN.
    """
    return np.where(begun > 0, sharing - 1e-06 * losing, losing)


class GraphColouring(Problem[GraphInstance]):
    """Give every vertex of a graph a colour, neighbours different ones, with as few colours as possible.

    Colours are given one after the other, each to vertices that are no neighbours of each other, until no other vertex may have it. A
    colour should take vertices that would be hard to colour later, and leave a rest that needs few colours. Of two colourings with as
    many colours, the one whose colours are more unequal is better, because a small one is nearer to being saved.
    """

    heuristic = staticmethod(vertex_scores)
    aggregate = "mean_of_gaps"
    references_are_bounds = True
    only_order_counts = True
    formats = _FORMATS
    solution_suffix = ".sol"

    def __init__(self) -> None:
        """There is nothing to set."""
        self._read: dict[str, float] = {}
        # The last candidate, which all instances share: its rule, if it is flat, and what is noted of it.
        self._flat: tuple[Callable[..., Any], FlatColouring | None, dict[str, str]] | None = None

    def instances(self, split: Split) -> Sequence[GraphInstance]:
        """Seeded graphs: uniform, geometric, planted, of intervals, with hubs."""
        made: list[GraphInstance] = self.trusted("splits").instances(split)
        return made

    def resampled(self, seed: int) -> Sequence[GraphInstance]:
        """Graphs of the training families, drawn from other seeds."""
        made: list[GraphInstance] = self.trusted("splits").instances("train", resampled=seed)
        return made

    def decode(self, data: Mapping[str, Json]) -> GraphInstance:
        """Rebuild an instance in the guest."""
        edges = np.array(data["edges"], dtype=np.int64).reshape(-1, 2)
        return GraphInstance(name=data["name"], family=data["family"], vertices=data["vertices"], edges=edges)

    def heuristic_calls(self, instance: GraphInstance) -> int:
        """One for every vertex."""
        return instance.vertices

    def solve(
        self,
        heuristic: Heuristic,
        instance: GraphInstance,
        rng: np.random.Generator,  # noqa: ARG002 - nothing here is drawn
    ) -> NDArray[np.int64]:
        """Let the rule colour the graph.

        One that is a formula is computed by compiled code; "path" in the notes is then "flat", else "plain".

        Raises:
            BadAnswer: Scores are unusable.
        """
        adjacent = adjacency(instance)
        with np.errstate(all="ignore"):  # dividing by zero is a heuristic's own business; what it makes of it counts
            flat = self._flat_rule(heuristic)
            colours = None if flat is None else flat.colours(adjacent)
            return coloured(heuristic.entry, adjacent) if colours is None else colours

    def solver_in_source(self, tree: ast.Module) -> SourceSolver[GraphInstance] | None:
        """Colours by the formula that the source is, if it is one."""
        try:
            flat = FlatColouring(written_formula(tree, vertex_scores.__name__, ARGUMENTS))
        except NotFlat:
            return None
        return SourceSolver(solve=lambda instance: flat.colours(adjacency(instance)), notes=_FLAT)

    def cost(self, instance: GraphInstance, solution: Json) -> float:
        """Colours, plus a hundredth of what equal sizes lack; minimised.

        The second term is 1 − Σ (size / vertices)², by which Johnson et al. (1991, doi:10.1287/opre.39.3.378) let searches make colours
        unequal; it is at least 0 and below 1.

        Args:
            instance: The graph.
            solution: The colour of every vertex as a list of whole numbers in 0..vertices-1; colours may be numbered in any order.

        Raises:
            Infeasible: It is no such list, or neighbours have one colour.
        """
        colours = whole_numbers(solution, length=instance.vertices, low=0, high=instance.vertices - 1, what="colour of vertex")
        ends = colours[instance.edges]
        if (clashing := np.flatnonzero(ends[:, 0] == ends[:, 1])).size:
            one, two = instance.edges[clashing[0]]
            raise Infeasible(f"vertices {one} and {two} are neighbours, and both have colour {colours[one]}")
        sizes = np.bincount(colours)
        squares = int((sizes * sizes).sum())
        return np.count_nonzero(sizes) + TIE_BREAKER * (1.0 - squares / instance.vertices**2)

    def reference(self, instance: GraphInstance) -> float:
        """The size of a large clique, or a file's fewest colours known."""
        if instance.name in self._read:
            return self._read[instance.name]
        return float(self.trusted("clique_bound").clique_size(adjacency(instance)))

    def textbook_rules(self) -> Mapping[str, Callable[[GraphInstance], Any]]:
        """Greedy orders, DSATUR, recursive largest first, and a search by orders of colours."""
        rules: Mapping[str, Callable[[GraphInstance], Any]] = self.trusted("textbook_rules").RULES
        return rules

    def read_instances(self, path: Path) -> Sequence[GraphInstance]:
        """Read a file or a folder; files have the forms in `formats`."""
        read = self.trusted("files").read_instances(path)
        self._read.update(read.references)
        instances: list[GraphInstance] = read.complete()
        return instances

    def write_solution(self, instance: GraphInstance, solution: Json) -> str:  # noqa: ARG002 - the text has the colours only
        """Write colours as DIMACS has them, numbered from 1."""
        _, colours = np.unique(solution, return_inverse=True)
        lines = (f"l {vertex} {colour + 1}" for vertex, colour in enumerate(colours.tolist(), start=1))
        return "\n".join((f"s col {int(colours.max()) + 1}", *lines)) + "\n"

    def warm_up(self) -> None:
        """Compile the kernels of this side on thirty vertices."""
        adjacent = small_graph()
        coloured(vertex_scores, adjacent)
        names: dict[str, Any] = {}
        exec(_FORMULA, names)  # noqa: S102 - a heuristic of our own
        made = GraphInstance(name="small", family="small", vertices=len(adjacent), edges=np.argwhere(np.triu(adjacent)))
        self.solve(Heuristic(code=_FORMULA, functions={"vertex_scores": names["vertex_scores"]}), made, np.random.default_rng(0))
        if not in_guest():
            for solver in self.textbook_rules().values():
                solver(made)

    def _flat_rule(self, heuristic: Heuristic) -> FlatColouring | None:
        if self._flat is None or self._flat[0] is not heuristic.entry:
            try:
                self._flat = (heuristic.entry, proved_colouring(heuristic), _FLAT)
            except NotFlat as reason:
                self._flat = (heuristic.entry, None, {"path": "plain", "plain_because": str(reason)})
        heuristic.notes.update(self._flat[2])
        return self._flat[1]


_FORMULA = "def vertex_scores(uncoloured, begun, losing, sharing, pending, degree, crowded):\n    return sharing - losing\n"

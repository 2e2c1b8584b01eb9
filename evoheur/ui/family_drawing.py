"""Family trees as shapes on a page: where the boxes stand, and where the lines between them run."""

from dataclasses import dataclass

from evoheur.charts.family_tree import FamilyNode, FamilyTree

__all__ = ["DrawnEdge", "DrawnFamily", "DrawnNode", "drawn_family"]

_ROW, _BOX, _MARGIN = 74, 84, 58  # pixels: between generations, from leaf to leaf, and round about
_LEAST, _MOST = 320, 2400  # pixels across


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnNode:
    """A candidate with the middle of its box, in pixels."""

    node: FamilyNode
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnEdge:
    """A curve from an ancestor to a candidate, as the path of an SVG, and its classes."""

    path: str
    classes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnFamily:
    """A family tree with all its places, in pixels.

    Attributes:
        width: Of the drawing.
        height: Of the drawing.
        nodes: By number.
        edges: Those on the champion's line last, since they lie on top.
    """

    width: int
    height: int
    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]


def drawn_family(tree: FamilyTree) -> DrawnFamily:
    """Lay out a small family tree in pixels, its oldest generation on top and empty generations left out."""
    rows = {generation: row for row, generation in enumerate(sorted({node.y for node in tree.nodes}))}
    columns = len({node.x for node in tree.nodes})
    width = max(_LEAST, min(_MOST, 2 * _MARGIN + _BOX * (columns - 1)))
    nodes = tuple(
        DrawnNode(
            node=node,
            x=round(_MARGIN + node.x * (width - 2 * _MARGIN), 1),
            y=float(_MARGIN // 2 + _ROW * rows[node.y]),
        )
        for node in tree.nodes
    )
    place = {drawn.node.number: drawn for drawn in nodes}
    edges = []
    for edge in sorted(tree.edges, key=lambda each: (each.on_line, each.is_first)):
        above, below = place[edge.parent], place[edge.child]
        middle = (above.y + below.y) / 2
        path = f"M{above.x} {above.y}C{above.x} {middle} {below.x} {middle} {below.x} {below.y}"
        classes = " ".join(
            name for name, holds in (("line", edge.on_line), ("other", not edge.is_first), ("hidden", edge.hidden > 0)) if holds
        )
        edges.append(DrawnEdge(path=path, classes=classes))
    return DrawnFamily(width=width, height=_MARGIN + _ROW * max(0, len(rows) - 1), nodes=nodes, edges=tuple(edges))

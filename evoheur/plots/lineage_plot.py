"""Drawing of family trees, with the champion's line lit."""

from collections.abc import Sequence

from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from evoheur.charts.family_tree import FamilyNode, FamilyTree
from evoheur.observers.number_text import count
from evoheur.plots.figure_style import GREY, PALETTE, FigureSize, blank_figure, objective_label, outside_legend, styled

__all__ = ["draw_lineage"]

_LIT = PALETTE[1]
_MOST_NAMED = 30  # nodes of the champion's line that bear their number


def draw_lineage(tree: FamilyTree, *, size: FigureSize) -> Figure:
    """Draw a family tree, the eldest above.

    Args:
        tree: Its nodes have places.
        size: Of the figure.
    """
    with styled():
        figure = blank_figure(size)
        axes = figure.add_subplot()
        places = {node.number: (node.x, float(node.y)) for node in tree.nodes}
        for lit, first, colour, width in (
            (False, False, "#DDDDDD", 0.35),
            (False, True, "#AAAAAA", 0.5),
            (True, True, _LIT, 1.6),
        ):
            lines = [
                (places[edge.parent], places[edge.child])
                for edge in tree.edges
                if edge.on_line == lit and (lit or edge.is_first == first)
            ]
            label = "champion's line" if lit else "first parents" if first else "other parents"
            axes.add_collection(LineCollection(lines, colors=colour, linewidths=width, label=label, zorder=2 if lit else 1))
        _draw_nodes(figure, tree)
        axes.set_xlim(-0.03, 1.03)
        axes.set_ylim(max(0.5, tree.generations - 0.5), -0.5)
        axes.set_xticks([])
        axes.set_ylabel("generation")
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)
        if len(tree.nodes) < tree.total:
            words = f"{count(len(tree.nodes))} of {count(tree.total)} candidates shown"
            axes.annotate(words, (1.0, 0.0), xycoords="axes fraction", ha="right", va="bottom", fontsize=6, color="#555555")
        outside_legend(figure, _legend(tree))
        return figure


def _draw_nodes(figure: Figure, tree: FamilyTree) -> None:
    """Draw candidates coloured by their objective, those that failed hollow, and the champion's line with numbers."""
    [axes] = figure.axes
    newest = max((node.epoch for node in tree.nodes), default=0)
    solved = [node for node in tree.nodes if node.objective is not None and node.epoch == newest]
    others = [node for node in tree.nodes if node not in solved]
    axes.scatter(
        [node.x for node in others],
        [node.y for node in others],
        s=6,
        facecolors="white",
        edgecolors=GREY,
        linewidths=0.5,
        label="failed or cut short",
        zorder=3,
    )
    if solved:
        objectives = [node.objective or 0.0 for node in solved]
        marks = axes.scatter(
            [node.x for node in solved],
            [node.y for node in solved],
            s=[22 if node.on_line else 9 for node in solved],
            c=objectives,
            cmap="viridis",
            vmin=min(objectives),
            vmax=_ceiling(objectives),
            edgecolors=[_LIT if node.on_line else "none" for node in solved],
            linewidths=0.8,
            label="candidates",
            zorder=4,
        )
        figure.colorbar(marks, ax=axes, label=objective_label(tree.objective_kind), extend="max", fraction=0.05, pad=0.02)
    for node in _named(tree):
        axes.annotate(
            str(node.number), (node.x, node.y), xytext=(3, 2), textcoords="offset points", fontsize=5.5, color=_LIT, zorder=5
        )


def _ceiling(objectives: Sequence[float]) -> float:
    """The objective at which the colours end, above nine tenths of the candidates.

    So that one bad one does not make all others alike.
    """
    ranked = sorted(objectives)
    return max(ranked[(len(ranked) - 1) * 9 // 10], ranked[0] + 1e-9)


def _named(tree: FamilyTree) -> list[FamilyNode]:
    on_line = [node for node in tree.nodes if node.on_line]
    step = -(-len(on_line) // _MOST_NAMED) if on_line else 1
    return [*on_line[:-1:step], *on_line[-1:]]


def _legend(tree: FamilyTree) -> list[Line2D]:
    found = [Line2D([], [], color="#AAAAAA", linewidth=0.8, label="first parent")]
    if tree.line:
        found.insert(0, Line2D([], [], color=_LIT, linewidth=1.6, label=f"line of {tree.champion}, the champion"))
    if any(node.objective is None for node in tree.nodes):
        found.append(
            Line2D(
                [],
                [],
                linestyle="none",
                marker="o",
                markersize=3,
                markerfacecolor="white",
                color=GREY,
                label="failed or cut short",
            )
        )
    return found

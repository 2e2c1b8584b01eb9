"""The document of a run's grid.

The best heuristic of every kind in a run.
"""

from typing import Literal

from evoheur.candidate import ObjectiveKind
from evoheur.documents.document_model import JsonDocument, Text

__all__ = ["CellDocument", "GridDocument"]


class CellDocument(JsonDocument):
    """An occupied cell."""

    span: dict[Text, list[float]]
    """Measure → the cell's lower edge, which it holds, and its upper one, which it does not."""
    best: str
    """Name of the best candidate in it."""
    best_objective: float | None
    """Of that one on train, minimised."""
    best_gap: float | None
    """The same as a gap in percent; null without references."""


class GridDocument(JsonDocument):
    """A grid over measures of the code, with the best candidate of each cell."""

    format: Literal["grid/1"]
    """Kind and version of this document."""
    run: str
    """Name of the run."""
    objective_kind: ObjectiveKind | None
    """What objectives are; null where no candidate works."""
    measures: dict[Text, list[float]]
    """Measure → the edges of its cells."""
    size: int
    """How many cells there are."""
    coverage: float
    """Share of them that are occupied, from 0 to 1."""
    cells: list[CellDocument]
    """The occupied ones, in the order of their places."""

"""The document of a simplified heuristic."""

from typing import Any, Literal

from evoheur.candidate import Evaluation
from evoheur.code.program import measures
from evoheur.documents.document_model import JsonDocument, Text
from evoheur.simplification.equivalence import family_shifts
from evoheur.simplification.simplifier import Simplification

__all__ = ["SimplificationDocument", "SimplifiedSplitDocument", "simplification_document"]


class SimplifiedSplitDocument(JsonDocument):
    """What simplifying changed on one split."""

    objective_before: float | None
    """Of the original, minimised."""
    objective_after: float | None
    """Of what remains."""
    shifts: dict[Text, float]
    """Family → change of its gap in percentage points, positive where it became worse; of the mean cost in percent without references."""


class SimplificationDocument(JsonDocument):
    """A heuristic and what remains of it."""

    format: Literal["simplification/1"]
    """Kind and version of this document."""
    target: Text
    """What was simplified: a file or a candidate."""
    problem: Text
    """Name or folder of the problem."""
    settings: dict[str, Any]
    """The problem's, as far as they were given."""
    tolerance: float
    """By how much no family changed, in percentage points."""
    code: Text
    """Python source of what remains."""
    original: Text
    """Python source of what was simplified."""
    steps: list[Text]
    """What went, in order."""
    nodes_before: float
    """Size of the original, in nodes of its syntax tree."""
    nodes_after: float
    """Size of what remains."""
    evaluations: int
    """How many it took, those of the original included."""
    complete: bool
    """Whether everything was tried; false where the evaluations ran out before."""
    splits: dict[str, SimplifiedSplitDocument]
    """Split → what changed there."""
    stored: str | None
    """Name of the candidate that what remains is stored as; null where it is not stored."""


def simplification_document(found: Simplification, **known: Any) -> SimplificationDocument:
    """A simplified heuristic as a document.

    Args:
        found: What remains.
        known: The keys that it does not tell: target, problem, settings, tolerance and stored.
    """
    return SimplificationDocument(
        format="simplification/1",
        code=found.code,
        original=found.original,
        steps=list(found.steps),
        nodes_before=measures(found.original)["nodes"],
        nodes_after=measures(found.code)["nodes"],
        evaluations=found.evaluations,
        complete=found.complete,
        splits={split: _split(before, found.after[split]) for split, before in found.before.items()},
        **known,
    )


def _split(before: Evaluation, after: Evaluation) -> SimplifiedSplitDocument:
    return SimplifiedSplitDocument(
        objective_before=before.objective, objective_after=after.objective, shifts=family_shifts(before, after)
    )

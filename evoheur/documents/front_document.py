"""The document of a run's front."""

from typing import Literal

from evoheur.candidate import ObjectiveKind
from evoheur.documents.document_model import JsonDocument, Text
from evoheur.strategies.multiobjective import SecondObjective

__all__ = ["FrontDocument", "FrontPointDocument"]


class FrontPointDocument(JsonDocument):
    """A candidate or a textbook rule by objective and work, both minimised."""

    name: Text
    """Of the candidate, as RUN/NUMBER, or of the textbook rule."""
    objective: float
    """On train."""
    validation_objective: float | None = None
    """On validation; null where it was not scored there."""
    work: float
    """The measure."""
    thought: Text = ""
    """The idea of a candidate."""


class FrontDocument(JsonDocument):
    """What nothing dominates in objective and work."""

    format: Literal["front/1"]
    """Kind and version of this document."""
    run: str
    """Name of the run."""
    objective_kind: ObjectiveKind | None
    """What objectives are; null where no candidate works."""
    measure: SecondObjective
    """What counts as work."""
    points: list[FrontPointDocument]
    """The front, by ascending objective."""
    knee: str | None
    """Name of the point where the trade turns; null where the front has none."""
    reference: list[float]
    """Objective and work from which the hypervolume is counted."""
    hypervolume: float
    """What the front dominates of the area below the reference, from 0 to 1; larger is better."""
    candidates: int
    """How many candidates that work it was chosen from."""
    textbook: list[FrontPointDocument]
    """Textbook rules that can be written as heuristics, by ascending objective; empty if they were not asked for."""

"""The document of training data that was written from runs."""

from typing import Literal

from evoheur.documents.document_model import JsonDocument

__all__ = ["TrainingDataDocument", "TrainingFileDocument", "TrainingSourceDocument"]


class TrainingSourceDocument(JsonDocument):
    """What a run gave."""

    run: str
    """Its name."""
    replies: int
    """That were to hold a heuristic and came."""
    scored: int
    """Of these, with a heuristic that works on train."""
    failed: int
    """Without one."""
    dishonest: int
    """Of the failed, those that were screened out, or found to cheat or to depend on units."""
    cut_short: int
    """Whose evaluations were stopped early."""
    unprompted: int
    """Of an offline generator, which is sent no prompt."""
    groups: int
    """Distinct prompts, or what else replies have in common."""
    repeated: int
    """Those of two replies or more."""
    lines: int
    """That were written."""
    left_out: dict[str, int]
    """Reason → how many replies, pairs or groups were left out."""


class TrainingFileDocument(JsonDocument):
    """A file that was written."""

    path: str
    """Of it."""
    part: Literal["all", "train", "held-out"]
    """Which side of the division it is; "all" where nothing is divided."""
    runs: list[str]
    """Whose lines it holds."""
    lines: int
    """How many."""


class TrainingDataDocument(JsonDocument):
    """Training data for a model, and what it was chosen from."""

    format: Literal["training-data/1"]
    """Kind and version of this document."""
    kind: Literal["dpo", "kto", "grpo"]
    """Of the lines."""
    same: Literal["prompt", "parents"]
    """What replies have in common that are compared."""
    percentile: float
    """Examples to follow are at or above it, from 0 to 100."""
    tolerance: float
    """Objectives that are closer are not told apart."""
    sources: list[TrainingSourceDocument]
    """By run, in the order given."""
    files: list[TrainingFileDocument]
    """Empty where no line was to be written."""

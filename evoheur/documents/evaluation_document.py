"""The document of an evaluation, with its instances."""

from typing import Any, Literal

from pydantic import Field

from evoheur.candidate import Evaluation, InstanceResult, ObjectiveKind
from evoheur.documents.document_model import JsonDocument, Text
from evoheur.evaluation.objective import aggregate_of, gap_percent

__all__ = [
    "EvaluationDocument",
    "EvaluationFields",
    "InstanceResultDocument",
    "evaluated",
    "evaluation_document",
    "gap_of",
]


class InstanceResultDocument(JsonDocument):
    """One heuristic on one instance."""

    instance: Text
    """The instance's name."""
    family: Text
    """The group of instances that it is reported with."""
    status: str
    """How it ended; "ok", or what went wrong."""
    cost: float | None
    """The trusted price of the solution, minimised; null unless the status is "ok"."""
    reference: float | None
    """Optimum, best known value or bound in units of cost; null where there is none."""
    gap: float | None
    """Excess of cost over reference in percent of the reference's size; null without either."""
    detail: Text
    """Shortened traceback or violated constraint."""
    cpu_seconds: float
    """Processor time of the candidate, in seconds."""
    notes: dict[Text, Text]
    """What the solver noted of itself; claimed by the candidate's process, so never part of a score."""


class EvaluationFields(JsonDocument):
    """The fields of one heuristic's evaluation on one split."""

    status: str
    """"ok" only if every instance is; else the status of the first that failed."""
    gap: float | None
    """In percent over all instances; null if one failed or has no reference."""
    objective: float | None
    """What was minimised; null unless the status is "ok"."""
    objective_kind: ObjectiveKind | None
    """What the objective is, lower being better; null where there is none."""
    split: str
    """"train", "validation", "test", "audit" for the fresh instances of a run's end, or "custom" for files of a user's own."""
    epoch: int
    """0 for the problem's own instances, from 1 on for fresh training instances."""
    level: Text
    """The isolation level that it ran at; "trusted" for textbook rules, "source" where it was not executed, since its costs
    follow from its source."""
    detail: Text
    """Why the status is what it is; empty if "ok"."""
    cpu_seconds: float
    """Processor time over all instances, in seconds."""
    instances: list[InstanceResultDocument] = Field(default_factory=list)
    """In the order they ran, none after the first that failed; left out where only the score is told."""


class EvaluationDocument(EvaluationFields):
    """One heuristic on one split."""

    format: Literal["evaluation/1"]
    """Kind and version of this document."""


def gap_of(evaluation: Evaluation | None) -> float | None:
    """The gap in percent over all instances.

    None if the evaluation failed or was not made, or where there are no references.
    """
    if evaluation is None or evaluation.objective is None:
        return None
    if evaluation.objective_kind == "gap_percent":
        return evaluation.objective
    return gap_percent(evaluation.results, aggregate_of(evaluation))


def evaluation_document(evaluation: Evaluation, *, instances: bool = True) -> EvaluationDocument:
    """An evaluation as a document, with or without its instances."""
    return EvaluationDocument(format="evaluation/1", **evaluated(evaluation, gap=gap_of(evaluation), instances=instances))


def evaluated(evaluation: Evaluation, *, gap: float | None, instances: bool = True) -> dict[str, Any]:
    """The values of `EvaluationFields`.

    Args:
        evaluation: Of one candidate on one split.
        gap: Percent over all instances.
        instances: Whether they are told one by one.
    """
    values = {
        "status": evaluation.status.value,
        "gap": gap,
        "objective": evaluation.objective,
        "objective_kind": evaluation.objective_kind,
        "split": evaluation.split,
        "epoch": evaluation.epoch,
        "level": evaluation.level,
        "detail": evaluation.detail,
        "cpu_seconds": evaluation.cpu_seconds,
    }
    return {**values, "instances": [_instance(result) for result in evaluation.results]} if instances else values


def _instance(result: InstanceResult) -> InstanceResultDocument:
    return InstanceResultDocument(
        instance=result.instance,
        family=result.family,
        status=result.status.value,
        cost=result.cost,
        reference=result.reference,
        gap=result.gap,
        detail=result.detail,
        cpu_seconds=result.cpu_seconds,
        notes=dict(result.notes),
    )

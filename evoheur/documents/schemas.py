"""The JSON schemas of the configuration and all documents, by name."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from evoheur.components import nearest
from evoheur.documents.advice_document import AdviceDocument
from evoheur.documents.candidate_document import CandidateDocument
from evoheur.documents.comparison_document import ComparisonDocument
from evoheur.documents.config_summary_document import ConfigSummaryDocument
from evoheur.documents.evaluation_document import EvaluationDocument
from evoheur.documents.event_document import EventDocument
from evoheur.documents.evolved_prompts_document import EvolvedPromptsDocument
from evoheur.documents.failure_document import FailureDocument
from evoheur.documents.front_document import FrontDocument
from evoheur.documents.gallery_document import GalleryDocument
from evoheur.documents.grid_document import GridDocument
from evoheur.documents.machine_document import (
    DoctorDocument,
    ImageDocument,
    LevelsDocument,
    PromptsDocument,
    SchemaDocument,
)
from evoheur.documents.plugin_document import PluginDocument
from evoheur.documents.problem_document import ProblemCheckDocument, ProblemDocument, ProblemSummaryDocument
from evoheur.documents.run_document import RunDocument
from evoheur.documents.run_event_document import RunEventDocument
from evoheur.documents.score_document import ScoreDocument
from evoheur.documents.selection_document import SelectionDocument
from evoheur.documents.simplification_document import SimplificationDocument
from evoheur.documents.solution_document import SolutionDocument
from evoheur.documents.spending_document import SpendingDocument
from evoheur.documents.totals_document import TotalsDocument
from evoheur.documents.training_data_document import TrainingDataDocument
from evoheur.errors import ConfigError
from evoheur.run.config_schema import DRAFT, config_schema, in_draft_7

__all__ = ["CONFIG", "DOCUMENTS", "schema_named"]

CONFIG = "config"
"""Name of the configuration's schema."""

DOCUMENTS: Mapping[str, Any] = {
    "run": RunDocument,
    "totals": TotalsDocument,
    "candidate": CandidateDocument,
    "evaluation": EvaluationDocument,
    "failure": FailureDocument,
    "spending": SpendingDocument,
    "advice": AdviceDocument,
    "event": EventDocument,
    "run-event": RunEventDocument,
    "comparison": ComparisonDocument,
    "score": ScoreDocument,
    "simplification": SimplificationDocument,
    "solution": SolutionDocument,
    "grid": GridDocument,
    "front": FrontDocument,
    "selection": SelectionDocument,
    "training-data": TrainingDataDocument,
    "problem": ProblemDocument,
    "problem-summary": ProblemSummaryDocument,
    "problem-check": ProblemCheckDocument,
    "config-summary": ConfigSummaryDocument,
    "gallery": GalleryDocument,
    "plugin": PluginDocument,
    "prompts": PromptsDocument,
    "evolved-prompts": EvolvedPromptsDocument,
    "archive-schema": SchemaDocument,
    "image": ImageDocument,
    "levels": LevelsDocument,
    "doctor": DoctorDocument,
}
"""Name of a document, as its key `format` begins → its model."""


def schema_named(name: str) -> dict[str, Any]:
    """Find a JSON schema.

    Args:
        name: `CONFIG` or a key of `DOCUMENTS`.

    Raises:
        ConfigError: There is no such schema.
    """
    if name == CONFIG:
        return config_schema()
    if name not in DOCUMENTS:
        known = [CONFIG, *DOCUMENTS]
        raise ConfigError(f"There is no schema {name!r}{nearest(name, known)}; there are: {', '.join(known)}.")
    schema = TypeAdapter(DOCUMENTS[name]).json_schema(ref_template="#/definitions/{model}", mode="validation")
    tidied: dict[str, Any] = in_draft_7(schema)
    return {"$schema": DRAFT, "title": f"The document {name!r} of evoheur", **tidied}

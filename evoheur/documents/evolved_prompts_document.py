"""The document of instructions that evolved."""

from collections.abc import Sequence
from typing import Literal

from evoheur.documents.document_model import JsonDocument, Text
from evoheur.strategies.evolved_prompt import EvolvedPrompt, PromptOrigin

__all__ = ["EvolvedPromptDocument", "EvolvedPromptsDocument", "evolved_prompts_document"]


class EvolvedPromptDocument(JsonDocument):
    """An instruction in the prompts of a run."""

    number: int
    """From 0, which is the original."""
    text: Text
    """As prompts show it; empty for the original, which adds nothing to the templates."""
    origin: PromptOrigin
    """How it came about."""
    parent: int | None
    """Number of the one it was made from; null for the original."""
    is_kept: bool
    """Prompts may still show it."""
    is_established: bool
    """Its credit rests on enough children."""
    uses: int
    """Requests that showed it."""
    children: int
    """Of them those that were told, failures included."""
    credit: float | None
    """Mean percentile of its children among those of the same operator and of parents of like rank; larger is better."""
    by_operator: dict[str, float]
    """Operator: the same over its children alone."""


class EvolvedPromptsDocument(JsonDocument):
    """All instructions that the prompts of a run had."""

    format: Literal["evolved-prompts/1"]
    """Kind and version of this document."""
    run: str
    """Name of the run."""
    prompts: list[EvolvedPromptDocument]
    """The original first, then in the order they came; empty where prompts do not evolve."""


def evolved_prompts_document(run: str, prompts: Sequence[EvolvedPrompt]) -> EvolvedPromptsDocument:
    """The document of a run's instructions."""
    return EvolvedPromptsDocument(
        format="evolved-prompts/1",
        run=run,
        prompts=[
            EvolvedPromptDocument(
                number=each.instruction.number,
                text=each.instruction.text,
                origin=each.instruction.origin,
                parent=each.instruction.parent,
                is_kept=each.is_kept,
                is_established=each.is_established,
                uses=each.uses,
                children=each.children,
                credit=each.credit,
                by_operator=dict(each.by_operator),
            )
            for each in prompts
        ],
    )

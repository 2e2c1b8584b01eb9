"""Instructions that evolve: what each is, and what it is worth."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

__all__ = ["EvolvedPrompt", "Instruction", "PromptOrigin"]

PromptOrigin: TypeAlias = Literal["original", "edit", "rewrite", "reflection", "criticism"]
"""How an instruction came about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """The part of prompts that evolves: how to go about it, in plain text.

    Attributes:
        number: From 0, which is the original: no instruction beside what the templates say.
        text: As prompts show it; empty for the original.
        origin: How it came about.
        parent: Number of the one it was made from; None for the original.
    """

    number: int
    text: str = ""
    origin: PromptOrigin = "original"
    parent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvolvedPrompt:
    """An instruction with its credit, for reports.

    Attributes:
        instruction: What it is.
        is_kept: Whether prompts may still show it.
        is_established: Whether its credit rests on enough children.
        uses: Requests that showed it.
        children: Of them those that were told, failures included.
        credit: Mean percentile of its children, from 0 (worst) to 1 (best); None without children.
        by_operator: Operator → the same over its children alone.
    """

    instruction: Instruction
    is_kept: bool
    is_established: bool
    uses: int
    children: int
    credit: float | None
    by_operator: Mapping[str, float] = field(default_factory=dict)

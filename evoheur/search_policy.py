"""Search policies: programs that choose what a strategy breeds next, and what they may answer.

A policy defines `choose(programs, progress, rng)` and runs in the sandbox. It is shown numbers, costs, labels and code of the programs of a
search, and answers with numbers. What it answers is checked here, on the trusted side.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast, get_args

__all__ = [
    "CHOOSE",
    "LABELS",
    "ChoiceLabel",
    "PolicyChoice",
    "PolicyFault",
    "read_choice",
    "stored_answer",
    "stored_fault",
    "written_answer",
]

CHOOSE = "choose"
"""Name of the function that a policy defines."""

ChoiceLabel: TypeAlias = Literal["refine", "diverge", "free"]
LABELS: tuple[ChoiceLabel, ...] = get_args(ChoiceLabel)
"""How a child is to differ from its parent: a little, a lot, or as its writer likes."""

_LONGEST = 500  # characters of what a fault tells


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChoice:
    """What a policy chose.

    Attributes:
        parent: Number of the program to breed from.
        label: How the child is to differ from it.
        context: Numbers of the programs that are shown beside it.
    """

    parent: int
    label: ChoiceLabel
    context: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFault:
    """Why a policy chose nothing.

    Attributes:
        reason: A word to count by: "raised", "timeout", "memory", "crashed", "rejected", "unknown-id", "malformed", …
        detail: What happened, with the value, for a person.
    """

    reason: str
    detail: str


def read_choice(value: Any, known: Collection[int], *, contexts: int) -> PolicyChoice | PolicyFault:
    """Check what a policy answered; never raises because of it.

    Args:
        value: As it came from the guest: anything that JSON can say.
        known: The numbers that the policy was shown.
        contexts: How many programs may stand beside the parent.
    """
    if not isinstance(value, Mapping) or not {"parent", "label", "context"} >= set(value) or "parent" not in value:
        return PolicyFault(reason="malformed", detail=f"expected a dict with parent, label and context, got {_shortened(value)}")
    parent, label, context = value["parent"], value.get("label", "free"), value.get("context", [])
    if label not in LABELS:
        return PolicyFault(reason="malformed", detail=f"label is {_shortened(label)}, not one of {', '.join(LABELS)}")
    if not isinstance(context, list) or len(context) > contexts:
        return PolicyFault(reason="malformed", detail=f"context is {_shortened(context)}, not a list of up to {contexts} numbers")
    for number in (parent, *context):
        if type(number) is not int or number not in known:
            return PolicyFault(reason="unknown-id", detail=f"{_shortened(number)} is the number of no program that it was shown")
    if len({parent, *context}) <= len(context):
        return PolicyFault(reason="malformed", detail=f"context {_shortened(context)} repeats a program, or the parent {parent}")
    return PolicyChoice(parent=parent, label=cast("ChoiceLabel", label), context=tuple(context))


def written_answer(answer: PolicyChoice | PolicyFault) -> str:
    """The answer as one line of JSON, as archives keep it."""
    if isinstance(answer, PolicyFault):
        return json.dumps({"fault": answer.reason, "detail": answer.detail[:_LONGEST]})
    return json.dumps({"parent": answer.parent, "label": answer.label, "context": list(answer.context)})


def stored_answer(text: str, known: Collection[int], *, contexts: int) -> PolicyChoice | PolicyFault:
    """Read what `written_answer` wrote; any other text is a fault "malformed".

    Args:
        text: Of a note.
        known: As in `read_choice`.
        contexts: As in `read_choice`.
    """
    return stored_fault(text) or read_choice(json.loads(text), known, contexts=contexts)


def stored_fault(text: str) -> PolicyFault | None:
    """The fault that `written_answer` wrote, or that the text is none of its; None for a choice."""
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict) or not ("fault" in value or "parent" in value):
        return PolicyFault(reason="malformed", detail=f"no answer of a policy: {_shortened(text)}")
    return PolicyFault(reason=str(value["fault"]), detail=str(value.get("detail", ""))) if "fault" in value else None


def _shortened(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:80]}…"

"""Refusals of replies, and of sources that do not define what is wanted."""

import re
from collections.abc import Sequence
from enum import StrEnum

from evoheur.code.bindings import last_binding
from evoheur.code.program import examine
from evoheur.code.signature import FunctionSignature, parameters_of
from evoheur.code.slicing import Part
from evoheur.code.syntax import SourceFault
from evoheur.generation.assembly import region_parts
from evoheur.generation.regions import Region
from evoheur.request import Failure

__all__ = ["Reason", "check_code", "cut", "explained", "refusal"]


class Reason(StrEnum):
    """Why a reply was refused."""

    EMPTY = "empty"
    NO_CODE = "no-code"
    SYNTAX = "syntax"
    NO_FUNCTION = "no-function"  # code, but no complete function in it
    WRONG_NAME = "wrong-name"
    WRONG_ARITY = "wrong-arity"
    TRUNCATED = "truncated"  # cut at the token limit before the function was whole
    TOO_LONG = "too-long"
    NO_MATCH = "no-match"  # a change in place of lines that the heuristic does not have, or has several times
    MARKERS = "markers"  # alternatives or ranges that are left open where nothing fills them, or that cannot be filled


def check_code(code: str, signatures: Sequence[FunctionSignature]) -> Failure | None:
    """Why a source does not define the wanted functions.

    They must be at top level. None if it does and compiles.

    Args:
        code: Python source, such as a user's file.
        signatures: The functions it must define.
    """
    program = examine(code)
    if isinstance(program, SourceFault):
        return _syntax(program)
    return _syntax(program.fault) if program.fault is not None else _missing(program.parts, signatures)


def explained(
    text: str, fences: Sequence[Region], regions: Sequence[Region], signatures: Sequence[FunctionSignature], *, truncated: bool
) -> Failure:
    """Refuse a reply for the reason that helps most: cut, broken syntax, wrong function, no code.

    Args:
        text: The reply, without what was thought aloud.
        fences: Its fenced blocks.
        regions: Its stretches of code.
        signatures: The functions that were wanted.
        truncated: Whether the model was cut at its token limit.
    """
    if truncated:
        return cut(signatures)
    blocks = [fence.code for fence in fences]
    fault = _last_fault([code for code in blocks or [text] if _definition(code, signatures)], signatures)
    if fault is not None:
        return fault
    parts = [part for region in regions for part in region_parts(region)]
    if parts:
        return _missing(parts, signatures) or refusal(
            Reason.NO_FUNCTION, f"the code does not define {_wanted(signatures)} as a whole"
        )
    fault = _last_fault(blocks, signatures)
    if fault is not None:
        return fault
    return refusal(Reason.NO_CODE, f"the reply ({len(text)} characters) holds no Python code; expected {_wanted(signatures)}")


def _definition(code: str, signatures: Sequence[FunctionSignature]) -> re.Match[str] | None:
    return next(
        (found for s in signatures if (found := re.search(rf"^[ \t]*def[ \t]+{re.escape(s.name)}\b", code, re.MULTILINE))), None
    )


def _last_fault(sources: Sequence[str], signatures: Sequence[FunctionSignature]) -> Failure | None:
    for code in reversed(sources):
        fault = _fault(code)
        if fault is not None:
            definition = _definition(code, signatures)
            within = _fault(code[definition.start() :]) if definition else None  # prose above is not what is wrong
            return _syntax(within or fault)
    return None


def _fault(code: str) -> SourceFault | None:
    program = examine(code)
    return program if isinstance(program, SourceFault) else program.fault


def _missing(parts: Sequence[Part], signatures: Sequence[FunctionSignature]) -> Failure | None:
    """The first function that the parts do not define as wanted."""
    for signature in signatures:
        bound = last_binding(parts, signature.name)
        if bound is None:
            names = ", ".join(
                dict.fromkeys(part.function[0] for part in parts if part.function and part.function[0] != signature.name)
            )
            if names:
                return refusal(Reason.WRONG_NAME, f"the code defines {names[:200]}; expected {signature}")
            return refusal(Reason.NO_FUNCTION, f"the code defines no function; expected {signature}")
        count = len(signature.parameters)
        if bound.function is not None and not bound.takes(count):
            takes = f"{signature.name}({', '.join(parameters_of(bound.function))})"
            return refusal(Reason.WRONG_ARITY, f"{takes} cannot be called with {count} arguments; expected {signature}")
        if bound.stub:
            return refusal(Reason.NO_FUNCTION, f"{signature.name} has no body; expected a complete {signature}")
    return None


def cut(signatures: Sequence[FunctionSignature]) -> Failure:
    """Refuse a reply that was cut before the functions were whole."""
    return refusal(
        Reason.TRUNCATED,
        f"the reply was cut at the token limit before {_wanted(signatures)} was complete; raise generator.max_tokens",
    )


def _syntax(fault: SourceFault) -> Failure:
    return refusal(Reason.SYNTAX, f"line {fault.line} of the code: {fault.message}")


def _wanted(signatures: Sequence[FunctionSignature]) -> str:
    return " and ".join(str(signature) for signature in signatures)


def refusal(reason: Reason, detail: str) -> Failure:
    """Refuse a reply, in one line."""
    return Failure(stage="parsing", reason=reason.value, detail=" ".join(detail.split()))

"""Reading of a model's reply: thought and code, or a refusal.

The code defines the wanted functions; the refusal is typed. Models answer as they like: with and without fences, prose before and after,
the function next to tests and older versions of itself, imports in another block, thinking aloud, cut at the token limit. What can be
understood without guessing at meaning is understood:

* The last definition that is complete wins; a body of `...` or `pass` is not complete.
* The exact name wins. Only where it is missing, the highest `name_v2`-like version (FunSearch's convention) is taken under the wanted name.
* What the functions use is kept, from other blocks too: helpers, classes, constants and the statements that fill them. All else is
  dropped: examples, tests, prints and other versions would cost time on every instance and clutter later prompts. Imports stay unless
  only what was dropped uses them.
* Imports that everybody writes the same way (`np`, `math`, `NDArray`, …) are added where the code uses the name without the import.
* A reply that was cut is accepted if everything the functions need arrived whole.
"""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from evoheur.code.program import Program, examine
from evoheur.code.signature import FunctionSignature, accepts, parameters_of, signatures_of
from evoheur.code.slicing import Part
from evoheur.code.syntax import SourceFault
from evoheur.generation.assembly import Assembly, assemble, is_stub, region_parts
from evoheur.generation.regions import Region, code_regions, fenced_blocks, normalised, without_reasoning
from evoheur.generation.thought import thought_of
from evoheur.request import Failure

__all__ = ["MAX_REPLY", "FunctionSignature", "ParsedReply", "Reason", "check_code", "parse_reply", "signatures_of"]

MAX_REPLY = 100_000
"""Longest reply that is looked into, in characters, thinking aloud not counted."""


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


@dataclass(frozen=True, slots=True)
class ParsedReply:
    """What a reply holds.

    Attributes:
        thought: The idea in a sentence, one line; may be empty.
        code: Python source that compiles and defines the wanted functions at top level.
    """

    thought: str
    code: str


def parse_reply(text: str, signatures: Sequence[FunctionSignature], *, truncated: bool = False) -> ParsedReply | Failure:
    """Find thought and code in a reply.

    Args:
        text: The reply, any text whatever.
        signatures: The functions that the code must define, at least one.
        truncated: Whether the model was cut at its token limit.

    Returns:
        The finding, or a failure of stage "parsing" with a `Reason`; never raises because of the text.
    """
    plain = normalised(text)
    if len(plain) <= MAX_REPLY:  # a reply that is nothing but code is taken as it stands, whatever its strings look like
        whole = [Region(0, plain.count("\n") + 1, plain, 0)]
        found = _read(plain, [], whole, signatures, truncated=truncated)
        if found is not None:
            return found
    plain = without_reasoning(plain)
    if not plain.strip():
        return _nothing_said(text, truncated=truncated)
    if len(plain) > MAX_REPLY:
        return _refusal(Reason.TOO_LONG, f"the reply has {len(plain)} characters, more than the {MAX_REPLY} that are looked into")
    lines = plain.split("\n")
    fences = list(fenced_blocks(lines))
    for stretches in (
        _inside,
        lambda _: list(code_regions(lines)),
    ):  # plain text is looked into only where the fences hold nothing
        found = _read(plain, fences, stretches(fences), signatures, truncated=truncated)
        if found is not None:
            return found
    return _explain(plain, fences, signatures, truncated=truncated)


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


def _inside(fences: Sequence[Region]) -> list[Region]:
    # A block that does not parse (cut, or with prose inside) is searched like plain text.
    regions: list[Region] = []
    for fence in fences:
        if isinstance(examine(fence.code), Program):
            regions.append(fence)
        else:
            regions.extend(code_regions(fence.code.split("\n"), fence.first))
    return regions


def _read(
    text: str, fences: Sequence[Region], regions: Sequence[Region], signatures: Sequence[FunctionSignature], *, truncated: bool
) -> ParsedReply | Failure | None:
    """The thought and code that the regions hold.

    A failure if the functions are there but cut, None if they are not there.
    """
    assembly = assemble(regions, signatures)
    if assembly is None or check_code(assembly.code, signatures) is not None:
        return None
    if truncated and _is_cut(text, assembly):
        return _cut(signatures)
    first = assembly.owners[0]
    before, after = _prose(text, first.region, [*fences, *regions])
    return ParsedReply(thought=thought_of(before, first.region.code, after, first.part.node), code=assembly.code)


def _prose(text: str, region: Region, code: Sequence[Region]) -> tuple[str, str]:
    """The text before and after a region, without other code.

    A line beside it in its own fence counts.
    """
    lines = text.split("\n")
    others = [other for other in code if not other.start <= region.start < other.stop]
    hidden = {number for other in others for number in range(other.start, other.stop)}
    shown = [
        (number, line)
        for number, line in enumerate(lines)
        if number not in hidden and not line.lstrip().startswith(("```", "~~~"))
    ]
    before = "\n".join(line for number, line in shown if number < region.start)
    after = "\n".join(line for number, line in shown if number >= region.stop)
    return before, after


def _is_cut(text: str, assembly: Assembly) -> bool:
    """Whether a cut reply lacks something.

    A helper that never came, or the end of the function that it ends in.
    """
    if assembly.missing:
        return True
    lines = text.split("\n")
    for owner in assembly.owners:
        closed = lines[owner.region.stop - 1].strip().endswith(("```", "~~~"))
        rest = [line.strip() for line in lines[owner.region.stop :]]
        at_end = owner.last and not closed and all(not line or line.startswith("#") for line in rest)
        if at_end and isinstance(owner.part.node, ast.FunctionDef) and not _returns(owner.part.node.body):
            return True
    return False


def _returns(body: Sequence[ast.stmt]) -> bool:
    match body[-1]:
        case ast.Return() | ast.Raise():
            return True
        case ast.If(body=then, orelse=otherwise):
            return bool(otherwise) and _returns(then) and _returns(otherwise)
        case ast.With(body=inner) | ast.Try(body=inner, orelse=[]):
            return _returns(inner)
    return False


def _nothing_said(text: str, *, truncated: bool) -> Failure:
    if not text.strip():
        return _refusal(Reason.EMPTY, "the reply is empty")
    if truncated:
        return _refusal(
            Reason.TRUNCATED, "the reply was cut at the token limit while the model was still thinking; raise max_tokens"
        )
    return _refusal(Reason.EMPTY, "the reply holds thinking aloud and no answer")


def _explain(text: str, fences: Sequence[Region], signatures: Sequence[FunctionSignature], *, truncated: bool) -> Failure:
    """Name the reason that helps most: cut, broken syntax, wrong function, no code."""
    if truncated:
        return _cut(signatures)
    blocks = [fence.code for fence in fences]
    fault = _last_fault([code for code in blocks or [text] if _definition(code, signatures)], signatures)
    if fault is not None:
        return fault
    regions = _inside(fences) or list(code_regions(text.split("\n")))
    parts = [part for region in regions for part in region_parts(region)]
    if parts:
        return _missing(parts, signatures) or _refusal(
            Reason.NO_FUNCTION, f"the code does not define {_wanted(signatures)} as a whole"
        )
    fault = _last_fault(blocks, signatures)
    if fault is not None:
        return fault
    return _refusal(Reason.NO_CODE, f"the reply ({len(text)} characters) holds no Python code; expected {_wanted(signatures)}")


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
    functions = [part.function for part in parts if part.function]
    for signature in signatures:
        named = [function for name, function in functions if name == signature.name]
        if not named:
            names = ", ".join(dict.fromkeys(name for name, _ in functions))
            if names:
                return _refusal(Reason.WRONG_NAME, f"the code defines {names[:200]}; expected {signature}")
            return _refusal(Reason.NO_FUNCTION, f"the code defines no function; expected {signature}")
        count = len(signature.parameters)
        if not accepts(named[-1], count):
            takes = f"{signature.name}({', '.join(parameters_of(named[-1]))})"
            return _refusal(Reason.WRONG_ARITY, f"{takes} cannot be called with {count} arguments; expected {signature}")
        if is_stub(named[-1]):
            return _refusal(Reason.NO_FUNCTION, f"{signature.name} has no body; expected a complete {signature}")
    return None


def _cut(signatures: Sequence[FunctionSignature]) -> Failure:
    return _refusal(
        Reason.TRUNCATED, f"the reply was cut at the token limit before {_wanted(signatures)} was complete; raise max_tokens"
    )


def _syntax(fault: SourceFault) -> Failure:
    return _refusal(Reason.SYNTAX, f"line {fault.line} of the code: {fault.message}")


def _wanted(signatures: Sequence[FunctionSignature]) -> str:
    return " and ".join(str(signature) for signature in signatures)


def _refusal(reason: Reason, detail: str) -> Failure:
    return Failure(stage="parsing", reason=reason.value, detail=" ".join(detail.split()))

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
* A reply that was cut is accepted if everything the functions need arrived whole, and if it is not a draft: prose follows a draft, and
  nothing says that the answer had begun.
* Code in JSON, glued to the marks of a chat template, or in full-width and typographic characters, is code.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evoheur.code.annotations import names_beyond_annotations, with_annotations_unread
from evoheur.code.program import Program, examine
from evoheur.code.signature import FunctionSignature, signatures_of
from evoheur.generation.assembly import Assembly, assemble
from evoheur.generation.reasoning import has_ended_reasoning, without_reasoning, without_template_marks
from evoheur.generation.refusals import Reason, check_code, cut, explained, refusal
from evoheur.generation.regions import Region, code_regions, fenced_blocks
from evoheur.generation.spelling import in_plain_characters, normalised
from evoheur.generation.structured_replies import laid_out
from evoheur.generation.thought import opens_answer, thought_of
from evoheur.request import Failure

__all__ = ["MAX_REPLY", "FunctionSignature", "ParsedReply", "Reason", "check_code", "parse_reply", "signatures_of"]

MAX_REPLY = 100_000
"""Longest reply that is looked into, in characters, thinking aloud not counted."""


@dataclass(frozen=True, slots=True)
class ParsedReply:
    """What a reply holds.

    Attributes:
        thought: The idea in a sentence, one line; may be empty.
        code: Python source that compiles and defines the wanted functions at top level.
    """

    thought: str
    code: str


def parse_reply(
    text: str, signatures: Sequence[FunctionSignature], *, truncated: bool = False, marks: Sequence[tuple[str, ...]] = ()
) -> ParsedReply | Failure:
    """Find thought and code in a reply.

    Args:
        text: The reply, any text whatever.
        signatures: The functions that the code must define, at least one.
        truncated: Whether the model was cut at its token limit.
        marks: What opens and closes reasoning, beyond the marks of known models.

    Returns:
        The finding, or a failure of stage "parsing" with a `Reason`; never raises because of the text.
    """
    plain = normalised(text)
    if len(plain) <= MAX_REPLY:  # a reply that is nothing but code is taken as it stands, whatever its strings look like
        whole = [Region(0, plain.count("\n") + 1, plain, 0)]
        found = _read(plain, [], whole, signatures, truncated=truncated)
        if found is not None:
            return found
    answered = has_ended_reasoning(plain, marks)
    plain = without_template_marks(without_reasoning(plain, marks))
    if not plain.strip():
        return _nothing_said(text, truncated=truncated)
    if len(plain) > MAX_REPLY:
        return refusal(Reason.TOO_LONG, f"the reply has {len(plain)} characters, more than the {MAX_REPLY} that are looked into")
    for layout in _layouts(plain):
        for code in dict.fromkeys((layout, in_plain_characters(layout))):
            found = _searched(layout, code, signatures, truncated=truncated, answered=answered)
            if found is not None:
                return found
    lines = plain.split("\n")
    fences = list(fenced_blocks(lines))
    return explained(plain, fences, _inside(fences) or list(code_regions(lines)), signatures, truncated=truncated)


def _layouts(text: str) -> Iterator[str]:
    """The ways to look at a reply, each only where the ones before show nothing.

    An answer that is one JSON object, then the reply as it is, then JSON anywhere in it.
    """
    blocks = [block.code for block in fenced_blocks(text.split("\n"))]
    structured = [laid for block in (text, *reversed(blocks)) if block.lstrip()[:1] in {"{", "["} and (laid := laid_out(block))]
    yield from structured[:1]
    yield text
    if not structured and (laid := laid_out(text)):
        yield laid


def _searched(
    text: str, code: str, signatures: Sequence[FunctionSignature], *, truncated: bool, answered: bool
) -> ParsedReply | Failure | None:
    """What a reply holds, its fences first.

    Args:
        text: As the thought is taken from it.
        code: The same text, line by line, as code is looked for in it.
        signatures: The wanted functions.
        truncated: Whether the model was cut.
        answered: Whether all of it is the answer, since the reasoning before it is known to have ended.
    """
    lines = code.split("\n")
    fences = list(fenced_blocks(lines))
    for stretches in (
        _inside,
        lambda _: list(code_regions(lines)),
    ):  # plain text is looked into only where the fences hold nothing
        found = _read(text, fences, stretches(fences), signatures, truncated=truncated, answered=answered)
        if found is not None:
            return found
    return None


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
    text: str,
    fences: Sequence[Region],
    regions: Sequence[Region],
    signatures: Sequence[FunctionSignature],
    *,
    truncated: bool,
    answered: bool = True,
) -> ParsedReply | Failure | None:
    """The thought and code that the regions hold.

    A failure if the functions are there but cut, None if they are not there.
    """
    assembly = assemble(regions, signatures)
    if assembly is None or check_code(assembly.code, signatures) is not None:
        return None
    first = assembly.owners[0]
    before, after = _prose(text, first.region, [*fences, *regions])
    if truncated and (_is_cut(text, assembly) or (after.strip() and not answered and not opens_answer(before))):
        return cut(signatures)
    thought = thought_of(before, first.region.code, after, first.part.node)
    return ParsedReply(thought=thought, code=with_annotations_unread(assembly.code))


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
    if names_beyond_annotations(assembly.code) & set(assembly.missing):
        return True
    lines = text.split("\n")
    for owner in assembly.owners:
        closed = lines[owner.region.stop - 1].strip().endswith(("```", "~~~"))
        rest = [line.strip() for line in lines[owner.region.stop :]]
        at_end = owner.last and not closed and all(not line or line.startswith("#") for line in rest)
        last = _last_statement(owner.part.node)
        if at_end and isinstance(last, ast.FunctionDef) and not _returns(last.body):
            return True
    return False


def _last_statement(node: ast.stmt) -> ast.stmt:
    """The last statement of a compound one that is no function, such as the definition in an `if`."""
    while not isinstance(node, ast.FunctionDef):
        inner = [block for name in ("body", "orelse", "handlers", "finalbody") if (block := getattr(node, name, None))]
        if not inner or not isinstance(inner[-1], list):
            break
        last = inner[-1][-1]
        node = last.body[-1] if isinstance(last, ast.ExceptHandler) else last
    return node


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
        return refusal(Reason.EMPTY, "the reply is empty")
    if truncated:
        return refusal(
            Reason.TRUNCATED,
            "the reply was cut at the token limit while the model was still thinking; raise generator.max_tokens",
        )
    return refusal(Reason.EMPTY, "the reply holds thinking aloud and no answer")

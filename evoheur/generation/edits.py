"""Replies that change a heuristic in place, by blocks of lines to search for and to put in their place.

    <<<<<<< SEARCH
        return -(bins - item)
    =======
        return -(bins - item) ** 2
    >>>>>>> REPLACE

Of a long heuristic this says the same as the whole code in a fraction of the tokens. Lines are searched for to the letter, then without
blanks at their ends, then with another indentation; they must be found in one place. A reply that holds whole code instead is read as such.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evoheur.code.signature import FunctionSignature
from evoheur.generation.parsing import ParsedReply, parse_reply
from evoheur.generation.reasoning import without_reasoning, without_template_marks
from evoheur.generation.refusals import Reason, refusal
from evoheur.generation.spelling import normalised
from evoheur.generation.thought import thought_of
from evoheur.request import Failure

__all__ = ["EditBlock", "edit_blocks", "edited", "parse_edits"]

_SEARCH = re.compile(r"[ \t]*<{5,9} ?SEARCH[ \t]*")
_DIVIDER = re.compile(r"[ \t]*={5,9}[ \t]*")
_REPLACE = re.compile(r"[ \t]*>{5,9} ?REPLACE[ \t]*")
_SHOWN = 60  # characters of a line that a refusal quotes
_FENCE = re.compile(r"[ \t]*(?:```|~~~).*")


@dataclass(frozen=True, slots=True)
class EditBlock:
    """Lines to search for, and those to put in their place.

    Attributes:
        search: At least one line.
        replace: Any number of lines; none takes the others out.
        closed: Whether the block came to its end.
    """

    search: tuple[str, ...]
    replace: tuple[str, ...]
    closed: bool = True

    @property
    def text(self) -> str:
        """The block as a reply holds it."""
        return "\n".join(["<<<<<<< SEARCH", *self.search, "=======", *self.replace, ">>>>>>> REPLACE"])


def parse_edits(
    text: str,
    code: str,
    signatures: Sequence[FunctionSignature],
    *,
    truncated: bool = False,
    marks: Sequence[tuple[str, ...]] = (),
) -> ParsedReply | Failure:
    """Find thought and code in a reply that may change a heuristic in place.

    Args:
        text: The reply, any text whatever.
        code: The heuristic to be changed.
        signatures: The functions that the code must define.
        truncated: Whether the model was cut at its token limit.
        marks: What opens and closes reasoning, beyond the marks of known models.

    Returns:
        As `parse_reply`, which reads replies without blocks; a failure says which block does not fit, and why.
    """
    plain = without_template_marks(without_reasoning(normalised(text), marks))
    blocks = list(edit_blocks(plain))
    if not blocks:
        return parse_reply(text, signatures, truncated=truncated, marks=marks)
    if truncated and not blocks[-1].closed:
        return refusal(
            Reason.TRUNCATED, f"the reply was cut at the token limit within change {len(blocks)}; raise generator.max_tokens"
        )
    changed = edited(code, blocks)
    if isinstance(changed, Failure):
        return changed
    parsed = parse_reply(f"```python\n{changed}\n```", signatures)
    return parsed if isinstance(parsed, Failure) else ParsedReply(thought=_thought(plain), code=parsed.code)


def edit_blocks(text: str) -> Iterator[EditBlock]:
    """The blocks of a reply in their order; one that never ends reaches to the end of the text."""
    search: list[str] | None = None
    replace: list[str] | None = None
    for line in text.split("\n"):
        if search is None:
            if _SEARCH.fullmatch(line):
                search = []
        elif _REPLACE.fullmatch(line):
            yield EditBlock(tuple(search), tuple(replace or ()), closed=replace is not None)
            search = replace = None
        elif replace is None and _DIVIDER.fullmatch(line):
            replace = []
        else:
            (search if replace is None else replace).append(line)
    if search is not None:
        yield EditBlock(tuple(search), tuple(replace or ()), closed=False)


def edited(code: str, blocks: Sequence[EditBlock]) -> str | Failure:
    """Code with blocks applied, one after the other.

    Args:
        code: Source, line by line.
        blocks: Each is searched for in what those before it left.

    Returns:
        The changed code; or why a block cannot be applied.
    """
    lines = code.split("\n")
    for number, block in enumerate(blocks, 1):
        if not block.closed:
            return refusal(Reason.NO_MATCH, f"change {number} has no end: it needs a line ======= and a line >>>>>>> REPLACE")
        search = _without_blank_ends(block.search)
        if not search:
            return refusal(Reason.NO_MATCH, f"change {number} searches for nothing; it must begin with lines of the heuristic")
        places = list(_places(lines, search))
        if len(places) != 1:
            found = "the heuristic does not have them" if not places else f"they stand in {len(places)} places"
            quoted = search[0].strip()[:_SHOWN]
            return refusal(Reason.NO_MATCH, f"change {number} searches for {len(search)} lines from {quoted!r} on, and {found}")
        [place] = places
        shift = _indentation(lines[place]) - _indentation(search[0])
        replace = [_shifted(line, shift) for line in _without_blank_ends(block.replace)]
        lines[place : place + len(search)] = replace
    return "\n".join(lines)


def _places(lines: Sequence[str], search: Sequence[str]) -> Iterator[int]:
    """Where lines stand, by the first way of comparing that finds them anywhere."""
    for alike in (_to_the_letter, _without_end_blanks, _outdented):
        wanted = alike(search)
        places = range(len(lines) - len(search) + 1)
        found = [place for place in places if alike(lines[place : place + len(search)]) == wanted]
        if found:
            yield from found
            return


def _to_the_letter(lines: Sequence[str]) -> list[str]:
    return list(lines)


def _without_end_blanks(lines: Sequence[str]) -> list[str]:
    return [line.rstrip() for line in lines]


def _outdented(lines: Sequence[str]) -> list[str]:
    least = min((_indentation(line) for line in lines if line.strip()), default=0)
    return [line[least:].rstrip() if line.strip() else "" for line in lines]


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _shifted(line: str, by: int) -> str:
    if by >= 0:
        return " " * by + line if line.strip() else line
    return line[min(-by, _indentation(line)) :]


def _without_blank_ends(lines: Sequence[str]) -> list[str]:
    kept = list(lines)
    while kept and (not kept[0].strip() or _FENCE.fullmatch(kept[0])):
        kept.pop(0)
    while kept and (not kept[-1].strip() or _FENCE.fullmatch(kept[-1])):
        kept.pop()
    return kept


def _thought(text: str) -> str:
    """The idea that stands before the first block, as prose or as a comment."""
    before: list[str] = []
    for line in text.split("\n"):
        if _SEARCH.fullmatch(line):
            break
        if not _FENCE.fullmatch(line):
            before.append(line)
    comment = [line.strip().lstrip("#").strip() for line in before]
    return thought_of("\n".join(comment), "", "", None)

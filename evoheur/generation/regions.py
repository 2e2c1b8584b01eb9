"""Regions of a reply that hold code.

Fenced blocks, and stretches of plain text that parse as Python.
"""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evoheur.code.program import Program, examine

__all__ = ["Region", "code_regions", "fenced_blocks"]

_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})(.*)")
_LANGUAGE = re.compile(r"[ \t]*(?:python[23]?|py[23]?|numpy)\b[ \t]*", re.IGNORECASE)
_STARTS_CODE = re.compile(
    r"([ \t]*)(?:@\w|def\s|async\s+def\s|class\s|import\s+\w|from\s+[\w.]+\s+import\s|[A-Za-z_]\w*\s*(?::[^=]*)?=[^=])"
)
_PARSED_CHARACTERS = 500_000
"""How much text one reply may make us parse: hostile text could otherwise ask for work that grows with the square of its length."""


@dataclass(frozen=True, slots=True)
class Region:
    """Lines of a reply, and the code in them.

    From `start` to `stop` (not included); the code has no indentation and no fences.

    Attributes:
        start: First line, counted from 0, the fence included.
        stop: The line after the last one.
        code: The text between the fences.
        first: Number of the reply's line that `code` begins with.
    """

    start: int
    stop: int
    code: str
    first: int


def fenced_blocks(lines: Sequence[str]) -> Iterator[Region]:
    """The fenced blocks in their order.

    One that is never closed reaches to the next fence with a language or to the end.
    """
    number = 0
    while number < len(lines):
        opening = _FENCE.fullmatch(lines[number])
        if opening is None:
            number += 1
            continue
        beside = _code_beside_fence(opening[2])
        first = number if beside else number + 1
        body = [beside] if beside else []
        stop = number + 1
        while stop < len(lines):
            content, closes, opens = _block_line(lines[stop], opening[1])
            if opens:
                break
            if content is not None:
                body.append(content)
            stop += 1
            if closes:
                break
        yield Region(number, stop, textwrap.dedent("\n".join(body)), first)
        number = stop


def _code_beside_fence(info: str) -> str:
    # "```python import numpy as np": the language is no code, what follows it is.
    language = _LANGUAGE.match(info)
    rest = info[language.end() :] if language else info.strip()
    return rest if _STARTS_CODE.match(rest) else ""


def _block_line(line: str, marker: str) -> tuple[str | None, bool, bool]:
    """What a line inside a block is.

    Its content (None if it is only a fence), whether it closes the block, whether it opens another.
    """
    fence = _FENCE.fullmatch(line)
    if fence is not None and fence[1].startswith(marker):
        opens = bool(fence[2].strip())
        return None, not opens, opens
    stripped = line.rstrip()
    if stripped.endswith(marker) and marker not in stripped[: -len(marker)]:  # the closing fence glued to the last line of code
        return stripped[: -len(marker)], True, False
    return line, False, False


def code_regions(lines: Sequence[str], offset: int = 0) -> Iterator[Region]:
    """The longest stretches that parse.

    Each begins with an import, a definition or an assignment. A stretch ends before the top-level statement that does not parse, so a
    function is either whole or left out.

    Args:
        lines: Any text.
        offset: Added to the line numbers of the regions.
    """
    budget = _PARSED_CHARACTERS
    number = 0
    while number < len(lines) and budget > 0:
        start = _STARTS_CODE.match(lines[number])
        if start is None:
            number += 1
            continue
        piece = _piece(lines, number, start[1])
        length, parsed = _longest_parsable(piece, budget)
        budget -= parsed
        if length:
            code = "\n".join(piece[:length])
            yield Region(number + offset, number + length + offset, code, number + offset)
            number += length
        else:
            number = _after_statement(lines, number, len(start[1]))


def _piece(lines: Sequence[str], first: int, indent: str) -> list[str]:
    # As far as the text keeps the first line's indentation.
    piece: list[str] = []
    for line in lines[first:]:
        if line.strip() and not line.startswith(indent):
            break
        piece.append(line[len(indent) :])
    return piece


def _after_statement(lines: Sequence[str], number: int, indent: int) -> int:
    # The lines of a broken function are not looked into: an inner function is not the one that was asked for.
    number += 1
    while number < len(lines) and (not lines[number].strip() or len(lines[number]) - len(lines[number].lstrip()) > indent):
        number += 1
    return number


def _longest_parsable(piece: Sequence[str], budget: int) -> tuple[int, int]:
    """How many lines from the first one on parse.

    0 if none do; and how many characters were parsed to find out.
    """
    stop, parsed = len(piece), 0
    while stop > 0 and parsed < budget:
        text = "\n".join(piece[:stop])
        parsed += len(text) + 1
        program = examine(text)
        if isinstance(program, Program):
            return _last_line(program), parsed
        stop = _cut_before(piece, min(program.line, stop))
    return 0, parsed


def _cut_before(piece: Sequence[str], line: int) -> int:
    # The first line of the top-level statement that holds this line; a comment begins no statement.
    for number in range(line - 1, 0, -1):
        if piece[number].strip() and not piece[number][0].isspace() and not piece[number].startswith("#"):
            return number
    return 0


def _last_line(program: Program) -> int:
    return max((node.end_lineno or 0 for node in program.tree.body), default=0)

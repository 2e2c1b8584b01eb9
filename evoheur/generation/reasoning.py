"""Thinking aloud, and the marks of chat templates, in replies.

Reasoning models mark what they think aloud, each family in its own way; a server that does not know the marks passes them on. What stands
between them is no answer.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field

__all__ = ["REASONING_MARKS", "ReasoningMarks", "has_ended_reasoning", "without_reasoning", "without_template_marks"]


def _distinct(marks: tuple[str, ...]) -> tuple[str, ...]:
    opening, closing = marks
    if not opening.strip() or not closing.strip() or opening.lower() == closing.lower():
        raise ValueError("a pair of marks is what opens and what closes the reasoning, two different texts")
    return marks


ReasoningMarks: TypeAlias = Annotated[tuple[str, ...], Field(min_length=2, max_length=2), AfterValidator(_distinct)]
"""What opens and what closes reasoning; capitals do not matter."""

REASONING_MARKS: tuple[tuple[str, ...], ...] = (
    *(
        (f"<{word}>", f"</{word}>")
        for word in ("think", "thinking", "thought", "reasoning", "seed:think", "scratchpad", "reflection")
    ),
    *((f"[{word}]", f"[/{word}]") for word in ("THINK", "THINKING", "REASONING")),
    ("◁think▷", "◁/think▷"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<|channel|>analysis<|message|>", "<|channel|>final<|message|>"),
)
"""The marks of known models; a configuration may add others."""

_TEMPLATE_MARKS = re.compile(
    r"<[|｜][^<>|｜\n]{1,40}[|｜]>|<(?:start|end)_of_turn>|<<?/?SYS>>?|\[/?INST\]|\[/?(?:SYSTEM_PROMPT|AVAILABLE_TOOLS)\]"
    r"|</?s>|<(?:eos|bos|pad|unk|EOT|eot|eom|end)>|<\|?end_?of_?text\|?>|</?(?:code|python|answer|solution|response|output)>",
)


def without_reasoning(text: str, marks: Sequence[tuple[str, ...]] = ()) -> str:
    """Drop what a reasoning model thought aloud.

    Also if the opening or the closing mark is missing.

    Args:
        text: A reply.
        marks: Pairs beyond `REASONING_MARKS`.
    """
    pattern, closing = _pattern(tuple(marks))
    kept: list[str] = []
    position, inside = 0, False
    for mark in pattern.finditer(text):
        closes = mark[0].lower() in closing
        if closes and not inside:
            kept.clear()  # the server's chat template swallowed the opening mark
        elif not inside:
            kept.append(text[position : mark.start()])
        inside = not closes
        position = mark.end()
    if not inside:
        kept.append(text[position:])
    return "".join(kept)


def has_ended_reasoning(text: str, marks: Sequence[tuple[str, ...]] = ()) -> bool:
    """Whether thinking aloud is marked, and over where the text ends.

    Args:
        text: A reply.
        marks: Pairs beyond `REASONING_MARKS`.
    """
    pattern, closing = _pattern(tuple(marks))
    last = None
    for last in pattern.finditer(text):  # noqa: B007 - only the last one counts
        continue
    return last is not None and last[0].lower() in closing


def without_template_marks(text: str) -> str:
    """Put a line's end in place of every mark of a chat template.

    Such as `<|eot_id|>`, `</s>` and `[INST]`, which stand glued to the answer where a server does not know the end of a turn.
    """
    if not _TEMPLATE_MARKS.search(text):
        return text
    # Within a comment a new line would be code.
    return "\n".join(_TEMPLATE_MARKS.sub(" " if line.lstrip().startswith("#") else "\n", line) for line in text.split("\n"))


@lru_cache(maxsize=8)
def _pattern(marks: tuple[tuple[str, ...], ...]) -> tuple[re.Pattern[str], frozenset[str]]:
    pairs = (*REASONING_MARKS, *marks)
    longest_first = sorted({mark for pair in pairs for mark in pair}, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)
    return pattern, frozenset(closing.lower() for _, closing in pairs)

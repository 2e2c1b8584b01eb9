"""The thought: a heuristic's idea in a sentence.

As its author put it (EoH's "algorithm description").
"""

import ast
import re
from collections.abc import Sequence

__all__ = ["MAX_THOUGHT", "thought_of"]

MAX_THOUGHT = 500
"""Longest thought, in characters: it goes into later prompts."""

# Braces that a formula or a set literal would not have before them; short contents ({x}, {i, j}) are notation, not a sentence.
_BRACES = re.compile(r"(?<![\w\\^$}])\{([^{}]{8,})\}")
_MAPPING = re.compile(r"""\s*["'][^"']*["']\s*:""")
_MARKUP = re.compile(r"^[ \t#>*+\-]+|[*`_]{2,}|`", re.MULTILINE)
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n|(?<=:)\n")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_FILLER = re.compile(
    r"(?:sure|certainly|of course|absolutely|great|okay|ok|yes|here(?:'s|’s| is| are)|below (?:is|are)|the following|this is the"
    r"|let me|let's|i will|i'll)\b",
    re.IGNORECASE,
)


def thought_of(before: str, code: str, after: str, function: ast.AST | None) -> str:
    """Find the thought in a reply.

    First found wins, and the result may be empty. Looked for, in this order: a sentence in braces before the code, in the comments at its
    head, after it; the first sentence before the code that says something; the first line of the function's docstring.

    Args:
        before: The reply's text before the code.
        code: The code.
        after: The reply's text after the code.
        function: The tree of the wanted function, for its docstring.

    Returns:
        One line of printable text of at most `MAX_THOUGHT` characters.
    """
    docstring = ast.get_docstring(function) if isinstance(function, ast.FunctionDef) else None
    found = (
        _in_braces(before)
        or _in_braces(_head_comment(code))
        or _in_braces(after)
        or _first_sentence(before)
        or (docstring or "").partition("\n")[0]
    )
    return _tidy(found)


def _in_braces(text: str) -> str:
    for match in _BRACES.finditer(text):
        if " " in match[1].strip() and not _MAPPING.match(match[1]):
            return match[1]
    return ""


def _head_comment(code: str) -> str:
    comments: list[str] = []
    for line in code.split("\n"):
        if line.strip() and not line.startswith("#"):
            break
        comments.append(line.lstrip("# "))
    return "\n".join(comments)


def _first_sentence(prose: str) -> str:
    paragraphs = _PARAGRAPH_END.split(_MARKUP.sub("", prose))
    for sentence in _sentences(paragraphs):
        if " " in sentence and not sentence.endswith(":") and not _FILLER.match(sentence):
            return sentence
    return ""


def _sentences(paragraphs: Sequence[str]) -> list[str]:
    return [sentence.strip() for paragraph in paragraphs for sentence in _SENTENCE_END.split(" ".join(paragraph.split()))]


def _tidy(text: str) -> str:
    line = "".join(character for character in " ".join(text.split()) if character.isprintable()).strip().strip("\"'")
    return line if len(line) <= MAX_THOUGHT else line[: MAX_THOUGHT - 1].rstrip() + "…"

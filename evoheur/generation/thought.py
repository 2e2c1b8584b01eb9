"""The thought: a heuristic's idea in a sentence.

As its author put it (EoH's "algorithm description").
"""

import ast
import re
from collections.abc import Sequence

from evoheur.generation.reasoning import without_template_marks

__all__ = ["MAX_THOUGHT", "opens_answer", "thought_of"]

MAX_THOUGHT = 500
"""Longest thought, in characters: it goes into later prompts."""

# Braces that a formula or a set literal would not have before them; short contents ({x}, {i, j}) are notation, not a sentence.
_BRACES = re.compile(r"(?<![\w\\^$}])[{｛]([^{}｛｝]{4,})[}｝]")
_SHORTEST = 8  # characters between braces, in scripts with blanks between words
_MAPPING = re.compile(r"""\s*["'][^"']*["']\s*:""")
_MARKUP = re.compile(r"^[ \t#>*+\-]+|[*`_]{2,}|`", re.MULTILINE)
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n|(?<=[:：])\n")
_SENTENCE_END = re.compile(r"(?<=[.!?।۔։።])\s+|(?<=[。！？｡])")
_WITHOUT_BLANKS = re.compile(  # letters of scripts that put no blanks between words: Thai to Khmer, Chinese, Japanese, Yi, Javanese, …
    "[\u0e01-\u0eff\u0f40-\u0fbc\u1000-\u109f\u1780-\u17d3\u1950-\u19df\u1a20-\u1aad\u1b05-\u1b4b\u3005-\u3007\u3041-\u30ff\u3105-\u312f"
    "\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua48c\ua980-\ua9df\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
_FEWEST_LETTERS = 4  # in such a script, of what may be an idea
_ANNOUNCES = (
    r"(?:(?:sure|certainly|of course|absolutely|great|yes|here(?:'s|’s| is| are)|below (?:is|are)|the following|this is the)\b"
    r"|好的|当然|當然|没问题|以下|下面|这是|這是|はい|もちろん|承知)"
)
_FILLER = re.compile(rf"{_ANNOUNCES}|(?:okay|ok|let me|let's|i will|i'll)\b", re.IGNORECASE)
_ANNOUNCEMENT = re.compile(_ANNOUNCES, re.IGNORECASE)
_PLACEHOLDER = re.compile(r"[{｛]\s*(?:\.{2,}|…)\s*[}｝]")  # the place of the thought in the form of the answer, copied
_LEADING_DOTS = re.compile(r"^(?:\.{2,}|…)\s*")
_COPIED_ORDER = re.compile(
    r"(?:(?:tells?|describes?|states?|write|explain)\s+)?(?:your|the|my|an?|one)\s+(?:main\s+)?(?:idea|thought|sentence|description)"
    r"(?:\s+(?:here|in\s+(?:one|a|your own)\s+(?:sentence|words)))?(?:\s+in\s+curly\s+braces)?[.:]?",
    re.IGNORECASE,
)
_DEBRIS = re.compile(
    r"\s*(?:[!%$]\s*[\w/.-].*|(?:pip3?|conda|apt(?:-get)?|uv)\s+install\b.*|#!.*"
    r"|(?:assistant|user|system|model|human|python[23]?|py|code|answer|output|response|final|json)\s*[:：]?)\s*",
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
    before, after = _without_debris(before), _without_debris(after)
    found = (
        _in_braces(before)
        or _in_braces(_without_debris(_head_comment(code)))
        or _in_braces(after)
        or _first_sentence(before)
        or _PLACEHOLDER.sub("", without_template_marks(docstring or "")).strip().partition("\n")[0]
    )
    return _tidy(found)


def opens_answer(before: str) -> bool:
    """Whether code begins the answer, by what stands before it.

    That is nothing but the thought in braces, and words that announce code.

    Args:
        before: The reply's text before the code.
    """
    rest = _MARKUP.sub("", _BRACES.sub("", _without_debris(before)))
    return all(not sentence or _ANNOUNCEMENT.match(sentence) for sentence in _sentences(_PARAGRAPH_END.split(rest)))


def _without_debris(text: str) -> str:
    """Prose without lines that are none: commands of a shell, turns of a chat, the copied form of the answer."""
    plain = _PLACEHOLDER.sub("", without_template_marks(text))
    lines = _BRACES.sub(lambda found: "" if _COPIED_ORDER.fullmatch(found[1].strip()) else found[0], plain).split("\n")
    return "\n".join("" if _DEBRIS.fullmatch(_MARKUP.sub("", line)) else line for line in lines)


def _in_braces(text: str) -> str:
    for match in _BRACES.finditer(text):
        inner = _LEADING_DOTS.sub("", match[1].strip())
        says = (" " in inner and len(match[1]) >= _SHORTEST) or _is_without_blanks(inner)
        if says and not _MAPPING.match(inner):
            return inner
    return ""


def _is_without_blanks(text: str) -> bool:
    return len(_WITHOUT_BLANKS.findall(text)) >= _FEWEST_LETTERS


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
        says = " " in sentence or _is_without_blanks(sentence)
        if says and not sentence.endswith((":", "：")) and not _FILLER.match(sentence):
            return sentence
    return ""


def _sentences(paragraphs: Sequence[str]) -> list[str]:
    return [sentence.strip() for paragraph in paragraphs for sentence in _SENTENCE_END.split(" ".join(paragraph.split()))]


def _tidy(text: str) -> str:
    line = "".join(character for character in " ".join(text.split()) if character.isprintable()).strip().strip("\"'")
    return line if len(line) <= MAX_THOUGHT else line[: MAX_THOUGHT - 1].rstrip() + "…"

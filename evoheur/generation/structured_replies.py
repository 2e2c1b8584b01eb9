"""Replies that hold their code in JSON, or in a Python dictionary.

Their texts are laid out as a chat reply would be, so that all else is found in them as in any other.
"""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["laid_out"]

_STRING = r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)'
_MEMBERS = re.compile(
    rf"""["']([^"'\\\n]{{1,60}})["']\s*:\s*(?:\"{{3}}(.*?)(?:\"{{3}}|\Z)|'{{3}}(.*?)(?:'{{3}}|\Z)|({_STRING})"""
    rf"""|('(?:[^'\\]|\\.)*+(?:'|\\?\Z))|\[\s*((?:{_STRING}\s*,?\s*)++))""",
    re.DOTALL,
)
_ONE_STRING = re.compile(_STRING, re.DOTALL)
_HOLDS_CODE = re.compile(r"\bdef[ \t]+\w+[ \t]*\(|\blambda\b[^\n:]*:|^[ \t]*(?:import|from)[ \t]+\w", re.MULTILINE)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\n", "b": "", "f": "", '"': '"', "'": "'", "\\": "\\", "/": "/", "\n": ""}
_IDEA = re.compile(
    r"thought|idea|descri|algorithm|explan|rational|reason|summary|approach|concept|strategy|insight", re.IGNORECASE
)
_MARKER = "`" * 12


class _Member(NamedTuple):
    key: str
    text: str
    closed: bool


def laid_out(text: str) -> str | None:
    """A structured reply as prose and fenced blocks, each text of it for itself.

    The idea stands in curly braces, in which a thought is looked for.

    Args:
        text: A reply or a part of it that begins with a brace or a bracket, or has such a part.

    Returns:
        None if no member of an object in it holds code.
    """
    members = list(_members(text))
    if not any(_HOLDS_CODE.search(member.text) for member in members):
        return None
    return "\n\n".join(_paragraph(member) for member in members)


def _paragraph(member: _Member) -> str:
    if "```" in member.text or "~~~" in member.text:
        return member.text
    if _HOLDS_CODE.search(member.text):
        return f"{_MARKER}python\n{member.text}" + (f"\n{_MARKER}" if member.closed else "")
    if _IDEA.search(member.key):
        return "{" + member.text.translate({ord("{"): "(", ord("}"): ")"}) + "}"
    return ""


def _members(text: str) -> Iterator[_Member]:
    for found in _MEMBERS.finditer(text):
        key, three, other_three, string, single, several = found.groups()
        triple = three if three is not None else other_three
        if triple is not None:
            yield _Member(key, triple, found[0].endswith(('"""', "'''")))
        elif several is not None:
            yield _Member(key, "\n".join(_decoded(each) for each in _ONE_STRING.findall(several)), closed=True)
        else:
            written = string or single
            yield _Member(key, _decoded(written), len(written) > 1 and written[-1] == written[0])


def _decoded(written: str) -> str:
    quote = written[0]
    body = written[1:-1] if len(written) > 1 and written[-1] == quote else written[1:]
    try:
        text = str(json.loads(f'"{body}"', strict=False))
    except ValueError:  # escapes that JSON does not have, or quotes of another kind
        text = _ESCAPE.sub(lambda escape: _escaped(escape[1]), body)
    if "\n" not in text and "\\n" in text:  # escaped twice
        text = _ESCAPE.sub(lambda escape: _escaped(escape[1]), text)
    return _paired(text).replace("\r\n", "\n").replace("\r", "\n")


def _paired(text: str) -> str:
    """The text with a character for the two halves of one, as which JSON writes what is beyond U+FFFF."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _escaped(sign: str) -> str:
    if len(sign) == 5:
        return chr(int(sign[1:], 16))
    return _ESCAPED.get(sign, f"\\{sign}")

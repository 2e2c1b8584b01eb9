"""A drafted problem: its files, read off a model's reply."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

__all__ = ["DRAFTED_FILES", "NEEDED_FILES", "Draft", "OpenQuestion", "UnreadableDraft", "open_questions", "read_draft"]

NEEDED_FILES = ("problem.py", "generate.py")
DRAFTED_FILES = (*NEEDED_FILES, "textbook_rules.py")
"""What a model may write; everything else in the folder is evoheur's own."""

_MOST_CHARACTERS = 60_000  # of a file: a problem has some 6,000
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n`]*\n(.*?)^[ \t]*\1[ \t]*$", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"\b(problem|generate|textbook_rules)\.py\b")
_QUESTION = re.compile(r"^\s*#\s*Question:\s*(.+?)\s*$", re.IGNORECASE)


class UnreadableDraft(ValueError):
    """A reply that holds no draft; the message tells the model why."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The files that a model wrote.

    Attributes:
        files: Name → source; each of `NEEDED_FILES` is there.
    """

    files: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """Something that the author must decide, asked in a comment.

    Attributes:
        file: Name of the file.
        line: From 1.
        text: The question.
    """

    file: str
    line: int
    text: str


def open_questions(files: Mapping[str, str]) -> list[OpenQuestion]:
    """The questions in comments that begin with "Question:".

    Args:
        files: Name → source.

    Example:
        >>> [(each.line, each.text) for each in open_questions({"problem.py": "# Question: may x be 0?"})]
        [(1, 'may x be 0?')]
    """
    return [
        OpenQuestion(file=name, line=number, text=found[1])
        for name, source in files.items()
        for number, line in enumerate(source.splitlines(), 1)
        if (found := _QUESTION.match(line))
    ]


def read_draft(reply: str) -> Draft:
    """Find the files of a draft in a reply.

    A file is a fenced block whose first line, or the line before which, names it. Of several with one name the last counts.

    Raises:
        UnreadableDraft: A needed file is missing, or one is too long.
    """
    files = dict(_blocks(reply.replace("\r\n", "\n")))
    missing = [name for name in NEEDED_FILES if name not in files]
    if missing:
        raise UnreadableDraft(
            f"The reply has no fenced block for {' and '.join(missing)}. Give each file whole in a block of its own that begins with "
            "```python and whose first line is a comment with the name, such as # file: problem.py"
        )
    for name, source in files.items():
        if len(source) > _MOST_CHARACTERS:
            raise UnreadableDraft(f"{name} has {len(source)} characters, more than the {_MOST_CHARACTERS} allowed; write less.")
    return Draft({name: files[name] for name in DRAFTED_FILES if name in files})


def _blocks(reply: str) -> Iterator[tuple[str, str]]:
    for block in _FENCE.finditer(reply):
        source = block[2]
        first, _, rest = source.lstrip("\n").partition("\n")
        before = reply[: block.start()].rstrip().rpartition("\n")[2]
        if first.lstrip().startswith("#") and (named := _NAME.search(first)):
            yield f"{named[1]}.py", rest.lstrip("\n").rstrip() + "\n"
        elif named := _NAME.search(before):
            yield f"{named[1]}.py", source.strip("\n").rstrip() + "\n"

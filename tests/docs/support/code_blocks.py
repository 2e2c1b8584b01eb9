"""Reads the code blocks of Markdown pages, with the comments that say what becomes of them."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[3]
PAGES: Mapping[str, Path] = {
    str(path.relative_to(ROOT)): path for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
}
"""Name of every page, README included → its file."""

LANGUAGES = frozenset({"bash", "console", "sh", "json", "python", "text", "yaml", "{toctree}", "{include}"})
COMMANDS = frozenset({"bash", "console", "sh"})
"""The languages whose blocks are commands."""

NEEDS = frozenset({"key", "docker", "postgres", "ray", "minutes", "data", "network"})
"""Why a block of commands may not be run here."""

_FENCE = re.compile(
    r"(?P<comments>(?:^<!--[^\n]*-->\n+)*)^(?P<indent> *)```(?P<language>[^\n]*)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)
_COMMENT = re.compile(r"^<!-- (?P<word>[a-z ]+): (?P<values>.*) -->$", re.MULTILINE)


class Block(NamedTuple):
    """A fenced block.

    Attributes:
        language: What stands after the fence.
        text: What is between the fences.
        needs: Why it is not run; empty if it is.
        given: What has to be in the folder before it is run.
    """

    language: str
    text: str
    needs: tuple[str, ...]
    given: tuple[str, ...]


class Command(NamedTuple):
    """A line to run, or a whole script, and what it should print where the page shows it."""

    script: str
    output: str | None


def blocks(page: str) -> Iterator[Block]:
    """Read a page's blocks in order."""
    for found in _FENCE.finditer(page):
        said = {one["word"]: tuple(re.split(r",\s*", one["values"])) for one in _COMMENT.finditer(found["comments"])}
        yield Block(found["language"], found["text"], said.get("needs", ()), said.get("given", ()))


def followed_by(page: str) -> str:
    """The test of its own that follows a page, or nothing."""
    return next((one["values"] for one in _COMMENT.finditer(page) if one["word"] == "run by"), "")


def comments(page: str) -> list[str]:
    """The words that a page's comments begin with, but for those that mark what a program writes."""
    return [one["word"] for one in _COMMENT.finditer(page) if one["values"] != "written by a program"]


def runnable(block: Block) -> Iterator[Command]:
    """Take a block of commands apart: a block of bash is one script, a console block has its commands after `$`, each with its output."""
    if block.language != "console":
        yield Command(block.text, None)
        return
    for command in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        line, _, output = command.partition("\n")
        yield Command(line, output)


def pattern(output: str) -> str:
    """An output as a regular expression: a line of … stands for any lines, a … in a line for any words, with any padding."""
    lines = []
    for line in output.splitlines():
        words = re.escape(line).replace("…", ".*?")
        lines.append("(?:.*\n)*?" if line == "…" else f"{words}[ ]*\n")
    return "".join(lines)

"""What a model is told to write a draft, and to correct it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import jinja2

from evoheur.drafting.draft_check import DraftFinding
from evoheur.drafting.draft_screen import DRAFT_MODULES
from evoheur.request import Message

__all__ = ["correction_messages", "draft_messages", "drafted_test_file"]

_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=jinja2.StrictUndefined,
    keep_trailing_newline=True,
    autoescape=False,  # noqa: S701 - prompts and Python, no HTML
)


def draft_messages(description: str, *, kind: str, example: Mapping[str, str]) -> tuple[Message, ...]:
    """The first prompt.

    Args:
        description: The author's words.
        kind: Name of the class to write.
        example: Name → source of the files of a problem that works.
    """
    words = {"description": description.strip(), "kind": kind, "example": example, "modules": DRAFT_MODULES}
    return (Message(role="user", content=_ENVIRONMENT.get_template("draft.md.jinja").render(words)),)


def correction_messages(first: Sequence[Message], reply: str, findings: Sequence[DraftFinding]) -> tuple[Message, ...]:
    """The prompt that shows a reply what is wrong with it; earlier replies are left out, since each is whole.

    Args:
        first: The first prompt.
        reply: The latest reply.
        findings: What failed.
    """
    text = _ENVIRONMENT.get_template("correction.md.jinja").render(findings=findings)
    return (*first, Message(role="assistant", content=reply or "(nothing)"), Message(role="user", content=text))


def drafted_test_file(kind: str) -> str:
    """The source of `test_problem.py`, which asks the author for answers that must be refused."""
    return _ENVIRONMENT.get_template("test_problem.py.jinja").render(kind=kind)

"""A short form for writing attacks."""

from collections.abc import Callable, Mapping
from typing import TypedDict, Unpack

from evoheur.sandbox.interface import Limits
from evoheur.testing.red_team.attack import Attack
from evoheur.testing.red_team.lures.lure import Lure
from evoheur.testing.red_team.syscalls import PREAMBLE

__all__ = ["Options", "draft"]


class Options(TypedDict, total=False):
    """Fields of `Attack` that have defaults."""

    lure: Callable[[], Lure]
    word_counts: bool
    limits: Limits
    asks: int
    fresh: bool
    cannot_bite: Mapping[str, str]
    open_at: Mapping[str, str]


def draft(family: str, name: str, tries: str, body: str, **options: Unpack[Options]) -> Attack:
    """An attack whose source has `call` and `libc`.

    Args:
        family: See `Attack`.
        name: See `Attack`.
        tries: See `Attack`.
        body: Source that defines `answer(bait)`, or else the statements in it.
        **options: Further fields.
    """
    source = body if "def answer(" in body else f"def answer(bait):\n    {body}\n"
    return Attack(name=name, family=family, tries=tries, source=PREAMBLE + source, **options)

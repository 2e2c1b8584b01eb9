"""Heuristics that evoheur has discovered, ready to use.

`from evoheur.gallery import NAME` gives a heuristic of the gallery: a function, called as its problem calls it, with `solve`. Those that
ship beat the best textbook rule of their class on their problem's test split; `evoheur gallery list` has their figures. One's own are
added by `evoheur gallery add RUN/17`. Their code runs in this process, without a sandbox.

Example:
    >>> from evoheur import gallery
    >>> all(name.isidentifier() for name in dir(gallery))
    True
"""

from typing import Any

from evoheur.api.gallery_entries import entry_named, gallery_entries
from evoheur.errors import ConfigError
from evoheur.gallery.ready_heuristic import ReadyHeuristic

__all__ = ["ReadyHeuristic", "heuristic"]


def heuristic(name: str) -> ReadyHeuristic:
    """Find a heuristic of the gallery.

    Raises:
        ConfigError: There is none of that name.
    """
    return ReadyHeuristic(entry_named(name))


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    try:
        return heuristic(name)
    except ConfigError as error:
        raise AttributeError(str(error)) from error


def __dir__() -> list[str]:
    return sorted([*__all__, *gallery_entries()])

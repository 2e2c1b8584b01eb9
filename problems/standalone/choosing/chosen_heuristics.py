"""Names that an exported file binds above, as `evoheur select --export` writes them."""

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["HEURISTICS", "PREFIX", "SHARE", "WAY", "choose"]

HEURISTICS: tuple[Callable[..., Any], ...] = ()
WAY = "tree"
SHARE = 0.25
PREFIX = 200


def choose(features: Mapping[str, float]) -> int:
    """Place of the heuristic for an instance with these features, from 0."""
    return 0 if features else -1

"""A solver that was read off a heuristic's source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from evoheur.answer_checks import Json

__all__ = ["SourceSolver"]

_InstanceT = TypeVar("_InstanceT")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSolver(Generic[_InstanceT]):
    """Trusted code that solves instances as a heuristic would, which was not executed.

    Attributes:
        solve: Solves an instance, as `Problem.cost` takes solutions; None for one that only the heuristic itself can solve.
        notes: What the heuristic would note beside each solution.
    """

    solve: Callable[[_InstanceT], Json | None]
    notes: Mapping[str, str] = field(default_factory=dict)

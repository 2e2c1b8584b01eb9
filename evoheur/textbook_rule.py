"""Textbook rules, with what they know of an instance and how much work they do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from evoheur.errors import ConfigError

__all__ = ["Information", "RuleClass", "TextbookRule", "Work"]

Information: TypeAlias = Literal["online", "horizon known", "offline"]
"""What is known at a decision: what has arrived; that, and how much is to come; the whole instance."""

Work: TypeAlias = int | Literal["search"]
"""How much is done for a solution: so many passes over the instance, or a search that tries and changes solutions."""


@dataclass(frozen=True, slots=True)
class RuleClass:
    """What rules are compared within: what they know, and how much work they do.

    >>> str(RuleClass("online", 1)), str(RuleClass("offline", 6)), str(RuleClass("offline", "search"))
    ('online, one pass', 'offline, 6 passes', 'offline, search')

    Attributes:
        information: What is known at a decision.
        work: Passes, at least one, or "search".
    """

    information: Information
    work: Work = 1

    def __str__(self) -> str:
        """Both in words."""
        passes = "one pass" if self.work == 1 else self.work if self.work == "search" else f"{self.work} passes"
        return f"{self.information}, {passes}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextbookRule:
    """A textbook rule that says more than its solver: a value of the mapping that `Problem.textbook_rules` returns.

    Call it like the solver. A plain solver stands for a rule that knows what the problem's own rules know, and makes one pass.

    Attributes:
        solve: Takes an instance and returns a solution, as `Problem.solve` does.
        information: What it knows; None for what the problem's own rules know.
        work: How much it does.
    """

    solve: Callable[[Any], Any]
    information: Information | None = None
    work: Work = 1

    def __post_init__(self) -> None:
        """Check the number of passes."""
        if isinstance(self.work, int) and self.work < 1:
            raise ConfigError(f"A textbook rule makes {self.work} passes; say how many, at least 1, or 'search'.")

    def __call__(self, instance: Any) -> Any:
        """Solve an instance."""
        return self.solve(instance)

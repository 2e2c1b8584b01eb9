"""Textbook rules, with what they know of an instance and how much work they do."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from evoheur.errors import ConfigError

__all__ = ["Information", "RuleClass", "RuleClasses", "TextbookRule", "Work"]

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
class RuleClasses:
    """The classes of a problem's rules.

    Attributes:
        own: Of the problem's own heuristic and of all that is discovered; None where nothing is known of classes.
        textbook: Textbook rule → its class.
    """

    own: RuleClass | None = None
    textbook: Mapping[str, RuleClass] = field(default_factory=dict)

    def of(self, rule: str | None) -> RuleClass | None:
        """The class of a textbook rule, or of what is discovered (None).

        Those of which nothing is said are in one class.
        """
        return self.own if rule is None else self.textbook.get(rule, self.own)

    def alike(self, rules: Iterable[str]) -> list[str]:
        """Those of some textbook rules that are in the class of what is discovered."""
        return [rule for rule in rules if self.of(rule) == self.own]

    @property
    def differ(self) -> bool:
        """Whether some textbook rule is in another class than what is discovered."""
        return any(kind != self.own for kind in self.textbook.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class TextbookRule:
    """A textbook rule that says more than its solver: a value of the mapping that `Problem.textbook_rules` returns.

    Call it like the solver. A plain solver stands for a rule of the class of the problem's own heuristic.

    Attributes:
        solve: Takes an instance and returns a solution, as `Problem.solve` does.
        information: What it knows; None for what the problem's own heuristic knows.
        work: How much it does; None for as much as is done with the problem's own heuristic.
    """

    solve: Callable[[Any], Any]
    information: Information | None = None
    work: Work | None = None

    def __post_init__(self) -> None:
        """Check the number of passes."""
        if isinstance(self.work, int) and self.work < 1:
            raise ConfigError(f"A textbook rule makes {self.work} passes; say how many, at least 1, or 'search'.")

    def __call__(self, instance: Any) -> Any:
        """Solve an instance."""
        return self.solve(instance)

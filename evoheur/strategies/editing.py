"""Changes in place of whole code as the form of an answer, around any strategy.

A request of an operator that changes one heuristic asks for blocks of changed lines where that heuristic is long, which saves tokens.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import Field

from evoheur.components import Config
from evoheur.request import Outcome, Request
from evoheur.strategies.strategy import OperatorCard, Strategy
from evoheur.strategies.wrapped_strategy import WrappedStrategy

__all__ = ["EDITS", "Editing", "EditsConfig"]

EDITS = "edits"
"""Text in the context of a request that may be answered by changes of its parent."""


class EditsConfig(Config):
    """When operators that change one heuristic ask for its changed lines only."""

    from_lines: int = Field(default=40, ge=1)
    """From how many lines of that heuristic on; of shorter ones, the whole code costs hardly more."""


class Editing(WrappedStrategy):
    """A strategy whose changes of long heuristics are asked for in place.

    Args:
        strategy: Breeds.
        cards: Operator → its card; those with `edits` may be answered so.
        from_lines: Lines of a heuristic from which on it is done.
    """

    def __init__(self, strategy: Strategy, cards: Mapping[str, OperatorCard], from_lines: int) -> None:
        super().__init__(strategy)
        self._cards = cards
        self._from_lines = from_lines

    def ask(self) -> Request | None:
        """What the strategy asks for, by changes where that is worth it."""
        request = self._strategy.ask()
        if request is None or not self._is_worth_it(request):
            return request
        return replace(request, context={**request.context, EDITS: "blocks"})

    def _is_worth_it(self, request: Request) -> bool:
        card = self._cards.get(request.operator)
        return (
            card is not None
            and card.edits
            and len(request.parents) == 1
            and len(request.parents[0].code.strip().split("\n")) >= self._from_lines
        )

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Hand an outcome on, with the request as the strategy made it."""
        context: dict[str, Any] = {name: text for name, text in request.context.items() if name != EDITS}
        self._strategy.tell(replace(request, context=context) if EDITS in request.context else request, outcome)

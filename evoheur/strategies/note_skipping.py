"""A strategy without notes, for generators that have nothing to say.

A method that reflects on heuristics, or has them described, spends up to half of its calls on notes. Where the generator reads no prose,
notes change nothing, so they are not asked for: the strategy is told at once that a note is empty, and goes on as after a reply without
text. All else stays the method's own: its schedule, its draws, its parents.
"""

from evoheur.request import Note, Request
from evoheur.strategies.portfolio import Portfolio
from evoheur.strategies.strategy import Strategy, StrategyConfig
from evoheur.strategies.wrapped_strategy import WrappedStrategy

__all__ = ["NoteSkipping", "note_operators", "without_notes"]

_MOST_IN_A_ROW = 10_000  # more notes without a heuristic is a method that asks for nothing else


class NoteSkipping(WrappedStrategy):
    """A strategy whose notes are empty, at no cost.

    Args:
        strategy: Breeds. One that is asked for a note may not wait right after it, or the note would come at another time when the run is
            replayed; those that ship with evoheur do not.
    """

    def ask(self) -> Request | None:
        """The next heuristic that the strategy asks for.

        None where it waits, or asks for notes alone.
        """
        for _ in range(_MOST_IN_A_ROW):
            request = self._strategy.ask()
            if request is None or request.produces != "note" or not request.kind.asks_model:
                return request
            self._strategy.tell(request, Note(text=""))
        return None


def without_notes(strategy: Strategy) -> Strategy:
    """The strategy without notes; of a portfolio every member, so that a note that nobody asks for is no play."""
    if isinstance(strategy, Portfolio):
        strategy.wrap_members(without_notes)
        return strategy
    return NoteSkipping(strategy)


def note_operators(config: StrategyConfig) -> tuple[str, ...]:
    """The operators of a strategy that produce notes, in the order of its catalogue."""
    return tuple(operator for operator, card in config.catalogue.items() if card.produces == "note" and card.kind.asks_model)

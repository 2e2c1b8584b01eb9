"""A second try for requests that brought nothing new, around any strategy.

Where a candidate is a copy or a twin of an earlier one, its request is made once more, and the strategy inside hears of what comes then
only, new or not. A try is a request like any other: it costs a call and, if it yields something new, an evaluation.
"""

from collections import deque
from collections.abc import Hashable
from dataclasses import replace

from evoheur.candidate import Candidate
from evoheur.request import Outcome, Request, RequestKind
from evoheur.strategies.strategy import Strategy
from evoheur.strategies.wrapped_strategy import WrappedStrategy

__all__ = ["AskingAgain"]

_AGAIN = "again"  # begins the tags of second tries


class AskingAgain(WrappedStrategy):
    """A strategy whose requests are made again where they bring nothing new.

    Args:
        strategy: Breeds.
    """

    def __init__(self, strategy: Strategy) -> None:
        super().__init__(strategy)
        self._queue: deque[Request] = deque()  # second tries to be asked for
        self._first: dict[Hashable, Request] = {}  # tag of a second try → the request as the strategy made it
        self._tries = 0

    def ask(self) -> Request | None:
        """A second try if one is due, else what the strategy asks for."""
        return self._queue.popleft() if self._queue else self._strategy.ask()

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Try again what brought nothing new for the first time; pass on everything else."""
        first = self._first.pop(request.tag, None) if _is_second(request) else None
        if first is not None:
            self._strategy.tell(first, outcome)
        elif request.kind is RequestKind.MODEL and isinstance(outcome, Candidate) and outcome.duplicate_of is not None:
            self._tries += 1
            tag = (_AGAIN, self._tries)
            self._first[tag] = request
            self._queue.append(replace(request, tag=tag))
        else:
            self._strategy.tell(request, outcome)


def _is_second(request: Request) -> bool:
    return isinstance(request.tag, tuple) and request.tag[:1] == (_AGAIN,)

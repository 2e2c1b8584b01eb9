"""The requests under way, from ask to tell.

A request that a model answers is at the model first, and then in the backlog: its reply is there, and it waits for an evaluator.
"""

import asyncio
from typing import Literal, NamedTuple, TypeAlias

from evoheur.request import Outcome
from evoheur.run.course import Course
from evoheur.run.step import Step

__all__ = ["Flight", "Flights", "TellOrder"]

TellOrder: TypeAlias = Literal["arrival", "asked"]


class Flight(NamedTuple):
    """A request under way."""

    task: asyncio.Task[Outcome]
    step: Step


class Flights:
    """Counts requests by where they are, and says whether there is room for another.

    Args:
        in_flight: Calls at the model, at most.
        backlog: So many replies more may wait for their evaluation.
        tell_order: As in `Loop`.
        course: As in `Loop`.
    """

    def __init__(self, *, in_flight: int, backlog: int, tell_order: TellOrder, course: Course | None) -> None:
        self._course = course
        self._in_flight = in_flight
        self._most = in_flight + backlog
        self._tell_order = tell_order
        self._flying: dict[int, Flight] = {}  # by the request's number, ascending
        self._landed: set[int] = set()  # numbers of those whose answer is there, until they are told
        self._unanswered: set[int] = set()  # of those that wait for a reply
        self._calls = 0  # those that a model answers; what tunes constants keeps no call from being made

    def __len__(self) -> int:
        return len(self._flying)

    @property
    def calls(self) -> int:
        """The calls at the model."""
        return min(len(self._unanswered), self._in_flight)

    @property
    def have_room(self) -> bool:
        """Whether another request may be asked.

        In the order "asked" that depends on tells alone: when a reply comes is a matter of luck, and the next request must not be.
        """
        if self._course is not None and self._course.leads:
            return self._course.asks_next
        if self._calls >= self._most:
            return False
        return self._tell_order == "asked" or len(self._unanswered) < self._in_flight

    @property
    def wait_for_first(self) -> bool:
        """Whether nothing can be told before a reply comes.

        That is so where the next outcome in the order of asking is at the model.
        """
        return self._tell_order == "asked" and next(iter(self._flying), None) in self._unanswered

    @property
    def tasks(self) -> list[asyncio.Task[Outcome]]:
        """What works on the answers, in the order of asking."""
        return [flight.task for flight in self._flying.values()]

    def start(self, task: asyncio.Task[Outcome], step: Step) -> None:
        """Take a request in."""
        number = step.asked.number
        self._flying[number] = Flight(task, step)
        if step.request.kind.asks_model:
            self._calls += 1
            if step.completion is None:
                self._unanswered.add(number)

    def replied(self, number: int) -> None:
        """Take note that the call of a request is over; harmless when repeated."""
        self._unanswered.discard(number)

    def land(self, number: int) -> bool:
        """Take note that the answer of a request is there.

        False if it was told already, or the loop has ended.
        """
        if number not in self._flying:
            return False
        self._unanswered.discard(number)
        self._landed.add(number)
        return True

    def land_all_done(self) -> None:
        """Take note of all answers that are there."""
        for number, flight in self._flying.items():
            if flight.task.done():
                self.land(number)

    def tellable(self) -> list[int]:
        """The numbers of the requests that can be told now, in order.

        In the order "asked" it is one outcome at a time: how many are there by now is a matter of luck, and the next request must not be.
        """
        if self._course is not None and self._course.leads:
            return self._course.tellable(self._landed)
        if self._tell_order == "arrival":
            return sorted(self._landed)
        return [number for number in list(self._flying)[:1] if number in self._landed]

    def pop(self, number: int) -> Flight:
        """Let go of a request that is told now."""
        flight = self._flying.pop(number)
        self._landed.discard(number)
        self._calls -= flight.step.request.kind.asks_model
        return flight

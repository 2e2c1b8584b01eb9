"""What a run of a reflective method looks like from outside, for tests that check it against the published sequence."""

import math
from collections.abc import Sequence

from evoheur.candidate import Candidate
from evoheur.request import Failure, Note, Outcome, Request
from evoheur.testing.strategy_runs import Ask, StrategyRun, Tell, made_up_candidate

__all__ = ["Story", "operators", "unsettled", "worth"]


def worth(candidate: Candidate) -> float:
    """Its objective, a failure's as infinity."""
    return math.inf if candidate.objective is None else candidate.objective


def operators(requests: Sequence[Request]) -> list[str]:
    """Their operators, in order."""
    return [request.operator for request in requests]


def unsettled(number: int, request: Request, identity: int) -> Outcome:
    """Notes tell their number; every 6th candidate and every 11th reply fail; the objectives of the rest are 2.0..12.0 in no order."""
    if request.produces == "note":
        return Note(text=f" note {number}\n")
    if number % 11 == 5:
        return Failure(stage="parsing", reason="no-code", detail="made up")
    return made_up_candidate(identity, None if number % 6 == 3 else 2.0 + number * 37 % 101 / 10, request)


class Story:
    """A run's requests and outcomes by number, counted from 1, and what was the best when."""

    def __init__(self, run: StrategyRun) -> None:
        self.requests = {event.number: event.request for event in run.log if isinstance(event, Ask)}
        self.outcomes = {event.number: event.outcome for event in run.log if isinstance(event, Tell)}
        self.baseline = made_up_candidate(0, 4.5)

    def note(self, number: int) -> str:
        """The text that a request was answered with."""
        outcome = self.outcomes[number]
        assert isinstance(outcome, Note)
        return outcome.text.strip()

    def born(self, first: int, stop: int) -> list[Candidate]:
        """The candidates that worked, of the requests from `first` to before `stop`."""
        outcomes = [self.outcomes[number] for number in range(first, stop)]
        return [outcome for outcome in outcomes if isinstance(outcome, Candidate) and outcome.objective is not None]

    def best(self, stop: int) -> Candidate:
        """The first of the best of all candidates before a request, the baseline included."""
        return min([self.baseline, *self.born(1, stop)], key=lambda candidate: (worth(candidate), candidate.id))

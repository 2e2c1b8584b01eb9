"""What the generator hears of a run: which outcome each of its replies led to, in a session and on replay alike."""

from evoheur.archive.records import Asked
from evoheur.generation.generator import Generator
from evoheur.request import Completion, Outcome, Request

__all__ = ["GeneratorLearning"]


class GeneratorLearning:
    """Hands outcomes to the generator in the order of telling, each with the reply as it is stored.

    On replay it is fed the log, so that a generator which learns knows afterwards what it knew when the run stopped.

    Args:
        generator: Learns.
    """

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._replies: dict[int, Completion] = {}  # id of the request → its reply, until the outcome is told

    def replied(self, asked: Asked) -> None:
        """Take note of a stored reply; a request without one is passed over."""
        if asked.completion is not None:
            self._replies[asked.id] = asked.completion

    def told(self, asked: Asked, request: Request, outcome: Outcome) -> None:
        """Let the generator learn what became of a request, after the strategy was told; constants are tuned without it."""
        completion = self._replies.pop(asked.id, None)
        if request.produces != "tuning":
            self._generator.learn(request, outcome, completion)

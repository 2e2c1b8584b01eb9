"""Telling the generator what became of its replies.

In a session and on replay alike.
"""

from evoheur.generation.generator import Generator
from evoheur.run.step import Step, StepListener

__all__ = ["GeneratorLearning"]


class GeneratorLearning(StepListener):
    """Hands outcomes to the generator, in order of telling.

    Each comes with the reply as it is stored. On replay it is fed the log, so that a generator which learns knows afterwards what it
    knew when the run stopped.

    Args:
        generator: Learns.
    """

    hears_log = True

    def __init__(self, generator: Generator) -> None:
        self._generator = generator

    def told(self, step: Step) -> None:
        """Tell the generator the outcome of its reply.

        See `StepListener`. What is tuned without the generator is not told to it.
        """
        if step.request.kind.asks_model:
            self._generator.learn(step.request, step.outcome, step.asked.completion)

"""A generator that writes search policies from a list, and heuristics that follow from the seed."""

import random
from collections.abc import Sequence
from typing import Literal

from evoheur.generation.generator import Generator, GeneratorConfig, GeneratorContext
from evoheur.request import Completion, Message, Request, Usage
from tests.evoheur.run.support.fakes import RULE

__all__ = ["KIND", "PolicyWriterConfig"]

KIND = "tests.evoheur.run.support.policy_writer:PolicyWriterConfig"


class PolicyWriterConfig(GeneratorConfig):
    """Named in configurations as anyone's own generator is."""

    kind: Literal["tests.evoheur.run.support.policy_writer:PolicyWriterConfig"] = (
        "tests.evoheur.run.support.policy_writer:PolicyWriterConfig"
    )
    policies: tuple[str, ...]
    """Bodies of policies; one is drawn by the seed of its request."""

    def build(self, context: GeneratorContext) -> Generator:
        return PolicyWriter(self.policies)


class PolicyWriter(Generator):
    """Its reply follows from request and seed."""

    def __init__(self, policies: Sequence[str]) -> None:
        self._policies = policies

    @property
    def online(self) -> bool:
        return False

    async def complete(self, messages: Sequence[Message], request: Request, *, seed: int) -> Completion:
        rng = random.Random(seed)
        usage = Usage(prompt_tokens=100, completion_tokens=20)
        if request.operator.endswith("write_policy"):
            code = f"def choose(programs, progress, rng):\n    {rng.choice(self._policies)}\n"
            return Completion(text=f"Another one.\n\n```python\n{code}```", model="writer", usage=usage)
        if request.produces == "note":
            return Completion(text="Refine: the weight.\nDiverge: another quantity.", model="writer", usage=usage)
        return Completion(text=RULE.format(weight=round(rng.uniform(0, 10), 3)), model="writer", usage=usage)

    async def close(self) -> None:
        """Nothing to close."""

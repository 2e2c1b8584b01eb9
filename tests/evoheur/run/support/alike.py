"""A generator whose replies often do what an earlier one does, in other words."""

import random
from collections.abc import Sequence
from typing import Literal

from evoheur.generation.generator import Generator, GeneratorConfig, GeneratorContext
from evoheur.request import Completion, Message, Request

__all__ = ["KIND", "AlikeConfig"]

KIND = "tests.evoheur.run.support.alike:AlikeConfig"

FORMS = (
    "return -np.abs(loads - {weight} * length)",
    "gap = loads - length * {weight}\n    return -np.abs(gap)",  # of the same reduced form
    "return -np.abs(loads - {weight} * length) + 0 * loads",  # which gives the same numbers
)
RARE = "return -np.abs(loads - {weight} * length) if length < 200 else loads * 1.0"
"""Another heuristic, but only for jobs that are seldom so long."""


class AlikeConfig(GeneratorConfig):
    """Named in configurations as anyone's own generator is."""

    kind: Literal["tests.evoheur.run.support.alike:AlikeConfig"] = "tests.evoheur.run.support.alike:AlikeConfig"
    forms: int = len(FORMS)
    """From so many forms a reply is taken."""
    rare: bool = False
    """Whether `RARE` is among them."""

    def build(self, context: GeneratorContext) -> Generator:
        return Alike([*FORMS[: self.forms], *([RARE] if self.rare else [])])


class Alike(Generator):
    """Its reply follows from the seed alone."""

    def __init__(self, forms: Sequence[str]) -> None:
        self._forms = forms

    @property
    def online(self) -> bool:
        return False

    async def complete(self, messages: Sequence[Message], request: Request, *, seed: int) -> Completion:
        rng = random.Random(seed)
        body = rng.choice(self._forms).format(weight=rng.randrange(1, 7) / 2)
        code = f"import numpy as np\n\ndef choose(length, loads):\n    {body}\n"
        return Completion(text=f"{{Weighs.}}\n```python\n{code}```", model="alike")

    async def close(self) -> None:
        """Nothing to close."""

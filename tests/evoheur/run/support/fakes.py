"""A generator that needs no model: its reply is a function of the seed, so that a run can be predicted."""

import asyncio
import random
from collections.abc import Sequence
from typing import Literal

from evoheur.errors import GenerationError, GeneratorRefused
from evoheur.generation.generator import Generator, GeneratorConfig, GeneratorContext
from evoheur.request import Completion, Message, Request, Usage

RULE = """{{Weighs load against length by {weight}.}}

```python
import numpy as np

def choose(length, loads):
    return -np.abs(loads - {weight} * length)
```
"""


THIRD_MACHINE = """{{Machine 3, as the reply {count} of them all.}}

```python
import numpy as np

def choose(length, loads):
    return (np.arange(len(loads)) == 3) * {count}.5
```
"""


class FakeConfig(GeneratorConfig):
    """Named in configurations as tests.evoheur.run.support.fakes:FakeConfig, the way anyone's own generator is."""

    kind: Literal["tests.evoheur.run.support.fakes:FakeConfig"] = "tests.evoheur.run.support.fakes:FakeConfig"
    refuse_from: int | None = None
    """From this call on, no call can succeed."""
    fail_every: int | None = None
    """Every so many calls one fails for good."""
    repeat: bool = False
    """Always the same reply."""
    seconds: float = 0.0
    """What a call takes."""
    break_every: int | None = None
    """Every so many replies, repairs aside, one holds code that raises."""

    paid: bool = False
    """Whether it says that its replies come from elsewhere."""

    third_machine_every: int | None = None
    """Every so many replies one puts all jobs on machine 3, which tests have the problem stumble over."""

    def build(self, context: GeneratorContext) -> Generator:
        return FakeGenerator(self)


class FakeGenerator(Generator):
    """Counts its calls."""

    def __init__(self, config: FakeConfig) -> None:
        self.config = config
        self.seeds: list[int] = []
        self.closed = False

    @property
    def online(self) -> bool:
        return self.config.paid

    async def complete(self, messages: Sequence[Message], request: Request, *, seed: int) -> Completion:
        self.seeds.append(seed)
        count = len(self.seeds)
        await asyncio.sleep(self.config.seconds)
        if self.config.refuse_from is not None and count >= self.config.refuse_from:
            raise GeneratorRefused("HTTP 401: the key is wrong; set another one.")
        if self.config.fail_every and count % self.config.fail_every == 0:
            raise GenerationError("HTTP 500 three times.", reason="server-error", attempts=3)
        if self.config.break_every and request.operator != "repair" and count % self.config.break_every == 0:
            return Completion(text=RULE.format(weight=f"undefined_{count}"), model="fake", cost_usd=0.01)
        if self.config.third_machine_every and count % self.config.third_machine_every == 0:
            return Completion(text=THIRD_MACHINE.format(count=count), model="fake", cost_usd=0.01)
        weight = 1 if self.config.repeat else round(random.Random(seed).uniform(0, 10), 3)
        return Completion(
            text=RULE.format(weight=weight), model="fake", usage=Usage(prompt_tokens=100, completion_tokens=20), cost_usd=0.01
        )

    async def close(self) -> None:
        self.closed = True

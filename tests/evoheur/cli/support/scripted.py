"""A generator whose replies are known in advance, named in configurations as a user would name one of his own."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from evoheur.errors import GeneratorRefused
from evoheur.generation.generator import Generator, GeneratorConfig, GeneratorContext
from evoheur.request import Completion, Message, Request, Usage

KIND = "tests.evoheur.cli.support.scripted:ScriptedConfig"

THOUGHT = 'Prefer the "free" machine \\ and say """so""".'
"""A thought that breaks a docstring it is pasted into."""

_FEW = """{{Leave machines out.}}
```python
import numpy as np

def choose(length, loads):
    return np.where(np.arange(len(loads)) < MACHINES, -loads * {number}.0, -1e30)
```"""

REPLIES = {
    # Graham's rule times a constant of its own, so that no two of them are the same code but all cost the same.
    "good": "{{{thought}}}\n```python\nimport numpy as np\n\ndef choose(length, loads):\n    return -loads * {number}.0\n```",
    # The same on the first few of the six machines: the fewer, the later the last one finishes.
    "five": _FEW.replace("MACHINES", "5"),
    "four": _FEW.replace("MACHINES", "4"),
    "three": _FEW.replace("MACHINES", "3"),
    # Everything to one machine.
    "worse": "{{One machine.}}\n```python\ndef choose(length, loads):\n    return loads * {number}.0\n```",
    "raises": "{{Divide.}}\n```python\ndef choose(length, loads):\n    return loads / (length - length) if {number} // 0 else loads\n```",
    # No job is as long as the one that it waits for, but in a test that makes one.
    "waits": "{{Wait.}}\n```python\ndef choose(length, loads):\n    while length == 7777: pass\n    return -loads * {number}.0\n```",
    # A space of four: the best is Graham's rule, without which one machine takes all.
    "open": "{{Leave it open.}}\n```python\ndef choose(length, loads):\n"
    "    return choice(loads, -loads) * choice({number}.0, {number}.5)\n```",
    "prose": "I would rather talk about it.",
}

SCRIPT = ("good", "worse", "raises", "prose", "three", "four", "raises", "prose", "five", "worse", "raises")


class ScriptedConfig(GeneratorConfig):
    """Plays a list of kinds of reply over and over."""

    script: tuple[str, ...] = SCRIPT
    """Keys of REPLIES, or "refuse" for an endpoint that wants no more calls."""
    seconds: float = Field(default=0.0, ge=0)
    """Before every reply."""
    gate: str = ""
    """A file without which no reply comes but the first `free` ones, so that a test decides how far a run gets; with a number in it that is
    how many come."""
    free: int = 1
    """Replies that do not wait for the gate."""

    def build(self, context: GeneratorContext) -> Generator:
        return Scripted(self)


class Scripted(Generator):
    """One call after the other; the constant in a reply is the request's seed, so that every request gets its own code."""

    def __init__(self, config: ScriptedConfig) -> None:
        self._config = config
        self._calls = 0

    @property
    def online(self) -> bool:
        return False

    async def complete(self, messages: Sequence[Message], request: Request, *, seed: int) -> Completion:
        word = self._config.script[self._calls % len(self._config.script)]
        self._calls += 1
        gate = self._config.gate if self._calls > self._config.free else ""
        await asyncio.sleep(self._config.seconds)
        while gate and not _lets_pass(Path(gate), self._calls):  # noqa: ASYNC110 - a test makes it
            await asyncio.sleep(0.02)
        if word == "refuse":
            raise GeneratorRefused("HTTP 401: the key is not valid; set another one.")
        text = REPLIES[word].format(thought=THOUGHT, number=1 + seed)
        return Completion(text=text, model="scripted", usage=Usage(prompt_tokens=100, completion_tokens=10), cost_usd=0.001)

    async def close(self) -> None:
        """Nothing to close."""


def open_gate(gate: Path, replies: int | None = None) -> None:
    """Let so many replies of a run pass in all; None for all of them."""
    drafted = gate.with_suffix(".draft")
    drafted.write_text("" if replies is None else str(replies))
    drafted.replace(gate)  # so that nobody reads half of it


def _lets_pass(gate: Path, reply: int) -> bool:
    try:
        replies = gate.read_text()
    except FileNotFoundError:
        return False
    return not replies or reply <= int(replies)

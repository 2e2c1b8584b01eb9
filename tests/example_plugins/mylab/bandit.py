"""A generator that learns: of several members it mostly asks the one whose replies were best so far."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import Field

from evoheur.candidate import Candidate
from evoheur.errors import ConfigError
from evoheur.generation.generator import Generator, GeneratorConfig, GeneratorContext
from evoheur.generation.mutator import MutatorConfig
from evoheur.request import Completion, Message, Outcome, Request

__all__ = ["Bandit", "BanditConfig"]


class BanditConfig(GeneratorConfig):
    """A bandit over offline generators that may write heuristics of different sizes."""

    kind: str = "bandit"
    sizes: tuple[int, ...] = (15, 60)
    """The largest sizes of the members' heuristics; models of different prices would be chosen among in the same way."""
    explore: float = Field(default=0.3, ge=0, le=1)
    """The share of requests that go to a member at random."""

    def build(self, context: GeneratorContext) -> "Bandit":
        """Make the members."""
        if not self.sizes:
            raise ConfigError("The bandit has no members; give it some sizes, such as sizes: [15, 60].")
        members = {f"size-{size}": MutatorConfig(max_nodes=size).build(context) for size in self.sizes}
        return Bandit(members, explore=self.explore)


class Bandit(Generator):
    """What it does depends on what it was told by `learn`, and on the seed of the request: so a resumed run goes on exactly."""

    def __init__(self, members: Mapping[str, Generator], *, explore: float) -> None:
        self._members = members
        self._explore = explore
        self._tries = dict.fromkeys(members, 0)
        self._gains = dict.fromkeys(members, 0.0)

    @property
    def online(self) -> bool:
        """Whether one of the members is."""
        return any(member.online for member in self._members.values())

    async def complete(self, messages: Sequence[Message], request: Request, *, seed: int) -> Completion:
        """Let a member answer, and sign the reply with the member's name, by which `learn` knows it again."""
        rng = random.Random(seed)
        name = rng.choice(list(self._members)) if rng.random() < self._explore else max(self._members, key=self._worth)
        reply = await self._members[name].complete(messages, request, seed=seed)
        return replace(reply, model=name)

    def learn(self, request: Request, outcome: Outcome, completion: Completion | None) -> None:
        """A reply has gained something if its heuristic is better than all of its parents."""
        if completion is None:
            return
        self._tries[completion.model] += 1
        if isinstance(outcome, Candidate) and outcome.objective is not None:
            known = [parent.objective for parent in request.parents if parent.objective is not None]
            self._gains[completion.model] += all(outcome.objective < objective for objective in known)

    def _worth(self, name: str) -> float:
        return (self._gains[name] + 1) / (self._tries[name] + 1)

    async def close(self) -> None:
        """Close the members."""
        for member in self._members.values():
            await member.close()

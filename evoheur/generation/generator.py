"""The seam between a run and whatever writes heuristics: a model behind HTTP, an offline mutator, a recording."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from evoheur.plugins import Config
from evoheur.problem import Problem
from evoheur.request import Completion, Message, Request

__all__ = ["BUILTIN_GENERATORS", "Generator", "GeneratorConfig", "GeneratorContext", "RecordedReply"]

BUILTIN_GENERATORS = {
    "openai": "evoheur.generation.endpoint:EndpointConfig",
    "mutator": "evoheur.generation.mutator:MutatorConfig",
    "recorded": "evoheur.generation.recorded:RecordedConfig",
}


class Generator(Protocol):
    """Answers prompts. One instance serves many concurrent calls."""

    @property
    def online(self) -> bool:
        """True if replies come from outside this process's control, so that their code must be treated as hostile."""

    async def complete(self, messages: Sequence[Message], request: Request, *, seed: int) -> Completion:
        """Answer one prompt.

        Args:
            messages: The rendered prompt.
            request: What the prompt was rendered from; offline generators work on its parents' code instead of the prose.
            seed: Fixes an offline generator's randomness: a function of run seed and request number.

        Raises:
            GenerationError: This call failed for good, retries included.
            GeneratorRefused: No call can succeed; the run must stop.
        """

    async def close(self) -> None:
        """Release connections; harmless when repeated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedReply:
    """A prompt and its reply from an earlier run."""

    messages: tuple[Message, ...]
    completion: Completion


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratorContext:
    """What a generator may need from its surroundings, passed in so that nothing is reached through globals.

    Attributes:
        problem: The problem whose heuristic is wanted.
        environ: Environment variables, the only source of keys.
        throttled: Called with the seconds to wait and the reason before every wait of the retry policy.
        replies: Reads the replies of an earlier run by its name; for the recorded generator.
        answered: The prompts that a resumed run has replies to already, in the order of asking; empty for a new run.
    """

    problem: Problem[Any]
    environ: Mapping[str, str] = field(default_factory=dict)
    throttled: Callable[[float, str], None] = lambda _seconds, _reason: None
    replies: Callable[[str], Iterable[RecordedReply]] = lambda _run: ()
    answered: Sequence[tuple[Message, ...]] = ()


class GeneratorConfig(Config):
    """Base of every generator's configuration."""

    kind: str
    """Which generator: a built-in name, or package.module:Class of its configuration."""

    @abstractmethod
    def build(self, context: GeneratorContext) -> Generator:
        """Make the generator; raises ConfigError if something it needs (such as a key) is missing."""

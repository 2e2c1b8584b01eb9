"""The interface between a run and whatever writes heuristics.

That may be a model behind HTTP, an offline mutator, or a recording.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from evoheur.components import Config
from evoheur.problem import Problem
from evoheur.request import Completion, Message, Outcome, Request
from evoheur.variation import Variation

__all__ = ["BUILTIN_GENERATORS", "Generator", "GeneratorConfig", "GeneratorContext", "RecordedReply"]

BUILTIN_GENERATORS = {
    "openai": "evoheur.generation.endpoint:EndpointConfig",
    "mutator": "evoheur.generation.mutator:MutatorConfig",
    "recorded": "evoheur.generation.recorded_replies:RecordedConfig",
}


class Generator(Protocol):
    """Base class of what answers prompts.

    One instance serves many concurrent calls; derive from this, so that what you leave out does nothing.
    """

    @property
    def online(self) -> bool:
        """Whether replies come from outside this process's control.

        If so, their code must be treated as hostile.
        """

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

    def learn(self, request: Request, outcome: Outcome, completion: Completion | None) -> None:  # noqa: ARG002 - for overrides
        """Learn what came of a reply.

        A bandit over models must; the default does nothing. Called for every request that this generator was to answer, in the order of
        telling, after the strategy was told. When a run is resumed, a fresh generator is told all outcomes of the log in the same order,
        and is not asked for those replies again. So what it does later may depend on what it learnt here, but not on what it remembers of
        calls to `complete`.

        Args:
            request: As the strategy asked for it.
            outcome: What the strategy was told: a candidate with its evaluation, a note, or why there is neither.
            completion: The reply as it is stored; its `model` tells who answered. None if no reply came.
        """
        return

    async def close(self) -> None:
        """Release connections; harmless when repeated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedReply:
    """A prompt and its reply from an earlier run."""

    messages: tuple[Message, ...]
    completion: Completion


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratorContext:
    """What a generator may need from its surroundings.

    It is passed in so that nothing is reached through globals.

    Attributes:
        problem: The problem whose heuristic is wanted.
        environ: Environment variables, the only source of keys.
        throttled: Called with the seconds to wait and the reason before every wait of the retry policy.
        replies: Reads the replies of an earlier run by its name; for the recorded generator.
        variations: Operator → what it does to code, for a generator without a model; None where the strategy does not say.
        answered: The prompts that a resumed run has replies to already, in the order of asking; empty for a new run.
    """

    problem: Problem[Any]
    environ: Mapping[str, str] = field(default_factory=dict)
    throttled: Callable[[float, str], None] = lambda _seconds, _reason: None
    replies: Callable[[str], Iterable[RecordedReply]] = lambda _run: ()
    variations: Mapping[str, Variation | None] = field(default_factory=dict)
    answered: Sequence[tuple[Message, ...]] = ()


class GeneratorConfig(Config):
    """Base of every generator's configuration."""

    kind: str
    """Which generator: a built-in name, or package.module:Class of its configuration."""

    @abstractmethod
    def build(self, context: GeneratorContext) -> Generator:
        """Make the generator.

        Raises ConfigError if something it needs (such as a key) is missing.
        """

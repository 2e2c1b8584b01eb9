"""The interface between a run and whatever writes heuristics.

That may be a model behind HTTP, an offline mutator, or a recording.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from evoheur.components import Config
from evoheur.errors import GenerationError
from evoheur.generation.outage import OutageNews
from evoheur.generation.reasoning import ReasoningMarks
from evoheur.generation.recording import Recording
from evoheur.problem import Problem
from evoheur.request import LOST, Completion, Message, Outcome, Request, Usage
from evoheur.variation import Variation

__all__ = ["BUILTIN_GENERATORS", "CallsLost", "Generator", "GeneratorConfig", "GeneratorContext", "RecordedReply"]

BUILTIN_GENERATORS = {
    "openai": "evoheur.generation.endpoint:EndpointConfig",
    "mutator": "evoheur.generation.mutator:MutatorConfig",
    "recorded": "evoheur.generation.recorded_replies:RecordedConfig",
    "pool": "evoheur.generation.model_pool:PoolConfig",
}


class CallsLost(GenerationError):
    """A request that failed for good although some of its calls cost tokens.

    Attributes:
        completion: What they cost; it stands in the archive in place of a reply.
    """

    def __init__(self, message: str, *, reason: str, completion: Completion) -> None:
        """Say what happened.

        Args:
            message: For a person.
            reason: As in `GenerationError`.
            completion: Model, tokens, calls, time and price; text and finish are those of the failure.
        """
        super().__init__(message, reason=reason, attempts=completion.attempts)
        self.completion = replace(completion, text=message, finish=f"{LOST}{reason}")


class Generator(Protocol):
    """Base class of what answers prompts.

    One instance serves many concurrent calls; derive from this, so that what you leave out does nothing.
    """

    @property
    def online(self) -> bool:
        """Whether replies come from outside this process's control.

        If so, their code must be treated as hostile.
        """

    @property
    def writes_notes(self) -> bool:
        """Whether it has anything to say when it is asked for a note, such as a reflection.

        If not, notes are not asked for (`notes` in a configuration). The default is that it has.
        """
        return True

    def price_of(self, usage: Usage) -> float | None:  # noqa: ARG002 - for overrides
        """What a reply of so many tokens would cost, in US dollars; None where that is not known."""
        return None

    @property
    def knows_prices(self) -> bool | None:
        """Whether its replies come with their price; None where it does not say.

        A budget of money is refused where it is False, and a reply without a price stops the run where it is True.
        """
        return None

    @property
    def recording(self) -> Recording | None:
        """The recorded run that is to be repeated step by step; None, the default, if none is."""
        return None

    async def complete(self, messages: Sequence[Message], request: Request, *, seed: int) -> Completion:
        """Answer one prompt.

        Args:
            messages: The rendered prompt.
            request: What the prompt was rendered from; offline generators work on its parents' code instead of the prose.
            seed: Fixes an offline generator's randomness: a function of run seed and request number.

        Raises:
            GenerationError: This call failed for good, retries included.
            GeneratorRefused: No call can succeed; the run must stop. `GeneratorDown` if that is so for now.
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

    def end_waits(self) -> None:
        """Hear that the run ends.

        What waits to be asked is not asked any more, and says so by `GeneratorDown`; what is under way may still come. The default does
        nothing.
        """
        return

    async def reopened(self) -> None:
        """Wait until it may be worth asking again, after `GeneratorDown`; the default does not wait.

        Raises:
            GeneratorDown: The run ends.
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
        outage: Told how it stands with an outage, when it begins, after every try, and when it is over.
        halved: Told an endpoint, how many calls at once it gets from now on, and what became of one, when these become half as many.
        others_answer: Whether another generator is asked where this one raises `GeneratorDown`, so that it does so instead of waiting.
        replies: Reads the replies of an earlier run by its name.
        recording: Reads the whole course of an earlier run by its name; for the recorded generator.
        variations: Operator → what it does to code, for a generator without a model; None where the strategy does not say.
        rehearsed: Whether nothing will be asked, so that no key is needed.
        prompts_hash: Of what the prompts of this run are made of.
        answered: The prompts that a resumed run has replies to already, in the order of asking; empty for a new run.
        asked: All prompts that it has asked, in that order, each with whether its call is over.
    """

    problem: Problem[Any]
    environ: Mapping[str, str] = field(default_factory=dict)
    throttled: Callable[[float, str], None] = lambda _seconds, _reason: None
    outage: Callable[[OutageNews], None] = lambda _news: None
    halved: Callable[[str, int, str], None] = lambda _endpoint, _limit, _why: None
    others_answer: bool = False
    replies: Callable[[str], Iterable[RecordedReply]] = lambda _run: ()
    recording: Callable[[str], Recording] = lambda run: Recording(source=f"run {run!r}", requests=())
    variations: Mapping[str, Variation | None] = field(default_factory=dict)
    answered: Sequence[tuple[Message, ...]] = ()
    asked: Sequence[tuple[tuple[Message, ...], bool]] = ()
    rehearsed: bool = False
    prompts_hash: str = ""


class GeneratorConfig(Config):
    """Base of every generator's configuration."""

    kind: str
    """Which generator: a built-in name, or package.module:Class of its configuration."""
    reasoning_marks: tuple[ReasoningMarks, ...] = ()
    """What opens and closes thinking aloud in replies, beyond the marks of known models: [["[THINK]", "[/THINK]"]] is such a list."""
    stop_if_useless: bool = False
    """Whether a run is stopped, to be resumed, when 20 requests in a row bring no heuristic, or 80 % of the last 50 replies hold none."""

    @property
    def asks_for_json(self) -> bool:
        """Whether prompts are to ask for JSON with thought and code in place of a block of code."""
        return False

    @abstractmethod
    def build(self, context: GeneratorContext) -> Generator:
        """Make the generator.

        Raises ConfigError if something it needs (such as a key) is missing.
        """

"""Requests of a strategy, and the outcomes it is told."""

import hashlib
import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Self, TypeAlias

from evoheur.candidate import Candidate

__all__ = [
    "INTERNAL",
    "LOST",
    "Completion",
    "Failure",
    "Message",
    "Note",
    "Outcome",
    "Product",
    "Request",
    "RequestKind",
    "Rescored",
    "StoredProduct",
    "Usage",
    "VariedFamily",
]

Product: TypeAlias = Literal["heuristic", "note"]
StoredProduct: TypeAlias = Literal["heuristic", "note", "tuning", "rescoring", "warm_start"]
"""What an archive says that a request produces: "tuning" where a known heuristic is changed without a model (its constants are tuned, or
it is simplified), "rescoring" where nothing new is made, "warm_start" where a search begins with a known one, else as the request says."""

_BESIDE_OPERATOR = "tune"
_SIMPLIFYING_OPERATOR = "simplify"
_CONSULTING_OPERATOR = "consult_policy"


class RequestKind(StrEnum):
    """Who answers a request, and from which budget it is paid.

    Archives store no kind: they tell it by two words, which `stored` and `Request.stored_product` translate.

    Attributes:
        asks_model: Whether the generator answers; else constants are tuned, or a known heuristic is scored, without a prompt.
        is_search: Whether it counts in the budget of the search; else it has one of its own.
    """

    asks_model: bool
    is_search: bool

    def __new__(cls, word: str, asks_model: bool, is_search: bool) -> Self:
        """Make a member with its facts as attributes.

        They are no properties, because every request is asked for them a dozen times.
        """
        kind = str.__new__(cls, word)
        kind._value_ = word
        kind.asks_model, kind.is_search = asks_model, is_search
        return kind

    MODEL = "model", True, True  # the generator; a request of the search
    TUNING = "tuning", False, True  # the tuner, as a step of the strategy's own; its evaluations are the search's
    TUNING_BESIDE = "tuning-beside", False, False  # the tuner, on idle slots; no request and no evaluation of the search
    WARM_START = (
        "warm-start",
        False,
        True,
    )  # a known heuristic that the search begins with; an evaluation of the search, and no call
    RESCORING = "rescoring", False, False  # an evaluation of a known heuristic on fresh instances; the budget does not count it
    SIMPLIFICATION = (
        "simplification",
        False,
        False,
    )  # what remains of a heuristic after the search; neither budget nor strategy hears of it
    CONSULTATION = "consultation", False, False  # a search policy is run in the sandbox; no call, no evaluation, and in no budget

    @classmethod
    def stored(cls, operator: str, product: str) -> "RequestKind":
        """The kind of a request in an archive.

        Args:
            operator: Its operator.
            product: What the archive says that it produces, a `StoredProduct`.
        """
        if product == "rescoring":
            return cls.RESCORING
        if product == "warm_start":
            return cls.WARM_START
        if product == "note" and operator.rpartition("/")[2] == _CONSULTING_OPERATOR:
            return cls.CONSULTATION
        if product != "tuning":
            return cls.MODEL
        if operator == _SIMPLIFYING_OPERATOR:
            return cls.SIMPLIFICATION
        return cls.TUNING_BESIDE if operator == _BESIDE_OPERATOR else cls.TUNING


INTERNAL = "internal"
"""Reason of a failure that is a fault of evoheur's own, found by a reply that its code was not written for."""

LOST = "lost: "
"""Begins the `finish` of a completion that stands for calls which cost tokens and brought no reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariedFamily:
    """Training instances that are drawn with parameters of their own.

    Attributes:
        parameters: Name and value of each, as `Problem.varied` takes them.
        instances: How many.
    """

    parameters: tuple[tuple[str, float], ...]
    instances: int

    @property
    def family(self) -> str:
        """Its name, which says all parameters."""
        return f"varied-{'-'.join(f'{name}-{value:g}' for name, value in self.parameters)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One thing that a strategy asks for.

    It is a model's reply, or another set of constants for a heuristic.

    Attributes:
        operator: Names the prompt template: "e2", "reflect_short", …; "eoh/e2" names one in another strategy's folder.
        kind: Who answers it. Where constants are tuned, the answer is the only parent with other numbers in it; "method" and "evaluations"
            in the context say how they are searched for.
        produces: "heuristic" for code to evaluate, "note" for text that goes back to the strategy.
        parents: The candidates the prompt shows, in the order it shows them.
        context: Named texts for the template, such as the reflection to follow.
        tag: The strategy's own address for the outcome (island and epoch, tree node); a value whose `repr` is stable.
        temperature_offset: Added to the generator's sampling temperature, as ReEvo's first prompt wants; generators without a
            temperature pass it over.
        bound: A candidate whose objective turns out to be at least this leaves the strategy as a failed one would, now and later; its
            evaluation may be cut short. None where every objective matters.
        epoch: Which training instances its candidate is scored on, as in `Evaluation`.
        varied: Families that join the epoch's training instances (`train.hard_instances`).
        is_trial: Whether the epoch has these alone, with what the best textbook rule costs as reference.
    """

    operator: str
    kind: RequestKind = RequestKind.MODEL
    produces: Product = "heuristic"
    parents: tuple[Candidate, ...] = ()
    context: Mapping[str, str] = field(default_factory=dict)
    tag: Hashable = None
    temperature_offset: float = 0.0
    bound: float | None = None
    epoch: int = 0
    varied: tuple[VariedFamily, ...] = ()
    is_trial: bool = False

    @classmethod
    def rescoring(cls, candidate: Candidate, *, epoch: int) -> "Request":
        """Ask for the worth of a heuristic on the training instances of an epoch.

        Args:
            candidate: The heuristic.
            epoch: At least 1.
        """
        return cls(operator="rescore", kind=RequestKind.RESCORING, parents=(candidate,), tag=epoch, epoch=epoch)

    @classmethod
    def tuning_beside(cls, parent: Candidate, *, method: str, evaluations: int) -> "Request":
        """Ask for other constants of a heuristic, beside the search.

        Args:
            parent: The heuristic.
            method: A built-in optimiser, or package.module:Class of one.
            evaluations: The most it may take.
        """
        context = {"evaluations": str(evaluations), "method": method}
        return cls(operator=_BESIDE_OPERATOR, kind=RequestKind.TUNING_BESIDE, parents=(parent,), context=context)

    @classmethod
    def warm_start(cls, code: str, *, source: str, thought: str, place: int) -> "Request":
        """Ask for the worth of a heuristic that the search begins with.

        Args:
            code: Its source.
            source: Where it comes from, as the configuration names it.
            thought: Its idea, for people and prompts.
            place: Among all that the search begins with, from 0.
        """
        context = {"code": code, "source": source, "thought": thought}
        return cls(operator="warm_start", kind=RequestKind.WARM_START, context=context, tag=place)

    @classmethod
    def simplification(cls, parent: Candidate | None = None, *, epoch: int = 0) -> "Request":
        """Ask for what remains of a heuristic when all is taken away that it does not need.

        Args:
            parent: The heuristic; None where only the kind of the request matters.
            epoch: Of the training instances it is scored on.
        """
        parents = () if parent is None else (parent,)
        return cls(operator=_SIMPLIFYING_OPERATOR, kind=RequestKind.SIMPLIFICATION, parents=parents, epoch=epoch)

    @classmethod
    def consultation(cls, context: Mapping[str, str], tag: Hashable) -> "Request":
        """Ask a search policy for its choice.

        Args:
            context: As `evoheur.evaluation.policy_bench.PolicyBench.consult` takes it.
            tag: As the attribute.
        """
        return cls(operator=_CONSULTING_OPERATOR, kind=RequestKind.CONSULTATION, produces="note", context=context, tag=tag)

    @property
    def stored_product(self) -> StoredProduct:
        """What an archive says that it produces.

        Raises:
            ValueError: Operator and kind would be read back as another kind.
        """
        product = self._product
        if RequestKind.stored(self.operator, product) is not self.kind:
            raise ValueError(
                f"A request of kind {self.kind.value!r} cannot have the operator {self.operator!r}: {_BESIDE_OPERATOR!r} is kept for what "
                f"is tuned beside a search, {_SIMPLIFYING_OPERATOR!r} for what is simplified after it, and {_CONSULTING_OPERATOR!r} for "
                "what a search policy answers; give the operator another name."
            )
        return product

    @property
    def _product(self) -> StoredProduct:
        if self.kind is RequestKind.RESCORING:
            return "rescoring"
        if self.kind is RequestKind.WARM_START:
            return "warm_start"
        if self.kind is RequestKind.CONSULTATION:
            return "note"
        return self.produces if self.kind.asks_model else "tuning"

    def fingerprint(self) -> str:
        """Hash by which replay recognises the request.

        Equal in every process, 16 hexadecimal digits. Temperature, bound, epoch and what is varied follow from the rest and are left out.
        """
        parts = [
            self.operator,
            self._product,
            [parent.id for parent in self.parents],
            sorted(self.context.items()),
            repr(self.tag),
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of a chat, as sent to a model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one reply, as the server counted them.

    Attributes:
        prompt_tokens: Tokens sent.
        completion_tokens: Tokens received, reasoning included.
        estimated: True if the server did not count all of them, such as those of calls that broke off; four characters are a token then.
        cached_tokens: Those of the prompt that the server read from its cache; 0 where it does not say.
        reasoning_tokens: Those of the reply that the model thought with; 0 where the server does not say.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    estimated: bool = False
    cached_tokens: int = 0
    reasoning_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        """Sum of two; estimated if one of them is."""
        return Usage(
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            estimated=self.estimated or other.estimated,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            reasoning_tokens=self.reasoning_tokens + other.reasoning_tokens,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A generator's reply.

    Attributes:
        text: The reply, whole; may be empty.
        model: The model as the server names it, or the offline generator's name.
        usage: Tokens of this reply, and of the calls before it that were cut off.
        finish: "stop" if the model ended by itself, "length" if it was cut at the token limit or taken though it broke off, `LOST` and a
            reason if no reply came of calls that cost tokens (the text then says what happened), else the server's word.
        seconds: Wall time from the first call to the reply, waits included.
        attempts: Calls made, the failed ones included; 0 where no model was asked, or another request's call brought this reply, too.
        evaluations: Candidates that were evaluated on the way to this reply, by whoever tunes constants, or since, by whoever fills what it
            leaves open; 0 otherwise.
        cost_usd: Price in US dollars where a price is known, else None (unknown is never 0).
        price_source: Where the price is from: a price table with its version, or "configuration"; None where it does not say.
    """

    text: str
    model: str
    usage: Usage = Usage()
    finish: str = "stop"
    seconds: float = 0.0
    attempts: int = 1
    evaluations: int = 0
    cost_usd: float | None = None
    price_source: str | None = None

    @property
    def lost_reason(self) -> str:
        """Why no reply came, in a word to count by; empty for a reply."""
        return self.finish.removeprefix(LOST) if self.finish.startswith(LOST) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Text that a model wrote for the strategy, such as a reflection."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """A known heuristic with its worth on other training instances.

    Attributes:
        candidate: As it was, but for its evaluation.
    """

    candidate: Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A request that yielded nothing to evaluate.

    Attributes:
        stage: "generation" if no reply came, "parsing" if there was one and nothing to evaluate came of it.
        reason: A word to count by: "rate-limited", "no-code", "wrong-name", "syntax", "internal", …
        detail: What happened, with the value, for a person.
        attempts: Calls that were made for nothing (generation failures only; a parsed reply's calls are its completion's).
    """

    stage: Literal["generation", "parsing"]
    reason: str
    detail: str
    attempts: int = 0


Outcome: TypeAlias = Candidate | Note | Failure | Rescored

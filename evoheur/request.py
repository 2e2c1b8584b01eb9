"""What a strategy asks for and what it is told in return."""

import hashlib
import json
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from evoheur.candidate import Candidate

__all__ = ["INTERNAL", "TUNE", "Completion", "Failure", "Message", "Note", "Outcome", "Product", "Request", "Usage"]

Product: TypeAlias = Literal["heuristic", "note", "tuning"]

TUNE = "tune"
"""Operator of the tuning that goes on beside a search: it has a budget of its own and counts as neither request nor evaluation."""


INTERNAL = "internal"
"""Reason of a failure that is a fault of evoheur's own, found by a reply that its code was not written for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One thing that a strategy wants: a model's reply, or another set of constants for a heuristic.

    Attributes:
        operator: Names the prompt template: "e2", "reflect_short", …; "eoh/e2" names one in another strategy's folder.
        produces: "heuristic" for code to evaluate, "note" for text that goes back to the strategy, "tuning" for the only parent with other
            numbers in it, which are searched for by evaluating and without a model.
        parents: The candidates the prompt shows, in the order it shows them.
        context: Named texts for the template, such as the reflection to follow.
        tag: The strategy's own address for the outcome (island and epoch, tree node); a value whose `repr` is stable.
        temperature_offset: Added to the generator's sampling temperature, as ReEvo's first prompt wants; generators without a
            temperature pass it over.
        bound: A candidate whose objective turns out to be at least this leaves the strategy as a failed one would, now and later; its
            evaluation may be cut short. None where every objective matters.
    """

    operator: str
    produces: Product = "heuristic"
    parents: tuple[Candidate, ...] = ()
    context: Mapping[str, str] = field(default_factory=dict)
    tag: Hashable = None
    temperature_offset: float = 0.0
    bound: float | None = None

    def fingerprint(self) -> str:
        """Hash by which replay recognises the request: equal in every process, 16 hexadecimal digits.

        Temperature and bound follow from the rest and are left out.
        """
        parts = [
            self.operator,
            self.produces,
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
        estimated: True if the server did not say and the numbers are characters / 4.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A generator's reply.

    Attributes:
        text: The reply, whole; may be empty.
        model: The model as the server names it, or the offline generator's name.
        usage: Tokens of this reply.
        finish: "stop" if the model ended by itself, "length" if it was cut at the token limit, else the server's word.
        seconds: Wall time from the first call to the reply, waits included.
        attempts: Calls made, the failed ones included; 0 where no model was asked.
        evaluations: Candidates that were evaluated on the way to this reply, by whoever tunes constants; 0 otherwise.
        cost_usd: Price in US dollars where a price is known, else None (unknown is never 0).
    """

    text: str
    model: str
    usage: Usage = Usage()
    finish: str = "stop"
    seconds: float = 0.0
    attempts: int = 1
    evaluations: int = 0
    cost_usd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Text that a model wrote for the strategy, such as a reflection."""

    text: str


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


Outcome: TypeAlias = Candidate | Note | Failure

"""The recording of a run: its requests with their replies, and the order in which they were asked and told."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evoheur.request import Completion, Failure, Message, RequestKind

__all__ = ["RecordedRequest", "Recording", "RecordingOrigin", "prompt_hash"]


def prompt_hash(messages: Sequence[Message]) -> str:
    """The hash by which a prompt is found again, 64 hexadecimal digits; empty where there is none."""
    if not messages:
        return ""
    return hashlib.sha256(json.dumps([[message.role, message.content] for message in messages]).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRequest:
    """A request of a recorded run.

    Attributes:
        number: Count within the run, from 1.
        asked: Its place among all asks and tells.
        told: That of its outcome; None if the run had stopped before.
        operator: As in `Request`.
        kind: As in `Request`.
        fingerprint: As `Request.fingerprint` gave it.
        prompt: Hash of its prompt; empty where no model is asked.
        messages: The prompt, unless it is known by its hash only.
        completion: The reply of a model; None if there was none.
        failure: Why there was none.
    """

    number: int
    asked: int
    told: int | None
    operator: str
    kind: RequestKind
    fingerprint: str
    prompt: str = ""
    messages: tuple[Message, ...] = ()
    completion: Completion | None = None
    failure: Failure | None = None

    @property
    def is_answered(self) -> bool:
        """Whether a model's reply is known, or why there was none."""
        return self.completion is not None or self.failure is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """All requests of a run, in the order of asking.

    Attributes:
        source: Names it in messages, such as "run 'night-3'".
        requests: All of them, also those that asked no model.
        end: Why the run stopped; empty where that is not known.
        prompts_hash: Of what its prompts were made of; empty where that is not known.
        is_binding: Whether a request that is not the recorded one ends a run that repeats it.
    """

    source: str
    requests: tuple[RecordedRequest, ...]
    end: str = ""
    prompts_hash: str = ""
    is_binding: bool = True

    def for_prompts_of(self, prompts_hash: str) -> "Recording":
        """The recording for a run whose prompts are made of this.

        Where that is something else, as in another version of evoheur, requests are told apart by their fingerprints, without prompts.
        """
        own, now = (each.partition("/")[0] for each in (self.prompts_hash, prompts_hash))
        if not own or not now or own == now:
            return self
        return replace(self, requests=tuple(replace(request, prompt="", messages=()) for request in self.requests))

    @property
    def replies(self) -> tuple[RecordedRequest, ...]:
        """The requests that a model was asked and whose answer is known."""
        return tuple(request for request in self.requests if request.kind.asks_model and request.is_answered)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingOrigin:
    """Where a recording comes from, and what it takes to repeat it.

    Attributes:
        run: Name of the run.
        seed: Seeds strategy and stochastic frames.
        problem: Name or folder of the problem.
        problem_hash: Of the problem's sources.
        prompts_hash: Of the prompt templates.
        evoheur_version: Version that made the run.
        reason: Why the run stopped.
        config: Its configuration as JSON, without its generator and whatever belongs to its machine.
    """

    run: str
    seed: int
    problem: str
    problem_hash: str
    prompts_hash: str
    evoheur_version: str
    reason: str
    config: Mapping[str, Any]

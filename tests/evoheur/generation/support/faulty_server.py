"""Faults of servers, mixed into honest replies, with books that a client's account must equal."""

import math
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from evoheur.testing.endpoint_server import (
    Received,
    ScriptedEndpoint,
    ServerAnswer,
    cut_body,
    error_object,
    html,
    raw,
    reply,
    reset,
    status,
)
from evoheur.testing.streamed_answers import StreamCourse, streamed

__all__ = ["FAULTS", "ONE_PROMPT", "MixedFaults", "SerialServer", "prompt_tokens"]

Fault = Callable[[int], ServerAnswer]
"""Makes the answer to a prompt of so many tokens."""

FAULTS: dict[str, Fault] = {
    "rate limit": lambda _tokens: status(429),
    "rate limit that says when": lambda _tokens: status(429, retry_after="0.02"),
    "rate limit that says when in milliseconds": lambda _tokens: status(429, headers={"retry-after-ms": "10"}),
    "rate limit by headers": lambda _tokens: status(
        429, headers={"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "15ms"}
    ),
    "server error": lambda _tokens: status(500),
    "bad gateway": lambda _tokens: status(502),
    "overloaded, with a date": lambda _tokens: status(
        503, headers={"Date": "Mon, 05 Jan 2026 10:00:00 GMT", "Retry-After": "Mon, 05 Jan 2026 10:00:00 GMT"}
    ),
    "overloaded": lambda _tokens: status(529),
    "request timeout": lambda _tokens: status(408),
    "reset": lambda _tokens: reset(),
    "cut body": lambda _tokens: cut_body(),
    "HTML": lambda _tokens: html(),
    "empty body": lambda _tokens: raw(b"", kind="empty body"),
    "error object": lambda _tokens: error_object(),
    "error object with a status": lambda _tokens: error_object(code=503),
    "stream that hangs up": lambda tokens: streamed("never whole", StreamCourse(sent=2, ending="hang-up"), prompt_tokens=tokens),
    "stream that is reset": lambda tokens: streamed("never whole", StreamCourse(sent=1, ending="reset"), prompt_tokens=tokens),
}
"""What costs a call, and no request: it is tried again."""

ONE_PROMPT: dict[str, Fault] = {
    "moderation": lambda _tokens: status(403, "Your request was flagged by moderation"),
    "too little credit for a long prompt": lambda _tokens: status(402, "You can only afford 2345 tokens"),
    "a balancer's lost way": lambda _tokens: status(404, "no such route"),
    "bad request": lambda _tokens: status(400, "the prompt is too long"),
}
"""What may cost a request, and never the run, while others are answered."""


def prompt_tokens(received: Received) -> int:
    """Tokens of a prompt, four characters each, as a client estimates them."""
    return math.ceil(sum(len(message["content"]) for message in received.payload["messages"]) / 4)


class MixedFaults:
    """A script in which so large a share of all calls meets one of the faults.

    Args:
        faults: What they may meet.
        share: Of all calls.
        text: The honest reply to a call, by its number.
        until: From this call on all are honest: where the last few requests are all refused at once, nobody is left to compare with.
    """

    def __init__(self, faults: Mapping[str, Fault], share: float, text: Callable[[int], str], *, until: float = math.inf) -> None:
        self._faults = list(faults.values())
        self._share = share
        self._until = until
        self._text = text
        self._rng = random.Random(7)
        self._lock = threading.Lock()

    def __call__(self, received: Received) -> ServerAnswer:
        with self._lock:
            is_fault, chosen, comes_at_once = (
                self._rng.random() < self._share,
                self._rng.randrange(10**9),
                self._rng.random() < 0.5,
            )
        tokens = prompt_tokens(received)
        if is_fault and received.number < self._until:
            return self._faults[chosen % len(self._faults)](tokens)
        text = self._text(received.number)
        return reply(text, tokens=(tokens, math.ceil(len(text) / 4))) if comes_at_once else streamed(text, prompt_tokens=tokens)


class SerialServer:
    """A script that works on one prompt at a time, for so long, also if nobody waits for the reply any more.

    Attributes:
        generations: How many it has begun.

    Args:
        seconds: For each.
        text: What it replies, by the number of the call.
    """

    def __init__(self, seconds: float, text: Callable[[int], str]) -> None:
        self.generations = 0
        self._seconds = seconds
        self._text = text
        self._turns: list[int] = []  # in the order of arrival, as local servers queue
        self._changed = threading.Condition()

    def __call__(self, received: Received) -> ServerAnswer:
        with self._changed:
            self._turns.append(received.number)
            self._changed.wait_for(lambda: self._turns[0] == received.number)
            self.generations += 1
        time.sleep(self._seconds)
        with self._changed:
            self._turns.pop(0)
            self._changed.notify_all()
        return reply(self._text(received.number), tokens=(prompt_tokens(received), 20))


def kinds(server: ScriptedEndpoint) -> Sequence[str]:
    """What the server did, call by call."""
    return [exchange.answer.kind for exchange in server.journal]

"""Receiving an answer piece by piece, within limits of time and size."""

import asyncio
import importlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

import openai

from evoheur.generation.bounded_client import MAX_ANSWER, AnswerTooLarge
from evoheur.generation.event_stream import EndWatch
from evoheur.generation.sent_call import SentCall

__all__ = ["CallLimits", "Pieces", "ReceivedAnswer", "receive"]

_AFTER_THE_END = 2.0  # seconds for which the connection of a stream that has ended is waited for, so that it can be used again


def _transport_error() -> type[Exception]:
    """What the HTTP client underneath raises, which is another one in later versions of the library."""
    [client] = [kind for kind in openai.DefaultAsyncHttpxClient.__mro__ if kind.__name__ == "AsyncClient"]
    error: type[Exception] = importlib.import_module(client.__module__.partition(".")[0]).RequestError
    return error


_TransportError = _transport_error()


class Pieces(Protocol):
    """An answer that has begun."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Its headers, names case-insensitive."""

    def iter_bytes(self) -> AsyncIterator[bytes]:
        """Its body, unpacked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLimits:
    """How long a call may take, in seconds.

    Attributes:
        first: From sending to the first byte of the body.
        idle: From byte to byte.
        longest: In all.
    """

    first: float
    idle: float
    longest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedAnswer:
    """What came of an answer with status 200.

    Attributes:
        body: Its bytes, unpacked.
        cut: Which limit of time ended it; empty if none did.
        broken: What the connection said when it broke; empty if it did not.
        headers: Of the answer; none if it had not begun.
    """

    body: bytes
    cut: str = ""
    broken: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


async def receive(opening: AbstractAsyncContextManager[Pieces], limits: CallLimits, sent: SentCall) -> ReceivedAnswer:
    """Send a request and read its answer until it ends, breaks off or takes too long.

    What came until then is kept, since it was paid for.

    Args:
        opening: Sends the request when it is entered.
        limits: Of time.
        sent: The call, which knows what it waits for its turn; that does not count against the limit of the first byte.

    Raises:
        AnswerTooLarge: There is more of it than is read.
        openai.OpenAIError: Another status than 200, or no connection.
    """
    body = bytearray()
    now = asyncio.get_running_loop().time
    started = now()
    watch, ended = EndWatch(), False
    headers: Mapping[str, str] = {}
    try:
        async with asyncio.timeout_at(started + min(limits.first, limits.longest)) as timer:
            with sent.waiting(timer, limits.first, latest=started + limits.longest):
                async with opening as answer:
                    headers = answer.headers
                    async for piece in answer.iter_bytes():
                        sent.is_answered()
                        body += piece
                        if len(body) > MAX_ANSWER:
                            raise AnswerTooLarge
                        ended = watch.has_ended(body)
                        wait = min(limits.idle, _AFTER_THE_END) if ended else limits.idle
                        timer.reschedule(min(now() + wait, started + limits.longest))
    except TimeoutError:
        return ReceivedAnswer(body=bytes(body), cut="" if ended else _cut(limits, began=bool(body), seconds=now() - started))
    except _TransportError as error:
        return ReceivedAnswer(body=bytes(body), broken=f"{type(error).__name__}: {error}".rstrip(": "), headers=headers)
    return ReceivedAnswer(body=bytes(body), headers=headers)


def _cut(limits: CallLimits, *, began: bool, seconds: float) -> str:
    if seconds >= limits.longest:
        return f"no end of the answer within {limits.longest:g} s"
    return f"nothing more of the answer for {limits.idle:g} s" if began else f"no answer within {limits.first:g} s"

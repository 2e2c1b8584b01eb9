"""The forked child that runs one candidate.

It lets the entry open the candidate, answers questions about it, and never returns. Everything here shares a process with untrusted code;
what leaves over the channel is its word, nothing more.
"""

import gc
import os
import socket
from collections.abc import Callable
from typing import Any, NoReturn

from evoheur.sandbox.binary_answer import BinaryAnswer, framed
from evoheur.sandbox.exception_text import MAX_DETAIL, describe
from evoheur.sandbox.limits import ChildLimits, Confinement
from evoheur.sandbox.wire import MAX_FRAME, Channel, Closed, decode, encode

__all__ = ["CHANNEL_DESCRIPTOR", "DECISION", "DIALOGUE", "ENVELOPE_BYTES", "run_child"]

CHANNEL_DESCRIPTOR = 3
"""Where a child has its channel: the only descriptor it has besides the standard streams, which lead nowhere."""

ENVELOPE_BYTES = 4096 + 6 * MAX_DETAIL
"""How much longer than its answer a reply may be, in bytes: field names, the nonce, or a detail with every character escaped."""

DIALOGUE = "dialogue"
"""The answer to a question that opens a dialogue."""

DECISION = b"="
"""What the frame of a decision begins with, which no reply does."""

_NOT_LISTENED_TO = 1

# Bound before any candidate can replace them.
_exit = os._exit
_encode = encode


def run_child(
    descriptor: int,
    open_candidate: Callable[[Any], Callable[[Any], Any]],
    *,
    confinement: Confinement,
    limits: ChildLimits,
    output_bytes: int,
    guest: int,
) -> NoReturn:
    """Become a child and answer until the channel closes.

    It gets a new session, one descriptor and its limits. Ends the process.

    Args:
        descriptor: The child's end of its channel to the trusted side.
        open_candidate: The entry's function; what it returns answers the questions.
        confinement: Applies the limits and walls.
        limits: What this child may use.
        output_bytes: Largest answer, in bytes of JSON.
        guest: Process id of the guest.
    """
    try:
        os.setsid()
        os.dup2(descriptor, CHANNEL_DESCRIPTOR)
        os.closerange(CHANNEL_DESCRIPTOR + 1, os.sysconf("SC_OPEN_MAX"))
        channel = Channel(socket.socket(fileno=CHANNEL_DESCRIPTOR))
        confinement.confine_child(limits)
        gc.enable()
        if os.getppid() == guest:  # else it died before the parent-death signal was set
            _serve(channel, open_candidate, output_bytes)
    finally:
        _exit(_NOT_LISTENED_TO)


def _serve(channel: Channel, open_candidate: Callable[[Any], Callable[[Any], Any]], output_bytes: int) -> None:
    respond: Callable[[Any], Any] | None = None
    while True:
        try:
            question = decode(channel.receive(limit=MAX_FRAME))
        except Closed:
            return
        nonce, body = question["nonce"], question["body"]
        try:
            if respond is None:  # the first question is the candidate itself
                value, respond = None, open_candidate(body)
            else:
                value = respond(body)
            if callable(value):
                _decide(channel, nonce, value)
                continue
            binary: bytes | None = None
            if isinstance(value, BinaryAnswer):
                value, binary = value.value, value.binary
            text = _encode(value)
            reply = _answer(nonce, text, output_bytes, binary)
        except BaseException as error:  # noqa: BLE001 - the candidate's exception, SystemExit included, is its answer
            status = "memory" if isinstance(error, MemoryError) else "error"
            reply = _encode({"nonce": nonce, "status": status, "detail": describe(error)})
        channel.send(reply)


def _decide(channel: Channel, nonce: str, step: Callable[[Any], Any]) -> None:
    # Answers every arrival with a decision, until an empty frame says that there are no more.
    channel.send(_answer(nonce, _encode(DIALOGUE), ENVELOPE_BYTES))
    while arrival := channel.receive_alone(limit=MAX_FRAME):
        channel.send(DECISION + _encode(step(decode(arrival))))
    channel.send(_answer(nonce, _encode(None), ENVELOPE_BYTES))


def _answer(nonce: str, value: bytes, output_bytes: int, binary: bytes | None = None) -> bytes:
    length = len(value) + len(binary or b"")
    if length > output_bytes:
        detail = f"the answer has {length} bytes, more than the {output_bytes} that are allowed"
        return _encode({"nonce": nonce, "status": "output", "detail": detail})
    text = b'{"nonce":%b,"status":"ok","value":%b}' % (_encode(nonce), value)
    return text if binary is None else framed(text, binary)

"""Messages between a run and its breeding process: pickles over a socket pair, each with its length before it.

Both ends are trusted code of one version. Jobs are answered one by one, in the order of asking.
"""

import pickle
from collections.abc import Iterator
from typing import Any, TypeAlias

from evoheur.run.reply_work import Bred, BreedingJob, Finding, RawReply

__all__ = ["Answer", "Frames", "Job", "framed"]

Job: TypeAlias = RawReply | BreedingJob
Answer: TypeAlias = Finding | Bred | str | None
"""A reading; a new heuristic; why nothing could be bred; or None where the job raised what nobody expected."""

_LENGTH = 4


def framed(message: Any) -> bytes:
    """A message as it is sent."""
    packed = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return len(packed).to_bytes(_LENGTH) + packed


class Frames:
    """Puts messages together from the pieces that arrive."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, piece: bytes) -> Iterator[Any]:
        """The messages that are complete with this piece, in order."""
        self._held += piece
        while len(self._held) >= _LENGTH:
            end = _LENGTH + int.from_bytes(self._held[:_LENGTH])
            if len(self._held) < end:
                return
            packed = bytes(self._held[_LENGTH:end])
            del self._held[:end]
            yield pickle.loads(packed)  # noqa: S301 - from the other end, which is ours

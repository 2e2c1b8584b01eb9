"""Packing of prompts, which would be two thirds of an archive.

Prompts of a run are alike: the task, the form of the answer, and the same parents again and again. So each is compressed (deflate, RFC
1951) with a dictionary of earlier ones: runs of a thousand requests took a thirtieth of the room so, dictionaries included.
"""

import json
import zlib
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from evoheur.request import Message

__all__ = ["Packed", "PromptPacker", "pack", "unpack"]

_RAW = -zlib.MAX_WBITS  # without header and checksum: databases have their own
_WINDOW = 32_000  # bytes that deflate looks back
_RENEWED_AFTER = 100  # prompts; by then other parents are shown


def pack(text: bytes, dictionary: bytes) -> bytes:
    """Compress a text with a dictionary."""
    compressor = zlib.compressobj(wbits=_RAW, zdict=dictionary)
    return compressor.compress(text) + compressor.flush()


def unpack(packed: bytes, dictionary: bytes) -> bytes:
    """The text that was compressed with a dictionary.

    Raises:
        zlib.error: It was not, or with another one.
    """
    decompressor = zlib.decompressobj(wbits=_RAW, zdict=dictionary)
    return decompressor.decompress(packed) + decompressor.flush()


@dataclass(frozen=True, slots=True)
class Packed:
    """A prompt as a row of `request` has it.

    Attributes:
        prompt: Its messages as JSON, compressed; empty if there are none.
        dictionary_id: Row number of the dictionary; None if it was compressed without.
    """

    prompt: bytes = b""
    dictionary_id: int | None = None


@dataclass(slots=True)
class PromptPacker:
    """Packs the prompts of a run, one after the other.

    Every hundred prompts it makes a dictionary of the last ones.

    Attributes:
        dictionary_id: Row number of the present dictionary; None before there is one.
        dictionary: What it holds.
    """

    dictionary_id: int | None = None
    dictionary: bytes = b""
    _recent: deque[bytes] = field(default_factory=deque)
    _since: int = 0

    def pack(self, messages: Sequence[Message], store: Callable[[bytes], int]) -> Packed:
        """Pack a prompt.

        Args:
            messages: The prompt.
            store: Stores a dictionary and returns its row number.
        """
        return self.pack_json(json.dumps([{"role": one.role, "content": one.content} for one in messages]), store)

    def pack_json(self, messages: str, store: Callable[[bytes], int]) -> Packed:
        """Pack a prompt whose messages are JSON already; see `pack`."""
        text = messages.encode()
        if text == b"[]":
            return Packed()
        if self._recent and (self.dictionary_id is None or self._since >= _RENEWED_AFTER):
            self.dictionary = b"".join(self._recent)[-_WINDOW:]
            self.dictionary_id = store(self.dictionary)
            self._since = 0
        self._since += 1
        self._recent.append(text)
        while sum(map(len, self._recent)) > _WINDOW and len(self._recent) > 1:
            self._recent.popleft()
        return Packed(pack(text, self.dictionary), self.dictionary_id)

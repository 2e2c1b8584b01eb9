"""Answers that are JSON and bytes.

Numbers by the thousand are sent as they lie in memory, in one piece behind the JSON that says what they are. A frame that holds both
begins with a byte that no JSON begins with, and the length of the JSON. The bytes mean nothing here: who asked knows how many there may be,
and checks what is in them.
"""

import struct
from dataclasses import dataclass
from typing import Any

__all__ = ["BinaryAnswer", "framed", "unframed"]

_BEGIN = b"#"
_LENGTH = struct.Struct(">I")
_HEAD = len(_BEGIN) + _LENGTH.size


@dataclass(frozen=True, slots=True)
class BinaryAnswer:
    """An answer with bytes.

    Attributes:
        value: JSON.
        binary: What it speaks of.
    """

    value: Any
    binary: bytes


def framed(text: bytes, binary: bytes) -> bytes:
    """A frame of JSON and bytes."""
    return b"".join((_BEGIN, _LENGTH.pack(len(text)), text, binary))


def unframed(data: bytes) -> tuple[bytes, bytes]:
    """The JSON and the bytes of any frame; one of JSON alone has no bytes.

    Nothing is built of what the frame announces: a length that is wrong leaves JSON that is cut off.
    """
    if not data.startswith(_BEGIN) or len(data) < _HEAD:
        return data, b""
    (length,) = _LENGTH.unpack_from(data, len(_BEGIN))
    return data[_HEAD : _HEAD + length], data[_HEAD + length :]

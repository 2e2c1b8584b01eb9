"""Server-sent events, in which an answer comes piece by piece."""

import re
from collections.abc import Iterator

__all__ = ["END_OF_STREAM", "EndWatch", "event_texts", "is_event_stream"]

END_OF_STREAM = "[DONE]"
"""What the last event of a stream of chat completions says."""

_DATA = re.compile(rb"^data:", re.MULTILINE)
_LAST_EVENT = re.compile(rb"\n(?:data: ?\[DONE\]|(?:event: ?|data: ?\{\"type\": ?\")response\.(?:completed|incomplete|failed)\b)")
_LONGEST_MARK = 64  # bytes of what that finds
_BLANK_LINES = (b"\n\n", b"\n\r\n")


def is_event_stream(body: bytes) -> bool:
    """Whether a body is a stream of events, whatever its headers say.

    JSON is none: no line of it begins so.
    """
    return _DATA.search(body) is not None


def event_texts(body: bytes) -> Iterator[str]:
    """What the events of a stream say, in order; the last one may have been cut.

    Comments, names and numbers of events are passed over.

    Args:
        body: As much of the stream as came.
    """
    said: list[str] = []
    for line in body.decode("utf-8", "replace").replace("\r\n", "\n").split("\n"):
        if line.startswith("data:"):
            said.append(line[len("data:") :].removeprefix(" "))
        elif not line and said:
            yield "\n".join(said)
            said = []
    if said:
        yield "\n".join(said)


class EndWatch:
    """Watches for the last event of a stream, after which only the end of the connection is to come."""

    def __init__(self) -> None:
        self._looked = 0
        self._began = False

    def has_ended(self, body: bytearray) -> bool:
        """Whether the last event has come, whole.

        Args:
            body: As much of the stream as came; it only grows from call to call.
        """
        self._began = self._began or _LAST_EVENT.search(body, max(0, self._looked - _LONGEST_MARK)) is not None
        self._looked = len(body)
        return self._began and body.endswith(_BLANK_LINES)

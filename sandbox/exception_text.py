"""A candidate's exception in a few lines, for people and for prompts."""

import linecache
import traceback
from collections import deque
from pathlib import PurePath
from types import FrameType, TracebackType

__all__ = ["MAX_DETAIL", "describe", "printable"]

MAX_DETAIL = 2000
"""Longest description, in characters."""

_MAX_FRAMES, _MAX_LINE, _MAX_MESSAGE = 5, 160, 900


def describe(error: BaseException) -> str:
    """Shorten a traceback to the candidate's own innermost lines.

    The exception's type and message come last. A frame is the candidate's own if no file is behind it (source from a string). Never
    raises, even if the exception's own methods do: it was written by the code that failed.
    """
    if isinstance(error, MemoryError):
        traceback.clear_frames(error.__traceback__)  # gives back what the failed code still holds, so that this can run
    try:
        lines = [*_frames(error.__traceback__), f"{type(error).__name__}: {_message(error)}"]
        return printable("\n".join(lines), MAX_DETAIL)
    except BaseException:  # noqa: BLE001 - metaclasses and __str__ of a hostile exception may raise anything
        return "an exception that cannot be described"


def printable(text: str, limit: int) -> str:
    """Text that terminals and databases can take.

    Control characters are escaped, and the middle is left out beyond `limit`.
    """
    if len(text) > 2 * limit:  # no more is escaped than can be shown
        text = text[:limit] + text[-limit:]
    clean = "".join(sign if sign.isprintable() or sign in "\n\t" else ascii(sign)[1:-1] for sign in text)
    if len(clean) <= limit:
        return clean
    gap = " … "
    tail = (limit - len(gap)) // 3
    return clean[: limit - len(gap) - tail] + gap + clean[-tail:]


def _frames(trace: TracebackType | None) -> list[str]:
    own: deque[tuple[FrameType, int]] = deque(maxlen=_MAX_FRAMES)
    innermost: tuple[FrameType, int] | None = None
    while trace is not None:
        innermost = (trace.tb_frame, trace.tb_lineno)
        if _has_no_file(trace.tb_frame.f_code.co_filename):
            own.append(innermost)
        trace = trace.tb_next
    if not own and innermost is not None:
        own.append(innermost)
    return [line for frame, number in own for line in _frame(frame, number)]


def _frame(frame: FrameType, number: int) -> list[str]:
    code = frame.f_code
    lines = [f'File "{PurePath(code.co_filename).name}", line {number}, in {code.co_name}']
    entry = linecache.cache.get(code.co_filename)  # never read from disk: a file of that name would be another's
    if entry is not None and len(entry) == 4 and 0 < number <= len(entry[2]):
        lines.append(f"    {entry[2][number - 1].strip()[:_MAX_LINE]}")
    return lines


def _has_no_file(name: str) -> bool:
    return not PurePath(name).is_absolute() and not name.startswith("<frozen ")


def _message(error: BaseException) -> str:
    try:
        text = str(error)
        # Through bytes, because str() may return a subclass of str with methods of its own, or half a surrogate pair.
        return printable(str.encode(text, "utf-8", "backslashreplace").decode(), _MAX_MESSAGE)
    except BaseException:  # noqa: BLE001 - __str__ is the candidate's code
        return "(its message cannot be shown)"

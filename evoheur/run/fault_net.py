"""The handling of exceptions in evoheur's own code.

One costs a request and is told, instead of ending what took hours and was paid for.

Whatever a model writes is parsed, hashed, screened, evaluated, priced and stored by our code, and one reply in thousands finds what that
code was not written for. Raised again by every `resume`, such an exception would make the whole run useless. So it becomes the stored
outcome of its request. Errors that evoheur raises on purpose (`EvoheurError`) have a meaning of their own and pass.
"""

import errno
import logging
import traceback
from pathlib import Path
from typing import Literal

from evoheur.archive.records import Asked, Totals
from evoheur.errors import ExecutorError
from evoheur.request import INTERNAL, Failure
from evoheur.run.events import Events, InternalError

__all__ = ["Net", "described", "scarcity"]

_log = logging.getLogger(__name__)

_LONGEST = 300


_SCARCE = {
    errno.EMFILE: "raise the limit on open files (ulimit -n 1024), or lower evaluation.executor.slots",
    errno.ENFILE: "close what holds so many files open on this machine",
    errno.ENOMEM: "free memory, or lower evaluation.executor.slots",
    errno.EAGAIN: "raise the limit on processes (ulimit -u), or lower evaluation.executor.slots",
    errno.ENOSPC: "make room on the disk",
    errno.EDQUOT: "make room on the disk, or raise your quota",
}


def scarcity(error: BaseException) -> ExecutorError | None:
    """The shortage on this machine that an error is about.

    That is neither a reply's nor a candidate's doing. None if the error is about something else. It stops the run, to be resumed, since
    the next request would meet it as well.
    """
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, OSError) and found.errno in _SCARCE:
            return ExecutorError(f"This machine has too little of something ({found.strerror}): {_SCARCE[found.errno]}.")
        found = found.__cause__ or found.__context__
    return None


class Net:
    """Turns exceptions into failures and says so.

    Args:
        events: Who hears of it.
    """

    def __init__(self, events: Events) -> None:
        self._events = events
        self._known: set[str] = set()

    def caught(self, asked: Asked, error: Exception, stage: Literal["generation", "parsing"], totals: Totals) -> Failure:
        """The failure to store in place of an exception.

        Args:
            asked: The request that came to nothing.
            error: What was raised.
            stage: "generation" if no reply is stored.
            totals: For whoever is told.
        """
        words = described(error)
        again = words in self._known
        self._known.add(words)
        # Once in full: a fault that comes with every tenth reply must not bury the terminal. Whoever follows the events gets them all.
        level = logging.DEBUG if again else logging.ERROR
        _log.log(level, "Internal error at request %s, stored as its failure; please report it.", asked.number, exc_info=error)
        whole = "".join(traceback.format_exception(error))
        self._events.emit(InternalError(asked=asked, error=words, traceback=whole, again=again, totals=totals))
        return Failure(stage=stage, reason=INTERNAL, detail=f"internal error, please report it: {words}")


def described(error: BaseException) -> str:
    """An exception in one line, with the place that raised it."""
    try:
        said = str(error)
    except Exception:  # noqa: BLE001 - the text of an exception is made by whoever raised it, and must not raise another one here
        said = "no message"
    line = "".join(character for character in " ".join(said.split()) if character.isprintable())
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({_short(frames[-1].filename)}:{frames[-1].lineno} in {frames[-1].name})" if frames else ""
    return f"{type(error).__name__}: {line[:_LONGEST]}{place}"


def _short(filename: str) -> str:
    return "/".join(Path(filename).parts[-3:])

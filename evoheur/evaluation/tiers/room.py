"""Whether there is time and memory to compile: what a candidate may use is for the candidate."""

import mmap
import resource
import time

from .kinds import Refused

__all__ = ["require"]

_BYTES = 192 * 2**20
_SHARE = 10


def require(seconds: float) -> None:
    """Make sure that compiling takes little of what this process may still use.

    Args:
        seconds: Of processor time that compiling may take.

    Raises:
        Refused: It would take more than a tenth of the processor time that is left, or there may be too little memory.
    """
    allowed = resource.getrlimit(resource.RLIMIT_CPU)[0]
    if allowed != resource.RLIM_INFINITY and _SHARE * seconds > allowed - time.process_time():
        raise Refused(f"compiling would take more than a tenth of the {allowed} s of processor time that it may use")
    try:  # a compiler that runs out of memory ends the process, so the room is looked for first
        mmap.mmap(-1, _BYTES).close()
    except (OSError, ValueError, MemoryError):
        raise Refused("compiling needs more memory than it may use") from None

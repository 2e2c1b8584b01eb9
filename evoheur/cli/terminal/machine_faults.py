"""Messages for faults of the machine.

They are nobody's bug: a full disk, too few open files, a folder that is gone.
"""

import errno
import os
import resource
from collections.abc import Iterator

__all__ = ["fault_of_machine", "grant_open_files"]

_ENOUGH_FILES = 1024
_TOO_MANY_OPEN = (errno.EMFILE, errno.ENFILE)

_REMEDIES = {
    errno.ENOSPC: "make room on the disk, or write elsewhere; nothing that was stored is lost",
    errno.EDQUOT: "make room within your quota, or write elsewhere; nothing that was stored is lost",
    errno.EBADF: "standard output or another stream is closed or only for reading; redirect it to a file",
    errno.EFBIG: "raise the largest size of a file (ulimit -f), or write elsewhere",
    errno.EROFS: "write to a file system that is not read-only",
    errno.EACCES: "change the permissions, or name another place",
    errno.EPERM: "change the permissions, or name another place",
    errno.EIO: "the device or terminal reports an error; check it",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ELOOP: "the links in this path lead in a circle; name the file itself",
    errno.ENOMEM: "free some memory, or lower evaluation.executor.slots",
    errno.EAGAIN: "the system grants no more processes or threads (ulimit -u); stop some, or lower evaluation.executor.slots",
}


def fault_of_machine(error: BaseException) -> str:
    """The fault of the machine that an error is about.

    What is wrong and what to do, on one line; empty if the error is about something else.
    """
    faults = [each for each in _chain(error) if isinstance(each, OSError)]
    if any(each.errno in _TOO_MANY_OPEN for each in faults):
        return _too_many_open()
    for each in faults:
        if each.errno == errno.ENOENT and not _has_working_folder():
            return "The working folder is not there any more; go to one that is."
        if each.errno in _REMEDIES:
            where = f": {each.filename!r}" if each.filename is not None else ""
            return f"{each.strerror}{where}; {_REMEDIES[each.errno]}."
    return ""


def grant_open_files() -> None:
    """Allow this process as many open files as possible, where it starts with few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH_FILES if hard == resource.RLIM_INFINITY else min(_ENOUGH_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _too_many_open() -> str:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return (
        f"This process may have {limit} files open at once, and needs more; raise the limit (ulimit -n {_ENOUGH_FILES}), "
        "or lower evaluation.executor.slots."
    )


def _has_working_folder() -> bool:
    try:
        os.getcwd()  # noqa: PTH109 - Path.cwd() says the same
    except FileNotFoundError:
        return False
    return True

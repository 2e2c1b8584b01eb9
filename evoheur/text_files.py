"""Reading text files that a user names.

They are regular files of a sensible size, in UTF-8; anything else is refused in one line.
"""

import stat
from collections.abc import Callable
from pathlib import Path

from evoheur.errors import ConfigError

__all__ = ["check_readable", "exists", "read_text"]

_MIB = 1024 * 1024


def exists(path: Path) -> bool:
    """Whether there is something at a path.

    Nothing is at a path that no file could have.
    """
    try:
        path.stat()
    except (OSError, ValueError):
        return False
    return True


def check_readable(path: Path, *, what: str, most_mib: int, folders: bool = False, remedy: str = "check the path") -> None:
    """See that a path can be read without harm.

    Reading it neither waits for another process nor fills the memory.

    Args:
        path: As the user named it.
        what: Begins the message, such as "configuration file".
        most_mib: Largest file, in MiB.
        folders: Whether a folder will do; the files directly in it are checked too.
        remedy: What to do if it is missing.

    Raises:
        ConfigError: It is missing, no regular file, or too large.
    """
    try:
        status = path.stat()
        inside = sorted(path.iterdir()) if folders and stat.S_ISDIR(status.st_mode) else None
    except FileNotFoundError as error:
        raise ConfigError(f"There is no {what} {str(path)!r}; {remedy}.") from error
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL byte
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"The {what} {str(path)!r} cannot be read: {reason}.") from error
    if inside is not None:
        for entry in inside:
            if not entry.is_dir() and not entry.is_symlink():
                check_readable(entry, what=what, most_mib=most_mib)
        return
    if not stat.S_ISREG(status.st_mode):
        raise ConfigError(f"The {what} {str(path)!r} is {_kind(status.st_mode)}; give the path of a regular file.")
    if status.st_size > most_mib * _MIB:
        raise ConfigError(
            f"The {what} {str(path)!r} has {status.st_size / _MIB:,.0f} MiB, more than the {most_mib} MiB that are read."
        )


def read_text(path: Path, *, what: str, most_mib: int = 16, remedy: str = "check the path") -> str:
    """Read a regular file in UTF-8.

    A byte-order mark is left out.

    Args:
        path: As the user named it.
        what: Begins the message, such as "configuration file".
        most_mib: Largest file, in MiB.
        remedy: What to do if it is missing.

    Raises:
        ConfigError: It is missing, no regular file, too large, not readable or not UTF-8.
    """
    check_readable(path, what=what, most_mib=most_mib, remedy=remedy)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"The {what} {str(path)!r} is not UTF-8 (byte {error.start} is 0x{error.object[error.start]:02x}); save it as UTF-8."
        ) from error
    except OSError as error:
        raise ConfigError(f"The {what} {str(path)!r} cannot be read: {error.strerror or error}.") from error


def _kind(mode: int) -> str:
    kinds: dict[str, Callable[[int], bool]] = {
        "a folder": stat.S_ISDIR,
        "a named pipe": stat.S_ISFIFO,
        "a socket": stat.S_ISSOCK,
        "a device": lambda kind: stat.S_ISCHR(kind) or stat.S_ISBLK(kind),
    }
    return next((name for name, holds in kinds.items() if holds(mode)), "no regular file")

"""Lures that are files.

No candidate may read, change or learn about them.
"""

import os
import secrets
import shutil
import stat
import tempfile
from pathlib import Path

from evoheur.sandbox.interface import Json
from evoheur.testing.red_team.lures.lure import Lure, Sighting, told

__all__ = ["CacheFolder", "Folder", "SystemFile", "Traces"]


class Folder(Lure):
    """A folder that every user may read and write.

    Any user of the machine may, so that nothing but the sandbox stands before it.
    """

    def __init__(self) -> None:
        # Resolved, because what is looked for is what the attacker finds.
        self.path = Path(tempfile.mkdtemp(prefix="red-team-")).resolve()
        self.path.chmod(0o777)
        self._secret = secrets.token_hex(16)
        self._file = self.path / f"diary-{secrets.token_hex(4)}"
        self._file.write_text(self._secret + "." * (1000 + secrets.randbelow(9000)))
        self._file.chmod(0o666)
        self._size = f"{self._file.stat().st_size} bytes"
        (self.path / "victim").write_text("do not touch")
        (self.path / "victim").chmod(0o666)
        self._target = f"/home/{secrets.token_hex(8)}"
        (self.path / "link").symlink_to(self._target)
        self._before = _snapshot(self.path)

    def bait(self) -> dict[str, Json]:
        """The paths, and the host's process id for ways around."""
        return {"folder": str(self.path), "file": str(self._file), "victim": str(self.path / "victim"), "host": os.getpid()}

    def gain(self, outcome: Sighting) -> str:
        """A secret that it told, or a change of the folder."""
        after = _snapshot(self.path)
        if after != self._before:
            changed = sorted(name for name in after.keys() | self._before.keys() if after.get(name) != self._before.get(name))
            return f"it changed the host's files: {', '.join(changed)}"
        prizes = {
            "secret file": self._secret,
            "file names": f"listed {self._file.name}",
            "size of a file": self._size,
            "target of a link": self._target,
        }
        return told(outcome, prizes)

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.path)


class CacheFolder(Folder):
    """A folder for numba's compiled code.

    The guest is told to keep that code there, which whoever reads it runs.
    """

    def environment(self) -> dict[str, str]:
        """As `evoheur.evaluation.isolation.guest_entry` sets it."""
        return {"NUMBA_CACHE_DIR": str(self.path)}


class SystemFile(Lure):
    """A file of the system that anyone may read."""

    def __init__(self, path: str = "/etc/passwd") -> None:
        self._path = path
        self._line = Path(path).read_text(encoding="utf-8").splitlines()[0]

    def bait(self) -> dict[str, Json]:
        """Its path."""
        return {"file": self._path}

    def gain(self, outcome: Sighting) -> str:
        """Its first line."""
        return told(outcome, {self._path: self._line})


class Traces(Lure):
    """Places that all processes of a machine share.

    A file of that name must appear in none.
    """

    _PLACES = ("/dev/shm", "/tmp", "/var/tmp", "/run", "/dev/mqueue")  # noqa: S108 - where others would look, not we

    def __init__(self) -> None:
        self._name = f"red-team-{secrets.token_hex(8)}"

    def bait(self) -> dict[str, Json]:
        """The name that it may leave anywhere."""
        return {"name": self._name}

    def gain(self, outcome: Sighting) -> str:  # noqa: ARG002 - what lies there counts, not what was said
        """Where the file lies."""
        found = self._found()
        return f"it left a file for others: {', '.join(map(str, found))}" if found else ""

    def close(self) -> None:
        """Remove what was left."""
        for path in self._found():
            path.unlink()

    def _found(self) -> list[Path]:
        return [path for place in self._PLACES if (path := Path(place) / self._name).exists()]


def _snapshot(folder: Path) -> dict[str, tuple[object, ...]]:
    # Everything but access times; the change time of the inode tells of whatever is not listed here, such as attributes.
    found: dict[str, tuple[object, ...]] = {}
    for path in (folder, *folder.rglob("*")):
        about = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(about.st_mode) else b""
        name = "the folder" if path == folder else path.name
        found[name] = (about.st_mode, about.st_uid, about.st_mtime_ns, about.st_ctime_ns, about.st_nlink, content)
    return found

"""Shared libraries that programs and extension modules need.

They are those of an image, as this machine's own loader finds them.
"""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from evoheur.sandbox.interface import SandboxUnavailable

__all__ = ["found_by_loader", "shared_libraries"]

# "  libz.so.1 => /lib/libz.so.1 (0x…)", or "  /lib64/ld-linux-x86-64.so.2 (0x…)" for the loader itself.
_FOUND = re.compile(r"^\s+(?:\S+ => )?(/.+) \(0x[0-9a-f]+\)$", re.MULTILINE)


def shared_libraries(
    tree: Mapping[PurePosixPath, Path | bytes], *, base: Path, prefix: PurePosixPath
) -> dict[PurePosixPath, Path]:
    """Libraries that a tree needs and does not hold.

    Args:
        tree: Path inside → file of this machine, or what the file holds.
        base: Where this machine's Python is installed.
        prefix: Where that is inside. A library elsewhere keeps its path.

    Raises:
        SandboxUnavailable: This machine has no `ldd`.
    """
    machine_code = [
        path for path in tree.values() if isinstance(path, Path) and (path.suffix == ".so" or path.stat().st_mode & 0o100)
    ]
    known = {path.resolve() for path in tree.values() if isinstance(path, Path)}
    missing = [path for path in found_by_loader(_ask_loader(machine_code)) if path.resolve() not in known]
    return {
        prefix / path.relative_to(base) if path.is_relative_to(base) else PurePosixPath(path): path.resolve() for path in missing
    }


def found_by_loader(words: str) -> list[Path]:
    """Libraries that the output of `ldd` names, each once."""
    return sorted({Path(os.path.normpath(path)) for path in _FOUND.findall(words)})


def _ask_loader(files: list[Path]) -> str:
    try:
        # Its exit code tells nothing: a script among the files makes it 1.
        done = subprocess.run(["ldd", *map(str, files)], capture_output=True, text=True, check=False)  # noqa: S603, S607 - our files
    except OSError as error:
        raise SandboxUnavailable(
            f"The image cannot be built without `ldd`, which tells the libraries that Python needs: {error}. Install it (it comes with "
            "the C library), or build an image from sandbox/Dockerfile."
        ) from error
    return done.stdout

"""The files that candidates may still read: the standard library and the numerical libraries, from which modules are imported late.

All of it is public code. What lies beside it is out of reach, such as a problem's instances and best known values, which may well be
installed in the same `site-packages`. Shared libraries are loaded while they are in sight, so no system folder is needed at all.
"""

import ctypes
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["View", "forget_other_modules", "load_machine_code", "runtime_view"]

_INSTALLED = ("site-packages", "dist-packages")
# Extension modules of the standard library that are no use without a screen, a terminal or a test suite, and load much.
_USELESS = ("_test", "_xx", "xx", "_tkinter", "_curses", "readline", "_dbm", "_gdbm", "nis", "_ctypes_test", "ossaudiodev")


@dataclass(frozen=True, slots=True)
class View:
    """Part of the file system.

    Attributes:
        folders: What is in sight, with all below it; paths as the interpreter spells them.
        hidden: Subfolders of these that are not, except as far as other `folders` lie in them.
    """

    folders: tuple[Path, ...]
    hidden: tuple[Path, ...] = ()


def runtime_view(libraries: Sequence[str]) -> View:
    """The standard library without what is installed in it, and those libraries that this process has imported.

    Args:
        libraries: Names of top-level packages.
    """
    standard = Path(os.__file__).parent
    machine = [Path(entry) for entry in sys.path if Path(entry).name == "lib-dynload"]
    packages = [Path(place) for name in libraries if name in sys.modules for place in getattr(sys.modules[name], "__path__", ())]
    return View(
        folders=(standard, *(path for path in machine if path.parent != standard), *packages),
        hidden=tuple(path for name in _INSTALLED if (path := standard / name).is_dir()),
    )


def load_machine_code(view: View) -> None:
    """Load every extension module in sight, with the shared libraries that it needs, without importing it.

    One whose libraries are missing cannot be imported anyway, and is passed over.
    """
    for path in _extensions(view):
        try:
            ctypes.CDLL(str(path))
        except OSError:
            continue


def forget_other_modules(view: View) -> None:
    """Make Python look for modules in view only, so that any other one is missing instead of refused.

    Libraries try optional imports, and are prepared for an ImportError but not for a PermissionError.
    """
    sys.path[:] = [
        entry for entry in sys.path if Path(entry) not in view.hidden and {Path(entry), Path(entry).parent} & {*view.folders}
    ]


def _extensions(view: View) -> Iterator[Path]:
    standard, *others = view.folders
    for folder in (standard / "lib-dynload", *others):
        for path in sorted(folder.rglob("*.so")):
            if not path.name.startswith(_USELESS):
                yield path

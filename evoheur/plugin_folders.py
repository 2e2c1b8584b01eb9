"""Import of modules that lie beside a configuration.

They are found without `sys.path`, so that nothing in that folder stands in the way of what is installed.
"""

import importlib
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from evoheur.draft_approval import refuse_unapproved
from evoheur.errors import ConfigError, EvoheurError

__all__ = ["ForeignFault", "folder_of", "foreign_code", "import_beside", "import_module"]


class ForeignFault(ConfigError):
    """Somebody else's code raised something.

    The message is the type and the text of what it raised, which is the cause.
    """


@contextmanager
def foreign_code(*, passing: tuple[type[BaseException], ...] = ()) -> Iterator[None]:
    """Turn whatever somebody else's code raises into a `ForeignFault`.

    SystemExit too; not a Ctrl-C, and not errors of ours, which say what to do.

    Args:
        passing: Exceptions that pass as they are.

    Raises:
        ForeignFault: It raised something.
    """
    try:
        yield
    except passing:
        raise
    except (KeyboardInterrupt, EvoheurError):
        raise
    except BaseException as error:  # a boundary: what a plug-in raises must not end what could go on without it
        raise ForeignFault(f"{type(error).__name__}: {_said(error)}") from error


def _said(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - the text of an exception is made by whoever raised it, and must not raise another one here
        return "no message"


class _BesideFinder(importlib.abc.MetaPathFinder):
    """Finder of modules in some folders, asked last.

    It answers only those who may have them, and only after everybody else was asked. A module that lies in a folder may import its
    neighbours, at any time; so may `import_module`. To all others the folders are not there: a `coverage.py` beside a configuration must
    not become the coverage that an installed package tries to import.
    """

    def __init__(self) -> None:
        self.wanted: Path | None = None
        self.found: dict[str, Path] = {}  # top-level module → its folder

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if path is not None:  # inside a package, which knows its own folder
            return None
        folder = self._folder(_importer(sys._getframe(1)))  # noqa: SLF001 - the documented way to a caller
        if folder is None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, [str(folder)], target)
        if spec is not None:
            self.found[fullname] = folder
        return spec

    def _folder(self, importer: FrameType | None) -> Path | None:
        if importer is None:
            return None
        name = importer.f_globals.get("__name__", "")
        return self.wanted if name == __name__ else self.found.get(name.partition(".")[0])


_beside = _BesideFinder()


def import_module(name: str, folder: Path | None) -> ModuleType:
    """Import a module that is installed or lies in a folder.

    What is installed comes first.

    Args:
        name: With its package.
        folder: None to look among what is installed only.

    Raises:
        ConfigError: A module of that name came from another such folder before, or a model drafted it and nobody said yes.
        ModuleNotFoundError: As Python's own import.
        ForeignFault: It raised something else.
    """
    if _beside not in sys.meta_path:
        sys.meta_path.append(_beside)
    _refuse_drafts(name, folder)
    top = name.partition(".")[0]
    known = _beside.found.get(top)
    if folder is not None and known not in {None, folder} and importlib.machinery.PathFinder.find_spec(top, [str(folder)]):
        raise ConfigError(
            f"Two modules are called {top!r}, one in {str(known)!r} and one in {str(folder)!r}; rename one of them."
        )
    _beside.wanted = folder
    importlib.invalidate_caches()
    try:
        with foreign_code(passing=(ModuleNotFoundError,)):
            return importlib.import_module(name)
    finally:
        _beside.wanted = None


def _refuse_drafts(name: str, folder: Path | None) -> None:
    """Refuse modules in drafts that nobody said yes to."""
    parts = name.split(".")
    roots = [Path(entry) for entry in sys.path] + ([] if folder is None else [folder])
    for root in roots:
        if folder == root and root.joinpath(f"{parts[0]}.py").is_file():
            refuse_unapproved(root)
        for depth in range(1, len(parts) + 1):
            refuse_unapproved(root.joinpath(*parts[:depth]))


def import_beside(module: str, name: str) -> ModuleType:
    """Import a module that lies beside another one.

    Both are on their own, in no package.

    Args:
        module: A top-level module that was imported before.
        name: The module to import.

    Raises:
        ModuleNotFoundError: As Python's own import.
        ForeignFault: It raised something else.
    """
    return import_module(name, _beside.found.get(module))


def folder_of(found: Any) -> Path | None:
    """The folder beside a configuration that something was found in.

    It may be a module, or a class or function, whose module counts. None for what is installed.
    """
    name = found.__name__ if isinstance(found, ModuleType) else getattr(found, "__module__", "")
    return _beside.found.get(str(name).partition(".")[0])


def _importer(frame: FrameType | None) -> FrameType | None:
    """The frame that asks for a module, the import system's own passed over."""
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] in {"importlib", "_frozen_importlib"}:
        frame = frame.f_back
    return frame

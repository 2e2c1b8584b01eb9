"""Modules kept in memory as compiled code.

They are the standard library and the numerical libraries, so that no child ever needs a file. Whether a file was read before can be
timed, and so can whether a name was looked up: candidates that read files, even public ones, could leave messages for each other. They
import from here instead, out of memory that all of them have alike and none can change for another.
"""

import ctypes
import functools
import importlib.util
import marshal
import os
import struct
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    BuiltinImporter,
    ExtensionFileLoader,
    FrozenImporter,
    ModuleSpec,
)
from pathlib import Path
from types import CodeType, ModuleType
from typing import TypeVar

__all__ = ["Shelf", "Volume"]

# What nobody imports who computes, and much of the size.
_USELESS = {
    "__pycache__", "cuda", "curses", "dist-packages", "ensurepip", "idlelib", "lib2to3", "pydoc_data", "site-packages", "test",
    "tests", "tkinter", "turtledemo",
}  # fmt: skip
# Extension modules of the standard library that are no use without a screen, a terminal or a test suite, and load much.
_USELESS_FILES = ("_test", "_xx", "xx", "_tkinter", "_curses", "readline", "_dbm", "_gdbm", "nis", "_ctypes_test", "ossaudiodev")
_HEAD = struct.Struct("<4sIII")  # of a compiled file: magic number, flags, time of change and size of its source (PEP 552)
_Found = TypeVar("_Found")
_UNCHECKED = 0b01  # a flag: whoever made the file vouches for it


class Volume:
    """One module that can be imported.

    Attributes:
        path: Where it was read, which is what its `__file__` says.
        package: Whether other modules lie beneath it.
    """

    __slots__ = ("_content", "_skip", "package", "path")

    def __init__(self, path: str, *, package: bool) -> None:
        self.path = path
        self.package = package
        self._content, self._skip = _compiled(path) or (Path(path).read_bytes(), -1)

    def code(self) -> CodeType:
        """The code to run on import, compiled at first use."""
        if self._skip < 0:
            return compile(self._content, self.path, "exec", dont_inherit=True)
        code: CodeType = marshal.loads(memoryview(self._content)[self._skip :])  # noqa: S302 - the interpreter's own files, read by the guest
        return code


class Shelf(MetaPathFinder):
    """Finds modules in memory, and nothing else.

    Args:
        volumes: Modules by full name.
        extensions: Paths of extension modules by full name; they must be loaded before files are out of reach.
    """

    def __init__(self, volumes: Mapping[str, Volume], extensions: Mapping[str, str]) -> None:
        self._volumes = volumes
        self._extensions = extensions

    @classmethod
    def of(cls, libraries: Sequence[str]) -> "Shelf":
        """Read the standard library and imported libraries.

        What is installed in the standard library is left out; of the libraries, those that this process has imported are read. Modules
        that are imported already are left out: whoever imports them again gets them as they are.

        Args:
            libraries: Names of top-level packages.
        """
        volumes, extensions = _read(tuple(_places(libraries)))
        return cls(_missing(volumes), _missing(extensions))

    def load_machine_code(self) -> None:
        """Load the machine code of every extension module.

        It comes with the shared libraries that it needs, and is not imported. The C library then finds it by its path without opening
        that. One whose libraries are missing cannot be imported anyway, and is passed over.
        """
        for path in self._extensions.values():
            try:
                ctypes.CDLL(path)
            except OSError:
                continue

    def replace_files(self) -> None:
        """Make Python look for modules here only.

        Any other one is then missing instead of refused. Libraries try optional imports, and are prepared for an ImportError but not for
        a PermissionError.
        """
        sys.meta_path[:] = [BuiltinImporter, FrozenImporter, self]
        sys.path[:] = []
        sys.path_hooks[:] = []
        sys.path_importer_cache.clear()

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 - names are full, so no folder needs to be searched
        target: ModuleType | None = None,  # noqa: ARG002 - as the protocol of finders has it
    ) -> ModuleSpec | None:
        """The module of that name, if it is here."""
        if volume := self._volumes.get(fullname):
            beneath = [str(Path(volume.path).parent)] if volume.package else None
            return importlib.util.spec_from_file_location(
                fullname, volume.path, loader=_Loader(volume), submodule_search_locations=beneath
            )
        if place := self._extensions.get(fullname):
            return importlib.util.spec_from_file_location(fullname, place, loader=ExtensionFileLoader(fullname, place))
        return None


class _Loader(InspectLoader):
    def __init__(self, volume: Volume) -> None:
        self._volume = volume

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - a loader loads one module
        return self._volume.code()

    def get_source(self, fullname: str) -> None:  # noqa: ARG002 - tracebacks do without the lines of libraries
        return None

    def is_package(self, fullname: str) -> bool:  # noqa: ARG002 - a loader loads one module
        return self._volume.package


@functools.cache  # a fork server reads once for all its guests
def _read(places: tuple[tuple[str, str], ...]) -> tuple[Mapping[str, Volume], Mapping[str, str]]:
    volumes: dict[str, Volume] = {}
    extensions: dict[str, str] = {}
    for folder, prefix in places:
        for name, path in _modules(folder, prefix):
            if name in sys.modules:
                continue
            if path.endswith(tuple(EXTENSION_SUFFIXES)):
                extensions.setdefault(name, path)
            elif name not in volumes:
                volumes[name] = Volume(path, package=Path(path).stem == "__init__")
    return volumes, extensions


def _missing(modules: Mapping[str, _Found]) -> dict[str, _Found]:
    return {name: found for name, found in modules.items() if name not in sys.modules}


def _places(libraries: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield str(Path(os.__file__).parent), ""
    yield from ((entry, "") for entry in sys.path if Path(entry).name == "lib-dynload")
    for name in libraries:
        if name in sys.modules:
            yield from ((place, f"{name}.") for place in getattr(sys.modules[name], "__path__", ()))


def _modules(folder: str, prefix: str) -> Iterator[tuple[str, str]]:
    # Full names and paths of all modules in a folder and, packages or not, below.
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        stem, _, ending = entry.name.partition(".")
        if stem in _USELESS:
            continue
        if f".{ending}" in (*SOURCE_SUFFIXES, *EXTENSION_SUFFIXES):
            if not (prefix == "" and stem.startswith(_USELESS_FILES)):
                yield (prefix + stem if stem != "__init__" else prefix[:-1]), entry.path
        elif stem.isidentifier() and not ending and entry.is_dir():
            yield from _modules(entry.path, f"{prefix}{stem}.")


def _compiled(path: str) -> tuple[bytes, int] | None:
    # The compiled file beside a source, as long as it is that of this source, by the rules of the interpreter; and where its code begins.
    try:
        content = Path(importlib.util.cache_from_source(path)).read_bytes()
        source = Path(path).stat()
    except OSError:
        return None
    if len(content) < _HEAD.size:
        return None
    magic, flags, changed, size = _HEAD.unpack_from(content)
    same = flags == _UNCHECKED or (flags, changed, size) == (0, int(source.st_mtime) & 0xFFFFFFFF, source.st_size & 0xFFFFFFFF)
    return (content, _HEAD.size) if magic == importlib.util.MAGIC_NUMBER and same else None

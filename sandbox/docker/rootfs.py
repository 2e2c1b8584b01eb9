"""File system of the image, from this interpreter's files.

There is no distribution, no shell, no download. The layout is that of the official Python images: everything of Python is under
/usr/local.
"""

import importlib.machinery
import importlib.metadata
import importlib.util
import os
import sys
import sysconfig
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from evoheur.sandbox.docker.image_contents import Contents
from evoheur.sandbox.docker.libraries import shared_libraries
from evoheur.sandbox.interface import SandboxUnavailable

__all__ = ["PATH", "SITE", "Tree", "host_files", "tar_stream", "variables"]

_PREFIX = PurePosixPath("/usr/local")
_INTERPRETER = _PREFIX / "bin" / "python3"
_VERSION = f"python{sys.version_info.major}.{sys.version_info.minor}"
SITE = _PREFIX / "lib" / _VERSION / "site-packages"
"""Where packages are inside."""
PATH = "/usr/local/bin:/usr/bin:/bin"
"""Where programs are inside."""
_USELESS = {
    "test",
    "tests",
    "idlelib",
    "tkinter",
    "turtledemo",
    "ensurepip",
    "lib2to3",
    "site-packages",
    "dist-packages",
    "__pycache__",
}
_USELESS_FILES = ("_tkinter", "_test", "_ctypes_test", "_curses", "readline", "xx")
_MOUNT_POINTS = ("proc", "sys", "dev", "tmp", "run")
_ACCOUNTS = {
    "etc/passwd": b"root:x:0:0::/:/bin/false\nnobody:x:65534:65534::/nonexistent:/bin/false\n",
    "etc/group": b"root:x:0:\nnogroup:x:65534:\n",
}
_CHUNK = 1 << 20

Tree = Mapping[PurePosixPath, Path | bytes]
"""Path inside → file of this machine, or what the file holds."""


def host_files(contents: Contents) -> dict[PurePosixPath, Path | bytes]:
    """Everything that goes into the image.

    Args:
        contents: Of this interpreter.

    Raises:
        SandboxUnavailable: A package was installed in a way that does not tell its files.
    """
    tree: dict[PurePosixPath, Path | bytes] = {PurePosixPath("/", name): data for name, data in _ACCOUNTS.items()}
    tree[_INTERPRETER] = Path("/proc/self/exe").resolve()
    base = Path(sys.base_prefix)
    for path in _standard_library():
        tree[_PREFIX / path.relative_to(base)] = path
    for package, _ in contents.packages:
        tree.update(_files_of(package))
    tree.update(shared_libraries(tree, base=base, prefix=_PREFIX))
    return tree


def variables(tree: Tree) -> dict[str, str]:
    """Environment variables by which the interpreter finds its libraries."""
    folders = sorted({str(path.parent) for path in tree if ".so" in path.suffixes and not path.is_relative_to(SITE)})
    outside = [folder for folder in folders if "lib-dynload" not in folder]
    return {"PATH": PATH, "LD_LIBRARY_PATH": ":".join(outside)}


def tar_stream(tree: Tree) -> Iterator[bytes]:
    """The tree as a tar archive, piece by piece.

    Everything is readable by everyone and owned by root. Times of change are kept, because compiled Python files hold those of their
    sources.

    Raises:
        SandboxUnavailable: A file changed while it was read.
    """
    folders = {PurePosixPath("/", name) for name in _MOUNT_POINTS}.union(*(path.parents for path in tree))
    for folder in sorted(folders - {PurePosixPath("/")}):
        yield _header(folder, mode=0o755, kind=tarfile.DIRTYPE)
    for alias in ("python", _VERSION):
        yield _header(_INTERPRETER.with_name(alias), mode=0o777, kind=tarfile.SYMTYPE, target=_INTERPRETER.name)
    for inside, source in sorted(tree.items()):
        yield from _entry(inside, source)
    yield bytes(2 * tarfile.BLOCKSIZE)


def _standard_library() -> Iterator[Path]:
    base = {"installed_base": sys.base_prefix, "installed_platbase": sys.base_exec_prefix}
    places = {sysconfig.get_path(name, vars=base) for name in ("stdlib", "platstdlib")}
    # In a virtual environment "platstdlib" is a folder of the environment, without extension modules in it.
    for place in sorted(place for place in places if Path(place).is_relative_to(sys.base_prefix)):
        for folder, names, files in os.walk(place):
            names[:] = sorted(name for name in names if name not in _USELESS and not name.startswith("config-"))
            for name in sorted(name for name in files if not name.startswith(_USELESS_FILES)):
                yield from _with_compiled(Path(folder, name))


def _files_of(package: str) -> Iterator[tuple[PurePosixPath, Path]]:
    distribution = importlib.metadata.distribution(package)
    files = [file for file in distribution.files or () if ".." not in file.parts and "__pycache__" not in file.parts]
    if not files or any(file.name.startswith("__editable__") or file.suffix in {".pth", ".egg-link"} for file in files):
        raise SandboxUnavailable(
            f"The package {package!r} is installed without a list of its files (in editable form, or by the system), so it cannot be "
            f"copied into the image; install it with pip in a virtual environment: pip install --force-reinstall {package}."
        )
    root = Path(str(distribution.locate_file("")))
    for file in files:
        for path in _with_compiled(root / file):
            yield SITE / path.relative_to(root).as_posix(), path


def _with_compiled(path: Path) -> Iterator[Path]:
    # Compiling numpy and numba at every start of a guest would take seconds.
    if path.is_file():
        yield path
        if path.suffix in importlib.machinery.SOURCE_SUFFIXES:
            compiled = Path(importlib.util.cache_from_source(path))
            if compiled.is_file():
                yield compiled


def _entry(inside: PurePosixPath, source: Path | bytes) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield _header(inside, size=len(source)) + source + _padding(len(source))
        return
    with source.open("rb") as file:
        state = os.fstat(file.fileno())
        mode = 0o755 if state.st_mode & 0o100 else 0o644
        yield _header(inside, size=state.st_size, time=int(state.st_mtime), mode=mode)
        left = state.st_size
        while left and (chunk := file.read(min(left, _CHUNK))):
            left -= len(chunk)
            yield chunk
        if left:
            raise SandboxUnavailable(f"{source} changed while it was copied into the image; build the image again.")
    yield _padding(state.st_size)


def _header(
    path: PurePosixPath, *, size: int = 0, time: int = 0, mode: int = 0o644, kind: bytes = tarfile.REGTYPE, target: str = ""
) -> bytes:
    entry = tarfile.TarInfo(str(path.relative_to("/")))
    entry.size, entry.mtime, entry.mode, entry.type, entry.linkname = size, time, mode, kind, target
    return entry.tobuf(tarfile.PAX_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % tarfile.BLOCKSIZE)

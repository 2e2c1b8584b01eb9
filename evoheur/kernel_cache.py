"""The folder in which numba keeps the kernels it compiled.

It is one that can be written, and that no other user can write. numba looks beside the code and then in the home folder, and refuses to
compile where it can write neither, as in a shared installation or an image that another user runs. What it keeps is pickle: whoever can
write it runs code in whoever reads it.
"""

import contextlib
import functools
import importlib
import os
import pickle
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = [
    "SWITCH",
    "KernelCache",
    "choose_guest_cache",
    "choose_kernel_cache",
    "kernel_cache",
    "pass_over_stale_kernels",
    "user_folder",
]

SWITCH = "EVOHEUR_KERNEL_CACHE"
"""Environment variable that, set to "off", has every process compile for itself."""

_VARIABLE = "NUMBA_CACHE_DIR"
_STALE = (AttributeError, ImportError, EOFError, pickle.UnpicklingError)
_ROOT = Path(__file__).parent
_CODE = (_ROOT / "problems",)
_TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - only ever a folder in them that is checked to be ours alone


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelCache:
    """Where compiled kernels are kept, and why there.

    Attributes:
        folder: What NUMBA_CACHE_DIR has to say; None where numba finds a place beside the code, or where nothing is kept.
        kept: False where every process has to compile for itself.
        reason: For a person, in words that go on after "kept in …" or "not kept: ".
    """

    folder: Path | None
    kept: bool
    reason: str

    @property
    def notice(self) -> str:
        """What a user should know and do where nothing is kept; else empty."""
        if self.kept:
            return ""
        return (
            f"Compiled kernels cannot be kept, so every start compiles them again ({self.reason}); "
            f"set {_VARIABLE} to a folder that only you can write."
        )


@functools.cache
def kernel_cache() -> KernelCache:
    """Choose this process's place once, and tell numba.

    Call it before the first kernel is declared.
    """
    chosen = choose_kernel_cache(os.environ)
    if not chosen.kept:
        # Declaring a kernel with cache=True would fail for want of a folder; this is the step of it that looks for one.
        importlib.import_module("numba.core.dispatcher").Dispatcher.enable_caching = lambda _self: None
        importlib.import_module("numba.core.ccallback").CFunc.enable_caching = lambda _self: None
    elif chosen.folder is not None and os.environ.get(_VARIABLE) != str(chosen.folder):
        os.environ[_VARIABLE] = str(chosen.folder)
        if "numba" in sys.modules:  # it read the variable when it was imported
            sys.modules["numba"].config.CACHE_DIR = str(chosen.folder)
    return chosen


def pass_over_stale_kernels() -> None:
    """Have numba compile anew where what it kept names what is no longer there.

    Its files hold the classes of arguments by name, and are read before they are compared with the source. After an update that renames or
    moves a class, or a module, nothing would start until somebody deletes them.
    """
    cache_file = importlib.import_module("numba.core.caching").IndexDataCacheFile
    if hasattr(cache_file.load, "__wrapped__"):
        return
    load_index, load = cache_file._load_index, cache_file.load  # noqa: SLF001 - there is no public way

    @functools.wraps(load_index)
    def index_or_empty(self: object) -> Any:
        with contextlib.suppress(*_STALE):
            return load_index(self)
        return {}

    @functools.wraps(load)
    def kernel_or_none(self: object, key: object) -> Any:
        with contextlib.suppress(*_STALE):
            return load(self, key)
        return None

    cache_file._load_index, cache_file.load = index_or_empty, kernel_or_none  # noqa: SLF001 - as above


def choose_kernel_cache(environ: Mapping[str, str], *, code: Sequence[Path] = _CODE) -> KernelCache:
    """Choose a place for the kernels of trusted code.

    In this order: as told, beside the code, the user's cache folder, a temporary folder, or none.

    Args:
        environ: Environment variables.
        code: Folders with the kernels' sources.
    """
    if environ.get(SWITCH, "").lower() == "off":
        return KernelCache(folder=None, kept=False, reason=f"{SWITCH} is off")
    if words := _umask_in_the_way():
        return KernelCache(folder=None, kept=False, reason=words)
    obstacles = []
    if given := environ.get(_VARIABLE, ""):
        if _can_be_written(Path(given)):
            return KernelCache(folder=Path(given), kept=True, reason=f"{_VARIABLE} says so")
        obstacles.append(f"{_VARIABLE} is {given!r}, which cannot be written")
    closed = next((folder for folder in _folders(code) if not _can_be_written(folder / "__pycache__")), None)
    if closed is None:
        return KernelCache(folder=None, kept=True, reason="; ".join(["beside the code", *obstacles]))
    return _private(environ, "numba", [*obstacles, f"{str(closed)!r} cannot be written"])


def choose_guest_cache(environ: Mapping[str, str]) -> KernelCache:
    """Choose a place for guests that trusted code never reads.

    Args:
        environ: Environment variables of the trusted side.
    """
    if words := _umask_in_the_way():
        return KernelCache(folder=None, kept=False, reason=words)
    return _private(environ, "guest-numba", [])


def user_folder(environ: Mapping[str, str]) -> Path | None:
    """The user's folder for what can be made again.

    It is where the XDG base directory specification has it; None for a user without a home.
    """
    given = environ.get("XDG_CACHE_HOME", "")
    if Path(given).is_absolute():
        return Path(given)
    try:
        return Path.home() / ".cache"
    except RuntimeError:  # no HOME, and nobody knows this user's number
        return None


def _umask_in_the_way() -> str:
    """Why folders that numba makes would be closed to their maker.

    Empty if they are not.
    """
    umask = os.umask(0o077)  # it can only be read by setting it
    os.umask(umask)
    return f"the umask {umask:03o} closes what this user makes to himself" if umask & 0o700 and os.geteuid() != 0 else ""


def _private(environ: Mapping[str, str], name: str, obstacles: Sequence[str]) -> KernelCache:
    because = list(obstacles)
    for folder, words in _places(environ, name):
        if not (obstacle := _obstacle(folder)):
            return KernelCache(folder=folder, kept=True, reason="; ".join([words, *because]))
        because.append(obstacle)
    return KernelCache(folder=None, kept=False, reason="; ".join(because))


def _places(environ: Mapping[str, str], name: str) -> Iterator[tuple[Path, str]]:
    user = user_folder(environ)
    if user is not None:
        yield user / "evoheur" / name, "the user's cache folder"
    given = environ.get("TMPDIR", "")
    for place in [given] * Path(given).is_absolute() + [*_TEMPORARY]:
        if Path(place).is_dir():
            yield Path(place) / f"evoheur-{os.geteuid()}" / name, "a temporary folder of this user's own"


def _obstacle(folder: Path) -> str:
    """Why a folder cannot be trusted to hold code.

    Makes the folder if need be. Empty if it can be trusted.
    """
    try:
        _make(folder)
        trusted = _only_ours(folder)
    except OSError as error:
        return f"{str(folder)!r} cannot be made ({error.strerror})"
    if not trusted:
        return f"{str(folder)!r} is not safe from other users"
    return "" if os.access(folder, os.W_OK | os.X_OK) else f"{str(folder)!r} cannot be written"


def _make(folder: Path) -> None:
    if folder.is_dir():
        return
    _make(folder.parent)
    with contextlib.suppress(FileExistsError):  # made by another process meanwhile, or a link to nowhere, which the checks find
        folder.mkdir(mode=0o700)
        folder.chmod(0o700)  # whatever the umask says


def _only_ours(folder: Path) -> bool:
    """Whether nobody else can write or replace the folder.

    Above it, what others may write must be sticky, as /tmp is: nobody renames another's folder there.
    """
    real, own = folder.resolve(strict=True), os.geteuid()
    state = real.stat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != own or state.st_mode & 0o022:
        return False
    above = [path.stat() for path in {*folder.absolute().parents, *real.parents}]
    return all(each.st_uid in {own, 0} and not (each.st_mode & 0o022 and not each.st_mode & stat.S_ISVTX) for each in above)


def _folders(code: Sequence[Path]) -> Iterator[Path]:
    for root in code:
        for folder, inner, files in os.walk(root):
            inner[:] = [name for name in inner if name != "__pycache__"]
            if any(name.endswith(".py") for name in files):
                yield Path(folder)


def _can_be_written(folder: Path) -> bool:
    """Whether files can be made in a folder.

    The folder is there, or would have to be made first.
    """
    there = next((path for path in (folder, *folder.parents) if path.exists()), Path("/"))
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)

"""Reading a user's instance files, one or a whole folder.

This is what the readers of all problems have in common. A problem says how one file of each suffix is read, and this module does the rest:
existence, suffixes, names, and what becomes of a file in a folder that cannot be read.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar

from evoheur.errors import ConfigError
from evoheur.problem import Instance

__all__ = ["READER_FAULTS", "InstancesRead", "OutsideLimits", "PartlyRead", "Reader", "read_files"]

InstanceT = TypeVar("InstanceT", bound=Instance)

Reader: TypeAlias = Callable[[Path], Iterable[tuple[InstanceT, float | None]]]
"""Reads one file: its instances, each with its reference or None; raises ConfigError with the file's name and the reason."""

READER_FAULTS = (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)
"""What an author's own reader may raise for a broken file, beside ConfigError."""

_REASONS = 10  # a line that says more is not read
_TEXTS = frozenset({".csv", ".json", ".txt"})  # suffixes that a folder's papers have too
_PAPERS = ("authors", "changelog", "citation", "copying", "licence", "license", "notice", "readme")


@dataclass(frozen=True, slots=True, kw_only=True)
class InstancesRead(Generic[InstanceT]):
    """What was read from a file or a folder.

    Attributes:
        path: Of the file or folder.
        instances: Smallest first.
        references: Name of the instance → optimum or best known cost, for those that have one.
        faults: File of a folder that could not be read → the reason, which names the file.
        outside: File of a folder that is well formed and outside the limits, such as too large → the reason, likewise.
    """

    path: Path
    instances: list[InstanceT]
    references: dict[str, float]
    faults: dict[str, str] = field(default_factory=dict)
    outside: dict[str, str] = field(default_factory=dict)

    def complete(self) -> list[InstanceT]:
        """The instances, if every file of the folder was read.

        Raises:
            PartlyRead: Some were not; it holds what the others gave.
        """
        if self.faults or self.outside:
            raise PartlyRead(self)
        return self.instances


class OutsideLimits(ConfigError):
    """A well-formed file that is outside the limits of what can be used, such as too large.

    A reader raises it; in a folder such a file is skipped and named, while a broken one stops a run.
    """


class PartlyRead(ConfigError):
    """Some files of a folder that cannot be read.

    The message names them all.

    Attributes:
        read: What the others gave, for those who can go on with less.
    """

    def __init__(self, read: InstancesRead[Any]) -> None:
        unread = read.faults or read.outside
        reasons, others = list(unread.values())[:_REASONS], list(unread)[_REASONS:]
        more = f"; and as little {', '.join(others)}" if others else ""
        number = f"{len(unread)} files" if len(unread) > 1 else "1 file"
        wrong = "cannot be read, correct or remove what is wrong" if read.faults else "cannot be used and was left out"
        super().__init__(f"{number} in {read.path} {wrong}: {' '.join(reasons)}{more}")
        self.read = read


def read_files(
    path: Path,
    readers: Mapping[str, Reader[InstanceT]],
    *,
    size: Callable[[InstanceT], float],
    skipped: Collection[str] = (),
) -> InstancesRead[InstanceT]:
    """Read a file, or every file of a folder.

    Of a folder, those are read whose suffix has a reader, in order of name; folders inside it are left alone.

    Args:
        path: Of the file or folder.
        readers: Suffix in lower case, such as ".tsp" → reader; `.TSP` is the same suffix.
        size: By which instances are sorted.
        skipped: Names of files that have such a suffix and hold no instances, such as tables of references. README, LICENSE and the like
            are passed over anyway.

    Raises:
        ConfigError: The path does not exist, holds no such file or none that can be read, is a file that cannot be read, or two instances
            share a name.
    """
    wanted = f"{_listed(list(readers))} file"
    if path.is_dir():
        files = _files_in(path, readers, skipped)
        if not files:
            raise ConfigError(f"The folder {path} holds no {wanted}.")
    elif not path.exists():
        raise ConfigError(f"There is no instance file {path}; give a {wanted}, or a folder of them.")
    elif not path.is_file():
        raise ConfigError(f"{path} is no regular file; give a {wanted}, or a folder of them.")
    elif path.suffix.lower() not in readers:
        raise ConfigError(f"{path} ends in {path.suffix!r}; give a {wanted}, or a folder of them.")
    else:
        files = [path]
    found: dict[Path, list[tuple[InstanceT, float | None]]] = {}
    faults: dict[str, str] = {}
    outside: dict[str, str] = {}
    for file in files:
        try:
            found[file] = list(readers[file.suffix.lower()](file))
        except ConfigError as error:
            if file == path:
                raise
            (outside if isinstance(error, OutsideLimits) else faults)[str(file)] = str(error)
        except READER_FAULTS as error:
            if file == path:
                raise
            faults[str(file)] = f"{file} cannot be read ({type(error).__name__}: {error})."
    if not found:
        raise ConfigError(f"No file in {path} can be read: {' '.join(list((faults | outside).values())[:_REASONS])}")
    _check_names(path, found)
    pairs = [pair for read in found.values() for pair in read]
    return InstancesRead(
        path=path,
        instances=sorted((instance for instance, _ in pairs), key=size),
        references={instance.name: reference for instance, reference in pairs if reference is not None},
        faults=faults,
        outside=outside,
    )


def _files_in(folder: Path, readers: Collection[str], skipped: Collection[str]) -> list[Path]:
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix.lower() in readers and file.is_file())
    except OSError as error:
        raise ConfigError(f"The folder {folder} cannot be read: {error.strerror}; check its permissions.") from error
    return [file for file in files if file.name not in skipped and not _is_paper(file)]


def _is_paper(file: Path) -> bool:
    return file.suffix.lower() in _TEXTS and file.name.lower().startswith(_PAPERS)


def _check_names(path: Path, found: Mapping[Path, Iterable[tuple[Instance, float | None]]]) -> None:
    seen: dict[str, Path] = {}
    for file, pairs in found.items():
        for instance, _ in pairs:
            if instance.name in seen:
                first = seen[instance.name]
                where = f" in {first.name} and {file.name}" if first != file else ""
                raise ConfigError(f"{path}: two instances are named {instance.name!r}{where}; give each its own name.")
            seen[instance.name] = file


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"

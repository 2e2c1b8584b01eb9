"""Import of the module that holds a problem, by name.

The name is a bundled one, an installed plug-in, a class of a module, or a folder.
"""

import importlib
import importlib.machinery
import importlib.util
import os
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from evoheur.draft_approval import refuse_unapproved
from evoheur.errors import ConfigError, EvoheurError
from evoheur.installed_plugins import installed_plugins, target_of
from evoheur.plugin_folders import ForeignFault, folder_of, foreign_code, import_module

__all__ = [
    "ProblemPlace",
    "bundled_problems",
    "checked_name",
    "find_problem",
    "known_problems",
    "names_class",
    "names_folder",
    "problem_module",
    "problem_place",
]

_BUNDLED = "evoheur.problems"
_FOREIGN = "evoheur_problems"  # parent of every module loaded from a folder


def bundled_problems() -> list[str]:
    """Names of the problems that ship with evoheur, sorted.

    Raises:
        EvoheurError: There are none: the installation is damaged, or another package stands in place of ours.
    """
    root = importlib.import_module(_BUNDLED)
    folders = [Path(path) for path in root.__path__]
    # Unlike Path.is_file, this is False for a folder that may not be looked into.
    names = sorted(entry.name for folder in folders for entry in folder.iterdir() if os.path.isfile(entry / "problem.py"))  # noqa: PTH113
    if not names:
        raise EvoheurError(
            f"None of the problems that ship with evoheur is in {', '.join(map(str, folders)) or 'its package'}, so this installation is "
            "damaged; install evoheur again (pip install --force-reinstall --no-deps), or clone it with symbolic links."
        )
    return names


def known_problems() -> list[str]:
    """Names of the bundled problems, then of those of installed packages."""
    return list(dict.fromkeys([*bundled_problems(), *(plugin.name for plugin in installed_plugins("problem"))]))


def checked_name(name: object) -> str:
    """The name of a problem, refused where it is no text.

    Raises:
        ConfigError: It is none.
    """
    if not isinstance(name, str):
        raise ConfigError(f"The problem is {name!r:.80}; give its name, or its folder as text, such as './my_problem'.")
    return name


def find_problem(name: str, folder: Path | None = None, *, installed: bool = True) -> tuple[ModuleType, str | None]:
    """Import the module that a problem is in.

    Args:
        name: A bundled name, the name of an installed plug-in, "package.module:Class", or the path of a folder with a `problem.py`.
        folder: Where modules are found too that are not installed: the configuration's own folder.
        installed: Whether the names of installed plug-ins count. A guest is told a module instead, as its installed packages may differ.

    Returns:
        The module, and the name of the class in it; None where it is the only problem in that module.

    Raises:
        ConfigError: There is none, it cannot be imported, or several have this name.
    """
    target = _target(checked_name(name), installed=installed)
    if target is None:
        return _foreign_module(_own_folder(name)), None
    module_name, _, class_name = target.partition(":")
    if module_name.startswith(f"{_BUNDLED}."):  # a fault in there is one of ours
        return importlib.import_module(module_name), class_name or None
    try:
        return import_module(module_name, folder), class_name
    except ModuleNotFoundError as error:
        where = "" if folder is None else f" and is not in {str(folder)!r}"
        raise ConfigError(
            f"The problem {name!r} needs module {error.name!r}, which is not installed{where}; install it, or put it beside the "
            "configuration."
        ) from error
    except ForeignFault as fault:
        raise ConfigError(
            f"The problem {name!r} is in a module that cannot be imported ({fault}); correct it, --debug shows the traceback."
        ) from fault


def problem_module(name: str, folder: Path | None = None) -> ModuleType:
    """Import the module that defines a problem's class.

    It may be another module than the one that the name tells.

    Args:
        name: As `find_problem` takes it.
        folder: As `find_problem` takes it.

    Raises:
        ConfigError: There is no such problem.
    """
    module, class_name = find_problem(name, folder)
    if class_name is None:
        return module
    defined_in = getattr(getattr(module, class_name, None), "__module__", module.__name__)
    return sys.modules.get(defined_in, module)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemPlace:
    """Where another process of this machine finds a problem.

    That process may stand elsewhere and know of no installed packages.

    Attributes:
        name: A bundled name, "package.module:Class", or an absolute path.
        module: The module of "package.module:Class"; empty for others.
        folder: Where that module is found; None for a bundled problem and a folder.
        read: Absolute paths of the folders that its code lies in; none for a bundled problem.
    """

    name: str
    module: str = ""
    folder: str | None = None
    read: tuple[str, ...] = ()


def problem_place(name: str) -> ProblemPlace:
    """Find out where a problem lies.

    "package.module:Class" must have been found before if it lies beside a configuration.

    Raises:
        ConfigError: A module cannot be imported.
    """
    if name in bundled_problems():
        return ProblemPlace(name=name)
    target = _target(name)
    if target is None:  # need not exist: whoever loads it says so
        path = str(Path(name).expanduser().resolve())
        return ProblemPlace(name=path, read=(path,))
    module = find_problem(name)[0]
    top = sys.modules[module.__name__.partition(".")[0]]
    package = [str(Path(path).resolve()) for path in getattr(top, "__path__", ())]
    home = folder_of(module) or (Path(package[0]).parent if package else Path(module.__file__ or "").resolve().parent)
    return ProblemPlace(name=target, module=module.__name__, folder=str(home), read=tuple(package) or (str(home),))


def _target(name: str, *, installed: bool = True) -> str | None:
    """A problem as "package.module" or "package.module:Class"; None for a folder."""
    bundled = {name: f"{_BUNDLED}.{name}.problem"} if name in bundled_problems() else {}
    target = target_of(name, bundled, what="problem") if installed else bundled.get(name)
    if target is not None:
        return target
    return name if names_class(name) else None


def names_class(name: str) -> bool:
    """Whether a problem's name is of the form "package.module:Class".

    If so, it may lie beside a configuration.
    """
    module_name, colon, class_name = name.partition(":")
    return bool(colon) and all(part.isidentifier() for part in (*module_name.split("."), class_name))


def names_folder(name: str) -> bool:
    """Whether a problem's name is the path of a folder."""
    return _target(name) is None


def _own_folder(name: str) -> Path:
    folder = Path(name).expanduser()
    if not (folder / "problem.py").is_file():
        plugins = ", ".join(plugin.name for plugin in installed_plugins("problem"))
        installed = f", nor an installed plug-in ({plugins})" if plugins else ""
        raise ConfigError(
            f"Unknown problem {name!r}: neither a bundled problem ({', '.join(bundled_problems())}){installed} nor a folder with a "
            "problem.py, nor package.module:Class."
        )
    return folder.resolve()


def _foreign_module(folder: Path) -> ModuleType:
    refuse_unapproved(folder)
    package = f"{_FOREIGN}_{folder.name}_{zlib.crc32(str(folder).encode()):08x}"
    if package not in sys.modules:
        init = folder / "__init__.py"
        spec = importlib.util.spec_from_file_location(
            package, init if init.is_file() else None, submodule_search_locations=[str(folder)]
        )
        if spec is None:  # a folder without __init__.py: a bare package that only holds its modules
            spec = importlib.machinery.ModuleSpec(package, None, is_package=True)
            spec.submodule_search_locations = [str(folder)]
        module = importlib.util.module_from_spec(spec)
        sys.modules[package] = module
        if spec.loader is not None:
            spec.loader.exec_module(module)
    try:
        with foreign_code():
            return importlib.import_module(f"{package}.problem")
    except ForeignFault as fault:
        raise ConfigError(
            f"{folder / 'problem.py'} cannot be imported ({fault}); correct it, --debug shows the traceback."
        ) from fault

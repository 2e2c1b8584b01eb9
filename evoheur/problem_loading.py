"""Loads a problem by its name, with its settings.

Imported by the guest too, so it needs nothing heavier than `evoheur.problem`.
"""

import importlib.util
import inspect
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, TypeGuard

from evoheur.errors import ConfigError
from evoheur.plugin_folders import ForeignFault, foreign_code
from evoheur.problem import Problem, in_guest
from evoheur.problem_modules import find_problem

__all__ = ["load_problem", "only_problem_class", "problem_class", "problem_settings"]

_DISTRIBUTIONS = {"sklearn": "scikit-learn", "skimage": "scikit-image", "cv2": "opencv-python-headless"}
"""Packages → what they are installed by, where that is another name."""


def load_problem(name: str, settings: Mapping[str, Any] | None = None, *, folder: Path | None = None) -> Problem[Any]:
    """Load a problem by its name.

    It has one module name in every process. The fixed module name matters: numba's disk cache stores it, and loading the same file under
    another one fails in the next process.

    Args:
        name: "bin_packing_online", the name of an installed plug-in, "package.module:Class", or the path of a folder with a `problem.py`.
        settings: Keyword arguments for the problem's constructor.
        folder: Where the module is found too if it is not installed: the configuration's own folder. Once found, it is remembered.

    Raises:
        ConfigError: There is no such problem, its file does not define exactly one `Problem`, it has no such setting, or asks for a
            library that is not installed.
    """
    found = problem_class(name, folder)
    known = inspect.signature(found).parameters
    for key in settings or {}:
        if key not in known:
            raise ConfigError(f"Problem {name!r} has no setting {key!r}; it has: {', '.join(known) or 'none'}.")
    try:
        with foreign_code():
            problem = found(**(settings or {}))
    except ForeignFault as fault:
        raise ConfigError(
            f"Problem {name!r} cannot be made with the settings {dict(settings or {})!r:.200} ({fault}); correct them, --debug shows the "
            "traceback."
        ) from fault
    _demand_libraries(name, problem.libraries)
    return problem


def _demand_libraries(name: str, libraries: Sequence[str]) -> None:
    if isinstance(libraries, str):
        raise ConfigError(f"Problem {name!r} has the libraries {libraries!r}; write a tuple of names, such as ({libraries!r},).")
    for library in libraries:
        if not all(part.isidentifier() for part in library.split(".")):
            raise ConfigError(
                f"Problem {name!r} asks for the library {library!r}; name the package that is imported, such as 'scipy'."
            )
        package = library.partition(".")[0]
        if importlib.util.find_spec(package) is None:
            raise ConfigError(
                f"Problem {name!r} asks for the library {package!r}, which is not installed; pip install "
                f"{_DISTRIBUTIONS.get(package, package)} (with sandbox level docker, also name it in evaluation.sandbox.packages)."
            )


def problem_settings(name: str, folder: Path | None = None) -> list[str]:
    """Names of a problem's settings.

    Args:
        name: As `load_problem` takes it.
        folder: As `load_problem` takes it.

    Raises:
        ConfigError: There is no such problem.
    """
    return list(inspect.signature(problem_class(name, folder)).parameters)


def problem_class(name: str, folder: Path | None = None) -> type[Problem[Any]]:
    """Find the class of a problem.

    Args:
        name: As `load_problem` takes it.
        folder: As `load_problem` takes it.

    Raises:
        ConfigError: There is no such problem, or it is not complete.
    """
    module, named = find_problem(name, folder, installed=not in_guest())
    found = only_problem_class(module, name) if named is None else _named_problem_class(module, named, name)
    if hasattr(found, "baselines"):
        raise ConfigError(f"The problem {name!r} defines baselines(), which is called textbook_rules() now; rename it.")
    return found


def _named_problem_class(module: ModuleType, named: str, name: str) -> type[Problem[Any]]:
    found = getattr(module, named, None)
    if not (isinstance(found, type) and issubclass(found, Problem)):
        what = "nothing" if found is None else "no subclass of evoheur.problem.Problem"
        having = ", ".join(each for each, value in vars(module).items() if _is_complete_problem(value)) or "none"
        raise ConfigError(f"The problem {name!r} names {what} in {module.__name__!r}; the problems in that module: {having}.")
    if inspect.isabstract(found):
        missing = ", ".join(sorted(found.__abstractmethods__))
        raise ConfigError(f"The problem {name!r} is a class without {missing}; define it, or name a subclass that does.")
    return found


def _is_complete_problem(value: object) -> TypeGuard[type[Problem[Any]]]:
    return inspect.isclass(value) and issubclass(value, Problem) and value is not Problem and not inspect.isabstract(value)


def only_problem_class(module: ModuleType, name: str) -> type[Problem[Any]]:
    """The only complete subclass of `Problem` that a module defines.

    Args:
        module: Of the problem.
        name: As the problem was named, for messages.

    Raises:
        ConfigError: There is none, or there are several.
    """
    found = [value for value in vars(module).values() if _is_complete_problem(value) and value.__module__ == module.__name__]
    if len(found) != 1:
        names = ", ".join(value.__name__ for value in found) or f"none{_incomplete(module)}"
        raise ConfigError(
            f"{module.__file__} must define exactly one complete subclass of Problem; found: {names} (problem {name!r})."
        )
    return found[0]


def _incomplete(module: ModuleType) -> str:
    """What the module's own subclasses of `Problem` lack, in brackets."""
    own = [each for each in vars(module).values() if inspect.isclass(each) and each.__module__ == module.__name__]
    lacks = [
        f"{each.__name__} lacks {', '.join(sorted(each.__abstractmethods__))}"
        for each in own
        if issubclass(each, Problem) and inspect.isabstract(each)
    ]
    return f" ({'; '.join(lacks)})" if lacks else ""

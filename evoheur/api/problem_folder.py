"""Writing the folder of a new problem.

It works as it is, to be changed piece by piece into one's own.
"""

import json
import keyword
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import jinja2

from evoheur.errors import ConfigError
from evoheur.problem_modules import bundled_problems

__all__ = ["class_name", "example_files", "path_in_commands", "refuse_place", "write_problem"]

_TEMPLATES = Path(__file__).parent / "problem_template"
_SUFFIX = ".jinja"
_EXAMPLE = ("problem.py", "generate.py", "textbook_rules.py", "test_problem.py")  # what is about set cover
_TAKEN = {"evoheur", "problems", "sandbox", "numpy", "pytest", "hypothesis"}
_IMPORTED = {"Any", "Callable", "Heuristic", "Infeasible", "Instance", "Json", "Mapping", "Path", "Problem", "Sequence", "Split"}


def write_problem(name: str, into: Path, drafted: Mapping[str, str] | None = None) -> Path:
    """Write the folder of a new problem.

    Args:
        name: A Python identifier.
        into: An existing folder.
        drafted: Name → text of files to write in place of the worked example's.

    Returns:
        The new folder.

    Raises:
        ConfigError: The name cannot be used, there is such a folder already, or it cannot be written.
    """
    folder = refuse_place(name, into)
    texts = example_files(name, path_in_commands(folder))
    if drafted is not None:
        texts = {file: text for file, text in texts.items() if file not in _EXAMPLE} | dict(drafted)
    try:
        folder.mkdir()
        for file, text in texts.items():
            (folder / file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{str(folder)!r} cannot be written ({error.strerror}); choose another place with --into.") from error
    return folder


def refuse_place(name: str, into: Path) -> Path:
    """See that a problem can have a name and a place.

    Args:
        name: As `write_problem` takes it.
        into: As `write_problem` takes it.

    Returns:
        The folder to be made.

    Raises:
        ConfigError: The name cannot be used, there is such a folder already, or none to put it into.
    """
    class_name(name)
    folder = into / name
    if not into.is_dir():
        raise ConfigError(f"There is no folder {str(into)!r} to put {name!r} into; make it first, or name another with --into.")
    if folder.exists():
        raise ConfigError(f"{str(folder)!r} exists already, and nothing is overwritten; choose another name or --into FOLDER.")
    return folder


def example_files(name: str, path: str) -> dict[str, str]:
    """The files of weighted set cover under a name.

    Args:
        name: Of the problem.
        path: Of its folder, as commands take it.

    Returns:
        Name → text, sorted.
    """
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701 - Python, no HTML
    words = {"name": name, "kind": class_name(name), "title": _title(name), "path": path, "quoted_path": json.dumps(path)}
    texts = {}
    for template in sorted(_TEMPLATES.glob(f"*{_SUFFIX}")):
        file = template.name.removesuffix(_SUFFIX)
        text = environment.from_string(template.read_text(encoding="utf-8")).render(words)
        texts[f"{name}.yaml" if file == "config.yaml" else file] = text
    return texts


def path_in_commands(folder: Path) -> str:
    """A folder's path that no command takes for a name.

    "./knapsack", not "knapsack", which could be a bundled problem.
    """
    return str(folder) if folder.is_absolute() or folder.parts[:1] == ("..",) else f"./{folder}"


def _title(name: str) -> str:
    return name.replace("_", " ").strip().capitalize()


def class_name(name: str) -> str:
    """The name of a problem's class.

    Raises:
        ConfigError: A problem cannot have this name.

    Example:
        >>> class_name("cutting_stock")
        'CuttingStock'
    """
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) or keyword.iskeyword(name):
        raise ConfigError(
            f"{name!r} cannot name a problem: it becomes a Python package, so use letters, digits and underscores, begin with a letter, "
            "and take no keyword of Python; such as cutting_stock."
        )
    if name in bundled_problems():
        raise ConfigError(f"{name!r} ships with evoheur; choose another name, so that it stays clear which of the two is meant.")
    kind = "".join(part[:1].upper() + part[1:] for part in name.split("_"))
    if name in sys.stdlib_module_names or name in _TAKEN or kind in _IMPORTED:
        raise ConfigError(
            f"{name!r} is the name of something that the problem's own files import; choose another, such as my_{name}."
        )
    return kind

"""Writing the folder of a new problem.

It works as it is, to be changed piece by piece into one's own.
"""

import json
import keyword
import re
import sys
from pathlib import Path

import jinja2

from evoheur.errors import ConfigError
from evoheur.problem_modules import bundled_problems

__all__ = ["path_in_commands", "write_problem"]

_TEMPLATES = Path(__file__).parent / "problem_template"
_SUFFIX = ".jinja"
_TAKEN = {"evoheur", "problems", "sandbox", "numpy", "pytest", "hypothesis"}
_IMPORTED = {"Any", "Callable", "Heuristic", "Infeasible", "Instance", "Json", "Mapping", "Path", "Problem", "Sequence", "Split"}


def write_problem(name: str, into: Path) -> Path:
    """Write the folder of a new problem.

    Args:
        name: A Python identifier.
        into: An existing folder.

    Returns:
        The new folder.

    Raises:
        ConfigError: The name cannot be used, there is such a folder already, or it cannot be written.
    """
    kind = _class_name(name)
    folder = into / name
    if not into.is_dir():
        raise ConfigError(f"There is no folder {str(into)!r} to put {name!r} into; make it first, or name another with --into.")
    if folder.exists():
        raise ConfigError(f"{str(folder)!r} exists already, and nothing is overwritten; choose another name or --into FOLDER.")
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701 - Python, no HTML
    path = path_in_commands(folder)
    words = {"name": name, "kind": kind, "title": _title(name), "path": path, "quoted_path": json.dumps(path)}
    try:
        folder.mkdir()
        for template in sorted(_TEMPLATES.glob(f"*{_SUFFIX}")):
            file = template.name.removesuffix(_SUFFIX)
            text = environment.from_string(template.read_text(encoding="utf-8")).render(words)
            (folder / (f"{name}.yaml" if file == "config.yaml" else file)).write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{str(folder)!r} cannot be written ({error.strerror}); choose another place with --into.") from error
    return folder


def path_in_commands(folder: Path) -> str:
    """A folder's path that no command takes for a name.

    "./knapsack", not "knapsack", which could be a bundled problem.
    """
    return str(folder) if folder.is_absolute() or folder.parts[:1] == ("..",) else f"./{folder}"


def _title(name: str) -> str:
    return name.replace("_", " ").strip().capitalize()


def _class_name(name: str) -> str:
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

"""The hash of a problem, by what it does.

By it a run knows whether the problem is still the one that it began with. The code counts, file by file, without comments, layout and
docstrings, on which no score depends; what of them a model is told is part of the hash of the prompts. Hashes of this form begin with
"2:" and name the files, so that a change can be named. Archives of earlier versions hold a hash over the bytes of all files.

An author who changed code without changing any score says so in the file `same_scores.txt` of the problem's folder: a stored hash a line,
after "#" what it was. Runs begun with one of them go on.
"""

import ast
import functools
import hashlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import quote, unquote

from evoheur.code.syntax import syntax_tree
from evoheur.errors import ConfigError
from evoheur.problem import DRAWN_SOLUTION, EXPRESSED_TEXTBOOK, INSTANCE_FEATURES
from evoheur.problem_modules import problem_module

__all__ = ["SAME_SCORES", "changed_files", "is_problem", "problem_hash", "same_problem"]

SAME_SCORES = "same_scores.txt"
"""The file of a problem's folder with the hashes of its earlier versions that gave the same scores."""

_FORM = "2:"
_DIGITS = 16  # hexadecimal, of each file
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def problem_hash(name: str) -> str:
    """Hash what must not change between a run's sessions.

    Args:
        name: As `evoheur.problem_loading.load_problem` takes it.

    Returns:
        "2:", then "file=hash" for every file, with commas between.
    """
    return _FORM + ",".join(f"{quote(file)}={digest}" for file, digest in sorted(_parts(name).items()))


def is_problem(stored: str, name: str) -> bool:
    """Whether a stored hash means the same scores as now.

    It may be of this form or of an earlier version's.
    """
    return stored == (problem_hash(name) if stored.startswith(_FORM) else _hash_of_bytes(name)) or stored in _same_scores(name)


def same_problem(first: str, second: str, name: str) -> bool:
    """Whether two stored hashes are of one problem.

    Two different ones are, if both mean the same scores as now.
    """
    if first == second:
        return True
    try:
        return is_problem(first, name) and is_problem(second, name)
    except ConfigError:  # it is not here
        return False


def changed_files(stored: str, name: str) -> list[str]:
    """The files that differ from a stored hash's, or are new or gone.

    None where an earlier version's hash does not tell.
    """
    if not stored.startswith(_FORM):
        return []
    then = {unquote(file): digest for file, _, digest in (each.partition("=") for each in stored[len(_FORM) :].split(","))}
    now = _parts(name)
    return [file for file in sorted({*then, *now}) if then.get(file) != now.get(file)]


def _same_scores(name: str) -> set[str]:
    file = _folder(problem_module(name)) / SAME_SCORES
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return {line.partition("#")[0].strip() for line in lines} - {""}


def _parts(name: str) -> dict[str, str]:
    module = problem_module(name)
    folder = _folder(module)
    paths = _sources(folder) if module.__name__.rpartition(".")[0] else _with_neighbours(Path(module.__file__ or ""))
    return {path.relative_to(folder).as_posix(): _digest_of_code(path.read_bytes()) for path in paths}


def _folder(module: ModuleType) -> Path:
    assert module.__file__ is not None, "problem_module imports from a file"
    return Path(module.__file__).parent


def _with_neighbours(path: Path) -> list[Path]:
    """A module in no package, and its imported neighbours.

    It may share its folder with anything; only what it imports from there counts, also in turn.
    """
    found: list[Path] = []
    wanted = [path]
    while wanted:
        path = wanted.pop()
        if path in found:
            continue
        found.append(path)
        for name in _imported(path):
            wanted += [each for each in (path.parent / f"{name}.py", path.parent / name / "__init__.py") if each.is_file()]
    packages = [each.parent for each in found if each.name == "__init__.py"]
    return sorted({*found, *(inner for package in packages for inner in _sources(package))})


def _imported(path: Path) -> Iterator[str]:
    """Top-level names of the modules that a module takes in.

    By import, or by its problem's `Problem.trusted`, wherever in it.
    """
    for node in ast.walk(syntax_tree(path.read_bytes())):
        match node:
            case ast.Import(names=aliases):
                yield from (alias.name.partition(".")[0] for alias in aliases)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]
            case ast.Call(func=ast.Attribute(attr="trusted"), args=[ast.Constant(value=str(module))]):
                yield module


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.py")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and _counts(path):
            yield path


def _counts(path: Path) -> bool:
    """Whether scores may depend on a file: not on tests, on what searches begin with, on drawings, or on features."""
    return not path.name.startswith("test_") and path.stem not in {EXPRESSED_TEXTBOOK, DRAWN_SOLUTION, INSTANCE_FEATURES}


@functools.lru_cache(
    maxsize=1024
)  # files: a run asks twice, and a sweep for every run, which takes a fifth of a second each time
def _digest_of_code(source: bytes) -> str:
    """The hash of a source without what the interpreter passes over, or of its bytes.

    Of the bytes where it is no Python.
    """
    return hashlib.sha256(_code(source)).hexdigest()[:_DIGITS]


def _code(source: bytes) -> bytes:
    try:
        tree = syntax_tree(source)
        return _plain(tree).encode(errors="backslashreplace")
    except (MemoryError, RecursionError, SyntaxError, ValueError):
        return source


def _plain(node: object) -> str:
    """A syntax tree as text like `ast.dump`'s, equal in all Python versions."""
    if isinstance(node, ast.AST):
        fields = {
            name: value
            for name, value in ast.iter_fields(node)
            if value not in (None, []) and name not in {"kind", "type_comment"}
        }
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            fields["body"] = fields["body"][1:]
        return f"{type(node).__name__}({','.join(f'{name}={_plain(value)}' for name, value in fields.items())})"
    if isinstance(node, list):
        return f"[{','.join(map(_plain, node))}]"
    return hex(node) if type(node) is int else repr(node)


def _hash_of_bytes(name: str) -> str:
    """The hash over the bytes of all files, as earlier versions made it."""
    digest = hashlib.sha256()
    for path in sorted(_folder(problem_module(name)).rglob("*.py")):
        if _counts(path):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:32]

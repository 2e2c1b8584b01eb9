"""Use of a found heuristic in a program of your own.

`solve` runs its file in this process, without a sandbox, so read the file first.
"""

import importlib.util
import sys
import zlib
from collections.abc import Iterator, Mapping
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from evoheur.errors import ConfigError
from evoheur.exported_file import heuristic_part
from evoheur.problem import Heuristic, Instance, Json, Problem, instance_rng, to_json
from evoheur.problem_loading import load_problem

__all__ = ["load_heuristic", "solve", "solved_texts"]


def load_heuristic(problem: Problem[Any], file: str | Path) -> Heuristic:
    """Run a heuristic's file and take the problem's functions from it.

    Args:
        problem: Says which functions these are.
        file: Such as `evoheur export` writes.

    Raises:
        ConfigError: There is no such file, or it defines not all of them.
    """
    if not Path(file).is_file():
        raise ConfigError(f"There is no file {str(file)!r}; give the path of a heuristic, such as `evoheur export` writes.")
    namespace = vars(_module(Path(file).resolve()))
    names = [function.__name__ for function in problem.functions()]
    missing = [name for name in names if not callable(namespace.get(name))]
    if missing:
        raise ConfigError(f"{file} does not define {', '.join(missing)}, which {type(problem).__name__} calls; define it.")
    code = heuristic_part(Path(file).read_text(encoding="utf-8-sig"))
    return Heuristic(code=code, functions={name: namespace[name] for name in names})


def solve(problem: Problem[Any], file: str | Path, instance: Instance, *, seed: int = 1) -> Json:
    """Solve an instance with the heuristic in a file.

    The result is that of a run with the same seed.

    Args:
        problem: Loaded with the run's settings.
        file: Of the heuristic.
        instance: One of the problem's, or of a file that it has read.
        seed: For stochastic frames.

    Returns:
        The solution; `problem.cost(instance, solution)` checks and prices it, `problem.write_solution` makes a file of it.

    Raises:
        ConfigError: As `load_heuristic`.
    """
    problem.warm_up()
    return to_json(problem.solve(load_heuristic(problem, file), instance, instance_rng(seed, instance.name)))


def solved_texts(
    file: str | Path, instances: str | Path, *, problem: str, settings: Mapping[str, Any] | None = None, seed: int = 1
) -> Iterator[tuple[str, str]]:
    """Solve the instances of a file with the heuristic in another.

    Args:
        file: Of the heuristic.
        instances: A file, of a form that the problem reads.
        problem: Its name, or its folder.
        settings: Of the problem.
        seed: For stochastic frames.

    Yields:
        Name of the instance, and its checked solution as the text of a file.

    Raises:
        ConfigError: As `load_heuristic`, or the instances cannot be read.
        Infeasible: The heuristic's solution is none.
    """
    loaded = load_problem(problem, settings or {})
    for instance in loaded.read_instances(Path(instances)):
        yield instance.name, loaded.write_solution(instance, solve(loaded, file, instance, seed=seed))


def _module(file: Path) -> ModuleType:
    # Registered under a name of its own, because dataclasses and numba look their module up.
    name = f"evoheur_heuristic_{zlib.crc32(str(file).encode()):08x}"
    spec = importlib.util.spec_from_loader(name, SourceFileLoader(name, str(file)))
    assert spec is not None, "a loader makes a specification"
    assert spec.loader is not None, "it is the one that was given"
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module

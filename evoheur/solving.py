"""Use of a found heuristic in a program of your own.

`solve` runs its file in this process, without a sandbox, so read the file first.
"""

import importlib.util
import inspect
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from evoheur.errors import ConfigError
from evoheur.exported_file import heuristic_part
from evoheur.online import OnlineProblem
from evoheur.problem import Heuristic, Instance, Json, Problem, instance_rng, to_json
from evoheur.problem_loading import load_problem

__all__ = ["SeveralHeuristics", "load_heuristic", "solve", "solved_texts"]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralHeuristics:
    """Heuristics of one problem, and what chooses one of them for an instance.

    Attributes:
        problem: Its name, or its folder.
        settings: Of the problem.
        seed: For stochastic frames.
        heuristics: The function of each, or its functions by name.
        way: "tree": as `choose` says. "probing": the best on a small part. "all": the best of all solutions.
        choose: Features of an instance → place of a heuristic.
        share: How much of an instance heuristics are tried on.
        prefix: How many arrivals of an online instance heuristic 1 decides on, before another takes over.
    """

    problem: str
    settings: Mapping[str, Any]
    seed: int
    heuristics: Sequence[Callable[..., Any] | Mapping[str, Callable[..., Any]]]
    way: str
    choose: Callable[[Mapping[str, float]], int]
    share: float
    prefix: int

    def solved_texts(self, instances: str | Path) -> Iterator[tuple[str, str]]:
        """Solve the instances of a file; their names, and checked solutions as text.

        Raises:
            ConfigError: The instances cannot be read.
            Infeasible: A heuristic's solution is none.
        """
        loaded = load_problem(self.problem, self.settings)
        loaded.warm_up()
        for instance in loaded.read_instances(Path(instances)):
            yield instance.name, loaded.write_solution(instance, self.solved(loaded, instance))

    def solved(self, problem: Problem[Any], instance: Instance) -> Json:
        """Solve an instance of the problem, which is warmed up.

        Raises:
            Infeasible: A heuristic's solution of what it is tried on is none.
        """
        if isinstance(problem, OnlineProblem):
            part = problem.with_arrivals(instance, problem.arrivals(instance)[: self.prefix])
            place = self.choose(problem.features(part)) if self.way == "tree" else self._best(problem, part)[0]
            return self._by(problem, self._taking_over(problem, place), instance)
        if self.way == "tree":
            return self._by(problem, self.heuristics[self.choose(problem.features(instance))], instance)
        if self.way == "all":
            return self._best(problem, instance)[1]
        smaller = problem.coarse(instance, self.share)
        return self._by(problem, self.heuristics[0 if smaller is None else self._best(problem, smaller)[0]], instance)

    def _by(
        self, problem: Problem[Any], heuristic: Callable[..., Any] | Mapping[str, Callable[..., Any]], shown: Instance
    ) -> Json:
        functions = {problem.functions()[0].__name__: heuristic} if callable(heuristic) else heuristic
        return to_json(problem.solve(Heuristic(code="", functions=functions), shown, instance_rng(self.seed, shown.name)))

    def _best(self, problem: Problem[Any], shown: Instance) -> tuple[int, Json]:
        solutions = [self._by(problem, each, shown) for each in self.heuristics]
        costs = [problem.cost(shown, solution) for solution in solutions]
        place = costs.index(min(costs))
        return place, solutions[place]

    def _taking_over(self, problem: OnlineProblem[Any], place: int) -> Callable[..., Any] | Mapping[str, Callable[..., Any]]:
        first, then, arrived = self.heuristics[0], self.heuristics[place], problem.arrivals_argument()
        if place == 0 or arrived is None or not callable(first) or not callable(then):
            return first
        counted, prefix = list(inspect.signature(problem.functions()[0]).parameters).index(arrived), self.prefix
        return lambda *shown: (first if shown[counted] <= prefix else then)(*shown)


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

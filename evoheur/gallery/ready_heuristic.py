"""A heuristic of the gallery as a function that also solves."""

import importlib
import importlib.util
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from evoheur.api.gallery_entries import GalleryEntry
from evoheur.problem import Problem
from evoheur.problem_loading import load_problem
from evoheur.solving import load_heuristic, solve

__all__ = ["ReadyHeuristic"]


class ReadyHeuristic:
    """A heuristic of the gallery.

    Call it as its problem does; `evoheur problems show` tells what the arguments mean.

    Attributes:
        entry: Code, origin and figures.
        problem: That it is for, with the settings it was found with.
        functions: Those that it defines for the problem, by name.
    """

    def __init__(self, entry: GalleryEntry) -> None:
        """Run its code in this process, without a sandbox.

        Args:
            entry: Of the gallery.
        """
        self.entry = entry
        document = entry.document
        self.problem: Problem[Any] = load_problem(document.problem, document.settings)
        self.functions: Mapping[str, Callable[..., Any]] = load_heuristic(self.problem, entry.file).functions
        self.__name__ = document.name
        self.__doc__ = document.thought

    def __call__(self, *arguments: Any) -> Any:
        """What the first of its functions returns."""
        return next(iter(self.functions.values()))(*arguments)

    def __repr__(self) -> str:
        """Name and problem."""
        return f"<heuristic {self.__name__} for {self.entry.document.problem}>"

    def solve(self, *data: Any, seed: int = 1) -> Any:
        """Solve an instance.

        Args:
            data: An instance of the problem; or plain data where the problem has a module in `problems/standalone/`, such as
                `solve(items, capacity)`, `solve(distances)` or `solve(coordinates, demands, capacity)`.
            seed: For stochastic frames.

        Returns:
            The solution as the problem's frame makes it: lists of whole numbers counted from 0.
        """
        module = _standalone(self.entry.document.problem, self.problem)
        if module is not None and not (len(data) == 1 and hasattr(data[0], "family")):
            return module.solve(*data, **self.functions)
        [instance] = data
        return solve(self.problem, self.entry.file, instance, seed=seed)


def _standalone(name: str, problem: Problem[Any]) -> ModuleType | None:
    place = f"evoheur.problems.standalone.{name}"
    if not name.isidentifier() or importlib.util.find_spec(place) is None:
        return None
    module = importlib.import_module(place)
    same = all(getattr(module, function.__name__, None) is function for function in problem.functions())
    return module if same else None

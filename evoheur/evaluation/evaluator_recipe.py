"""The recipe by which any process makes an evaluator.

An executor takes it to wherever it evaluates.
"""

import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.isolation import SandboxConfig, guest_entry
from evoheur.plugin_folders import folder_of, import_module
from evoheur.problem import Json, Problem
from evoheur.problem_loading import load_problem
from evoheur.problem_modules import problem_place
from evoheur.sandbox.interface import Limits

__all__ = ["EvaluatorRecipe"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatorRecipe:
    """Names and numbers from which an evaluator is made.

    There is nothing else in it, so it can be pickled and says nothing that a worker must not know: no key, no archive, no instance.

    Attributes:
        problem: As `problem_place` names it: a folder's path is made absolute, as another process may stand elsewhere.
        settings: The problem's own settings.
        sandbox: Isolation of the candidates.
        limits: What one candidate may use.
        seed: The run's seed, for stochastic frames.
        states: What `probe_states` gave, where heuristics are compared by their answers; drawn from instances that no run is scored on,
            or on train.
    """

    problem: str
    settings: Mapping[str, Json]
    sandbox: SandboxConfig
    limits: Limits
    seed: int
    states: Sequence[Json] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "problem", problem_place(self.problem).name)

    def __reduce__(self) -> tuple[Callable[..., "EvaluatorRecipe"], tuple[Any, ...]]:
        """Pickle the recipe together with where its plug-ins lie.

        They (sandbox, problem) must be imported before anything else is unpickled.
        """
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        plugins = [(type(self.sandbox).__module__, folder_of(type(self.sandbox)))]
        place = problem_place(self.problem)
        if place.module and place.folder:
            plugins.append((place.module, Path(place.folder)))
        return _unpickled, (plugins, pickle.dumps(values))

    def load(self) -> Problem[Any]:
        """Load the problem in this process and compile its kernels.

        They are what it needs to price solutions.

        Raises:
            ConfigError: There is no such problem here, or it has no such settings.
        """
        problem = load_problem(self.problem, self.settings)
        problem.warm_up()
        return problem

    def make(self, problem: Problem[Any] | None = None) -> Evaluator:
        """Make an evaluator with a sandbox of its own.

        The guest starts with the first candidate.

        Args:
            problem: What `load` gave, if it was called in this process already.

        Raises:
            ConfigError: As `load`.
        """
        loaded = self.load() if problem is None else problem
        entry = guest_entry(self.problem, self.settings, self.states, libraries=loaded.libraries)
        return Evaluator(loaded, self.sandbox.build(entry), self.limits, seed=self.seed)


def _unpickled(plugins: Sequence[tuple[str, Path | None]], values: bytes) -> EvaluatorRecipe:
    for module, folder in plugins:
        import_module(module, folder)
    return EvaluatorRecipe(**pickle.loads(values))  # noqa: S301 - part of a recipe that is being unpickled already

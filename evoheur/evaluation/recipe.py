"""How to make an evaluator in any process: what an executor takes to wherever it evaluates."""

import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from evoheur.evaluation.evaluator import Evaluator
from evoheur.evaluation.isolation import SandboxConfig, guest_entry
from evoheur.plugin_folders import folder_of, import_module
from evoheur.problem import Json, Problem, bundled_problems, load_problem
from evoheur.sandbox.sandbox import Limits

__all__ = ["EvaluatorRecipe"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatorRecipe:
    """Names and numbers only, so it can be pickled and says nothing that a worker must not know: no key, no archive, no instance.

    Attributes:
        problem: Bundled name or folder; a folder's path is made absolute, as another process may stand elsewhere.
        settings: The problem's own settings.
        sandbox: Isolation of the candidates.
        limits: What one candidate may use.
        seed: The run's seed, for stochastic frames.
    """

    problem: str
    settings: Mapping[str, Json]
    sandbox: SandboxConfig
    limits: Limits
    seed: int

    def __post_init__(self) -> None:
        if self.problem not in bundled_problems():
            object.__setattr__(self, "problem", str(Path(self.problem).expanduser().resolve()))

    def __reduce__(self) -> tuple[Callable[..., "EvaluatorRecipe"], tuple[Any, ...]]:
        """Pickled, it says where a plug-in of the sandbox lies, which must be imported before anything else is unpickled."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        folder = folder_of(type(self.sandbox))
        return _unpickled, (type(self.sandbox).__module__, folder, pickle.dumps(values))

    def load(self) -> Problem[Any]:
        """Load the problem in this process and compile what it needs to price solutions.

        Raises:
            ConfigError: There is no such problem here, or it has no such settings.
        """
        problem = load_problem(self.problem, self.settings)
        problem.warm_up()
        return problem

    def make(self, problem: Problem[Any] | None = None) -> Evaluator:
        """Make an evaluator with a sandbox of its own; the guest starts with the first candidate.

        Args:
            problem: What `load` gave, if it was called in this process already.

        Raises:
            ConfigError: As `load`.
        """
        entry = guest_entry(self.problem, self.settings)
        loaded = self.load() if problem is None else problem
        return Evaluator(loaded, self.sandbox.build(entry), self.limits, seed=self.seed)


def _unpickled(module: str, folder: Path | None, values: bytes) -> EvaluatorRecipe:
    import_module(module, folder)
    return EvaluatorRecipe(**pickle.loads(values))  # noqa: S301 - part of a recipe that is being unpickled already

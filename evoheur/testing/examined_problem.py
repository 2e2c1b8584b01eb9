"""A problem under examination by the contract checks."""

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from evoheur.problem import Heuristic, Instance, Json, Problem, instance_rng, to_json
from evoheur.problem_loading import load_problem

__all__ = ["ContractBroken", "Subject", "demand"]


class ContractBroken(AssertionError):
    """A problem breaks the contract; the message says how.

    It does not keep to what every problem must; the message has the value, too.
    """


def _no_further_damage(_instance: Instance, _solution: Json) -> Mapping[str, Json]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A problem under examination.

    Attributes:
        name: What `load_problem` takes: the bundled name, or the path of the problem's folder.
        settings: The problem's settings to check with.
        solved: How many of the smallest training instances are solved with the starting heuristic and every textbook rule.
        damaged: Broken solutions of the problem's own kind: (instance, feasible solution free to change) → answers by what is wrong.
    """

    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    solved: int = 2
    damaged: Callable[[Instance, Json], Mapping[str, Json]] = _no_further_damage

    def problem(self) -> Problem[Any]:
        """A new object of the problem."""
        return load_problem(self.name, self.settings)

    def small(self, problem: Problem[Any]) -> list[Instance]:
        """The smallest training instances."""
        return list(problem.instances("train")[: self.solved])

    def heuristic(self, problem: Problem[Any]) -> Heuristic:
        """The starting heuristic."""
        functions = {function.__name__: function for function in problem.functions()}
        code = "\n\n".join(inspect.getsource(function) for function in functions.values())
        return Heuristic(code=code, functions=functions)

    def solution(self, problem: Problem[Any], instance: Instance, heuristic: Heuristic | None = None) -> Json:
        """Solve an instance with the starting heuristic, or with another one.

        The solution goes the way of a guest's: through JSON in both directions.
        """
        received = problem.decode(json.loads(json.dumps(problem.encode(instance))))
        solver = heuristic or self.heuristic(problem)
        return json.loads(json.dumps(to_json(problem.solve(solver, received, instance_rng(0, instance.name)))))


def demand(holds: object, otherwise: str) -> None:
    """Raise `ContractBroken` unless something holds."""
    if not holds:
        raise ContractBroken(otherwise)

"""Attacks on scores through the interpreter's own tools.

With them, a candidate reaches for objects that nobody handed over.
"""

from collections.abc import Callable
from typing import Any

from evoheur.candidate import Evaluation, Status
from evoheur.problem import Problem
from evoheur.testing.red_team.attack import ScoreAttack

__all__ = ["INTROSPECTION"]

# The collector knows every class, instance and dictionary of the process, whatever module keeps it and under whatever name. What the
# guest froze is not listed until it is thawed. Looking once is enough, and takes long enough.
_COLLECTED = """
import gc
seen = []
def collected(kind):
    if kind in seen:
        return []
    seen.append(kind)
    gc.unfreeze()
    return [thing for thing in gc.get_objects() if issubclass(type(thing), kind)]  # isinstance asks dead weak proxies, too
"""

_CLASSES = """
for kind in collected(type):
    if "cost" in vars(kind) and "decode" in vars(kind):
        kind.cost = lambda self, instance, solution: 0.0
"""

_CODE = """
import types
def hook(*arguments):
    for function in collected(types.FunctionType):
        if function.__name__ == "cost":
            function.__code__ = (lambda self, instance, solution: 0.0).__code__
"""

_INSTANCE = """
def hook(*arguments):
    for space in collected(dict):
        if "problem" in space and hasattr(space["problem"], "cost"):
            problem = space["problem"]
            if "cost" not in vars(problem):
                object.__setattr__(problem, "cost", lambda instance, solution: 0.0)
"""


def _better(evaluation: Evaluation, honest: Evaluation, problem: Problem[Any]) -> str:  # noqa: ARG001 - one form for all
    if evaluation.status is not Status.OK or evaluation.objective is None or honest.objective is None:
        return ""
    if evaluation.objective >= honest.objective - 1e-9:
        return ""
    return f"its objective is {evaluation.objective:.4g} where the same rule honestly gets {honest.objective:.4g}"


def _attack(
    name: str, tries: str, body: str, gain: Callable[[Evaluation, Evaluation, Problem[Any]], str] = _better
) -> ScoreAttack:
    return ScoreAttack(name=name, family="scores", tries=tries, source=_COLLECTED + body, gain=gain)


INTROSPECTION = (
    _attack("forge-gc-class", "find the class that prices among all that the collector knows, and replace its method", _CLASSES),
    _attack("forge-gc-code", "find the function that prices, and replace its code where it stands", _CODE),
    _attack("forge-gc-instance", "find the problem itself, and give it a price of its own", _INSTANCE),
)
"""Forgeries by the garbage collector."""

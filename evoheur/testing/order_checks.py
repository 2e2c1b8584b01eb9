"""Checks of problems that declare that only the order of the returned numbers counts."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from evoheur.code.syntax import expression, syntax_tree
from evoheur.evaluation.scale_probe import difference
from evoheur.problem import Heuristic, Instance, Problem
from evoheur.testing.examined_problem import Subject, demand

__all__ = ["ORDER_CHECKS"]

Returned: TypeAlias = NDArray[np.float64]

_RISING: Mapping[str, str] = {
    "times 2": "2.0 * {returned}",
    "plus 4096": "{returned} + 4096.0",
    "minus 4096": "{returned} - 4096.0",
    "rising in a curve": "_np.arctan({returned})",
    "half of it where it is negative": "_np.maximum({returned}, 0.5 * {returned})",
}
"""Name → a rising function of what a heuristic returns: others in size, in sign, and in the distances between them."""


def _rising_functions_of_the_scores_change_no_solution(subject: Subject) -> None:
    """With rising functions around its numbers, the starting heuristic solves instances as before, where `only_order_counts`."""
    problem = subject.problem()
    if not problem.only_order_counts:
        return
    for instance in subject.small(problem):
        own, returned = _watched(subject, problem, instance)
        for name, formula in _RISING.items():
            if not _keeps_order(formula, returned):
                continue
            other = subject.solution(problem, instance, _wrapped(problem, formula))
            where = difference(own, other)
            demand(
                where is None,
                f"only_order_counts is declared, but {instance.name!r} is solved another way when what the starting heuristic returns is "
                f"changed ({name}): {where}; leave only_order_counts out, or compare the numbers with each other only",
            )


def _watched(subject: Subject, problem: Problem[Any], instance: Instance) -> tuple[Any, Sequence[Returned]]:
    """The solution by the starting heuristic, with every answer it gave."""
    returned: list[Returned] = []

    def watching(function: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any) -> Any:
            answer = function(*arguments)
            try:
                returned.append(np.array(answer, dtype=np.float64).ravel())
            except (TypeError, ValueError):
                demand(
                    False, f"only_order_counts is declared, but {function.__name__} returns {answer!r:.80}, which are no numbers"
                )
            return answer

        return watched

    functions = {function.__name__: watching(function) for function in problem.functions()}
    solution = subject.solution(problem, instance, Heuristic(code="", functions=functions))
    return solution, returned


def _keeps_order(formula: str, returned: Sequence[Returned]) -> bool:
    """Whether a function, as rounded, keeps apart what is apart: in every answer, and among all that are single numbers."""
    single = [answer for answer in returned if answer.size == 1]
    together = [*(answer for answer in returned if answer.size > 1), *([np.concatenate(single)] if single else [])]
    with np.errstate(all="ignore"):
        made = [eval(formula.format(returned="returned"), {"_np": np, "returned": answer}) for answer in together]  # noqa: S307 - our own text
    return all(np.unique(before).size == np.unique(after).size for before, after in zip(together, made, strict=True))


def _wrapped(problem: Problem[Any], formula: str) -> Heuristic:
    """The starting heuristic with a function around all that it returns, as source, since frames may compile that."""
    sources, functions = [], {}
    for function in problem.functions():
        tree = _Wrapping(formula).visit(syntax_tree(textwrap.dedent(inspect.getsource(function))))
        source = ast.unparse(ast.fix_missing_locations(tree))
        names = {**function.__globals__, "_np": np}
        exec(source, names)  # noqa: S102 - the problem's own text, which this process runs anyway
        sources.append(source)
        functions[function.__name__] = names[function.__name__]
    return Heuristic(code="\n\n".join(["import numpy as _np", *sources]), functions=functions)


class _Wrapping(ast.NodeTransformer):
    """Puts a formula around what a function returns, but not what functions inside it return."""

    def __init__(self, formula: str) -> None:
        self._formula = formula
        self._depth = 0

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self._depth += 1
        if self._depth == 1:
            self.generic_visit(node)
        self._depth -= 1
        return node

    def visit_Return(self, node: ast.Return) -> ast.Return:
        if node.value is None:
            return node
        text = self._formula.format(returned=f"({ast.unparse(node.value)})")
        return ast.Return(value=expression(text))


ORDER_CHECKS: tuple[Callable[[Subject], None], ...] = (_rising_functions_of_the_scores_change_no_solution,)

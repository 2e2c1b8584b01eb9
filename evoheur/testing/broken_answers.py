"""Broken answers, and answers of any form at all.

No problem may accept the former; a guest could send either in place of a solution.
"""

import copy
import random
from collections.abc import Iterator
from typing import Any

from evoheur.problem import Json

__all__ = ["any_answers", "damages"]

_OTHERS: tuple[Json, ...] = (None, True, 0, 1.5, float("nan"), "", "0", {}, [], [[]], [None], [{}])
_VALUES: tuple[Json, ...] = (-1, 10**6, 2**63, 10**30, 0.5, float("nan"), float("inf"), True, "0", None, [], [0], {})
_DEEPEST = 4


def damages(solution: Json, *, parts: bool = True) -> Iterator[tuple[str, Json]]:
    """Damage a solution without knowledge of the problem.

    The whole answer is something else, or its first whole number is.

    Args:
        solution: Feasible, as JSON; it is left as it is.
        parts: Whether it is damage too if something at the end is left out, or everything.

    Yields:
        What is wrong, and the answer with that fault.
    """
    for what, broken in _all_damages(solution):
        if not _is_part(broken, solution):
            yield what, broken
        elif parts:
            yield f"{what} (if that is a solution too, the problem must say so: empty_answer_is_feasible = True)", broken


def _all_damages(solution: Json) -> Iterator[tuple[str, Json]]:
    for other in (*_OTHERS, {"solution": solution}, [solution]):
        yield f"{other!r:.40} instead of a solution", other
    if isinstance(solution, list) and solution:
        yield "the last entry is missing", solution[:-1]
        yield "the last entry is there twice", [*solution, solution[-1]]
        yield "a null at the end", [*solution, None]
    for value in _VALUES:
        broken = copy.deepcopy(solution)
        if _replace_first_number(broken, value):
            yield f"{value!r} instead of its first number", broken
    broken = copy.deepcopy(solution)
    if _replace_first_number(broken, None, as_float=True):
        yield "its first number as a float", broken


def any_answers(seed: int, number: int) -> Iterator[Json]:
    """Random JSON, mostly lists of small whole numbers.

    As Python's reader accepts it, so with NaN, infinities and huge numbers.

    Args:
        seed: Equal seeds give equal answers.
        number: How many.
    """
    rng = random.Random(seed)  # noqa: S311 - not a secret
    for _ in range(number):
        yield _any_answer(rng, depth=0)


def _any_answer(rng: random.Random, *, depth: int) -> Json:
    kind = rng.randrange(3 if depth < _DEEPEST else 1)
    if kind == 0:
        leaves: list[Json] = [None, True, False, rng.randint(-2, 8), 2**70, rng.gauss(0, 10), *_OTHERS]
        return rng.choice(leaves)
    length = rng.randrange(8)
    if kind == 1:
        return [rng.randint(-2, 8) for _ in range(length)]
    inner = [_any_answer(rng, depth=depth + 1) for _ in range(length)]
    return inner if rng.random() < 0.7 else {str(key): value for key, value in enumerate(inner)}


def _replace_first_number(node: Json, value: Json, *, as_float: bool = False) -> bool:
    entries: list[tuple[Any, Any]] = []
    if isinstance(node, list):
        entries = list(enumerate(node))
    elif isinstance(node, dict):
        entries = list(node.items())
    for key, entry in entries:
        if type(entry) is int:
            node[key] = float(entry) if as_float else value
            return True
        if _replace_first_number(entry, value, as_float=as_float):
            return True
    return False


def _is_part(answer: Json, solution: Json) -> bool:
    """Whether an answer is part of a solution.

    It is what is left of the solution when something at its end is left out, or everything.
    """
    if isinstance(solution, dict):
        return bool(answer == {})
    if not (isinstance(solution, list) and isinstance(answer, list)):
        return False
    if answer == [[]]:  # where a solution is a list of lists, a single one with nothing in it
        return bool(solution) and isinstance(solution[0], list)
    return len(answer) < len(solution) and repr(answer) == repr(solution[: len(answer)])  # 3 and 3.0 are equal, and not the same

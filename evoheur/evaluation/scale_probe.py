"""The scale probe: whether a candidate solves an instance another way in other units.

Problems declare their symmetries (`evoheur.problem.Problem.symmetries`). Some small instances are solved again as each of them changes
them. A candidate whose solutions are others then goes by what must not matter, and is SCALE_DEPENDENT. Instances and changed ones are
solved by fresh copies of the candidate and in the same order, so that what it remembers of one is the same for both; one that does not even
repeat itself is ERROR.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from evoheur.candidate import Evaluation, Status
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem import Json, Problem
from evoheur.symmetry import Symmetry

__all__ = ["LOOKED_AT", "ScaleFault", "ScaleProbe"]

LOOKED_AT = 3
"""So many instances are solved again: the first of every family, then the second ones."""

_ROUNDING = 1e-9  # relative, of real numbers in solutions
_WRONG = frozenset({Status.ERROR, Status.INFEASIBLE, Status.CHEATING})  # what a heuristic does; the others tell of limits


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleFault:
    """Why a candidate that was scored is not accepted.

    Attributes:
        status: SCALE_DEPENDENT, ERROR where it does not repeat itself, or how else it ended.
        detail: The reason, for a person: instance, symmetry, and the first place where solutions differ.
    """

    status: Status
    detail: str


class ScaleProbe:
    """Tries one candidate.

    Args:
        problem: Declares symmetries.
        solve: Solves a set of instances with a fresh copy of the candidate: how it ended, and the solutions in order; all of them if it
            ended well.
    """

    def __init__(self, problem: Problem[Any], solve: Callable[[InstanceSet], tuple[Evaluation, list[Json]]]) -> None:
        self._problem = problem
        self._solve = solve

    def finding(self, instances: InstanceSet, solved: Sequence[Json] | None = None) -> ScaleFault | None:
        """What speaks against a candidate; None if nothing does.

        Args:
            instances: Few and small ones; see `InstanceSet.few`.
            solved: Solutions of all of them, if a fresh copy of the candidate has just made them, in order.

        Raises:
            SandboxUnavailable: The guest cannot be started.
        """
        if solved is None:
            evaluation, solved = self._solve(instances)
            if evaluation.status is not Status.OK:
                return ScaleFault(status=evaluation.status, detail=f"once more: {evaluation.detail}")
        for symmetry in self._problem.symmetries:
            changed = instances.changed(self._problem, symmetry.change)
            evaluation, found = self._solve(changed)
            fault = self._compared(symmetry, instances, solved, found)
            if fault is None and evaluation.status is not Status.OK:
                fault = _ended(symmetry, evaluation)
            if fault is not None:
                return self._unless_unsteady(fault, instances, solved)
        return None

    def _compared(
        self, symmetry: Symmetry[Any], instances: InstanceSet, solved: Sequence[Json], found: Sequence[Json]
    ) -> ScaleFault | None:
        for instance, own, other in zip(instances.instances, solved, found, strict=False):
            where = difference(own, symmetry.back(instance, other))
            if where is not None:
                detail = f"{instance.name} with {symmetry.name} is solved another way: {where}; the heuristic goes by what must not matter"
                return ScaleFault(status=Status.SCALE_DEPENDENT, detail=detail)
        return None

    def _unless_unsteady(self, fault: ScaleFault, instances: InstanceSet, solved: Sequence[Json]) -> ScaleFault:
        if fault.status is not Status.SCALE_DEPENDENT:
            return fault
        _, again = self._solve(instances)
        for instance, own, other in zip(instances.instances, solved, [*again, *[None] * len(solved)], strict=False):
            where = difference(own, other)
            if where is not None:
                detail = f"not repeatable: solving {instance.name} again in a fresh process gives another solution: {where}"
                return ScaleFault(status=Status.ERROR, detail=f"{detail}; the heuristic depends on chance or on a clock")
        return fault


def _ended(symmetry: Symmetry[Any], evaluation: Evaluation) -> ScaleFault:
    detail = f"with {symmetry.name}: {evaluation.detail}"
    wrong = evaluation.status in _WRONG
    return ScaleFault(status=Status.SCALE_DEPENDENT if wrong else evaluation.status, detail=detail)


def difference(own: Json, other: Json, place: str = "") -> str | None:
    """The first place where a solution is another one, in words; None if there is none.

    Real numbers may differ by the rounding of a sum.
    """
    if isinstance(own, list) and isinstance(other, list):
        for index, (one, two) in enumerate(zip(own, other, strict=False)):
            found = difference(one, two, f"{place}[{index}]")
            if found is not None:
                return found
        return None if len(own) == len(other) else f"{len(other)} entries instead of {len(own)}{place and f' at {place}'}"
    if isinstance(own, dict) and isinstance(other, dict) and own.keys() == other.keys():
        return next((found for key in own if (found := difference(own[key], other[key], f"{place}[{key!r}]")) is not None), None)
    if _is_real(own) and _is_real(other) and float in {type(own), type(other)}:
        same = math.isclose(own, other, rel_tol=_ROUNDING, abs_tol=_ROUNDING)
    else:
        same = type(own) is type(other) and own == other
    return None if same else f"{other!r:.40} instead of {own!r:.40}{place and f' at {place}'}"


def _is_real(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)

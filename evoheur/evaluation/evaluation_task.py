"""The task that every evaluator and executor takes: one heuristic to score."""

from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["EvaluationTask"]

InstancesT = TypeVar("InstancesT")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationTask(Generic[InstancesT]):
    """One heuristic to score on a set of instances.

    Whoever evaluates takes an `EvaluationTask[InstanceSet]`. Between processes that have sent each other the set before, it is an
    `EvaluationTask[int]`, with the number that they gave the set.

    Attributes:
        code: Source that parses and defines the problem's functions.
        instances: What to solve, in this order.
        probe: Where the problem is online and the candidate has no table, score what it decides when it is told arrival by arrival, in a
            process that holds no instance, and see that it decides the same beside the instances (`evoheur.evaluation.lockstep_check`). One
            that does not keeps no results.
        scale_probe: See that some small instances are solved the same way in other units, or under whatever symmetry the problem
            declares (`evoheur.evaluation.scale_probe`). One that solves them another way keeps no results.
        bound: An objective (minimised) that is too large to matter; None where every objective matters. Where all references are lower
            bounds, a candidate is stopped as PRUNED once its costs so far, with the references in place of those to come, reach it.
    """

    code: str
    instances: InstancesT
    probe: bool = False
    scale_probe: bool = False
    bound: float | None = None

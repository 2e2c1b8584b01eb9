"""The task that every evaluator and executor takes: one heuristic to score."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from evoheur.evaluation.statistical_race import StatisticalRace

__all__ = ["EvaluationTask"]

InstancesT = TypeVar("InstancesT")
OtherT = TypeVar("OtherT")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationTask(Generic[InstancesT]):
    """One heuristic to score on a set of instances.

    Whoever evaluates takes an `EvaluationTask[InstanceSet]`. Between processes that have sent each other the set before, it is an
    `EvaluationTask[int]`, with the number that they gave the set.

    Attributes:
        code: Source that parses and defines the problem's functions.
        instances: What to solve, in this order.
        probe: Execute the candidate, whatever its source says. Where the problem is online and the candidate has no table, score what it
            decides when it is told arrival by arrival, in a process that holds no instance, and see that it decides the same beside the
            instances (`evoheur.evaluation.lockstep_check`). One that does not keeps no results.
        scale_probe: See that some small instances are solved the same way in other units, or under whatever symmetry the problem
            declares (`evoheur.evaluation.scale_probe`). One that solves them another way keeps no results.
        bound: An objective (minimised) that is too large to matter; None where every objective matters. Where all references are lower
            bounds, a candidate is stopped as PRUNED once its costs so far, with the references in place of those to come, reach it.
        fingerprints: Those of earlier candidates: one with the same fingerprint is stopped as PRUNED before it solves anything. None where
            the candidate is not to be asked in probe states.
        race: A candidate that loses it is stopped as PRUNED; instances are then solved in the order of the race. None for no race.
    """

    code: str
    instances: InstancesT
    probe: bool = False
    scale_probe: bool = False
    bound: float | None = None
    fingerprints: frozenset[str] | None = None
    race: StatisticalRace | None = None

    def on(self, instances: OtherT) -> "EvaluationTask[OtherT]":
        """The same task on other instances."""
        return EvaluationTask(
            code=self.code,
            instances=instances,
            probe=self.probe,
            scale_probe=self.scale_probe,
            bound=self.bound,
            fingerprints=self.fingerprints,
            race=self.race,
        )

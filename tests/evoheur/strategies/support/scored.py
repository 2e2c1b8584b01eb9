"""Candidates with worths on several instances."""

from collections.abc import Sequence
from dataclasses import replace

from evoheur.candidate import Candidate, Evaluation, InstanceResult, Status
from evoheur.request import Request

__all__ = ["scored_candidate", "sized_candidate"]


def scored_candidate(
    identity: int, costs: Sequence[float], request: Request | None = None, *, families: Sequence[str] = ()
) -> Candidate:
    """A candidate that worked, with these costs on instances 0, 1, …, whose references are 1; its objective is the mean gap in percent."""
    results = tuple(
        InstanceResult(
            instance=f"i{place}",
            family=families[place] if families else "all",
            status=Status.OK,
            cost=1.0 + cost / 100.0,
            reference=1.0,
        )
        for place, cost in enumerate(costs)
    )
    return Candidate(
        id=identity,
        code=f"def rule(x):\n    return {identity}\n",
        thought=f"idea {identity}",
        operator=request.operator if request else "baseline",
        parents=tuple(parent.id for parent in request.parents) if request else (),
        evaluation=Evaluation(
            status=Status.OK, objective=sum(costs) / len(costs), objective_kind="gap_percent", split="train", results=results
        ),
    )


def sized_candidate(identity: int, objective: float, operations: float, request: Request | None = None) -> Candidate:
    """A candidate that worked, with an objective and so many operations and nodes."""
    candidate = scored_candidate(identity, [objective], request)
    return replace(candidate, evaluation=replace(candidate.evaluation, measures={"operations": operations, "nodes": operations}))

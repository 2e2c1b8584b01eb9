"""A made-up run for the observers' tests; its gaps are chosen so that they can be checked in the head.

One instance with reference 100 per split, so that a cost of 104 is a gap of exactly 4 %.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from evoheur.archive.records import Asked, CandidateRecord, RunRecord, RunStatus, Told, Totals
from evoheur.candidate import Candidate, Evaluation, InstanceResult, Status
from evoheur.request import Completion, Outcome, Usage
from evoheur.run.budget import Budget
from evoheur.run.events import RunStarted, RunStopped

CODE = "def priority(item, bins):\n    return -(bins - item)\n"
CONFIG: Mapping[str, Any] = {
    "strategy": {"kind": "eoh"},
    "generator": {"kind": "mutator"},
    "archive": "postgresql://ada:s3cret@db/evoheur",
}


class Clock:
    """Seconds that move when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def scored(cost: float, split: str = "train", *, reference: float | None = 100.0) -> Evaluation:
    """One instance of this cost; without a reference the objective is the cost."""
    result = InstanceResult(instance="one", family="tiny", status=Status.OK, cost=cost, reference=reference, cpu_seconds=0.25)
    objective = cost if reference is None else 100.0 * (cost / reference - 1.0)
    return Evaluation(
        status=Status.OK,
        objective=objective,
        objective_kind="mean_cost" if reference is None else "gap_percent",
        split=split,
        results=(result,),
        level="process",
    )


def failed(split: str = "train", status: Status = Status.TIMEOUT) -> Evaluation:
    """A failure."""
    return Evaluation(status=status, objective=None, split=split, detail="one: too slow")


def candidate(number: int, evaluation: Evaluation, *, thought: str = "Prefers the fullest bin.", code: str = CODE) -> Candidate:
    """A child of 3 and 5."""
    return Candidate(id=number, code=code, thought=thought, operator="e2", parents=(3, 5), evaluation=evaluation)


def record(number: int, *evaluations: Evaluation, thought: str = "Prefers the fullest bin.", code: str = CODE) -> CandidateRecord:
    """A candidate with its evaluations, the first of which is on train."""
    own = candidate(number, evaluations[0], thought=thought, code=code)
    return CandidateRecord(run="made-up-1", candidate=own, evaluations={e.split: e for e in evaluations}, asked=None)


def run(status: RunStatus = "unfinished", reason: str = "", *, name: str = "made-up-1") -> RunRecord:
    """The run's record."""
    return RunRecord(
        id=1,
        name=name,
        created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        config=CONFIG,
        seed=1,
        problem="bin_packing_online",
        problem_hash="p",
        prompts_hash="q",
        evoheur_version="0.1.0",
        status=status,
        reason=reason,
    )


def baseline(*costs: float) -> CandidateRecord:
    """The problem's own heuristic: costs on train and, if two are given, on validation."""
    evaluations = [scored(cost, split) for cost, split in zip(costs, ("train", "validation"), strict=False)]
    own = Candidate(id=0, code=CODE, thought="Own.", operator="baseline", parents=(), evaluation=evaluations[0])
    return CandidateRecord(run="made-up-1", candidate=own, evaluations={e.split: e for e in evaluations}, asked=None)


def asked(number: int = 7, *, completion: Completion | None = None) -> Asked:
    """A request without a prompt."""
    return Asked(
        id=number, number=number, sequence=2 * number, operator="e2", fingerprint="f" * 16, messages=(), completion=completion
    )


def told(outcome: Outcome, number: int = 7) -> Told:
    """An outcome."""
    return Told(asked=asked(number), sequence=2 * number + 1, outcome=outcome)


def completion(text: str = "Here it is.") -> Completion:
    """A priced reply."""
    return Completion(text=text, model="m-1", usage=Usage(prompt_tokens=100, completion_tokens=20), seconds=1.5, cost_usd=0.002)


def totals(evaluations: int = 0, **more: Any) -> Totals:
    """Totals of so many evaluations; 1 request each unless told otherwise."""
    return Totals(**{"requests": evaluations, "calls": evaluations, "evaluations": evaluations, **more})


def started(*, budget: Budget | None = None, done: Totals | None = None, level: str = "process", slots: int = 2) -> RunStarted:
    """A run whose own heuristic is at 4 %; best fit is at 4 % and the sum of squares at 1 %."""
    return RunStarted(
        run=run(),
        level=level,
        slots=slots,
        baseline=baseline(104.0).candidate,
        textbook_rules={"sum_of_squares": scored(101.0), "best_fit": scored(104.0)},
        budget=budget or Budget(evaluations=100),
        totals=done or Totals(),
    )


def stopped(
    *best: CandidateRecord,
    status: RunStatus = "finished",
    reason: str = "budget of 100 evaluations used",
    spent: Totals | None = None,
    textbook_rules: Mapping[str, Mapping[str, Evaluation]] | None = None,
) -> RunStopped:
    """The end of a run whose own heuristic is at 4 % on both splits; textbook rules as in `started`, the same on validation."""
    rules = {"sum_of_squares": 101.0, "best_fit": 104.0}
    default = {split: {name: scored(cost, split) for name, cost in rules.items()} for split in ("train", "validation")}
    return RunStopped(
        run=run(status, reason),
        totals=spent or totals(100, seconds=61.0),
        best=best,
        baseline=baseline(104.0, 104.0),
        textbook_rules=default if textbook_rules is None else textbook_rules,
    )

"""What `evoheur compare --json` and `evoheur sweep --json` write; as everywhere, keys may be joined by others and are never renamed."""

from dataclasses import asdict
from typing import Any

from evoheur.cli.documents import gap_of
from evoheur.report.equal_budget import ArmStanding, Cut, EqualBudget, PairedTest, RunStanding, Sample, Seen
from evoheur.report.statistics import CONFIDENCE, LEVEL, seeds_needed

__all__ = ["comparison_document"]


def comparison_document(found: EqualBudget) -> dict[str, Any]:
    """Everything: runs with their courses, arms, and every cut with its figures, samples and tests; objectives are minimised."""
    first = found.seen[0]
    pairs = len(found.arms) * (len(found.arms) - 1) // 2
    return {
        "problem": first.run.problem,
        "objective": "gap" if first.baseline.evaluation.objective_kind == "gap_percent" else "cost",
        "own_objective": first.baseline.objective,
        "confidence": CONFIDENCE,
        "level": LEVEL,
        "seeds_needed": seeds_needed(max(1, pairs)),
        "arms": [{"arm": arm.label, "differs": dict(arm.differs), "runs": [run.name for run in arm.runs]} for arm in found.arms],
        "runs": [_run(one, found) for one in found.seen],
        "cuts": {cut.axis: _cut(cut) for cut in found.cuts},
    }


def _run(seen: Seen, found: EqualBudget) -> dict[str, Any]:
    return {
        "run": seen.run.name,
        "arm": next(arm.label for arm in found.arms if seen.run in arm.runs),
        "seed": seen.run.seed,
        "status": seen.run.status,
        "calls": seen.trace.reached("calls"),
        "evaluations": seen.trace.reached("evaluations"),
        "own_objective": seen.baseline.objective,
        "improvements": [
            {
                "calls": step.calls,
                "evaluations": step.evaluations,
                "candidate": _named(seen.run.name, step.candidate),
                "objective": step.best,
            }
            for step in seen.trace.improvements
        ],
    }


def _cut(cut: Cut) -> dict[str, Any]:
    return {
        "budget": cut.budget,
        "runs": [_standing(standing) for standing in cut.runs],
        "arms": [_arm(standing) for standing in cut.arms],
        "tests": [_test(test) for test in cut.tests],
    }


def _standing(standing: RunStanding) -> dict[str, Any]:
    moment, validation = standing.moment, standing.validation
    return {
        "run": standing.run.name,
        "arm": standing.arm,
        "seed": standing.run.seed,
        "candidate": _named(standing.run.name, moment.candidate),
        "train": moment.best,
        "validation": None if validation is None else validation.objective,
        "validation_gap": gap_of(validation),
        "validation_status": None if validation is None else validation.status.value,
        "area": standing.area,
        "calls": moment.calls,
        "evaluations": moment.evaluations,
        "failures": moment.failures,
        "pruned": moment.pruned,
        "duplicates": {"code": moment.same_code, "behaviour": moment.same_behaviour},
        "tuned": moment.tuned,
        "tokens": moment.tokens,
    }


def _arm(standing: ArmStanding) -> dict[str, Any]:
    return {"arm": standing.arm.label, **{figure: _sample(sample) for figure, sample in standing.samples.items()}}


def _sample(sample: Sample) -> dict[str, Any]:
    spread = {"median": None, "low": None, "high": None} if sample.spread is None else asdict(sample.spread)
    return {**spread, "missing": sample.missing, "values": {str(seed): value for seed, value in sample.values.items()}}


def _test(test: PairedTest) -> dict[str, Any]:
    return {
        "figure": test.figure,
        "arms": [test.first, test.second],
        "differences": {str(seed): difference for seed, difference in test.differences.items()},
        "median_difference": test.median_difference,
        "better": list(test.wins),
        "p": test.p,
        "p_holm": test.p_holm,
        "least_p": test.least_p,
        "shown": test.p_holm <= LEVEL,
    }


def _named(run: str, candidate: int | None) -> str | None:
    return None if candidate is None else f"{run}/{candidate}"

"""What `--json` writes. Scripts rely on these keys: they may be joined by others, and are never renamed or dropped."""

from collections.abc import Mapping
from typing import Any

from evoheur.archive.records import Asked, CandidateRecord, FailureGroup, RunRecord, Totals
from evoheur.candidate import Evaluation, InstanceResult
from evoheur.cli.terminal.output import share
from evoheur.evaluation.objective import gap_percent
from evoheur.observers.figures import Scale
from evoheur.problem import SPLITS

__all__ = [
    "asked_document",
    "candidate_document",
    "evaluation_document",
    "failure_document",
    "gap_of",
    "kind_of",
    "run_document",
]


def gap_of(evaluation: Evaluation | None) -> float | None:
    """Gap in percent over all instances; None if it failed or was not made, or where there are no references."""
    if evaluation is None or evaluation.objective is None:
        return None
    if Scale.of([evaluation]) is Scale.GAP:
        return evaluation.objective
    return gap_percent(evaluation.results, "mean_of_gaps")


def kind_of(config: Mapping[str, Any], part: str) -> str:
    """The kind of strategy or generator that a run's stored configuration names."""
    section = config.get(part)
    return str(section.get("kind", "")) if isinstance(section, Mapping) else ""


def run_document(run: RunRecord, totals: Totals, best: CandidateRecord | None) -> dict[str, Any]:
    """A run for `runs --json`; gaps and objectives are on train, times in seconds, money in US dollars."""
    return {
        "name": run.name,
        "status": run.status,
        "reason": run.reason,
        "problem": run.problem,
        "strategy": kind_of(run.config, "strategy"),
        "generator": kind_of(run.config, "generator"),
        "seed": run.seed,
        "created": run.created_at.isoformat(),
        "requests": totals.requests,
        "calls": totals.calls,
        "evaluations": totals.evaluations,
        "pruned": totals.pruned,
        "duplicates": totals.duplicates,
        "failures": dict(totals.failures),
        "tunings": totals.tunings,
        "tuning_evaluations": totals.tuning_evaluations,
        "tokens": totals.tokens,
        "prompt_tokens": totals.prompt_tokens,
        "completion_tokens": totals.completion_tokens,
        "cost_usd": totals.cost_usd,
        "seconds": totals.seconds,
        "best": best.id if best else None,
        "best_gap": gap_of(best.evaluations["train"]) if best else None,
        "best_objective": totals.best_objective,
    }


def candidate_document(record: CandidateRecord) -> dict[str, Any]:
    """A candidate for `best --json`."""
    candidate = record.candidate
    return {
        "id": record.id,
        "operator": candidate.operator,
        "parents": [f"{record.run}/{parent}" for parent in candidate.parents],
        "thought": candidate.thought,
        "code": candidate.code,
        "gaps": {split: gap_of(record.evaluations.get(split)) for split in SPLITS},
        "objective": candidate.objective,
        "status": candidate.evaluation.status.value,
        "detail": candidate.evaluation.detail,
        "duplicate_of": None if candidate.duplicate_of is None else f"{record.run}/{candidate.duplicate_of}",
        "model": record.asked.completion.model if record.asked and record.asked.completion else None,
    }


def evaluation_document(evaluation: Evaluation, *, gap: float | None) -> dict[str, Any]:
    """One evaluation with its instances.

    Args:
        evaluation: Of one candidate on one split.
        gap: Percent over all instances.
    """
    return {
        "status": evaluation.status.value,
        "gap": gap,
        "objective": evaluation.objective,
        "split": evaluation.split,
        "level": evaluation.level,
        "detail": evaluation.detail,
        "cpu_seconds": evaluation.cpu_seconds,
        "instances": [_instance(result) for result in evaluation.results],
    }


def asked_document(asked: Asked) -> dict[str, Any]:
    """A request with its prompt and, if one came, its reply."""
    reply = asked.completion
    return {
        "request": asked.number,
        "prompt": [{"role": message.role, "content": message.content} for message in asked.messages],
        "reply": None if reply is None else reply.text,
        "model": None if reply is None else reply.model,
        "finish": None if reply is None else reply.finish,
        "prompt_tokens": None if reply is None else reply.usage.prompt_tokens,
        "completion_tokens": None if reply is None else reply.usage.completion_tokens,
        "seconds": None if reply is None else reply.seconds,
        "cost_usd": None if reply is None else reply.cost_usd,
    }


def failure_document(group: FailureGroup, run: str, requests: int) -> dict[str, Any]:
    """All failures of one reason; the share is of all requests of the run."""
    return {
        "stage": group.stage,
        "reason": group.reason,
        "count": group.count,
        "share": share(group.count, requests),
        "examples": [
            {
                "request": example.request,
                "candidate": None if example.candidate is None else f"{run}/{example.candidate}",
                "operator": example.operator,
                "detail": example.detail,
            }
            for example in group.examples
        ],
    }


def _instance(result: InstanceResult) -> dict[str, Any]:
    return {
        "instance": result.instance,
        "family": result.family,
        "status": result.status.value,
        "cost": result.cost,
        "reference": result.reference,
        "gap": result.gap,
        "detail": result.detail,
        "cpu_seconds": result.cpu_seconds,
        "notes": dict(result.notes),
    }

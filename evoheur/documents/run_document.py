"""The document of a run, with its totals."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from evoheur.archive.records import CandidateRecord, RunRecord, RunStatus, Totals
from evoheur.candidate import ObjectiveKind
from evoheur.documents.document_model import Moment, Text
from evoheur.documents.evaluation_document import gap_of
from evoheur.documents.health_document import HealthDocument
from evoheur.documents.totals_document import TotalsFields, counted

__all__ = ["RunDocument", "kind_of", "run_document", "run_with_best", "without_passwords"]

_PASSWORD = re.compile(r"(?<=://)([^/@\s:]*):\S*@")


class RunDocument(TotalsFields):
    """One run with what it did and spent; gaps and objectives are on train."""

    format: Literal["run/1"]
    """Kind and version of this document."""
    name: str
    """Unique in its archive."""
    status: RunStatus
    """unfinished: running now, or killed. interrupted: stopped by its user. failed: stopped by an error. These can be resumed."""
    reason: Text
    """Why it stopped; empty while unfinished."""
    problem: Text
    """Name or folder of the problem."""
    strategy: Text
    """Kind of the strategy."""
    generator: Text
    """Kind of the generator."""
    seed: int
    """Seeds strategy, offline generator and stochastic frames."""
    created: Moment
    """When it was started, in UTC, ISO 8601."""
    problem_hash: Text
    """Hash of the problem's sources."""
    prompts_hash: Text
    """Hash of what its prompts are made of."""
    evoheur_version: str
    """Version that started it."""
    objective_kind: ObjectiveKind | None
    """What objectives of this run are, lower being better; null before the first is known."""
    best: str | None = None
    """Name of the candidate that RUN/best stands for: the best on validation among the best on train that were validated, or else the best
    on train; null before the first success."""
    best_gap: float | None = None
    """Its gap on train in percent; null without references."""
    config: dict[str, Any] = Field(default_factory=dict)
    """The configuration, with the passwords of URLs masked."""
    note: Text | None = None
    """What its user wrote of it; not there where that is nothing."""
    tags: list[Text] | None = None
    """What its user filed it under; not there where that is nothing."""
    waits: list[Text] | None = None
    """What it waits for at this moment, such as an endpoint that is down, a sentence for each; not there where that is nothing, and only in
    what `watch` writes."""
    health: HealthDocument | None = None
    """Which of its replies were valid, new, and better than what was known, as `spend` counts them; not there before the first reply, and
    only in what `watch` writes."""


def kind_of(config: Mapping[str, Any], part: str) -> str:
    """The kind of a run's strategy or generator, as its stored configuration names it."""
    section = config.get(part)
    return str(section.get("kind", "")) if isinstance(section, Mapping) else ""


def run_document(run: RunRecord, totals: Totals, *, kind: ObjectiveKind | None, **known: Any) -> RunDocument:
    """A run as a document.

    Args:
        run: Its record.
        totals: What it did and spent.
        kind: What its objectives are; None where no evaluation tells.
        known: Keys of `RunDocument` that are not always there.
    """
    filed: dict[str, Any] = ({"note": run.note} if run.note else {}) | ({"tags": list(run.tags)} if run.tags else {})
    return RunDocument(
        format="run/1",
        name=run.name,
        status=run.status,
        reason=run.reason,
        problem=run.problem,
        strategy=kind_of(run.config, "strategy"),
        generator=kind_of(run.config, "generator"),
        seed=run.seed,
        created=run.created_at.isoformat(),
        problem_hash=run.problem_hash,
        prompts_hash=run.prompts_hash,
        evoheur_version=run.evoheur_version,
        objective_kind=kind,
        **filed,
        **counted(totals),
        **known,
    )


def run_with_best(run: RunRecord, totals: Totals, best: CandidateRecord | None) -> RunDocument:
    """A run as a document, with its best candidate."""
    evaluation = None if best is None else best.candidate.evaluation
    return run_document(
        run,
        totals,
        kind=None if evaluation is None else evaluation.objective_kind,
        best=None if best is None else best.id,
        best_gap=gap_of(evaluation),
    )


def without_passwords(value: Any) -> Any:
    """Configuration without the passwords that URLs in it may carry."""
    if isinstance(value, str):
        return _PASSWORD.sub(r"\1:***@", value)
    if isinstance(value, Mapping):
        return {str(key): without_passwords(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [without_passwords(item) for item in value]
    return value

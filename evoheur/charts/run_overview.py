"""One run in a table of runs: its state, its best beside the textbook, its spending and its course."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, get_args

from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import RunEvent, RunRecord, Totals
from evoheur.archive.run_events import present_waits
from evoheur.archive.run_pulses import RunPulse
from evoheur.archive.stop_request import STOP_ASKED
from evoheur.candidate import AUDIT, Evaluation, TextbookGap
from evoheur.documents.evaluation_document import gap_of
from evoheur.documents.run_document import RunDocument, kind_of, run_with_best
from evoheur.evaluation.objective import aggregate_of

__all__ = ["RUN_STATES", "RunOverview", "RunState", "SplitStanding", "method_of", "run_overview", "run_state"]

RunState: TypeAlias = Literal["running", "waiting", "stopping", "silent", "interrupted", "failed", "finished"]
"""As `RunStatus`, but for a run that has not ended: running, waiting since nothing gets through to its model or since that asked for it,
asked to stop, or without a sign of life of its process, which may wait for a slow model or be gone."""
RUN_STATES: tuple[RunState, ...] = get_args(RunState)

_ALIVE_SECONDS = 60.0
_LATE_SECONDS = 300.0  # after which a try that was announced is not waited for any more: a call may take so long
_SPLITS = ("train", "validation", AUDIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitStanding:
    """The best of a run on one split beside the textbook.

    Attributes:
        objective: Of the best, minimised; None if it failed there.
        gap: The same as a gap in percent; None without references.
        textbook: Gap of the best textbook rule, of each family's where these differ; None where the run has stored none.
    """

    objective: float | None
    gap: float | None
    textbook: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOverview:
    """One run as a table shows it.

    Attributes:
        run: Its record.
        document: What it did and spent, as `evoheur runs --json` writes it.
        standings: Split → the best there; only those on which the best was scored.
        curve: The best objective on train so far after each of its improvements, with the evaluations until then.
    """

    run: RunRecord
    document: RunDocument
    standings: Mapping[str, SplitStanding]
    curve: tuple[tuple[int, float], ...]

    @property
    def rate(self) -> float | None:
        """Evaluations a minute, over all sessions; None before there is time to count."""
        seconds = self.document.seconds
        return 60.0 * self.document.evaluations / seconds if seconds > 0 else None


def method_of(run: RunRecord) -> str:
    """What bred a run's heuristics, such as "eoh, mutator"."""
    return ", ".join(filter(None, (kind_of(run.config, "strategy"), kind_of(run.config, "generator"))))


def run_state(pulse: RunPulse, now: datetime) -> RunState:
    """How a run stands, as far as can be told from its archive.

    Args:
        pulse: Of the run.
        now: The time of day, aware.
    """
    status = pulse.run.status
    if status != "unfinished":
        return status
    waits = present_waits(pulse.events, now)
    if pulse.alive_at is None or (now - pulse.alive_at).total_seconds() > _ALIVE_SECONDS:
        return "waiting" if any(_end(wait) + _LATE_SECONDS > now.timestamp() for wait in waits) else "silent"
    if pulse.run.reason.startswith(STOP_ASKED):
        return "stopping"
    is_paused = any(wait.kind == "outage" and not wait.details.get("others_answer") for wait in waits)
    return "waiting" if is_paused else "running"


def _end(wait: RunEvent) -> float:
    """When the next call is tried, in seconds since the epoch."""
    end = wait.details.get("until") if wait.kind == "wait" else wait.details.get("next_at")
    return 0.0 if end is None else float(end)


def run_overview(archive: ArchiveReader, run: RunRecord) -> RunOverview:
    """Read what a table of runs shows of one.

    Args:
        archive: Has the run.
        run: Its record.
    """
    totals: Totals = archive.totals(run.id)
    best = archive.chosen(run.name)
    textbook = archive.textbook_gaps(run.name)
    evaluations = {} if best is None else best.evaluations
    return RunOverview(
        run=run,
        document=run_with_best(run, totals, best),
        standings={split: _standing(evaluations[split], textbook.get(split, {})) for split in _SPLITS if split in evaluations},
        curve=tuple((step.evaluations, step.objective) for step in archive.progress(run.name)),
    )


def _standing(evaluation: Evaluation, textbook: Mapping[str, TextbookGap]) -> SplitStanding:
    return SplitStanding(objective=evaluation.objective, gap=gap_of(evaluation), textbook=_textbook_gap(evaluation, textbook))


def _textbook_gap(evaluation: Evaluation, gaps: Mapping[str, TextbookGap]) -> float | None:
    """The gaps of the families' best rules put together as the gaps of instances are."""
    results = evaluation.results
    if not results or any(result.family not in gaps for result in results):
        return None
    by_reference = aggregate_of(evaluation) == "ratio_of_sums"
    weights = [abs(result.reference or 0.0) if by_reference else 1.0 for result in results]
    weighted = sum(weight * gaps[result.family].gap for weight, result in zip(weights, results, strict=True))
    return weighted / sum(weights) if sum(weights) else None

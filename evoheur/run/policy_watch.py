"""Keeping faults of search policies among the events of a run."""

from typing import Protocol

from evoheur.archive.records import NewEvent
from evoheur.request import Note, RequestKind
from evoheur.run.step import Step, StepListener
from evoheur.search_policy import stored_fault

__all__ = ["PolicyWatch"]


class _Archive(Protocol):
    """The part of an archive that is written to."""

    def record_event(self, run_id: int, event: NewEvent, *, instead_of: int | None = None) -> int: ...


class PolicyWatch(StepListener):
    """Writes down every fault of a search policy, and whether it was on trial.

    What the policy answered is in the log besides; this is for people, and nothing of it is replayed.

    Args:
        archive: Of the run.
        run_id: Row number of the run.
    """

    def __init__(self, archive: _Archive, run_id: int) -> None:
        self._archive = archive
        self._run_id = run_id

    def told(self, step: Step) -> None:
        """See `StepListener`."""
        if step.request.kind is not RequestKind.CONSULTATION or not isinstance(step.outcome, Note):
            return
        fault = stored_fault(step.outcome.text)
        if fault is None:
            return
        trial = bool(step.request.context["trial"])
        fate = "is not taken" if trial else "gives way to the one before it"
        text = f"a search policy {fate} ({fault.reason}): {fault.detail}"
        details = {"request": step.asked.number, "reason": fault.reason, "trial": trial}
        self._archive.record_event(self._run_id, NewEvent(kind="policy_fault", text=text, details=details))

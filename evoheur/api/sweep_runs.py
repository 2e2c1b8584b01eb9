"""Carrying out a sweep.

Every strategy with every seed, one run after another in one archive.
"""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from evoheur.api.discover import Looking, has_nothing_to_do, looking_on
from evoheur.api.interruption import Interruption, LooplessThread, carry_out
from evoheur.api.run_comparison import compared
from evoheur.api.stopping import StopWatch
from evoheur.api.sweep_plan import PlannedRun, SweepPlan, refuse_changed
from evoheur.api.warm_starts import with_warm_starts
from evoheur.archive import schema_state
from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord, Totals
from evoheur.candidate import Candidate
from evoheur.report.equal_budget import EqualBudget
from evoheur.run.assemble import assemble
from evoheur.run.run_parts import Parts, prepare
from evoheur.run.stored_run import check_unchanged, create_run, update_run

__all__ = ["Sweep", "SweptRun", "open_sweep"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SweptRun:
    """The result of one run of a sweep.

    Attributes:
        run: The run, as it is stored now.
        totals: What it did and spent.
        start: The problem's own heuristic; None if it was not evaluated yet.
        was_finished: There was nothing left to do.
    """

    run: RunRecord
    totals: Totals
    start: Candidate | None
    was_finished: bool


class Sweep:
    """A checked sweep, carried out run by run.

    Its problem, strategies and archive are checked; see `open_sweep`.

    Args:
        plan: What is to run.
        archive: Where it is stored; closed with the sweep.
        checked: Strategy → the parts of its first run.
        thread: What the archive was opened in; ended with the sweep.
    """

    def __init__(self, plan: SweepPlan, archive: Archive, checked: dict[str, Parts], thread: LooplessThread) -> None:
        self._plan = plan
        self._archive = archive
        self._checked = checked
        self._thread = thread

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with self._thread as thread:
            thread.call(self._archive.close)

    def carry(self, planned: PlannedRun, observers: Sequence[Looking], interruption: Interruption) -> SweptRun:
        """Start or continue a run, unless it is finished.

        Args:
            planned: One of the plan.
            observers: Hear what happens; see `evoheur.discover`.
            interruption: How somebody may end it before.

        Raises:
            RunInterrupted: It was ended at once.
            EvoheurError: It could not start or go on at all.
        """
        return self._thread.call(lambda: self._carry(planned, observers, interruption), interruption)

    def _carry(self, named: PlannedRun, observers: Sequence[Looking], interruption: Interruption) -> SweptRun:
        archive = self._archive
        planned = next(planned for planned in self._plan.runs if planned.name == named.name)  # as it was checked
        record = next((run for run in archive.runs() if run.name == planned.name), None)
        if record is not None and has_nothing_to_do(record, planned.config, archive):
            return self._swept(record.name, was_finished=True)
        notes = self._checked[planned.strategy].config.notes
        config = planned.config.model_copy(update={"notes": notes})
        parts = prepare(config, environ=os.environ, archive=archive, resumed=None if record is None else record.name)
        parts = _sharing(parts, self._checked[planned.strategy])
        record = record or create_run(parts, archive, name=planned.name)
        with archive.hold(record.name), looking_on(parts, observers):
            update_run(parts, archive, record)
            record = archive.run(record.name)
            carry_out(assemble(parts, archive, record), interruption, StopWatch(archive, record))
        return self._swept(record.name, was_finished=False)

    def comparison(self) -> EqualBudget:
        """The comparison of all planned runs, strategy by strategy.

        Raises:
            ArchiveError: One has told nothing yet.
        """
        by_strategy = sorted(self._plan.runs, key=lambda planned: list(self._checked).index(planned.strategy))
        return self._thread.call(lambda: compared(self._archive, [self._archive.run(planned.name) for planned in by_strategy]))

    def _swept(self, name: str, *, was_finished: bool) -> SweptRun:
        run = self._archive.run(name)
        totals, start = self._archive.totals(run.id), self._archive.baseline(run.id)
        return SweptRun(run=run, totals=totals, start=start, was_finished=was_finished)


def open_sweep(plan: SweepPlan, url: str) -> Sweep:
    """Check everything that a sweep needs, and open its archive.

    The archive is made if it is not there. Also works inside a running event loop, as in a notebook: the sweep is then carried out, and its
    observers are, in a thread of its own.

    Args:
        plan: What is to run.
        url: Address of the archive.

    Returns:
        A context manager, which closes the archive.

    Raises:
        ConfigError: A strategy or the problem cannot be made, or a run of the archive is not what is planned.
        ReplayDiverged: A run of the archive cannot be continued by what is here now.
    """
    with ExitStack() as stack:
        thread = stack.enter_context(LooplessThread())
        sweep = thread.call(lambda: _opened(plan, url, thread))
        stack.pop_all()
        return sweep


def _opened(plan: SweepPlan, url: str, thread: LooplessThread) -> Sweep:
    with ExitStack() as stack:
        there = schema_state.check(url).found is not None
        opened = stack.enter_context(Archive.open(url)) if there else None
        plan = _with_warm_starts(plan, opened)
        checked = _checked(plan, opened)
        archive = opened or stack.enter_context(Archive.open(url, create=True))
        stack.pop_all()
        return Sweep(plan, archive, checked, thread)


def _with_warm_starts(plan: SweepPlan, archive: Archive | None) -> SweepPlan:
    """The plan with the code of what searches begin with, read once for all of its runs."""
    if not any(planned.config.seeds for planned in plan.runs):
        return plan
    seeds = with_warm_starts(plan.runs[0].config, archive).seeds
    runs = tuple(replace(run, config=run.config.model_copy(update={"seeds": seeds})) for run in plan.runs)
    return replace(plan, runs=runs)


def _checked(plan: SweepPlan, archive: Archive | None) -> dict[str, Parts]:
    """Make and check the parts of each strategy's first run.

    Those of the problem are the same for all. What is in the archive already must be what is planned; all this before anything is
    written or spent.
    """
    checked: dict[str, Parts] = {}
    for planned in plan.runs:
        if planned.strategy not in checked:
            parts = prepare(planned.config, environ=os.environ, archive=archive)
            checked[planned.strategy] = _sharing(parts, next(iter(checked.values()), parts))
    for record in [] if archive is None else archive.runs():
        for planned in plan.runs:
            if planned.name == record.name:
                parts = checked[planned.strategy]
                refuse_changed(
                    record, planned.config.model_copy(update={"problem": parts.config.problem, "notes": parts.config.notes})
                )
                check_unchanged(parts, record)
    return checked


def _sharing(parts: Parts, other: Parts) -> Parts:
    """Replace the problem, instances and textbook rules by another run's.

    So they are made and scored once.
    """
    return replace(parts, problem=other.problem, source=other.source, rules=other.rules)

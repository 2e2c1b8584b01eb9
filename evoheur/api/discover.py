"""Discovering heuristics: starting and resuming runs."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from evoheur.api.archives import archive_address, suggest
from evoheur.api.configurations import Changes, ConfigSource, load_config, overrides_of, stem_of
from evoheur.api.interruption import Interruption, carry_out, outside_event_loop
from evoheur.api.result import Result
from evoheur.api.resumed_config import changed_config
from evoheur.api.stopping import StopWatch
from evoheur.api.warm_starts import with_warm_starts
from evoheur.archive import schema_state
from evoheur.archive.archive import Archive
from evoheur.archive.connection import shown
from evoheur.archive.extent import COURSE
from evoheur.archive.records import CandidateRecord, RunRecord, Told
from evoheur.candidate import Candidate
from evoheur.errors import ArchiveError, ArchiveLost, ConfigError
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.observers.notebook_display import NotebookDisplay, notebook_output
from evoheur.problem import Aggregate, Split
from evoheur.problem_loading import load_problem
from evoheur.run.assemble import assemble
from evoheur.run.audit import no_audit
from evoheur.run.config import RunConfig
from evoheur.run.events import Observer, RunStopped
from evoheur.run.funnel import Funnel, FunnelCourse
from evoheur.run.instance_source import InstanceSource
from evoheur.run.recorded_run import is_imported
from evoheur.run.rivals import RaceCourse, Rivals
from evoheur.run.run_parts import Parts, prepare
from evoheur.run.run_spending import spending_of_run
from evoheur.run.stored_run import check_unchanged, create_run, update_run
from evoheur.run.textbook_evaluations import TextbookEvaluations

__all__ = ["Looking", "discover", "has_nothing_to_do", "looking_on", "refuse_taken_name", "resume"]

Looking: TypeAlias = Observer | AbstractContextManager[Observer]
"""An observer; or a context manager that gives one, which is entered once everything is checked, and left when the run is over."""

_SPLITS: tuple[Split, ...] = ("train", "validation")


def discover(
    config: ConfigSource,
    changes: Changes = (),
    *,
    archive: str | Path | None = None,
    name: str | None = None,
    stem: str | None = None,
    observers: Sequence[Looking] | None = None,
    on_interrupt: Callable[[], None] | None = None,
) -> Result:
    """Discover a heuristic by a new run.

    The search runs to the end of its budget; then the best candidates are scored on instances that it never saw. Everything is checked
    before anything is written or spent. Nothing is printed: observers hear how it goes, and in `evoheur.observers` are those of the
    command line. In a notebook (Jupyter, marimo) the cell shows how the run goes on, unless observers are given. Ctrl-C ends the run in an
    orderly way, a second one at once; `resume` goes on with it. Also works inside a running event loop, as in a notebook: the run, and its
    observers, are in a thread of their own then.

    Args:
        config: The name of a configuration that ships with evoheur, such as "quickstart"; the path of a file, which ends in .yaml or has
            a slash; a mapping of settings; or a `RunConfig`.
        changes: Settings in place of its own, such as {"budget.evaluations": 500, "generator.model": "gpt-5-mini"}. What another kind of
            strategy or generator does not know is left out; `load_config` tells what that is.
        archive: Where the run is stored, made if it is not there: a URL, a `Path` to an SQLite file, or None for $EVOHEUR_ARCHIVE, else
            what the configuration says, else runs/evoheur.db.
        name: Of the run, unique in the archive; None for the configuration's, else its file's name, or its problem's, and a number.
        stem: What a name with a number begins with instead.
        observers: Hear everything that happens; one that fails is left out, and the run goes on. None for the display of the notebook
            that this runs in, and for nothing elsewhere; () for nothing there, too.
        on_interrupt: Called at the first Ctrl-C.

    Returns:
        What was found, its gaps beside the textbook rules', what was spent, and why it ended. Where the run failed half-way, as when a
        model takes no more calls, the status says so, and `resume` goes on once that is mended.

    Raises:
        ConfigError: Something in the configuration is wrong, or something that it needs is not there: a key, a package, a problem.
        ArchiveError: The archive cannot be used, or has a run of that name.
        ExecutorError: The problem's own heuristic fails, or no sandbox can be started.
        StrategyStuck: The strategy asks for nothing.
        RunInterrupted: The run was ended at once, by a second Ctrl-C.

    Example:
        >>> settings = {"problem": "bin_packing_online", "strategy": {"kind": "random"}, "generator": {"kind": "mutator"}}
        >>> result = discover(settings, {"budget.evaluations": 5}, name="mine")
        >>> result.run, result.reason, result.spent.evaluations
        ('mine', 'budget of 5 evaluations used', 5)
    """
    loaded = load_config(config, [*overrides_of(changes), *overrides_of({} if name is None else {"name": name})])
    url = archive_address(archive, loaded.archive)
    looking, display = _lookers(observers)
    interruption = Interruption(on_interrupt)
    return _outside(lambda: _start(loaded, url, stem or stem_of(config), looking, interruption), interruption, display)


def resume(
    run: str,
    changes: Changes = (),
    *,
    archive: str | Path | None = None,
    observers: Sequence[Looking] | None = None,
    on_interrupt: Callable[[], None] | None = None,
    notify: Callable[[str], None] = lambda _notice: None,
) -> Result:
    """Continue a run that was stopped, or extend its budget.

    Also a run that was killed. No reply that is stored is asked for again.

    Args:
        run: Its name.
        changes: Of what may change once a run has started: budget, in_flight, validation, generator, evaluation.executor and
            evaluation.sandbox; such as {"budget.evaluations": 5000}.
        archive: Where it is stored: a URL, a `Path` to an SQLite file, or None for $EVOHEUR_ARCHIVE, else runs/evoheur.db.
        observers: As for `discover`.
        on_interrupt: As for `discover`.
        notify: Takes a line on settings that a change has made meaningless, which are left out, and on prompts that differ from now on.

    Returns:
        As for `discover`; `was_finished` if there was nothing left to do.

    Raises:
        ArchiveError: There is no such archive or run, or another process works on it.
        ConfigError: A change is wrong, or of something that is fixed once a run has started.
        ReplayDiverged: The problem, the prompts or the strategy are not what the run began with.
        RunInterrupted: The run was ended at once, by a second Ctrl-C.

    Example:
        >>> first = discover("quickstart", {"budget.evaluations": 5})
        >>> resume(first.run, {"budget.evaluations": 8}).reason
        'budget of 8 evaluations used'
    """
    url, overrides = archive_address(archive), overrides_of(changes)
    looking, display = _lookers(observers)
    interruption = Interruption(on_interrupt)

    def go_on() -> Result:
        with Archive.open(url) as opened, opened.hold(run):
            record = opened.run(run)
            if is_imported(record):
                again = suggest(f"record replay {run}", url)
                raise ConfigError(f"Run {run!r} is a recording from elsewhere, which cannot go on; replay it: {again}.")
            config = changed_config(record, overrides, notify=notify)
            if has_nothing_to_do(record, config, opened):
                return _told_again(opened, record, config)
            parts = prepare(config, environ=os.environ, archive=opened, resumed=run)
            check_unchanged(parts, record, notify=notify)
            update_run(parts, opened, record)
            with looking_on(parts, looking):
                return _carry(parts, opened, opened.run(run), interruption)

    return _outside(go_on, interruption, display)


def has_nothing_to_do(record: RunRecord, config: RunConfig, archive: Archive) -> bool:
    """Whether a run is finished under this configuration, too.

    The configuration may have a larger budget, or more to validate.
    """
    stored: Mapping[str, Any] = record.config.get("validation", {})
    more_to_validate = config.validation.top > int(stored.get("top", 0))
    return (
        record.status == "finished" and not more_to_validate and config.budget.is_used(archive.totals(record.id), record.reason)
    )


def refuse_taken_name(archive: Archive | None, name: str | None) -> None:
    """Refuse a run's name that is taken.

    Raises:
        ArchiveError: There is a run of that name.
    """
    if archive is not None and name is not None and name in {run.name for run in archive.runs()}:
        again = suggest(f"resume {name}", archive.url)
        raise ArchiveError(f"There is a run {name!r} already; choose another --name, or go on with it: {again}.")


@contextmanager
def looking_on(parts: Parts, observers: Sequence[Looking]) -> Iterator[None]:
    """Let observers hear of a run.

    Those that are context managers are entered, and left afterwards.
    """
    with ExitStack() as stack:
        for observer in observers:
            parts.events.add(stack.enter_context(observer) if isinstance(observer, AbstractContextManager) else observer)
        yield


def _lookers(observers: Sequence[Looking] | None) -> tuple[list[Looking], NotebookDisplay | None]:
    """Choose who looks on.

    Where nobody was named, the display of the notebook that this runs in, which is told apart.
    """
    if observers is not None:
        return _checked(observers), None
    show = notebook_output()
    display = None if show is None else NotebookDisplay(show)
    return [] if display is None else [display], display


def _outside(work: Callable[[], Result], interruption: Interruption, display: NotebookDisplay | None) -> Result:
    """Do the work outside of the event loop.

    Meanwhile and at its end the cell's thread draws the display.
    """
    if display is None:
        return outside_event_loop(work, interruption)
    try:
        return outside_event_loop(work, interruption, display.draw)
    finally:
        display.draw(at_once=True)


def _checked(observers: object) -> list[Looking]:
    """Refuse what could never hear an event, before anything is written or spent."""
    if not isinstance(observers, Iterable):
        raise ConfigError(f"The observers are {observers!r:.80}; give a list of them.")
    looking = list(observers)
    for observer in looking:
        if not (isinstance(observer, AbstractContextManager) or callable(getattr(observer, "notify", None))):
            raise ConfigError(f"{observer!r:.80} is no observer; it needs a method notify(event), as evoheur.Observer has it.")
    return looking


def _start(config: RunConfig, url: str, stem: str, observers: Sequence[Looking], interruption: Interruption) -> Result:
    with ExitStack() as stack:
        there = schema_state.check(url).found is not None
        opened = stack.enter_context(Archive.open(url)) if there else None
        refuse_taken_name(opened, config.name)
        config = with_warm_starts(config, opened)
        parts = prepare(config, environ=os.environ, archive=opened)
        if opened is None:
            opened = stack.enter_context(Archive.open(url, create=True))
        stack.enter_context(looking_on(parts, observers))
        record = create_run(parts, opened, name=config.name or opened.fresh_name(stem))
        with opened.hold(record.name):
            return _carry(parts, opened, record, interruption)


def _carry(parts: Parts, archive: Archive, record: RunRecord, interruption: Interruption) -> Result:
    try:
        stopped = carry_out(assemble(parts, archive, record), interruption, StopWatch(archive, record))
    except ArchiveLost as error:
        raise ArchiveLost(f"{error} Then go on with {suggest(f'resume {record.name}', archive.url)}.") from error
    return Result(
        stopped=stopped,
        config=parts.config,
        archive=shown(archive.url),
        aggregate=parts.problem.aggregate,
        unwritten=parts.events.unwritten,
    )


def _told_again(archive: Archive, run: RunRecord, config: RunConfig) -> Result:
    """Read the result of a finished run from the archive."""
    problem = load_problem(config.problem.name, config.problem.settings)
    source = InstanceSource.of(problem, config.problem, memory_mib=config.evaluation.limits.memory_mib)
    rules = TextbookEvaluations(source, config.train, seed=config.seed)
    baseline = archive.candidate(run.name, 0)
    chosen = archive.chosen(run.name)
    stopped = RunStopped(
        run=run,
        totals=archive.totals(run.id),
        best=archive.best(run.name, max(1, config.validation.top)),
        baseline=baseline,
        textbook_rules={split: rules.on(split, _epoch(baseline, split)) for split in _SPLITS},
        classes=problem.rule_classes(),
        no_audit=no_audit(problem, config.problem, config.audit),
        simplified=None if chosen is None else archive.simplified(chosen),
        audited=archive.audited(run.name),
        spending=spending_of_run(archive, run.id),
        funnel=_funnel_course(archive, run, config, problem.aggregate, rules.instances("train", _epoch(baseline, "train"))),
        race=_race_course(archive, run, config),
    )
    return Result(stopped=stopped, config=config, archive=shown(archive.url), aggregate=problem.aggregate, was_finished=True)


def _funnel_course(
    archive: Archive, run: RunRecord, config: RunConfig, aggregate: Aggregate, train: InstanceSet
) -> Sequence[FunnelCourse]:
    if not config.evaluation.funnel:
        return ()
    funnel = Funnel(config.evaluation.funnel, aggregate)
    for entry in archive.log(run.id, COURSE):
        if isinstance(entry, Told) and isinstance(entry.outcome, Candidate) and entry.asked.kind.asks_model:
            funnel.told(entry.asked.epoch, entry.sequence, entry.outcome.evaluation)
    return funnel.course(train)


def _race_course(archive: Archive, run: RunRecord, config: RunConfig) -> RaceCourse | None:
    if config.evaluation.statistical_racing is None:
        return None
    rivals = Rivals(config.evaluation.statistical_racing)
    for entry in archive.log(run.id, COURSE):
        if isinstance(entry, Told):
            rivals.told(entry.asked.kind, entry.asked.epoch, entry.sequence, entry.outcome)
    return rivals.course()


def _epoch(baseline: CandidateRecord, split: Split) -> int:
    """The epoch of the instances that the baseline, and with it the best, was scored on last."""
    return baseline.evaluations[split].epoch if split in baseline.evaluations else 0

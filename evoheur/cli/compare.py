"""`evoheur compare`: runs side by side at equal model calls and at equal evaluations."""

from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Annotated

import typer

from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord
from evoheur.candidate import Evaluation
from evoheur.cli.compare_tables import print_equal_budget
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson, suggest
from evoheur.cli.output import make_console, print_json, working
from evoheur.cli.scoring import score
from evoheur.cli.target import scoring_config
from evoheur.errors import ArchiveError, ConfigError
from evoheur.problem import load_problem
from evoheur.report.comparison_as_document import comparison_document
from evoheur.report.curves import Trace
from evoheur.report.equal_budget import EqualBudget, Seen
from evoheur.run.instances import InstanceSource
from evoheur.run.problem_hash import is_problem

__all__ = ["compare", "compared"]


def compare(
    runs: Annotated[
        list[str], typer.Argument(metavar="RUN…", help="Names of runs, or patterns in quotation marks, such as 'sweep-*'.")
    ],
    *,
    validate: Annotated[
        bool, typer.Option("--validate", help="Score on validation, and store, what the comparison lacks there.")
    ] = False,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
) -> None:
    """Put runs side by side at equal model calls and at equal evaluations.

    Runs that differ only in their seed are repetitions of one arm: medians with intervals, and paired tests between arms over the seeds
    they share. docs/comparing.md says what each figure is.
    """
    with Archive.open(archive, read_only=not validate) as opened:
        found = compared(opened, _chosen(opened, runs))
        if validate:
            _validate(opened, found.unvalidated)
            found = found.with_validation(_validation_in(opened))
    if as_json:
        print_json(comparison_document(found))
    else:
        print_equal_budget(make_console(), found)


def compared(archive: Archive, runs: Iterable[RunRecord]) -> EqualBudget:
    """Read runs and compare them.

    Raises:
        ArchiveError: One has told nothing yet.
        ConfigError: They are not of the same problem and instances.
    """
    with working("Reading runs") as saying:
        return EqualBudget.of([_seen(archive, run, saying) for run in runs], _validation_in(archive))


def _chosen(archive: Archive, words: Sequence[str]) -> list[RunRecord]:
    """Runs by name or pattern, each once, in the order given."""
    found: dict[int, RunRecord] = {}
    there = archive.runs()
    for word in words:
        matching = [run for run in there if fnmatchcase(run.name, word)] if set(word) & set("*?[") else [archive.run(word)]
        if not matching:
            raise ArchiveError(f"No run is named like {word!r}; {suggest('runs', archive.url)} lists those there are.")
        found.update({run.id: run for run in matching})
    return list(found.values())


def _seen(archive: Archive, run: RunRecord, saying: Callable[[str], None]) -> Seen:
    saying(run.name)
    baseline = archive.baseline(run.id)
    trace = None if baseline is None else Trace.of(archive.log(run.id), baseline)
    if baseline is None or trace is None or len(trace.moments) == 1:
        raise ArchiveError(
            f"Run {run.name!r} has got nothing done yet that could be compared; go on with it: "
            f"{suggest(f'resume {run.name}', archive.url)}."
        )
    return Seen(run=run, baseline=baseline, trace=trace)


def _validation_in(archive: Archive) -> Callable[[RunRecord, int], Evaluation | None]:
    return lambda run, number: archive.candidate(run.name, number).evaluations.get("validation")


def _validate(archive: Archive, lacking: Sequence[tuple[RunRecord, int]]) -> None:
    """Score candidates on validation as their runs would have done, and store what came of it."""
    if not lacking:
        return
    first = lacking[0][0]
    named = scoring_config(first).problem
    if not is_problem(first.problem_hash, named.name):
        raise ConfigError(
            f"The sources of problem {named.name!r} changed since run {first.name!r}, so scores would not compare; leave --validate out."
        )
    problem = load_problem(named.name, named.settings)  # of all the runs, or they would not be compared
    with working("Scoring on validation") as saying:
        instances = InstanceSource.of(problem, named).split("validation")
        for run, number in lacking:
            saying(f"{run.name}/{number}")
            config = scoring_config(run)
            code = archive.candidate(run.name, number).candidate.code
            evaluation = score(problem, config.problem, config.evaluation, code, instances, seed=config.seed)
            archive.record_evaluation(run.id, number, evaluation)

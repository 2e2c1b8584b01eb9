"""Comparison of archived runs at equal model calls and evaluations."""

from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from evoheur.api.archives import archive_address, suggest
from evoheur.api.contender import scoring_config
from evoheur.api.scoring import score
from evoheur.archive.archive import Archive
from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import RunRecord
from evoheur.candidate import Evaluation
from evoheur.errors import ArchiveError, ConfigError
from evoheur.problem_loading import load_problem
from evoheur.report.control_arms import control_runs
from evoheur.report.curves import Trace
from evoheur.report.equal_budget import EqualBudget, Seen
from evoheur.run.instance_source import InstanceSource
from evoheur.run.problem_hash import is_problem
from evoheur.run.textbook_evaluations import TextbookEvaluations

__all__ = ["compare_runs", "compared"]


def compare_runs(
    runs: Sequence[str],
    *,
    archive: str | Path | None = None,
    validate: bool = False,
    controls: bool = True,
    saying: Callable[[str], None] = lambda _what: None,
) -> EqualBudget:
    """Compare runs of one problem.

    Args:
        runs: Names, or patterns such as "sweep-*".
        archive: Where they are: a URL, a `Path` to an SQLite file, or None for $EVOHEUR_ARCHIVE, else runs/evoheur.db.
        validate: Score on validation, and store, what the comparison lacks there.
        controls: Whether the archive's runs of the control arms, (1+1) and random sampling, are compared too: those of the same settings,
            seeds and budget, and none of an arm that is among the runs.
        saying: Hears what is being done.

    Raises:
        ArchiveError: There is no such run, or one has told nothing yet.
        ConfigError: None is named, or they are not of the same problem and instances.
    """
    if not runs:
        raise ConfigError("No run was named to compare; give the names of two or more, or a pattern such as 'sweep-*'.")
    with Archive.open(archive_address(archive), read_only=not validate) as opened:
        chosen = _chosen(opened, runs)
        found = compared(opened, [*chosen, *(control_runs(opened.runs(), chosen) if controls else ())], saying)
        if validate:
            _validate(opened, found.unvalidated, saying)
            found = found.with_validation(_validation_in(opened))
        return found


def compared(
    archive: ArchiveReader, runs: Iterable[RunRecord], saying: Callable[[str], None] = lambda _what: None
) -> EqualBudget:
    """Read runs and compare them.

    Raises:
        ArchiveError: One has told nothing yet.
        ConfigError: They are not of the same problem and instances.
    """
    return EqualBudget.of([_seen(archive, run, saying) for run in runs], _validation_in(archive))


def _chosen(archive: ArchiveReader, words: Sequence[str]) -> list[RunRecord]:
    """Runs by name or pattern, each once, in the order given."""
    found: dict[int, RunRecord] = {}
    there = archive.runs()
    for word in words:
        matching = [run for run in there if fnmatchcase(run.name, word)] if set(word) & set("*?[") else [archive.run(word)]
        if not matching:
            raise ArchiveError(f"No run is named like {word!r}; {suggest('runs', archive.url)} lists those there are.")
        found.update({run.id: run for run in matching})
    return list(found.values())


def _seen(archive: ArchiveReader, run: RunRecord, saying: Callable[[str], None]) -> Seen:
    saying(f"reading {run.name}")
    baseline = archive.baseline(run.id)
    trace = None if baseline is None else Trace.of_steps(archive.trace_steps(run.id), baseline)
    if baseline is None or trace is None or len(trace.moments) == 1:
        raise ArchiveError(
            f"Run {run.name!r} has got nothing done yet that could be compared; go on with it: "
            f"{suggest(f'resume {run.name}', archive.url)}."
        )
    return Seen(run=run, baseline=baseline, trace=trace)


def _validation_in(archive: ArchiveReader) -> Callable[[RunRecord, int], Evaluation | None]:
    return lambda run, number: archive.candidate(run.name, number).evaluations.get("validation")


def _validate(archive: Archive, lacking: Sequence[tuple[RunRecord, int]], saying: Callable[[str], None]) -> None:
    """Score candidates on validation, and store the evaluations, as their runs would have done."""
    if not lacking:
        return
    first = lacking[0][0]
    named = scoring_config(first).problem
    if not is_problem(first.problem_hash, named.name):
        raise ConfigError(
            f"The sources of problem {named.name!r} changed since run {first.name!r}, so scores would not compare; leave --validate out."
        )
    problem = load_problem(named.name, named.settings)  # of all the runs, or they would not be compared
    problem.warm_up()
    source = InstanceSource.of(problem, named, memory_mib=scoring_config(first).evaluation.limits.memory_mib)
    rules = TextbookEvaluations(source, scoring_config(first).train, seed=first.seed)
    instances = rules.instances("validation")
    for run, number in lacking:
        saying(f"scoring {run.name}/{number} on validation")
        config = scoring_config(run)
        code = archive.candidate(run.name, number).candidate.code
        evaluation = score(problem, config.problem, config.evaluation, code, instances, seed=config.seed)
        archive.record_evaluation(run.id, number, evaluation)

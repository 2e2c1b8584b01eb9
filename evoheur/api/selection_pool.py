"""The heuristics that a set is chosen from, with what is known of their costs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from evoheur.api.archives import find_candidate, open_archive, suggest
from evoheur.api.contender import RULE_PREFIX, find_contender, scoring_config
from evoheur.api.gallery_entries import PREFIX as GALLERY_PREFIX
from evoheur.api.scoring import check_heuristic
from evoheur.api.warm_starts import expressed_rules
from evoheur.archive.extent import COURSE
from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import CandidateRecord, RunRecord
from evoheur.candidate import Evaluation
from evoheur.components import nearest
from evoheur.errors import ArchiveError, ConfigError
from evoheur.problem import Problem
from evoheur.problem_loading import load_problem
from evoheur.run.config import EvaluationConfig
from evoheur.run.problem_config import ProblemConfig
from evoheur.run.problem_hash import is_problem
from evoheur.text_files import exists

__all__ = ["RESCORED", "PooledHeuristic", "SelectionPool", "read_pool"]

RESCORED = 20
"""So many of the best of a run are taken whose training instances are not the problem's own, and scored on these."""

_ALL_RULES = RULE_PREFIX.rstrip(":")


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledHeuristic:
    """A heuristic that may be chosen.

    Attributes:
        name: For people and scripts.
        thought: Its idea.
        code: Its source; empty for a run's candidate until it is read.
        evaluations: Split → evaluation with the results of every instance, as far as they are stored.
        seed: With which they were made.
        record: The candidate of a run, else None.
        run: Its run.
    """

    name: str
    thought: str = ""
    code: str = ""
    evaluations: Mapping[str, Evaluation] = field(default_factory=dict)
    seed: int = 1
    record: CandidateRecord | None = None
    run: RunRecord | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionPool:
    """Heuristics of one problem.

    Attributes:
        named: The problem, as guests load it.
        problem: The same, trusted side.
        evaluation: Sandbox and limits, of the first run.
        seed: For stochastic frames, of the first run.
        heuristics: In order of age within each source, the sources as they were named.
        notes: What a reader of the result should know, in sentences.
    """

    named: ProblemConfig
    problem: Problem[Any]
    evaluation: EvaluationConfig
    seed: int
    heuristics: Sequence[PooledHeuristic]
    notes: Sequence[str] = ()

    def with_code(self, archive: str, chosen: PooledHeuristic) -> PooledHeuristic:
        """The same heuristic with its source."""
        if chosen.code or chosen.record is None:
            return chosen
        with open_archive(archive) as opened:
            whole = opened.candidate(chosen.record.run, chosen.record.candidate.id).candidate
        check_heuristic(whole.code, self.problem, chosen.name, self.named.name)
        return replace(chosen, code=whole.code, thought=whole.thought)


def read_pool(
    sources: Sequence[str], *, problem: str | None, settings: Mapping[str, Any], archive: str, saying: Callable[[str], None]
) -> SelectionPool:
    """Read the heuristics that sources name.

    Args:
        sources: Runs (names, or patterns such as "sweep-*"), RUN/NUMBER, gallery:NAME, textbook for all rules that can be written as
            heuristics, textbook:NAME for one, or files.
        problem: Name or folder; None to take it from the first source that tells.
        settings: Of the problem, beside those it has.
        archive: Where runs are.
        saying: Hears what is being read.

    Raises:
        ConfigError: None is named, there is no such thing, they are not of one problem, or its sources changed since a run.
        ArchiveError: There is no such run.
    """
    if not sources:
        raise ConfigError("Nothing was named to choose from; name a run, such as the latest that `evoheur runs` lists.")
    runs: list[RunRecord] = []
    read: list[PooledHeuristic] = []
    notes: list[str] = []
    later: list[str] = []
    named = None if problem is None else ProblemConfig(name=problem, settings=dict(settings))
    evaluation, seed = EvaluationConfig(), 1
    for source in sources:
        saying(f"reading {source}")
        if (
            source == _ALL_RULES
            or source.startswith((RULE_PREFIX, GALLERY_PREFIX))
            or source.endswith(".py")
            or exists(Path(source))
        ):
            later.append(source)
            continue
        with open_archive(archive) as opened:
            found = [(run, records) for run, records in _of_archive(opened, source)]
        for run, records in found:
            config = scoring_config(run)
            if not is_problem(run.problem_hash, run.problem):
                raise ConfigError(
                    f"The sources of problem {run.problem!r} changed since run {run.name!r}, so its costs would not compare."
                )
            if not runs:
                evaluation, seed = config.evaluation, config.seed
                named = named or config.problem
            if named != config.problem:
                raise ConfigError(
                    f"Run {run.name!r} is of another problem, or of other settings or instances, than {named}; leave it out."
                )
            runs.append(run)
            kept, note = _comparable(run, records, config.seed)
            read += kept
            notes += note
    if named is None:
        named = _named_by(later, settings, archive)
    loaded = load_problem(named.name, named.settings)
    for source in later:
        read += _without_run(source, named, loaded, archive)
    first: dict[str, PooledHeuristic] = {}
    for each in read:
        first.setdefault(each.name, each)
    return SelectionPool(
        named=named, problem=loaded, evaluation=evaluation, seed=seed, heuristics=list(first.values()), notes=notes
    )


def _of_archive(archive: ArchiveReader, source: str) -> Iterator[tuple[RunRecord, list[CandidateRecord]]]:
    if "/" in source:
        record = find_candidate(archive, source)
        yield archive.run(record.run), [record]
        return
    pattern = bool(set(source) & set("*?["))
    matching = [run for run in archive.runs() if fnmatchcase(run.name, source)] if pattern else [archive.run(source)]
    if not matching:
        raise ArchiveError(f"No run is named like {source!r}; {suggest('runs', archive.url)} lists those there are.")
    for run in matching:
        records = archive.candidates(run.name, extent=COURSE)
        if any(record.candidate.evaluation.epoch for record in records):
            records = archive.best(run.name, RESCORED)
        yield run, records


def _comparable(run: RunRecord, records: Sequence[CandidateRecord], seed: int) -> tuple[list[PooledHeuristic], list[str]]:
    """What of a run can be chosen: all that work, each behaviour once."""
    named = len(records) == 1
    working = [
        record
        for record in records
        if record.candidate.objective is not None and (named or record.candidate.duplicate_of is None)
    ]
    notes = (
        [f"{records[0].id} is left out: it failed ({records[0].candidate.evaluation.status.value})."]
        if named and not working
        else []
    )
    if any(record.candidate.evaluation.epoch for record in working):
        notes.append(
            f"Run {run.name} trained on fresh instances; its {len(working)} best are scored on the problem's own training instances."
        )
    return [
        PooledHeuristic(
            name=record.id,
            thought=record.candidate.thought,
            code=record.candidate.code,
            evaluations={split: each for split, each in record.evaluations.items() if each.epoch == 0},
            seed=seed,
            record=record,
            run=run,
        )
        for record in working
    ], notes


def _named_by(sources: Sequence[str], settings: Mapping[str, Any], archive: str) -> ProblemConfig:
    for source in sources:
        if source != _ALL_RULES and not source.startswith(RULE_PREFIX):
            return find_contender(source, problem=None, settings=settings, archive=archive).named
    raise ConfigError("Textbook rules alone do not tell the problem; name it with --problem, or a run beside them.")


def _without_run(source: str, named: ProblemConfig, problem: Problem[Any], archive: str) -> Iterator[PooledHeuristic]:
    if source == _ALL_RULES or source.startswith(RULE_PREFIX):
        known = expressed_rules(problem)
        wanted = list(known) if source == _ALL_RULES else [source.removeprefix(RULE_PREFIX)]
        for name in wanted:
            if name not in known:
                raise ConfigError(
                    f"There is no textbook rule {name!r}{nearest(name, known)} that can be written as a heuristic of {named.name}; there "
                    f"are: {', '.join(known) or 'none'}."
                )
            yield PooledHeuristic(name=f"{RULE_PREFIX}{name}", thought=f"The textbook rule {name}.", code=known[name])
        return
    found = find_contender(source, problem=named.name, settings=named.settings, archive=archive)
    assert found.code is not None, "a textbook rule was dealt with"
    yield PooledHeuristic(name=found.name, code=found.code, thought=f"From {source}.")

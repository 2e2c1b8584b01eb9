"""`evoheur evaluate`: a heuristic beside the textbook rules, family by family."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from evoheur.archive.archive import Archive
from evoheur.archive.database import can_be_written
from evoheur.candidate import Evaluation, InstanceResult, Status
from evoheur.cli.comparison import LEGEND, Comparison, print_comparison
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson, InRun, OwnInstances, ProblemSettings
from evoheur.cli.output import make_console, print_json, say, working
from evoheur.cli.scoring import complete_families, score
from evoheur.cli.settings import parse_settings
from evoheur.cli.target import Target, find_target
from evoheur.cli.unread import report_unread
from evoheur.code.program import measures
from evoheur.code.screening import screen
from evoheur.documents.evaluation_document import evaluated
from evoheur.documents.score_document import RuleDocument, ScoreDocument
from evoheur.errors import ConfigError
from evoheur.evaluation.baselines import score_baselines
from evoheur.evaluation.instances import CUSTOM, InstanceSet
from evoheur.evaluation.objective import gap_percent
from evoheur.observers.figures import count
from evoheur.problem import Aggregate, Split
from evoheur.run.instances import InstanceSource
from evoheur.run.problem_hash import is_problem

__all__ = ["evaluate"]


def evaluate(  # noqa: PLR0913 - a command has as many parameters as it has options
    target: Annotated[str, typer.Argument(metavar="TARGET", help="A heuristic's file, RUN/NUMBER, RUN/best, or baseline:NAME.")],
    *,
    problem: Annotated[str | None, typer.Option("--problem", help="Problem, if the target does not tell.")] = None,
    settings: ProblemSettings = None,
    split: Annotated[Split | None, typer.Option("--split", help="Instances of the problem; by default validation.")] = None,
    instances: OwnInstances = None,
    run: InRun = None,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
) -> None:
    """Score a heuristic beside the textbook rules, in a sandbox; what it does wrong is part of the answer.

    The score of a candidate on its problem's validation or test split is stored with it.
    """
    if split is not None and instances is not None:
        raise ConfigError(f"--split {split} and --instances {instances} exclude each other; leave one of them out.")
    found = find_target(target, problem=problem, settings=parse_settings(settings or ()), archive=archive, run=run)
    with working(f"Evaluating {found.name}") as saying:
        scores = _scores(found, _instances(found, split, instances), saying)
    stored = _store(archive, found, scores.evaluation)
    if as_json:
        print_json(_document(found, scores, stored=stored))
    else:
        _print(make_console(), found, scores, stored=stored)
    report_unread([scores.instances])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scores:
    """The target's evaluation and those of the rules to compare it with, on the same instances."""

    target: str
    instances: InstanceSet
    evaluation: Evaluation
    rules: Mapping[str, Evaluation]
    aggregate: Aggregate

    @property
    def comparison(self) -> Comparison:
        """All of them, family by family."""
        return Comparison.of({self.target: self.evaluation, **self.rules}, self.instances, self.aggregate)

    def gap(self, evaluation: Evaluation) -> float | None:
        """Percent over all instances; None unless every instance is solved and has a reference."""
        return gap_percent(evaluation.results, self.aggregate) if evaluation.status is Status.OK else None

    def family_gaps(self, evaluation: Evaluation) -> dict[str, float | None]:
        """Family → gap in percent; None unless all of its instances are solved and have references."""
        families = complete_families(evaluation, self.instances)
        return {family: gap_percent(results, self.aggregate) for family, results in families.items()}


def _instances(target: Target, split: Split | None, path: Path | None) -> InstanceSet:
    if path is not None:
        return InstanceSet.of_path(target.problem, path, partly=True)
    return InstanceSource.of(target.problem, target.named).split(split or "validation")


def _scores(target: Target, instances: InstanceSet, saying: Callable[[str], None]) -> _Scores:
    target.problem.warm_up()
    own = None if target.rule is not None else _score(target, instances)
    rules = score_baselines(target.problem, instances, starting=saying)
    if own is None:
        assert target.rule is not None, "a target is a rule or has code"
        own = rules.pop(target.rule)
    return _Scores(target=target.name, instances=instances, evaluation=own, rules=rules, aggregate=target.problem.aggregate)


def _score(target: Target, instances: InstanceSet) -> Evaluation:
    assert target.code is not None, "a target is a rule or has code"
    reason = screen(target.code, target.evaluation.screen) if target.screened else None
    if reason is not None:
        return Evaluation(
            status=Status.REJECTED, objective=None, split=instances.split, measures=measures(target.code), detail=reason
        )
    return score(target.problem, target.named, target.evaluation, target.code, instances, seed=target.seed)


def _store(archive: str, target: Target, evaluation: Evaluation) -> bool:
    """Keep the score of a run's candidate, if it is one that the run itself could have made; returns whether it was kept."""
    if target.run is None or target.record is None or evaluation.split in {"train", CUSTOM}:
        return False
    if not is_problem(target.run.problem_hash, target.run.problem) or not can_be_written(archive):
        return False
    with Archive.open(archive) as opened:
        opened.record_evaluation(target.run.id, target.record.candidate.id, evaluation)
    return True


def _document(target: Target, scores: _Scores, *, stored: bool) -> ScoreDocument:
    return ScoreDocument(
        format="score/1",
        target=target.name,
        problem=target.named.name,
        settings=dict(target.named.settings),
        **evaluated(scores.evaluation, gap=scores.gap(scores.evaluation)),
        families=scores.family_gaps(scores.evaluation),
        baselines={
            name: RuleDocument(gap=scores.gap(evaluation), families=scores.family_gaps(evaluation))
            for name, evaluation in scores.rules.items()
        },
        comparison=scores.comparison.document(),
        unread=dict(scores.instances.unread),
        stored=stored,
    )


def _print(console: Console, target: Target, scores: _Scores, *, stored: bool) -> None:
    evaluation, comparison = scores.evaluation, scores.comparison
    where = f"{target.named.name}, {evaluation.split} ({count(len(scores.instances.instances), 'instance')})"
    if evaluation.status is Status.OK:
        say(console, f"{target.name} on {where}", "bold")
    else:
        say(console, f"{target.name} on {where}: {evaluation.status.value}", "bold red")
        say(console, evaluation.detail)
    if evaluation.level:
        say(console, f"Isolation level {evaluation.level!r}{_noted(evaluation.results)}")
    print_comparison(console, comparison, own=[target.name])
    say(console, LEGEND)
    if stored:
        say(console, f"Stored with {target.name}.")


def _noted(results: Sequence[InstanceResult]) -> str:
    counted = Counter(f"{key} {value!r}" for result in results for key, value in result.notes.items())
    return "".join(f"; {note} on {count(number, 'instance')}" for note, number in counted.items())

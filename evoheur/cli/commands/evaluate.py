"""`evoheur evaluate`: a heuristic beside the textbook rules.

Family by family.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer
from rich.console import Console

from evoheur import ConfigError, InstanceResult, Split, Status
from evoheur.api.command_words import parse_settings
from evoheur.api.contender import Contender, find_contender
from evoheur.api.contender_scores import ContenderScores, score_contender, store_score
from evoheur.api.scoring import instances_of
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson, InRun, OwnInstances, ProblemSettings
from evoheur.cli.tables.family_table import LEGEND, print_comparison
from evoheur.cli.terminal.output import make_console, print_json, report_unread, say, working
from evoheur.documents.evaluation_document import evaluated
from evoheur.documents.score_document import RuleDocument, ScoreDocument
from evoheur.observers.number_text import Scale, count
from evoheur.observers.run_header import level_words

__all__ = ["evaluate"]


def evaluate(  # noqa: PLR0913 - a command has as many parameters as it has options
    target: Annotated[
        str, typer.Argument(metavar="TARGET", help="A heuristic's file, RUN/NUMBER, RUN/best, gallery:NAME or textbook:NAME.")
    ],
    *,
    problem: Annotated[str | None, typer.Option("--problem", help="Problem, if the target does not tell.")] = None,
    settings: ProblemSettings = None,
    split: Annotated[Split | None, typer.Option("--split", help="Instances of the problem; by default validation.")] = None,
    instances: OwnInstances = None,
    run: InRun = None,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
) -> None:
    """Score a heuristic beside the textbook rules.

    It runs in a sandbox, and what it does wrong is part of the answer.

    The score of a candidate on its problem's validation or test split is stored with it.

    Example:
        evoheur evaluate my_heuristic.py --problem bin_packing_online --split test
    """
    if split is not None and instances is not None:
        raise ConfigError(f"--split {split} and --instances {instances} exclude each other; leave one of them out.")
    found = find_contender(target, problem=problem, settings=parse_settings(settings or ()), archive=archive, run=run)
    with working(f"Evaluating {found.name}") as saying:
        memory = found.evaluation.limits.memory_mib
        chosen = instances_of(found.problem, found.named, split, instances, memory_mib=memory)
        scores = score_contender(found, chosen, saying)
    stored = store_score(archive, found, scores.evaluation)
    if as_json:
        print_json(_document(found, scores, stored=stored))
    else:
        _print(make_console(), found, scores, stored=stored)
    report_unread([scores.instances])


def _document(target: Contender, scores: ContenderScores, *, stored: bool) -> ScoreDocument:
    return ScoreDocument(
        format="score/1",
        target=target.name,
        problem=target.named.name,
        settings=dict(target.named.settings),
        **evaluated(scores.evaluation, gap=scores.gap(scores.evaluation)),
        families=scores.family_gaps(scores.evaluation),
        textbook={
            name: RuleDocument(gap=scores.gap(evaluation), families=scores.family_gaps(evaluation))
            for name, evaluation in scores.rules.items()
        },
        ratios=scores.ratios,
        comparison=scores.comparison.document(),
        unread=dict(scores.instances.unread),
        stored=stored,
    )


def _print(console: Console, target: Contender, scores: ContenderScores, *, stored: bool) -> None:
    evaluation, comparison = scores.evaluation, scores.comparison
    where = f"{target.named.name}, {evaluation.split} ({count(len(scores.instances.instances), 'instance')})"
    if evaluation.status is Status.OK:
        say(console, f"{target.name} on {where}", "bold")
    else:
        say(console, f"{target.name} on {where}: {evaluation.status.value}", "bold red")
        say(console, evaluation.detail)
    if evaluation.level:
        words = level_words(evaluation.level)
        say(console, f"{words[0].upper()}{words[1:]}{_noted(evaluation.results)}")
    print_comparison(console, comparison, own=[target.name])
    say(console, LEGEND)
    if scores.ratios:
        say(console, _objective(evaluation.objective, scores.ratios))
    if stored:
        say(console, f"Stored with {target.name}.")


def _objective(objective: float | None, ratios: Mapping[str, float]) -> str:
    worst = max(ratios, key=lambda family: ratios[family])
    mean = sum(ratios.values()) / len(ratios)
    return (
        f"Objective {Scale.RATIO.text(objective)}: of the gap as a multiple of the best textbook rule's, half the sum of the families' "
        f"mean ({mean:.3f}) and the worst family ({worst}, {ratios[worst]:.3f})."
    )


def _noted(results: Sequence[InstanceResult]) -> str:
    counted = Counter(f"{key} {value!r}" for result in results for key, value in result.notes.items())
    return "".join(f"; {note} on {count(number, 'instance')}" for note, number in counted.items())

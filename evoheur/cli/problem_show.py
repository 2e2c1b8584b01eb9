"""`evoheur problems show`: what a model is told of a problem, and what there is to beat."""

import inspect
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from rich.console import Console

from evoheur.cli.comparison import LEGEND, print_comparison
from evoheur.cli.options import AsJson, OwnInstances, ProblemSettings, Splits
from evoheur.cli.output import make_console, print_code, print_json, say, working
from evoheur.cli.problem_scores import OWN, SplitScores, score_sets
from evoheur.cli.settings import parse_settings, parse_splits
from evoheur.cli.unread import report_unread
from evoheur.documents.evaluation_document import gap_of
from evoheur.documents.problem_document import FunctionDocument, ProblemDocument, RuleScoreDocument
from evoheur.errors import ConfigError
from evoheur.evaluation.instances import InstanceSet
from evoheur.evaluation.isolation import LimitsConfig
from evoheur.observers.figures import count
from evoheur.problem import Problem, load_problem, to_json
from evoheur.prompts.card import ProblemCard
from evoheur.run.config import ProblemConfig

__all__ = ["show_problem"]


def show_problem(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Bundled name, or the folder of a problem.py.")],
    *,
    settings: ProblemSettings = None,
    split: Splits = None,
    instances: OwnInstances = None,
    as_json: AsJson = False,
) -> None:
    """Show what a model is told of a problem, its settings and limits, and the gaps and seconds of its textbook rules."""
    if split and instances is not None:
        raise ConfigError(f"--split {split[0]} and --instances {instances} exclude each other; leave one of them out.")
    named = ProblemConfig(name=name, settings=parse_settings(settings or ()))
    problem = load_problem(name, named.settings)
    card = ProblemCard.from_problem(problem)
    with working("Scoring") as saying:
        if instances is not None:
            sets = [InstanceSet.of_path(problem, instances, partly=True)]
        else:
            sets = [InstanceSet.of_split(problem, each) for each in parse_splits(split or ())]
        facts = _Facts(named=named, problem=problem, card=card, scores=score_sets(problem, named, sets, saying))
    if as_json:
        print_json(_document(facts))
    else:
        _print(make_console(), facts)
    report_unread(scored.instances for scored in facts.scores.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What is shown of one problem; scores by split."""

    named: ProblemConfig
    problem: Problem[Any]
    card: ProblemCard
    scores: Mapping[str, SplitScores]


def _document(facts: _Facts) -> ProblemDocument:
    card = facts.card
    return ProblemDocument(
        format="problem/1",
        name=facts.named.name,
        title=card.title,
        description=card.description,
        functions=[FunctionDocument(call=function.call, docstring=function.docstring) for function in card.functions],
        skeleton=card.skeleton,
        code=card.code,
        aggregate=facts.problem.aggregate,
        settings=_defaults(facts.problem),
        formats=list(facts.problem.formats),
        splits={
            split: dict(Counter(instance.family for instance in scored.instances.instances))
            for split, scored in facts.scores.items()
        },
        baselines={
            split: {rule: RuleScoreDocument(objective=found.objective, gap=gap_of(found)) for rule, found in scored.rules.items()}
            for split, scored in facts.scores.items()
        },
        comparison={split: scored.comparison.document() for split, scored in facts.scores.items()},
        seconds_per_instance={split: scored.seconds for split, scored in facts.scores.items()},
        unread={split: dict(scored.instances.unread) for split, scored in facts.scores.items()},
        limits=LimitsConfig().model_dump(mode="json"),
    )


def _defaults(problem: Problem[Any]) -> dict[str, Any]:
    """Setting → default; None where it has none."""
    parameters = inspect.signature(type(problem)).parameters.values()
    return {
        parameter.name: None if parameter.default is parameter.empty else to_json(parameter.default) for parameter in parameters
    }


def _print(console: Console, facts: _Facts) -> None:
    card = facts.card
    say(console, f"{facts.named.name}: {card.title}", "bold")
    say(console)
    say(console, "What a model is told:", "bold")
    say(console, card.description)
    say(console)
    print_code(console, card.skeleton)
    say(console)
    say(console, "The first candidate:", "bold")
    print_code(console, card.code)
    say(console)
    defaults = ", ".join(f"{key}={value!r}" for key, value in _defaults(facts.problem).items())
    say(console, f"Settings and their defaults: {defaults or 'none'}")
    if facts.named.settings:
        say(console, "Set here: " + ", ".join(f"{key}={value!r}" for key, value in facts.named.settings.items()))
    if facts.problem.formats:
        say(console, "Instance files of your own (--instances, problem.instances.train, evoheur solve):")
    for form in facts.problem.formats:
        say(console, f"  {form}")
    limits = ", ".join(f"{key} {value:g}" for key, value in LimitsConfig().model_dump().items())
    say(console, f"Limits for a candidate: {limits}")
    for split, scored in facts.scores.items():
        say(console)
        say(console, f"On {split} ({count(len(scored.instances.instances), 'instance')}):", "bold")
        if scored.own.detail:
            say(console, f"The {OWN} ends with {scored.own.status.value}: {scored.own.detail}", "red")
        print_comparison(console, scored.comparison)
        if not scored.rules:
            say(console, "No textbook rules come with it.")
    say(console, LEGEND)

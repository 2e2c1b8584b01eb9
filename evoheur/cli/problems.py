"""`evoheur problems`: what there is to solve, and what a model is told of it."""

import inspect
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from rich.console import Console

from evoheur.candidate import Evaluation
from evoheur.cli.documents import gap_of
from evoheur.cli.options import AsJson, ProblemSettings
from evoheur.cli.output import make_console, make_table, print_code, print_json, say, working
from evoheur.cli.settings import parse_settings
from evoheur.evaluation.baselines import score_baselines
from evoheur.evaluation.instances import InstanceSet
from evoheur.evaluation.isolation import LimitsConfig
from evoheur.observers.figures import Scale
from evoheur.problem import SPLITS, Problem, bundled_problems, load_problem, to_json
from evoheur.prompts.card import ProblemCard

__all__ = ["app"]

app = typer.Typer(help="List problems, and show what a model is told of one.")


@app.command("list", epilog="Example: evoheur problems list --json")
def list_problems(*, as_json: AsJson = False) -> None:
    """List the problems that ship with evoheur."""
    cards = {name: ProblemCard.from_problem(load_problem(name)) for name in bundled_problems()}
    if as_json:
        print_json(
            [
                {
                    "name": name,
                    "title": card.title,
                    "description": card.description,
                    "functions": [function.call for function in card.functions],
                }
                for name, card in cards.items()
            ]
        )
        return
    console = make_console()
    table = make_table(console, ["problem", "heuristic", "task"], wrap=["heuristic", "task"])
    for name, card in cards.items():
        table.add_row(name, ", ".join(function.call for function in card.functions), card.description.split("\n\n")[0])
    console.print(table)
    say(console, "A folder with a problem.py is named by its path, such as ./my_problem.")


@app.command("show", epilog="Example: evoheur problems show bin_packing_online")
def show_problem(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Bundled name, or the folder of a problem.py.")],
    *,
    settings: ProblemSettings = None,
    as_json: AsJson = False,
) -> None:
    """Show what a model is told of a problem, its settings, instances, limits, and the gaps of its textbook rules."""
    problem = load_problem(name, parse_settings(settings or ()))
    card = ProblemCard.from_problem(problem)
    with working("Scoring the textbook rules"):
        sets = {split: InstanceSet.of_split(problem, split) for split in SPLITS}
        rules: dict[str, dict[str, Evaluation]] = {split: score_baselines(problem, found) for split, found in sets.items()}
    families: dict[str, dict[str, int]] = {
        split: dict(Counter(instance.family for instance in found.instances)) for split, found in sets.items()
    }
    facts = _Facts(name=name, problem=problem, card=card, families=families, rules=rules)
    if as_json:
        print_json(_document(facts))
    else:
        _print(make_console(), facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What is shown of one problem; instances by split and family, rules by split and name."""

    name: str
    problem: Problem[Any]
    card: ProblemCard
    families: Mapping[str, Mapping[str, int]]
    rules: Mapping[str, Mapping[str, Evaluation]]


def _document(facts: _Facts) -> dict[str, Any]:
    card = facts.card
    return {
        "name": facts.name,
        "title": card.title,
        "description": card.description,
        "functions": [{"call": function.call, "docstring": function.docstring} for function in card.functions],
        "skeleton": card.skeleton,
        "code": card.code,
        "aggregate": facts.problem.aggregate,
        "settings": _settings(facts.problem),
        "splits": facts.families,
        "baselines": {
            split: {rule: {"objective": found.objective, "gap": gap_of(found)} for rule, found in scored.items()}
            for split, scored in facts.rules.items()
        },
        "limits": LimitsConfig().model_dump(mode="json"),
    }


def _settings(problem: Problem[Any]) -> dict[str, Any]:
    """Setting → default; None where it has none."""
    parameters = inspect.signature(type(problem)).parameters.values()
    return {
        parameter.name: None if parameter.default is parameter.empty else to_json(parameter.default) for parameter in parameters
    }


def _print(console: Console, facts: _Facts) -> None:
    card = facts.card
    say(console, f"{facts.name}: {card.title}", "bold")
    say(console, card.description)
    say(console)
    say(console, "What evolves, and the first candidate:", "bold")
    print_code(console, card.code)
    say(console)
    settings = ", ".join(f"{key}={value!r}" for key, value in _settings(facts.problem).items())
    say(console, f"Settings and their defaults: {settings or 'none'}")
    limits = ", ".join(f"{key} {value:g}" for key, value in LimitsConfig().model_dump().items())
    say(console, f"Limits for a candidate: {limits}")
    say(console)
    _print_families(console, facts.families)
    _print_rules(console, facts.rules)


def _print_families(console: Console, families: Mapping[str, Mapping[str, int]]) -> None:
    table = make_table(console, ["split", "family", "instances"], right=["instances"])
    for split, counted in families.items():
        for family, number in counted.items():
            table.add_row(split, family, str(number))
    console.print(table)


def _print_rules(console: Console, rules: Mapping[str, Mapping[str, Evaluation]]) -> None:
    names: Sequence[str] = list(rules["train"])
    if not names:
        say(console, "No textbook rules come with it.")
        return
    scale = Scale.of(evaluation for scored in rules.values() for evaluation in scored.values())
    columns = [f"{split} {scale.value}" for split in rules]
    table = make_table(console, ["textbook rule", *columns], right=columns)
    for rule in names:
        table.add_row(rule, *(scale.text(scored[rule].objective) for scored in rules.values()))
    console.print(table)

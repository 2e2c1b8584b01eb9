"""List, show, check and make problems."""

from pathlib import Path
from typing import Annotated

import typer

from evoheur import ConfigError, ProblemConfig
from evoheur.api.command_words import parse_settings, parse_splits
from evoheur.api.problem_check import check_problem
from evoheur.api.problem_facts import problem_facts, usable_cards
from evoheur.api.problem_folder import path_in_commands, write_problem
from evoheur.cli.options import AsJson, OwnInstances, ProblemSettings, Splits
from evoheur.cli.tables.checked_problem import checked_document, print_checked
from evoheur.cli.tables.problem_description import print_problem, problem_document
from evoheur.cli.terminal.output import make_console, make_table, print_json, report_unread, say, working
from evoheur.documents.problem_document import ProblemSummaryDocument

__all__ = ["SUBCOMMANDS", "check", "list_problems", "new", "show"]


def list_problems(*, as_json: AsJson = False) -> None:
    """List the bundled problems, then those of installed plug-ins.

    Example:
        evoheur problems list --json
    """
    cards = usable_cards()
    if as_json:
        print_json(
            [
                ProblemSummaryDocument(
                    format="problem-summary/1",
                    name=name,
                    title=card.title,
                    description=card.description,
                    functions=[function.call for function in card.functions],
                )
                for name, card in cards.items()
            ]
        )
        return
    console = make_console()
    table = make_table(console, ["problem", "heuristic", "task"], wrap=["heuristic", "task"], least_useful=["heuristic"])
    for name, card in cards.items():
        table.add_row(name, ", ".join(function.call for function in card.functions), card.description.split("\n\n")[0])
    console.print(table)
    say(
        console,
        "A folder with a problem.py is named by its path, such as ./my_problem; a class is named as package.module:Class.",
    )


def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Bundled name, or the folder of a problem.py.")],
    *,
    settings: ProblemSettings = None,
    split: Splits = None,
    instances: OwnInstances = None,
    as_json: AsJson = False,
) -> None:
    """Show what a model is told of a problem.

    Then its settings and limits, and the gaps and seconds of its textbook rules.

    Example:
        evoheur problems show bin_packing_online
    """
    if split and instances is not None:
        raise ConfigError(f"--split {split[0]} and --instances {instances} exclude each other; leave one of them out.")
    named = ProblemConfig(name=name, settings=parse_settings(settings or ()))
    with working("Scoring") as saying:
        facts = problem_facts(named, splits=parse_splits(split or ()), instances=instances, saying=saying)
    if as_json:
        print_json(problem_document(facts))
    else:
        print_problem(make_console(), facts)
    report_unread(scored.instances for scored in facts.scores.values())


def check(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Bundled name, or the folder of a problem.py.")],
    *,
    settings: ProblemSettings = None,
    split: Splits = None,
    as_json: AsJson = False,
) -> None:
    """Check a problem against its contract, and time it.

    Says how many seconds an instance takes, and what gaps its textbook rules have. Exit code 0 if everything holds, 1 if not. The
    checks are those of the contract class in evoheur.testing.problem_contract.

    Example:
        evoheur problems check ./knapsack
    """
    named = ProblemConfig(name=name, settings=parse_settings(settings or ()))
    with working("Checking") as saying:
        checked = check_problem(named, parse_splits(split or ()), saying=saying)
    if as_json:
        print_json(checked_document(checked))
    else:
        print_checked(make_console(), checked)
    if not checked.ok:
        raise typer.Exit(1)


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the problem and its folder, such as knapsack.")],
    *,
    into: Annotated[Path, typer.Option("--into", metavar="FOLDER", help="Where the folder is made.")] = Path(),
) -> None:
    """Write a folder with a new problem that runs.

    It passes its checks, and comments say where yours goes.

    Example:
        evoheur problems new knapsack
    """
    folder = write_problem(name, into)
    shown = path_in_commands(folder)
    console = make_console()
    say(console, f"Wrote {shown}:")
    for path in sorted(folder.iterdir()):
        say(console, f"  {path.name}")
    say(console)
    say(console, "It is weighted set cover until you change it. Next:")
    for command in (
        f"evoheur problems check {shown}",
        f"evoheur problems show {shown}",
        f"evoheur run {shown}/{name}.yaml",
        f"evoheur best {name}-1",
    ):
        say(console, f"  {command}")


SUBCOMMANDS = {"list": list_problems, "show": show, "check": check, "new": new}

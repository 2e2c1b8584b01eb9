"""List, show, check and make problems."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from evoheur import ConfigError, EvoheurError, ProblemConfig
from evoheur.api.command_words import parse_settings, parse_splits
from evoheur.api.problem_check import check_problem
from evoheur.api.problem_draft import DRAFT_REQUESTS, approve_files, draft_problem, drafted_files
from evoheur.api.problem_facts import problem_facts, usable_cards
from evoheur.api.problem_folder import path_in_commands, write_problem
from evoheur.cli.options import AsJson, OwnInstances, ProblemSettings, Splits
from evoheur.cli.tables.checked_problem import checked_document, print_checked, print_questions
from evoheur.cli.tables.problem_description import print_problem, problem_document
from evoheur.cli.terminal.output import make_console, make_table, print_json, report_unread, say, working
from evoheur.documents.problem_document import ProblemSummaryDocument
from evoheur.observers.number_text import count

__all__ = ["SUBCOMMANDS", "approve", "check", "list_problems", "new", "show"]


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
    from_text: Annotated[
        str | None, typer.Option("--from-text", metavar="TEXT", help="Have a model draft it from this description.")
    ] = None,
    from_file: Annotated[
        Path | None, typer.Option("--from-file", metavar="PATH", help="The same, with the description in a file.")
    ] = None,
    overrides: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="For a draft: a setting of generator or budget; may be repeated."),
    ] = None,
    max_requests: Annotated[
        int | None,
        typer.Option(
            "--max-requests", min=1, metavar="N", help=f"For a draft: most requests; {DRAFT_REQUESTS} if nothing is limited."
        ),
    ] = None,
) -> None:
    """Write a folder with a new problem that runs.

    It passes its checks, and comments say where yours goes. With a description a model drafts yours instead: it is checked in the jail,
    and not run before you have read it and said yes.

    Example:
        evoheur problems new knapsack
    """
    description = _description(from_text, from_file)
    changes = [*(overrides or ()), *([] if max_requests is None else [f"budget.requests={max_requests}"])]
    if description is not None:
        _draft(name, description, into, changes)
        return
    if changes:
        raise ConfigError("--set and --max-requests are for drafts; say with --from-text or --from-file what is to be drafted.")
    folder = write_problem(name, into)
    shown = path_in_commands(folder)
    console = make_console()
    _say_written(console, folder)
    say(console, "It is weighted set cover until you change it. Next:")
    for command in (
        f"evoheur problems check {shown}",
        f"evoheur problems show {shown}",
        f"evoheur run {shown}/{name}.yaml",
        f"evoheur best {name}-1",
    ):
        say(console, f"  {command}")


def approve(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Of a problem that a model drafted.")],
    *,
    files: Annotated[
        str | None, typer.Option("--files", metavar="HASH", help="Say yes to the files of this hash, without being asked.")
    ] = None,
) -> None:
    """Say yes to a drafted problem, which may then be run.

    Lists its files with their hashes, and asks. The yes is for these files as they are: one that changes needs a new one.

    Example:
        evoheur problems approve ./knapsack
    """
    shown = drafted_files(folder)
    console = make_console()
    if files is None:
        for path, digest in shown.files.items():
            say(console, f"  {digest[:16]}  {folder / path}")
        say(console, f"  {shown.digest}  all of them")
        say(console)
        print_questions(console, shown.questions)
        if shown.approved:
            say(console, "You have said yes to these files already.")
            return
        if not sys.stdin.isatty():
            raise ConfigError(
                f"Nobody can be asked here. When you have read the files, repeat it with --files {shown.digest}, which says yes to them."
            )
        typer.confirm("Have you read these files, and may they run with your rights?", abort=True)
    elif files != shown.digest:
        raise ConfigError(f"The files in {str(folder)!r} have the hash {shown.digest}, not {files}: look at them again.")
    approve_files(shown)
    say(console, f"Said yes to {count(len(shown.files), 'file')}. Next: evoheur problems check {path_in_commands(folder)}")


def _description(text: str | None, file: Path | None) -> str | None:
    if text is not None and file is not None:
        raise ConfigError("--from-text and --from-file exclude each other; leave one of them out.")
    if file is None:
        return text
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ConfigError(f"The description in {str(file)!r} cannot be read ({error}); name a text file.") from error


def _draft(name: str, description: str, into: Path, changes: Sequence[str]) -> None:
    with working("Drafting") as saying:
        made = draft_problem(name, description, into, changes, saying=saying)
    console = make_console()
    shown = path_in_commands(made.folder)
    drafted, spent = made.drafted, made.drafted.spent
    _say_written(console, made.folder)
    priced = "at an unknown price" if spent.cost_usd is None else f"for {spent.cost_usd:.4f} US dollars"
    tokens = f"{'about ' if spent.estimated_tokens else ''}{count(spent.tokens, 'token')}"
    say(console, f"Drafted by {drafted.model} with {count(spent.requests, 'request')} and {tokens}, {priced}.")
    for finding in drafted.failed:
        say(console, f"FAILED  {finding.name}", "bold red")
        say(console, f"        {finding.detail}")
    say(console)
    print_questions(console, made.questions)
    say(console, "Nothing of it has run outside the jail, and nothing will before you say yes. Read the files, then:")
    for command in (f"evoheur problems check {shown}", f"evoheur problems approve {shown}", f"evoheur run {shown}/{name}.yaml"):
        say(console, f"  {command}")
    if drafted.failed:
        failed = count(len(drafted.failed), "check")
        raise EvoheurError(
            f"The draft in {shown} fails {failed} ({drafted.ended}); correct it by hand, or draft it again elsewhere."
        )


def _say_written(console: Console, folder: Path) -> None:
    say(console, f"Wrote {path_in_commands(folder)}:")
    for path in sorted(folder.iterdir()):
        say(console, f"  {path.name}")
    say(console)


SUBCOMMANDS = {"list": list_problems, "show": show, "check": check, "new": new, "approve": approve}

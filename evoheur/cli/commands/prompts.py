"""Show, copy or change prompts, and see what evolved of them.

Copies are for changing.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from evoheur import OperatorCard, open_archive
from evoheur.api.archives import find_run
from evoheur.api.evolved_prompts import EvolvedPrompt, read_evolved_prompts
from evoheur.api.strategy_prompts import PLACEHOLDERS, SHARED_FOLDER, StrategyPrompts
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson, MaybeRun
from evoheur.cli.terminal.output import make_console, make_table, print_code, print_json, say, working
from evoheur.documents.evolved_prompts_document import evolved_prompts_document
from evoheur.observers.number_text import one_line

__all__ = ["SUBCOMMANDS", "copy", "evolved", "show"]

_Strategy = Annotated[
    str, typer.Argument(metavar="STRATEGY", help="Kind of the strategy, such as eoh or mylab.greedy:GreedyConfig.")
]
_Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to; made if it is not there.")]


def show(
    strategy: _Strategy,
    *,
    operator: Annotated[
        str | None, typer.Option("--operator", metavar="NAME", help="Show this operator's templates whole.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show the prompt templates of a strategy's operators.

    And every placeholder that they may use.

    Example:
        evoheur prompts show eoh --operator e2
    """
    prompts = StrategyPrompts(strategy)
    if operator is not None:
        prompts.check(operator)
    if as_json:
        print_json(prompts.document())
        return
    console = make_console()
    if operator is None:
        _print_operators(console, prompts)
    else:
        _print_templates(console, prompts, operator)


def copy(strategy: _Strategy, folder: _Folder) -> None:
    """Copy a strategy's templates to a folder of your own.

    With `prompts: FOLDER` in a configuration, each takes the place of the shipped one.

    Example:
        evoheur prompts copy eoh ./my_prompts
    """
    prompts = StrategyPrompts(strategy)
    files = prompts.copy_to(folder)
    console = make_console()
    say(console, f"Copied {len(files)} templates to {folder}: {', '.join(files)}.")
    say(console, f"Delete those you leave as they are, change the others, and run with --set prompts={folder}.")


def evolved(run: MaybeRun = None, *, archive: ArchiveUrl = DEFAULT_ARCHIVE, as_json: AsJson = False) -> None:
    """Show the instructions of a run that evolved, with their credit.

    Credit is how the children of an instruction stand among those of the same operator and of parents of like rank: 1 beats all, 0.5 is
    the average. The run's log is replayed for it, which asks no model.

    Example:
        evoheur prompts evolved my-run
    """
    with open_archive(archive) as opened, working("Replaying"):
        chosen = find_run(opened, run)
        found = read_evolved_prompts(opened, chosen.name)
    if as_json:
        print_json(evolved_prompts_document(chosen.name, found))
        return
    _print_evolved(make_console(), chosen.name, found)


def _print_evolved(console: Console, run: str, found: Sequence[EvolvedPrompt]) -> None:
    if not found:
        say(console, f"The prompts of run {run} do not evolve; --set prompts.evolve=shinka starts a run in which they do.")
        return
    say(console, f"Run {run}: instructions in its prompts, {sum(each.is_kept for each in found)} of {len(found)} kept", "bold")
    figures = ["credit", "children", "uses"]
    table = make_table(
        console, ["prompt", "made by", *figures, "state", "instruction"], right=figures, least_useful=["made by", "uses"]
    )
    for each in found:
        origin = (
            each.instruction.origin
            if each.instruction.parent is None
            else f"{each.instruction.origin} of {each.instruction.parent}"
        )
        numbers = "-" if each.credit is None else f"{each.credit:.2f}", f"{each.children}", f"{each.uses}"
        text = one_line(each.instruction.text, console.encoding) or "none beside the templates"
        table.add_row(f"{each.instruction.number}", origin, *numbers, _state(each), Text(text))
    console.print(table)
    for each in found:
        if each.instruction.text and each.is_kept:
            by_operator = ", ".join(f"{operator} {credit:.2f}" for operator, credit in each.by_operator.items())
            say(console)
            say(console, f"Prompt {each.instruction.number}{f' ({by_operator})' if by_operator else ''}", "bold")
            say(console, each.instruction.text)


def _state(prompt: EvolvedPrompt) -> str:
    if not prompt.is_kept:
        return "dropped"
    return "established" if prompt.is_established else "on trial"


def _print_operators(console: Console, prompts: StrategyPrompts) -> None:
    say(console, f"Strategy {prompts.kind}: one template per operator, {prompts.folder}/OPERATOR.jinja", "bold")
    table = make_table(
        console, ["operator", "asks to", "parents", "yields"], wrap=["asks to"], least_useful=["yields", "parents"]
    )
    for name, card in prompts.cards.items():
        table.add_row(name, Text(card.summary), _range(card), card.produces if card.kind.asks_model else "no prompt")
    console.print(table)
    say(console)
    say(console, "Every template may use", "bold")
    for placeholder, meaning in PLACEHOLDERS.items():
        say(console, f"  {placeholder}: {meaning}")
    say(console)
    say(console, "Texts of a single operator", "bold")
    for name in prompts.rendered:
        texts = "; ".join(f"context.{text}: {meaning}" for text, meaning in prompts.cards[name].context.items())
        say(console, f"  {name}: {texts or 'none'}")
    say(console)
    say(
        console,
        f"Templates that all strategies share are in {SHARED_FOLDER}/; parts that others include begin with an underscore.",
    )
    say(console, f"Look further: evoheur prompts show {prompts.kind} --operator {prompts.rendered[0]}")
    say(console, f"Change them:  evoheur prompts copy {prompts.kind} ./my_prompts")


def _range(card: OperatorCard) -> str:
    least, most = card.parents
    if most is None:
        return f"{least} or more"
    return str(least) if least == most else f"{least} to {most}"


def _print_templates(console: Console, prompts: StrategyPrompts, operator: str) -> None:
    say(console, f"{prompts.kind}, operator {operator}: {prompts.cards[operator].summary}", "bold")
    say(console, f"Uses {', '.join(prompts.used(operator))}")
    for name, text in prompts.library.files(prompts.folder, [operator]).items():
        say(console)
        say(console, name, "bold")
        print_code(console, text.rstrip(), language="jinja")


SUBCOMMANDS = {"show": show, "copy": copy, "evolved": evolved}

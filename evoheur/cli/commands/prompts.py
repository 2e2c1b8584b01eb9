"""Show the prompts of a strategy, or copy them.

Copies are for changing.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from evoheur import OperatorCard
from evoheur.api.strategy_prompts import PLACEHOLDERS, SHARED_FOLDER, StrategyPrompts
from evoheur.cli.options import AsJson
from evoheur.cli.terminal.output import make_console, make_table, print_code, print_json, say

__all__ = ["SUBCOMMANDS", "copy", "show"]

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


SUBCOMMANDS = {"show": show, "copy": copy}

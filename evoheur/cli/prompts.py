"""`evoheur prompts show` and `copy`: the templates that prompts are made from, what they are given, and a copy to change."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from evoheur.cli.options import AsJson
from evoheur.cli.output import make_console, make_table, print_code, print_json, say
from evoheur.errors import ConfigError
from evoheur.plugins import nearest, resolve_kind
from evoheur.problem import load_problem
from evoheur.prompts.card import ProblemCard
from evoheur.prompts.render import PLACEHOLDERS, SHARED_FOLDER, PromptLibrary
from evoheur.strategies.repairing import REPAIR_CARD
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, OperatorCard, StrategyConfig

__all__ = ["app"]

app = typer.Typer(help="Show the prompts of a strategy, and copy them to change them.")

_SOME_PROBLEM = "bin_packing_online"  # a library needs one; nothing that is shown here depends on it

_Strategy = Annotated[
    str, typer.Argument(metavar="STRATEGY", help="Kind of the strategy, such as eoh or mylab.greedy:GreedyConfig.")
]
_Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to; made if it is not there.")]


@app.command("show", epilog="Example: evoheur prompts show eoh --operator e2")
def show_prompts(
    strategy: _Strategy,
    *,
    operator: Annotated[
        str | None, typer.Option("--operator", metavar="NAME", help="Show this operator's templates whole.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what a strategy's operators ask, and every placeholder that their templates may use."""
    family = _Family(strategy)
    if operator is not None:
        family.check(operator)
    if as_json:
        print_json(family.document())
        return
    console = make_console()
    if operator is None:
        _print_operators(console, family)
    else:
        _print_templates(console, family, operator)


@app.command("copy", epilog="Example: evoheur prompts copy eoh ./my_prompts")
def copy_prompts(strategy: _Strategy, folder: _Folder) -> None:
    """Copy a strategy's templates to a folder of your own, where each takes the place of the shipped one: `prompts: FOLDER`."""
    family = _Family(strategy)
    files = family.library.files(family.folder, family.rendered)
    taken = [name for name in files if (folder / name).exists()]
    if taken:
        raise ConfigError(f"{folder / taken[0]} is there already and is not written over; name another folder.")
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    console = make_console()
    say(console, f"Copied {len(files)} templates to {folder}: {', '.join(files)}.")
    say(console, f"Delete those you leave as they are, change the others, and run with --set prompts={folder}.")


class _Family:
    """One strategy's operators and templates.

    Args:
        kind: Of a strategy that can be made without settings.

    Raises:
        ConfigError: There is no such strategy, or its prompts are those of its members.
    """

    def __init__(self, kind: str) -> None:
        config_type = resolve_kind(kind, BUILTIN_STRATEGIES, StrategyConfig, what="strategy", folder=Path.cwd())  # type: ignore[type-abstract]
        config = config_type.model_validate({"kind": kind})
        if config.template_folders != (config.template_folder,):
            raise ConfigError(
                f"The prompts of {kind!r} are those of its members ({', '.join(config.template_folders)}); show one of them."
            )
        self.kind = kind
        self.folder = config.template_folder
        self.cards: Mapping[str, OperatorCard] = {**config.catalogue, **REPAIR_CARD}
        self.library = PromptLibrary(ProblemCard.from_problem(load_problem(_SOME_PROBLEM)), own=config.own_templates)

    @property
    def rendered(self) -> list[str]:
        """The operators that have a prompt; constants are tuned without one."""
        return [name for name, card in self.cards.items() if card.produces != "tuning"]

    def check(self, operator: str) -> None:
        """See that there is such an operator with a prompt.

        Raises:
            ConfigError: There is not.
        """
        if operator not in self.rendered:
            raise ConfigError(
                f"Strategy {self.kind!r} sends no prompt for an operator {operator!r}{nearest(operator, self.rendered)}; "
                f"it has {', '.join(self.rendered)}."
            )

    def used(self, operator: str) -> list[str]:
        """The placeholders that the shipped template uses."""
        return self.library.placeholders(self.folder, operator)

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        operators = {
            name: {
                "summary": card.summary,
                "produces": card.produces,
                "parents": {"least": card.parents[0], "most": card.parents[1]},
                "context": dict(card.context),
                "uses": self.used(name) if name in self.rendered else [],
            }
            for name, card in self.cards.items()
        }
        return {"strategy": self.kind, "folder": self.folder, "operators": operators, "placeholders": dict(PLACEHOLDERS)}


def _print_operators(console: Console, family: _Family) -> None:
    say(console, f"Strategy {family.kind}: one template per operator, {family.folder}/OPERATOR.jinja", "bold")
    table = make_table(console, ["operator", "asks to", "parents", "yields"], wrap=["asks to"])
    for name, card in family.cards.items():
        table.add_row(name, Text(card.summary), _range(card), "no prompt" if card.produces == "tuning" else card.produces)
    console.print(table)
    say(console)
    say(console, "Every template may use", "bold")
    for placeholder, meaning in PLACEHOLDERS.items():
        say(console, f"  {placeholder}: {meaning}")
    say(console)
    say(console, "Texts of a single operator", "bold")
    for name in family.rendered:
        texts = "; ".join(f"context.{text}: {meaning}" for text, meaning in family.cards[name].context.items())
        say(console, f"  {name}: {texts or 'none'}")
    say(console)
    say(
        console,
        f"Templates that all strategies share are in {SHARED_FOLDER}/; parts that others include begin with an underscore.",
    )
    say(console, f"Look further: evoheur prompts show {family.kind} --operator {family.rendered[0]}")
    say(console, f"Change them:  evoheur prompts copy {family.kind} ./my_prompts")


def _range(card: OperatorCard) -> str:
    least, most = card.parents
    if most is None:
        return f"{least} or more"
    return str(least) if least == most else f"{least} to {most}"


def _print_templates(console: Console, family: _Family, operator: str) -> None:
    say(console, f"{family.kind}, operator {operator}: {family.cards[operator].summary}", "bold")
    say(console, f"Uses {', '.join(family.used(operator))}")
    for name, text in family.library.files(family.folder, [operator]).items():
        say(console)
        say(console, name, "bold")
        print_code(console, text.rstrip(), language="jinja")

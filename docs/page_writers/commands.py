"""Write the reference of commands, from the command line itself."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import typer

from evoheur.cli.main import app

__all__ = ["Command", "commands", "commands_page"]


class Command(NamedTuple):
    """One command of the command line.

    Attributes:
        words: How it is called, such as ("evoheur", "problems", "show").
        parameters: Its arguments and options, as the command line holds them.
        help: What it does; the first paragraph is a summary.
        epilog: What its help ends with, mostly an example.
        group: Whether it only holds further commands.
    """

    words: tuple[str, ...]
    parameters: tuple[Any, ...]
    help: str
    epilog: str
    group: bool

    @property
    def options(self) -> frozenset[str]:
        """Every name of every option, such as "--quiet" and "-q"."""
        names = (name for parameter in self.parameters for name in (*parameter.opts, *parameter.secondary_opts))
        return frozenset(name for name in names if name.startswith("-")) | {"--help"}


def commands() -> Iterator[Command]:
    """Read every command off the command line, groups before what they hold."""
    root = typer.main.get_command(app)
    yield from _below(root, ("evoheur",), None)


def _below(command: Any, words: tuple[str, ...], parent: Any) -> Iterator[Command]:
    context = command.context_class(command, info_name=words[-1], parent=parent)
    names = command.list_commands(context) if hasattr(command, "list_commands") else []
    parameters = tuple(
        one for one in command.params if not one.hidden and one.name not in {"install_completion", "show_completion"}
    )
    yield Command(words, parameters, (command.help or "").strip(), (command.epilog or "").strip(), bool(names))
    for name in names:
        _, found, _ = command.resolve_command(context, [name])  # as when it is called: the overview holds stand-ins
        yield from _below(found, (*words, name), context)


def commands_page() -> str:
    """Write the body of the page: a section a command, with a table of what it takes."""
    return "\n\n".join(_section(command) for command in commands() if len(command.words) > 1 or command.options - {"--help"})


def _section(command: Command) -> str:
    depth = "#" * min(len(command.words) + 1, 4)
    arguments = [one for one in command.parameters if not one.opts[0].startswith("-")]
    usage = " ".join([*command.words, "COMMAND" if command.group else "[OPTIONS]", *(_argument(one) for one in arguments)])
    parts = [f"{depth} {' '.join(command.words)}", command.help, f"```text\n{usage}\n```"]
    if command.parameters:
        parts.append("\n".join(["| takes | what it is |", "| --- | --- |", *map(_row, command.parameters)]))
    example = command.epilog.removeprefix("Example: ")
    if example:
        parts.append(f"Example: `{example}`")
    return "\n\n".join(parts)


def _argument(parameter: Any) -> str:
    name = parameter.metavar or parameter.name.upper()
    several = " …" if parameter.nargs == -1 else ""
    return f"{name}{several}" if parameter.required else f"[{name}{several}]"


def _row(parameter: Any) -> str:
    names = [*parameter.opts, *parameter.secondary_opts]
    if not names[0].startswith("-"):
        names = [parameter.metavar or parameter.name.upper()]
    value = f" {parameter.metavar}" if names[0].startswith("-") and parameter.metavar else ""
    notes = [(parameter.help or "").strip()]
    if parameter.multiple and "repeated" not in notes[0]:
        notes.append("May be repeated.")
    if parameter.default not in (None, False, (), []) and not callable(parameter.default):
        notes.append(f"Default: `{parameter.default}`.")
    if parameter.envvar:
        notes.append(f"Environment: `{parameter.envvar}`.")
    text = " ".join(notes).replace("|", "\\|")
    return f"| {', '.join(f'`{name}{value}`' for name in names)} | {text} |"

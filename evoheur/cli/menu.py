"""The overview of commands, and their help.

Help and examples come from the docstrings of the commands, which are imported when they are used.
"""

import ast
import importlib
import importlib.util
import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup

from evoheur.cli import commands

__all__ = ["CommandHelp", "add_commands", "menu_group", "read_help", "summary_of"]

_EXAMPLE = "\n\nExample:\n"


class CommandHelp(NamedTuple):
    """A command's docstring, divided into text and example.

    Attributes:
        text: All but the example.
        example: The command line of its last section, "Example:"; empty if it has none.
    """

    text: str
    example: str

    @property
    def summary(self) -> str:
        """The first line of the text."""
        return self.text.partition("\n")[0]

    @property
    def epilog(self) -> str | None:
        """The line that a command's help ends with."""
        return f"Example: {self.example}" if self.example else None


def read_help(docstring: str) -> CommandHelp:
    r"""Divide a docstring into text and example.

    Example:
        >>> read_help("List the runs.\n\nOldest first.\n\nExample:\n    evoheur runs --json")
        CommandHelp(text='List the runs.\n\nOldest first.', example='evoheur runs --json')
    """
    text, _, example = inspect.cleandoc(docstring).partition(_EXAMPLE)
    return CommandHelp(text.strip(), example.strip())


def summary_of(name: str) -> str:
    """The line of a command or group in the overview.

    Read from its source, so that nothing is imported for it.
    """
    spec = importlib.util.find_spec(_module_of(name))
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"There is no command module {_module_of(name)}; see ORDER in {commands.__name__}.")
    tree = ast.parse(Path(spec.origin).read_bytes())
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == _identifier(name)]
    return read_help(ast.get_docstring(functions[0] if functions else tree) or "").summary


def add_commands(app: typer.Typer, functions: Mapping[str, Callable[..., Any]]) -> None:
    """Add commands to an app, with help from their docstrings."""
    for name, function in functions.items():
        found = read_help(function.__doc__ or "")
        app.command(name, help=found.text, epilog=found.epilog)(function)


def menu_group(names: Sequence[str]) -> typer.Typer:
    """An app that lists commands and imports them when used.

    So the overview does not wait for databases and compilers.
    """
    app = typer.Typer(cls=_LateCommands, invoke_without_command=True)
    for name in names:
        app.command(name, help=summary_of(name))(_listed)
    return app


class _LateCommands(TyperGroup):
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return name, command if name is None else _load(name), rest


def _listed() -> None:
    """The placeholder of a command in the overview.

    `_LateCommands` puts the command itself in its place.
    """


def _load(name: str) -> Any:
    module = importlib.import_module(_module_of(name))
    subcommands = getattr(module, "SUBCOMMANDS", None)
    if subcommands is None:
        app = typer.Typer(add_completion=False)
        add_commands(app, {name: getattr(module, _identifier(name))})
    else:
        own = getattr(module, name, None)  # what the group does where none of its commands is named
        found = read_help((own or module).__doc__ or "")
        alone = own is not None
        app = typer.Typer(help=found.text, epilog=found.epilog, invoke_without_command=alone, add_completion=not alone)
        app.callback()(own or _group)  # `evoheur GROUP NAME` even where there is one command only
        add_commands(app, subcommands)
    return typer.main.get_command(app)


def _group() -> None:
    """The callback of a group, which has nothing to do."""


def _module_of(name: str) -> str:
    return f"{commands.__name__}.{_identifier(name)}"


def _identifier(name: str) -> str:
    return name.replace("-", "_")

"""`evoheur init`: a configuration to begin with."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from evoheur.api.configurations import write_starting_config
from evoheur.cli.terminal.output import make_console, say

__all__ = ["init"]


def init(folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to; made if it is not there.")] = Path()) -> None:
    """Write a commented configuration to begin with.

    It runs offline as it is. Nothing is overwritten.

    Example:
        evoheur init my_project
    """
    file = write_starting_config(folder)
    path = shlex.quote(str(file))
    console = make_console()
    say(console, f"Wrote {file}: online bin packing, bred offline, until you change it. Next:")
    for command, purpose in (
        (f"evoheur run {path} --dry-run", "check everything, see the first prompt, write nothing"),
        (f"evoheur run {path}", "discover; about half a minute"),
        ("evoheur best", "see what was found"),
    ):
        say(console, f"  {command}  # {purpose}")
    say(console, "For a language model, uncomment the lines below `generator` in the file.")

"""Printing results: consoles, tables, code, JSON.

Words that a model wrote are never taken for markup.
"""

import functools
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.syntax import Syntax
from rich.text import Text

from evoheur import InstanceSet
from evoheur.api.machine.kernel_notice import kernel_notice
from evoheur.documents.document_model import JsonDocument, plain_json
from evoheur.observers.fitting_tables import FittingTable
from evoheur.observers.number_text import count, one_line, printable

__all__ = [
    "make_console",
    "make_table",
    "notice",
    "print_code",
    "print_json",
    "report_unread",
    "say",
    "share",
    "warn_of_compiling",
    "working",
]

_PIPE_WIDTH = 160  # a file or a pipe has no width of its own
_LEAST_WIDTH = 9


def make_console(*, stderr: bool = False) -> Console:
    """A console that shows words as they are, on standard output or standard error."""
    stream = sys.stderr if stderr else sys.stdout
    fixed = None if stream.isatty() or "COLUMNS" in os.environ else _PIPE_WIDTH
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, width=fixed)


def say(console: Console, words: str = "", style: str = "") -> None:
    """Print words of any origin; lines are wrapped on a terminal only."""
    console.print(Text(printable(words, console.encoding), style=style), soft_wrap=not console.is_terminal)


def make_table(
    console: Console,
    columns: Sequence[str],
    *,
    right: Sequence[str] = (),
    wrap: Sequence[str] = (),
    least_useful: Sequence[str] = (),
) -> FittingTable:
    """An empty table with these columns.

    On a console that is too narrow for it, columns of least use are left out, and then its rows become lists.

    Args:
        console: Where it will be printed.
        columns: Headings.
        right: Those whose cells are figures.
        wrap: Those that give way first where the table is wider than the console.
        least_useful: Those that are left out next, the first of them first.
    """
    table = FittingTable(console, least_useful=least_useful)
    for column in columns:
        justify: Any = "right" if column in right else "left"
        least = _LEAST_WIDTH if column in wrap else None
        heading = one_line(column, console.encoding)
        table.add_column(heading, justify=justify, overflow="fold", no_wrap=column not in wrap, min_width=least)
    return table


def print_code(console: Console, code: str, language: str = "python") -> None:
    """Print source text; highlighted on a terminal, as it stands elsewhere."""
    shown = printable(code, console.encoding).strip("\n")
    if console.is_terminal:
        console.print(Syntax(shown, language, theme="ansi_dark", background_color="default", word_wrap=True))
    else:
        typer.echo(shown)


def print_json(data: JsonDocument | Sequence[JsonDocument]) -> None:
    """Print a document, or a list of several, for programs.

    In ASCII, and without NaN.
    """
    plain = plain_json(data) if isinstance(data, JsonDocument) else [plain_json(document) for document in data]
    typer.echo(json.dumps(plain, indent=2, allow_nan=False))


def notice(words: str) -> None:
    """Print a notice, which is no error, on standard error."""
    typer.echo(f"note: {words}", err=True)


def share(part: int, whole: int) -> float:
    """A share from 0 to 1; 0 of nothing."""
    return part / whole if whole else 0.0


@functools.cache
def warn_of_compiling() -> None:
    """Say once on standard error that kernels cannot be kept, if so."""
    if notice := kernel_notice():
        typer.echo(f"warning: {notice}", err=True)


@contextmanager
def working(on_what: str) -> Iterator[Callable[[str], None]]:
    """Show on a terminal that something takes its time.

    Such as compiling kernels for the first time.

    Args:
        on_what: Shown from the start.

    Yields:
        What takes a word on what is being worked on now.
    """
    console = make_console(stderr=True)
    warn_of_compiling()
    if not console.is_terminal:
        yield lambda _detail: None
        return
    with console.status(f"{on_what} …") as status:
        yield lambda detail: status.update(f"{on_what}: {one_line(detail, console.encoding)} …")


def report_unread(sets: Iterable[InstanceSet]) -> None:
    """Name every file that could not be read.

    With its reason. Called last, when all results are printed.

    Raises:
        typer.Exit: There are such files; the exit code is 1.
    """
    reasons = [reason for each in sets for reason in each.unread.values()]
    if not reasons:
        return
    console = make_console(stderr=True)
    for reason in reasons:
        say(console, f"not read: {' '.join(reason.split())}", "red")
    say(console, f"Everything above is without {count(len(reasons), 'file')} that could not be read.", "bold red")
    raise typer.Exit(1)

"""Handling of standard streams that are closed or full.

A shell may leave input, output and error closed, full, or read by nobody any more.
"""

import contextlib
import os
import sys
import warnings
from collections.abc import Iterator
from typing import TextIO

import typer

from evoheur import InstanceWarning

__all__ = ["abandon_output", "finish_output", "open_standard_streams", "say_error", "shown_warnings"]


def open_standard_streams() -> None:
    """Replace closed standard streams by empty ones.

    Those that `>&-` has closed, for example. Else the next file that is opened would get the number of one of them, be it the archive,
    and take whatever is printed.
    """
    for number, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # gets the lowest number that is free, which is this one
            os.set_inheritable(number, True)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - they last as long as the process
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def abandon_output() -> None:
    """Discard what is left of standard output.

    The interpreter flushes it once more at its end, and would fail again.
    """
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def finish_output() -> None:
    """Write out what was printed so far.

    It is given up where standard output takes no more.
    """
    try:
        sys.stdout.flush()
    except OSError:
        abandon_output()


def say_error(line: str) -> None:
    """Write a line to standard error, if it takes one."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


@contextlib.contextmanager
def shown_warnings() -> Iterator[None]:
    """Show each `InstanceWarning` once, in one line; other warnings are left to Python."""
    seen: set[str] = set()
    with warnings.catch_warnings():
        others = warnings.showwarning

        def show(
            message: Warning | str,
            category: type[Warning],
            filename: str,
            lineno: int,
            file: TextIO | None = None,
            line: str | None = None,
        ) -> None:
            if not issubclass(category, InstanceWarning):
                others(message, category, filename, lineno, file, line)
            elif str(message) not in seen:
                seen.add(str(message))
                typer.echo(f"warning: {' '.join(str(message).split())}", err=True)

        warnings.showwarning = show
        warnings.simplefilter("always", InstanceWarning)
        yield

"""Warnings of evoheur's own, as lines on standard error."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import typer

from evoheur.errors import InstanceWarning

__all__ = ["shown_warnings"]


@contextmanager
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

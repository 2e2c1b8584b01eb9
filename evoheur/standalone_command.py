"""The command of a file that stands alone: an exported heuristic that solves instance files."""

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from evoheur.errors import ConfigError

__all__ = ["solve_files"]


def solve_files(solved: Callable[[Path], Iterable[tuple[str, str]]]) -> None:
    """Solve the instance file of the command line, and print the solution or write it.

    Exits with 2 and a sentence where the file cannot be used.

    Args:
        solved: File → name and solution's text of each instance in it.
    """
    parser = argparse.ArgumentParser(description="Solve an instance with this heuristic.")
    parser.add_argument("instance", type=Path, help="a file of an instance, in its community's form")
    parser.add_argument("-o", "--output", type=Path, help="where the solution goes; else it is printed")
    chosen = parser.parse_args()
    try:
        texts = list(solved(chosen.instance))
        # Several instances of one file are told apart by a line of their own.
        text = "".join(f"# {name}\n{each}" if len(texts) > 1 else each for name, each in texts)
        if chosen.output is None:
            sys.stdout.write(text)
        else:
            chosen.output.write_text(text, encoding="utf-8")
    except (ConfigError, OSError) as error:
        sys.exit(_said(parser, error))


def _said(parser: argparse.ArgumentParser, error: Exception) -> int:
    sys.stderr.write(f"{parser.prog}: {error}\n")
    return 2

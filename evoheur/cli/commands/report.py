"""`evoheur report`: the story of a run as one HTML file."""

from pathlib import Path
from typing import Annotated

import typer

from evoheur import ConfigError
from evoheur.cli.commands.plot import need_matplotlib
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, MaybeRun
from evoheur.cli.terminal.output import working

__all__ = ["report"]


def report(
    run: MaybeRun = None,
    *,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="Where to write, such as report.html. Replaced if there.")
    ],
    textbook: Annotated[
        bool,
        typer.Option(
            "--textbook/--no-textbook", help="Score the textbook rules now, which needs the problem as it was and its time."
        ),
    ] = True,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
) -> None:
    """Write the story of a run as one HTML file.

    To mail, or to put beside a paper: the verdict in a sentence, figures, tables beside the textbook and by family, the best code, its
    lineage, the cost, the audit, how to repeat it, and what it does not show. The file needs no network and holds no script.

    Example:
        evoheur report quickstart-1 -o report.html
    """
    need_matplotlib()
    if not output.parent.is_dir():
        raise ConfigError(
            f"There is no folder {str(output.parent)!r} to write {output.name!r} to; make it first, or name another."
        )
    from evoheur.plots.run_report import write_report  # noqa: PLC0415 - needs the optional extra

    with working("Writing the report") as saying:
        write_report(run, output, archive=archive, textbook=textbook, saying=saying)
    typer.echo(f"Wrote the report to {output}.", err=True)

"""`evoheur export`: a candidate as one Python file.

The file says where the candidate comes from and what it is worth.
"""

from pathlib import Path
from typing import Annotated

import typer

from evoheur import ConfigError, open_archive
from evoheur.api.archives import find_candidate, find_run
from evoheur.api.candidate_front import read_front
from evoheur.api.gallery_entries import PREFIX, entry_named
from evoheur.api.standalone_module import gallery_module, standalone_module
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, InRun
from evoheur.cli.terminal.output import working

__all__ = ["export"]


def export(  # noqa: PLR0913 - its options
    candidate: Annotated[
        str, typer.Argument(metavar="CANDIDATE", help="RUN/NUMBER, RUN/best or gallery:NAME; without RUN/, of the latest run.")
    ],
    *,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where to write; else printed.")] = None,
    original: Annotated[bool, typer.Option("--original", help="Write it as it was bred, also if it was simplified.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
    at_most_work: Annotated[
        float | None,
        typer.Option(
            "--at-most-work",
            metavar="OPERATIONS",
            help="With RUN/best: the best on train with at most so many operations, as `evoheur front` counts them.",
        ),
    ] = None,
    bare: Annotated[bool, typer.Option("--bare", help="Write the heuristic alone, without what solves instances.")] = False,
    run: InRun = None,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
) -> None:
    """Write a candidate as a Python file that stands alone.

    Its origin and its scores are in the docstring. The file is a program, too: `python heuristic.py INSTANCE` prints a solution. Of a
    candidate that was simplified, what remains is written.

    Example:
        evoheur export quickstart-1/17 -o heuristic.py
    """
    if output is not None and output.exists() and not force:
        raise ConfigError(f"{str(output)!r} exists already; name another file, or pass --force to replace it.")
    if at_most_work is not None:
        candidate = _within(candidate, archive, run, at_most_work)
    text, name = _module(candidate, archive, run, original=original, bare=bare)
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{str(output)!r} cannot be written ({error.strerror}); name a file that you may write.") from error
    typer.echo(f"Wrote {name} to {output}.", err=True)


def _within(candidate: str, archive: str, run: str | None, work: float) -> str:
    # The name of the best candidate with so little work.
    name, _, choice = candidate.rpartition("/")
    if choice != "best":
        raise ConfigError(f"--at-most-work chooses among the candidates of a run; name RUN/best instead of {candidate!r}.")
    with open_archive(archive) as opened:
        chosen = find_run(opened, name or run)
        front = read_front(opened, chosen, "operations")
    found = front.within(work)
    if found is None:
        least = min(map(front.work, front.records), default=0.0)
        raise ConfigError(
            f"No candidate of run {chosen.name} that works has at most {work:g} operations; the smallest has {least:g}."
        )
    return f"{chosen.name}/{found.candidate.id}"


def _module(candidate: str, archive: str, run: str | None, *, original: bool, bare: bool) -> tuple[str, str]:
    # The source, and what it is of.
    if candidate.startswith(PREFIX):
        return gallery_module(entry_named(candidate.removeprefix(PREFIX)), bare=bare), candidate
    with open_archive(archive) as opened:
        named = find_candidate(opened, candidate, run=run)
        record = named if original else opened.simplified(named) or named
        origin = opened.run(record.run)
    with working("Scoring the textbook rules"):
        text = standalone_module(record, origin, bare=bare)
    return text, record.id if record is named else f"{record.id}, what remains of {named.id} (--original for the whole),"

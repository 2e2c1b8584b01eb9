"""Heuristics that were discovered and are kept for use."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from evoheur.api.contender import find_contender
from evoheur.api.gallery_description import described
from evoheur.api.gallery_entries import GalleryEntry, add_entry, entry_named, gallery_entries
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson
from evoheur.cli.terminal.output import make_console, make_table, print_json, say, working
from evoheur.documents.gallery_document import GalleryDocument
from evoheur.observers.number_text import Scale, count, one_line

__all__ = ["SUBCOMMANDS", "add", "list_gallery", "show"]


def list_gallery(*, as_json: AsJson = False) -> None:
    """List the heuristics of the gallery, with their gaps on test.

    Example:
        evoheur gallery list --json
    """
    entries = gallery_entries()
    if as_json:
        print_json([entry.document for entry in entries.values()])
        return
    console = make_console()
    table = make_table(
        console,
        ["heuristic", "problem", "gap", "best textbook rule", "its gap", "families"],
        right=["gap", "its gap", "families"],
        wrap=["heuristic", "best textbook rule"],
        least_useful=["problem", "families", "best textbook rule"],
    )
    for name, entry in entries.items():
        known = entry.document
        rule, gap = next(iter(known.textbook.items()), ("-", None))
        table.add_row(name, known.problem, Scale.GAP.text(known.gap), rule, Scale.GAP.text(gap), _won(known))
    console.print(table)
    say(
        console,
        "Gaps are of the test split; the textbook rules know as much and do as much work. families: in how many it is the best.",
    )
    say(console, "Use one by gallery:NAME, in evaluate, solve and export; in Python: from evoheur.gallery import NAME.")


def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of a heuristic of the gallery.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show a heuristic of the gallery: origin, figures, code.

    Example:
        evoheur gallery show online_levels
    """
    entry = entry_named(name)
    if as_json:
        print_json(entry.document)
        return
    _print(make_console(), entry)


def add(
    candidate: Annotated[str, typer.Argument(metavar="CANDIDATE", help="RUN/NUMBER or RUN/best.")],
    *,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="By which it will be found.")],
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="FOLDER", help="Where it is kept; else with your other ones.")
    ] = None,
    command: Annotated[str | None, typer.Option("--found-by", metavar="COMMAND", help="The command that finds it again.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace one of the same name.")] = False,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
) -> None:
    """Keep a candidate in your gallery, with its scores on test.

    It is scored on its problem's test split first, beside the textbook rules. Your gallery is a folder; the variable EVOHEUR_GALLERY names
    another one.

    Example:
        evoheur gallery add quickstart-1/best --name my_levels
    """
    found = find_contender(candidate, problem=None, settings={}, archive=archive)
    with working(f"Scoring {found.name} on test"):
        document = described(found, name, command=command)
    assert found.code is not None, "it was described"
    file = add_entry(found.code, document, folder, replace=force)
    console = make_console()
    say(console, f"{name}: {Scale.GAP.text(document.gap)}; best in {_won(document)} families. Wrote {file}.")


def _won(known: GalleryDocument) -> str:
    won = 0
    for family in known.families:
        others = [gap for gap in family.textbook.values() if gap is not None]
        won += family.gap is not None and all(family.gap < gap for gap in others)
    return f"{won} of {len(known.families)}"


def _print(console: Console, entry: GalleryEntry) -> None:
    known = entry.document
    say(console, f"{known.name}, for {known.problem} ({known.rule_class})", "bold")
    say(console, one_line(known.thought, width=10_000))
    origin = known.origin
    say(console, f"From {origin.candidate}: {origin.strategy}, {origin.generator}, seed {origin.seed}, evoheur {origin.evoheur}.")
    if origin.command is not None:
        say(console, f"Found again by: {origin.command}")
    if known.unit_free:
        say(console, "It does the same in other units, which was seen on some instances.")
    table = make_table(
        console,
        ["family", "gap", "95 % interval", "best textbook rule", "its gap", "seconds"],
        right=["gap", "95 % interval", "its gap", "seconds"],
        wrap=["family", "best textbook rule"],
        least_useful=["seconds", "95 % interval", "best textbook rule"],
    )
    for family in known.families:
        rule, gap = next(iter(family.textbook.items()), ("-", None))
        interval = "-" if family.interval is None else f"{family.interval[0]:.2f} to {family.interval[1]:.2f}"
        seconds = "-" if family.seconds is None else f"{family.seconds:.3f}"
        table.add_row(family.family, Scale.GAP.text(family.gap), interval, rule, Scale.GAP.text(gap), seconds)
    console.print(table)
    say(
        console,
        f"On all of test ({count(sum(family.instances for family in known.families), 'instance')}): {Scale.GAP.text(known.gap)}.",
    )
    console.print(entry.code, markup=False, highlight=False)


SUBCOMMANDS = {"list": list_gallery, "show": show, "add": add}

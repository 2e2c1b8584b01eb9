"""`evoheur select`: a set of heuristics that complement each other, and which of them solves an instance."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from evoheur import ConfigError
from evoheur.api.command_words import parse_settings
from evoheur.api.selection_module import selection_module
from evoheur.api.set_selection import SelectionRow, SelectionSettings, SetSelection, select_set, tree_in_words
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson, ProblemSettings
from evoheur.cli.terminal.output import make_console, make_table, print_json, say, working
from evoheur.documents.selection_document import (
    SelectedMemberDocument,
    SelectedWayDocument,
    SelectionDocument,
    SelectionRowDocument,
    SelectorDocument,
)
from evoheur.observers.number_text import Scale, count, one_line

__all__ = ["select"]


def select(  # noqa: PLR0913 - its options
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN…",
            help="Runs by name or pattern, RUN/NUMBER, gallery:NAME, textbook (the rules that can be written as heuristics), or files.",
        ),
    ],
    *,
    sizes: Annotated[str, typer.Option("--sizes", metavar="K,K,…", help="Sizes of the sets.")] = "1,2,4,8",
    test: Annotated[bool, typer.Option("--test", help="Score on test, too: the last word.")] = False,
    weights: Annotated[
        str, typer.Option("--weights", metavar="WHAT", help="What counts alike: instances, families or clusters.")
    ] = "instances",
    depth: Annotated[
        int, typer.Option("--depth", metavar="N", help="Questions of a decision tree on a path at most, 1 or 2.")
    ] = 2,
    prefix: Annotated[int, typer.Option("--prefix", metavar="N", help="Online: arrivals that a selector sees.")] = 200,
    share: Annotated[
        float, typer.Option("--share", metavar="SHARE", help="Else: how much of an instance heuristics are tried on.")
    ] = 0.25,
    oracle: Annotated[
        int, typer.Option("--oracle", metavar="N", help="Score so many heuristics beyond the largest set for the oracle.")
    ] = 0,
    families: Annotated[bool, typer.Option("--families", help="Show every family of the last split.")] = False,
    export: Annotated[
        Path | None,
        typer.Option("--export", metavar="FILE", help="Write set and selector as a Python file that solves instances."),
    ] = None,
    way: Annotated[
        str | None,
        typer.Option("--way", metavar="WAY", help="Of the file: tree, probing or all; else the better of the first two."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
    problem: Annotated[str | None, typer.Option("--problem", help="Problem, if nothing that is named tells.")] = None,
    settings: ProblemSettings = None,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
) -> None:
    """Choose heuristics that complement each other, and a selector.

    The set is chosen greedily by the costs of training instances, and so is the selector: a decision tree over features of an instance, or
    probing, which tries all on a small part. Every way is shown with its work, in full runs of one heuristic. docs/sets-of-heuristics.md
    says more.

    Example:
        evoheur select quickstart-1 textbook --sizes 1,2,4 --test
    """
    if export is not None and export.exists() and not force:
        raise ConfigError(f"{str(export)!r} exists already; name another file, or pass --force to replace it.")
    wanted = SelectionSettings(
        sizes=_numbers(sizes), weights=weights, depth=depth, prefix=prefix, share=share, test=test, further=oracle, way=way
    )
    with working("Selecting") as saying:
        found = select_set(
            sources,
            wanted,
            archive=archive,
            problem=problem,
            problem_settings=parse_settings(settings or ()),
            saying=saying,
        )
    if as_json:
        print_json(_document(found))
    else:
        _print(make_console(), found, families=families)
    if export is not None:
        _write(export, found)


def _numbers(words: str) -> list[int]:
    try:
        return sorted({int(word) for word in words.split(",")})
    except ValueError as error:
        raise ConfigError(f"--sizes {words!r} is no list of numbers; write it like 1,2,4,8.") from error


def _write(file: Path, found: SetSelection) -> None:
    text = selection_module(found)
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{str(file)!r} cannot be written ({error.strerror}); name a file that you may write.") from error
    typer.echo(f"Wrote {_named(found)} to {file}: {found.chosen.reason}.", err=True)


def _named(found: SetSelection) -> str:
    chosen = found.chosen
    return (
        "the single best heuristic"
        if chosen.way == "single"
        else f"{count(chosen.size, 'heuristic')} with the selector {chosen.way!r}"
    )


def _document(found: SetSelection) -> SelectionDocument:
    return SelectionDocument(
        format="selection/1",
        problem=found.pool.named.name,
        settings=dict(found.pool.named.settings),
        candidates=len(found.pool.heuristics),
        weights=found.settings.weight_kind,
        worth_kind="gap_percent" if found.is_gap else "mean_cost",
        members=[SelectedMemberDocument(name=each.name, thought=each.thought) for each in found.members],
        rows=[
            SelectionRowDocument(
                name=row.name,
                way=row.way,
                size=row.size,
                worths=dict(row.worths),
                work=dict(row.work),
                families={split: dict(known) for split, known in row.families.items()},
            )
            for row in found.rows
        ],
        selectors=[
            SelectorDocument(size=size, rules=tree_in_words(each), saved=each.saved, error=each.error, reason=each.reason)
            for size, each in found.selectors.items()
        ],
        prefix=found.settings.prefix if found.online else None,
        share=None if found.online else found.settings.share,
        chosen=SelectedWayDocument(way=found.chosen.way, size=found.chosen.size, reason=found.chosen.reason),
        notes=list(found.notes),
    )


def _print(console: Console, found: SetSelection, *, families: bool) -> None:
    named = found.pool.named
    say(
        console,
        f"{named.name}: {count(len(found.members), 'heuristic')} of {len(found.pool.heuristics):,} that complement each other",
        "bold",
    )
    table = make_table(console, ["", "heuristic", "thought"], right=[""], wrap=["thought"], least_useful=["thought"])
    for number, each in enumerate(found.members, start=1):
        table.add_row(str(number), each.name, one_line(each.thought, width=90))
    console.print(table)
    scale = Scale.GAP if found.is_gap else Scale.COST
    headings = [f"{split} {scale.value}" for split in found.splits]
    table = make_table(console, ["way", *headings, "work"], right=[*headings, "work"])
    last = found.splits[-1]
    for row in found.rows:
        table.add_row(row.name, *(scale.text(row.worths[split]) for split in found.splits), f"{row.work[last]:.2f}")
    console.print(table)
    say(console, f"Work is counted in full runs of one heuristic, on {last}. Means are over {_alike(found)}; lower is better.")
    for size, learned in found.selectors.items():
        say(console, f"Tree over {size}: {'; '.join(tree_in_words(learned))} ({learned.reason}).")
    for words in [*_explained(found), *found.notes]:
        say(console, words)
    say(console, f"Choice: {_named(found)}: {found.chosen.reason}.")
    if families:
        _print_families(console, found.rows, last, scale)


def _alike(found: SetSelection) -> str:
    return "families" if found.settings.weights == "families" else "instances"


def _explained(found: SetSelection) -> list[str]:
    settings = found.settings
    if not found.online:
        return [f"Probing tries all heuristics on {settings.share:.0%} of an instance."]
    prefix = count(settings.prefix, "arrival")
    return [
        f"A selector sees the first {prefix}, on which heuristic 1 decides; the one that is chosen takes over from there.",
        "The best in hindsight cannot be had, since of several heuristics only one decides on a stream.",
    ]


def _print_families(console: Console, rows: Sequence[SelectionRow], split: str, scale: Scale) -> None:
    say(console, f"By family, on {split}", "bold")
    shown = list(rows[0].families[split])
    table = make_table(console, ["way", *shown], right=shown, least_useful=shown)
    for row in rows:
        table.add_row(row.name, *(scale.text(row.families[split][family]) for family in shown))
    console.print(table)

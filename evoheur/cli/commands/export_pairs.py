"""`evoheur export-pairs`: training data for a model, from the replies of runs."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from evoheur.api.training_data import TrainingData, TrainingDataWish, write_training_data
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson
from evoheur.cli.terminal.output import make_console, make_table, print_json, say
from evoheur.documents.training_data_document import TrainingDataDocument, TrainingFileDocument, TrainingSourceDocument
from evoheur.observers.number_text import count, one_line

__all__ = ["export_pairs"]

_FIGURES = ("replies", "scored", "failed", "dishonest", "cut short", "prompts", "repeated", "lines")
_LEFT_OUT = {
    "twin": "replies whose code was there before in the same prompt",
    "copy": "replies that repeat a heuristic of their prompt",
    "cut short": "replies whose evaluation was stopped early",
    "close": "comparisons within the tolerance",
    "low": "examples below the percentile",
    "alone": "replies without another one to compare with",
    "level": "groups in which all rewards are equal",
}


def export_pairs(  # noqa: PLR0913 - its options
    kind: Annotated[
        Literal["dpo", "kto", "grpo"],
        typer.Argument(
            metavar="KIND",
            help="dpo: pairs of a better and a worse reply. kto: replies with a label. grpo: groups of replies with rewards.",
        ),
    ],
    runs: Annotated[list[str], typer.Argument(metavar="RUN…", help="Names of runs that bred with a model.")],
    *,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="Where to write; JSONL.")],
    same: Annotated[
        Literal["prompt", "parents"],
        typer.Option(
            "--same", help="Compare replies to one prompt only, or also those to prompts of one operator with the same parents."
        ),
    ] = "prompt",
    percentile: Annotated[
        float, typer.Option("--percentile", help="Examples to follow are at or above it among the run's replies that work.")
    ] = 30.0,
    tolerance: Annotated[
        float, typer.Option("--tolerance", help="Objectives on train that are closer are not told apart.")
    ] = 0.0,
    split_by: Annotated[
        Literal["family", "run"] | None,
        typer.Option("--split-by", help="Hold out whole families of problems, or whole runs, in a file of their own."),
    ] = None,
    held_out: Annotated[float, typer.Option("--held-out", help="Share of the families or runs that is held out.")] = 0.2,
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
) -> None:
    """Write training data for a model from the replies of runs.

    Only prices on train are read, and only replies to the same prompt are compared. What cheated is never an example to follow. Exit code
    1 if there is no line to write.

    Example:
        evoheur export-pairs dpo night-1 night-2 -o pairs.jsonl
    """
    wish = TrainingDataWish(
        kind=kind,
        runs=runs,
        file=output,
        alike=same,
        percentile=percentile,
        tolerance=tolerance,
        split_by=split_by,
        held_out=held_out,
        replace=force,
    )
    data = write_training_data(wish, archive=archive)
    if as_json:
        print_json(_document(data))
    else:
        _print_counts(data)
    if not data.files:
        raise typer.Exit(1)


def _document(data: TrainingData) -> TrainingDataDocument:
    return TrainingDataDocument(
        format="training-data/1",
        kind=data.wish.kind,
        same=data.wish.alike,
        percentile=data.wish.percentile,
        tolerance=data.wish.tolerance,
        sources=[TrainingSourceDocument(**asdict(source)) for source in data.sources],
        files=[
            TrainingFileDocument(path=str(file.path), part=file.part, runs=list(file.runs), lines=file.lines)
            for file in data.files
        ],
    )


def _print_counts(data: TrainingData) -> None:
    console = make_console()
    table = make_table(console, ["run", *_FIGURES], right=_FIGURES, wrap=["run"], least_useful=["cut short", "dishonest"])
    for each in data.sources:
        figures = (each.replies, each.scored, each.failed, each.dishonest, each.cut_short, each.groups, each.repeated, each.lines)
        table.add_row(one_line(each.run), *map(count, figures))
    console.print(table)
    left_out: Counter[str] = Counter()
    for each in data.sources:
        left_out.update(each.left_out)
    for reason, number in left_out.items():
        say(console, f"Left out: {count(number)} {_LEFT_OUT[reason]}.")
    for file in data.files:
        part = "" if file.part == "all" else f", {file.part}"
        say(console, f"Wrote {count(file.lines, 'line')} to {file.path}{part} ({', '.join(file.runs)}).")
    if not data.files:
        say(console, f"No line to write: {_why_none(data)}.", "bold red")


def _why_none(data: TrainingData) -> str:
    if not sum(each.replies for each in data.sources):
        return "the runs have no replies yet"
    if all(each.unprompted == each.replies for each in data.sources):
        return "an offline generator made all replies, and is sent no prompt"
    if data.wish.kind != "kto" and not sum(each.repeated for each in data.sources):
        return "no prompt has two replies; --same parents compares more, and kto needs one reply alone"
    return "nothing of it is told apart as asked; see what was left out"

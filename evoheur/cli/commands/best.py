"""`evoheur best`: the best heuristics of a run."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from evoheur import SPLITS, CandidateRecord, Evaluation, open_archive
from evoheur.api.archives import find_run, suggest
from evoheur.cli.options import DEFAULT_ARCHIVE, ArchiveUrl, AsJson, MaybeRun
from evoheur.cli.tables.family_gaps_table import print_family_gaps
from evoheur.cli.terminal.output import make_console, make_table, print_code, print_json, say
from evoheur.documents.candidate_document import candidate_document, textbook_document
from evoheur.observers.number_text import Scale, breeding, one_line

__all__ = ["best"]

_LEAST_USEFUL = ("thought", "bred by")
_MOST_COLUMNS = 3  # of candidates, so that their gaps by family fit beside the textbook's


def best(
    run: MaybeRun = None,
    *,
    number: Annotated[int, typer.Option("-n", "--number", min=1, help="How many.")] = 10,
    archive: ArchiveUrl = DEFAULT_ARCHIVE,
    as_json: AsJson = False,
) -> None:
    """Show the best heuristics of a run.

    They are sorted by their objective on train. The code of RUN/best is shown whole: that is the best on validation among the best on
    train that the run validated, and the best on train where it validated none. If it was simplified, what remains of it is shown. Its
    gaps, and those of two others, stand by family beside the best textbook rule's, as far as the run has stored that.

    Example:
        evoheur best quickstart-1 -n 10
    """
    with open_archive(archive) as opened:
        chosen = find_run(opened, run)
        records = opened.best(chosen.name, number)
        champion = opened.chosen(chosen.name)
        remains = {record.id: remaining for record in records if (remaining := opened.simplified(record)) is not None}
        remaining = None if champion is None else opened.simplified(champion)
        textbook = textbook_document(opened.textbook_gaps(chosen.name))
    if as_json:
        known = {name: {"simplified_to": record.id} for name, record in remains.items()}
        print_json([candidate_document(record, textbook_gaps=textbook, **known.get(record.id, {})) for record in records])
        return
    console = make_console()
    if champion is None:
        say(console, f"No candidate of run {chosen.name} succeeded yet; {suggest(f'failures {chosen.name}', archive)} says why.")
        return
    _print_best(console, records)
    split = "validation" if _is_validated(champion) else "train"
    columns = [remaining or champion, *(record for record in records if record.id != champion.id)][:_MOST_COLUMNS]
    print_family_gaps(console, split, columns, textbook.get(split, {}))
    say(console)
    by = "validation" if _is_validated(champion) else "train: none has a score on validation"
    say(console, f"{champion.id} (RUN/best, by {by}): {champion.candidate.thought or 'no thought given'}", "bold")
    if remaining is not None:
        whole = suggest(f"show {champion.id} --original", archive)
        say(console, f"What remains of it is {remaining.id}; {whole} shows it as it was bred.")
    print_code(console, (remaining or champion).candidate.code)


def _print_best(console: Console, records: Sequence[CandidateRecord]) -> None:
    scale = Scale.of(record.candidate.evaluation for record in records)
    columns = [f"{split} {scale.value}" for split in SPLITS]
    table = make_table(
        console,
        ["candidate", "bred by", *columns, "thought"],
        right=columns,
        wrap=["bred by", "thought"],
        least_useful=_LEAST_USEFUL,
    )
    for record in records:
        scores = [_score(record.evaluations.get(split), scale) for split in SPLITS]
        thought = Text(one_line(record.candidate.thought, console.encoding))
        table.add_row(record.id, breeding(record.candidate), *scores, thought)
    console.print(table)


def _is_validated(record: CandidateRecord) -> bool:
    validation = record.evaluations.get("validation")
    return validation is not None and validation.objective is not None


def _score(evaluation: Evaluation | None, scale: Scale) -> str:
    if evaluation is None:
        return "-"
    return evaluation.status.value if evaluation.objective is None else scale.text(evaluation.objective)

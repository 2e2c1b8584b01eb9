"""The end of a run, told from its archive alone."""

from rich.console import Console

from evoheur import SPLITS, CandidateRecord, RunRecord, Totals
from evoheur.api.archives import ArchiveReader
from evoheur.cli.tables.family_gaps_table import print_family_gaps
from evoheur.cli.terminal.output import say
from evoheur.documents.candidate_document import textbook_document
from evoheur.observers.number_text import Scale, breeding, duration, failures, one_line, spent

__all__ = ["print_run_ending"]


def print_run_ending(
    console: Console, archive: ArchiveReader, run: RunRecord, totals: Totals, *, command_options: str = ""
) -> None:
    """Print how a run ended, and its best heuristic.

    With what it spent, and the gaps beside the textbook rules, as far as the archive has them.

    Args:
        console: Where to.
        archive: Holds the run.
        run: The run, which is over.
        totals: What it did and spent.
        command_options: Added to each suggested command.
    """
    say(console, f"Run {run.name} {run.status}: {run.reason or 'no reason given'}", "bold")
    say(console, f"Spent {spent(totals)}; {duration(totals.seconds)}")
    say(console, f"Failures: {failures(totals.failures)}")
    chosen = archive.chosen(run.name)
    options = f" {command_options}" if command_options else ""
    if chosen is None:
        say(console, "No candidate succeeded, so there is nothing to compare or export.", "bold red")
        commands = [f"failures {run.name}"]
    else:
        best = archive.simplified(chosen) or chosen
        _print_best(console, archive, best)
        commands = [f"show {best.id}", f"best {run.name}", f"evaluate {best.id} --split test"]
    again = [f"resume {run.name}"]  # of a finished run it says all that the run's own summary has
    say(console)
    say(console, "Look further:")
    for command in [*commands, *again]:
        say(console, f"  evoheur {command}{options}", "cyan")


def _print_best(console: Console, archive: ArchiveReader, best: CandidateRecord) -> None:
    scale = Scale.of(best.evaluations.values())
    scores = ", ".join(
        f"{split} {scale.text(evaluation.objective) if evaluation.objective is not None else evaluation.status.value}"
        for split, evaluation in best.evaluations.items()
    )
    say(console)
    say(console, f"Best heuristic: {best.id} ({breeding(best.candidate)}); {scale.value}: {scores}", "bold")
    say(console, one_line(best.candidate.thought, console.encoding) or "no thought given", "italic")
    textbook = textbook_document(archive.textbook_gaps(best.run))
    split = next((split for split in reversed(SPLITS) if split in best.evaluations and split in textbook), "train")
    print_family_gaps(console, split, [best], textbook.get(split, {}))

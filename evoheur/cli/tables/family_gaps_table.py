"""The table of candidates' gaps by family, beside the best textbook rule of each."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.text import Text

from evoheur import CandidateRecord
from evoheur.cli.terminal.output import make_table, say
from evoheur.documents.candidate_document import TextbookGapDocument, family_gaps_of
from evoheur.observers.number_text import Scale, one_line

__all__ = ["print_family_gaps"]


def print_family_gaps(
    console: Console, split: str, records: Sequence[CandidateRecord], textbook: Mapping[str, TextbookGapDocument]
) -> None:
    """Print a row per family and a column per candidate; nothing where no family has a gap.

    Args:
        console: Where to.
        split: Of the instances.
        records: Candidates; those that were not scored on the split, or failed there, are left out.
        textbook: Family → the best textbook rule on it, as far as it is known.
    """
    gaps = {record.id: found for record in records if (found := family_gaps_of(record).get(split))}
    families = list(dict.fromkeys(family for found in gaps.values() for family, gap in found.items() if gap is not None))
    if not families:
        return
    known = [family for family in families if family in textbook]
    columns = [*gaps, *(["textbook", "best textbook rule"] if known else [])]
    table = make_table(
        console, ["family", *columns], right=[*gaps, "textbook"], wrap=["family", *columns], least_useful=["best textbook rule"]
    )
    for family in families:
        row = [family, *(Scale.GAP.text(found.get(family)) for found in gaps.values())]
        if known:
            best = textbook.get(family)
            row += ["-", "-"] if best is None else [Scale.GAP.text(best.gap), best.rule]
        table.add_row(*(Text(one_line(cell, console.encoding)) for cell in row))
    say(console)
    say(console, f"Gaps by family on {split}:", "bold")
    console.print(table)

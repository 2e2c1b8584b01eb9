"""Tables of the textbook rules and of the gallery's heuristics on published benchmark files.

`python -m evoheur.gallery.published_tables DATA docs/textbook-rules.md`, DATA being a folder of published files.
"""

from collections.abc import Callable, Mapping
from typing import Any

from evoheur.api.gallery_entries import PREFIX, gallery_entries
from evoheur.gallery.ready_heuristic import ReadyHeuristic
from evoheur.problems.tables.data_sets import BaselineTable
from evoheur.problems.tables.remaking import remake

__all__ = ["shipped_heuristics"]


def shipped_heuristics(table: BaselineTable) -> Mapping[str, Callable[[Any], Any]]:
    """What ships in the gallery for a table's problem with the table's settings.

    Args:
        table: Says which problem, and its settings.

    Returns:
        `gallery:NAME` → solver of an instance. One's own entries are none of them: the tables are the same for everybody.
    """
    entries = [entry for entry in gallery_entries().values() if entry.shipped and entry.document.problem == table.problem]
    ready = [ReadyHeuristic(entry) for entry in entries if dict(entry.document.settings) == dict(table.settings)]
    return {f"{PREFIX}{each.__name__}": each.solve for each in ready}


if __name__ == "__main__":
    remake(shipped_heuristics, (__doc__ or "").strip())

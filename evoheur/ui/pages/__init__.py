"""The pages of the view, a module each, with its routes."""

from evoheur.ui.pages import (
    candidate_page,
    compare_page,
    lineage_page,
    matrix_page,
    run_page,
    runs_page,
    solutions_page,
    structure_page,
)

__all__ = ["PAGES", "RUN_TABS"]

PAGES = (runs_page, run_page, candidate_page, lineage_page, matrix_page, structure_page, solutions_page, compare_page)
"""Modules with `routes`."""

RUN_TABS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("run", "Run", ()),
    ("best", "Best", ("candidate", "best")),
    ("lineage", "Lineage", ("lineage",)),
    ("matrix", "Matrix", ("matrix",)),
    ("structure", "Structure", ("structure",)),
    ("solutions", "Solutions", ("solutions",)),
)
"""The pages of a run, as its tabs have them: key, title, and what follows /run/NAME/ in the address."""

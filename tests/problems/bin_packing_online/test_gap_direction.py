"""Where scores are said to rise or fall along new bins, they do, number by number."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from evoheur.problems.bin_packing_online.gap_direction import gap_direction
from evoheur.problems.bin_packing_online.level_grid import NotByLevel
from evoheur.problems.bin_packing_online.offer_formula import read_formulas
from evoheur.problems.bin_packing_online.offer_kernels import ALL, ENDS, FIRST, LAST, TABLE
from evoheur.problems.bin_packing_online.offer_program import offer_program, scores_of_offer
from evoheur.problems.bin_packing_online.offered_heuristic import formulas_of

from .support.packing import heuristic
from .support.placed_rules import placed_rules

CAPACITY = 4
BINS = 150


def formulas(code: str) -> Any:
    """The formulas of a rule, if it has some."""
    with np.errstate(all="ignore"):
        return read_formulas(formulas_of(heuristic(code), CAPACITY), CAPACITY)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(code=placed_rules(), begun=st.lists(st.integers(1, CAPACITY), max_size=6), offered=st.integers(8, BINS))
def test_directions_hold_along_every_row(code: str, begun: list[int], offered: int) -> None:
    """The bin that is looked at has the score that the best of the row has; of equal ones the first is found."""
    try:
        found = formulas(code)
    except NotByLevel:
        return
    program = offer_program(found, BINS, packs=False)
    for size, formula in enumerate(found, start=1):
        if formula is None:
            continue
        row = [level for level in begun if level >= size]
        bins = np.array([*row, *[CAPACITY] * (offered - len(row))])
        scores = scores_of_offer(program, size, bins)[len(row) :]
        looked = gap_direction(formula, BINS, {})
        event(str(looked))
        best = int(np.argmax(scores))
        if looked == FIRST:
            assert best == 0
        elif looked in {LAST, ENDS}:
            last = scores[-1]
            same = (scores == last) | (np.isnan(scores) & np.isnan(last))
            assert best == 0 or (same[best:].all() and not same[:best].any())


@pytest.mark.parametrize(
    ("score", "looked"),
    [
        ("-bins - 0.1 * index", FIRST),
        ("-bins + index / len(bins)", LAST),
        ("-bins + np.exp(-index / len(bins))", FIRST),
        ("-bins * 1.0 + np.log1p(index)", LAST),
        ("np.linspace(1, 0, len(bins)) - bins", FIRST),
        ("np.linspace(0, 1, len(bins)) - bins", LAST),
        ("bins * 0.5 ** (index / len(bins))", FIRST),
        ("np.sin(index) - bins", TABLE),
        ("index % 2 - bins", TABLE),
        ("-np.abs(index - len(bins) / 2) - bins", ALL),
        ("(-bins - index) / np.max(index + bins)", ENDS),
        ("bins - bins.mean() + 0 * index", FIRST),
    ],
)
def test_what_is_looked_at(score: str, looked: int) -> None:
    """Of the row of new bins, for an item of 2."""
    code = f"import numpy as np\ndef priority(item, bins):\n    index = np.arange(len(bins))\n    return {score}\n"
    assert gap_direction(formulas(code)[1], BINS, {}) == looked

"""What is a position and what is a quantity."""

import ast

import numpy as np
from numpy.typing import NDArray

from evoheur.generation.mutation.argument_roles import documented, documented_shapes, uses_in
from evoheur.generation.mutation.typed_signature import read_signature
from tests.evoheur.generation.mutation.support.other_shapes import CHOICE, GUIDE, PAIR


def _positions(parameters: dict[str, object]) -> dict[str, str]:
    return {name: value.kind.indexes for name, value in parameters.items() if value.kind.indexes}  # type: ignore[attr-defined]


def undocumented(here: int, there: int, left: NDArray[np.int64], cost: NDArray[np.float64], load: int) -> int:
    """Nothing is said of the arguments."""
    row = cost[here, left] + 2.0 * cost[0][left]
    return int(left[np.argmin(row)])


def described(seed: int, load: int, lengths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Score stops.

    Args:
        seed: Index of the stop to begin with.
        load: Size of the load.
        lengths: From the seed, shape (stops,).
    """
    return -lengths


def test_the_body_shows_what_is_looked_up() -> None:
    """`here` and `waiting` stand in square brackets; `home` is described by the same noun as `here`; `room` and `sizes` are amounts."""
    assert _positions(dict(CHOICE.signatures[0].parameters)) == {"here": "stops", "home": "stops", "waiting": "stops"}


def test_a_word_in_the_description_is_enough() -> None:
    """An index says so, whatever the body does with it."""
    assert _positions(dict(read_signature(described, nonnegative=True).parameters)) == {"seed": "stops"}
    assert _positions(dict(GUIDE.signatures[0].parameters)) == {"tour": "n"}
    assert _positions(dict(PAIR.signatures[0].parameters)) == {"seed": "n"}


def test_without_any_description_the_body_tells_shapes_too() -> None:
    """Two subscripts make a square matrix, a list of positions gets a length of its own, and the fixed row 0 is remembered."""
    signature = read_signature(undocumented, nonnegative=True)
    kinds = {name: value.kind for name, value in signature.parameters.items() if value.kind is not None}
    assert {name: kind.shape for name, kind in kinds.items()} == {
        "here": "",
        "there": "",
        "left": "(left,)",
        "cost": "(n,n)",
        "load": "",
    }
    assert _positions(dict(signature.parameters)) == {"here": "n", "left": "n"}
    assert signature.corners == ((0, "n"),)
    assert signature.returns is None


def test_a_small_offset_where_there_are_fractions() -> None:
    """Whole numbers are kept from 0 by 1; distances may all be smaller than that."""
    assert CHOICE.signatures[0].offset == 1e-9
    assert PAIR.signatures[1].offset == 1e-9


def test_uses_are_read_off_both_spellings() -> None:
    """a[i][j] and a[i, j] say the same; slices and formulas name nothing."""
    tree = ast.parse("def f(a, i, j):\n    return a[i][j] + a[j, i] + a[:, 3] + a[i + 1]")
    assert isinstance(tree.body[0], ast.FunctionDef)
    uses = uses_in(tree.body[0])
    assert uses.axes == {"a": 2}
    assert {("a", 0, "i"), ("a", 1, "j"), ("a", 0, "j"), ("a", 1, "i"), ("a", 1, 3)} <= set(uses.lookups)
    assert ("a", 0, "i + 1") not in uses.lookups


def test_docstrings_are_read_entry_by_entry() -> None:
    """A shape may stand on a later line and may begin a sentence."""
    text = "Score.\n\nArgs:\n    tour: Cities in\n        order. Shape (n,).\n    size: How many.\n\nReturns:\n    Scores, shape (n, n)."
    assert documented_shapes(text) == {"tour": "(n,)", "return": "(n,n)"}
    assert documented(text)["tour"] == "Cities in order. Shape (n,)."

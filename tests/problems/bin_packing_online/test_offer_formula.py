"""Formulas on the trusted side: read from anything whatever, and no way out of the arrays."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problem import Infeasible
from evoheur.problems.bin_packing_online.offer_formula import (
    COUNT,
    FIRST_PART,
    FIRST_REDUCTION,
    INPUTS,
    MOST_PARTS,
    PLACE,
    OfferFormula,
    formulas_bytes,
    formulas_document,
    most_numbers,
    read_formulas,
)
from evoheur.problems.bin_packing_online.offer_program import OfferPacking
from evoheur.problems.flat_heuristics.flat_heuristic import LONGEST, FlatHeuristic
from evoheur.problems.flat_heuristics.operations import ARITY, CODES
from evoheur.sandbox.wire import encode
from tests.support.example_budget import cheap


def formula(
    size: int, capacity: int, steps: list[list[int]], *, parts: int = 1, reductions: list[list[int]] | None = None
) -> OfferFormula:
    """A formula with the constant 0.5, and levels as its parts."""
    levels = np.arange(size, capacity + 1, dtype=np.float64)
    return OfferFormula(
        FlatHeuristic(INPUTS, np.array([0.5]), np.array(steps, dtype=np.int64)),
        np.repeat(levels[np.newaxis], parts, axis=0),
        np.array(reductions or [], dtype=np.int64).reshape(-1, 2),
    )


def answer(**changes: Any) -> dict[str, Any]:
    """Formulas for a capacity of 2 in which an item of 1 prefers levels, and one of 2 has none."""
    return formulas_document([formula(1, 2, [[CODES["subtract"], PLACE, FIRST_PART, 0]]), None]) | changes


def test_what_was_written_is_read() -> None:
    """Without loss, sizes without a formula included."""
    written = [formula(1, 2, [[CODES["add"], COUNT, FIRST_REDUCTION, 0]], reductions=[[4, 0]]), None]
    read = read_formulas(formulas_document(written), 2)
    assert read[1] is None
    assert read[0] is not None
    assert written[0] is not None
    assert read[0].flat.steps.tolist() == written[0].flat.steps.tolist()
    assert read[0].flat.constants.tolist() == [0.5]
    assert read[0].parts.tolist() == [[1.0, 2.0]]
    assert read[0].reductions.tolist() == [[4, 0]]


STRUCTURE = answer()["structures"][0]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (None, "holds no formulas: None"),
        ([], "holds no formulas"),
        (answer(numbers="AAAA"), "holds no formulas"),
        (answer(numbers=b"1234567"), "holds no formulas"),
        (answer(of_size=[0]), "formulas for 1 sizes"),
        (answer(of_size=[0, 0, 0]), "formulas for 3 sizes"),
        (answer(structures=[STRUCTURE] * 3), "formulas for 2 sizes"),
        (answer(numbers=bytes(8 * (most_numbers(2) + 1))), "not what was asked for"),
        (answer(of_size=[1, -1]), "1 is no formula for the size 1"),
        (answer(of_size=[-2, -1]), "-2 is no formula"),
        (answer(of_size=[True, -1]), "True is no formula"),
        (answer(of_size=[0.0, -1]), "0.0 is no formula"),
        (answer(numbers=bytes(16)), "lacks numbers: 2 came in all"),
        (answer(numbers=bytes(32)), "4 numbers came for formulas, which have 3"),
        (answer(structures=[[]]), "is no structure"),
        (answer(structures=[STRUCTURE | {"parts": MOST_PARTS + 1}]), "17 parts"),
        (answer(structures=[STRUCTURE | {"parts": -1}]), "-1 parts"),
        (answer(structures=[STRUCTURE | {"constants": LONGEST + 1}]), "401 constants"),
        (answer(structures=[STRUCTURE | {"reductions": [[6, 0]]}]), "no reduction of a formula"),
        (answer(structures=[STRUCTURE | {"reductions": [[0, 1]]}]), "no reduction of a formula"),
        (answer(structures=[STRUCTURE | {"reductions": [[0, 0]] * (MOST_PARTS + 1)}]), "17 reductions"),
        (answer(structures=[STRUCTURE | {"steps": []}]), "0 steps"),
        (answer(structures=[STRUCTURE | {"steps": [[CODES["add"], INPUTS + 1, 0, 0]]}]), "no such operation or operand"),
        (answer(structures=[STRUCTURE | {"steps": [[CODES["add"], FIRST_PART + 1, 0, 0]]}]), "an input that it does not have"),
        (answer(structures=[STRUCTURE | {"steps": [[CODES["add"], FIRST_REDUCTION, 0, 0]]}]), "an input that it does not have"),
    ],
)
def test_what_is_no_formula_is_refused_with_the_reason(wrong: Any, reason: str) -> None:
    with pytest.raises(Infeasible, match=reason):
        read_formulas(wrong, 2)


def test_the_longest_formulas_are_within_what_an_answer_may_have() -> None:
    """Their steps as JSON, and all their numbers."""
    steps = [[CODES["minimum"], PLACE, COUNT, 0]] + [
        [CODES["minimum"], INPUTS + step, INPUTS + step, 0] for step in range(1, LONGEST)
    ]
    document = formulas_document([formula(size, 25, steps, parts=MOST_PARTS) for size in range(1, 26)])
    text = encode({name: value for name, value in document.items() if name != "numbers"})
    assert 25 * len(text) + len(document["numbers"]) < formulas_bytes(25)


@st.composite
def documents(draw: st.DrawFn) -> Any:
    """Formulas of one structure, of any steps and numbers, for a capacity of 5."""
    parts, reductions = draw(st.integers(0, 2)), []
    if parts:
        reductions = draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, parts - 1)), max_size=3))
    operands = [
        PLACE,
        COUNT,
        *range(FIRST_PART, FIRST_PART + parts),
        *range(FIRST_REDUCTION, FIRST_REDUCTION + len(reductions)),
        INPUTS,
    ]
    names = sorted(CODES)
    steps = []
    for place in range(draw(st.integers(1, 6))):
        name = draw(st.sampled_from(names))
        steps.append([CODES[name], *(draw(st.sampled_from(operands)) for _ in range(ARITY[name])), *([0] * (3 - ARITY[name]))])
        operands.append(INPUTS + 1 + place)
    numbers = st.one_of(st.sampled_from([0.0, -0.0, 1.0, np.inf, -np.inf, np.nan]), st.floats())
    formulas = []
    for size in range(1, 6):
        width = 6 - size
        drawn = draw(st.lists(numbers, min_size=1 + parts * width, max_size=1 + parts * width))
        flat = FlatHeuristic(INPUTS, np.array(drawn[:1]), np.array(steps, dtype=np.int64))
        pairs = np.array(reductions, dtype=np.int64).reshape(-1, 2)
        formulas.append(OfferFormula(flat, np.array(drawn[1:]).reshape(parts, width), pairs))
    return formulas_document(formulas)


@cheap()
@given(document=documents(), items=st.lists(st.integers(1, 5), min_size=1, max_size=12), more=st.sampled_from([0, 1, 30, 200]))
def test_any_formulas_pack_every_item_where_it_fits(document: Any, items: list[int], more: int) -> None:
    """Whatever numbers and steps came: nothing leads out of the arrays, and no bin is overfull."""
    bins = len(items) + more
    packed = OfferPacking(read_formulas(document, 5), bins).pack(np.array(items), nan_wins=True)
    assert packed is not None
    loads = np.zeros(bins, dtype=np.int64)
    np.add.at(loads, packed, items)
    assert loads.max() <= 5

"""Code with marked alternatives and ranges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.code.syntax import compiles
from evoheur.generation.refusals import Reason
from evoheur.generation.tuning.marked_space import MOST_MARKERS, MarkedSpace, marked_space, unwanted_markers
from evoheur.request import Failure

CODE = """def rule(x, é=number(-1, 1)):  # choice(1, 2) in a comment
    return choice(x, x +
        1, "choice(3, 4)") * choice(2, 3) ** é
"""


def space(code: str) -> MarkedSpace:
    found = marked_space(code)
    assert isinstance(found, MarkedSpace)
    return found


def test_all_combinations_are_the_product_of_the_alternatives() -> None:
    """By hand: three times two, with the number in the middle of its range."""
    found = space(CODE)
    assert (found.combinations, found.choices, found.numbers) == (6, (1, 2), (0,))
    assert [found.combination(ordinal) for ordinal in range(6)] == [
        (0.0, first, second) for first in range(3) for second in range(2)
    ]


def test_what_is_filled_has_no_markers_and_keeps_all_else() -> None:
    found = space(CODE)
    assert found.filled((-0.25, 1, 0)) == (
        "def rule(x, é=(-0.25)):  # choice(1, 2) in a comment\n    return (x +\n        1) * 2 ** é\n"
    )
    assert found.filled((0.123456, 0, 1)).splitlines()[1] == "    return x * 3 ** é"
    assert "é=0.1235)" in found.filled((0.123456, 0, 1))
    assert marked_space(found.filled((0.0, 2, 0))) is None


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.floats(-2e6, 2e6), st.integers(0, 2))
def test_every_filling_is_python_within_the_bounds(low: float, width: float, value: float, place: int) -> None:
    code = f"def rule(x):\n    return x * number({low!r}, {low + width!r}) - choice(-x, x if x else 1, lambda: x)\n"
    found = space(code)
    filled = found.filled((value, place))
    assert compiles(filled) is None
    assert marked_space(filled) is None
    assert low <= found.markers[0].bounded(value) <= low + width


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("choice(x)", "at least two alternatives"),
        ("choice(*x)", "without names and stars"),
        ("number(low=0, high=1)", "without names and stars"),
        ("number(1)", "two bounds"),
        ("number(0, x)", "written as finite numbers"),
        ("number(0, 1e999)", "written as finite numbers"),
        ("number(1, True)", "written as finite numbers"),
        ("number(2, 2)", "the lower bound 2 is not below the upper bound 2"),
        ("choice(x, number(0, 1))", "a marker within another one"),
        (" + ".join(["number(0, 1)"] * (MOST_MARKERS + 1)), "25 markers, more than the 24"),
    ],
)
def test_what_cannot_be_filled_is_refused_with_its_line(expression: str, why: str) -> None:
    found = marked_space(f"def rule(x):\n    return {expression}\n")
    assert isinstance(found, Failure)
    assert (found.stage, found.reason) == ("parsing", Reason.MARKERS)
    assert why in found.detail
    assert "line 2" in found.detail or "more than" in found.detail


@pytest.mark.parametrize(
    "code",
    [
        "from random import choice\ndef rule(x):\n    return choice([1, 2])\n",
        "def choice(a, b):\n    return a\ndef rule(x):\n    return choice(x, 1)\n",
        "def rule(x, number):\n    return number(x, 1)\n",
        "def rule(x):\n    number = abs\n    return number(x)\n",
        "import random\ndef rule(x):\n    return random.choice([1, 2])\n",
        "def rule(x):\n    number = 3\n    return number\n",
    ],
)
def test_names_that_the_code_has_itself_are_no_markers(code: str) -> None:
    assert marked_space(code) is None
    assert unwanted_markers(code) is None


def test_markers_that_nothing_fills_are_refused_with_what_to_do() -> None:
    found = unwanted_markers("def rule(x):\n    return x * number(0, 2)\n")
    assert found is not None
    assert (found.stage, found.reason) == ("parsing", "markers")
    assert "line 2 of the code leaves a choice open (number(0, 2))" in found.detail
    assert "`fill`" in found.detail

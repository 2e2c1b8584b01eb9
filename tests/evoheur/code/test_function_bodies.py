"""Functions written anew with other bodies."""

import pytest

from evoheur.code.function_bodies import with_bodies

MODULE = '''import numpy as np

HALF = 0.5


def first(x: float) -> float:
    """Says something."""
    return x


def second(x: float, y: float) -> float:
    return HALF * y
'''
FUNCTIONS = {"first": ("x",), "second": ("x", "y")}


def test_what_has_no_other_body_stays_with_all_it_needs() -> None:
    assert with_bodies(MODULE, FUNCTIONS, {"first": "np.abs(x)"}) == MODULE.replace(
        'def first(x: float) -> float:\n    """Says something."""\n    return x\n', "def first(x):\n    return np.abs(x)\n"
    )
    assert with_bodies(MODULE, FUNCTIONS, {}) == MODULE


def test_where_all_have_other_bodies_nothing_else_is_kept() -> None:
    """Lines are indented as they must be."""
    bodies = {"second": "\n    z = x + y\n    return z\n", "first": "-x"}
    expected = "import numpy as np\n\n\ndef first(x):\n    return -x\n\n\ndef second(x, y):\n    z = x + y\n    return z\n"
    assert with_bodies(MODULE, FUNCTIONS, bodies) == expected


@pytest.mark.parametrize("bodies", [{"third": "x"}, {"first": "y"}, {"first": "HALF * x"}])
def test_a_body_that_needs_more_than_there_is_cannot_be_written(bodies: dict[str, str]) -> None:
    """A function or an argument that a setting took away; constants of the module count as such, since they may go."""
    assert with_bodies(MODULE, FUNCTIONS, bodies) is None

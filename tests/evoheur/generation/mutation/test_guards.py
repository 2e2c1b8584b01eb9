"""Where an edit reaches a fragile operand, the operand is made safe; everything else stays as written."""

import ast

import pytest

from evoheur.generation.mutation.guards import Guard
from tests.evoheur.generation.mutation.support.samples import PRIORITY


def _guarded(code: str, *touched: str) -> str:
    """The code after guarding, with the variables or numbers that read like `touched` being new."""
    module = ast.parse(code)
    new = frozenset(node for node in ast.walk(module) if isinstance(node, ast.expr) and ast.unparse(node) in touched)
    guard = Guard(PRIORITY.parameters, new)
    guard.run(module.body)
    assert guard.changed == (ast.unparse(module) != ast.unparse(ast.parse(code)))
    return ast.unparse(module)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("y = 1 / bins", "y = 1 / (bins + 1)"),
        ("y = 1 / (bins - item)", "y = 1 / (np.abs(bins - item) + 1)"),
        ("y = item % bins", "y = item % (bins + 1)"),
        ("y = item // -bins", "y = item // (np.abs(-bins) + 1)"),
        ("y = np.sqrt(bins - item)", "y = np.sqrt(np.abs(bins - item))"),
        ("y = np.log(bins)", "y = np.log(bins + 1)"),
        ("y = np.log1p(bins - item)", "y = np.log1p(np.abs(bins - item))"),
        ("y = np.exp(bins)", "y = np.exp(np.minimum(bins, 20))"),
        ("y = (item - bins) ** 0.5", "y = np.abs(item - bins) ** 0.5"),
        ("y = bins ** -1.0", "y = (bins + 1) ** (-1.0)"),
        ("y = np.power(bins - 1, 0.5)", "y = np.power(np.abs(bins - 1), 0.5)"),
    ],
)
def test_fragile_operands_become_safe(code: str, expected: str) -> None:
    """Divisors get away from 0, roots and logarithms from negatives, exponentials from overflow."""
    assert _guarded(code, "bins") == ast.unparse(ast.parse(expected))


@pytest.mark.parametrize(
    "code", ["y = 1 / (bins + 1)", "y = np.sqrt(bins)", "y = np.exp(-bins)", "y = np.log(bins + 0.5)", "y = (bins - item) ** 2"]
)
def test_what_is_safe_already_stays(code: str) -> None:
    """No guard is put where the range proves that none is needed."""
    assert _guarded(code, "bins") == ast.unparse(ast.parse(code))


def test_what_no_edit_reaches_stays() -> None:
    """A parent that divides by its gap ran; it is not for us to change it."""
    assert _guarded("y = 1 / (bins - item)\nz = bins * 3", "3") == "y = 1 / (bins - item)\nz = bins * 3"


def test_an_edit_is_followed_through_variables() -> None:
    """The new number reaches the logarithm by way of `gap`, also around a loop."""
    assert _guarded("gap = bins - 7\ny = np.log(gap)", "7") == "gap = bins - 7\ny = np.log(np.abs(gap) + 1)"
    looped = "x = item\nfor b in bins:\n    y = 1 / x\n    x = b - 7"
    assert "y = 1 / (np.abs(x) + 1)" in _guarded(looped, "7")


def test_fractions_do_not_go_into_integers_in_place() -> None:
    """NumPy refuses `scores -= 0.5` for an array of integers, whole or by mask; an assignment does what is meant."""
    assert _guarded("s = bins - item\ns -= 0.5", "0.5") == "s = bins - item\ns = s - 0.5"
    assert _guarded("s = bins - item\ns[bins > 5] -= 0.5", "0.5") == "s = bins - item\ns[bins > 5] = s[bins > 5] - 0.5"
    assert _guarded("s = bins - item\ns -= 2", "2") == "s = bins - item\ns -= 2"
    assert _guarded("s = bins / 2\ns -= 0.5", "0.5") == "s = bins / 2\ns -= 0.5"

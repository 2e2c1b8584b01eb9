"""Which numbers of a source are tuned, and the source with others in their place."""

import ast
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.tuning.tunable_constants import MOST, find_constants, rounded, with_values


def values(code: str) -> list[float]:
    return [constant.value for constant in find_constants(code)]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("def f(x):\n    return 0.5 * x + 3", [0.5, 3]),
        ("def f(x):\n    return -0.5 * x", [0.5]),
        ("def f(x):\n    return np.where(x > 2, x, 7)", [2, 7]),
        ("def f(x, weight=0.25, steps=3):\n    return x", [0.25]),
        ("ALPHA = 0.3\ndef f(x):\n    return ALPHA * x", [0.3]),
        ("def f(x):\n    return x ** 2 + 2 ** x", [2]),
        ("def f(x):\n    return np.maximum(x, 1) / max(2, len(x))", [1, 2]),
        ("def f(x):\n    return 1.5 if x > 0.5 else 2.5", [0.5, 1.5, 2.5]),
    ],
)
def test_quantities_are_found_in_the_order_they_stand(code: str, found: list[float]) -> None:
    assert sorted(values(code)) == sorted(found)
    starts = [constant.start for constant in find_constants(code)]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    "code",
    [
        "def f(x):\n    return x[0] + x[-1] + x[:, 2]",
        "def f(x):\n    return x.sum(axis=1)",
        "def f(x):\n    return np.zeros(3), np.reshape(x, (2, 3)), np.round(x, 4)",
        "def f(x):\n    for i in range(10):\n        x = x.copy()\n    return x",
        "def f(x):\n    return x % 2 + x // 3",
        "def f(x):\n    if len(x) > 1 and x.size < 4 and x[0] == 5:\n        return x\n    return -x",
        'def f(x):\n    """Take 3 of 0.5."""\n    return True, None, "0.5", f"{x:.3f}"',
        "def f(x):\n    return np.where(x, 1e18, x)",
        "def f(x: np.ndarray[2.5]) -> dict[0.5]:\n    return x",
    ],
)
def test_what_counts_indexes_or_names_is_left_alone(code: str) -> None:
    assert values(code) == []


def test_only_the_first_many_are_tuned() -> None:
    code = "def f(x):\n    return " + " + ".join(f"{number}.5 * x" for number in range(MOST + 5))
    assert values(code) == [number + 0.5 for number in range(MOST)]


def test_layout_and_comments_stay() -> None:
    code = "def f(größe):\n    # näher an 0.5\n    return 0.5 * größe - 3  # ß 2.0\n"
    constants = find_constants(code)
    changed = with_values(code, constants, [0.25, -1.5])
    assert changed == "def f(größe):\n    # näher an 0.5\n    return 0.25 * größe - (-1.5)  # ß 2.0\n"


def test_a_number_that_stays_is_not_touched() -> None:
    code = "def f(x):\n    return 1_000 * x + 0.50"
    assert with_values(code, find_constants(code), [1000.0, 0.5]) == code


@given(
    numbers=st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=3, max_size=3),
    start=st.lists(st.floats(0.001, 1e6), min_size=3, max_size=3),
)
def test_the_new_numbers_are_what_the_source_computes_with(numbers: list[float], start: list[float]) -> None:
    """Under any sign and size, inside powers and differences, the source is still Python and evaluates to the same formula."""
    first, second, third = (repr(value) for value in start)
    code = f"{first} - x * {second} - (x - {third})"
    constants = find_constants(code)
    assert [constant.value for constant in constants] == start
    changed = with_values(code, constants, numbers)
    a, b, c = (rounded(new) if rounded(new) != rounded(old) else old for new, old in zip(numbers, start, strict=True))
    found = eval(compile(ast.parse(changed, mode="eval"), "", "eval"), {"x": 3.0})
    assert math.isclose(found, a - 3.0 * b - (3.0 - c), rel_tol=1e-12, abs_tol=1e-9)

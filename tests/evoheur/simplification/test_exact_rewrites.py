"""Exact rewrites: what goes, what stays, and that no value changes."""

import ast
from pathlib import Path

import pytest
from hypothesis import given

import evoheur
from evoheur.simplification.exact_rewrites import exactly_simplified
from evoheur.simplification.tree_edits import written
from tests.evoheur.simplification.support.small_programs import programs, values_of
from tests.support.example_budget import cheap

HEAD = "import math\nimport numpy as np\n\n"


def rewritten(body: str) -> str:
    """The body of a function of x, y and z, rewritten."""
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    text = written(exactly_simplified(ast.parse(f"{HEAD}def f(x, y, z):\n{lines}")))
    return "\n".join(line.removeprefix("    ") for line in text.partition("def f(x, y, z):\n")[2].rstrip().split("\n"))


@given(code=programs())
@cheap()
def test_no_value_changes(code: str) -> None:
    """Not by a bit, nor its shape or type, whatever goes in; where a program failed it may work now."""
    before, after = values_of(code), values_of(written(exactly_simplified(ast.parse(code))))
    assert all(was is None or was == now for was, now in zip(before, after, strict=True))


@given(code=programs())
def test_a_second_time_changes_nothing(code: str) -> None:
    once = exactly_simplified(ast.parse(code))
    assert ast.dump(exactly_simplified(once)) == ast.dump(once)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("dead = np.sqrt(x) * 2\nreturn x", "return x"),
        ("first = y + 1\nsecond = first * 2\nreturn x", "return x"),
        ("x + 1\npass\nreturn x", "return x"),
        ("return x\nreturn y", "return x"),
        ("if z > 1:\n    return x\nelse:\n    return x", "return x"),
        ("if z > 1:\n    b = 1\nelse:\n    b = 2\nreturn x", "return x"),
        ("if 2 > 1:\n    return x\nreturn y", "return x"),
        ("while False:\n    x = y\nreturn x", "return x"),
        ("return x if z > 1 else x", "return x"),
        ("return x + 2 * 3", "return x + 6"),
        ("return np.exp(x) * 1", "return np.exp(x)"),
        ("return 1.0 * (x * 2.0)", "return x * 2.0"),
        ("return np.exp(x) / 1 - 0", "return np.exp(x)"),
        ("return -(-np.exp(x))", "return np.exp(x)"),
        ("return np.abs(np.abs(x))", "return np.abs(x)"),
        ("a = 0\nreturn x[a]", "return x[0]"),
        ("score = x - y\nreturn score", "return x - y"),
        ("other = x\nb = other * 2\nreturn b + other", "b = x * 2\nreturn b + x"),
        ("for i in range(3):\n    unused = i\n    x = x + i\nreturn x", "for i in range(3):\n    x = x + i\nreturn x"),
    ],
)
def test_what_goes(body: str, expected: str) -> None:
    assert rewritten(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "return x * 1",  # a truth value becomes a number
        "return np.exp(x) + 0",  # -0.0 becomes 0.0
        "return x - x",  # NaN where x is infinite
        "return 1 / 3 * x",  # a third has more digits than that
        "return 1 / 0",
        "return 9 ** 99999",
        "return (-8) ** 0.5",
        "scale = 0.5\nreturn x * scale + y * scale",  # the name says what it is
        "drawn = np.random.rand()\nreturn x",  # the next draw depends on it
        "kept = helper(x)\nreturn x",  # who knows what it does
        "out = np.add(x, y, x)\nreturn x",  # it is written into x
        "total = np.cumsum(x, out=x)\nreturn x",
        "x[0] = 1\nreturn x",
        "x += 1\nreturn y",  # in place
        "other = x\nother[0] = 1\nreturn other + x",
        "other = x\nx = y * 2\nreturn other + x",
        "other = x\nhelper(other)\nreturn other + x",
        "a = 0\nfor i in range(3):\n    a = a + i\nreturn a",
        "return sorted(x, key=lambda a: a)",
    ],
)
def test_what_stays(body: str) -> None:
    assert rewritten(body) == body


@pytest.mark.parametrize(
    "body",
    [
        "try:\n    dead = 1 / z\nexcept ZeroDivisionError:\n    return y\nreturn x",
        "dead = 1\nreturn locals()['dead']",
        "dead = 1\nreturn eval('dead')",
        "parts = iter(x)\ndead = max(parts, 0)\nreturn sum(parts)",
        "global dead\ndead = 1\nreturn x",
        "yield x\nreturn",
    ],
)
def test_strange_code_is_left_alone(body: str) -> None:
    assert rewritten(body) == body


def test_it_takes_any_python() -> None:
    """Every module of this package is rewritten without an error, and compiles afterwards."""
    for path in sorted(Path(evoheur.__file__).parent.glob("*/*.py"))[::5]:
        tree = ast.parse(path.read_bytes())
        compile(written(exactly_simplified(tree)), str(path), "exec")

"""Reduced forms: which programs have the same, and that none has another one's whose values are others."""

import ast

import pytest
from hypothesis import given

from evoheur.simplification.reduced_form import reduced, reduced_hash
from evoheur.simplification.tree_edits import written
from tests.evoheur.simplification.support.small_programs import programs, values_of
from tests.support.example_budget import cheap

HEAD = "import numpy as np\n\n\ndef f(x, y, z):\n"


def form(body: str, head: str = HEAD) -> str:
    return reduced_hash(head + "".join(f"    {line}\n" for line in body.split("\n")))


@given(code=programs())
@cheap()
def test_no_value_changes(code: str) -> None:
    """The reduced form is a program itself, so programs of one form have equal values wherever they have any."""
    before, after = values_of(code), values_of(written(reduced(ast.parse(code))))
    assert all(was is None or was == now for was, now in zip(before, after, strict=True))


@given(code=programs())
@cheap()
def test_names_layout_dead_code_and_steps_do_not_count(code: str) -> None:
    """A copy with other names, a docstring, a comment, an assignment that nothing reads, and a name for what is returned."""
    tree = ast.parse(code)
    [function] = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    own = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id in own:
            node.id = f"other_{node.id}"
        elif isinstance(node, ast.arg) and node.arg in own:
            node.arg = f"other_{node.arg}"
    function.body.insert(0, ast.parse("never_read = 3 * 5").body[0])
    function.body.insert(0, ast.Expr(ast.Constant("Says what it does.")))
    match function.body[-1]:
        case ast.Return(value=ast.expr() as value):
            function.body[-1:] = ast.parse("named_now = 0\nreturn named_now").body
            assert isinstance(function.body[-2], ast.Assign)
            function.body[-2].value = value
    changed = "# A comment.\n" + ast.unparse(ast.fix_missing_locations(tree))
    assert reduced_hash(changed) == reduced_hash(code), changed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("return x + 2.0 * y", "return 2.0 * y + x"),
        ("return np.exp(x) * y", "return y * np.exp(x)"),
        ("return (x - y) * z", "return z * (x - y)"),
        ("a = x - y\nreturn np.where(a > 0, a, y)", "b = x - y\nreturn np.where(0 < b, b, y)"),
        ("a = np.log(x)\nb = a + y\nreturn b * z", "return (np.log(x) + y) * z"),
        ("return x + 2 * 3", "return x + 6"),
        ("a = x - 1.0\nb = y - 2.0\nreturn b / a", "b = y - 2.0\na = x - 1.0\nreturn b / a"),
        ("if z > 1:\n    return x\nelse:\n    return x", "return x"),
    ],
)
def test_these_are_the_same(one: str, other: str) -> None:
    assert form(one) == form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("return x + y", "return x - y"),
        ("return x - y", "return y - x"),
        ("return x / y", "return y / x"),
        ("return x * 2.0", "return x * 3.0"),
        ("return x > y", "return x >= y"),
        ("return np.where(x > y, x, y)", "return np.where(x > y, y, x)"),
        ("return [1, x] + [2, y]", "return [2, y] + [1, x]"),  # of lists the order counts
        ("return x + y", "return y + x"),  # which could be lists
        ("a = x * 2.0\nx[0] = 5.0\nreturn a - x", "x[0] = 5.0\nreturn x * 2.0 - x"),
        ("a = x * 2.0\nx += 1.0\nreturn a - x", "x += 1.0\nreturn x * 2.0 - x"),
        ("a = np.random.rand()\nb = np.random.rand()\nreturn a - b", "b = np.random.rand()\na = np.random.rand()\nreturn a - b"),
        ("a = x - 1.0\nfor i in range(3):\n    y = y + a\nreturn y", "a = x - 2.0\nfor i in range(3):\n    y = y + a\nreturn y"),
        ("try:\n    dead = x[9]\nexcept IndexError:\n    return y\nreturn x", "return x"),
        ("return np.matrix(x) * 2.0 * np.matrix(y)", "return np.matrix(y) * (np.matrix(x) * 2.0)"),
    ],
)
def test_these_are_not(one: str, other: str) -> None:
    assert form(one) != form(other)


def test_annotations_count_only_where_something_reads_them() -> None:
    annotated = "import numpy as np\n\n\ndef f(x: float, y: float, z: np.ndarray) -> np.ndarray:\n"
    assert form("return x - y", annotated) == form("return x - y")
    reading = "return f.__annotations__"
    assert form(reading, annotated) != form(reading)


def test_what_is_too_deep_to_walk_has_its_normal_form() -> None:
    deep = f"def f(x):\n    return {'-' * 400}x\n"
    assert len(reduced_hash(deep)) == 32

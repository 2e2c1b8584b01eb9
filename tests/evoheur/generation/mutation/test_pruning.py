"""What an edit made useless."""

import ast

import pytest

from evoheur.generation.mutation.pruning import drop_unread, needed_statements


def _function(body: str) -> ast.FunctionDef:
    tree = ast.parse("def f(x):\n" + "".join(f"    {line}\n" for line in body.splitlines()))
    assert isinstance(tree.body[0], ast.FunctionDef)
    return tree.body[0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a = x + 1\nreturn x", "return x"),
        ("a = x\nb = a * 2\nreturn x", "return x"),  # what only unread variables read is unread
        ("a = np.zeros(3)\na[:] = x\na += 1\nreturn x", "return x"),
        ("a = np.zeros(3)\na[:] = x\nreturn a", "a = np.zeros(3)\na[:] = x\nreturn a"),
        ("print(x)\nreturn x", "print(x)\nreturn x"),
        ("if x:\n    a = 1\nreturn x", "if x:\n    a = 1\nreturn x"),  # only straight lines are looked at
    ],
)
def test_assignments_that_nothing_reads_go(before: str, after: str) -> None:
    """Filling an array is no reading of it."""
    function = _function(before)
    drop_unread(function)
    assert "\n".join(ast.unparse(statement) for statement in function.body) == after


def test_a_function_needs_what_it_names() -> None:
    """Directly or through a helper; imports always, other functions never."""
    module = ast.parse(
        "import math\nA = 1\nB = 2\ndef g(x):\n    return x * A\ndef h(x):\n    return x\ndef f(x):\n    return g(x)"
    )
    function = module.body[-1]
    assert isinstance(function, ast.FunctionDef)
    kept = [ast.unparse(statement).partition("\n")[0] for statement in needed_statements(module, function)]
    assert kept == ["import math", "A = 1", "def g(x):"]

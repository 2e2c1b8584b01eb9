"""What is known of variables as statements go by."""

import ast
import math

from evoheur.generation.mutation.abstract_values import SCALAR, AbstractValue, Kind
from evoheur.generation.mutation.inference import Inference
from tests.evoheur.generation.mutation.support.samples import PRIORITY


def _after(code: str) -> dict[str, AbstractValue]:
    inference = Inference(PRIORITY.parameters)
    inference.run(ast.parse(code).body)
    return inference.scope


def test_assignments_carry_what_is_known() -> None:
    """A difference of array and scalar is an array, also through annotations and in-place operators."""
    scope = _after("gap = bins - item\nhalf: float = item / 2\ngap += 1")
    assert scope["gap"].kind == Kind("(bins,)", boolean=False)
    assert scope["gap"].integral
    assert scope["half"].kind == SCALAR


def test_branches_agree_or_nothing_is_known() -> None:
    """A variable that one branch makes a scalar and the other an array has no kind; one that only one branch assigns is not sure."""
    scope = _after("if item > 3:\n    x = 1\n    y = 1\n    z = 1\nelse:\n    x = bins\n    y = 5\nw = 0")
    assert scope["x"].kind is None
    assert (scope["y"].low, scope["y"].high) == (1, 5)
    assert "z" not in scope


def test_what_an_iteration_changes_has_no_range() -> None:
    """A counter may reach anything, and what only the loop assigns may never be assigned."""
    scope = _after("n = 0\nm = 7\nfor b in bins:\n    n = n + 1\n    k = b")
    assert (scope["n"].low, scope["n"].high) == (-math.inf, math.inf)
    assert (scope["m"].low, scope["m"].high) == (7, 7)
    assert "k" not in scope
    assert (_after("n = 1\nwhile n < item:\n    n = 2 * n")["n"]).high == math.inf


def test_an_array_filled_by_parts_spans_the_parts() -> None:
    """Zeros, of which some become 9, lie between 0 and 9; a list of unknown things tells nothing."""
    scope = _after("s = np.zeros(len(bins))\ns[bins == item] = 9.0\na, b = item, bins")
    assert (scope["s"].low, scope["s"].high) == (0, 9)
    assert scope["a"].kind is None


def test_a_statement_sees_only_what_is_surely_assigned_before_it() -> None:
    """In a loop, what a later line assigns is not there in the first iteration."""
    module = ast.parse("for b in bins:\n    x = b\n    y = x")
    inference = Inference(PRIORITY.parameters)
    inference.run(module.body)
    loop = module.body[0]
    assert isinstance(loop, ast.For)
    assert set(inference.scopes[loop.body[0]]) == {"item", "bins", "b"}
    assert set(inference.scopes[loop.body[1]]) == {"item", "bins", "b", "x"}

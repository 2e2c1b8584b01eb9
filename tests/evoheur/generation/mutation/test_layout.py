"""Long formulas in steps, and steps as one formula again."""

import ast
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.mutation.edit_bench import Bench
from evoheur.generation.mutation.editable_module import EditableModule
from evoheur.generation.mutation.fresh_heuristics import draw_heuristic
from evoheur.generation.mutation.layout import WIDTH, spread, whole
from tests.evoheur.generation.mutation.support.running import defined
from tests.evoheur.generation.mutation.support.samples import BASELINE, PRIORITY

LONG = (
    "def priority(item, bins):\n    return np.where(bins - item <= item - 0.724, np.log1p(np.abs(bins % (item + 1.93) / (item + 1))), "
    "np.log1p(np.abs(bins % (item + 1.93) / (item + 1.78)))) + 0.079 * np.log1p(np.abs(bins % (item + 1.93) / (item + 1)))\n"
)


def _spread(code: str) -> str:
    return ast.unparse(ast.fix_missing_locations(spread(ast.parse(code)))) + "\n"


@given(seed=st.integers(0, 2**32))
def test_steps_and_formula_are_the_same_rule(seed: int) -> None:
    """Spread and made whole again, a drawn rule is what it was, and computes the same on the way."""
    rng = random.Random(seed)
    rule = EditableModule.parse(BASELINE, PRIORITY)
    for _ in range(3):  # sums of drawn rules are long
        other = EditableModule.parse(BASELINE, PRIORITY)
        draw_heuristic(other, Bench(rng=rng))
        slot, added = rule.returns()[0], other.returns()[0].get()
        slot.put(ast.BinOp(slot.get(), ast.Add(), added))
    formula = ast.unparse(ast.fix_missing_locations(rule.module))
    steps = _spread(formula)
    assert ast.dump(ast.parse(whole(steps))) == ast.dump(ast.parse(formula))
    bins = np.arange(5, 40)
    with np.errstate(all="ignore"):
        before, after = (defined(f"import numpy as np\n{code}")(5, bins) for code in (formula, steps))
    assert np.array_equal(before, after, equal_nan=True)


def test_a_long_formula_is_readable_in_steps() -> None:
    """No line is longer than the limit, what occurs twice is named once, and the names say what is done."""
    lines = _spread(LONG).splitlines()
    assert max(len(line.strip()) for line in lines) <= WIDTH
    assert [line.strip() for line in lines[1:]] == [
        "remainder_1 = bins % (item + 1.93)",
        "log1p_1 = np.log1p(np.abs(remainder_1 / (item + 1)))",
        "log1p_2 = np.log1p(np.abs(remainder_1 / (item + 1.78)))",
        "return np.where(bins - item <= item - 0.724, log1p_1, log1p_2) + 0.079 * log1p_1",
    ]


def test_spreading_is_repeatable() -> None:
    """What is short stays, so doing it again changes nothing."""
    assert _spread(_spread(LONG)) == _spread(LONG)


def test_short_formulas_stay() -> None:
    """Even with repetitions."""
    code = "def f(x):\n    return (x + 1) * (x + 1) * (x + 1) * (x + 1)\n"
    assert _spread(code) == code


@pytest.mark.parametrize(
    "body",
    [
        "ratio_1 = x / 2\nx = 3\nreturn ratio_1 + x",  # x means something else by then
        "ratio_1 = x / 2\ny = ratio_1\nreturn ratio_1 + y",  # used further down, too
        "ratio_1 = x / 2\nratio_1 = ratio_1 + 1\nreturn ratio_1",  # assigned twice
        "for ratio_1 in x:\n    y = ratio_1\nreturn y",
        "ratio_1 = x / 2\nif x:\n    return ratio_1\nreturn 1",
    ],
)
def test_an_authors_own_variables_of_that_name_stay(body: str) -> None:
    """Only steps right in front of the one formula that uses them are put into it."""
    code = "def f(x):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    assert ast.dump(ast.parse(whole(code))) == ast.dump(ast.parse(code))


def test_what_may_not_be_computed_stays_where_it_is() -> None:
    """Branches of a conditional expression, comprehensions and calls of unknown functions are not computed beforehand or once."""
    inner = "g(x) + g(x) + " + " + ".join(f"(x[{i}] if x else np.sqrt(x + {i}) / (x - {i}))" for i in range(4))
    code = f"def f(x):\n    return {inner} + sum([np.sqrt(y) / (y - 1) * np.log(y + 123456789) for y in x])\n"
    steps = _spread(code)
    assert steps.count("g(x)") == 2
    assert "[np.sqrt(y) / (y - 1) * np.log(y + 123456789) for y in x]" in steps
    assert all(f"x[{i}] if x else np.sqrt(x + {i}) / (x - {i})" in steps for i in range(4))


def test_nobody_writes_plus_minus() -> None:
    """A number whose sign changed takes the sign of the operation along."""
    assert _spread("def f(x):\n    return x + -1.5 - -2\n") == "def f(x):\n    return x - 1.5 + 2\n"


def test_names_in_use_are_not_taken() -> None:
    """A parameter may have the name of a step."""
    steps = _spread(LONG.replace("item", "remainder_1"))
    assert "remainder_2 = bins % (remainder_1 + 1.93)" in steps

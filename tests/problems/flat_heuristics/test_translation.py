"""Translated rules score as the sources do under NumPy, bit by bit; whatever cannot is refused."""

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evoheur.problems.flat_heuristics.flat_heuristic import LONGEST
from evoheur.problems.flat_heuristics.translation import NotFlat, translate
from tests.support.example_budget import cheap

HEAD = "import numpy as np\n\n\ndef rule(s, t, x, y):\n"
VECTORS = (False, False, True, True)


def expressions() -> st.SearchStrategy[str]:
    """Formulas of two numbers and two vectors, of which some are refused."""
    leaves = st.sampled_from(["s", "t", "x", "y", "x", "y", "2", "0", "3", "0.5", "-1.5", "np.pi", "True"])

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        joined = st.sampled_from(["+", "-", "*", "/", "%", "//", "<", "<=", ">", ">=", "==", "!=", "&", "|"])
        named = st.sampled_from(
            ["np.abs", "np.sqrt", "np.exp", "np.log1p", "np.log", "np.tanh", "np.square", "np.sign", "-", "~", "abs", "np.floor"]
        )
        return st.one_of(
            st.tuples(inner, joined, inner).map(lambda three: f"({three[0]} {three[1]} {three[2]})"),
            st.tuples(named, inner).map(lambda two: f"{two[0]}({two[1]})"),
            st.tuples(inner, inner, inner).map(lambda three: f"np.where({', '.join(three)})"),
            st.tuples(st.sampled_from(["np.minimum", "np.maximum", "np.power"]), inner, inner).map(
                lambda three: f"{three[0]}({three[1]}, {three[2]})"
            ),
            st.tuples(inner, st.sampled_from(["2", "3", "0.5", "-1", "1.5", "1", "y"])).map(lambda two: f"{two[0]} ** {two[1]}"),
            inner.map(lambda one: f"np.max({one})"),
            inner.map(lambda one: f"(x + {one})"),
        )

    return st.recursive(leaves, larger, max_leaves=12)


@example(first="s", second="np.exp(True)", seed=0, size=1)
@example(first="s", second="np.power(2, -1)", seed=0, size=1)
@example(first="s", second="np.maximum(2, 3)", seed=0, size=1)
@example(first="(x + np.power(y, 2))", second="np.power(y, 0.5)", seed=11326, size=9)
@example(first="np.power(y, s)", second="np.power(y, -1)", seed=3, size=9)
@example(first="np.power(y, x)", second="x", seed=35, size=1)
@cheap()
@given(first=expressions(), second=expressions(), seed=st.integers(0, 10**6), size=st.integers(1, 20))
def test_a_translation_scores_as_its_source(first: str, second: str, seed: int, size: int) -> None:
    """Unless it is refused; and what Python refuses is refused, too."""
    code = f"{HEAD}    a = {first}\n    b = x\n    b -= y\n    return {second} * 0.5 + a + (x - b)\n"
    try:
        rule = translate(code, "rule", VECTORS)
    except NotFlat:
        return
    source = np.random.default_rng(seed)
    inputs: list[Any] = [np.float64(source.integers(0, 9)), np.float64(source.integers(1, 99))]
    inputs += [source.integers(0, 12, size).astype(float), source.random(size) * 3]
    names: dict[str, Any] = {}
    exec(code, names)
    with np.errstate(all="ignore"):
        expected = names["rule"](*(np.copy(each)[()] for each in inputs))
    np.testing.assert_array_equal(rule.scores(inputs), expected)


@pytest.mark.parametrize(
    "body",
    [
        "return np.where(x < s, 2 * y - 1, 0) - np.where(y > 0, 2 * x + 1, 0)",
        "a = np.log1p(np.abs(x % (s + 1.09) / (s + 1.78)))\n    return a ** 3 + 0.079 * a",
        "a: np.ndarray = x\n    a *= 2\n    return np.clip(x, 1, 8).astype(float) - np.max(y)",
        '"""Text."""\n    return (x < 3) & ~(y > 2)',
        "return np.where(x > 1, 3, 0) - 2 * (y > 1)",
        "return 1 / (-2 * (y > 1)) + 1 / -np.where(x > 1, 0, 4)",
        "return np.exp(-0.5 * np.abs(x)) * (x == x.max()) + np.sqrt(2) * y.copy()",
    ],
)
def test_what_offline_search_writes_is_flat(body: str) -> None:
    """Rules of the kinds that the mutator and models write are translated."""
    code = f"{HEAD}    {body}\n"
    inputs: list[Any] = [np.float64(3), np.float64(7), np.array([1.0, 4.0, 9.0]), np.array([2.0, 0.0, 5.0])]
    names: dict[str, Any] = {}
    exec(code, names)
    with np.errstate(all="ignore"):
        expected = names["rule"](*(np.copy(each)[()] for each in inputs))
    np.testing.assert_array_equal(translate(code, "rule", VECTORS).scores(inputs), expected)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("for i in x:\n        pass\n    return x", "line 5: a statement of the kind For"),
        ("return np.cumsum(x)", "line 5: a call of cumsum"),
        ("return s", "line 5: the result is not a vector"),
        ("return (x > 1) + (y > 1)", "line 5: add of truth values"),
        ("return x + z", "line 5: the name z"),
        ("return x + np.where(x > 1, 1, 0) // 2", "line 5: floor_divide of whole numbers"),
        ("return x ** s", "line 5: a power whose exponent"),
        ("return x * 10 ** 20", "line 5: numbers joined by this operator"),
        ("import math\n    return x * math.log(s)", "line 5: a statement of the kind Import"),
        ("x[0] = 1\n    return x", "line 5: a statement of the kind Assign"),
        ("return x + 1 / 0", "line 5: division by zero"),
        ("np = x\n    return np", "line 5: a statement of the kind Assign"),
        ("pass", "line 5: the rule does not end with its result"),
    ],
)
def test_what_is_no_formula_is_refused_with_its_line(body: str, why: str) -> None:
    """The first thing that is not understood."""
    with pytest.raises(NotFlat) as refusal:
        translate(f"{HEAD}    {body}\n", "rule", VECTORS)
    assert str(refusal.value).startswith(why)


def test_what_stands_beside_the_rule_is_refused() -> None:
    """A module may hold state, helpers and numbers that calls could change."""
    with pytest.raises(NotFlat, match="only imports may stand beside the rule"):
        translate(f"SEEN = []\n{HEAD}    return x\n", "rule", VECTORS)
    with pytest.raises(NotFlat, match="rule is no plain function"):
        translate("import numpy as np\n", "rule", VECTORS)
    with pytest.raises(NotFlat, match="its arguments are not those"):
        translate("def rule(x):\n    return x\n", "rule", VECTORS)


def test_a_very_long_formula_is_refused() -> None:
    """Trusted code computes it, so it has a limit."""
    long = "".join(f"    x = x + {number}.5\n" for number in range(LONGEST + 1))
    with pytest.raises(NotFlat, match="more than"):
        translate(f"{HEAD}{long}    return x\n", "rule", VECTORS)


def test_steps_that_the_score_does_not_need_are_left_out() -> None:
    """Equal parts are computed once."""
    code = f"{HEAD}    unused = np.exp(x)\n    return (x + y) * (x + y)\n"
    assert len(translate(code, "rule", VECTORS).steps) == 2

"""Several heuristics in one source do what each does alone."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.code.several_heuristics import maker_of, taking_over
from evoheur.code.signature import FunctionSignature

SIGNATURE = FunctionSignature("rule", ("arrived", "sizes"))
FORMULA = (
    "import numpy as np\n\ndef rule(count, s):\n    '''Words.'''\n    s = s + 1\n    twice = np.where(s > 2, 2 * s, count)\n"
    "    return twice - s"
)
PLAIN = "import numpy as np\n\ndef rule(arrived, sizes):\n    return -sizes"
LOOP = "def rule(arrived, sizes):\n    return [float(size) for size in sizes]"
STATE = "seen = 0\n\ndef rule(arrived, sizes):\n    global seen\n    seen += 1\n    return sizes * seen"
BUILT_IN = "max = 3\n\ndef rule(arrived, sizes):\n    return sizes * max"
TEXT = 'WORDS = """one\ntwo"""\n\ndef rule(arrived, sizes):\n    return sizes + len(WORDS)'
HELPER = (
    "import math\nBASE = 2\n\ndef helper(size):\n    return math.sqrt(size) + BASE\n\n"
    "def rule(arrived, sizes):\n    return [helper(each) for each in sizes]"
)
ALL = {"formula": FORMULA, "plain": PLAIN, "loop": LOOP, "state": STATE, "built in": BUILT_IN, "text": TEXT, "helper": HELPER}


def executed(source: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "several"}
    exec(source, names)
    return names


@pytest.mark.parametrize("name", ALL)
def test_a_heuristic_in_a_scope_of_its_own_does_what_it_does_alone(name: str) -> None:
    """Also beside another that binds the same names; what says something of its module gets one of its own."""
    source = "\n\n".join(
        [maker_of(ALL[name], "one", ("rule",), words='Words with "quotes" \\ .'), maker_of(HELPER, "other", ("rule",))]
    )
    names = executed(source)
    made, alone = names["one"](), executed(ALL[name])["rule"]
    for arrived in (1, 2):
        sizes = np.array([1.0, 2.0, 3.5])
        assert list(made(arrived, sizes.copy())) == list(alone(arrived, sizes.copy()))
    assert ("exec(source" in source) == (name in {"state", "built in", "text"})
    assert set(names) == {"__name__", "__builtins__", "one", "other"}


def test_several_functions_come_by_name() -> None:
    code = "def first():\n    return 1\n\ndef second():\n    return 2"
    made = executed(maker_of(code, "make", ("first", "second")))["make"]()
    assert [made["first"](), made["second"]()] == [1, 2]
    made = executed(maker_of("max = 1\n" + code, "make", ("first", "second")))["make"]()
    assert [made["first"](), made["second"]()] == [1, 2]


@pytest.mark.parametrize("first", ["formula", "plain", "loop"])
@pytest.mark.parametrize("then", ["formula", "plain", "helper"])
@given(arrived=st.integers(1, 6), sizes=st.lists(st.integers(1, 9).map(float), min_size=1, max_size=4))
def test_one_takes_over_after_so_many_arrivals(first: str, then: str, arrived: int, sizes: list[float]) -> None:
    source = taking_over(ALL[first], ALL[then], SIGNATURE, arrived="arrived", after=3)
    wanted = executed(ALL[first if arrived <= 3 else then])["rule"](float(arrived), np.array(sizes))
    assert list(executed(source)["rule"](float(arrived), np.array(sizes))) == list(wanted)


def test_two_formulas_become_one() -> None:
    """So that what computes formulas fast still does; anything else keeps its own scope."""
    joined = taking_over(FORMULA, PLAIN, SIGNATURE, arrived="arrived", after=3)
    assert joined.splitlines()[3:] == [
        "def rule(arrived, sizes):",
        "    first_s = sizes + 1",
        "    first_twice = np.where(first_s > 2, 2 * first_s, arrived)",
        "    first_scores = first_twice - first_s",
        "    then_scores = -sizes",
        "    return np.where(arrived <= 3, first_scores, then_scores)",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "sizes += 1\n    return sizes",
        "return sizes.sort()",
        "return np.add(sizes, 1, out=sizes)",
        "if arrived > 1:\n        return sizes\n    return -sizes",
        "return [size for size in sizes]",
        "return unknown + sizes",
        "return np.add((lambda: 1)(), sizes)",
    ],
)
def test_what_is_more_than_a_formula_keeps_its_own_scope(body: str) -> None:
    code = f"import numpy as np\n\ndef rule(arrived, sizes):\n    {body}"
    assert "_make_then" in taking_over(PLAIN, code, SIGNATURE, arrived="arrived", after=3)
    assert math.isclose(
        executed(taking_over(PLAIN, code, SIGNATURE, arrived="arrived", after=3))["rule"](1, np.array([2.0]))[0], -2.0
    )

"""What is taken out of a heuristic's code, and what stays."""

import ast
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.strategies.ruin import GAP, new_lines, ruin, ruined_statements

_simple = st.sampled_from(
    ["x = 1", "y = x + 2", "return x", "x += 1; y = 3", "if x: y = 2", "x = '# GAP: not one'", "pass", "# a remark\nz = 0"]
)


def _indented(lines: list[str]) -> str:
    return "\n".join(f"    {line}" for text in lines for line in text.split("\n"))


def _compound(blocks: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = st.lists(blocks, min_size=1, max_size=3).map(_indented)
    return st.one_of(
        st.builds("if x > 1:\n{}\nelif x:\n{}\nelse:\n{}".format, body, body, body),
        st.builds("for k in range(3):\n{}\nelse:\n{}".format, body, body),
        st.builds("try:\n{}\nexcept ValueError:\n{}\nfinally:\n{}".format, body, body, body),
        st.builds("match x:\n    case 1:\n        pass\n    case _:\n        pass\nwith x:\n{}".format, body),
        st.builds("def inner(a, *, b: int = 2) -> float:\n{}".format, body),
        st.builds("import math\nwhile x:\n{}".format, body),
    )


_blocks = st.recursive(_simple, _compound, max_leaves=12)
_functions = st.builds(
    "@staticmethod\ndef {}(item: int, bins) -> float:\n{}{}".format,
    st.sampled_from(["priority", "helper"]),
    st.sampled_from(["", '    """Says what it does.\n\n    At length."""\n']),
    st.lists(_blocks, min_size=1, max_size=4).map(_indented),
)
_programs = st.lists(_functions, min_size=1, max_size=3).map(
    lambda functions: "\n\n".join(["import numpy as np\nLIMIT = 3", *functions])
)
_shares = st.floats(0, 1)


def headers(code: str) -> list[str]:
    """What has to stay, as the syntax tree has it: headers of functions, and imports."""
    kept = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef):
            kept.append(ast.unparse(ast.FunctionDef(**{**vars(node), "body": [ast.Pass()]})))
        elif isinstance(node, ast.Import):
            kept.append(ast.unparse(node))
    return kept


def filled(ruined: str) -> str:
    """With a statement in the place of each gap, so that it can be parsed."""
    return re.sub(rf"^(\s*){GAP}.*$", r"\1gap", ruined, flags=re.MULTILINE)


def gaps(ruined: str) -> int:
    """How many statements its comments say were taken out."""
    return sum(int(count) for count in re.findall(rf"^\s*{GAP} (\d+) ", ruined, flags=re.MULTILINE))


@given(_programs, _shares, st.integers())
def test_ruin_takes_something_and_keeps_the_headers(code: str, share: float, seed: int) -> None:
    """It differs from the source, marks a gap, is Python once the gaps are filled, and has every header, import and docstring."""
    ruined = ruin(code, share, random.Random(seed))
    assert ast.unparse(ast.parse(code)) != ruined.strip()
    assert gaps(ruined) >= 1
    assert headers(filled(ruined)) == headers(code)
    assert ruined.count("Says what it does.") == code.count("Says what it does.")
    assert "LIMIT = 3" in ruined


@given(_programs, st.integers())
def test_ruin_of_all_leaves_no_simple_statement(code: str, seed: int) -> None:
    """With a share of 1 nothing is left in a body but docstrings, imports, functions, and what holds those."""
    ruined = filled(ruin(code, 1.0, random.Random(seed)))
    left = [node for part in ast.walk(ast.parse(ruined)) if isinstance(part, ast.FunctionDef) for node in ast.walk(part)]
    assert not [node for node in left if isinstance(node, ast.Assign | ast.AugAssign | ast.Return | ast.Pass)]


@given(_programs, _shares, st.integers())
def test_ruin_is_deterministic(code: str, share: float, seed: int) -> None:
    """The same generator gives the same gaps, and nothing else is drawn from."""
    assert ruin(code, share, random.Random(seed)) == ruin(code, share, random.Random(seed))


@pytest.mark.parametrize(("share", "taken"), [(0.0, 1), (0.1, 1), (0.11, 2), (0.3, 3), (0.5, 5), (1.0, 10)])
def test_share_of_the_statements(share: float, taken: int) -> None:
    """Of ten statements: rounded up, at least one, and 0.1 · 3 is no more than 3 in spite of binary fractions."""
    code = "def f(x):\n" + "".join(f"    x += {number}\n" for number in range(9)) + "    return x\n"
    assert ruined_statements(10, share) == taken
    for seed in range(20):
        assert gaps(ruin(code, share, random.Random(seed))) == taken


def test_compound_statement_goes_whole_or_in_part() -> None:
    """Two of three: the loop with what is in it, or other pairs; never the header alone with its body left over."""
    code = "def f(x):\n    while x:\n        x -= 1\n    return x\n"
    seen = {ruin(code, 0.5, random.Random(seed)) for seed in range(100)}
    gap = "# GAP: 1 statement was taken out here"
    assert seen == {
        "def f(x):\n    # GAP: 2 statements were taken out here\n    return x\n",
        f"def f(x):\n    while x:\n        {gap}\n    {gap}\n",
    }


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("f = lambda x: x\n", "# GAP: 1 statement was taken out here\n"),
        ("import os\n", "import os\n# GAP: write the missing code here\n"),
        ("", "# GAP: write the missing code here\n"),
        ("def f(x):\n    'Only this.'\n", "def f(x):\n    # GAP: 1 statement was taken out here\n"),
    ],
)
def test_code_without_a_body(code: str, expected: str) -> None:
    """Where there is no function the module's own statements go; there is a gap even where nothing can go."""
    assert ruin(code, 0.5, random.Random(1)) == expected


def test_deeply_nested_code() -> None:
    """As deep as a candidate may be nested."""
    code = "def f(x):\n    y = " + " + ".join(["x"] * 190) + "\n    return y\n"
    assert gaps(ruin(code, 0.5, random.Random(1))) == 1


def test_new_lines() -> None:
    """Lines are compared without indentation; comments, imports and headers are no features."""
    before = "import numpy as np\ndef f(x):\n    y = x\n    return y\n"
    after = "import math\ndef f(x, z):\n    # why\n    if x:\n        y = x\n    return y + 1\n"
    assert new_lines(after, before) == ["if x:", "return y + 1"]

"""Properties of parsing: any code in any wrapping, and any text at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.parsing import MAX_REPLY, Reason, check_code, parse_reply
from evoheur.request import Failure
from tests.evoheur.generation.support.replies import PRIORITY, WRAPPINGS, same, taken

EXPRESSIONS = st.recursive(
    st.sampled_from(["item", "bins", "SCALE", "1", "0.5", "np.max(bins)", "helper(bins)"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda e: f"np.exp({e})"),
        st.tuples(inner, inner, inner).map(lambda t: f"np.where({t[0]} < {t[1]}, {t[2]}, 0)"),
    ),
    max_leaves=6,
)


@st.composite
def modules(draw: st.DrawFn) -> str:
    """A module whose every statement is used by `priority`."""
    expression = draw(EXPRESSIONS)
    comment = draw(st.text(st.characters(exclude_categories=("C", "Z")), max_size=20))
    pieces = ["import numpy as np\n" if "np." in expression else ""]
    pieces.append("SCALE = 3.25\n" if "SCALE" in expression else "")
    pieces.append("def helper(b):\n    if b is None:\n\n        return 0\n    return b * 2\n" if "helper" in expression else "")
    pieces.append(f"def priority(item, bins):\n    # {comment}\n    total = {expression}\n\n    return total\n")
    return "".join(pieces)


@given(code=modules(), wrap=st.sampled_from(sorted(WRAPPINGS)))
def test_wrapped_code_comes_back(code: str, wrap: str) -> None:
    """Any code in any wrapping comes back with an equal tree."""
    assert same(taken(WRAPPINGS[wrap](code)).code, code)


SCRAPS = st.sampled_from(
    ["```", "```python\n", "~~~", "\n", "\n    ", "def priority(item, bins):", "    return bins", "def priority_v2(a, b): return a\n",
     "import ", "x = ", "<think>", "</think>", "{", "}", '"""', "'", "(", ")", "#", "\\", "\0", "\ud800", "\r", "\u2028", "class A:\n",
     "@", "lambda", "eval(", ";", "if __name__ == '__main__':\n", "from __future__ import annotations\n", "priority = lambda a, b: a\n",
     "global np", "np", "match x:\n", "\x0c"]
)  # fmt: skip


@given(
    text=st.one_of(st.text(), st.lists(st.one_of(SCRAPS, st.text(max_size=5)), max_size=30).map("".join)), truncated=st.booleans()
)
def test_any_text_is_taken_or_refused(text: str, truncated: bool) -> None:
    """No text raises; what is taken compiles, defines the function, can be stored and is stable when parsed again."""
    found = parse_reply(text, PRIORITY, truncated=truncated)
    if isinstance(found, Failure):
        assert found.reason in set(Reason)
        assert found.detail.isprintable()
        return
    assert check_code(found.code, PRIORITY) is None
    assert found.code.encode()
    assert found.thought == "" or found.thought.isprintable()
    assert taken(found.code).code == found.code


@pytest.mark.parametrize(
    "line",
    ["x = (\n", "```\n", "```python\ndef f(:\n```\n", "def priority(item, bins):\n", '"""\n', "{" * 50 + "\n", "x:" + " " * 900 + "\n",
     "a[b[c(\n"],
)  # fmt: skip
def test_repetitive_text_is_refused_within_bounds(line: str) -> None:
    """Text that is long and broken everywhere ends in a refusal without work that grows with its square (the suite's time limit checks)."""
    assert isinstance(parse_reply(line * (MAX_REPLY // len(line)), PRIORITY), Failure)

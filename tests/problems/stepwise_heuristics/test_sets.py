"""Sets of the machine are gone through in the order in which Python goes through its own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from .support.both_ways import alike, by_machine, by_python

pytestmark = pytest.mark.nightly  # the machine takes half a minute to compile

_NUMBERS = st.integers(0, 300)
_MATRIX = np.eye(2)


def _lines(changes: list[tuple[str, list[int]]]) -> str:
    body = ["s = set(v)"]
    for change, numbers in changes:
        if change in {"add", "discard"}:
            body += [f"s.{change}({number})" for number in numbers]
        elif change == "copy":
            body += ["s = set(s)"]
        elif change == "update":
            body += [f"s.update({numbers})"]
        else:
            body += [f"s = s {change} set({numbers})"]
    return "def f(v, m, x, k):\n" + "".join(f"    {line}\n" for line in [*body, "return [j for j in s], len(s)"])


@given(
    start=st.lists(_NUMBERS, max_size=80),
    changes=st.lists(
        st.tuples(st.sampled_from(["add", "discard", "copy", "update", "-", "|", "&"]), st.lists(_NUMBERS, max_size=60)),
        max_size=8,
    ),
)
def test_any_changes_leave_the_same_order(start: list[int], changes: list[tuple[str, list[int]]]) -> None:
    code, vector = _lines(changes), np.array(start, dtype=np.int64)
    assert alike(by_python(code, vector, _MATRIX, 0.5), by_machine(code, vector, _MATRIX, 0.5))

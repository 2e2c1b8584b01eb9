"""Counting what an answer is made of, before it is made."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.sandbox.answer_structure import TooIntricate, check_structure, count_containers

JSON = st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


def containers(value: object) -> int:
    """How many lists and objects there are, counted one by one."""
    if isinstance(value, list):
        return 1 + sum(map(containers, value))
    if isinstance(value, dict):
        return 1 + sum(map(containers, value.values()))
    return 0


@given(JSON)
def test_no_list_and_no_object_is_missed(value: object) -> None:
    """Brackets in strings may count too: an upper bound is what a limit needs."""
    assert count_containers(json.dumps(value).encode()) >= containers(value)


@pytest.mark.parametrize("piece", [b"[],", b"{},", b'{"a":1},', b'{"a":[]},'])
def test_an_answer_that_is_made_of_brackets_is_refused(piece: bytes) -> None:
    data = b"[" + piece * 200_000 + b"1]"
    with pytest.raises(TooIntricate, match="lists and objects came, 65536 are allowed"):
        check_structure(data, output_bytes=2**20)


def test_an_answer_of_common_form_passes() -> None:
    """A hundred thousand numbers, ten thousand routes, and anything of a size that does no harm."""
    for text in ("1," * 100_000, "[1,2]," * 10_000, "[]," * 40_000):
        data = f"[{text}1]".encode()
        assert count_containers(data) < 65_536
        check_structure(data, output_bytes=2**20)

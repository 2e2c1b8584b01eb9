"""Exceptions in a few clean lines."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.sandbox.exception_text import MAX_DETAIL, describe, printable


def _failure(source: str, kind: type[BaseException], **names: object) -> str:
    with pytest.raises(kind) as caught:
        exec(compile(source, "candidate", "exec"), names)
    return describe(caught.value)


def test_only_own_frames() -> None:
    """Lines of the library that the candidate called are left out, and so is everything above the candidate."""
    text = _failure("def load(text):\n    return json.loads(text)\nload('{')", ValueError, json=json)
    head = 'File "candidate", line 3, in <module>\nFile "candidate", line 2, in load\nJSONDecodeError: '
    assert text.startswith(head)
    assert "decoder.py" not in text


def test_foreign_frame_if_there_is_no_other() -> None:
    """Where nothing is the candidate's own, the innermost line is named, without its folder."""
    with pytest.raises(ValueError, match="Expecting") as caught:
        json.loads("{")
    text = describe(caught.value)
    assert text.startswith('File "decoder.py", line ')
    assert "/" not in text


def test_deep_traceback_shows_its_end() -> None:
    """Of a deep recursion the five innermost frames are shown."""
    text = _failure("def deep(n):\n    return 1 / 0 if n == 0 else deep(n - 1)\ndeep(50)", ZeroDivisionError)
    assert text.count("in deep") == 5
    assert text.endswith("ZeroDivisionError: division by zero")


def test_memory_error_releases_what_it_holds() -> None:
    """Describing a MemoryError first drops the locals of the code that ran out."""
    released: list[int] = []
    source = "class Big:\n    def __del__(self): released.append(1)\ndef grow():\n    big = Big()\n    raise MemoryError\ngrow()"
    with pytest.raises(MemoryError) as caught:
        exec(compile(source, "candidate", "exec"), {"released": released})
    assert not released
    text = describe(caught.value)
    assert released
    assert text.endswith("line 5, in grow\nMemoryError: ")


def test_hostile_message() -> None:
    """A __str__ that raises SystemExit costs the message, not the description."""
    text = _failure("class Odd(Exception):\n    def __str__(self): raise SystemExit\nraise Odd", Exception)
    assert text.endswith("Odd: (its message cannot be shown)")


@given(st.text(alphabet=st.characters()))
def test_any_message_is_clean(message: str) -> None:
    """Whatever the message is, half surrogates included, the description can be encoded, shown and stored."""
    text = describe(ValueError(message))
    text.encode()
    assert len(text) <= MAX_DETAIL
    assert all(sign.isprintable() or sign in "\n\t" for sign in text)


@given(st.text(max_size=400), st.integers(10, 100))
def test_printable(text: str, limit: int) -> None:
    """Never longer than asked, never a control character; short clean text is left alone."""
    shown = printable(text, limit)
    assert len(shown) <= limit
    assert all(sign.isprintable() or sign in "\n\t" for sign in shown)
    if text.isprintable() and len(text) <= limit:
        assert shown == text


def test_both_ends_of_a_long_text() -> None:
    """A long text keeps its beginning and its end."""
    shown = printable("begin" + "x" * 10_000 + "end", 100)
    assert len(shown) == 100
    assert shown.startswith("begin")
    assert shown.endswith("end")

"""Replies that change a heuristic in place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.code.signature import FunctionSignature
from evoheur.generation.edits import EditBlock, edit_blocks, edited, parse_edits
from evoheur.generation.parsing import ParsedReply
from evoheur.request import Failure

SIGNATURES = (FunctionSignature("priority", ("item", "bins")),)
PARENT = """import numpy as np


def priority(item, bins):
    rest = bins - item
    if item > 10:
        rest = rest * 2
    return -rest
"""
ONE_CHANGE = """```python
# {Square what is left.}
<<<<<<< SEARCH
    return -rest
=======
    return -(rest ** 2)
>>>>>>> REPLACE
```"""


def parsed(reply: str, *, truncated: bool = False) -> ParsedReply | Failure:
    return parse_edits(reply, PARENT, SIGNATURES, truncated=truncated)


def code_of(reply: str) -> str:
    found = parsed(reply)
    assert isinstance(found, ParsedReply), found
    return found.code


def test_a_block_is_put_in_the_place_of_what_it_searches_for() -> None:
    found = parsed(ONE_CHANGE)
    assert isinstance(found, ParsedReply)
    assert found.code.strip() == PARENT.replace("return -rest", "return -(rest ** 2)").strip()
    assert found.thought == "Square what is left."


def test_blocks_are_applied_one_after_the_other() -> None:
    """The second finds what the first has written; prose and fences around each do no harm."""
    reply = (
        "First:\n```python\n<<<<<<< SEARCH\n    rest = bins - item\n=======\n    rest = bins - item + 1\n>>>>>>> REPLACE\n```\n"
        "then\n```\n<<<<<<< SEARCH\n    rest = bins - item + 1\n=======\n    rest = bins\n>>>>>>> REPLACE\n```"
    )
    assert "    rest = bins\n" in code_of(reply)


def test_an_empty_replacement_takes_lines_out() -> None:
    reply = "<<<<<<< SEARCH\n    if item > 10:\n        rest = rest * 2\n=======\n>>>>>>> REPLACE"
    assert "if item" not in code_of(reply)


@pytest.mark.parametrize("indentation", ["", "        "])
def test_another_indentation_is_put_right(indentation: str) -> None:
    """What stands further left or right than in the heuristic is moved, the replacement along with it."""
    reply = (
        f"<<<<<<< SEARCH\n{indentation}return -rest  \n=======\n{indentation}x = rest\n{indentation}return -x\n>>>>>>> REPLACE"
    )
    assert code_of(reply).strip().endswith("    x = rest\n    return -x")


def test_whole_code_is_taken_as_well() -> None:
    """A model that answers with all of it has answered."""
    found = parsed("{All new.}\n```python\ndef priority(item, bins):\n    return 0 * bins\n```")
    assert isinstance(found, ParsedReply)
    assert (found.thought, "0 * bins" in found.code) == ("All new.", True)


@pytest.mark.parametrize(
    ("reply", "reason", "words"),
    [
        (
            ONE_CHANGE.replace("return -rest\n", "return rest\n", 1),
            "no-match",
            "change 1 searches for 1 lines from 'return rest' on, and the heuristic does not have them",
        ),
        (
            "<<<<<<< SEARCH\n    rest\n=======\n    x\n>>>>>>> REPLACE",
            "no-match",
            "does not have them",
        ),
        ("<<<<<<< SEARCH\n=======\n    x = 1\n>>>>>>> REPLACE", "no-match", "change 1 searches for nothing"),
        ("<<<<<<< SEARCH\n    return -rest\n>>>>>>> REPLACE", "no-match", "change 1 has no end"),
        (ONE_CHANGE.replace("** 2)", "** 2"), "syntax", "of the code"),
        (
            ONE_CHANGE.replace("return -(rest ** 2)", "pass").replace("    return -rest", "def priority(item, bins):"),
            "syntax",
            "",
        ),
    ],
)
def test_what_cannot_be_applied_says_why(reply: str, reason: str, words: str) -> None:
    found = parsed(reply)
    assert isinstance(found, Failure)
    assert (found.stage, found.reason) == ("parsing", reason)
    assert words in found.detail


def test_lines_that_stand_in_two_places_are_refused() -> None:
    """Nobody knows which of them is meant."""
    twice = edited("a = 1\nb = 2\na = 1\n", [EditBlock(("a = 1",), ("a = 2",))])
    assert isinstance(twice, Failure)
    assert "they stand in 2 places" in twice.detail


def test_a_block_that_was_cut_is_no_change() -> None:
    found = parsed(ONE_CHANGE.partition("=======")[0], truncated=True)
    assert isinstance(found, Failure)
    assert found.reason == "truncated"


LINES = st.lists(st.text(alphabet="ab =+1", max_size=6).map(lambda text: text.rstrip()), max_size=4)


@given(before=LINES, after=LINES, new=LINES)
def test_applying_the_block_of_a_change_makes_the_change(before: list[str], after: list[str], new: list[str]) -> None:
    """Lines that stand in one place are changed there, and nothing else is, however the lines around them look."""
    old = ["marked = 1", "    marked = 2"]
    new = ["fresh = 1", *new, "fresh = 2"]
    code = "\n".join([*before, *old, *after])
    [block] = edit_blocks(EditBlock(tuple(old), tuple(new)).text)
    assert edited(code, [block]) == "\n".join([*before, *new, *after])


@given(st.text(alphabet="<=> SEARCHREPLACE\n`ab#{}", max_size=80))
def test_any_text_is_read(text: str) -> None:
    """Whatever comes is code or a refusal, and never raises."""
    assert isinstance(parsed(text), ParsedReply | Failure)

"""What a search policy may answer, whatever it says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.search_policy import PolicyChoice, PolicyFault, read_choice, stored_answer, stored_fault, written_answer
from tests.support.example_budget import cheap

KNOWN = (0, 3, 8, 9)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 12) | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["parent", "label", "context", "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(value=ANYTHING)
@cheap()
def test_whatever_comes_is_a_choice_among_the_known_or_a_fault(value: Any) -> None:
    """And what is written down of it is read back."""
    answer = read_choice(value, KNOWN, contexts=2)
    if isinstance(answer, PolicyChoice):
        numbers = [answer.parent, *answer.context]
        assert set(numbers) <= set(KNOWN)
        assert len(set(numbers)) == len(numbers) <= 3
    assert stored_answer(written_answer(answer), KNOWN, contexts=2) == answer


@given(text=st.text(max_size=30))
@cheap()
def test_any_text_in_an_archive_can_be_read(text: str) -> None:
    assert isinstance(stored_answer(text, KNOWN, contexts=2), PolicyChoice | PolicyFault)


@pytest.mark.parametrize(
    ("value", "reason", "told"),
    [
        (None, "malformed", "expected a dict with parent, label and context, got None"),
        ({"parent": 3, "score": 1.0}, "malformed", "expected a dict"),
        ({"parent": 4}, "unknown-id", "4 is the number of no program"),
        ({"parent": True}, "unknown-id", "True is the number of no program"),
        ({"parent": 3, "context": [8, 7]}, "unknown-id", "7 is the number"),
        ({"parent": 3, "context": [8, 8]}, "malformed", "repeats a program"),
        ({"parent": 3, "context": [3]}, "malformed", "or the parent 3"),
        ({"parent": 3, "context": [0, 8, 9]}, "malformed", "not a list of up to 2 numbers"),
        ({"parent": 3, "label": "mutate"}, "malformed", "label is 'mutate', not one of refine, diverge, free"),
        ({"parent": 3, "label": []}, "malformed", "label is []"),
    ],
)
def test_faults_say_which_value(value: Any, reason: str, told: str) -> None:
    fault = read_choice(value, KNOWN, contexts=2)
    assert isinstance(fault, PolicyFault)
    assert fault.reason == reason
    assert told in fault.detail


def test_label_and_context_may_be_left_out() -> None:
    assert read_choice({"parent": 8}, KNOWN, contexts=0) == PolicyChoice(parent=8, label="free")


def test_what_no_policy_wrote_is_a_fault() -> None:
    fault = stored_fault("prose")
    assert fault is not None
    assert fault.reason == "malformed"
    assert stored_fault('{"parent": 3, "label": "free", "context": []}') is None

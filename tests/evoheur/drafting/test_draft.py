"""Drafts are read off replies of any form, and their questions found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.drafting.draft import NEEDED_FILES, UnreadableDraft, open_questions, read_draft

NAMED_INSIDE = "```python\n# file: problem.py\na = 1\n```\n\n```python\n# generate.py\nb = 2\n```"
NAMED_BEFORE = "**problem.py**\n```python\na = 1\n```\n\n### `generate.py`:\n~~~\nb = 2\n~~~"


@pytest.mark.parametrize(
    "reply", [NAMED_INSIDE, NAMED_BEFORE, NAMED_INSIDE.replace("\n", "\r\n"), f"Well:\n{NAMED_INSIDE}\nDone."]
)
def test_files_are_found_by_name(reply: str) -> None:
    assert read_draft(reply).files == {"problem.py": "a = 1\n", "generate.py": "b = 2\n"}


def test_of_two_with_one_name_the_last_counts() -> None:
    assert read_draft(f"{NAMED_INSIDE}\nNo, better:\n```\n# file: problem.py\na = 3\n```").files["problem.py"] == "a = 3\n"


def test_a_model_names_no_file_of_evoheurs_own() -> None:
    """Nor a path: what it writes has one of three names."""
    reply = f"{NAMED_INSIDE}\n```\n# file: conftest.py\nx\n```\n```\n# file: draft.json\nx\n```\n```\n# file: ../problem.py\na = 9\n```"
    assert set(read_draft(reply).files) == {"problem.py", "generate.py"}


def test_what_is_missing_is_named() -> None:
    with pytest.raises(UnreadableDraft, match=r"no fenced block for generate\.py\."):
        read_draft("```python\n# file: problem.py\na = 1\n```")
    with pytest.raises(UnreadableDraft, match=r"problem\.py has 70003 characters"):
        read_draft(NAMED_INSIDE.replace("a = 1", f"a = {'1' * 69_998}"))


@given(
    st.lists(st.sampled_from(["```", "~~~", "\n", "# file: problem.py", "generate.py", "x = 1", "````", "\r", "\u2028"])).map(
        "".join
    )
)
def test_any_reply_is_a_draft_or_refused(reply: str) -> None:
    try:
        found = read_draft(reply)
    except UnreadableDraft:
        return
    assert set(NEEDED_FILES) <= set(found.files)


def test_questions_are_comments_of_their_own() -> None:
    source = '''x = 1  # Question: beside code?
# question:   small?
"""
Question: in a docstring?
"""
'''
    assert [(each.file, each.line, each.text) for each in open_questions({"problem.py": source})] == [("problem.py", 2, "small?")]

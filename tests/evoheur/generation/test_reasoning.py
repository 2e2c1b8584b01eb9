"""Thinking aloud in replies, and the marks of chat templates."""

import pytest

from evoheur.generation.parsing import parse_reply
from evoheur.generation.reasoning import REASONING_MARKS, without_reasoning, without_template_marks
from evoheur.request import Failure
from tests.evoheur.generation.support.replies import BEST_FIT, PRIORITY, refused, same, taken

DRAFT = "```python\ndef priority(item, bins):\n    return bins\n```"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no tags", "no tags"),
        ("<think>a</think>b", "b"),
        ("a<Thinking>b</Thinking>c<think>d</think>e", "ace"),
        ("thought\n</think>\nanswer", "\nanswer"),
        ("answer <think> never ends", "answer "),
        ("<think>a<think>b</think>c", "c"),
        ("", ""),
    ],
)
def test_without_reasoning(text: str, expected: str) -> None:
    """Thinking aloud goes, also if a template swallowed the opening tag or the limit the closing one."""
    assert without_reasoning(text) == expected


@pytest.mark.parametrize(("opening", "closing"), REASONING_MARKS)
def test_drafts_between_marks_are_no_answer(opening: str, closing: str) -> None:
    """Whole, cut, or with the opening mark swallowed by the server."""
    answer = f"```python\n{BEST_FIT}```"
    for text in (f"{opening}first try: {DRAFT} but no{closing}{answer}", f"first try: {DRAFT}{closing}{answer}"):
        found = taken(text)
        assert same(found.code, BEST_FIT)
        assert found.thought == ""
    assert refused(f"{opening}first try:\n{DRAFT}\nbut then", truncated=True).reason == "truncated"
    assert refused(f"{opening}first try:\n{DRAFT}", truncated=True).reason == "truncated"
    assert refused(f"{opening}first try:\n{DRAFT}\nbut then").reason == "empty"


def test_marks_of_ones_own() -> None:
    """A configuration may name more; capitals do not matter."""
    text = f"<<musing>>first try: {DRAFT}<</musing>>\n```python\n{BEST_FIT}```"
    found = parse_reply(text, PRIORITY, marks=[("<<Musing>>", "<</Musing>>")])
    assert not isinstance(found, Failure)
    assert same(found.code, BEST_FIT)
    assert without_reasoning("a<m>b</m>c", [("<M>", "</M>")]) == "ac"


@pytest.mark.parametrize(
    "text",
    [
        f"We could begin with first fit.\n{DRAFT}\nBut that wastes space, so the next idea is to",
        f"Okay, let me think. First try:\n{DRAFT}\nHmm, wait",
        "A first try is\n\ndef priority(item, bins):\n    return bins\n\nbut this is worst fit, and we",
    ],
)
def test_a_draft_of_a_cut_reply_is_no_answer(text: str) -> None:
    """Prose follows it, and nothing says that the answer had begun."""
    assert refused(text, truncated=True).reason == "truncated"
    assert taken(text).code


@pytest.mark.parametrize(
    "text",
    [
        f"```python\n{BEST_FIT}```\nThis heuristic is good bec",
        f"{{Prefers tight bins.}}\n```python\n{BEST_FIT}```\nExplanation: the gap is",
        f"Certainly! Here is the function:\n\n```python\n{BEST_FIT}```\nIt prefers",
        f"<think>First try: {DRAFT} no.</think>I chose best fit, since it wastes least.\n```python\n{BEST_FIT}```\nIt prefers",
    ],
)
def test_an_answer_whose_explanation_was_cut_is_taken(text: str) -> None:
    assert same(taken(text, truncated=True).code, BEST_FIT)


@pytest.mark.parametrize(
    "mark",
    [
        "<|eot_id|>",
        "<|im_end|>",
        "</s>",
        "<|endoftext|>",
        "<｜end▁of▁sentence｜>",
        "<end_of_turn>",
        "[/INST]",
        "<|end|>",
        "<eos>",
        "</code>",
    ],
)
def test_marks_of_templates_that_are_glued_to_the_code(mark: str) -> None:
    code = "def priority(item, bins):\n    return -(bins-item)*1.0"
    for text in (
        f"{code}{mark}",
        f"<|im_start|>assistant\n{code}{mark}",
        f"```python\n{code}{mark}\n```",
        f"{code}{mark}\nIt is fast.{mark}",
    ):
        assert same(taken(text).code, code)
    assert without_template_marks(f"x{mark}y") == "x\ny"

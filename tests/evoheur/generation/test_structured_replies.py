"""Code inside JSON: bare, fenced, nested, in lines, as a Python dictionary, cut."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.generation.parsing import ParsedReply
from evoheur.generation.structured_replies import laid_out
from tests.evoheur.generation.support.replies import BEST_FIT, refused, same, taken
from tests.evoheur.generation.test_parsing_any_text import modules

CODE = "import numpy as np\ndef priority(item, bins):\n    return -(bins-item)*1.0\n"
IDEA = "Prefers the tightest bin."

OBJECTS: dict[str, Callable[[str, str], str]] = {
    "bare": lambda idea, code: json.dumps({"thought": idea, "code": code}),
    "code first": lambda idea, code: json.dumps({"code": code, "description": idea}),
    "fenced": lambda idea, code: f"```json\n{json.dumps({'thought': idea, 'code': code})}\n```",
    "fenced without a language": lambda idea, code: f"```\n{json.dumps({'Idea': idea, 'Code': code}, indent=2)}\n```",
    "prose around": lambda idea, code: f"Here is my answer: {json.dumps({'thought': idea, 'code': code})} I hope it helps.",
    "nested": lambda idea, code: json.dumps({"answer": {"thought": idea, "solutions": [{"code": code}]}}),
    "a list": lambda idea, code: json.dumps([{"thought": idea, "code": code}]),
    "lines": lambda idea, code: json.dumps({"thought": idea, "code": code.split("\n")}),
    "a fence in it": lambda idea, code: json.dumps({"thought": idea, "code": f"```python\n{code}\n```"}),
    "escaped twice": lambda idea, code: json.dumps({"thought": idea, "code": json.dumps(code)[1:-1]}),
    "a comma too many": lambda idea, code: json.dumps({"thought": idea, "code": code})[:-1] + ",}",
    "glued to a mark": lambda idea, code: json.dumps({"thought": idea, "code": code}) + "<|eot_id|>",
    "a Python dictionary": lambda idea, code: repr({"thought": idea, "code": code}),
    "after reasoning": lambda idea, code: f"<think>Maybe worst fit?</think>{json.dumps({'thought': idea, 'code': code})}",
}


@pytest.mark.parametrize("write", OBJECTS.values(), ids=OBJECTS)
def test_code_inside_json(write: Callable[[str, str], str]) -> None:
    assert taken(write(IDEA, CODE)) == ParsedReply(thought=IDEA, code=CODE)


@pytest.mark.parametrize("write", OBJECTS.values(), ids=OBJECTS)
def test_characters_that_json_writes_as_two_come_back(write: Callable[[str, str], str]) -> None:
    code = CODE.replace("    return", "    # \U00010000 \U0001f4e6\n    return")
    assert taken(write(IDEA, code)).code == code


def test_half_a_character_is_no_reason_to_lose_a_reply() -> None:
    found = taken('{"thought": "Tight \\ud83d.", "code": "' + json.dumps(CODE)[1:-1] + '"}')
    assert same(found.code, CODE)


def test_line_ends_that_were_not_escaped() -> None:
    """Models write them into strings as they are, which is no JSON."""
    found = taken(f'{{"thought": "{IDEA}", "code": "{CODE}"}}')
    assert (found.thought, same(found.code, CODE)) == (IDEA, True)
    assert same(taken(f'{{\n"thought": "{IDEA}",\n"code": """{CODE}"""\n}}').code, CODE)


@given(code=modules(), write=st.sampled_from(sorted(OBJECTS)))
def test_any_code_comes_back_from_json(code: str, write: str) -> None:
    assert same(taken(OBJECTS[write](IDEA, code)).code, code)


def test_json_that_was_cut() -> None:
    """It is taken where the function is whole, and called cut where it is not."""
    whole = json.dumps({"thought": IDEA, "code": CODE})
    assert same(taken(whole[: whole.index("*1.0") + 6], truncated=True).code, CODE)
    assert refused(whole[: whole.index("item)*")], truncated=True).reason == "truncated"


def test_json_without_code_leaves_the_reply_as_it_is() -> None:
    assert laid_out('{"alpha": "1", "b": ["x", "y"]}') is None
    assert same(taken(f'Settings {{"alpha": "1"}} go unused.\n```python\n{BEST_FIT}```').code, BEST_FIT)
    assert refused('{"thought": "I cannot help with that."}').reason == "no-code"


@pytest.mark.parametrize("piece", ['"a":"', '"a":["', '"a":', '"a":["x"', "'", '"', '"a": ["b", ', '"a":"\\', '"a":"""', '{"a":'])
def test_broken_objects_are_looked_through_once(piece: str) -> None:
    """The suite's time limit sees that the work does not grow with the square of the length."""
    laid_out(piece * (100_000 // len(piece)) + "def f(x):")

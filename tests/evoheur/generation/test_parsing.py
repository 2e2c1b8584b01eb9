"""Replies as models write them: what is taken, what is refused, and why."""

from collections.abc import Callable

import pytest

from evoheur.generation.parsing import MAX_REPLY, ParsedReply, Reason, check_code
from evoheur.request import Failure
from tests.evoheur.generation.support.replies import BEST_FIT, PRIORITY, WRAPPINGS, refused, same, taken


def test_eoh_reply() -> None:
    """EoH's format, a sentence in braces and a fenced block, gives both as they are."""
    found = taken(f"{{Prefers the bin that is left with the smallest gap.}}\n\n```python\n{BEST_FIT}```\n")
    assert found == ParsedReply(thought="Prefers the bin that is left with the smallest gap.", code=BEST_FIT)


@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
def test_wrappings(wrap: Callable[[str], str]) -> None:
    """However the code is wrapped, it comes out with the syntax tree that went in."""
    assert same(taken(wrap(BEST_FIT)).code, BEST_FIT)


@pytest.mark.parametrize(
    ("text", "reason", "words"),
    [
        ("", Reason.EMPTY, "empty"),
        ("  \n\t", Reason.EMPTY, "empty"),
        ("<think>hm, hm</think>\n", Reason.EMPTY, "thinking"),
        ("I am sorry, I cannot help with that.", Reason.NO_CODE, "priority(item, bins)"),
        ("```python\ndef priority(item, bins):\n    x = = 1\n```", Reason.SYNTAX, "line 2 of the code: invalid syntax: 'x = = 1'"),
        ("Look:\ndef priority(item, bins):\n    return (bins\nThat is all.", Reason.SYNTAX, "line 2"),
        ("```python\ndef priority(item, bins):\n    return '\0'\n```", Reason.SYNTAX, "null"),
        ("```python\ndef priority(item, bins):\n    return '\ud800'\n```", Reason.SYNTAX, "ud800"),
        ("```python\ndef priority(item, bins):\n    nonlocal item\n    return item\n```", Reason.SYNTAX, "nonlocal"),
        ("```\ndef rule(item, bins):\n    return 1\n```", Reason.WRONG_NAME, "defines rule; expected priority(item, bins)"),
        ("```python\nclass Rule:\n    def priority(self, item, bins):\n        return bins\n```", Reason.NO_FUNCTION, "no function"),
        ("```python\nasync def priority(item, bins):\n    return bins\n```", Reason.NO_FUNCTION, "no function"),
        ("```python\nprint('hello')\n```", Reason.NO_FUNCTION, "no function"),
        ("```python\ndef priority(item, bins):\n    '''Score.'''\n    ...\n```", Reason.NO_FUNCTION, "no body"),
        ("x" * (MAX_REPLY + 1), Reason.TOO_LONG, str(MAX_REPLY)),
        (f"def priority(item, bins):\n    return {'+'.join(['bins'] * 500)}\n", Reason.SYNTAX, "nested"),
        (f"def priority(item, bins):\n    return {'(' * 500}bins{')' * 500}\n", Reason.SYNTAX, "nested"),
        (f"def priority(item, bins):\n    return {'-' * 9000}1\n", Reason.SYNTAX, "line 1"),
        (f"def priority(item, bins):\n    return {'9' * 5000}\n", Reason.SYNTAX, "integer"),
    ],
)  # fmt: skip
def test_refusals(text: str, reason: Reason, words: str) -> None:
    """Every refusal has a word to count by and a line that names the value and what was expected."""
    failure = refused(text)
    assert failure.reason == reason
    assert words in failure.detail


CUT = [
    ("inside an expression", "```python\nimport numpy as np\ndef priority(item, bins):\n    return np.where(bins - "),
    (
        "at the end of a line, before the return",
        "```python\nimport numpy as np\ndef priority(item, bins):\n    gap = bins - item\n",
    ),
    ("in a comment, before the return", "```python\ndef priority(item, bins):\n    gap = bins - item\n    # now we"),
    (
        "in an else that returns nothing yet",
        "def priority(item, bins):\n    if item > 3:\n        return bins\n    else:\n        a = 1\n",
    ),
    (
        "before a helper came",
        "```python\ndef priority(item, bins):\n    return helper(bins)\n\ndef helper(bins):\n    return (bins",
    ),
    ("while thinking", "<think>\nI could write\n```python\ndef priority(item, bins):\n    return bins\n```\nbut then"),
    ("in the prose", "The best way to go about this problem is to"),
]


@pytest.mark.parametrize("text", [text for _, text in CUT], ids=[name for name, _ in CUT])
def test_cut_replies_that_lack_something(text: str) -> None:
    """A reply that hit the token limit before the function was whole is refused as such, with the remedy."""
    failure = refused(text, truncated=True)
    assert failure.reason == Reason.TRUNCATED
    assert "max_tokens" in failure.detail


@pytest.mark.parametrize(
    "tail",
    [
        "",
        "```\nThis heuristic is good bec",
        "\n# Example\nresult = priority(3, np.arr",
        '\nprint("',
        "\ndef test():\n    assert (",
        "```",
    ],
)
def test_cut_after_the_function(tail: str) -> None:
    """A reply that was cut after the function is taken without the cut tail."""
    assert same(taken(f"```python\n{BEST_FIT}{tail}", truncated=True).code, BEST_FIT)


def test_closed_block_without_return_is_not_called_cut() -> None:
    """A function that ends without `return` inside a closed block is the model's doing, not the limit's."""
    code = "def priority(item, bins):\n    for b in bins:\n        yield b\n"
    assert same(taken(f"```python\n{code}```\nAs you can se", truncated=True).code, code)


SMALL_MODEL_REPLIES = {
    "argmax instead of an array": "def priority(item, bins):\n    return np.argmax(-(bins - item))\n",
    "bins modified in place": "def priority(item, bins):\n    bins -= item\n    return -bins\n",
    "NaN among the scores": "import numpy as np\n\ndef priority(item, bins):\n    return np.where(bins > item, 1 / bins, np.nan)\n",
    "import scipy": "import scipy.stats\n\ndef priority(item, bins):\n    return scipy.stats.norm.pdf(bins - item)\n",
    "invented numpy function": "import numpy as np\n\ndef priority(item, bins):\n    return np.best_fit(bins, item)\n",
    "parent under a new comment": "# improved version\ndef priority(item, bins):\n    return -(bins - item)\n",
    "sorted bins": "def priority(item, bins):\n    return sorted(bins, key=lambda b: b[-1])\n",
    "endless recursion": "def priority(item, bins):\n    return priority(item, bins)\n",
}


@pytest.mark.parametrize("code", SMALL_MODEL_REPLIES.values(), ids=SMALL_MODEL_REPLIES)
def test_faults_of_small_models_are_left_to_evaluation(code: str) -> None:
    """Seen from 0.5B and 1.5B models: valid code with a bad idea passes, so that its failure is stored with the status it earns."""
    found = taken(f"Certainly! Here is the improved function:\n\n```python\n{code}```\n\nThis function improves on the baseline.")
    assert found.code.endswith(code)
    assert check_code(found.code, PRIORITY) is None


def test_check_code() -> None:
    """A user's file passes as it is, whatever else it defines; a wrong one is refused as a reply would be."""
    assert check_code(BEST_FIT + "\nprint('run me')\n", PRIORITY) is None
    assert check_code("def priority(item, bins):\n    return 1\nreturn 2\n", PRIORITY) == Failure(
        stage="parsing", reason="syntax", detail="line 3 of the code: 'return' outside function: 'return 2'"
    )
    failure = check_code("def other(item, bins):\n    return 1\n", PRIORITY)
    assert failure is not None
    assert failure.reason == Reason.WRONG_NAME

"""Replies as models write them: what is taken, what is refused, and why."""

import ast
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evoheur.generation.parsing import MAX_REPLY, FunctionSignature, ParsedReply, Reason, check_code, parse_reply, signatures_of
from evoheur.request import Failure

PRIORITY = (FunctionSignature("priority", ("item", "bins")),)
RUIN_RECREATE = (FunctionSignature("ruin", ("tour", "rng")), FunctionSignature("recreate", ("removed",)))

BEST_FIT = """import numpy as np

def priority(item, bins):
    return -np.abs(bins - item)
"""
UNUSED_IMPORT = "import math\nimport numpy as np\n\ndef priority(item, bins):\n    return -(bins - item)\n"


def taken(text: str, *, truncated: bool = False, wanted: tuple[FunctionSignature, ...] = PRIORITY) -> ParsedReply:
    found = parse_reply(text, wanted, truncated=truncated)
    assert isinstance(found, ParsedReply), found
    return found


def refused(text: str, *, truncated: bool = False, wanted: tuple[FunctionSignature, ...] = PRIORITY) -> Failure:
    found = parse_reply(text, wanted, truncated=truncated)
    assert isinstance(found, Failure), found
    assert found.stage == "parsing"
    assert found.detail
    assert "\n" not in found.detail
    return found


def same(code: str, expected: str) -> bool:
    return ast.dump(ast.parse(code)) == ast.dump(ast.parse(expected))


def test_eoh_reply() -> None:
    """EoH's format, a sentence in braces and a fenced block, gives both as they are."""
    found = taken(f"{{Prefers the bin that is left with the smallest gap.}}\n\n```python\n{BEST_FIT}```\n")
    assert found == ParsedReply(thought="Prefers the bin that is left with the smallest gap.", code=BEST_FIT)


WRAPPINGS: dict[str, Callable[[str], str]] = {
    "bare": lambda code: code,
    "backticks": lambda code: f"```\n{code}```",
    "python": lambda code: f"Here is my idea. It is new.\n\n```python\n{code}\n```\nIt works because gaps are small.",
    "py": lambda code: f"```py\n{code}```",
    "capital Python": lambda code: f"```Python\n{code}```",
    "tildes": lambda code: f"Text before\n~~~python\n{code}\n~~~\nText after",
    "four backticks": lambda code: f"````python\n{code}\n````",
    "never closed": lambda code: f"Sure!\n```python\n{code}",
    "closing fence glued": lambda code: f"```python\n{code.rstrip()}```\nDone.",
    "no fence, prose around": lambda code: f"I suggest this rule:\n\n{code}\nThis heuristic prefers tight bins, so waste is low.",
    "indented block": lambda code: (
        "The rule:\n\n" + "".join(f"    {line}\n" if line else "\n" for line in code.split("\n")) + "\nEnd."
    ),
    "fence in a list": lambda code: (
        "1. The code\n   ```python\n"
        + "".join(f"   {line}\n" if line else "\n" for line in code.split("\n"))
        + "   ```\n2. Why it works"
    ),
    "Windows newlines": lambda code: f"```python\n{code}```".replace("\n", "\r\n"),
    "byte-order mark": lambda code: "\ufeff" + f"```python\n{code}```",
    "thinking aloud": lambda code: (
        f"<think>\nMaybe\n```python\ndef priority(a, b):\n    return 0\n```\n</think>\n```python\n{code}```"
    ),
    "thinking, opening tag missing": lambda code: f"I could use first fit.\n</think>\n{{Best fit, again.}}\n```python\n{code}```",
    "braces inside the fence": lambda code: f"```python\n{{The rule prefers tight bins.}}\n{code}```",
    "usage in a block of its own": lambda code: (
        f"```python\n{code}```\nUsage:\n```python\nprint(priority(3, np.array([4, 5])))\n```"
    ),
    "shell before": lambda code: f"```bash\npip install numpy\n```\n\n```python\n{code}```",
    "test code below": lambda code: f'```python\n{code}\nif __name__ == "__main__":\n    print(priority(1, np.arange(3)))\n```',
    "example calls below": lambda code: (
        f"```python\n{code}\n# Example usage\nsome_bins = np.array([10, 20])\nresult = priority(5, some_bins)\nprint(result)\n```"
    ),
    "first block unfinished": lambda code: f"```python\ndef priority(item, bins):\n    ...\n```\nIn full:\n```python\n{code}```",
}


@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
def test_wrappings(wrap: Callable[[str], str]) -> None:
    """However the code is wrapped, it comes out with the syntax tree that went in."""
    assert same(taken(wrap(BEST_FIT)).code, BEST_FIT)


FULL = '''from __future__ import annotations

import math
import numpy as np
from numpy.typing import NDArray

SCALE = 2.5
TABLE = {}
for size in range(10):
    TABLE[size] = math.sqrt(size)


class Memory:
    """Holds what `weight` last saw."""

    last = 0.0


@staticmethod
def weight(gap):
    # a comment at the margin of the body
    Memory.last = gap
    return SCALE * gap


def priority(item: int, bins: NDArray[np.int64]) -> NDArray[np.float64]:
    """Score bins.

    ```
    an example in a docstring, with a fence
    ```
    """
    gaps = bins - item
    return -weight(gaps) + TABLE.get(item, 0.0)
'''


@pytest.mark.parametrize("wrap", [WRAPPINGS["bare"], WRAPPINGS["no fence, prose around"], WRAPPINGS["python"]])
def test_everything_the_function_uses_is_kept(wrap: Callable[[str], str]) -> None:
    """Imports, constants, a table and the loop that fills it, a class, a decorated helper, and fences inside a docstring survive."""
    assert same(taken(wrap(FULL)).code, FULL)


def test_what_the_function_does_not_use_is_dropped() -> None:
    """Prints, calls, plots, tests, other versions and the imports that only they use are gone."""
    extra = (
        "import matplotlib.pyplot as plt\n"
        + BEST_FIT
        + """
def priority_v0(item, bins):
    return bins

def test_priority():
    assert priority(1, np.ones(3)) is not None

items = np.random.weibull(3, 10**9)
bins = np.array([3, 4])
bins[0] = 7
np.random.seed(1)
if __name__ == "__main__":
    bins = priority(1, bins)
test_priority()
plt.plot(items)
while True:
    pass
"""
    )
    assert same(taken(f"```python\n{extra}```").code, BEST_FIT)


def test_imports_that_nothing_uses_stay() -> None:
    """An import is only dropped with the example that used it; whether it is allowed is the screen's business."""
    assert taken(f"```python\n{UNUSED_IMPORT}```").code == UNUSED_IMPORT
    assert "math" in taken(f"```python\n{UNUSED_IMPORT}print(np.ones(3))\n```").code


def test_layout_stays_when_nothing_is_dropped() -> None:
    """Code that needs no change comes out character by character, comments included."""
    code = "import numpy as np\n# odd   spacing\ndef priority( item,bins ):\n    return  -np.abs(bins) # why\n"
    assert taken(f"```python\n{code}```").code == code


def test_comments_go_with_their_statement() -> None:
    """A comment above a statement stays with it and leaves with it."""
    code = "import numpy as np\n# the rule\ndef priority(item, bins):\n    return -bins\n\n# try it\nprint(priority(1, np.ones(2)))\n"
    assert taken(code).code == "# the rule\ndef priority(item, bins):\n    return -bins\n"


def test_two_statements_on_one_line() -> None:
    """Semicolons do not confuse what is kept."""
    code = "import numpy as np; print('hello')\ndef priority(item, bins): return np.exp(-bins)\n"
    assert same(taken(code).code, "import numpy as np\ndef priority(item, bins): return np.exp(-bins)")


def test_imports_and_function_in_separate_blocks() -> None:
    """What a block uses and does not define is taken from the others."""
    text = (
        "First the imports:\n```python\nimport numpy as np\nALPHA = 0.5\n```\nThen the rule:\n```python\n"
        "def priority(item, bins):\n    return helper(bins) * ALPHA\n```\nwith\n```python\ndef helper(bins):\n    return np.log(bins)\n```"
    )
    assert same(
        taken(text).code,
        "import numpy as np\nALPHA = 0.5\ndef helper(bins):\n    return np.log(bins)\n"
        "def priority(item, bins):\n    return helper(bins) * ALPHA\n",
    )


def test_last_complete_block_wins_with_its_own_helpers() -> None:
    """A revision replaces the draft, and a helper of the same name is the revision's."""
    text = (
        "```python\ndef gain(x):\n    return x\ndef priority(item, bins):\n    return gain(bins)\n```\nBetter:\n"
        "```python\ndef gain(x):\n    return -x\ndef priority(item, bins):\n    return gain(bins - item)\n```\n"
    )
    assert same(taken(text).code, "def gain(x):\n    return -x\ndef priority(item, bins):\n    return gain(bins - item)\n")


def test_revision_that_does_not_parse_leaves_the_draft() -> None:
    """Of several blocks the last complete one counts, not the last one."""
    assert same(
        taken(f"```python\n{BEST_FIT}```\nOr:\n```python\ndef priority(item, bins):\n    return (bins -\n```").code, BEST_FIT
    )


def test_exact_name_beats_similar_names() -> None:
    """Beside `priority_v2` and `priority_new` it is `priority` that counts."""
    code = (
        "def priority_v2(item, bins):\n    return bins\n"
        "def priority(item, bins):\n    return -bins\n"
        "def priority_new(item, bins):\n    return 0\n"
    )
    assert same(taken(f"```python\n{code}```").code, "def priority(item, bins):\n    return -bins\n")


def test_highest_version_is_taken_under_the_wanted_name() -> None:
    """FunSearch's prompts make models continue `_v0`, `_v1` with `_v2`; older versions stay only if they are called."""
    code = (
        "def priority_v0(item, bins):\n    return bins\n"
        "def priority_v1(item, bins):\n    return -bins\n"
        "def priority_v10(item, bins):\n    return priority_v1(item, bins) if item > 3 else priority_v10(item + 1, bins)\n"
    )
    assert same(
        taken(code).code,
        "def priority_v1(item, bins):\n    return -bins\n"
        "def priority(item, bins):\n    return priority_v1(item, bins) if item > 3 else priority(item + 1, bins)\n",
    )


def test_usual_imports_are_added() -> None:
    """A forgotten `import numpy as np` and the template's annotations do not cost the candidate; inventions do not pass for imports."""
    code = "def priority(item: int, bins: NDArray[np.int64]) -> List[float]:\n    return [math.sqrt(b) for b in invented(bins)]\n"
    assert same(
        taken(f"```python\n{code}```").code,
        f"from typing import List\nfrom numpy.typing import NDArray\nimport math\nimport numpy as np\n{code}",
    )


def test_star_import_is_kept_and_trusted() -> None:
    """After `from numpy import *` nobody can say which names are missing, so none is added."""
    code = "from numpy import *\ndef priority(item, bins):\n    return exp(-bins) + math.pi\n"
    assert same(taken(code).code, code)


def test_code_that_looks_names_up_keeps_its_definitions() -> None:
    """With `globals()` in play a helper may be used invisibly."""
    code = "def hidden(b):\n    return -b\ndef priority(item, bins):\n    return globals()['hid' + 'den'](bins)\n"
    assert same(taken(code).code, code)


def test_lambda_counts_as_definition() -> None:
    """`priority = lambda item, bins: …` defines the function."""
    code = "priority = lambda item, bins: -bins\n"
    assert taken(f"```python\n{code}```").code == code


@pytest.mark.parametrize(
    "parameters",
    ["a, b", "item, bins, scale=2.0", "*args", "item, *rest, base=1", "item, /, bins", "item=1, bins=None", "item, bins, **kw"],
)
def test_callable_with_two_arguments(parameters: str) -> None:
    """Other names, defaults and *args are fine as long as the call the solver makes works."""
    assert isinstance(taken(f"def priority({parameters}):\n    return 0\n"), ParsedReply)


@pytest.mark.parametrize("parameters", ["", "bins", "item, bins, capacity", "item, bins, *, capacity", "*, item, bins", "**kw"])
def test_wrong_arity(parameters: str) -> None:
    """A function that the solver could not call is refused, with what was found and what is wanted."""
    failure = refused(f"```python\ndef priority({parameters}):\n    return 0\n```")
    assert failure.reason == Reason.WRONG_ARITY
    assert "expected priority(item, bins)" in failure.detail


def test_several_functions() -> None:
    """A heuristic of two functions is found in one block or in two, and a missing one is named."""
    ruin = "def ruin(tour, rng):\n    return tour[:3]\n"
    recreate = "def recreate(removed):\n    return sorted(removed)\n"
    both = taken(f"{{Removes the first three and sorts.}}\n```python\n{ruin}{recreate}```", wanted=RUIN_RECREATE)
    assert same(both.code, ruin + recreate)
    apart = taken(f"```python\n{recreate}```\nand\n```python\n{ruin}```", wanted=RUIN_RECREATE)
    assert same(apart.code, recreate + ruin)
    failure = refused(f"```python\n{ruin}```", wanted=RUIN_RECREATE)
    assert (failure.reason, failure.detail) == ("wrong-name", "the code defines ruin; expected recreate(removed)")


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


def test_two_functions_in_one_block() -> None:
    """Seen from small models: `score` and `score_v2` in one block."""
    wanted = (FunctionSignature("score", ("item", "bins")),)
    code = "def score(item, bins):\n    return -bins\n\ndef score_v2(item, bins):\n    return bins\n"
    assert same(taken(f"```python\n{code}```", wanted=wanted).code, "def score(item, bins):\n    return -bins\n")


@pytest.mark.parametrize(
    ("text", "thought"),
    [
        (f"{{Spans\n  two lines of text.}}\n```python\n{BEST_FIT}```", "Spans two lines of text."),
        (f"The score is $\\frac{{remaining capacity}}{{item}}$. {{Weighs gap by size.}}\n```python\n{BEST_FIT}```", "Weighs gap by size."),
        (f'Options {{"alpha": 1, "b": 2}} go unused. Fits tight.\n```\n{BEST_FIT}```', 'Options {"alpha": 1, "b": 2} go unused.'),
        (f"```python\n# {{Prefers tight bins always.}}\n{BEST_FIT}```", "Prefers tight bins always."),
        (f"```python\n{{Prefers tight bins always.}}\n{BEST_FIT}```", "Prefers tight bins always."),
        (f"```python\n{BEST_FIT}```\n{{Said only afterwards, in braces.}}", "Said only afterwards, in braces."),
        (f"Sure! Here is the code:\n\n**Idea**: Rank bins by gap. Then more.\n```python\n{BEST_FIT}```", "Idea: Rank bins by gap."),
        (f"Sure! Here is the code:\n```python\n{BEST_FIT}```\nIt is fast.", ""),
        ("def priority(item, bins):\n    '''Harmonic weights.\n\n    More.\n    '''\n    return bins\n", "Harmonic weights."),
        (BEST_FIT, ""),
        (f"{{{'long words ' * 100}}}\n```python\n{BEST_FIT}```", ("long words " * 100)[:499].rstrip() + "…"),
    ],
)  # fmt: skip
def test_thought(text: str, thought: str) -> None:
    """The thought is the sentence in braces, else what the author said first about the idea, on one line."""
    assert taken(text).thought == thought


def test_check_code() -> None:
    """A user's file passes as it is, whatever else it defines; a wrong one is refused as a reply would be."""
    assert check_code(BEST_FIT + "\nprint('run me')\n", PRIORITY) is None
    assert check_code("def priority(item, bins):\n    return 1\nreturn 2\n", PRIORITY) == Failure(
        stage="parsing", reason="syntax", detail="line 3 of the code: 'return' outside function: 'return 2'"
    )
    failure = check_code("def other(item, bins):\n    return 1\n", PRIORITY)
    assert failure is not None
    assert failure.reason == Reason.WRONG_NAME


def test_signatures_of_callables() -> None:
    """A problem's functions give names and positional parameters."""

    def recreate(removed: list[int], /, order: int, *, seed: int = 0) -> np.ndarray:
        return np.array([*removed, order, seed])

    assert signatures_of([recreate]) == (FunctionSignature("recreate", ("removed", "order")),)
    assert str(signatures_of([recreate])[0]) == "recreate(removed, order)"


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


@settings(deadline=None)
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


@settings(deadline=None)
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

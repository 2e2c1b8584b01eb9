"""Replies for choices, matrices and heuristics of two functions, with the habits of small models."""

import pytest

from evoheur.code.signature import signatures_of
from evoheur.generation.parsing import FunctionSignature
from tests.evoheur.generation.mutation.support.other_shapes import next_stop, penalise, promise
from tests.evoheur.generation.support.replies import refused, same, taken

REMOVE = "def remove(seed, lengths, noise):\n    return -lengths[seed] + SPREAD * noise\n"
INSERT = "def insert(sizes, detours):\n    return near(detours) * sizes\n"
NEAR = "def near(x):\n    return np.exp(-x)\n"
SPREAD = "SPREAD = 0.5\n"
NUMPY = "import numpy as np\n"
BOTH = (FunctionSignature("remove", ("seed", "lengths", "noise")), FunctionSignature("insert", ("sizes", "detours")))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (f"```python\n{NUMPY}{SPREAD}{NEAR}{REMOVE}{INSERT}```", NUMPY + SPREAD + NEAR + REMOVE + INSERT),
        (f"```python\n{NUMPY}{INSERT}{NEAR}{SPREAD}{REMOVE}```", NUMPY + INSERT + NEAR + SPREAD + REMOVE),
        (
            f"First what leaves:\n```python\n{NUMPY}{SPREAD}{REMOVE}```\nThen what comes back:\n```python\n{NUMPY}{NEAR}{INSERT}```\nDone.",
            NUMPY + SPREAD + REMOVE + NUMPY + NEAR + INSERT,
        ),
        (
            (
                f"```python\n{NUMPY}{SPREAD}{NEAR}{REMOVE}{INSERT}\ndef example():\n    return remove(1, np.eye(3), np.ones(3))\n\n"
                "print(example())\n```"
            ),
            NUMPY + SPREAD + NEAR + REMOVE + INSERT,
        ),
        (f"```python\n{SPREAD}{NEAR}{REMOVE}{INSERT}```", NUMPY + SPREAD + NEAR + REMOVE + INSERT),
        (
            f"```python\ndef insert(sizes, detours):\n    ...\n```\nThe whole:\n```python\n{NUMPY}{SPREAD}{NEAR}{REMOVE}{INSERT}```",
            NUMPY + SPREAD + NEAR + REMOVE + INSERT,
        ),
    ],
    ids=["in order", "other order", "a block each", "example below", "import forgotten", "stub before"],
)
def test_two_functions_with_what_they_need(reply: str, expected: str) -> None:
    """In any order, in one block or two, with the helper and the constant that one of them uses."""
    assert same(taken(f"{{Leaves what is near.}}\n{reply}", wanted=BOTH).code, expected)


@pytest.mark.parametrize(
    ("reply", "reason", "words"),
    [
        (f"```python\n{NUMPY}{SPREAD}{REMOVE}```", "wrong-name", "defines remove; expected insert(sizes, detours)"),
        (f"```python\n{NUMPY}{NEAR}{INSERT}```", "wrong-name", "expected remove(seed, lengths, noise)"),
        (
            f"```python\n{NUMPY}{SPREAD}{REMOVE}def insert(sizes):\n    return sizes\n```",
            "wrong-arity",
            "insert(sizes) cannot be called with 2 arguments",
        ),
        (f"```python\n{NUMPY}{SPREAD}{REMOVE}def insert(sizes, detours):\n    pass\n```", "no-function", "insert has no body"),
        ("```python\nclass Rule:\n    pass\n```", "no-function", "expected remove(seed, lengths, noise)"),
    ],
    ids=["second missing", "first missing", "other parameters", "no body", "none at all"],
)
def test_a_function_that_is_missing_is_named(reply: str, reason: str, words: str) -> None:
    """The refusal says which of the two, and what was expected of it."""
    failure = refused(reply, wanted=BOTH)
    assert failure.reason == reason
    assert words in failure.detail


def test_a_reply_cut_inside_the_second_function() -> None:
    """The first one alone is no heuristic; the remedy is named."""
    failure = refused(
        f"```python\n{NUMPY}{SPREAD}{REMOVE}def insert(sizes, detours):\n    return near(", truncated=True, wanted=BOTH
    )
    assert failure.reason == "truncated"
    assert "insert(sizes, detours)" in failure.detail
    assert "max_tokens" in failure.detail


@pytest.mark.parametrize(
    "code",
    [
        "def next_stop(here, home, waiting, room, sizes, lengths):\n    return min(waiting, key=lambda stop: lengths[here][stop])\n",
        (
            "def next_stop(here: int, home: int, waiting: list, room: int, sizes: list, lengths: list) -> int:\n    best = None\n"
            "    for stop in waiting:\n        if best is None or lengths[here][stop] < lengths[here][best]:\n            best = stop\n"
            "    return best\n"
        ),
        "def next_stop(here, home, waiting, room, sizes, lengths):\n    return np.argmin(lengths[here][waiting])\n",
    ],
    ids=["min with a key", "a loop", "an index instead of the stop"],
)
def test_choices_as_small_models_write_them(code: str) -> None:
    """What is code of the right form passes; whether it chooses well, or at all, is for the evaluation to say."""
    wanted = signatures_of([next_stop])
    assert taken(f"Here is the function:\n```python\n{code}```\nIt picks the nearest.", wanted=wanted).code.endswith(code)


def test_matrices_as_small_models_write_them() -> None:
    """Loops over entries, a second version and a main part; the last whole version counts."""
    loops = (
        "def promise(lengths, places, sizes, room):\n    n = len(lengths)\n    result = np.zeros((n, n))\n    for i in range(n):\n"
        "        for j in range(n):\n            if i != j:\n                result[i][j] = 1.0 / lengths[i][j]\n    return result\n"
    )
    reply = f"```python\n{NUMPY}{loops}\nif __name__ == '__main__':\n    print(promise(np.eye(2), None, None, 1))\n```"
    assert same(taken(reply, wanted=signatures_of([promise])).code, NUMPY + loops)
    first = "def penalise_v1(lengths, tour, penalties):\n    return lengths\n\n"
    versions = f"{first}def penalise_v2(lengths, tour, penalties):\n    return 2 * lengths\n"
    found = taken(f"```python\n{versions}```", wanted=signatures_of([penalise])).code
    assert same(found, "def penalise(lengths, tour, penalties):\n    return 2 * lengths\n")

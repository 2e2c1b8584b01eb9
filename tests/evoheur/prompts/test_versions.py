"""Versioned names: what is renamed, what is left alone, and that the reply parser undoes it."""

import ast

import pytest

from evoheur.code.signature import FunctionSignature
from evoheur.generation.parsing import ParsedReply, parse_reply
from evoheur.prompts.card import ProblemCard
from evoheur.prompts.versions import versioned_card, versioned_code
from tests.evoheur.prompts.support.made_up import PairRoutingTSP, VanLoading

VANS = ProblemCard.from_problem(VanLoading())
PAIRS = ProblemCard.from_problem(PairRoutingTSP())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def load_order(p, r):\n    return r - p\n", "def load_order_v2(p, r):\n    return r - p\n"),
        # A call to itself, and a comment and a string that only mention it.
        (
            "def load_order(p, r):\n    # load_order of less\n    return load_order(p - 1, r) if p else 'load_order'\n",
            "def load_order_v2(p, r):\n    # load_order of less\n    return load_order_v2(p - 1, r) if p else 'load_order'\n",
        ),
        # Not the function: a parameter, a local variable, an attribute, a keyword, another name that begins alike.
        ("def f(load_order):\n    return load_order\n", "def f(load_order):\n    return load_order\n"),
        (
            "def load_order(p, r):\n    load_order = r - p\n    return load_order\n",
            "def load_order_v2(p, r):\n    load_order = r - p\n    return load_order\n",
        ),
        ("g = lambda load_order: load_order\n", "g = lambda load_order: load_order\n"),
        ("x.load_order(load_order=1)\n", "x.load_order(load_order=1)\n"),
        ("def load_orders(p, r):\n    return my_load_order\n", "def load_orders(p, r):\n    return my_load_order\n"),
        ("def f():\n    def load_order():\n        return 1\n    return load_order()\n",) * 2,
        # A helper that calls it, an assignment that makes it, and an odd layout of the header.
        ("def f(p, r):\n    return load_order(p, r)\n", "def f(p, r):\n    return load_order_v2(p, r)\n"),
        ("load_order = lambda p, r: load_order(p, r)\n", "load_order_v2 = lambda p, r: load_order_v2(p, r)\n"),
        ("@cached\ndef   load_order (p, r):\n    return r\n", "@cached\ndef   load_order_v2 (p, r):\n    return r\n"),
        # Two uses on one line, after letters of two bytes.
        ("x = 'öäü', load_order, load_order\n", "x = 'öäü', load_order_v2, load_order_v2\n"),
        # What it kept of another version.
        (
            "def load_order_v1(p, r):\n    return r\n\n\ndef load_order(p, r):\n    return load_order_v1(p, r)\n",
            "def load_order_v2_v1(p, r):\n    return r\n\n\ndef load_order_v2(p, r):\n    return load_order_v2_v1(p, r)\n",
        ),
        ("def load_order_v0_v1(p, r):\n    return r\n", "def load_order_v2_v0_v1(p, r):\n    return r\n"),
    ],
)
def test_names_of_the_function_are_renamed_and_nothing_else(before: str, after: str) -> None:
    assert versioned_code(before, VANS, 2) == after


def test_several_functions_are_renamed_together() -> None:
    """A problem may ask for two; either may call the other."""
    code = "def detour(a, b, c):\n    return accept(a)\n\n\ndef accept(x, y):\n    return x\n"
    renamed = "def detour_v0(a, b, c):\n    return accept_v0(a)\n\n\ndef accept_v0(x, y):\n    return x\n"
    assert versioned_code(code, PAIRS, 0) == renamed


def test_formatted_strings_stay_valid() -> None:
    """Python 3.11 does not say where a name inside one stands; then it may stay, but nothing else may change."""
    code = "def load_order(p, r):\n    raise ValueError(f'{load_order} of {p}')\n"
    renamed = versioned_code(code, VANS, 1)
    assert renamed.replace("load_order_v1", "load_order") == code
    assert renamed.startswith("def load_order_v1(p, r):")
    ast.parse(renamed)


def test_card_is_called_after_the_version() -> None:
    """The functions' names, from which rules and form of the answer are written; the problem's own code stays."""
    renamed = versioned_card(PAIRS, 3)
    assert [function.call for function in renamed.functions] == ["detour_v3(here, there, distances)", "accept_v3(change, step)"]
    assert renamed.code == PAIRS.code


def test_reply_with_all_versions_yields_the_last() -> None:
    """A model that repeats what it was shown before it answers is understood, and its recursive calls are its own."""
    shown = [versioned_code("def load_order(p, r):\n    return r - p\n", VANS, version) for version in range(2)]
    answer = "def load_order_v2(p, r):\n    return -r if p < 1 else load_order_v2(p - 1, r)\n"
    reply = "```python\n" + "\n\n".join([*shown, answer]) + "```"
    parsed = parse_reply(reply, [FunctionSignature("load_order", ("parcel", "room"))])
    assert isinstance(parsed, ParsedReply)
    assert parsed.code == answer.replace("load_order_v2", "load_order")

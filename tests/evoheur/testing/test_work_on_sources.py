"""The work of every walk through a candidate's source grows as the source does, whatever it repeats."""

import random
import sys
from collections.abc import Callable
from functools import partial

import pytest

from evoheur.code.program import code_hash, measures
from evoheur.code.signature import signatures_of
from evoheur.generation.parsing import parse_reply
from evoheur.generation.tuning.tunable_constants import find_constants
from evoheur.problem_loading import load_problem
from evoheur.prompts.card import ProblemCard
from evoheur.prompts.versions import versioned_code
from evoheur.strategies.ruin import ruin
from evoheur.testing.hostile_sources import SHAPES, chained

PROBLEM = load_problem("bin_packing_online")
SIGNATURES = signatures_of(PROBLEM.functions())
CARD = ProblemCard.from_problem(PROBLEM)
HEADER = "def priority(item, bins):"

WALKS: dict[str, Callable[[str], object]] = {
    "parser": lambda code: parse_reply(f"```python\n{code}\n```", SIGNATURES),
    "hash": code_hash,
    "measures": measures,
    "constants": find_constants,
    "versions": lambda code: versioned_code(code, CARD, 1),
    "ruin": lambda code: ruin(code, 0.3, random.Random(1)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_work_of_every_walk_grows_as_the_source_does(shape: str) -> None:
    """Twice as long, about twice as many calls; four times as many would be the quadratic walk that once took 26 seconds."""
    for name, walk in WALKS.items():
        shorter, longer = (calls(partial(walk, chained(shape, size, HEADER))) for size in (4000, 8000))
        assert longer < 3 * shorter + 1000, name


def calls(work: Callable[[], object]) -> int:
    """How many functions, built-in ones too, are called or resumed."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count

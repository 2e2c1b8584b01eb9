"""Random programs: the machine has Python's value, or leaves the question to it."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.problems.stepwise_heuristics.memory import COMPILED
from evoheur.problems.stepwise_heuristics.step_translation import NotTranslated

from .support.both_ways import GAVE_UP, alike, by_machine, by_python
from .support.random_programs import random_program

_VECTOR = np.array([2, 3, 5, 6, 9, 14])
_MATRIX = np.random.default_rng(8).random((4, 4))
_RAISED = "raised"

pytestmark = [
    pytest.mark.nightly,  # the machine takes half a minute to compile
    pytest.mark.skipif(not COMPILED, reason="compiled arithmetic raises nothing, Python's does"),
]


def _python(code: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return by_python(code, _VECTOR, _MATRIX, 0.75)
        except (ArithmeticError, LookupError, TypeError, ValueError, RuntimeError):
            return _RAISED


def _machine(code: str) -> Any:
    try:
        return by_machine(code, _VECTOR, _MATRIX, 0.75)
    except NotTranslated:
        return GAVE_UP


@given(seed=st.integers(0, 10**9))
def test_the_machine_is_right_or_silent(seed: int) -> None:
    code = random_program(seed)
    expected, answer = _python(code), _machine(code)
    if isinstance(expected, str):
        assert isinstance(answer, str), code
    else:
        assert isinstance(answer, str) or alike(expected, answer), code


def test_most_programs_are_answered() -> None:
    """Of those to which Python has an answer; else the test above would say nothing."""
    programs = [random_program(seed) for seed in range(120)]
    sound = [code for code in programs if not isinstance(_python(code), str)]
    answered = sum(not isinstance(_machine(code), str) for code in sound)
    assert len(sound) >= 60
    assert answered >= 0.75 * len(sound), f"{answered} of {len(sound)}"

"""Assembling filters, against a machine that runs them."""

import errno

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.sandbox.walls.bpf import ALLOW, KILL, OWN_PROCESS, CallCase, Condition, Filter, is_null, refuse
from tests.sandbox.walls.support.filter_machine import I386, X86_64, verdict

_WORD = 0xFFFFFFFF
_PID = 4711

_words = st.one_of(st.integers(0, 3), st.integers(0, _WORD), st.just(_PID))
_conditions = st.builds(
    Condition,
    argument=st.integers(0, 5),
    values=st.lists(st.one_of(_words, st.just(OWN_PROCESS)), min_size=1, max_size=4).map(tuple),
    mask=st.one_of(st.just(_WORD), st.integers(0, _WORD)),
    high=st.booleans(),
)
_cases = st.builds(
    CallCase,
    number=st.integers(0, 5),
    verdict=st.sampled_from((ALLOW, refuse(errno.ENOSYS))),
    conditions=st.lists(_conditions, max_size=3).map(tuple),
)


def _holds(condition: Condition, arguments: list[int]) -> bool:
    half = arguments[condition.argument] >> 32 if condition.high else arguments[condition.argument] & _WORD
    return half & condition.mask in {_PID if value == OWN_PROCESS else value for value in condition.values}


def _expected(cases: list[CallCase], number: int, arguments: list[int]) -> int:
    for case in cases:
        if case.number == number:
            return case.verdict if all(_holds(condition, arguments) for condition in case.conditions) else refuse()
    return refuse()


@given(
    st.lists(_cases, max_size=8),
    st.integers(0, 6),
    st.lists(st.builds(lambda high, low: high << 32 | low, _words, _words), min_size=6, max_size=6),
)
def test_program_means_what_the_cases_say(cases: list[CallCase], number: int, arguments: list[int]) -> None:
    """For any cases and any call, the assembled program decides as the first case with the call's number does."""
    program = Filter(X86_64, cases).for_process(_PID)
    assert verdict(program, number, arguments) == _expected(cases, number, arguments)


@given(st.lists(_cases, max_size=4), st.integers(0, _WORD))
def test_foreign_architectures_are_killed(cases: list[CallCase], number: int) -> None:
    """The same number means another call elsewhere, so that nothing can be said about it."""
    assert verdict(Filter(X86_64, cases).for_process(_PID), number, audit=I386) == KILL


def test_null_pointers_are_looked_at_whole() -> None:
    """A pointer whose lower half is zero is no null pointer."""
    program = Filter(X86_64, [CallCase(1, conditions=is_null(2))]).for_process(_PID)
    assert verdict(program, 1, [9, 9, 0]) == ALLOW
    assert verdict(program, 1, [9, 9, 1]) == refuse()
    assert verdict(program, 1, [9, 9, 1 << 32]) == refuse()


def test_upper_half_of_an_int_is_ignored() -> None:
    """The kernel takes the lower 32 bits of an int: a filter that looked at more could be told another story than the kernel."""
    program = Filter(X86_64, [CallCase(1, conditions=(Condition(0, (5,)),))]).for_process(_PID)
    assert verdict(program, 1, [7 << 32 | 5]) == ALLOW


def test_every_process_has_its_own_program() -> None:
    """The template is not spoilt by one use."""
    cases = Filter(X86_64, [CallCase(62, conditions=(Condition(0, (OWN_PROCESS,)),))])
    first, second = cases.for_process(100), cases.for_process(200)
    assert [verdict(first, 62, [pid]) == ALLOW for pid in (100, 200)] == [True, False]
    assert [verdict(second, 62, [pid]) == ALLOW for pid in (100, 200)] == [False, True]


def test_otherwise() -> None:
    """What no case names can be allowed instead."""
    program = Filter(X86_64, [CallCase(1, refuse())], otherwise=ALLOW).for_process(_PID)
    assert [verdict(program, number) for number in (1, 2)] == [refuse(), ALLOW]


def test_a_case_that_is_too_long_is_refused() -> None:
    """A jump has eight bits; rather than wrap round, the assembler says so."""
    long = CallCase(1, conditions=(Condition(0, tuple(range(300))),))
    with pytest.raises(ValueError, match="system call 1 takes 303 instructions"):  # load, 300 comparisons, refuse, allow
        Filter(X86_64, [long])

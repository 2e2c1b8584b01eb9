"""System call numbers."""

import os

import pytest

from evoheur.sandbox.walls.architecture import ARCHITECTURES, this_architecture
from evoheur.sandbox.walls.libc import system_call
from evoheur.testing.red_team.syscalls import TABLES
from tests.sandbox.walls.support.kernel_headers import header_numbers


def test_this_machine() -> None:
    """The table of this machine is the one of its name, and its numbers mean what they say here."""
    architecture = this_architecture()
    assert architecture is ARCHITECTURES[os.uname().machine]
    assert system_call(architecture.numbers["getppid"]) == os.getppid()
    assert system_call(architecture.numbers["getuid"]) == os.getuid()


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_no_number_twice(name: str) -> None:
    """Two names for one number would be a slip of the pen."""
    numbers = list(ARCHITECTURES[name].numbers.values())
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_numbers_are_the_kernels(machine: str) -> None:
    """Every number is the one in the kernel's headers: a slip would allow a call that nobody thought of."""
    theirs = header_numbers(machine)
    ours = ARCHITECTURES[machine].numbers
    assert dict(ours) == {name: theirs.get(name) for name in ours}


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_numbers_of_the_red_team_are_the_kernels(machine: str) -> None:
    """An attack by a wrong number would be refused for the wrong reason."""
    theirs = header_numbers(machine)
    ours = TABLES[machine]
    known = {name: theirs[name] for name in ours if name in theirs}
    assert {name: ours[name] for name in known} == known
    assert len(known) > len(ours) - 3, "calls younger than the installed headers"

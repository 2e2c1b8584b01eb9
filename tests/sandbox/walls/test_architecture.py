"""System call numbers."""

import os

import pytest

from sandbox.walls.architecture import ARCHITECTURES, this_architecture
from sandbox.walls.kernel import system_call


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

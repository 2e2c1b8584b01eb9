"""Telling whether the process that started a container still lives."""

import os
import subprocess
import sys

import pytest

from evoheur.sandbox.docker.owner_process import has_died, this_process


def test_the_living_are_not_dead() -> None:
    assert not has_died(this_process())


def test_a_process_that_ended_is_dead() -> None:
    program = "from evoheur.sandbox.docker.owner_process import this_process; print(this_process())"
    owner = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
    assert owner != this_process()
    assert has_died(owner)


def test_a_number_that_was_given_again_is_another_process() -> None:
    """Same number, another time of start."""
    machine, _, _ = this_process().rsplit("/", 2)
    assert has_died(f"{machine}/{os.getpid()}/1")


@pytest.mark.parametrize("owner", ["", "x", "a/b/c/d", "another-boot/pid:[1]/1/1"])
def test_nothing_is_said_of_processes_elsewhere(owner: str) -> None:
    """Another machine's containers, or anyone's label of the same name, are left alone."""
    assert not has_died(owner)

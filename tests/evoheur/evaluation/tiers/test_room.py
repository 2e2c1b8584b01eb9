"""Compiling takes little of what a candidate may use, or is left."""

import subprocess
import sys

import pytest

from evoheur.evaluation.tiers.room import require

_LIMITED = """
import resource
from evoheur.evaluation.tiers.kinds import Refused
from evoheur.evaluation.tiers.room import require
resource.setrlimit(resource.RLIMIT_{kind}, ({limit}, {limit}))
try:
    require({seconds})
except Refused as refusal:
    print(refusal)
"""


def _told(kind: str, limit: int, seconds: float) -> str:
    code = _LIMITED.format(kind=kind, limit=limit, seconds=seconds)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_without_limits_there_is_room() -> None:
    require(1.0)


@pytest.mark.parametrize(("seconds", "refused"), [(1.0, False), (30.0, True)])
def test_a_tenth_of_the_processor_time(seconds: float, refused: bool) -> None:
    """Of 200 s, of which starting takes a few: 1 s is less than a tenth, 30 s is more."""
    told = _told("CPU", 200, seconds)
    assert ("more than a tenth of the 200 s" in told) is refused
    assert bool(told) is refused


def test_memory_for_the_compiler() -> None:
    """The interpreter itself maps more than 16 MiB, so with a limit of as much nothing more is to be had."""
    assert _told("AS", 16 * 2**20, 1.0).strip() == "compiling needs more memory than it may use"

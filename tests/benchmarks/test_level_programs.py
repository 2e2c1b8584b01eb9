"""Programs that models wrote for online bin packing: how many have a table, and whether it decides as the program does, item by item.

The programs are not part of the repository. A folder of files with one `priority(item, bins)` each is enough:

    EVOHEUR_PROGRAMS=FOLDER pytest -s tests/benchmarks/test_level_programs.py

They run in a jail. What is left out, because it has no table, is listed with the reason.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from evoheur.evaluation.binary_tables import held_table
from evoheur.evaluation.isolation import JailConfig, guest_entry
from evoheur.evaluation.number_lists import pack
from evoheur.problems.bin_packing_online.instance import BinPackingInstance
from evoheur.problems.bin_packing_online.problem import OnlineBinPacking
from evoheur.sandbox.interface import Limits, ReportStatus, Sandbox

_FOLDER = os.environ.get("EVOHEUR_PROGRAMS", "")
_CAPACITY = 100
_LIMITS = Limits(questions=6)


@pytest.fixture(name="sandbox")
def _sandbox() -> Iterator[Sandbox]:
    made = JailConfig().build(guest_entry("bin_packing_online", {"nan": "highest"}))
    yield made
    made.close()


def streams() -> list[BinPackingInstance]:
    """Five streams of 300 sizes, from small to large ones."""
    rng = np.random.default_rng(11)
    return [
        BinPackingInstance(
            name=f"stream-{most}", family="random", capacity=_CAPACITY, items=rng.integers(1, most, 300, endpoint=True)
        )
        for most in (20, 40, 60, 80, 100)
    ]


@pytest.mark.skipif(not _FOLDER, reason="EVOHEUR_PROGRAMS names no folder of programs")
def test_tables_decide_as_the_programs_do(sandbox: Sandbox) -> None:
    """Every item of every stream goes where the program puts it with the bins before it."""
    programs = sorted(Path(_FOLDER).glob("*.py"))
    assert programs, f"there is no *.py in {_FOLDER}"
    tabulated, compared = 0, 0
    different: list[str] = []
    for path in programs:
        with_table, decisions, others = compare(sandbox, path.read_text(encoding="utf-8"), path.name)
        tabulated += with_table
        compared += decisions
        different += others
    sys.stdout.write(f"\n{tabulated} of {len(programs)} programs have a table; {compared} decisions compared\n")
    assert different == []


def compare(sandbox: Sandbox, code: str, name: str) -> tuple[bool, int, list[str]]:
    """Whether a program has a table, how many of its decisions were compared, and the streams on which it decides otherwise."""
    problem = OnlineBinPacking(nan="highest")
    session, opened = sandbox.open({"code": code, "seed": 1}, _LIMITS)
    with session:
        asked = session.ask({"scope": {"capacity": _CAPACITY}}) if opened.status is ReportStatus.OK else opened
        table = held_table(asked.value, asked.binary)
        if asked.status is not ReportStatus.OK or table is None:
            reason = asked.value["notes"]["plain_because"] if asked.status is ReportStatus.OK else asked.detail.strip()
            sys.stdout.write(f"\n{name}: {reason.splitlines()[-1] if reason else asked.status}")
            return False, 0, []
        compared, different = 0, []
        for stream in streams():
            followed = problem.follow(stream, table)
            report = session.ask({"instance": pack(problem.encode(stream))})
            if followed is None or report.status is not ReportStatus.OK:
                continue  # a size that the program fails on
            compared += len(followed)
            if report.value["solution"] != followed:
                different.append(f"{name} on {stream.name}")
        return True, compared, different

"""Scoring one heuristic from Python."""

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest

from evoheur import ConfigError, Evaluation, ProblemConfig, Status, evaluate, load_problem

GRAHAM = "def choose(length, loads):\n    return -loads"
WORST = "def choose(length, loads):\n    return loads"


def test_source_and_file_score_alike(scheduling: str) -> None:
    """On validation by default; lower is better."""
    Path("rule.py").write_text(GRAHAM)
    found = evaluate(GRAHAM, scheduling)
    assert (found.status, found.split, found.level[:5]) == (Status.OK, "validation", "jail-")
    for given in ("rule.py", Path("rule.py")):
        assert evaluate(given, ProblemConfig(name=scheduling)).objective == found.objective
    worst = evaluate(WORST, scheduling)
    assert found.objective is not None
    assert worst.objective is not None
    assert found.objective < worst.objective


def test_a_fault_of_the_heuristic_is_a_status(scheduling: str) -> None:
    found = evaluate("def choose(length, loads):\n    return 1 / 0", scheduling, split="train")
    assert (found.status is Status.OK, found.objective, found.split) == (False, None, "train")
    assert "ZeroDivisionError" in found.detail


def test_a_fault_of_the_caller_is_an_exception(scheduling: str) -> None:
    with pytest.raises(ConfigError, match="exclude each other"):
        evaluate(GRAHAM, scheduling, split="test", instances="mine.txt")
    with pytest.raises(ConfigError, match=r"The source is no heuristic for .*, which must define choose"):
        evaluate("def chose(length, loads):\n    return loads", scheduling)
    with pytest.raises(ConfigError, match=r"no heuristic file 'nothing\.py'"):
        evaluate("nothing.py", scheduling)
    with pytest.raises(ConfigError, match="Unknown problem"):
        evaluate(GRAHAM, "no_such_problem")
    with pytest.raises(ConfigError, match=r"no split 'tset' .*'test'"):
        evaluate(GRAHAM, scheduling, split=cast("Any", "tset"))
    with pytest.raises(ConfigError, match="heuristic is None; give its source"):
        evaluate(cast("Any", None), scheduling)
    with pytest.raises(ConfigError, match=r"problem is PosixPath.*as text"):
        evaluate(GRAHAM, cast("Any", Path(scheduling)))
    with pytest.raises(ConfigError, match="problem is 3; give its name"):
        load_problem(cast("Any", 3))


def test_inside_a_running_loop(scheduling: str) -> None:
    async def cell() -> Evaluation:
        return evaluate(GRAHAM, scheduling, split="train")

    assert asyncio.run(cell()).status is Status.OK


def test_a_file_with_a_byte_order_mark(scheduling: str) -> None:
    """Editors write one; as text, it is passed over too."""
    Path("rule.py").write_text(GRAHAM, encoding="utf-8-sig")
    assert evaluate("rule.py", scheduling, split="train").status is Status.OK
    assert evaluate("\ufeff" + GRAHAM, scheduling, split="train").status is Status.OK


@pytest.mark.parametrize(
    "code",
    [
        "def least(length, loads):\n    return -loads\nchoose = least\n",
        "if True:\n    def choose(length, loads):\n        return -loads\n",
        "def least(length, loads):\n    return -loads\nglobals()['choose'] = least\n",
        "def choose(length: nowhere.at.all, loads: npt.NDArray[np.float64]) -> float[3]:\n    return -loads\n",
    ],
    ids=["another name", "in an if", "globals()", "annotations that name nothing"],
)
def test_the_guest_looks_for_what_can_be_called(code: str, scheduling: str) -> None:
    """However the name was bound, and whatever annotations name."""
    Path("rule.py").write_text(code)
    assert evaluate("rule.py", scheduling, split="train").objective == evaluate(GRAHAM, scheduling, split="train").objective


def test_what_cannot_be_called_is_the_heuristics_fault(scheduling: str) -> None:
    for code, words in (
        ("import math as choose\n", "choose is of type module when the code has been executed, not a function"),
        ("if 1 > 2:\n    def choose(length, loads):\n        return -loads\n", "the code defines no choose when it is executed"),
    ):
        found = evaluate(code, scheduling, split="train")
        assert found.status is Status.ERROR
        assert words in found.detail

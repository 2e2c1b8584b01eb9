"""What authors of problems are offered: checks of answers, trusted modules, a heuristic to call."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import ConfigError
from evoheur.problem import Heuristic, Infeasible, Json, instance_rng, to_json, whole_numbers
from evoheur.problem_loading import load_problem
from evoheur.testing.problem_contract import any_json
from tests.evoheur.support.guessing import write_problem


def test_a_problem_without_files_says_so(tmp_path: Path) -> None:
    """The default reads no instance files."""
    with pytest.raises(ConfigError, match="Guessing reads no instance files"):
        load_problem(str(write_problem(tmp_path / "guessing"))).read_instances(tmp_path / "x.json")


IN_GUEST = """
import sys
from evoheur.errors import EvoheurError
from evoheur.problem import become_guest, in_guest
from evoheur.problem_loading import load_problem
assert not in_guest()
become_guest()
assert in_guest()
try:
    load_problem(sys.argv[1]).trusted("numbers_of_mine")
except EvoheurError as error:
    print(error)
assert not any("numbers_of_mine" in name for name in sys.modules)
"""


@pytest.mark.parametrize("package", [False, True])
def test_a_trusted_module_is_imported_on_the_trusted_side_and_refused_in_the_guest(tmp_path: Path, *, package: bool) -> None:
    """It lies beside problem.py, with or without `__init__.py`."""
    folder = write_problem(tmp_path / "guessing", package=package)
    (folder / "numbers_of_mine.py").write_text("LIMIT = 8\n")
    assert load_problem(str(folder)).trusted("numbers_of_mine").LIMIT == 8
    told = subprocess.check_output([sys.executable, "-c", IN_GUEST, str(folder)], text=True)
    assert "Guessing wants its module 'numbers_of_mine' inside the guest" in told


@given(st.lists(st.integers(-3, 12), max_size=6))
def test_whole_numbers_are_read_exactly_if_they_fit(answer: list[int]) -> None:
    """Right length and range give the same numbers as an int64 array; anything else is infeasible."""
    fits = len(answer) == 4 and all(0 <= entry <= 9 for entry in answer)
    try:
        read = whole_numbers(answer, length=4, low=0, high=9, what="entry")
    except Infeasible:
        assert not fits
    else:
        assert fits
        assert read.dtype == np.int64
        assert read.tolist() == answer


@given(any_json())
def test_whole_numbers_refuses_whatever_else_comes(answer: Json) -> None:
    """Any JSON is read or refused as infeasible; what is read is a list of true integers."""
    try:
        read = whole_numbers(answer, length=3, low=0, high=5, what="entry")
    except Infeasible:
        return
    assert [type(entry) for entry in answer] == [int] * 3
    assert read.tolist() == answer


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"0": 1}, "the answer is dict, not a list of 2 whole numbers"),
        ([1], "the answer has 1 entries, expected 2"),
        ([1, True], "entry 1 is True, not a whole number"),
        ([1.0, 2], "entry 0 is 1.0, not a whole number"),
        ([1, 10**40], "entry 1 is 1000000000000000000"),
        ([-1, 2], "entry 0 is -1, outside 0..5"),
    ],
)
def test_whole_numbers_names_the_entry(answer: Json, reason: str) -> None:
    """The message says which entry is wrong, and how."""
    with pytest.raises(Infeasible) as caught:
        whole_numbers(answer, length=2, low=0, high=5, what="entry")
    assert str(caught.value).startswith(reason)


def test_to_json_leaves_nothing_that_json_cannot_write() -> None:
    """Arrays, NumPy scalars and tuples become lists and numbers, at any depth."""
    value = {"a": (np.int64(1), [np.array([[1.5]])]), 2: None}
    assert json.loads(json.dumps(to_json(value))) == {"a": [1, [[[1.5]]]], "2": None}


def test_instance_rng_depends_on_seed_and_name_alone() -> None:
    """Equal arguments give equal streams; another seed or name gives another."""
    draws = [instance_rng(seed, name).integers(2**62) for seed, name in [(1, "a"), (1, "a"), (2, "a"), (1, "b"), (-1, "a")]]
    assert draws[0] == draws[1]
    assert len(set(draws)) == 4


def test_a_heuristic_is_called_like_its_first_function() -> None:
    """The entry is the first of the problem's functions."""
    heuristic = Heuristic(code="", functions={"double": lambda x: 2 * x, "other": abs})
    assert heuristic(4) == 8
    assert heuristic.entry is heuristic.functions["double"]

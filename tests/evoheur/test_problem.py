"""Loading problems, and the checks offered to their authors."""

import json
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import ConfigError
from evoheur.problem import (
    Heuristic,
    Infeasible,
    Json,
    bundled_problems,
    instance_rng,
    load_problem,
    to_json,
    whole_numbers,
)
from evoheur.problem_modules import problem_place
from evoheur.testing.problem_contract import any_json
from tests.support.another_user import ROOT, run_as_another_user

COUNTING = dedent(
    '''
    """A problem in a folder: guess a number."""

    from dataclasses import dataclass

    from evoheur.problem import Infeasible, Instance, Problem, whole_numbers
    {sibling}

    def guess(limit: int) -> int:
        """Guess a number up to the limit."""
        return limit


    @dataclass(frozen=True, kw_only=True)
    class Limit(Instance):
        limit: int


    class Guessing(Problem[Limit]):
        """Guess a small number."""

        heuristic = staticmethod(guess)

        def __init__(self, *, limit: int = {limit}) -> None:
            self.limit = limit

        def instances(self, split):
            return [Limit(name=split, family="limits", limit=self.limit)]

        def decode(self, data):
            return Limit(**data)

        def solve(self, heuristic, instance, rng):
            return [heuristic(instance.limit)]

        def cost(self, instance, solution):
            return float(whole_numbers(solution, length=1, low=0, high=instance.limit, what="guess")[0])
    '''
)


def write_problem(folder: Path, *, package: bool = False, sibling: bool = False) -> Path:
    """Write a problem's folder, with or without an `__init__.py`, in one file or two."""
    folder.mkdir()
    if package:
        (folder / "__init__.py").write_text('"""Guessing."""\nLIMIT = 9\n')
    if sibling:
        (folder / "numbers_of_mine.py").write_text("LIMIT = 8\n")
    imported = "from .numbers_of_mine import LIMIT\n" if sibling else ""
    (folder / "problem.py").write_text(COUNTING.format(sibling=imported, limit="LIMIT" if sibling else "7"))
    return folder


def test_a_bundled_problem_is_loaded_by_name() -> None:
    """Its module is the one that an import statement finds."""
    assert "bin_packing_online" in bundled_problems()
    assert type(load_problem("bin_packing_online")).__module__ == "evoheur.problems.bin_packing_online.problem"


@pytest.mark.parametrize("package", [False, True])
@pytest.mark.parametrize("sibling", [False, True])
def test_a_problem_is_loaded_from_its_folder(tmp_path: Path, *, package: bool, sibling: bool) -> None:
    """With or without `__init__.py`, and with modules beside problem.py imported by a relative import."""
    folder = write_problem(tmp_path / "guessing", package=package, sibling=sibling)
    problem = load_problem(str(folder))
    assert problem.instances("train")[0].limit == (8 if sibling else 7)
    assert type(load_problem(str(folder))) is type(problem)  # loaded once per process


def test_folders_of_one_name_are_different_problems(tmp_path: Path) -> None:
    """The module's name holds the whole path."""
    (tmp_path / "other").mkdir()
    first = load_problem(str(write_problem(tmp_path / "guessing")))
    second = load_problem(str(write_problem(tmp_path / "other" / "guessing")))
    assert type(first).__module__ != type(second).__module__


def test_a_folder_has_the_same_module_name_in_every_process(tmp_path: Path) -> None:
    """numba's disk cache finds a kernel by its module's name."""
    folder = str(write_problem(tmp_path / "guessing"))
    script = f"from evoheur.problem import load_problem; print(type(load_problem({folder!r})).__module__)"
    names = {subprocess.check_output([sys.executable, "-c", script], text=True).strip() for _ in range(2)}
    assert names == {type(load_problem(folder)).__module__}


def test_the_bundled_problem_also_works_from_its_folder(tmp_path: Path) -> None:
    """A copy of it is where a user starts."""
    original = load_problem("bin_packing_online")
    source = Path(sys.modules[type(original).__module__].__file__ or "").parent
    copy = load_problem(str(source))
    assert type(copy) is not type(original)
    assert [instance.name for instance in copy.instances("test")] == [instance.name for instance in original.instances("test")]


def test_an_unknown_problem_is_refused_with_the_known_ones() -> None:
    """The message helps to find the right name."""
    with pytest.raises(ConfigError, match=r"Unknown problem 'bin_paking'.*bin_packing_online"):
        load_problem("bin_paking")


def test_a_folder_without_a_problem_is_refused(tmp_path: Path) -> None:
    """The file must define exactly one complete subclass of Problem."""
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "problem.py").write_text("from evoheur.problem import Problem\n")
    with pytest.raises(ConfigError, match="exactly one complete subclass of Problem; found: none"):
        load_problem(str(folder))


def test_a_setting_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """The message lists the settings there are; the right one is passed on."""
    folder = str(write_problem(tmp_path / "guessing"))
    with pytest.raises(ConfigError, match=r"has no setting 'limits'; it has: limit"):
        load_problem(folder, {"limits": 3})
    assert load_problem(folder, {"limit": 3}).instances("test")[0].limit == 3


def test_a_problem_without_files_says_so(tmp_path: Path) -> None:
    """The default reads no instance files."""
    with pytest.raises(ConfigError, match="Guessing reads no instance files"):
        load_problem(str(write_problem(tmp_path / "guessing"))).read_instances(tmp_path / "x.json")


IN_GUEST = """
import sys
from evoheur.errors import EvoheurError
from evoheur.problem import become_guest, in_guest, load_problem
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


def test_a_folder_that_may_not_be_looked_into_is_no_problem() -> None:
    """Python makes `__pycache__` with whatever rights the umask of its first user leaves."""
    done = run_as_another_user("-c", _CLOSED_FOLDER, environ={"PYTHONPATH": str(ROOT), "HOME": "/dev/null"}, reach=Path("/tmp"))
    assert (done.returncode, done.stderr) == (0, "")


_CLOSED_FOLDER = """
import os, tempfile
from pathlib import Path
import evoheur.problems
from evoheur.problem import bundled_problems
with tempfile.TemporaryDirectory() as folder:
    (Path(folder) / "closed").mkdir(mode=0)
    before = bundled_problems()
    evoheur.problems.__path__.append(folder)
    assert bundled_problems() == before
    assert before
"""


SEVERAL = """
import numpy as np
from evoheur.problem import Instance, Problem

def double(number: int) -> int:
    \"\"\"Double a number.\"\"\"
    return 2 * number

class Unfinished(Problem[Instance]):
    \"\"\"Not all there.\"\"\"
    heuristic = staticmethod(double)

class Doubling(Unfinished):
    \"\"\"Double a number.\"\"\"
    def __init__(self, size: int = 1) -> None:
        self.size = size
    def instances(self, split):
        return self.trusted("{beside}").made(self.size)
    def decode(self, data):
        return Instance(**data)
    def solve(self, heuristic, instance, rng):
        return heuristic(1)
    def cost(self, instance, solution):
        return float(solution)

class Trebling(Doubling):
    \"\"\"Treble a number.\"\"\"
"""


def test_a_class_of_a_module_beside_a_configuration_is_a_problem(tmp_path: Path) -> None:
    """Of several, the one that is named; what `trusted` names lies beside it, in a package or not."""
    (tmp_path / "several_problems.py").write_text(SEVERAL.replace("{beside}", "several_made"))
    made = "from evoheur.problem import Instance\ndef made(size):\n    return [Instance(name='a', family='b')] * size\n"
    (tmp_path / "several_made.py").write_text(made)
    loaded = load_problem("several_problems:Trebling", {"size": 2}, folder=tmp_path)
    assert type(loaded).__name__ == "Trebling"
    assert len(loaded.instances("train")) == 2
    assert type(load_problem("several_problems:Doubling")).__name__ == "Doubling"  # found once, found again
    place = problem_place("several_problems:Doubling")
    assert (place.folder, place.read) == (str(tmp_path), (str(tmp_path),))


def test_a_class_that_is_no_problem_is_explained(tmp_path: Path) -> None:
    (tmp_path / "several_wrong.py").write_text(SEVERAL)
    (tmp_path / "several_raising.py").write_text("1 / 0")
    (tmp_path / "several_odd.py").write_text("class Odd(BaseException): ...\nraise Odd(3)")
    for name, says in {
        "several_wrong:Nothing": "names nothing in 'several_wrong'; the problems in that module: Doubling, Trebling",
        "several_wrong:Instance": "names no subclass of evoheur.problem.Problem in 'several_wrong'",
        "several_wrong:Unfinished": "is a class without cost, decode, instances, solve; define it",
        "several_gone:Doubling": "needs module 'several_gone', which is not installed and is not in",
        "several_odd:Doubling": "cannot be imported (Odd: 3); correct it",
        "several_raising:Doubling": "cannot be imported (ZeroDivisionError: division by zero); correct it",
    }.items():
        with pytest.raises(ConfigError, match=re.escape(says)):
            load_problem(name, folder=tmp_path)


def test_a_class_of_a_bundled_module_is_a_problem_too() -> None:
    assert type(load_problem("evoheur.problems.tsp_gls.problem:GuidedTSP")) is type(load_problem("tsp_gls"))


def test_a_problem_with_the_former_name_of_its_textbook_rules_is_told_the_new_one(tmp_path: Path) -> None:
    """They would be missing without a word."""
    source = (ROOT / "tests" / "list_scheduling" / "problem.py").read_text()
    (tmp_path / "problem.py").write_text(source.rstrip() + "\n\n    def baselines(self):\n        return {}\n")
    with pytest.raises(ConfigError, match=r"baselines\(\), which is called textbook_rules\(\) now"):
        load_problem(str(tmp_path))

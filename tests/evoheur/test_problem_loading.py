"""Loading problems by name, from folders and as classes of modules."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from evoheur.errors import ConfigError
from evoheur.problem_loading import load_problem
from evoheur.problem_modules import bundled_problems, problem_place
from tests.evoheur.support.guessing import write_problem
from tests.support.another_user import ROOT, run_as_another_user


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
    script = f"from evoheur.problem_loading import load_problem; print(type(load_problem({folder!r})).__module__)"
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


def test_a_folder_that_may_not_be_looked_into_is_no_problem() -> None:
    """Python makes `__pycache__` with whatever rights the umask of its first user leaves."""
    done = run_as_another_user("-c", _CLOSED_FOLDER, environ={"PYTHONPATH": str(ROOT), "HOME": "/dev/null"}, reach=Path("/tmp"))
    assert (done.returncode, done.stderr) == (0, "")


_CLOSED_FOLDER = """
import os, tempfile
from pathlib import Path
import evoheur.problems
from evoheur.problem_modules import bundled_problems
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

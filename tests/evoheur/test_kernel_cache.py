import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from evoheur.kernel_cache import KernelCache, choose_guest_cache, choose_kernel_cache, kernel_cache, user_folder
from tests.support.another_user import ROOT, run_as_another_user

CLOSED = "/dev/null/closed"  # nobody makes a folder below a device

_TELL = """
import json, problems
from evoheur.kernel_cache import *
import os
for cache in (kernel_cache(), choose_guest_cache(os.environ)):
    print(json.dumps([cache.kept, cache.folder and str(cache.folder), cache.reason, cache.notice]))
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    folder = tmp_path / "code"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "kernels.py").touch()
    return folder


@pytest.fixture
def reach() -> Iterator[Path]:
    """A folder like /tmp that every user reaches."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o1777)
        yield folder


def told(reach: Path, **environ: str) -> tuple[list[object], list[object]]:
    """What a process of another user chooses: for trusted code, and for guests."""
    done = run_as_another_user("-c", _TELL, environ={"PYTHONPATH": str(ROOT), **environ}, reach=reach)
    assert done.returncode == 0, done.stderr
    own, guests = map(json.loads, done.stdout.splitlines())
    return own, guests


def test_code_that_can_be_written_keeps_its_kernels_beside_itself(code: Path) -> None:
    """numba's own choice is left alone, and with it what a checkout compiled so far."""
    cache = choose_kernel_cache({"HOME": CLOSED}, code=[code])
    assert cache == KernelCache(folder=None, kept=True, reason="beside the code")


def test_a_folder_that_is_named_is_taken(code: Path, tmp_path: Path) -> None:
    """Also where it has to be made first."""
    folder = tmp_path / "not" / "there"
    assert choose_kernel_cache({"NUMBA_CACHE_DIR": str(folder)}, code=[code]).folder == folder


def test_a_named_folder_that_cannot_be_written_is_passed_over_and_told(code: Path) -> None:
    cache = choose_kernel_cache({"NUMBA_CACHE_DIR": CLOSED}, code=[code])
    assert cache.kept
    assert CLOSED in cache.reason


def test_it_can_be_switched_off(code: Path) -> None:
    cache = choose_kernel_cache({"EVOHEUR_KERNEL_CACHE": "off"}, code=[code])
    assert not cache.kept
    assert "NUMBA_CACHE_DIR" in cache.notice


def test_guests_never_share_the_folder_of_trusted_code(tmp_path: Path) -> None:
    """Neither the one that is named nor the one in the user's cache folder."""
    tmp_path.chmod(0o700)
    environ = {"NUMBA_CACHE_DIR": str(tmp_path / "named"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    folder = choose_guest_cache(environ).folder
    assert folder not in {None, tmp_path / "named", tmp_path / "cache" / "evoheur" / "numba"}


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o720])
def test_a_folder_that_others_may_write_is_not_trusted(mode: int, tmp_path: Path) -> None:
    """What numba keeps is pickle: who can write it runs code here."""
    folder = tmp_path / "cache" / "evoheur" / "guest-numba"
    folder.mkdir(parents=True)
    folder.chmod(mode)
    cache = choose_guest_cache({"XDG_CACHE_HOME": str(tmp_path / "cache"), "TMPDIR": str(tmp_path)})
    assert cache.folder != folder
    assert "not safe from other users" in cache.reason


def test_a_folder_that_others_may_move_away_is_not_trusted(tmp_path: Path) -> None:
    """The folder itself is private, but the one above it lets anyone put another in its place."""
    above = tmp_path / "cache"
    above.mkdir()
    above.chmod(0o777)
    assert choose_guest_cache({"XDG_CACHE_HOME": str(above), "TMPDIR": str(tmp_path)}).folder != above / "evoheur" / "guest-numba"
    above.chmod(0o1777)
    assert choose_guest_cache({"XDG_CACHE_HOME": str(above), "TMPDIR": str(tmp_path)}).folder == above / "evoheur" / "guest-numba"


def test_a_link_into_a_folder_of_everybody_is_not_trusted(tmp_path: Path) -> None:
    everybody = tmp_path / "everybody"
    (everybody / "kept").mkdir(parents=True)
    everybody.chmod(0o777)
    (tmp_path / "cache" / "evoheur").mkdir(parents=True)
    (tmp_path / "cache" / "evoheur" / "guest-numba").symlink_to(everybody / "kept")
    cache = choose_guest_cache({"XDG_CACHE_HOME": str(tmp_path / "cache"), "TMPDIR": str(tmp_path)})
    assert cache.folder == tmp_path / f"evoheur-{os.geteuid()}" / "guest-numba"


def test_a_folder_that_another_user_made_first_is_not_trusted(reach: Path) -> None:
    """The name in a temporary folder can be guessed, so somebody may wait there."""
    (reach / "evoheur-1001").mkdir(mode=0o777)
    (reach / "evoheur-1001" / "numba").mkdir()
    own, _ = told(reach, HOME=CLOSED, TMPDIR=str(reach))
    assert str(reach / "evoheur-1001") not in str(own[1])
    assert "not safe from other users" in str(own[2])


@pytest.mark.parametrize("umask", ["777", "000"])
def test_what_is_made_is_private_whatever_the_umask(umask: str, tmp_path: Path) -> None:
    subprocess.run(
        ["sh", "-c", f"umask {umask}; exec {sys.executable} -c '{_TELL}'"],
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)},
        check=True,
    )
    made = [tmp_path / "cache", tmp_path / "cache" / "evoheur", tmp_path / "cache" / "evoheur" / "guest-numba"]
    assert [path.stat().st_mode & 0o777 for path in made] == [0o700] * 3


def test_a_umask_that_closes_folders_to_their_maker_keeps_nothing(reach: Path) -> None:
    """What numba makes inside the folder would be out of its reach."""
    program = f"import os; os.umask(0o777)\n{_TELL}"
    done = run_as_another_user("-c", program, environ={"PYTHONPATH": str(ROOT), "HOME": str(reach)}, reach=reach)
    assert [json.loads(line)[:2] for line in done.stdout.splitlines()] == [[False, None]] * 2
    assert "umask 777" in done.stdout


def test_a_relative_cache_folder_is_no_folder() -> None:
    """The XDG specification has such values ignored."""
    assert user_folder({"XDG_CACHE_HOME": "here"}) == Path.home() / ".cache"


def test_another_user_without_a_home_keeps_kernels_in_a_temporary_folder_of_his_own(reach: Path) -> None:
    own, guests = told(reach, HOME=CLOSED, TMPDIR=str(reach))
    assert own[:2] == [True, f"{reach}/evoheur-1001/numba"]
    assert guests[:2] == [True, f"{reach}/evoheur-1001/guest-numba"]
    assert (reach / "evoheur-1001").stat().st_mode & 0o777 == 0o700


def test_another_user_with_a_home_keeps_kernels_there(reach: Path) -> None:
    own, guests = told(reach, HOME=str(reach))
    assert own[:2] == [True, f"{reach}/.cache/evoheur/numba"]
    assert guests[:2] == [True, f"{reach}/.cache/evoheur/guest-numba"]


def test_a_user_whom_nobody_knows_and_without_a_home_is_served(reach: Path) -> None:
    """`docker run -u 1234` has neither HOME nor a line in the list of users."""
    own, _ = told(reach, TMPDIR=str(reach))
    assert own[:2] == [True, f"{reach}/evoheur-1001/numba"]


def test_kernels_compile_where_nothing_can_be_kept(reach: Path) -> None:
    """Declaring one with cache=True would fail for want of a folder."""
    source = reach / "kernels.py"
    source.write_text("from numba import njit\n@njit(cache=True)\ndef double(x):\n    return 2 * x\n")
    source.parent.chmod(0o1777)
    words = "import problems, kernels; print(kernels.double(21))"
    done = subprocess.run(
        [sys.executable, "-c", words],
        env={**os.environ, "EVOHEUR_KERNEL_CACHE": "off", "PYTHONPATH": f"{ROOT}:{reach}", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "42\n"
    assert not (reach / "__pycache__").exists()


def test_numba_is_told_where_it_was_imported_before(reach: Path) -> None:
    """As a library, evoheur comes after whatever else a program imports."""
    words = "import numba, problems; print(numba.config.CACHE_DIR)"
    done = run_as_another_user("-c", words, environ={"PYTHONPATH": str(ROOT), "HOME": str(reach)}, reach=reach)
    assert done.stdout == f"{reach}/.cache/evoheur/numba\n", done.stderr


@pytest.mark.nightly  # by day a guest of another user evaluates, below, and each folder is looked at
def test_another_user_can_price_and_doctor_says_where_kernels_are(reach: Path) -> None:
    """With nothing to write but a temporary folder, every level that the machine has still runs a candidate."""
    done = run_as_another_user(
        "-m", "evoheur", "doctor", "--json", environ={"PYTHONPATH": str(ROOT), "HOME": CLOSED, "TMPDIR": str(reach)}, reach=reach
    )
    assert done.returncode == 0, done
    findings = {finding["name"]: finding for finding in json.loads(done.stdout)["findings"]}
    assert findings["jail-L0"]["ok"] or findings["jail-L1"]["ok"]
    assert findings["process"]["ok"]
    assert findings["compiled kernels"]["value"] == {"kept": True, "folder": f"{reach}/evoheur-1001/numba"}
    assert findings["kernels of guests"]["value"] == {"kept": True, "folder": f"{reach}/evoheur-1001/guest-numba"}


def test_the_guest_of_another_user_keeps_the_kernels_of_its_problem(reach: Path) -> None:
    """Those that its problem is solved with, in the guest; the folder of the problem cannot be written."""
    rule = reach / "rule.py"
    rule.write_text("def choose(length, loads):\n    return -1.0 * loads\n")
    folder = reach / "scheduling"
    folder.mkdir()
    (folder / "problem.py").write_text(_with_kernel((ROOT / "tests" / "list_scheduling" / "problem.py").read_text()))
    for path in (rule, folder / "problem.py"):
        path.chmod(0o644)
    folder.chmod(0o755)
    words = ("evaluate", str(rule), "--problem", str(folder), "--json")
    done = run_as_another_user(
        "-m", "evoheur", *words, environ={"PYTHONPATH": str(ROOT), "HOME": CLOSED, "TMPDIR": str(reach)}, reach=reach
    )
    assert done.returncode == 0, done
    assert any((reach / "evoheur-1001" / "guest-numba").rglob("problem.highest-*.nbc"))


def _with_kernel(source: str) -> str:
    """A problem that chooses by a kernel of its own instead of np.argmax."""
    kernel = "@njit(cache=True)\ndef highest(scores):\n    return scores.argmax()\n\n\n"
    warm_up = "    def warm_up(self):\n        highest(np.zeros(2))\n\n"
    for before, after in (
        ("import numpy as np\n", "import numpy as np\nfrom numba import njit\n"),
        ("class ListScheduling", kernel + "class ListScheduling"),
        ("    def measures", warm_up + "    def measures"),
        ("np.argmax(", "highest("),
    ):
        assert before in source
        source = source.replace(before, after, 1)
    return source


_KERNEL = """
from typing import NamedTuple
import numba
from evoheur.kernel_cache import pass_over_stale_kernels
pass_over_stale_kernels()
class {name}(NamedTuple):
    number: int
@numba.njit(cache=True)
def doubled(given):
    return 2 * given.number
print(doubled({name}(21)), sum(doubled.stats.cache_hits.values()))
"""


def test_kernels_kept_for_a_class_that_was_renamed_are_compiled_anew(tmp_path: Path) -> None:
    """Numba would fail with an AttributeError until its files are gone; kernels of what is still there are not compiled again."""
    told = []
    for name in ("Before", "Before", "After", "After"):
        (tmp_path / "kernels.py").write_text(_KERNEL.format(name=name))
        os.utime(tmp_path / "kernels.py", (0, 0))  # as old as it was: the class alone says that something changed
        command = [sys.executable, "-c", f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]; import kernels"]
        told.append(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
    assert told == [["42", "0"], ["42", "1"], ["42", "0"], ["42", "1"]]


def test_this_process_has_chosen() -> None:
    """Whoever imports a problem has it chosen; asking again gives the same."""
    assert kernel_cache() is kernel_cache()

"""Kernels that were compiled before the tests are those that workers and guests would compile."""

import contextlib
import dataclasses
import os
from pathlib import Path

import pytest

from evoheur.evaluation.isolation import guest_entry
from evoheur.kernel_cache import choose_guest_cache
from evoheur.problem_modules import bundled_problems
from evoheur.sandbox.interface import Limits
from evoheur.sandbox.process import ProcessSandbox
from tests.support.compile_kernels import copy_kernels
from tests.support.kernel_warm_up import problem_families, warm_up


def kept(folder: Path) -> dict[str, tuple[int, int]]:
    """Which kernels a folder holds, and when each was written."""
    return {str(path.relative_to(folder)): (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.rglob("*.nb[ic]")}


def write(folder: Path, *, at: float, **files: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        path = folder / name.replace("_", ".")
        path.write_text(text)
        os.utime(path, (at, at))


def read(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.mark.parametrize("problem", ["bin_packing_online", pytest.param("tsp_aco", marks=pytest.mark.nightly)])
def test_a_guest_finds_every_kernel_compiled(tmp_path: Path, problem: str) -> None:
    warm_up({**os.environ, "XDG_CACHE_HOME": str(tmp_path)}, [[problem]])
    folder = choose_guest_cache({"XDG_CACHE_HOME": str(tmp_path)}).folder
    assert folder is not None
    compiled = kept(folder)
    entry = dataclasses.replace(guest_entry(problem, {}), environment=(("NUMBA_CACHE_DIR", str(folder)),))
    with contextlib.closing(ProcessSandbox(entry)) as sandbox:
        session, _ = sandbox.open("", Limits())
        session.close()
    assert compiled
    assert kept(folder) == compiled


def test_every_bundled_problem_is_warmed_up_in_one_family() -> None:
    assert sorted(name for family in problem_families() for name in family) == sorted(bundled_problems())


def test_a_kernel_that_does_not_compile_ends_the_run_with_its_error() -> None:
    with pytest.raises(RuntimeError, match="Unknown problem 'no_such'"):
        warm_up(os.environ, [["no_such"]])


@pytest.mark.parametrize("switch", ["NUMBA_DISABLE_JIT=1", "EVOHEUR_KERNEL_CACHE=off"])
def test_nothing_is_compiled_where_it_would_not_be_used(switch: str) -> None:
    name, value = switch.split("=")
    warm_up({**os.environ, name: value}, [["no_such"]])


def test_newer_kernels_take_the_place_of_older_ones(tmp_path: Path) -> None:
    write(tmp_path / "ours", at=2, f_nbi="new", f_1_nbc="new 1", f_2_nbc="new 2")
    write(tmp_path / "guests", at=1, f_nbi="old", f_1_nbc="old 1", g_nbi="other")
    copy_kernels(tmp_path / "ours", tmp_path / "guests")
    assert read(tmp_path / "guests") == {"f.nbi": "new", "f.1.nbc": "new 1", "f.2.nbc": "new 2", "g.nbi": "other"}


def test_what_guests_added_since_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "ours", at=1, f_nbi="ours", f_1_nbc="ours 1")
    write(tmp_path / "guests", at=2, f_nbi="ours and theirs", f_1_nbc="ours 1", f_2_nbc="theirs 2")
    copy_kernels(tmp_path / "ours", tmp_path / "guests")
    assert read(tmp_path / "guests") == {"f.nbi": "ours and theirs", "f.1.nbc": "ours 1", "f.2.nbc": "theirs 2"}


def test_the_first_copy_makes_the_folder(tmp_path: Path) -> None:
    write(tmp_path / "ours", at=1, f_nbi="ours", f_1_nbc="ours 1")
    copy_kernels(tmp_path / "ours", tmp_path / "guests")
    assert read(tmp_path / "guests") == {"f.nbi": "ours", "f.1.nbc": "ours 1"}

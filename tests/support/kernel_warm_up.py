"""Has numba's kernels compiled once, before workers run tests, so that neither they nor the guests each compile the same ones again."""

import itertools
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from evoheur.kernel_cache import choose_kernel_cache
from evoheur.problem_modules import bundled_problems

__all__ = ["WORTH_IT", "problem_families", "warm_up"]

WORTH_IT = 1000
"""Tests in a run from which it is worth it to compile all kernels first, which takes seconds where they are not kept from before."""

ROOT = Path(__file__).parents[3]


def warm_up(environ: Mapping[str, str], families: Sequence[Sequence[str]]) -> None:
    """Compile the kernels of problems, those of each family in a process of its own.

    Args:
        environ: Environment variables of those processes.
        families: Names of problems; such as share kernels together, so that none is compiled twice.

    Raises:
        RuntimeError: A kernel cannot be compiled; the message ends with the traceback.
    """
    if environ.get("NUMBA_DISABLE_JIT", "0") != "0" or not choose_kernel_cache(environ).kept:
        return
    command = [sys.executable, "-m", "tests.support.compile_kernels"]
    started = [
        subprocess.Popen([*command, *family], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for family in families
    ]
    ended = [(process.communicate()[1], process.returncode) for process in started]
    if failed := [errors for errors, code in ended if code != 0]:
        raise RuntimeError(f"The kernels of problems cannot be compiled before the tests start:\n{failed[0]}")


def problem_families() -> list[list[str]]:
    """Names of the bundled problems, those together that share kernels: their names begin alike."""
    return [list(names) for _, names in itertools.groupby(sorted(bundled_problems()), key=lambda name: name.split("_")[0])]

"""Compiles kernels of problems into the caches of both sides: `python -m tests.support.compile_kernels PROBLEM...`."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from numba import config
from numba.core.caching import FunctionCache
from numba.core.dispatcher import Dispatcher

from evoheur.kernel_cache import choose_guest_cache
from evoheur.problem_loading import load_problem

__all__ = ["copy_kernels"]


def copy_kernels(source: Path, target: Path) -> None:
    """Bring the kernels of one module from a folder of numba's to another one, which may be missing.

    An index is taken only where it is newer: guests may have added to theirs. It comes last, so that it never tells of data to come.
    """
    for index in source.glob("*.nbi"):
        known = target / index.name
        if known.exists() and known.stat().st_mtime >= index.stat().st_mtime:
            continue
        target.mkdir(parents=True, exist_ok=True)
        known.unlink(missing_ok=True)
        for data in source.glob(f"{index.stem}.*.nbc"):
            _copy(data, target)
        _copy(index, target)


def _copy(file: Path, folder: Path) -> None:
    part = folder / f"{file.name}.{os.getpid()}"
    shutil.copy2(file, part)
    part.replace(folder / file.name)


def _kernel_folders() -> Iterator[Path]:
    """Where numba keeps the kernels of each module that is imported, for this process's NUMBA_CACHE_DIR."""
    modules = [module for name, module in sorted(sys.modules.items()) if name.startswith("evoheur.problems.")]
    kernels = [each.py_func for module in modules for each in vars(module).values() if isinstance(each, Dispatcher)]
    for function in {function.__code__.co_filename: function for function in kernels}.values():
        yield Path(FunctionCache(function).cache_path)  # type: ignore[no-untyped-call]


def _main(problems: list[str]) -> None:
    for name in problems:
        load_problem(name).warm_up()
    folder = choose_guest_cache(os.environ).folder
    if folder is None:
        return
    ours = list(_kernel_folders())
    os.environ["NUMBA_CACHE_DIR"] = str(folder)  # as in guests
    config.reload_config()  # type: ignore[no-untyped-call]
    for source, target in zip(ours, _kernel_folders(), strict=True):
        copy_kernels(source, target)


if __name__ == "__main__":
    _main(sys.argv[1:])

"""Shares out what pytest does to a test module before it is first imported: rewriting its assertions, a tenth of a second each.

On a fresh clone every worker of pytest-xdist would do it to all modules, at the same time as the others. Here each does it to its share
before it collects, and finds those of the others done, as pytest keeps what it rewrote beside the modules.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from _pytest.assertion import rewrite

__all__ = ["rewrite_share"]


def rewrite_share(config: pytest.Config, modules: Sequence[Path], *, worker: int, workers: int) -> int:
    """Rewrite one worker's share of modules where that is not kept from before.

    Args:
        config: Of the worker.
        modules: All of them, in the same order in every worker.
        worker: Its number, from 0.
        workers: How many there are.

    Returns:
        How many modules it has rewritten; none where Python is told to keep nothing.
    """
    if sys.dont_write_bytecode:
        return 0
    return sum(_rewrite(config, module) for module in modules[worker::workers])


def _rewrite(config: pytest.Config, module: Path) -> bool:
    folder = rewrite.get_cache_dir(module)
    kept = folder / (module.name.removesuffix(".py") + rewrite.PYC_TAIL)
    if rewrite._read_pyc(module, kept) is not None or not rewrite.try_makedirs(folder):
        return False
    status, code = rewrite._rewrite_test(module, config)
    return rewrite._write_pyc(config.stash[rewrite.assertstate_key], code, status, kept)

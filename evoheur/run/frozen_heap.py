"""Keeping the garbage collector from what lives as long as a run."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["frozen_heap"]

_OLDEST = 2


@contextmanager
def frozen_heap() -> Iterator[None]:
    """Have the collector look at every object that lives on only once, until the context ends.

    A full collection goes through some hundred thousand objects, most of them of modules; it takes a quarter of a second, in which the
    loop stands still, and a tenth of the driver's time. Whatever has survived one is set aside here. Where somebody has set objects
    aside before, nothing changes.
    """
    if gc.get_freeze_count():
        yield
        return
    gc.collect()
    gc.freeze()
    gc.callbacks.append(_set_survivors_aside)
    try:
        yield
    finally:
        gc.callbacks.remove(_set_survivors_aside)
        gc.unfreeze()


def _set_survivors_aside(phase: str, info: dict[str, Any]) -> None:
    if phase == "stop" and info["generation"] == _OLDEST:
        gc.freeze()

"""The user's advice as a run that goes on learns of it."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from evoheur.archive.advice import Advice

__all__ = ["AdviceWatch", "noted"]


class _Archive(Protocol):
    """The part of an archive that the watch needs."""

    def advice(self, run_id: int) -> tuple[Advice, ...]: ...

    def change_advice(self, run_id: int, change: Callable[[tuple[Advice, ...]], Sequence[Advice]]) -> tuple[Advice, ...]: ...


class AdviceWatch:
    """Reads what a user advises, at most so often, and notes in the archive which prompts show it.

    A request that was asked keeps its prompt when a run is resumed; whatever is asked from then on shows what the archive says then. So the
    requests from an advice's first to its last are those whose prompts have it.

    Args:
        archive: Where the advice is, and where it is noted.
        run_id: Row number of the run.
        clock: Seconds that only move forward.
        seconds: Between two looks into the archive.
        beside: Look from a thread of the running event loop, which is not to wait for a server; what is found shows from then on.
            Only the first look is waited for.
    """

    def __init__(
        self,
        archive: _Archive,
        run_id: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        seconds: float = 1.0,
        beside: bool = False,
    ) -> None:
        self._archive = archive
        self._run_id = run_id
        self._clock = clock
        self._seconds = seconds
        self._beside = beside
        self._looking: asyncio.Future[tuple[Advice, ...]] | None = None
        self._looked: float | None = None
        self._shown: tuple[str, ...] = ()

    def __call__(self, next_request: int) -> tuple[str, ...]:
        """What the prompt of the next request shows, oldest first.

        Args:
            next_request: Its number.
        """
        advice = self._found()
        if advice is not None:
            if noted(advice, next_request) != advice:
                advice = self._archive.change_advice(self._run_id, lambda found: noted(found, next_request))
            self._shown = tuple(each.text for each in advice if not each.withdrawn)
        return self._shown

    def _found(self) -> tuple[Advice, ...] | None:
        """What a look has found now; None if there was none."""
        now = self._clock()
        is_due = self._looked is None or now - self._looked >= self._seconds
        if not self._beside or self._looked is None:
            if is_due:
                self._looked = now
                return self._archive.advice(self._run_id)
            return None
        if self._looking is not None and self._looking.done():
            looked, self._looking = self._looking, None
            return looked.result()
        if is_due and self._looking is None:
            self._looked = now
            self._looking = asyncio.get_running_loop().run_in_executor(None, self._archive.advice, self._run_id)
            self._looking.add_done_callback(
                lambda looked: looked.cancelled() or looked.exception()
            )  # a run may end before it asks
        return None


def noted(advice: Sequence[Advice], next_request: int) -> tuple[Advice, ...]:
    """Advice with notes of where it begins and ends, if the next request is where it does."""
    return tuple(_noted(each, next_request) for each in advice)


def _noted(each: Advice, next_request: int) -> Advice:
    if each.withdrawn:
        return each if each.first is None or each.last is not None else each.model_copy(update={"last": next_request - 1})
    return each if each.first is not None else each.model_copy(update={"first": next_request})

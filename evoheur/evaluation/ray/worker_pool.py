"""A pool that outlives its workers and repeats their evaluations.

Evaluations must not die with them: it decides who evaluates what, who is replaced, who is to blame. Knows no Ray: `hire` gives workers, so
that every order of deaths can be played through in tests.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from evoheur.candidate import Evaluation
from evoheur.evaluation.evaluation_task import EvaluationTask

__all__ = ["NoWorkers", "Pool", "TookWorkersDown", "Worker", "WorkerLost", "WorkerStumbled", "WorkerUseless"]

_BLAME = 2  # so many workers die of one candidate before it is the candidate's fault
_SENDINGS = 8  # so often an evaluation is sent if it is nobody's fault, such as nodes that go one after the other
_FAILED_STARTS = 5
_CLOSE_SECONDS = 5.0


class WorkerLost(Exception):
    """A worker is gone, with whatever it was doing.

    Attributes:
        alone: Only its process died, on a node that lives on: what it was doing may be the reason.
    """

    def __init__(self, reason: str, *, alone: bool) -> None:
        super().__init__(reason)
        self.alone = alone


class WorkerUseless(Exception):
    """A living worker that cannot evaluate anything.

    Such as for want of the problem; another one could not either.
    """


class WorkerStumbled(Exception):
    """An exception of our own code on a worker.

    It raised what it should not, over one candidate; the next one may be fine.

    Attributes:
        traceback: What happened there, whole.
    """

    def __init__(self, reason: str, traceback: str) -> None:
        super().__init__(reason)
        self.traceback = traceback


class NoWorkers(Exception):
    """There is nobody to evaluate; not the candidate's fault."""


class TookWorkersDown(Exception):
    """The candidate's fault: workers die of it, and of nothing else."""


class Worker(Protocol):
    """One slot, wherever it is."""

    async def prepare(self) -> str:
        """Get ready; returns the isolation level.

        Raises:
            WorkerLost: It died on the way.
            WorkerUseless: It cannot evaluate.
        """

    async def evaluate(self, task: EvaluationTask[int]) -> Evaluation:
        """Evaluate one candidate; raises as `prepare`."""

    async def dismiss(self) -> None:
        """End it and its guest; raises nothing if it is gone already."""


class Pool:
    """Keeps `size` workers, one evaluation at a time on each; more evaluations wait.

    Args:
        hire: Makes a worker that is not ready yet; called in the event loop.
        size: How many; `resize` changes it.
        patience: How long an evaluation waits while no worker can be had and nobody else has them, in seconds.
        notice: Told what a person may want to know.
        holders: Who else has what a worker needs, in words; "" if nobody has. While somebody has, waiting goes on.
        pause: Wait before a worker that did not start is replaced, in seconds, times the number of failures.
    """

    def __init__(
        self,
        hire: Callable[[], Worker],
        size: int,
        *,
        patience: float,
        notice: Callable[[str], None],
        holders: Callable[[], str] = str,
        pause: float = 1.0,
    ) -> None:
        self._hire = hire
        self._patience = patience
        self._notice = notice
        self._holders = holders
        self._pause = pause
        self._idle: asyncio.Queue[Worker | None] = asyncio.Queue()  # None: there will be no worker any more
        self._hired: set[Worker] = set()
        self._ready = 0  # workers that are idle or busy
        self._hopeless = ""
        self._tasks: set[asyncio.Task[None]] = set()
        self._filling: set[asyncio.Task[None]] = set()  # one for each worker that is being hired
        self._giving_up: asyncio.TimerHandle | None = None
        self._others_had_it = False
        self._closed = False
        self.level = ""
        self._size = 0
        self.resize(size)
        self._count(0)

    @property
    def held(self) -> int:
        """How many workers are ready; those on the way are not among them."""
        return self._ready

    def resize(self, size: int) -> None:
        """Keep another number of workers from now on.

        More are hired. Of too many, those go first that are not ready yet, then idle ones, then busy ones as they finish.

        Args:
            size: At least 1.
        """
        self._size = size
        if self._closed or self._hopeless:
            return
        while self._ready + len(self._filling) < size:
            self._filling.add(self._keep(self._fill()))
        for task in list(self._filling)[: max(0, self._ready + len(self._filling) - size)]:
            self._filling.discard(task)
            task.cancel()
        while self._surplus and not self._idle.empty():
            worker = self._idle.get_nowait()
            if worker is None:
                self._idle.put_nowait(None)
                return
            self._let_go(worker)

    @property
    def _surplus(self) -> bool:
        return self._ready + len(self._filling) > self._size

    async def first(self) -> None:
        """Wait until there is a worker.

        Raises:
            NoWorkers: There will be none.
        """
        self._idle.put_nowait(await self._take())

    async def evaluate(self, task: EvaluationTask[int]) -> Evaluation:
        """Have a candidate evaluated.

        By as many workers one after the other as it takes.

        Raises:
            NoWorkers: Nobody is there to do it.
            TookWorkersDown: Two workers died of it.
            WorkerUseless: The worker that got it cannot evaluate.
            WorkerStumbled: The worker cannot evaluate this one.
        """
        deaths = 0
        for _ in range(_SENDINGS):
            worker = await self._take()
            try:
                evaluation = await worker.evaluate(task)
            except WorkerLost as lost:
                self._replace(worker)
                deaths += lost.alone
                if deaths == _BLAME:
                    raise TookWorkersDown(str(lost)) from lost
                self._notice(f"A worker was lost ({lost}); what it was evaluating is sent to another one.")
            except (WorkerStumbled, WorkerUseless):
                self._free(worker)
                raise
            except asyncio.CancelledError:  # it is still busy with what nobody wants any more
                self._replace(worker)
                raise
            else:
                self.level = (evaluation.executed and evaluation.level) or self.level
                self._free(worker)
                return evaluation
        raise NoWorkers(f"{_SENDINGS} workers in a row were lost with one candidate; look at the cluster's nodes (`ray status`)")

    async def close(self) -> None:
        """Dismiss everybody."""
        self._closed = True
        if self._giving_up is not None:
            self._giving_up.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        leaving = [asyncio.ensure_future(worker.dismiss()) for worker in self._hired]
        if leaving:
            await asyncio.wait(leaving, timeout=_CLOSE_SECONDS)

    async def _take(self) -> Worker:
        worker = await self._idle.get()
        if worker is None:
            self._idle.put_nowait(None)  # for the next who asks
            raise NoWorkers(self._hopeless)
        return worker

    async def _fill(self) -> None:
        failures = 0
        while True:
            worker = self._hire()
            self._hired.add(worker)
            try:
                level = await worker.prepare()
            except asyncio.CancelledError:
                if not self._closed:
                    self._keep(self._part(worker))
                raise
            except WorkerUseless as error:
                self._give_up(str(error))
                return
            except WorkerLost as lost:
                await self._part(worker)
                failures += 1
                if failures >= _FAILED_STARTS and not self._ready:
                    self._give_up(f"{failures} workers in a row were lost while they started; the last one: {lost}")
                    return
                await asyncio.sleep(self._pause * min(failures, _FAILED_STARTS))
            else:
                self.level = self.level or level
                self._filling.discard(asyncio.current_task())
                self._count(+1)
                self._idle.put_nowait(worker)
                return

    def _free(self, worker: Worker) -> None:
        if self._surplus and not self._closed:
            self._let_go(worker)
        else:
            self._idle.put_nowait(worker)

    def _let_go(self, worker: Worker) -> None:
        self._count(-1)
        self._keep(self._part(worker))

    def _replace(self, worker: Worker) -> None:
        if not self._closed:
            self._let_go(worker)
            self.resize(self._size)

    async def _part(self, worker: Worker) -> None:
        self._hired.discard(worker)
        await worker.dismiss()

    def _count(self, change: int) -> None:
        self._ready += change
        if self._ready and self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None
        elif not self._ready and self._giving_up is None:
            if change:
                self._notice(f"No worker is left; waiting up to {self._patience:g} s for the cluster to give one.")
            self._giving_up = asyncio.get_running_loop().call_later(self._patience, self._waited_long)

    def _waited_long(self) -> None:
        holders, had_it = self._holders(), self._others_had_it
        self._others_had_it = bool(holders)
        if holders:
            self._notice(f"Still waiting for a worker: the cluster is in use by {holders}.")
        if holders or had_it:  # what they have just given back takes a while to become a worker
            self._giving_up = asyncio.get_running_loop().call_later(self._patience, self._waited_long)
            return
        self._give_up(
            f"the cluster gave no worker for {self._patience:g} s; see `ray status` for what it has and what is pending, "
            "and lower evaluation.executor.cpus_per_worker or resources, or raise wait_seconds"
        )

    def _give_up(self, reason: str) -> None:
        self._hopeless = self._hopeless or reason
        self._idle.put_nowait(None)

    def _keep(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self._filling.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._give_up(f"{type(error).__name__} while a worker was hired: {error}")

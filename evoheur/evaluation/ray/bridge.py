"""The bridge: a process that is Ray's driver.

It knows nothing worth stealing. Started by `evoheur.evaluation.ray.bridge_process` as `python -m evoheur.evaluation.ray.bridge DESCRIPTOR`.
It ends when the other end of its socket does, however that happened, and takes the cluster with it if it started one: Ray's processes die
with their parent.
"""

import asyncio
import contextlib
import math
import os
import select
import socket
import sys
import threading
import time
from multiprocessing.connection import Connection
from typing import Any, NoReturn

import ray

from evoheur.candidate import Evaluation, Status
from evoheur.code.program import measures
from evoheur.evaluation.ray.bridge_messages import (
    Cancel,
    Evaluate,
    Evaluated,
    Failed,
    Instances,
    Notice,
    Ready,
    Reply,
    Stumbled,
    Terms,
)
from evoheur.evaluation.ray.ray_actors import NAMESPACE, Agency, capacity, claims_of, cluster_resources
from evoheur.evaluation.ray.sharing import REPORT_SECONDS, Sharing
from evoheur.evaluation.ray.worker_pool import NoWorkers, Pool, TookWorkersDown, WorkerStumbled, WorkerUseless

__all__ = ["HOMELESS", "main"]

HOMELESS = 3
"""Exit code of a bridge whose own Ray node is gone, so that it can reach nobody; another bridge may."""

_QUIET: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR", "namespace": NAMESPACE}
_GCS_SECONDS = 20.0
_KNOCK_SECONDS = 10.0
_STOP_SECONDS = 30.0
_MIB = 1024 * 1024


def main(descriptor: int) -> None:
    """Serve one run until its end of the socket closes."""
    connection: Connection[Any, Any] = Connection(descriptor)
    terms: Terms = connection.recv()
    serving = threading.Event()
    threading.Thread(target=_end_with_the_run, args=(descriptor, serving), daemon=True).start()
    try:
        _connect(terms)
    except (ConnectionError, RuntimeError, ValueError, OSError, ray.exceptions.RayError) as error:
        where = "started here" if terms.address is None else f"reached at {terms.address!r}"
        connection.send(Failed(None, f"no Ray cluster can be {where}: {' '.join(str(error).split())}"))
        return
    serving.set()
    try:
        asyncio.run(_Bridge(connection, terms).serve())
    finally:
        ray.shutdown()


def _end_with_the_run(descriptor: int, serving: threading.Event) -> None:
    # Ray may wait for ever, for a cluster that does not answer as for one that does not end.
    hung_up = select.poll()
    hung_up.register(descriptor, select.POLLRDHUP)
    hung_up.poll()
    if serving.is_set():
        time.sleep(_STOP_SECONDS)
    _leave("the run is over")


def _connect(terms: Terms) -> None:
    if terms.address is not None:
        _knock(terms.address)
        ray.init(address=terms.address, **_QUIET)
        return
    slots = terms.slots or max(1, int((os.cpu_count() or 1) / (terms.cpus_per_worker or 1)))
    # The machine's processors, but at least what the workers claim: on one's own machine that is one's own decision.
    ray.init(
        address="local",
        num_cpus=max(os.cpu_count() or 1, math.ceil(slots * terms.cpus_per_worker)),
        resources={name: claim * slots for name, claim in terms.resources.items()},
        include_dashboard=False,
        object_store_memory=terms.object_store_mib * _MIB,
        **_QUIET,
    )


def _knock(address: str) -> None:
    # Ray itself would try for ever.
    host, colon, port = address.rpartition(":")
    if colon and port.isdecimal():
        socket.create_connection((host.strip("[]"), int(port)), timeout=_KNOCK_SECONDS).close()


class _Bridge:
    def __init__(self, connection: "Connection[Any, Any]", terms: Terms) -> None:
        self._connection = connection
        self._terms = terms
        self._home: str = ray.get_runtime_context().get_node_id()
        self._agency = Agency(terms, self._node_lives)
        self._splits: dict[int, str] = {}
        self._running: dict[int, asyncio.Task[None]] = {}
        # A cluster of the run's own has nobody to share it with.
        self._sharing = None if terms.address is None else Sharing(terms)

    async def serve(self) -> None:
        """Answer until nobody asks any more."""
        slots = self._terms.slots or capacity(self._terms)
        if slots == 0:
            self._send(Failed(None, self._too_small()))
            return
        size = slots if self._sharing is None else await self._sharing.size(held=0, busy=0)
        self._pool = Pool(
            self._agency.hire,
            size,
            patience=self._terms.wait_seconds,
            notice=lambda text: self._send(Notice(text)),
            holders=str if self._sharing is None else self._sharing.holders,
        )
        self._over = asyncio.Event()
        threading.Thread(target=self._listen, args=(asyncio.get_running_loop(),), daemon=True).start()
        answering = asyncio.ensure_future(self._introduce(slots))
        sharing = asyncio.ensure_future(self._share())
        await self._over.wait()
        for task in [answering, sharing, *self._running.values()]:
            task.cancel()
        await self._pool.close()
        if self._sharing is not None:
            await self._sharing.end()

    async def _share(self) -> None:
        """Keep as many workers as are this run's share of the cluster, while others come and go."""
        said = False
        while self._sharing is not None:
            await asyncio.sleep(REPORT_SECONDS)
            self._pool.resize(await self._sharing.size(held=self._pool.held, busy=len(self._running)))
            if not said and not self._pool.held and (holders := self._sharing.holders()):
                said = True
                self._send(Notice(f"Waiting for a share of the cluster, which is in use by {holders}."))

    async def _introduce(self, slots: int) -> None:
        try:
            await self._pool.first()
        except NoWorkers as error:
            self._send(Failed(None, str(error)))
        else:
            self._send(Ready(slots, self._pool.level))

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        # A thread, because the other end writes pickles of any length and may stop in the middle of one.
        with contextlib.suppress(EOFError, OSError, RuntimeError):
            while True:
                loop.call_soon_threadsafe(self._hear, self._connection.recv())
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(self._over.set)

    def _hear(self, message: Instances | Evaluate | Cancel) -> None:
        match message:
            case Instances():
                self._splits[message.number] = message.split
                self._agency.store(message)
            case Evaluate():
                task = self._running[message.number] = asyncio.ensure_future(self._evaluate(message))
                task.add_done_callback(lambda done: self._done(message.number, done))
            case Cancel():
                if (unwanted := self._running.get(message.number)) is not None:
                    unwanted.cancel()

    async def _evaluate(self, asked: Evaluate) -> None:
        try:
            evaluation = await self._pool.evaluate(asked.task)
        except TookWorkersDown as error:
            self._send(Evaluated(asked.number, self._fatal(asked, str(error))))
        except WorkerStumbled as error:
            self._send(Stumbled(asked.number, str(error), error.traceback))
        except (NoWorkers, WorkerUseless) as error:
            self._send(Failed(asked.number, str(error)))
        else:
            self._send(Evaluated(asked.number, evaluation))

    def _done(self, number: int, task: "asyncio.Task[None]") -> None:
        del self._running[number]
        if not task.cancelled() and (error := task.exception()) is not None:  # nobody must wait for ever for a fault of ours
            self._send(Failed(number, f"{type(error).__name__} in the bridge: {error}"))

    def _fatal(self, asked: Evaluate, reason: str) -> Evaluation:
        return Evaluation(
            status=Status.CRASHED,
            objective=None,
            split=self._splits[asked.task.instances],
            measures=measures(asked.task.code),
            level=self._pool.level,
            detail=f"two Ray workers, one after the other, died while they evaluated this candidate ({reason})",
        )

    def _send(self, reply: Reply) -> None:
        with contextlib.suppress(OSError):  # the reader is gone, which the listener hears too
            self._connection.send(reply)

    def _too_small(self) -> str:
        claims = claims_of(self._terms)
        there = {name: amount for name, amount in cluster_resources().items() if name in claims}
        return (
            f"the cluster has no room for a single worker, which claims {claims} while the whole cluster has {there}; "
            "lower evaluation.executor.cpus_per_worker or resources, or set slots to wait until such a node joins"
        )

    async def _node_lives(self, node: str) -> bool:
        try:
            nodes = await asyncio.wait_for(asyncio.to_thread(ray.nodes), _GCS_SECONDS)
        except (TimeoutError, ray.exceptions.RayError):
            _leave("Ray's control service does not answer")
        alive = {entry["NodeID"] for entry in nodes if entry["Alive"]}
        if self._home not in alive:
            _leave("the Ray node of this process is gone")
        return node in alive


def _leave(reason: str) -> NoReturn:
    # Nothing can be shut down in order without the node; Ray's other processes die with this one.
    sys.stderr.write(reason + "\n")
    sys.stderr.flush()
    os._exit(HOMELESS)


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""Workers that die in every order, played by objects instead of processes: no evaluation is lost, and only the guilty are blamed."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import pytest

from evoheur.candidate import Evaluation, Status
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.ray.cluster_shares import RunOnCluster, shares
from evoheur.evaluation.ray.worker_pool import NoWorkers, Pool, TookWorkersDown, WorkerLost, WorkerStumbled, WorkerUseless


def evaluation(worker: int) -> Evaluation:
    return Evaluation(status=Status.OK, objective=float(worker), split="train", level="jail-L1")


class Played:
    """A worker that answers with its own number, after what the script says for its n-th evaluation."""

    def __init__(
        self, number: int, acts: Iterable[Exception | None], start: Exception | None, room: asyncio.Semaphore | None = None
    ) -> None:
        self.number = number
        self.room = room
        self.housed = False
        self.acts = iter(acts)
        self.start = start
        self.busy = 0
        self.most_at_once = 0
        self.dismissed = False
        self.hold: asyncio.Event | None = None

    async def prepare(self) -> str:
        await asyncio.sleep(0)
        if self.start is not None:
            raise self.start
        if self.room is not None:
            self.housed = await self.room.acquire()
        return "jail-L0"

    async def evaluate(self, task: EvaluationTask[int]) -> Evaluation:
        self.busy += 1
        self.most_at_once = max(self.most_at_once, self.busy)
        try:
            await (self.hold.wait() if self.hold else asyncio.sleep(0.001))
            error = next(self.acts, None)
            if error is not None:
                raise error
            return evaluation(self.number)
        finally:
            self.busy -= 1

    async def dismiss(self) -> None:
        self.dismissed = True
        if self.housed and self.room is not None:
            self.housed = False
            self.room.release()


class Stage:
    """A pool over played workers; `acts[n]` is what becomes of the n-th worker's evaluations, `starts[n]` of its start."""

    def __init__(
        self,
        size: int,
        acts: Iterable[Iterable[Exception | None]] = (),
        starts: Iterable[Exception | None] = (),
        *,
        patience: float = 30.0,
        holders: Callable[[], str] = str,
        room: asyncio.Semaphore | None = None,
    ) -> None:
        self.room = room
        self.acts = iter(acts)
        self.starts = iter(starts)
        self.hired: list[Played] = []
        self.notices: list[str] = []
        self.pool = Pool(self.hire, size, patience=patience, notice=self.notices.append, holders=holders, pause=0.001)

    def hire(self) -> Played:
        self.hired.append(Played(len(self.hired), next(self.acts, ()), next(self.starts, None), self.room))
        return self.hired[-1]

    async def evaluate(self) -> Evaluation:
        return await self.pool.evaluate(EvaluationTask(code="code", instances=0))


def gone() -> WorkerLost:
    return WorkerLost("its node is gone", alone=False)


def died() -> WorkerLost:
    return WorkerLost("its process ended", alone=True)


def played(scenario: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(scenario(), 20)

    asyncio.run(bounded())


def test_no_worker_has_two_evaluations_at_once() -> None:
    async def scenario() -> None:
        stage = Stage(3)
        assert len(await asyncio.gather(*(stage.evaluate() for _ in range(40)))) == 40
        assert [worker.most_at_once for worker in stage.hired] == [1, 1, 1]
        await stage.pool.close()

    played(scenario)


def test_an_evaluation_survives_its_worker() -> None:
    """It is done by a later one, the dead one is dismissed and replaced, and a person is told."""

    async def scenario() -> None:
        stage = Stage(1, acts=[[died()]])
        assert (await stage.evaluate()).objective == 1
        assert (len(stage.hired), stage.hired[0].dismissed) == (2, True)
        assert any("its process ended" in notice for notice in stage.notices)
        await stage.pool.close()

    played(scenario)


def test_a_candidate_of_which_two_workers_die_is_to_blame_and_the_next_one_is_not() -> None:
    async def scenario() -> None:
        stage = Stage(1, acts=[[died()], [died()]])
        with pytest.raises(TookWorkersDown, match="its process ended"):
            await stage.evaluate()
        assert (await stage.evaluate()).objective == 2
        await stage.pool.close()

    played(scenario)


def test_nodes_that_go_are_nobodys_fault() -> None:
    """Seven workers lost with their nodes, and one death between them, still end in a score."""

    async def scenario() -> None:
        stage = Stage(1, acts=[[gone()], [gone()], [died()], [gone()], [gone()], [gone()], [gone()]])
        assert (await stage.evaluate()).objective == 7
        await stage.pool.close()

    played(scenario)


def test_an_evaluation_is_not_sent_for_ever() -> None:
    async def scenario() -> None:
        stage = Stage(1, acts=[[gone()]] * 50)
        with pytest.raises(NoWorkers, match="8 workers in a row"):
            await stage.evaluate()
        await stage.pool.close()

    played(scenario)


def test_while_no_worker_can_be_had_waiting_is_bounded_and_said() -> None:
    """The only worker dies, and the next one never gets ready, as with a cluster that is full."""

    async def scenario() -> None:
        stage = Stage(1, acts=[[gone()]], patience=0.1)
        await stage.pool.first()
        stage.starts = iter([gone()] * 1000)
        stage.pool._pause = 10.0
        with pytest.raises(NoWorkers, match=r"gave no worker for 0\.1 s.*ray status"):
            await stage.evaluate()
        with pytest.raises(NoWorkers):
            await stage.evaluate()
        assert any("waiting up to 0.1 s" in notice for notice in stage.notices)
        await stage.pool.close()

    played(scenario)


def test_a_pool_whose_first_worker_never_comes_says_so() -> None:
    async def scenario() -> None:
        stage = Stage(2, starts=[gone()] * 100, patience=30.0)
        with pytest.raises(NoWorkers, match=r"lost while they started.*its node is gone"):
            await stage.pool.first()
        await stage.pool.close()

    played(scenario)


def test_a_worker_that_cannot_evaluate_ends_the_waiting_with_its_reason() -> None:
    async def scenario() -> None:
        stage = Stage(2, starts=[WorkerUseless("no such problem")] * 2)
        with pytest.raises(NoWorkers, match="no such problem"):
            await stage.pool.first()
        await stage.pool.close()

    played(scenario)


@pytest.mark.parametrize("error", [WorkerUseless("no guest"), WorkerStumbled("IndexError: no guest", "Traceback …")])
def test_a_worker_that_fails_without_dying_is_kept(error: WorkerUseless | WorkerStumbled) -> None:
    """Such as for want of a guest: the evaluation ends with that reason, and the worker takes the next one."""

    async def scenario() -> None:
        stage = Stage(1, acts=[[error]])
        with pytest.raises(type(error), match="no guest"):
            await stage.evaluate()
        assert (await stage.evaluate()).objective == 0
        await stage.pool.close()

    played(scenario)


def test_a_worker_whose_evaluation_nobody_wants_any_more_is_replaced() -> None:
    """It is busy with a candidate that may take its time, and the next one must not wait for that."""

    async def scenario() -> None:
        stage = Stage(1)
        await stage.pool.first()
        stage.hired[0].hold = asyncio.Event()
        unwanted = asyncio.ensure_future(stage.evaluate())
        await asyncio.sleep(0.01)
        unwanted.cancel()
        assert (await stage.evaluate()).objective == 1
        assert stage.hired[0].dismissed
        await stage.pool.close()

    played(scenario)


def test_workers_that_start_badly_are_replaced_while_others_work() -> None:
    async def scenario() -> None:
        stage = Stage(2, starts=[None, *[gone()] * 20])
        for _ in range(50):
            assert (await stage.evaluate()).status is Status.OK
        await stage.pool.close()

    played(scenario)


def test_closing_dismisses_everybody_and_replaces_nobody() -> None:
    async def scenario() -> None:
        stage = Stage(3)
        await stage.pool.first()
        stage.hired[0].hold = asyncio.Event()
        running = asyncio.ensure_future(stage.evaluate())
        await asyncio.sleep(0.01)
        await stage.pool.close()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert [worker.dismissed for worker in stage.hired] == [True, True, True]

    played(scenario)


def test_the_level_is_what_evaluations_say() -> None:
    """Until the first guest has started, what workers promise at least."""

    async def scenario() -> None:
        stage = Stage(1)
        await stage.pool.first()
        assert stage.pool.level == "jail-L0"
        await stage.evaluate()
        assert stage.pool.level == "jail-L1"
        await stage.pool.close()

    played(scenario)


def test_a_pool_grows() -> None:
    async def scenario() -> None:
        stage = Stage(1)
        await stage.evaluate()
        stage.pool.resize(3)
        assert len(await asyncio.gather(*(stage.evaluate() for _ in range(30)))) == 30
        assert (len(stage.hired), stage.pool.held) == (3, 3)
        await stage.pool.close()

    played(scenario)


def test_a_pool_shrinks_by_idle_workers_at_once_and_by_busy_ones_as_they_finish() -> None:
    """No evaluation is lost."""

    async def scenario() -> None:
        stage = Stage(4)
        await asyncio.gather(*(stage.evaluate() for _ in range(8)))
        for worker in stage.hired:
            worker.hold = asyncio.Event()
        running = [asyncio.ensure_future(stage.evaluate()) for _ in range(3)]
        await asyncio.sleep(0.01)
        stage.pool.resize(1)
        await asyncio.sleep(0.01)
        assert (stage.pool.held, sum(worker.dismissed for worker in stage.hired)) == (3, 1)
        for worker in stage.hired:
            assert worker.hold is not None
            worker.hold.set()
        assert len(await asyncio.gather(*running)) == 3
        await asyncio.sleep(0.01)
        assert (stage.pool.held, sum(worker.dismissed for worker in stage.hired), len(stage.hired)) == (1, 3, 4)
        assert (await stage.evaluate()).status is Status.OK
        await stage.pool.close()

    played(scenario)


def test_a_pool_that_shrinks_takes_back_what_it_has_not_got_yet() -> None:
    """Such a worker waits for room on the cluster, and would take what another run is to have."""

    async def scenario() -> None:
        stage = Stage(1)
        await stage.evaluate()
        stage.starts = iter([gone()] * 1000)
        stage.pool._pause = 10.0
        stage.pool.resize(5)
        await asyncio.sleep(0.01)
        stage.pool.resize(1)
        await asyncio.sleep(0.01)
        assert [worker.dismissed for worker in stage.hired] == [False, True, True, True, True]
        assert (await stage.evaluate()).objective == 0
        await stage.pool.close()

    played(scenario)


def test_while_others_hold_the_cluster_waiting_goes_on_and_says_who_they_are() -> None:
    async def scenario() -> None:
        others = ["run 1"]
        stage = Stage(1, starts=[gone()] * 3, patience=0.05, holders=lambda: ", ".join(others))
        stage.pool._pause = 0.2
        assert (await stage.evaluate()).objective == 3
        assert "Still waiting for a worker: the cluster is in use by run 1." in stage.notices
        others.clear()
        stage.starts = iter([gone()] * 1000)
        stage.acts = iter([])
        stage.hired[3].acts = iter([gone()])
        with pytest.raises(NoWorkers, match="gave no worker for"):
            await stage.evaluate()
        await stage.pool.close()

    played(scenario)


def test_a_thousand_workers_change_hands_between_four_runs() -> None:
    """Simulated, on a cluster with room for no more: each run gets its share as it comes, and what others leave as they go."""

    async def scenario() -> None:
        room = asyncio.Semaphore(1000)
        living: list[Stage] = []
        evaluating: list[asyncio.Task[Evaluation]] = []
        for _ in range(4):
            stage = Stage(1, room=room)
            living.append(stage)
            evaluating += [asyncio.ensure_future(stage.evaluate()) for _ in range(2000)]
            await eventually_agreed(living, workers=1000)
        assert len(await asyncio.gather(*evaluating)) == 8000
        while len(living) > 1:
            await living.pop(0).pool.close()
            await eventually_agreed(living, workers=1000)
        await living[0].pool.close()

    played(scenario)


async def eventually_agreed(living: list[Stage], *, workers: int) -> None:
    """Have runs report and resize, as bridges do, until each holds its share and together they hold all there is."""
    while True:
        runs = [
            RunOnCluster(holder="", claims={"CPU": 1.0}, held=stage.pool.held, wanted=workers, most=workers) for stage in living
        ]
        agreed = shares(runs, {"CPU": workers})
        if [stage.pool.held for stage in living] == agreed:
            assert sum(agreed) == workers
            return
        for stage, size in zip(living, agreed, strict=True):
            stage.pool.resize(size)
        await asyncio.sleep(0.01)

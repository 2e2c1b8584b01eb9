"""The job shop problem by dispatching, as an online problem."""

import ast
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from evoheur.online import OnlineProblem
from evoheur.problem import Aggregate, Heuristic, Json, Split, in_guest, scaled
from evoheur.problems.flat_heuristics.flat_heuristic import FlatHeuristic, read_flat_heuristic
from evoheur.problems.flat_heuristics.flat_values import NotFlat
from evoheur.problems.flat_heuristics.written_formula import written_formula
from evoheur.source_solver import SourceSolver

from .flat_dispatching import ARGUMENTS, flat_priority, shown_calls, small_shop
from .instance import JobShopInstance, decoded_shop, shop_of_arrivals
from .plan_checks import finished_floor
from .shop_floor import ShopFloor, decisions, plan_by_scores, planner_of_formula

__all__ = ["JobShopDispatching", "priority"]

_FORMULA_BYTES = 60_000
_DIGITS = 6  # of a job's number in an answer, its comma included


def priority(
    progress: float,
    load: float,
    most: float,
    time: NDArray[np.float64],
    remaining: NDArray[np.float64],
    operations: NDArray[np.float64],
    done: NDArray[np.float64],
    waited: NDArray[np.float64],
    age: NDArray[np.float64],
    next_time: NDArray[np.float64],
    next_queue: NDArray[np.float64],
    next_busy: NDArray[np.float64],
    next_load: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Score the jobs that wait for a machine that is free; the one with the highest score is processed next, the first one on ties.

    All times are in units of the mean operation of the jobs that have come so far, so they are about 1 for one operation. Nothing is
    known of jobs that will still come.

    Args:
        progress: Share of the operations of the jobs so far that have begun, from 0 to below 1.
        load: Work on this machine that has not begun, of all jobs so far.
        most: The same of the machine with most of it, at least `load`.
        time: How long this operation of each job takes, shape (waiting,).
        remaining: Work of each job that is left, this operation included, shape (waiting,).
        operations: How many operations of each job are left, this one included, at least 1, shape (waiting,).
        done: Work of each job that has been done, shape (waiting,).
        waited: How long each job has waited for this machine, shape (waiting,).
        age: How long ago each job came, shape (waiting,).
        next_time: How long its next operation will take, 0 if this is its last, shape (waiting,).
        next_queue: Work that waits now for the machine of its next operation, 0 if there is none, shape (waiting,).
        next_busy: How long that machine is still busy, 0 if it is free or there is none, shape (waiting,).
        next_load: Work on that machine that has not begun, of all jobs so far, 0 if there is none, shape (waiting,).

    Returns:
        One real number per job, shape (waiting,); not NaN.
    """
    return remaining.copy()


class JobShopDispatching(OnlineProblem[JobShopInstance]):
    """Process jobs in a shop so that all are done as early as possible: minimise the makespan.

    Every job has operations on different machines in an order of its own. A machine processes one operation at a time, without
    interruption. Whenever a machine is free and jobs wait for it, a rule decides which of them is next. In some shops all jobs are there
    from the beginning, in others they come one after the other, and nobody knows which. Good rules keep the machines with most work busy,
    and do not leave long jobs to the end.
    """

    heuristic: ClassVar[Callable[..., Any]] = staticmethod(priority)
    aggregate: ClassVar[Aggregate] = "mean_of_gaps"
    references_are_bounds = True
    only_order_counts = True
    interface = "free of units; times are in units of the mean operation of the jobs that have come"
    formats: ClassVar[tuple[str, ...]] = (
        (
            "Text .txt, .jsp: jobs and machines, then a line per job of pairs of a machine from 0 and a time, the standard form; or "
            "Taillard's, with seeds and bounds, a matrix of times and one of machines from 1. A file may hold many."
        ),
        "A folder of these. References: optima.csv or reference.csv beside them, else the upper bound in the file.",
    )
    symmetries = (scaled("times", "gaps", by=1000),)

    def __init__(self, *, active: bool = False) -> None:
        """Choose how schedules are generated.

        Args:
            active: By Giffler & Thompson, where a machine may wait for a job that is to come soon; else no machine is idle that has a job
                to process.
        """
        super().__init__()
        self.active = active
        self._read: dict[str, float | None] = {}
        self._flat: tuple[Json, FlatHeuristic] | None = None  # the last answer with its formula, which instances share

    def instances(self, split: Split) -> Sequence[JobShopInstance]:
        """Seeded instances of several families, smallest first; "test" has Taillard's published ones too."""
        made: list[JobShopInstance] = self.trusted("splits").instances(split)
        return made

    def resampled(self, seed: int) -> Sequence[JobShopInstance]:
        """Instances of the training families, drawn from other seeds."""
        made: list[JobShopInstance] = self.trusted("splits").instances("train", resampled=seed)
        return made

    def decode(self, data: Mapping[str, Json]) -> JobShopInstance:
        """Rebuild an instance in the guest."""
        return decoded_shop(data)

    def known(self, instance: JobShopInstance) -> dict[str, Json]:
        """The number of machines."""
        return {"machines": instance.machines}

    def arrivals(self, instance: JobShopInstance) -> Sequence[Json]:
        """Of every arrival: the time since the last one, and its jobs."""
        return instance.arrivals()

    def with_arrivals(self, instance: JobShopInstance, arrivals: Sequence[Json]) -> JobShopInstance:
        """The same shop if other jobs came."""
        return shop_of_arrivals(instance.name, instance.family, instance.machines, list(arrivals))

    def start(
        self,
        heuristic: Heuristic,
        known: Mapping[str, Json],
        rng: np.random.Generator,  # noqa: ARG002 - nothing here is drawn
    ) -> Callable[[Json], Json]:
        """Let the rule plan at every arrival.

        A decision is a plan: all jobs that are not done, in the order in which their operations begin, each as often as it has operations
        left. What would begin before the next arrival does, and the rest is planned anew. "path" in the notes is then "plain".
        """
        floor = ShopFloor(known["machines"])
        heuristic.notes["path"] = "plain"

        def decided(arrival: Json) -> Json:
            with np.errstate(all="ignore"):  # dividing by zero is a rule's own business; what it makes of it counts
                plan = plan_by_scores(heuristic.entry, floor.arrive(arrival), active=self.active)
            floor.decide(plan)
            return plan.tolist()

        return decided

    def table_scope(self, instance: JobShopInstance) -> Json | None:  # noqa: ARG002 - one serves all
        """Nothing: a formula serves all shops."""
        return {}

    def tabulate(self, heuristic: Heuristic, scope: Json) -> Json | None:  # noqa: ARG002 - the same for every shop
        """The rule itself as data, if it is a formula; "path" in the notes is then "flat"."""
        try:
            flat = flat_priority(heuristic)
        except NotFlat as reason:
            heuristic.notes.update(path="plain", plain_because=str(reason))
            return None
        heuristic.notes["path"] = "flat"
        return flat.document()

    def solver_in_source(self, tree: ast.Module) -> SourceSolver[JobShopInstance] | None:
        """Dispatches by the formula that the source is, if it is one."""
        try:
            flat = written_formula(tree, "priority", ARGUMENTS)
        except NotFlat:
            return None
        planner = planner_of_formula(flat, active=self.active)
        return SourceSolver(solve=lambda instance: decisions(instance, planner), notes={"path": "flat"})

    def follow(self, instance: JobShopInstance, table: Json) -> list[Json] | None:
        """Dispatch by a formula; None where a score is NaN."""
        read = self._flat
        if read is None or read[0] is not table:
            read = self._flat = (table, read_flat_heuristic(table, len(ARGUMENTS)))
        return decisions(instance, planner_of_formula(read[1], active=self.active))

    def answer_bytes(self, instance: JobShopInstance) -> int:
        """The largest answer: plans of all that has come at every arrival, or a formula."""
        jobs = int(np.cumsum(np.bincount(instance.batches, minlength=instance.gaps.size)).sum())  # of all plans
        return max(_DIGITS * (jobs * int(instance.times.shape[1]) + instance.gaps.size), _FORMULA_BYTES)

    def heuristic_calls(self, instance: JobShopInstance) -> int:
        """At most one for every operation, where all jobs come at once."""
        return int(instance.times.size)

    def cost(self, instance: JobShopInstance, solution: Json) -> float:
        """The makespan, minimised: when the last operation is done, in the instance's own unit.

        Args:
            instance: The instance.
            solution: A plan for every arrival: jobs (from 0, in order of their coming), each as often as it has operations left.

        Raises:
            Infeasible: It is no such list, or a job is planned more or less often.
        """
        return float(finished_floor(instance, solution).shop.ready.max())

    def reference(self, instance: JobShopInstance) -> float | None:
        """A proven optimum, a lower bound, or what a file says."""
        if instance.name in self._read:
            return self._read[instance.name]
        optima: Mapping[str, int] = self.trusted("taillard_shops").SHOP_OPTIMA
        return float(
            optima[instance.name] if instance.name in optima else self.trusted("one_machine_bounds").shop_bound(instance)
        )

    def textbook_rules(self) -> Mapping[str, Callable[[JobShopInstance], Any]]:
        """Priority rules, and the best of them on each instance."""
        rules: Mapping[str, Callable[[JobShopInstance], Any]] = self.trusted("textbook_rules").rules(active=self.active)
        return rules

    def read_instances(self, path: Path) -> Sequence[JobShopInstance]:
        """Read a `.txt` or `.jsp` file, or a folder of them."""
        read = self.trusted("files").read_instances(path)
        self._read.update({instance.name: read.references.get(instance.name) for instance in read.instances})
        instances: list[JobShopInstance] = read.complete()
        return instances

    def warm_up(self) -> None:
        """Compile the kernels of this side on eight jobs."""
        instance = small_shop()
        self.solve(Heuristic(code="", functions={"priority": priority}), instance, np.random.default_rng(0))
        flat = FlatHeuristic(len(ARGUMENTS), np.zeros(0), np.array([[0, len(ARGUMENTS) - 1, 0, 0]], dtype=np.int64))
        flat.scores(shown_calls()[0])
        decided = decisions(instance, planner_of_formula(flat, active=self.active))
        if not in_guest():
            self.cost(instance, decided)
            for solver in self.textbook_rules().values():
                solver(instance)

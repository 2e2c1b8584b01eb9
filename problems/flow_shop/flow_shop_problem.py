"""The base of the permutation flow shop problems.

It has what they have in common as problems: instances, checking and pricing.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from evoheur.drawing import Drawing
from evoheur.problem import Json, Problem, Split

from .drawn_schedule import drawn_schedule
from .instance import FlowShopInstance, decoded
from .makespan_bounds import lower_bound
from .schedule import makespan, order_of_jobs
from .symmetries import LONGER_TIMES

__all__ = ["WARM_UP", "FlowShopProblem"]

WARM_UP: Mapping[str, Json] = {
    "name": "warm-up",
    "family": "warm-up",
    "times": [[3, 1, 2], [2, 2, 4], [1, 3, 1], [4, 1, 1], [2, 2, 2], [1, 1, 5], [3, 3, 1]],
}
"""Seven jobs, to compile kernels on."""


class FlowShopProblem(Problem[FlowShopInstance]):
    """A permutation flow shop problem.

    Its folder has two modules that the guest never holds. `splits` defines `instances(split, resampled=...)`, `OPTIMA` (name → makespan)
    and `read_instances(path)`; `textbook_rules` defines `textbook_rules(...)` or `RULES`.

    Rules see times in units of the instance's mean operation.
    """

    aggregate = "mean_of_gaps"
    references_are_bounds = True
    symmetries = (LONGER_TIMES,)
    interface = "free of units; times are in units of the mean time of a job on a machine"
    formats: ClassVar[tuple[str, ...]] = (
        (
            "Text .txt, .fsp: jobs and machines, perhaps a seed and an upper and a lower bound; then a line per machine (Taillard) or per "
            "job, in pairs of a machine from 0 and a time (OR-Library). A file may hold many."
        ),
        "A folder of these. References: optima.csv or reference.csv beside them, else the upper bound in the file.",
    )

    def __init__(self) -> None:
        """There is nothing to set."""
        self._read: dict[str, float | None] = {}

    def instances(self, split: Split) -> Sequence[FlowShopInstance]:
        """Seeded instances of several families, smallest first; "test" has Taillard's published ones too."""
        made: list[FlowShopInstance] = self.trusted("splits").instances(split)
        return made

    def resampled(self, seed: int) -> Sequence[FlowShopInstance]:
        """Instances of the training families, drawn from other seeds."""
        made: list[FlowShopInstance] = self.trusted("splits").instances("train", resampled=seed)
        return made

    def decode(self, data: Mapping[str, Json]) -> FlowShopInstance:
        """Rebuild an instance in the guest."""
        return decoded(data)

    def cost(self, instance: FlowShopInstance, solution: Json) -> float:
        """The makespan, minimised: when the last job leaves the last machine, in the instance's own unit.

        Args:
            instance: The instance.
            solution: Jobs (0..jobs-1) in the order in which all machines process them.

        Raises:
            Infeasible: It is no such list, or a job is there twice or never.
        """
        return float(makespan(instance, order_of_jobs(instance, solution)))

    def reference(self, instance: FlowShopInstance) -> float | None:
        """The proven optimum of Taillard's instances, a lower bound for ours; for files what they or tables beside them say."""
        if instance.name in self._read:
            return self._read[instance.name]
        optima: Mapping[str, int] = self.trusted("splits").OPTIMA
        return float(optima[instance.name] if instance.name in optima else lower_bound(instance))

    def textbook_rules(self) -> Mapping[str, Callable[[FlowShopInstance], Any]]:
        """The textbook rules of the problem's folder."""
        rules: Mapping[str, Callable[[FlowShopInstance], Any]] = self.trusted("textbook_rules").RULES
        return rules

    def read_instances(self, path: Path) -> Sequence[FlowShopInstance]:
        """Read a `.txt` or `.fsp` file, or a folder of them."""
        read = self.trusted("splits").read_instances(path)
        self._read.update({instance.name: read.references.get(instance.name) for instance in read.instances})
        instances: list[FlowShopInstance] = read.complete()
        return instances

    def draw(self, instance: FlowShopInstance, solution: Json) -> Drawing:
        """A Gantt chart."""
        return drawn_schedule(instance, solution)

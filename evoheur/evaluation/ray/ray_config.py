"""Configuration of the executor `ray`; needs no Ray to be read."""

import importlib.util
from typing import Annotated, Any, Literal

from pydantic import Field

from evoheur.errors import ConfigError
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe
from evoheur.evaluation.executor import Executor, ExecutorConfig
from evoheur.evaluation.ray.bridge_messages import Terms
from evoheur.evaluation.ray.ray_executor import RayExecutor
from evoheur.problem import Problem

__all__ = ["RayConfig"]


class RayConfig(ExecutorConfig):
    """Ray workers on this machine or on a cluster.

    Each is over a guest process of its own.
    """

    kind: Literal["ray"] = "ray"
    slots: int | None = Field(default=None, ge=1, le=4096)
    """Workers, one candidate at a time on each; by default as many as the cluster has room for, at most 256. Runs that join one cluster
    share it, so that this is the most that each takes."""
    cpus_per_worker: float = Field(default=1.0, ge=0)
    """Processors that Ray sets aside for a worker; fractions such as 0.5 are allowed, 0 claims none."""
    resources: dict[str, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    """Custom resources of the cluster that a worker claims, such as {"evaluation_node": 0.1}: where it may run."""
    address: str | None = Field(default=None, min_length=1)
    """A running cluster: "host:port", or "auto" for the one this machine belongs to; unset, one is started here for the run."""
    wait_seconds: float = Field(default=120.0, gt=0)
    """How long to wait for a worker while the cluster gives none and no other run has what one needs, in seconds, before the run stops."""
    object_store_mib: int = Field(default=128, ge=80)
    """Shared memory of a cluster that is started here, in MiB; it holds the instances."""

    def check(self) -> None:
        """See `ExecutorConfig.check`."""
        if importlib.util.find_spec("ray") is None:
            raise ConfigError(
                "The executor 'ray' needs Ray, which is not installed; run `pip install evoheur[ray]`, "
                "or evaluate without it: --set evaluation.executor.kind=local."
            )

    def build(self, recipe: EvaluatorRecipe, problem: Problem[Any]) -> Executor:  # noqa: ARG002 - the workers load it themselves
        """See `ExecutorConfig.build`."""
        self.check()
        return RayExecutor(Terms.of(recipe, **self.model_dump(exclude={"kind"})))

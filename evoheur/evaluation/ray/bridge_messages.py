"""Messages between the run's process and the bridge.

They are pickles over a socket pair; both ends are trusted code of one version. What only workers need to understand (recipe and instances)
stays packed on the way, so that the bridge loads neither problem nor plug-in.
"""

import getpass
import os
import pickle
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from evoheur.candidate import Evaluation
from evoheur.evaluation.evaluation_task import EvaluationTask
from evoheur.evaluation.evaluator_recipe import EvaluatorRecipe

__all__ = ["Cancel", "Evaluate", "Evaluated", "Failed", "Instances", "Notice", "Ready", "Reply", "Stumbled", "Terms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The first message to a bridge.

    The settings of `RayConfig`, and what workers make evaluators from.

    Attributes:
        recipe: A pickled `EvaluatorRecipe`.
        holder: Whose run it is, for the people of other runs on the cluster.
    """

    recipe: bytes
    holder: str
    slots: int | None
    cpus_per_worker: float
    resources: Mapping[str, float]
    address: str | None
    wait_seconds: float
    object_store_mib: int

    @classmethod
    def of(cls, recipe: EvaluatorRecipe, **settings: Any) -> "Terms":
        """Pack the recipe; `settings` are the other attributes."""
        problem = Path(recipe.problem).name
        holder = f"process {os.getpid()} of {_user()} on {socket.gethostname()}, problem {problem!r}, seed {recipe.seed}"
        return cls(recipe=pickle.dumps(recipe), holder=holder, **settings)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a number that has no name, as in containers
        return f"user {os.getuid()}"


@dataclass(frozen=True, slots=True)
class Instances:
    """A set of instances that later evaluations name by number.

    Attributes:
        packed: A pickled `InstanceSet`.
    """

    number: int
    split: str
    packed: bytes


@dataclass(frozen=True, slots=True)
class Evaluate:
    """Evaluate a candidate; answered by `Evaluated`, `Failed` or `Stumbled` of the same number."""

    number: int
    task: EvaluationTask[int]


@dataclass(frozen=True, slots=True)
class Cancel:
    """Withdrawal of an evaluation that nobody waits for; not answered."""

    number: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The first answer, if there is something to evaluate on."""

    slots: int
    level: str


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What became of a candidate."""

    number: int
    evaluation: Evaluation


@dataclass(frozen=True, slots=True)
class Failed:
    """An evaluation that failed by no fault of the candidate.

    Attributes:
        number: Of the evaluation; None if nothing can be evaluated, as the first and only answer.
        reason: For a person.
    """

    number: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Stumbled:
    """An exception of our own code over one candidate.

    It raised what it should not, and goes on with others.

    Attributes:
        reason: The exception in a line.
        traceback: The whole of it.
    """

    number: int
    reason: str
    traceback: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person may want to know, such as the loss of a worker."""

    text: str


Reply: TypeAlias = Ready | Evaluated | Failed | Stumbled | Notice

"""A set of instances with the references that only the trusted side knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evoheur.errors import ConfigError
from evoheur.evaluation.packing import pack
from evoheur.problem import Instance, Json, Problem, Split
from sandbox.wire import encode

__all__ = ["CUSTOM", "TOGETHER", "InstanceSet"]

CUSTOM = "custom"
"""The split's name in evaluations on a user's own file."""

TOGETHER = 64
"""So many instances are put to a candidate in one question at the most."""

_FLOOR, _NOTES = 256 * 1024, 4096  # bytes of any answer, and of what a solver notes beside a solution


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceSet:
    """Instances as the trusted side keeps them.

    Attributes:
        split: "train", "validation", "test" or "custom".
        instances: Smallest first; the order they run in.
        references: Instance name → optimum, best known value or bound; None where there is none.
        encoded: What the guest is sent for each instance, packed, in the same order.
        bounded: Whether every reference is a proven lower bound of the cost, so that an evaluation can be cut short.
        online: Whether the problem has twins of its instances, so that candidates can be probed for causality.
        answer_bytes: Size of the largest answer to a question about them; None for no limit but the user's.
    """

    split: str
    instances: tuple[Instance, ...]
    references: Mapping[str, float | None]
    encoded: tuple[dict[str, Json], ...]
    bounded: bool = False
    online: bool = False
    answer_bytes: int | None = None

    @classmethod
    def of_split(cls, problem: Problem[Any], split: Split) -> "InstanceSet":
        """The problem's own instances of a split."""
        return cls._make(problem, split, problem.instances(split), bounded=problem.references_are_bounds)

    @classmethod
    def of_path(cls, problem: Problem[Any], path: Path, *, split: str = CUSTOM) -> "InstanceSet":
        """A user's own file or folder.

        Args:
            problem: Reads it.
            path: Of a form that the problem reads.
            split: What the instances stand for, where a run uses them as a split.

        Raises:
            ConfigError: The file cannot be read, or it holds no instance.
        """
        try:
            instances = problem.read_instances(path)
        except (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError) as error:
            kind = type(problem).__name__
            raise ConfigError(
                f"{path} cannot be read as instances of {kind} ({type(error).__name__}: {error}); check the path and the file's form."
            ) from error
        if not instances:
            raise ConfigError(f"{path} holds no instance; give a file with at least one.")
        return cls._make(problem, split, instances, bounded=False)  # who knows where a file's references come from

    @classmethod
    def _make(cls, problem: Problem[Any], split: str, instances: Sequence[Instance], *, bounded: bool) -> "InstanceSet":
        encoded = tuple(pack(problem.encode(instance)) for instance in instances)
        references = {instance.name: problem.reference(instance) for instance in instances}
        return cls(
            split=split,
            instances=tuple(instances),
            references=references,
            encoded=encoded,
            bounded=bounded and None not in references.values(),
            online=problem.online,
            answer_bytes=_answer_bytes(problem, instances, encoded),
        )


def _answer_bytes(problem: Problem[Any], instances: Sequence[Instance], encoded: Sequence[dict[str, Json]]) -> int:
    """What the largest answers add up to that may come as one."""
    sizes = []
    for instance, sent in zip(instances, encoded, strict=True):
        declared = problem.answer_bytes(instance)
        sizes.append(_NOTES + (4 * len(encode(sent)) if declared is None else declared))
    return _FLOOR + sum(sorted(sizes)[-1 if problem.online else -TOGETHER :])

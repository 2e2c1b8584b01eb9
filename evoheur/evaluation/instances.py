"""A set of instances with the references that only the trusted side knows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evoheur.errors import ConfigError
from evoheur.evaluation.packing import pack
from evoheur.files import check_readable
from evoheur.problem import Instance, Json, Problem, Split

__all__ = ["CUSTOM", "InstanceSet"]

CUSTOM = "custom"
"""The split's name in evaluations on a user's own file."""

_MOST_MIB = 256
_SURROGATE = re.compile("[\ud800-\udfff]")


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
    """

    split: str
    instances: tuple[Instance, ...]
    references: Mapping[str, float | None]
    encoded: tuple[dict[str, Json], ...]
    bounded: bool = False
    online: bool = False

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
        check_readable(path, what="instance file", most_mib=_MOST_MIB, folders=True)
        try:
            instances = problem.read_instances(path)
        except (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError) as error:
            kind = type(problem).__name__
            raise ConfigError(
                f"{path} cannot be read as instances of {kind} ({type(error).__name__}: {error}); check the path and the file's form."
            ) from error
        if not instances:
            raise ConfigError(f"{path} holds no instance; give a file with at least one.")
        for word in (word for instance in instances for word in (instance.name, instance.family)):
            if _SURROGATE.search(word):
                raise ConfigError(
                    f"{path} holds the name {word!r} with half a character (a lone surrogate), which cannot be stored."
                )
        return cls._make(problem, split, instances, bounded=False)  # who knows where a file's references come from

    @classmethod
    def _make(cls, problem: Problem[Any], split: str, instances: Sequence[Instance], *, bounded: bool) -> "InstanceSet":
        references = {instance.name: problem.reference(instance) for instance in instances}
        return cls(
            split=split,
            instances=tuple(instances),
            references=references,
            encoded=tuple(pack(problem.encode(instance)) for instance in instances),
            bounded=bounded and None not in references.values(),
            online=problem.online,
        )

"""A set of instances with the references that only the trusted side knows."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from evoheur.candidate import AUDIT, TextbookGap
from evoheur.errors import ConfigError
from evoheur.evaluation.number_lists import pack
from evoheur.instance_files import READER_FAULTS, PartlyRead
from evoheur.online import OnlineProblem
from evoheur.problem import Instance, Json, Problem, Split
from evoheur.request import VariedFamily
from evoheur.sandbox.wire import encode
from evoheur.text_files import check_readable

__all__ = ["CUSTOM", "TOGETHER", "InstanceSet", "cannot_resample", "cannot_vary"]

CUSTOM = "custom"
"""The split's name in evaluations on a user's own file."""

_MOST_MIB = 256
_SPARE_MIB = 256  # beside what a frame needs for an instance: for the heuristic's own arrays
_SURROGATE = re.compile("[\ud800-\udfff]")

TOGETHER = 64
"""So many instances are put to a candidate in one question at the most."""

_FLOOR, _NOTES = 256 * 1024, 4096  # bytes of any answer, and of what a solver notes beside a solution


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceSet:
    """Instances as the trusted side keeps them.

    Attributes:
        split: "train", "validation", "test", "audit" or "custom".
        instances: Smallest first; the order they run in.
        references: Instance name → optimum, best known value or bound; None where there is none.
        encoded: What the guest is sent for each instance, packed, in the same order.
        bounded: Whether every reference is a proven lower bound of the cost, so that an evaluation can be cut short.
        online: Whether each decision must be made before the next piece of an instance is known.
        symmetric: Whether the problem declares symmetries, under which candidates must solve an instance the same way.
        unread: File of a user's folder that could not be read, or instance that is too large → the reason.
        answer_bytes: Size of the largest answer to a question about them; None for no limit but the user's.
        textbook: Family → the best textbook rule's gap, where objectives are relative to those; None where they are not.
        epoch: As in `Evaluation`.
    """

    split: str
    instances: tuple[Instance, ...]
    references: Mapping[str, float | None]
    encoded: tuple[dict[str, Json], ...]
    bounded: bool = False
    online: bool = False
    symmetric: bool = False
    unread: Mapping[str, str] = field(default_factory=dict)
    answer_bytes: int | None = None
    textbook: Mapping[str, TextbookGap] | None = None
    epoch: int = 0

    @classmethod
    def fresh(
        cls, problem: Problem[Any], *, seed: int, epoch: int, varied: Sequence[VariedFamily] = (), only_varied: bool = False
    ) -> "InstanceSet":
        """Fresh training instances.

        Args:
            problem: Makes them.
            seed: As `Problem.resampled` takes it.
            epoch: At least 1.
            varied: Families with parameters of their own that join them.
            only_varied: Whether these are all of it.

        Raises:
            ConfigError: The problem cannot make any.
        """
        instances = () if only_varied else problem.resampled(seed)
        if instances is None:
            raise ConfigError(cannot_resample(problem))
        instances = [*instances, *(instance for family in varied for instance in _drawn(problem, family, seed))]
        return replace(cls._make(problem, "train", instances, bounded=problem.references_are_bounds), epoch=epoch)

    @classmethod
    def of_audit(cls, problem: Problem[Any], *, seed: int, most: int) -> "InstanceSet":
        """Fresh instances of the training families for an audit.

        Args:
            problem: Makes them.
            seed: As `Problem.resampled` takes it.
            most: At most so many, spread over the families as in `few`.

        Raises:
            ConfigError: The problem cannot make any.
        """
        instances = problem.resampled(seed)
        if instances is None:
            raise ConfigError(cannot_resample(problem))
        kept = _spread(instances, most)  # before their references, which may take long
        return cls._make(problem, AUDIT, [instances[place] for place in kept], bounded=problem.references_are_bounds)

    @classmethod
    def of_split(cls, problem: Problem[Any], split: Split) -> "InstanceSet":
        """The problem's own instances of a split."""
        return cls._make(problem, split, problem.instances(split), bounded=problem.references_are_bounds)

    @classmethod
    def of_path(
        cls, problem: Problem[Any], path: Path, *, split: str = CUSTOM, partly: bool = False, memory_mib: int | None = None
    ) -> "InstanceSet":
        """A user's own file or folder.

        What is outside the problem's limits in a folder, or needs more memory than candidates have, is left out; `unread` has it then.

        Args:
            problem: Reads it.
            path: Of a form that the problem reads.
            split: What the instances stand for, where a run uses them as a split.
            partly: Go on without the broken files of a folder too; `unread` has them then.
            memory_mib: What a candidate may use; None where no candidate will solve them.

        Raises:
            ConfigError: The file cannot be read, or it holds no instance that can be used; or a file of the folder cannot be read, and
                `partly` is not asked for.
        """
        check_readable(path, what="instance file", most_mib=_MOST_MIB, folders=True)
        unread: Mapping[str, str] = {}
        try:
            instances = problem.read_instances(path)
        except PartlyRead as error:
            if not partly and error.read.faults:
                raise
            instances, unread = error.read.instances, error.read.faults | error.read.outside
        except READER_FAULTS as error:
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
        large = {} if memory_mib is None else _too_large(problem, instances, memory_mib)
        fitting = [instance for instance in instances if instance.name not in large]
        if not fitting:
            raise ConfigError(" ".join(large.values()))
        read = cls._make(problem, split, fitting, bounded=False)  # who knows where a file's references come from
        return replace(read, unread={**unread, **large})

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
            online=isinstance(problem, OnlineProblem),
            symmetric=bool(problem.symmetries),
            answer_bytes=_answer_bytes(problem, instances, encoded),
        )

    def few(self, most: int) -> "InstanceSet":
        """At most so many of the instances, in the same order.

        The first of every family, then the second ones, and so on. Objectives on them are not relative to textbook rules.
        """
        return self._only(_spread(self.instances, most))

    def of_families(self, families: Sequence[str]) -> "InstanceSet":
        """The instances of some families, in the same order. Objectives on them are not relative to textbook rules."""
        return self._only([place for place, instance in enumerate(self.instances) if instance.family in families])

    def _only(self, kept: Sequence[int]) -> "InstanceSet":
        if len(kept) == len(self.instances):
            return self
        instances = tuple(self.instances[position] for position in kept)
        encoded = tuple(self.encoded[position] for position in kept)
        return replace(self, instances=instances, encoded=encoded, bounded=False, textbook=None)

    def changed(self, problem: Problem[Any], change: Callable[[Any], Instance]) -> "InstanceSet":
        """The same instances, changed; nothing refers to the cost of these."""
        instances = [change(instance) for instance in self.instances]
        made = self._make(problem, self.split, instances, bounded=False)
        return replace(made, references=dict.fromkeys(self.references))

    def in_order(self, places: Sequence[int]) -> "InstanceSet":
        """The same instances in another order.

        Args:
            places: Of every instance, once.
        """
        return replace(
            self, instances=tuple(self.instances[each] for each in places), encoded=tuple(self.encoded[each] for each in places)
        )

    def singly(self) -> "Iterator[InstanceSet]":
        """The same instances, each in a set of its own, in order."""
        for instance, encoded in zip(self.instances, self.encoded, strict=True):
            yield replace(self, instances=(instance,), encoded=(encoded,), textbook=None)


def _drawn(problem: Problem[Any], varied: VariedFamily, seed: int) -> Sequence[Instance]:
    made = problem.varied(dict(varied.parameters), family=varied.family, seed=seed, count=varied.instances)
    if made is None:
        raise ConfigError(cannot_vary(problem))
    return made


def _spread(instances: Sequence[Instance], most: int) -> list[int]:
    """The places of at most so many instances, ascending.

    The first of every family, then the second ones, and so on.
    """
    seen: dict[str, int] = {}
    ranked = []
    for position, instance in enumerate(instances):
        seen[instance.family] = seen.get(instance.family, 0) + 1
        ranked.append((seen[instance.family], position))
    return sorted(position for _, position in sorted(ranked)[:most])


def _too_large(problem: Problem[Any], instances: Sequence[Instance], memory_mib: int) -> dict[str, str]:
    """Name of each instance that needs more memory than candidates have → why it is left out."""
    needed = {instance.name: -(-problem.memory_bytes(instance) // 2**20) for instance in instances}
    return {
        name: f"{name} needs {mib:,} MiB of memory, and a candidate has {memory_mib:,}; to solve it, set evaluation.limits.memory_mib to "
        f"{mib + _SPARE_MIB} or more."
        for name, mib in needed.items()
        if mib + _SPARE_MIB > memory_mib and mib > 0
    }


def cannot_resample(problem: Problem[Any]) -> str:
    """The words for a problem that makes no fresh training instances."""
    return (
        f"{type(problem).__name__} makes no fresh training instances, which train.resample asks for; leave train.resample out, or "
        "override resampled(seed) in the problem."
    )


def cannot_vary(problem: Problem[Any]) -> str:
    """The words for a problem whose training instances have no parameters to vary."""
    return (
        f"{type(problem).__name__} declares no parameters of its training instances, which train.hard_instances varies; leave "
        "train.hard_instances out, or override variations() and varied() in the problem (bin_packing_online_levels and tsp_insertion do)."
    )


def _answer_bytes(problem: Problem[Any], instances: Sequence[Instance], encoded: Sequence[dict[str, Json]]) -> int:
    """What the largest answers add up to that may come as one."""
    sizes = []
    for instance, sent in zip(instances, encoded, strict=True):
        declared = problem.answer_bytes(instance)
        sizes.append(_NOTES + (4 * len(encode(sent)) if declared is None else declared))
    return _FLOOR + sum(sorted(sizes)[-1 if isinstance(problem, OnlineProblem) else -TOGETHER :])

"""Sources of the instances of each split.

The problem itself, or files that a user names.
"""

import hashlib
import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from evoheur.errors import ConfigError, InstanceWarning
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem import SPLITS, Problem, Split
from evoheur.request import VariedFamily
from evoheur.run.problem_config import InstanceFiles, ProblemConfig

__all__ = ["InstanceSource", "fingerprint"]


@dataclass(frozen=True, kw_only=True)
class InstanceSource:
    """The splits of a problem as a configuration names them.

    Attributes:
        problem: Makes or reads them.
        files: Split → a user's own instances, in place of the problem's.
        memory_mib: What a candidate may use; instances that need more are left out. None for no limit.
    """

    problem: Problem[Any]
    files: Mapping[Split, InstanceFiles] = field(default_factory=dict)
    memory_mib: int | None = None

    @classmethod
    def of(cls, problem: Problem[Any], named: ProblemConfig, *, memory_mib: int | None = None) -> "InstanceSource":
        """The source that a configuration describes; nothing is read yet."""
        return cls(problem=problem, files=named.files, memory_mib=memory_mib)

    def split(self, split: Split) -> InstanceSet:
        """The instances of a split.

        Raises:
            ConfigError: Files cannot be read, hold no instance, or hold other instances than those whose hash was stored.
        """
        if split not in self.files:
            return InstanceSet.of_split(self.problem, split)
        wanted = self.files[split]
        found = InstanceSet.of_path(self.problem, Path(wanted.path), split=split, memory_mib=self.memory_mib)
        for reason in found.unread.values():
            warnings.warn(f"{split} is without what cannot be used: {reason}", InstanceWarning, stacklevel=2)
        now = fingerprint(self.problem, found)
        if wanted.sha256 not in {None, now}:
            raise ConfigError(
                f"The instances of {split} in {wanted.path!r} are not those of hash {wanted.sha256}: they have hash {now}, so scores "
                "would not compare. Put the files back as they were (with the references beside them), or start a new run."
            )
        return found

    def resampled(self, *, seed: int, epoch: int, varied: Sequence[VariedFamily] = (), only_varied: bool = False) -> InstanceSet:
        """Fresh training instances; see `InstanceSet.fresh`."""
        return InstanceSet.fresh(self.problem, seed=seed, epoch=epoch, varied=varied, only_varied=only_varied)

    def pinned(self) -> "InstanceSource":
        """The same with the hash of every file's instances.

        Raises:
            ConfigError: As for `split`, or an instance is in two splits.
        """
        if not self.files:
            return self
        pinned: dict[Split, InstanceFiles] = {}
        seen: dict[str, tuple[str, str]] = {}
        for split in SPLITS:
            instances = self.split(split)
            if split in self.files:
                pinned[split] = self.files[split].model_copy(update={"sha256": fingerprint(self.problem, instances)})
            self._refuse_shared(instances, seen)
        return replace(self, files=pinned)

    def _refuse_shared(self, instances: InstanceSet, seen: dict[str, tuple[str, str]]) -> None:
        # What was searched on must not be what a result is reported on, whatever name it goes by.
        for instance in instances.instances:
            data = {key: value for key, value in self.problem.encode(instance).items() if key not in {"name", "family"}}
            digest = hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
            split, name = seen.setdefault(digest, (instances.split, instance.name))
            if split != instances.split:
                raise ConfigError(
                    f"Instance {instance.name!r} of {instances.split} is instance {name!r} of {split} again, so {instances.split} "
                    "would not show what a heuristic is worth on instances it was not bred on; take it out of one of the two."
                )


def fingerprint(problem: Problem[Any], instances: InstanceSet) -> str:
    """SHA-256 of what scores depend on in instances.

    Every instance as the guest is told it, in order, and its reference.
    """
    digest = hashlib.sha256()
    for instance in instances.instances:
        told = [problem.encode(instance), instances.references[instance.name]]
        digest.update(json.dumps(told, sort_keys=True).encode() + b"\0")
    return digest.hexdigest()

"""Arms: runs that differ in nothing but their seed."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evoheur.archive.records import RunRecord
from evoheur.candidate import Candidate
from evoheur.errors import ConfigError
from evoheur.run.problem_hash import same_problem
from evoheur.run.selection_config import TrainConfig

__all__ = ["Arm", "arms_of", "check_comparable", "search_settings"]

_NO_PART = (
    "name",
    "seed",
    "archive",
    "budget",
    "validation",
    "audit",
    "train",
    "evaluation.executor",
    "evaluation.sandbox",
    "plugins",
)
"""Settings that no step of a search depends on: when it stops, where it runs, what is scored afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """Runs of one configuration.

    Attributes:
        label: Short, unique among the arms it is compared with: the strategy, and what else tells them apart.
        differs: The settings in the label, by their dotted names.
        runs: In the order given.
    """

    label: str
    differs: Mapping[str, Any]
    runs: tuple[RunRecord, ...]


def arms_of(runs: Sequence[RunRecord]) -> list[Arm]:
    """Group runs of one problem into arms.

    By prompts and by configuration: all of it but the problem and `_NO_PART`. In the order given.
    """
    grouped: dict[str, list[RunRecord]] = defaultdict(list)
    for run in runs:
        grouped[json.dumps([_settings(run), _prompts(run)], sort_keys=True)].append(run)
    groups = list(grouped.values())
    differs = _differences([_settings(members[0]) for members in groups])
    labels = _labels(differs, [members[0] for members in groups])
    return [
        Arm(label=label, differs=different, runs=tuple(members))
        for label, different, members in zip(labels, differs, groups, strict=True)
    ]


def check_comparable(runs: Sequence[RunRecord], starts: Sequence[Candidate]) -> None:
    """Refuse runs that minimise different objectives.

    Args:
        runs: To be compared.
        starts: Candidate 0 of each, which was evaluated on its training instances.

    Raises:
        ConfigError: They are of different problems or instances; names two and what differs.
    """
    for run, baseline in zip(runs[1:], starts[1:], strict=True):
        difference = _difference(runs[0], run) or _trained_differently(starts[0], baseline)
        if difference:
            raise ConfigError(
                f"Runs {runs[0].name!r} and {run.name!r} cannot be compared: {difference}; "
                "compare runs of one problem on the same instances."
            )


def _difference(first: RunRecord, second: RunRecord) -> str:
    if not same_problem(first.problem_hash, second.problem_hash, first.problem):
        if first.problem != second.problem:
            return f"one is of problem {first.problem!r}, the other of {second.problem!r}"
        return f"problem {first.problem!r} changed between them (hash {first.problem_hash}, then {second.problem_hash})"
    settings = [dict(_problem_settings(run.config)) for run in (first, second)]
    for key in sorted({*settings[0], *settings[1]}):
        one, other = (found.get(key, "unset") for found in settings)
        if one != other:
            return f"{key} is {one!r} in one and {other!r} in the other"
    trained = [TrainConfig.model_validate(run.config.get("train", {})) for run in (first, second)]
    if trained[0] != trained[1]:
        return f"train is {trained[0].model_dump()} in one and {trained[1].model_dump()} in the other"
    return ""


def _problem_settings(config: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The settings of a problem that instances depend on.

    A user's own instances count by their hash, since a folder may have moved.
    """
    for key, value in _flatten({"problem": config.get("problem")}, ""):
        if key not in {"problem", "problem.name"} and not key.endswith(".path") and value is not None:
            yield key, value


def _trained_differently(first: Candidate, second: Candidate) -> str:
    told = [[(result.instance, result.reference) for result in baseline.evaluation.results] for baseline in (first, second)]
    return "" if told[0] == told[1] else "they were bred on different training instances"


_AS_EVER = {"novelty.twins": "reuse", "novelty.probe_states": 0}
"""Settings that older runs do not have, with values that lead a search the same way."""

_RECORDINGS = ("generator.run", "generator.path")
"""Which recording is replayed: every seed has its own."""


def search_settings(config: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a stored configuration, dotted name → value.

    Without what is unset and what no step of a search depends on.
    """
    flat = {key: value for key, value in _flatten(config, "") if value not in (None, []) and value != _AS_EVER.get(key)}
    return {key: value for key, value in flat.items() if not any(key == part or key.startswith(f"{part}.") for part in _NO_PART)}


def _settings(run: RunRecord) -> dict[str, Any]:
    # Whether the problem is the same is another question, which its hash answers and the path of its folder does not.
    flat = search_settings(run.config)
    left_out = _RECORDINGS if flat.get("generator.kind") == "recorded" else ()
    kept = {key: value for key, value in flat.items() if key not in left_out}
    return {key: value for key, value in kept.items() if key != "problem" and not key.startswith("problem.")}


def _flatten(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flatten(inner, f"{path}.{key}" if path else str(key))
    else:
        yield path, value


def _differences(configs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The settings by which each arm differs from others.

    The others are those that have the same kind of component there. Of a section that some arms do not have at all, such as "tune",
    they are told "off"; the others "on", and what differs among those.
    """
    configs = _with_switches(configs)
    keys = dict.fromkeys(key for config in configs for key in config)
    found: list[dict[str, Any]] = [{} for _ in configs]
    for key in keys:
        groups: dict[Any, list[int]] = defaultdict(list)
        for index, config in enumerate(configs):
            groups[_kind_beside(key, config)].append(index)
        for members in groups.values():
            values = [configs[index].get(key) for index in members]
            if any(value != values[0] for value in values):
                for index, value in zip(members, values, strict=True):
                    found[index][key] = value
    return found


def _with_switches(configs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Configurations with "on" or "off" for optional sections.

    Under the name of every section that some have and others do not.
    """
    having = [{key.partition(".")[0] for key in config if "." in key} for config in configs]
    optional = [
        name
        for name in dict.fromkeys(name for names in having for name in sorted(names))
        if any(name not in names for names in having)
    ]
    return [
        {**config, **{name: "on" if name in names else "off" for name in optional}}
        for config, names in zip(configs, having, strict=True)
    ]


def _kind_beside(key: str, config: Mapping[str, Any]) -> Any:
    """The kind of the component that a setting belongs to.

    The innermost one; or the switch of its section. None where there is neither.
    """
    if key.endswith(".kind"):
        return None
    parts = key.split(".")
    if parts[0] in config and len(parts) > 1:
        return config[parts[0]]
    kinds = (config.get(".".join([*parts[:length], "kind"])) for length in range(len(parts) - 1, 0, -1))
    return next((kind for kind in kinds if kind is not None), None)


def _labels(differs: Sequence[Mapping[str, Any]], examples: Sequence[RunRecord]) -> list[str]:
    labels = [_label(different, example) for different, example in zip(differs, examples, strict=True)]
    times = Counter(labels)
    unique: dict[str, None] = {}
    for label, example in zip(labels, examples, strict=True):
        full = label if times[label] == 1 else f"{label} prompts={_prompts(example)[:8]}"
        unique[full if full not in unique else f"{full} #{len(unique) + 1}"] = None
    return list(unique)


def _sources(starts: Any) -> str:
    """What a search begins with, without the code of it."""
    return "+".join(str(start.get("source")) for start in starts) if isinstance(starts, list) else "none"


def _label(differs: Mapping[str, Any], example: RunRecord) -> str:
    strategy = example.config.get("strategy")
    kind = strategy.get("kind") if isinstance(strategy, Mapping) else None
    rest = {key: value for key, value in differs.items() if key != "strategy.kind"}
    endings = Counter(key.rpartition(".")[2] for key in rest)
    words = []
    for key, given in rest.items():
        value = _sources(given) if key == "seeds" else given
        ending = key.rpartition(".")[2]
        words.append(f"{ending if endings[ending] == 1 and ending != 'kind' else key}={value}")
    return " ".join([str(kind or "unnamed").rpartition(":")[2], *words])


def _prompts(run: RunRecord) -> str:
    """The hash of all that a run's prompts are made of.

    It is without that of the problem's part alone, which earlier runs do not have.
    """
    return run.prompts_hash.partition("/")[0]

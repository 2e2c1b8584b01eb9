"""The plan of a sweep.

Every strategy with every seed, each as a configuration of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evoheur.api.configurations import load_config
from evoheur.archive.records import RunRecord
from evoheur.errors import ConfigError
from evoheur.report.arms import search_settings
from evoheur.run.config import RunConfig, parse_config
from evoheur.strategies.evolution_strategy import is_plain_loop

__all__ = ["PlannedRun", "SweepPlan", "make_plan", "refuse_changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRun:
    """A planned run of a sweep.

    Its name, what its strategy is called in the sweep, and its configuration.
    """

    name: str
    strategy: str
    config: RunConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPlan:
    """The runs of a sweep, in their order.

    All strategies with the first seed, then all with the second, so that what there is can always be compared.
    """

    name: str
    runs: tuple[PlannedRun, ...]


def make_plan(
    base: RunConfig, strategies: str, seeds: int, *, name: str, beside: Path | None = None, controls: bool = False
) -> SweepPlan:
    """Make the plan of a sweep.

    Args:
        base: Everything but strategy, seed and name.
        strategies: Words with commas between: a kind, or "name=file" for the strategy of another configuration, which
            may be one that ships with evoheur.
        seeds: From 1 to this.
        name: Begins the names of the runs.
        beside: Where plug-ins are found that are not installed: the folder of the configuration.
        controls: Whether (1+1) and random sampling are added where no strategy is one of them.

    Raises:
        ConfigError: A word names no strategy, two have one name, or a name cannot be one.
    """
    data = base.model_dump(mode="json")
    if base.plugins is None and beside is not None:
        data["plugins"] = str(beside.resolve())
    sections = _sections(base, strategies)
    if controls:
        sections = _with_controls(sections)
    runs = []
    for seed in range(1, seeds + 1):
        for strategy, section in sections.items():
            run = f"{name}-{strategy}-{seed}"
            config = parse_config({**data, "strategy": section, "seed": seed, "name": run}, where=f"--strategies {strategies}")
            runs.append(PlannedRun(name=run, strategy=strategy, config=config))
    return SweepPlan(name=name, runs=tuple(runs))


def _sections(base: RunConfig, strategies: str) -> dict[str, Mapping[str, Any]]:
    """The configuration sections of the strategies, by name.

    The name is what a strategy is called in the sweep.
    """
    sections: dict[str, Mapping[str, Any]] = {}
    for word in strategies.split(","):
        first, equals, file = (part.strip() for part in word.partition("="))
        if not first or (equals and not file):
            raise ConfigError(f"--strategies {strategies!r} must look like eoh,random or eoh,mine=configs/mine.yaml.")
        name = first if equals else first.rpartition(":")[2]
        if name in sections:
            raise ConfigError(f"--strategies {strategies!r} has two called {name!r}; tell them apart with NAME=FILE.")
        if equals:
            sections[name] = load_config(file).strategy.model_dump(mode="json")
        elif first == base.strategy.kind:
            sections[name] = base.strategy.model_dump(mode="json")
        else:
            sections[name] = {"kind": first}
    return sections


def _with_controls(sections: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The sections with those of the control arms that are missing.

    A control arm is called by its kind, or "plain-es" and "plain-random" where another strategy is called so.
    """
    found = dict(sections)
    if not any(is_plain_loop(section) for section in sections.values()):
        found["plain-es" if "es" in sections else "es"] = {"kind": "es"}
    if not any(section.get("kind") == "random" for section in sections.values()):
        found["plain-random" if "random" in sections else "random"] = {"kind": "random"}
    return found


def refuse_changed(record: RunRecord, planned: RunConfig) -> None:
    """Refuse an archived run that is not as planned.

    So a sweep never mixes two settings.

    Raises:
        ConfigError: They differ in more than budget, validation, executor and sandbox.
    """
    then, now = search_settings(record.config), search_settings(planned.model_dump(mode="json"))
    then["seed"], now["seed"] = record.seed, planned.seed
    for key in sorted({*then, *now}):
        if then.get(key) != now.get(key):
            raise ConfigError(
                f"There is a run {record.name!r} already, with {key}={then.get(key)!r} where this sweep has {now.get(key)!r}; choose "
                "another --name, or the settings that it began with."
            )

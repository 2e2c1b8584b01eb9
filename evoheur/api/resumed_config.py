"""The settings that may change when a run is resumed."""

import copy
from collections.abc import Callable, Sequence

from evoheur.archive.records import RunRecord
from evoheur.errors import ConfigError
from evoheur.run.config import RunConfig, change_config

__all__ = ["FREE", "changed_config"]

FREE = (
    "budget",
    "in_flight",
    "validation",
    "audit",
    "simplify",
    "solutions",
    "evaluation.backlog",
    "evaluation.executor",
    "evaluation.sandbox",
    "generator",
    "prompt_facts",
)
"""What neither the strategy nor a score depends on; everything else is part of what replaying the log repeats."""


def changed_config(
    run: RunRecord, overrides: Sequence[str], *, notify: Callable[[str], None] = lambda _notice: None
) -> RunConfig:
    """A stored configuration with changes.

    Args:
        run: Whose configuration.
        overrides: "a.b=value" each; values are YAML.
        notify: Takes a line on settings that an override has made meaningless, which are left out.

    Raises:
        ConfigError: A change is malformed, or of something that is fixed once a run has started.
    """
    changed = change_config(copy.deepcopy(dict(run.config)), overrides, where=f"run {run.name!r}", notify=notify)
    for override in overrides:
        key = override.partition("=")[0].strip()
        if not any(key == free or key.startswith(f"{free}.") for free in FREE):
            raise ConfigError(_fixed(run.name, override, key))
    return changed


def _fixed(run: str, override: str, key: str) -> str:
    if key == "archive":
        return f"--set {override!r}: a run stays in its archive; say where that is with --archive URL."
    return (
        f"--set {override!r}: {key!r} is fixed once a run has started, because its log only replays with the settings it began with; "
        f"resume {run!r} without it (free are {', '.join(FREE)}) or start a new run."
    )

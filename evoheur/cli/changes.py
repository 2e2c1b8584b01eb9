"""Which settings of a run may change when it is resumed."""

import copy
from collections.abc import Sequence

from evoheur.archive.records import RunRecord
from evoheur.errors import ConfigError
from evoheur.run.config import RunConfig, parse_config, set_value

__all__ = ["FREE", "changed_config"]

FREE = ("budget", "in_flight", "validation", "evaluation.executor", "evaluation.sandbox", "generator")
"""What neither the strategy nor a score depends on; everything else is part of what replaying the log repeats."""


def changed_config(run: RunRecord, overrides: Sequence[str]) -> RunConfig:
    """A stored configuration with changes.

    Args:
        run: Whose configuration.
        overrides: "a.b=value" each; values are YAML.

    Raises:
        ConfigError: A change is malformed, or of something that is fixed once a run has started.
    """
    data = copy.deepcopy(dict(run.config))
    for override in overrides:
        set_value(data, override)
    changed = parse_config(data, where=f"run {run.name!r}")
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

"""Reading, listing and writing configurations.

They come from a file, a mapping or the name of one that ships with evoheur.
"""

import copy
import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from evoheur.components import nearest
from evoheur.errors import ConfigError
from evoheur.run import config as run_config
from evoheur.run.config import EvaluationConfig, RunConfig, change_config
from evoheur.run.overrides import Change
from evoheur.run.problem_config import ProblemConfig

__all__ = [
    "Changes",
    "ConfigSource",
    "EvaluationConfig",
    "ProblemConfig",
    "RunConfig",
    "folder_beside",
    "load_config",
    "overrides_of",
    "shipped_configs",
    "stem_of",
    "write_starting_config",
]

ConfigSource: TypeAlias = RunConfig | Mapping[str, Any] | str | Path
"""A configuration, its settings, the path of its file, or the name of one that ships with evoheur."""

Changes: TypeAlias = Mapping[str, Any] | Sequence[str]
"""Settings in place of a configuration's: {"budget.evaluations": 500}, or ["budget.evaluations=500"] as on the command line."""

_SHIPPED = Path(__file__).parents[1] / "configs"
_STARTING = Path(__file__).with_name("starting_config.yaml")
_STARTING_NAME = "evoheur.yaml"


def load_config(
    config: ConfigSource, changes: Changes = (), *, notify: Callable[[str], None] = lambda _notice: None
) -> RunConfig:
    """Read and check a configuration.

    A word without a slash that does not end in .yaml or .yml is the name of a configuration that ships with evoheur, whatever files are
    in the working directory; everything else is a path.

    Args:
        config: Such as "quickstart", "my_run.yaml", Path("my_run"), or a mapping of settings.
        changes: Settings in place of its own.
        notify: Takes a line on settings that a change has made meaningless, which are left out.

    Raises:
        ConfigError: There is no such configuration, or something in it is wrong; names all that is, with the nearest right words.

    Example:
        >>> load_config("quickstart", {"budget.evaluations": 500}).budget.evaluations
        500
    """
    overrides = overrides_of(changes)
    if isinstance(config, RunConfig):
        if not overrides:
            return config
        return change_config(config.model_dump(mode="json"), overrides, where="the configuration", notify=notify)
    if isinstance(config, Mapping):
        return change_config(copy.deepcopy(dict(config)), overrides, where="the configuration", notify=notify)
    return run_config.load_config(_file_of(config), overrides, notify=notify)


def overrides_of(changes: Changes) -> list[str]:
    """Changes in the command line's form: "a.b=value" each; values are YAML. Messages call those of a mapping changes.

    Raises:
        ConfigError: They are no mapping or list, or a value has no form in JSON.
    """
    if isinstance(changes, str) or not isinstance(changes, Mapping | Sequence):
        raise ConfigError(f'The changes are {changes!r:.80}; write a mapping, such as {{"budget.evaluations": 500}}.')
    if not isinstance(changes, Mapping):
        return list(changes)
    try:
        return [Change(f"{key}={json.dumps(value)}") for key, value in changes.items()]
    except TypeError as error:
        raise ConfigError(
            f"The changes {dict(changes)!r:.200} hold what is neither number, text, list nor mapping: {error}."
        ) from error


def shipped_configs() -> dict[str, str]:
    """The names and descriptions of the shipped configurations, sorted.

    Example:
        >>> "quickstart" in shipped_configs()
        True
    """
    return {file.stem: _first_comment(file) for file in sorted(_SHIPPED.glob("*.yaml"))}


def stem_of(config: ConfigSource) -> str:
    """The beginning of a run's name, from its configuration.

    For configurations that name no run: the file's name, else that of the problem.

    Example:
        >>> stem_of("configs/my search.yaml")
        'my-search'
    """
    if isinstance(config, RunConfig):
        words = Path(config.problem.name).name
    elif isinstance(config, Mapping):
        problem = config.get("problem")
        words = Path(str(problem.get("name") if isinstance(problem, Mapping) else problem)).name
    else:
        words = Path(config).stem
    return re.sub(r"[^A-Za-z0-9._-]+", "-", words).strip("-._") or "run"


def folder_beside(config: ConfigSource) -> Path | None:
    """The folder of a configuration's file.

    Plug-ins that are not installed are found there. None where there is no file.
    """
    return _file_of(config).parent if isinstance(config, str | Path) else None


def write_starting_config(folder: Path) -> Path:
    """Write a commented configuration to begin with.

    It runs offline as it is, to be changed piece by piece.

    Args:
        folder: Where to; made if it is not there.

    Returns:
        The file.

    Raises:
        ConfigError: There is such a file already, or none can be written.
    """
    file = folder / _STARTING_NAME
    if os.path.lexists(file):
        raise ConfigError(f"{str(file)!r} exists already, and nothing is overwritten; name another folder, or move it away.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(_STARTING.read_text(encoding="utf-8"), encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{str(file)!r} cannot be written ({error.strerror}); name a folder that you may write to.") from error
    return file


def _file_of(config: object) -> Path:
    if not isinstance(config, str | Path):
        raise ConfigError(
            f"The configuration is {config!r:.80}; give the name of one that ships with evoheur, such as 'quickstart', the path of a "
            "file, a mapping of settings, or a RunConfig."
        )
    if isinstance(config, Path) or "/" in config or os.sep in config or config.lower().endswith((".yaml", ".yml")):
        return Path(config)
    names = list(shipped_configs())
    if config not in names:
        written = f"./{config}" if config else "./my_run.yaml"
        raise ConfigError(
            f"No configuration {config!r} ships with evoheur{nearest(config, names)}; there are: {', '.join(names)}. A file of your own is "
            f"written as a path that ends in .yaml or has a slash, such as {written}."
        )
    return _SHIPPED / f"{config}.yaml"


def _first_comment(file: Path) -> str:
    with file.open(encoding="utf-8") as lines:
        first = next(lines, "")
    return first.lstrip("# ").strip() if first.startswith("#") else ""

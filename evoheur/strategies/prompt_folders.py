"""Where the prompt templates of a strategy's configuration class lie.

Those of the strategies that ship are in `evoheur/prompts/templates/KIND/`. A strategy of one's own keeps its templates beside its module:
for module `mylab.greedy` in the file `greedy.py`, they are `prompts/greedy/OPERATOR.jinja` beside that file. Their folder is called
"mylab.greedy" in prompts hashes, in operators ("mylab.greedy/improve"), and where templates include one another. A class without
templates of its own uses those of the class that it derives from.
"""

import sys
from pathlib import Path

from evoheur.errors import ConfigError

__all__ = ["own_prompts", "prompt_folder"]

_OURS = "evoheur.strategies."


def prompt_folder(config_type: type, kind: str) -> str:
    """The name of the folder that a strategy's templates are in.

    Args:
        config_type: The configuration class.
        kind: As the configuration names it; for a class that evoheur ships.
    """
    for each in config_type.__mro__:
        if each.__module__.startswith(_OURS):
            default = getattr(each, "model_fields", {}).get("kind")
            shipped = getattr(default, "default", None)
            if isinstance(shipped, str):
                return shipped
        elif _beside(each) is not None:
            return each.__module__
    return kind if config_type.__module__.startswith(_OURS) else config_type.__module__


def own_prompts(config_type: type) -> dict[str, Path]:
    """The folders of templates beside a configuration class.

    Or beside one that it derives from: name → place.

    Raises:
        ConfigError: One has the name of a folder that evoheur ships.
    """
    found = {each.__module__: place for each in config_type.__mro__ if (place := _beside(each)) is not None}
    for name, place in found.items():
        if name in _shipped():
            raise ConfigError(
                f"The prompt templates in {str(place)!r} would be called {name!r}, like those of evoheur's own strategy; rename the "
                f"module {name!r}."
            )
    return found


def _beside(config_type: type) -> Path | None:
    """The folder beside the module of a class.

    None for one of evoheur's own, and where there is none.
    """
    name = config_type.__module__
    file = getattr(sys.modules.get(name), "__file__", None)
    if file is None or name.partition(".")[0] in {"evoheur", "builtins", "pydantic"}:
        return None
    place = Path(file).parent / "prompts" / name.rpartition(".")[2]
    return place if place.is_dir() else None


def _shipped() -> set[str]:
    templates = Path(__file__).parents[1] / "prompts" / "templates"
    return {path.name for path in templates.iterdir() if path.is_dir()}

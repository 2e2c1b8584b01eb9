"""Check of a candidate's imports and length before it runs.

It is quick feedback, not a security measure.
"""

from collections.abc import Sequence

from evoheur.code.program import read_program
from evoheur.components import Config

__all__ = ["ALLOWED_IMPORTS", "ScreenConfig", "screen"]

ALLOWED_IMPORTS = (
    "__future__", "bisect", "cmath", "collections", "copy", "dataclasses", "decimal", "enum", "fractions", "functools", "heapq",
    "itertools", "math", "numba", "numpy", "operator", "random", "statistics", "typing",
)  # fmt: skip
"""Modules that a heuristic can use sensibly; all of them are in the guest."""


class ScreenConfig(Config):
    """What is turned away without being run."""

    imports: tuple[str, ...] = ALLOWED_IMPORTS
    """Top-level modules a heuristic may import."""
    max_characters: int = 20_000
    """Longest source, in characters."""

    def allowing(self, libraries: Sequence[str]) -> "ScreenConfig":
        """The same with further imports.

        Args:
            libraries: What a problem asks for (`Problem.libraries`); of "package.module" the package counts.
        """
        packages = dict.fromkeys(library.partition(".")[0] for library in libraries)
        further = [package for package in packages if package not in self.imports]
        return self.model_copy(update={"imports": (*self.imports, *further)}) if further else self


def screen(code: str, config: ScreenConfig) -> str | None:
    """Why a candidate is turned away unrun; None if it may run.

    Args:
        code: Source that parses.
        config: What is refused.
    """
    if len(code) > config.max_characters:
        return f"the code has {len(code)} characters, more than the {config.max_characters} allowed"
    for line, name in read_program(code).imports:
        if name not in config.imports:
            return f"line {line} imports {name!r}; a heuristic may import {', '.join(config.imports)}"
    return None

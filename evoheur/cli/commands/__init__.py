"""The commands of evoheur, a module each.

`evoheur.cli.menu` makes the overview of their docstrings. A module has a function of its own name, or the functions of a group in
`SUBCOMMANDS`.
"""

__all__ = ["ORDER"]

ORDER = (
    "run",
    "resume",
    "runs",
    "best",
    "show",
    "failures",
    "grid",
    "compare",
    "sweep",
    "discoveries",
    "evaluate",
    "simplify",
    "solve",
    "export",
    "gallery",
    "init",
    "configs",
    "problems",
    "plugins",
    "prompts",
    "schema",
    "db",
    "sandbox",
    "doctor",
)
"""In which the overview lists them: what a newcomer needs first."""

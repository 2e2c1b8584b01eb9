"""The commands of evoheur, a module each.

`evoheur.cli.menu` makes the overview of their docstrings. A module has a function of its own name, or the functions of a group in
`SUBCOMMANDS`, or both: then its own function is what the group does alone. Modules have underscores where commands have hyphens.
"""

__all__ = ["ORDER"]

ORDER = (
    "run",
    "resume",
    "watch",
    "advise",
    "runs",
    "ui",
    "best",
    "show",
    "failures",
    "history",
    "spend",
    "grid",
    "front",
    "select",
    "compare",
    "plot",
    "report",
    "sweep",
    "discoveries",
    "evaluate",
    "simplify",
    "solve",
    "export",
    "export-pairs",
    "record",
    "gallery",
    "init",
    "configs",
    "problems",
    "plugins",
    "prompts",
    "schema",
    "skill",
    "db",
    "sandbox",
    "doctor",
)
"""In which the overview lists them: what a newcomer needs first."""

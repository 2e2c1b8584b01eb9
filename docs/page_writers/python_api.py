"""Write the reference of public Python names: the front door first, then what authors of parts derive from."""

import importlib
import inspect
import textwrap
from types import ModuleType
from typing import Any

import evoheur

__all__ = ["SEAMS", "python_api_page"]

SEAMS = {
    "Problems": ("evoheur.problem", "evoheur.online", "evoheur.instance_files", "evoheur.solving"),
    "Requests and their outcomes": ("evoheur.request", "evoheur.candidate"),
    "Strategies": ("evoheur.strategies.strategy",),
    "Generators": ("evoheur.generation.generator", "evoheur.generation.mutator"),
    "Executors": ("evoheur.evaluation.executor",),
    "Isolation levels": ("evoheur.evaluation.isolation", "evoheur.sandbox.interface", "evoheur.sandbox.jail"),
    "Observers": ("evoheur.run.events",),
    "Figures and reports": ("evoheur.plots.run_figures", "evoheur.plots.figure_files", "evoheur.plots.run_report"),
    "Errors": ("evoheur.errors",),
    "Contract tests": (
        "evoheur.testing.problem_contract",
        "evoheur.testing.examined_problem",
        "evoheur.testing.symmetry_checks",
        "evoheur.testing.strategy_contract",
        "evoheur.testing.generator_contract",
        "evoheur.testing.executor_contract",
        "evoheur.testing.sandbox_contract",
    ),
}
"""Heading → the modules whose public names stand under it."""


def python_api_page() -> str:
    """Write the body of the page; a name that the front door has is documented there and nowhere else."""
    named = [(name, getattr(evoheur, name)) for name in getattr(evoheur, "__all__", [])]
    door = sorted((one for one in named if not isinstance(one[1], str | tuple)), key=lambda one: not inspect.isfunction(one[1]))
    done = {id(value) for _, value in door}
    parts = ["## The front door", *_introduction(evoheur)] if door else []
    parts += [_directive("evoheur", name, value) for name, value in door]
    for heading, names in SEAMS.items():
        parts.append(f"## {heading}")
        for module in map(importlib.import_module, names):
            parts += _module(module, done)
    return "\n\n".join(part for part in parts if part)


def _introduction(module: ModuleType) -> list[str]:
    """What a module says of itself, with its example as a block."""
    text, _, example = (inspect.getdoc(module) or "").partition("\n\nExample:\n")
    return [text, f"```python\n{textwrap.dedent(example).strip()}\n```"] if example else [text]


def _module(module: ModuleType, done: set[int]) -> list[str]:
    public = [(name, getattr(module, name)) for name in module.__all__]
    names = [name for name, value in public if inspect.isclass(value) or inspect.isfunction(value)]
    names = [name for name in names if getattr(module, name).__module__ == module.__name__]
    fresh = [name for name in names if id(getattr(module, name)) not in done]
    done.update(id(getattr(module, name)) for name in fresh)
    intro = (inspect.getdoc(module) or "").partition("\n\n")[0]
    return [f"### `{module.__name__}`", intro, *(_directive(module.__name__, name, getattr(module, name)) for name in fresh)]


def _directive(module: str, name: str, value: Any) -> str:
    """What autodoc is told to write out."""
    if inspect.isclass(value):
        kind, options = ("autoexception" if issubclass(value, BaseException) else "autoclass"), "   :members:\n"
    else:
        kind, options = ("autofunction" if inspect.isroutine(value) else "autodata"), ""
    return f"```{{eval-rst}}\n.. {kind}:: {module}.{name}\n{options}```"

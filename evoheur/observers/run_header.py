"""The first line of every run's output.

What runs, and what keeps its candidates in check.
"""

from collections.abc import Mapping
from typing import Any

from evoheur.observers.number_text import one_line
from evoheur.run.events import RunStarted

__all__ = ["header"]

_CONTAINS = {
    "process": "contains crashes and loops, not files or network",
    "jail-L0": "no files, no network, no other process, few system calls",
    "jail-L1": "no files, no network, no other process, few system calls, in namespaces of its own",
}


def header(event: RunStarted, encoding: str = "utf-8") -> str:
    """The header of a run, on one line.

    Name, problem, strategy, generator, slots and isolation level.
    """
    config = event.run.config
    parts = ", ".join([event.run.problem, _kind(config, "strategy"), _kind(config, "generator")])
    promise = _CONTAINS.get(event.level)
    level = f"isolation level {event.level!r}" + (f" ({promise})" if promise else "")
    slots = ("1 slot" if event.slots == 1 else f"{event.slots} slots") + _elsewhere(config)
    return one_line(f"Run {event.run.name}: {parts}; {slots} at {level}", encoding, width=1000)


def _kind(config: Mapping[str, Any], part: str) -> str:
    section = config.get(part)
    kind = section.get("kind") if isinstance(section, Mapping) else None
    return str(kind) if kind else f"unnamed {part}"


def _elsewhere(config: Mapping[str, Any]) -> str:
    evaluation = config.get("evaluation")
    executor = evaluation.get("executor") if isinstance(evaluation, Mapping) else None
    kind = executor.get("kind") if isinstance(executor, Mapping) else None
    return "" if kind in {None, "local"} else f" on {kind}"

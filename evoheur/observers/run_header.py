"""The first line of every run's output.

What runs, and what keeps its candidates in check.
"""

from collections.abc import Mapping
from typing import Any

from evoheur.candidate import BY_SOURCE
from evoheur.observers.number_text import count, one_line
from evoheur.run.events import RunStarted

__all__ = ["header", "level_words"]

_CONTAINS = {
    "process": "contains crashes and loops, not files or network",
    "jail-L0": "no files, no network, no other process, few system calls",
    "jail-L1": "no files, no network, no other process, few system calls, in namespaces of its own",
}


def header(event: RunStarted, encoding: str = "utf-8") -> str:
    """The header of a run, on one line.

    Name, problem, strategy, generator, slots and isolation level; which notes are not asked for; whether the method leaves calls idle.
    """
    config = event.run.config
    parts = ", ".join([event.run.problem, _kind(config, "strategy"), _kind(config, "generator")])
    promise = _CONTAINS.get(event.level)
    level = f"isolation level {event.level!r}" + (f" ({promise})" if promise else "")
    slots = f"{count(event.slots, 'slot')}{_elsewhere(config)} at " if event.slots else ""
    without = ""
    if event.unasked_notes:
        without = f"; no calls for notes ({', '.join(event.unasked_notes)}), since the generator has nothing to say"
    waits = ""
    if event.has_barrier:
        waits = f"; {event.run.config.get('in_flight')} calls at a time stand idle between generations, which wait for all their outcomes"
    return one_line(f"Run {event.run.name}: {parts}; {slots}{level}{without}{waits}", encoding, width=1000)


def level_words(level: str) -> str:
    """What is said of the isolation level of an evaluation."""
    return "not executed, costs follow from its source" if level == BY_SOURCE else f"isolation level {level!r}"


def _kind(config: Mapping[str, Any], part: str) -> str:
    section = config.get(part)
    kind = section.get("kind") if isinstance(section, Mapping) else None
    return str(kind) if kind else f"unnamed {part}"


def _elsewhere(config: Mapping[str, Any]) -> str:
    evaluation = config.get("evaluation")
    executor = evaluation.get("executor") if isinstance(evaluation, Mapping) else None
    kind = executor.get("kind") if isinstance(executor, Mapping) else None
    return "" if kind in {None, "local"} else f" on {kind}"

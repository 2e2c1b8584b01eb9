"""HSEvo's operators; "harmony" is answered without a prompt."""

from typing import Any

from evoheur.problem import Problem
from evoheur.request import Request
from evoheur.strategies.personas import PERSONAS
from tests.evoheur.prompts.cases.made_up import HEADER, VANS
from tests.evoheur.prompts.cases.reevo import BROKEN, SCORED, SEED
from tests.evoheur.prompts.support.made_up import VanLoading

__all__ = ["CASES"]

TIGHT, LOOSE = VANS
ANALYSIS = "The better one fills a van tightly; the worse one keeps opening new ones."
MEMORY = "Keywords: fit.\nAdvice: fill tightly.\nAvoid: opening vans.\nExplanation: every van costs."
EXPERIENCE = "Fill tightly and never open a van early."


def _first(persona: int, knowledge: str) -> Request:
    context = {**HEADER, "persona": PERSONAS[persona], "knowledge": knowledge}
    return Request(operator="init", parents=(SEED,), context=context)


def _flash(parents: Any, results: str) -> Request:
    return Request(operator="reflect_flash", produces="note", parents=tuple(parents), context={**HEADER, "results": results})


def _comprehensive(parents: Any, **texts: str) -> Request:
    context = {**HEADER, "experience": EXPERIENCE, **texts}
    return Request(operator="reflect_comprehensive", produces="note", parents=tuple(parents), context=context)


def _crossover(analysis: str, memory: str) -> Request:
    return Request(operator="crossover", parents=(TIGHT, LOOSE), context={**HEADER, "analysis": analysis, "memory": memory})


CASES: dict[str, tuple[type[Problem[Any]], Request]] = {
    "hsevo/init": (VanLoading, _first(0, "")),
    "hsevo/init_knowledge": (VanLoading, _first(9, "Small gaps are never filled again.")),
    "hsevo/reflect_flash": (VanLoading, _flash([TIGHT, SEED, LOOSE], "")),
    "hsevo/reflect_flash_results": (VanLoading, _flash(reversed(SCORED), "yes")),
    "hsevo/reflect_comprehensive": (
        VanLoading,
        _comprehensive([], good="Prefer full vans.\nLook at the gap.", bad="Spread the load."),
    ),
    "hsevo/reflect_comprehensive_first": (VanLoading, _comprehensive([BROKEN], good="", bad="")),
    "hsevo/crossover": (VanLoading, _crossover(ANALYSIS, MEMORY)),
    "hsevo/crossover_analysis": (VanLoading, _crossover(ANALYSIS, "")),
    "hsevo/crossover_memory": (VanLoading, _crossover("", MEMORY)),
    "hsevo/crossover_unguided": (VanLoading, _crossover("", "")),
    "hsevo/mutate": (VanLoading, Request(operator="mutate", parents=(TIGHT,), context={**HEADER, "memory": MEMORY})),
    "hsevo/mutate_unguided": (VanLoading, Request(operator="mutate", parents=(TIGHT,), context={**HEADER, "memory": ""})),
}

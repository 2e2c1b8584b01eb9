"""AdaEvolve's operators."""

from typing import Any

from evoheur.problem import Problem
from evoheur.request import Request
from tests.evoheur.prompts.cases.made_up import HEADER, VANS
from tests.evoheur.prompts.support.made_up import VanLoading

__all__ = ["CASES"]

FRESH = {**HEADER, "tried": ""}
TRIED = {**HEADER, "tried": "Prefer vans that are nearly full. (worse)\nCount the parcels that still fit. (failed)"}
IDEA = "Keep one van free for large parcels: small gaps are never filled again. Do not do so when few parcels are left."
EARLIER = f"{IDEA} (no better in 2)\nLook at the second best van. (not tried yet)"


def _asked(operator: str, count: int, context: dict[str, str]) -> Request:
    return Request(operator=operator, parents=tuple(VANS[:count]), context=context)


def _thinking(count: int, earlier: str) -> Request:
    context = {**HEADER, "wanted": "3", "earlier": earlier}
    return Request(operator="ideas", produces="note", parents=tuple(VANS[:count]), context=context)


CASES: dict[str, tuple[type[Problem[Any]], Request]] = {
    "adaevolve/i1": (VanLoading, Request(operator="i1", context=HEADER)),
    "adaevolve/exploit": (VanLoading, _asked("exploit", 1, FRESH)),
    "adaevolve/exploit_tried": (VanLoading, _asked("exploit", 1, TRIED)),
    "adaevolve/explore": (VanLoading, _asked("explore", 2, TRIED)),
    "adaevolve/explore_alone": (VanLoading, _asked("explore", 1, FRESH)),
    "adaevolve/guided": (VanLoading, _asked("guided", 1, {**FRESH, "idea": IDEA})),
    "adaevolve/ideas": (VanLoading, _thinking(2, EARLIER)),
    "adaevolve/ideas_first": (VanLoading, _thinking(0, "")),
}

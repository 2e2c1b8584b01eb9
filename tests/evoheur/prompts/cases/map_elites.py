"""MAP-Elites' operators."""

from typing import Any

from evoheur.problem import Problem
from evoheur.request import Request
from tests.evoheur.prompts.cases.made_up import HEADER, VANS
from tests.evoheur.prompts.support.made_up import VanLoading

__all__ = ["CASES"]

CASES: dict[str, tuple[type[Problem[Any]], Request]] = {
    "map_elites/i1": (VanLoading, Request(operator="i1", context=HEADER)),
    "map_elites/mutate": (VanLoading, Request(operator="mutate", parents=(VANS[0],), context=HEADER)),
    "map_elites/combine": (VanLoading, Request(operator="combine", parents=tuple(VANS), context=HEADER)),
}

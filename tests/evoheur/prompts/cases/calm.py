"""CALM's operators."""

from typing import Any

from evoheur.problem import Problem
from evoheur.request import Request
from tests.evoheur.prompts.cases.made_up import HEADER, VANS
from tests.evoheur.prompts.support.made_up import VanLoading

__all__ = ["CASES"]

CASES: dict[str, tuple[type[Problem[Any]], Request]] = {
    "calm/i1": (VanLoading, Request(operator="i1", context=HEADER)),
    **{
        f"calm/{operator}": (VanLoading, Request(operator=operator, parents=(VANS[0],), context=HEADER))
        for operator in ("injection", "replacement", "simplification", "modification")
    },
    "calm/crossover": (VanLoading, Request(operator="crossover", parents=tuple(VANS[:2]), context=HEADER)),
    "calm/crossover_one_parent": (VanLoading, Request(operator="crossover", parents=(VANS[0],), context=HEADER)),
}

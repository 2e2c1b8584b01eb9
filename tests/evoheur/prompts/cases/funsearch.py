"""FunSearch's only operator."""

from typing import Any

from evoheur.problem import Problem
from evoheur.request import Request
from tests.evoheur.prompts.cases.made_up import HEADER, PAIRS, VANS
from tests.evoheur.prompts.support.made_up import PairRoutingTSP, VanLoading

__all__ = ["CASES"]

CASES: dict[str, tuple[type[Problem[Any]], Request]] = {
    "funsearch/improve": (VanLoading, Request(operator="improve", parents=tuple(reversed(VANS)), context=HEADER)),
    "funsearch/improve_one_version": (VanLoading, Request(operator="improve", parents=(VANS[0],), context=HEADER)),
    "funsearch/improve_two_functions": (PairRoutingTSP, Request(operator="improve", parents=tuple(PAIRS), context=HEADER)),
}

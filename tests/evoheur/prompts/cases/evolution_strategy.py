"""The evolution strategy's operators."""

from typing import Any

from evoheur.problem import Problem
from evoheur.request import Request
from tests.evoheur.prompts.cases.made_up import HEADER, VANS
from tests.evoheur.prompts.support.made_up import VanLoading

__all__ = ["CASES"]

CASES: dict[str, tuple[type[Problem[Any]], Request]] = {
    "es/i1": (VanLoading, Request(operator="i1", context=HEADER)),
    "es/refine": (VanLoading, Request(operator="refine", parents=(VANS[0],), context=HEADER)),
    "es/retune": (VanLoading, Request(operator="retune", parents=(VANS[0],), context=HEADER)),
    "es/simplify": (VanLoading, Request(operator="simplify", parents=(VANS[0],), context=HEADER)),
    "es/renew": (VanLoading, Request(operator="renew", parents=(VANS[0],), context=HEADER)),
}

"""OPRO's operators."""

from typing import Any

from evoheur.problem import Problem
from evoheur.request import Request
from tests.evoheur.prompts.cases.made_up import HEADER, VANS
from tests.evoheur.prompts.support.made_up import VanLoading

__all__ = ["CASES"]

CASES: dict[str, tuple[type[Problem[Any]], Request]] = {
    "opro/i1": (VanLoading, Request(operator="i1", context=HEADER)),
    "opro/propose": (VanLoading, Request(operator="propose", parents=tuple(reversed(VANS)), context=HEADER)),
    "opro/propose_one_parent": (VanLoading, Request(operator="propose", parents=(VANS[0],), context=HEADER)),
}

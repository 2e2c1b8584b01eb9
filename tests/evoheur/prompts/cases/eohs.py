"""EoH-S's operators."""

from typing import Any

from evoheur.problem import Problem
from evoheur.request import Request
from tests.evoheur.prompts.cases.made_up import HEADER, VANS
from tests.evoheur.prompts.support.made_up import VanLoading

__all__ = ["CASES"]

CASES: dict[str, tuple[type[Problem[Any]], Request]] = {
    "eohs/i1": (VanLoading, Request(operator="i1", context=HEADER)),
    "eohs/cs": (VanLoading, Request(operator="cs", parents=tuple(VANS[:2]), context=HEADER)),
    "eohs/cs_one_parent": (VanLoading, Request(operator="cs", parents=(VANS[0],), context=HEADER)),
    "eohs/ls": (VanLoading, Request(operator="ls", parents=(VANS[0],), context=HEADER)),
}

"""The operators of searches for two objectives: NSGA-II's, and MEoH's, which are the same."""

from dataclasses import replace
from typing import Any

from evoheur.problem import Problem
from evoheur.request import Request
from tests.evoheur.prompts.cases.made_up import HEADER, VANS
from tests.evoheur.prompts.support.made_up import VanLoading

__all__ = ["CASES"]

MEASURED = replace(VANS[0], evaluation=replace(VANS[0].evaluation, measures={"operations": 23.0, "nodes": 61.0}))

_REQUESTS = {
    "i1": Request(operator="i1", context=HEADER),
    "e1": Request(operator="e1", parents=tuple(VANS[:2]), context=HEADER),
    "e2": Request(operator="e2", parents=tuple(VANS[:2]), context=HEADER),
    "m1": Request(operator="m1", parents=(VANS[0],), context=HEADER),
    "m2": Request(operator="m2", parents=(VANS[0],), context=HEADER),
    "better": Request(operator="better", parents=(MEASURED,), context={**HEADER, "second": "operations"}),
    "cheaper": Request(operator="cheaper", parents=(MEASURED,), context={**HEADER, "second": "nodes"}),
}

CASES: dict[str, tuple[type[Problem[Any]], Request]] = {
    f"{strategy}/{name}": (VanLoading, request) for strategy in ("nsga2", "meoh") for name, request in _REQUESTS.items()
}

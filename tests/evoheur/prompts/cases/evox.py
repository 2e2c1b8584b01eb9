"""EvoX's operators."""

from typing import Any

from evoheur.problem import Problem
from evoheur.request import Request
from evoheur.strategies.policy_record import PolicyShelf
from tests.evoheur.prompts.cases.made_up import HEADER, VANS
from tests.evoheur.prompts.support.made_up import VanLoading

__all__ = ["CASES"]

PLAIN = {**HEADER, "advice": ""}
ADVISED = {**HEADER, "advice": "Look at the parcel's size, too."}
POLICIES = {
    **HEADER,
    "policies": PolicyShelf().records[0].report(),
    "population": "2 programs, 2 costs: best 3, median 3.5, worst 4; 1 of 6 children beat their parent",
    "contexts": "4",
    "patience": "30",
}

CASES: dict[str, tuple[type[Problem[Any]], Request]] = {
    "evox/i1": (VanLoading, Request(operator="i1", context=HEADER)),
    "evox/refine": (VanLoading, Request(operator="refine", parents=(VANS[0],), context=ADVISED)),
    "evox/refine_beside_others": (VanLoading, Request(operator="refine", parents=(*VANS,), context=PLAIN)),
    "evox/diverge": (VanLoading, Request(operator="diverge", parents=(*VANS,), context=ADVISED)),
    "evox/free": (VanLoading, Request(operator="free", parents=(VANS[0],), context=PLAIN)),
    "evox/free_beside_others": (VanLoading, Request(operator="free", parents=(*VANS,), context=PLAIN)),
    "evox/guide": (VanLoading, Request(operator="guide", produces="note", context=HEADER)),
    "evox/write_policy": (VanLoading, Request(operator="write_policy", produces="note", context=POLICIES)),
}

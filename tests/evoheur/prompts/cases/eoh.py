"""EoH's operators."""

from typing import Any

from evoheur.problem import Problem
from evoheur.request import Request
from evoheur.variation import SPLICED
from tests.evoheur.prompts.cases.made_up import BODY, HEADER, PAIRS, VANS
from tests.evoheur.prompts.support.made_up import PairRoutingTSP, VanLoading

__all__ = ["CASES"]

_CROSSED = """# Adds 0.5 times the score of heuristic 2 to the score of heuristic 1.
def load_order(parcel, room):
    return room - parcel + 0.5 * -room
"""

CASES: dict[str, tuple[type[Problem[Any]], Request]] = {
    "eoh/i1": (VanLoading, Request(operator="i1", context=HEADER)),
    "eoh/i1_with_body": (VanLoading, Request(operator="i1", context=BODY)),
    "eoh/i1_two_functions": (PairRoutingTSP, Request(operator="i1", context=BODY)),
    "eoh/m1_two_functions": (PairRoutingTSP, Request(operator="m1", parents=tuple(PAIRS), context=HEADER)),
    "eoh/e1": (VanLoading, Request(operator="e1", parents=tuple(VANS), context=HEADER)),
    "eoh/e1_one_parent": (VanLoading, Request(operator="e1", parents=(VANS[0],), context=HEADER)),
    "eoh/e2": (VanLoading, Request(operator="e2", parents=tuple(VANS), context=HEADER)),
    "eoh/e2_one_parent": (VanLoading, Request(operator="e2", parents=(VANS[0],), context=HEADER)),
    "eoh/m1": (VanLoading, Request(operator="m1", parents=(VANS[0],), context=HEADER)),
    "eoh/m2": (VanLoading, Request(operator="m2", parents=(VANS[1],), context=HEADER)),
    "eoh/m3": (VanLoading, Request(operator="m3", parents=(VANS[0],), context=BODY)),
    "eoh/crossover": (VanLoading, Request(operator="crossover", parents=tuple(VANS), context=HEADER)),
    "eoh/crossover_one_parent": (VanLoading, Request(operator="crossover", parents=(VANS[0],), context=HEADER)),
    "eoh/mutation": (VanLoading, Request(operator="mutation", parents=(VANS[0],), context=HEADER)),
    "eoh/splice": (VanLoading, Request(operator="splice", parents=tuple(VANS[:2]), context={**HEADER, SPLICED: _CROSSED})),
    "eoh/splice_nothing_fits": (VanLoading, Request(operator="splice", parents=tuple(VANS[:2]), context={**HEADER, SPLICED: ""})),
    "eoh/splice_one_parent": (VanLoading, Request(operator="splice", parents=(VANS[0],), context={**HEADER, SPLICED: ""})),
}

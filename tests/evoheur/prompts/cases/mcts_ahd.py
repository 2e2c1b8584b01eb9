"""MCTS-AHD's operators."""

from typing import Any

from evoheur.problem import Problem
from evoheur.request import Request
from tests.evoheur.prompts.cases.made_up import BODY, HEADER, PAIRS, VANS
from tests.evoheur.prompts.support.made_up import PairRoutingTSP, VanLoading

__all__ = ["CASES"]

TIGHTEST, ALMOST = "Takes the van with the least room left over.", "Treats vans that the parcel almost fills as empty."
ONE = {**HEADER, "descriptions": TIGHTEST}
NONE = {**HEADER, "descriptions": ""}
TWO = {**HEADER, "descriptions": f"{TIGHTEST}\n{ALMOST}"}
PATH = {**HEADER, "descriptions": f"{ALMOST}\n{TIGHTEST}"}
CASES: dict[str, tuple[type[Problem[Any]], Request]] = {
    "mcts_ahd/i1": (VanLoading, Request(operator="i1", context=HEADER)),
    "mcts_ahd/e1": (VanLoading, Request(operator="e1", parents=tuple(VANS), context=TWO)),
    "mcts_ahd/e1_one_parent": (VanLoading, Request(operator="e1", parents=(VANS[0],), context=ONE)),
    "mcts_ahd/e2": (VanLoading, Request(operator="e2", parents=tuple(VANS), context=TWO)),
    "mcts_ahd/e2_one_parent": (VanLoading, Request(operator="e2", parents=(VANS[0],), context=ONE)),
    "mcts_ahd/m1": (VanLoading, Request(operator="m1", parents=(VANS[0],), context=ONE)),
    "mcts_ahd/m1_undescribed": (VanLoading, Request(operator="m1", parents=(VANS[1],), context=NONE)),
    "mcts_ahd/m2": (VanLoading, Request(operator="m2", parents=(VANS[0],), context={**ONE, **BODY})),
    "mcts_ahd/s1": (VanLoading, Request(operator="s1", parents=(VANS[1], VANS[0]), context=PATH)),
    "mcts_ahd/describe": (VanLoading, Request(operator="describe", produces="note", parents=(VANS[0],), context=HEADER)),
    "mcts_ahd/describe_two_functions": (
        PairRoutingTSP,
        Request(operator="describe", produces="note", parents=tuple(PAIRS), context=HEADER),
    ),
    "mcts_ahd/describe_no_thought": (VanLoading, Request(operator="describe", produces="note", parents=(VANS[1],), context=BODY)),
}

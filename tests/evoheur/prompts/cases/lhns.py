"""LHNS's operators."""

import random
from dataclasses import replace
from typing import Any

from evoheur.candidate import Candidate
from evoheur.problem import Problem
from evoheur.request import Request
from evoheur.strategies.ruin import ruin
from tests.evoheur.prompts.cases.made_up import HEADER, PAIRS, VANS
from tests.evoheur.prompts.support.made_up import PairRoutingTSP, VanLoading

__all__ = ["CASES"]

LONG = replace(
    VANS[0],
    code=(
        "import numpy as np\n\n\ndef spread(room):\n    return np.max(room) - np.min(room)\n\n\n"
        "def load_order(parcel, room):\n    left = room - parcel\n    score = -left.astype(float)\n"
        "    # A snug fit is worth more.\n    snug = left <= 2\n    if np.any(snug):\n        score[snug] += spread(room)\n"
        "    return score\n"
    ),
)


def rebuild(parent: Candidate) -> Request:
    """With what is left of a parent of which half is taken out."""
    return Request(operator="rebuild", parents=(parent,), context={**HEADER, "ruined": ruin(parent.code, 0.5, random.Random(0))})


CASES: dict[str, tuple[type[Problem[Any]], Request]] = {
    "lhns/i1": (VanLoading, Request(operator="i1", context=HEADER)),
    "lhns/rebuild": (VanLoading, rebuild(VANS[0])),
    "lhns/rebuild_long": (VanLoading, rebuild(LONG)),
    "lhns/rebuild_no_thought": (VanLoading, rebuild(VANS[1])),
    "lhns/rebuild_two_functions": (PairRoutingTSP, rebuild(PAIRS[0])),
    "lhns/perturb": (VanLoading, Request(operator="perturb", parents=(VANS[0],), context=HEADER)),
    "lhns/merge": (
        VanLoading,
        Request(
            operator="merge",
            parents=tuple(VANS),
            context={**HEADER, "features": "return np.where(room - parcel < 3, 0.0, room)"},
        ),
    ),
    "lhns/merge_no_features": (VanLoading, Request(operator="merge", parents=tuple(VANS), context={**HEADER, "features": ""})),
}

"""SFS's operators."""

from typing import Any

from evoheur.problem import Problem
from evoheur.request import Request
from tests.evoheur.prompts.cases.made_up import HEADER, VANS
from tests.evoheur.prompts.cases.reevo import SCORED
from tests.evoheur.prompts.support.made_up import VanLoading

__all__ = ["CASES"]

STYLES = ("formula", "cases", "outlook", "balance", "contrary")
SCOUTED = "Prefer vans that are nearly full. (worse)\nother numbers (better)"
FRESH = {**HEADER, "wanted": "3", "tried": "", "scouted": ""}
LATER = {**FRESH, "tried": "Count what still fits.\nother numbers", "scouted": SCOUTED}

CASES: dict[str, tuple[type[Problem[Any]], Request]] = {
    **{f"sfs/seed_{style}": (VanLoading, Request(operator="seed", context={**HEADER, "style": style})) for style in STYLES},
    "sfs/directions": (
        VanLoading,
        Request(operator="directions", produces="note", parents=(VANS[0],), context=FRESH),
    ),
    "sfs/directions_scouted": (
        VanLoading,
        Request(operator="directions", produces="note", parents=(SCORED[0],), context=LATER),
    ),
    "sfs/develop": (
        VanLoading,
        Request(operator="develop", parents=(VANS[0],), context={**HEADER, "direction": "Look at the parcel's size, too."}),
    ),
    **{
        f"sfs/{operator}": (VanLoading, Request(operator=operator, parents=(VANS[0],), context=HEADER))
        for operator in ("restructure", "retune", "shorten")
    },
}

"""The repair that every strategy may be given."""

from typing import Any

from evoheur.problem import Problem
from evoheur.request import Request
from tests.evoheur.prompts.cases.made_up import HEADER, VANS
from tests.evoheur.prompts.support.made_up import VanLoading

__all__ = ["CASES"]

CASES: dict[str, tuple[type[Problem[Any]], Request]] = {
    "any/repair": (
        VanLoading,
        Request(
            operator="repair",
            parents=(VANS[1],),
            context={**HEADER, "fault": "error: line 5, in load_order\nIndexError: too far"},
        ),
    )
}

"""The prompts that ask for another instruction, and one that shows an instruction."""

from typing import Any

from evoheur.problem import Problem
from evoheur.request import Request
from tests.evoheur.prompts.cases.made_up import HEADER, VANS
from tests.evoheur.prompts.support.made_up import VanLoading

__all__ = ["CASES"]

KNOWN = "Weigh the room that is left in every van against the parcels that may still come, and break ties by the fuller van."

CASES: dict[str, tuple[type[Problem[Any]], Request]] = {
    "any/edit_prompt": (
        VanLoading,
        Request(
            operator="edit_prompt", produces="note", parents=tuple(VANS[:2]), context={**HEADER, "known": KNOWN, "credit": "0.71"}
        ),
    ),
    "any/rewrite_prompt": (
        VanLoading,
        Request(operator="rewrite_prompt", produces="note", context={**HEADER, "known": "", "credit": "0.50"}),
    ),
    "any/rewrite_prompt_of_another": (
        VanLoading,
        Request(
            operator="rewrite_prompt",
            produces="note",
            parents=tuple(VANS[:1]),
            context={**HEADER, "known": KNOWN, "credit": "0.71"},
        ),
    ),
    "eoh/m1_instructed": (
        VanLoading,
        Request(operator="m1", parents=(VANS[0],), context={**HEADER, "instruction": KNOWN}),
    ),
    **{
        f"any/{operator}": (
            VanLoading,
            Request(
                operator=operator, produces="note", parents=tuple(VANS[:2]), context={**HEADER, "known": KNOWN, "credit": "0.71"}
            ),
        )
        for operator in ("reflect_prompt", "criticise_prompt")
    },
    "any/reflect_prompt_of_nothing": (
        VanLoading,
        Request(operator="reflect_prompt", produces="note", context={**HEADER, "known": "", "credit": "0.50"}),
    ),
    "any/mend_prompt": (
        VanLoading,
        Request(
            operator="mend_prompt",
            produces="note",
            context={
                **HEADER,
                "known": KNOWN,
                "credit": "0.71",
                "criticism": "It does not say what to do with the largest parcels.",
            },
        ),
    ),
}

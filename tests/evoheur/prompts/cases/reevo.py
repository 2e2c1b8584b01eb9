"""ReEvo's operators, white-box and black-box."""

from dataclasses import replace
from typing import Any

from evoheur.candidate import Candidate, Evaluation, InstanceResult, Status
from evoheur.problem import Problem
from evoheur.request import Request
from tests.evoheur.prompts.cases.made_up import HEADER, PAIRS, VANS
from tests.evoheur.prompts.support.made_up import PairRoutingTSP, VanLoading

__all__ = ["BROKEN", "CASES", "LONG", "SCORED", "SEED"]

ANONYMOUS = {"baseline": "anonymous"}
SEED = Candidate(
    id=0,
    code="import numpy as np\n\n\ndef load_order(parcel, room):\n    return -np.abs(room - parcel - 2).astype(float)\n",
    thought="The problem's own heuristic.",
    operator="baseline",
    parents=(),
    evaluation=VANS[0].evaluation,
)
LOOSE, TIGHT = VANS[1], VANS[0]
HIDDEN = tuple(replace(parent, code=parent.code.replace("parcel", "x1").replace("room", "x2")) for parent in (LOOSE, TIGHT))
SCORED = tuple(
    replace(
        parent,
        evaluation=replace(
            parent.evaluation,
            results=(
                InstanceResult(instance="monday", family="tiny", status=Status.OK, cost=cost, reference=20.0),
                InstanceResult(instance="tuesday", family="tiny", status=Status.OK, cost=cost + 7.5, reference=None),
            ),
        ),
    )
    for parent, cost in ((LOOSE, 33.0), (TIGHT, 22.0))
)
BROKEN = Candidate(
    id=9,
    code="def load_order(parcel, room):\n    return room / (parcel - parcel)\n",
    thought="",
    operator="crossover",
    parents=(3, 8),
    evaluation=Evaluation(
        status=Status.ERROR, objective=None, split="train", detail="ZeroDivisionError: division by zero (line 2)"
    ),
)
HINT = "Leave either no room or a lot of it."
LONG = "Avoid small gaps; large ones stay useful."
HINTS = "Leave either no room or a lot of it.\nPenalise gaps below 3."
KNOWLEDGE = "Small gaps are never filled again."


def _mutate(**texts: str) -> Request:
    return Request(operator="mutate", parents=(TIGHT,), context={**HEADER, "reflection": "", "knowledge": "", **texts})


CASES: dict[str, tuple[type[Problem[Any]], Request]] = {
    "reevo/init": (VanLoading, Request(operator="init", parents=(SEED,), context={**HEADER, "knowledge": ""})),
    "reevo/init_knowledge": (VanLoading, Request(operator="init", parents=(SEED,), context={**HEADER, "knowledge": KNOWLEDGE})),
    "reevo/init_black_box": (VanLoading, Request(operator="init", parents=(SEED,), context={**ANONYMOUS, "knowledge": ""})),
    "reevo/init_black_box_two_functions": (
        PairRoutingTSP,
        Request(operator="init", parents=tuple(PAIRS), context={**ANONYMOUS, "knowledge": KNOWLEDGE}),
    ),
    "reevo/reflect_short": (
        VanLoading,
        Request(operator="reflect_short", produces="note", parents=(LOOSE, TIGHT), context={**HEADER, "results": ""}),
    ),
    "reevo/reflect_short_results": (
        VanLoading,
        Request(operator="reflect_short", produces="note", parents=SCORED, context={**HEADER, "results": "yes"}),
    ),
    "reevo/reflect_short_black_box": (
        VanLoading,
        Request(operator="reflect_short", produces="note", parents=HIDDEN, context={**ANONYMOUS, "results": ""}),
    ),
    "reevo/crossover": (
        VanLoading,
        Request(operator="crossover", parents=(LOOSE, TIGHT), context={**HEADER, "reflection": HINT}),
    ),
    "reevo/crossover_unreflected": (
        VanLoading,
        Request(operator="crossover", parents=(LOOSE, TIGHT), context={**HEADER, "reflection": ""}),
    ),
    "reevo/crossover_black_box": (
        VanLoading,
        Request(operator="crossover", parents=HIDDEN, context={**ANONYMOUS, "reflection": HINT}),
    ),
    "reevo/reflect_long": (
        VanLoading,
        Request(operator="reflect_long", produces="note", context={**HEADER, "previous": LONG, "hints": HINTS}),
    ),
    "reevo/reflect_long_first": (
        VanLoading,
        Request(operator="reflect_long", produces="note", parents=(BROKEN,), context={**HEADER, "previous": "", "hints": HINT}),
    ),
    "reevo/reflect_long_failures": (
        VanLoading,
        Request(
            operator="reflect_long", produces="note", parents=(BROKEN, BROKEN), context={**HEADER, "previous": LONG, "hints": ""}
        ),
    ),
    "reevo/reflect_long_black_box": (
        VanLoading,
        Request(operator="reflect_long", produces="note", context={**ANONYMOUS, "previous": LONG, "hints": HINTS}),
    ),
    "reevo/mutate": (VanLoading, _mutate(reflection=LONG)),
    "reevo/mutate_knowledge": (VanLoading, _mutate(reflection=LONG, knowledge=KNOWLEDGE)),
    "reevo/mutate_knowledge_only": (VanLoading, _mutate(reflection=KNOWLEDGE, knowledge=KNOWLEDGE)),
    "reevo/mutate_unreflected": (VanLoading, _mutate()),
    "reevo/mutate_black_box": (
        VanLoading,
        Request(operator="mutate", parents=HIDDEN[1:], context={**ANONYMOUS, "reflection": LONG, "knowledge": ""}),
    ),
}

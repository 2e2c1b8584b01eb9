"""Candidates and contexts that many cases share."""

from evoheur.candidate import Candidate
from evoheur.testing.strategy_runs import made_up_candidate

__all__ = ["BODY", "HEADER", "LOOSE", "PAIRS", "TIGHT", "VANS"]

TIGHT = made_up_candidate(3, 12.345)
LOOSE = made_up_candidate(8, 67.891)
VANS = [
    Candidate(
        id=TIGHT.id,
        code="import numpy as np\n\n\ndef load_order(parcel, room):\n    return -(room - parcel) * 1.0\n",
        thought="Prefer the van that the parcel fills best.",
        operator="i1",
        parents=(),
        evaluation=TIGHT.evaluation,
    ),
    Candidate(
        id=LOOSE.id,
        code="import numpy as np\n\n\ndef load_order(parcel, room):\n    return np.where(room - parcel < 3, 0.0, room)\n",
        thought="",
        operator="m1",
        parents=(3,),
        evaluation=LOOSE.evaluation,
    ),
]
PAIRS = [
    Candidate(
        id=TIGHT.id,
        code=(
            "def detour(here, there, distances):\n    return distances[here, there]\n\n\n"
            "def accept(change, step):\n    return change < 0\n"
        ),
        thought="Look one way only and accept what is better.",
        operator="i1",
        parents=(),
        evaluation=TIGHT.evaluation,
    )
]
HEADER, BODY = {"baseline": "header"}, {"baseline": "body"}

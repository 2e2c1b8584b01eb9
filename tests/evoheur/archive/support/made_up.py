"""Made-up records, small enough to write down in full."""

from collections.abc import Mapping
from typing import Any

from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord, Told
from evoheur.candidate import Candidate, Evaluation, InstanceResult, Status
from evoheur.request import Completion, Message, Outcome, Request, Usage

MESSAGES = (Message(role="system", content="You write heuristics."), Message(role="user", content="Improve on best fit."))
REPLY = Completion(text="{tighter}\n```python\n…\n```", model="made-up", usage=Usage(prompt_tokens=100, completion_tokens=20))


def result(cost: float | None = 52.0, *, status: Status = Status.OK, **rest: Any) -> InstanceResult:
    return InstanceResult(
        **{"instance": "a", "family": "small", "status": status, "cost": cost, "reference": 50.0, "cpu_seconds": 0.25, **rest}
    )


def evaluation(objective: float | None = 4.0, *, status: Status = Status.OK, split: str = "train", **rest: Any) -> Evaluation:
    """One instance; a cost of 50·(1 + objective/100) beside a reference of 50 has the objective as its gap."""
    cost = None if objective is None else 50.0 * (1.0 + objective / 100.0)
    kept: Mapping[str, Any] = {
        "objective_kind": None if objective is None else "gap_percent",
        "results": (result(cost, status=status),),
        "measures": {"lines": 2.0},
        "level": "process",
        **rest,
    }
    return Evaluation(status=status, objective=objective, split=split, **kept)


def failed(status: Status = Status.ERROR, detail: str = "ZeroDivisionError: line 2") -> Evaluation:
    return evaluation(None, status=status, detail=detail)


def candidate(number: int, worth: Evaluation | float = 4.0, *, parents: tuple[int, ...] = (), **rest: Any) -> Candidate:
    """A candidate whose hash is its number's, or its original's."""
    original = rest.get("duplicate_of")
    return Candidate(
        id=number,
        code=f"def score(item, free):\n    return free - {number}\n",
        thought=f"thought {number}",
        operator="baseline" if number == 0 else "e1",
        parents=parents,
        evaluation=worth if isinstance(worth, Evaluation) else evaluation(worth),
        **{"code_hash": f"hash-{number if original is None else original}", **rest},
    )


def new_run(archive: Archive, name: str = "quickstart-1", **rest: Any) -> RunRecord:
    facts: Mapping[str, Any] = {
        "config": {"strategy": {"kind": "eoh"}, "budget": {"evaluations": 10}},
        "seed": 1,
        "problem": "bin_packing_online",
        "problem_hash": "p0",
        "prompts_hash": "m0",
        "evoheur_version": "0.1.0",
        **rest,
    }
    return archive.create_run(name=name, **facts)


def step(archive: Archive, run: RunRecord, outcome: Outcome, *, reply: Completion | None = REPLY, tag: str = "") -> Told:
    """Ask, reply and tell at once."""
    asked = archive.record_ask(run.id, Request(operator="e1", tag=tag), MESSAGES)
    if reply is not None:
        asked = archive.record_completion(asked, reply)
    return archive.record_tell(asked, outcome)

"""Replies of a run with what became of their heuristics on train, without texts, for training a model.

Prices on validation, test and in the audit are not read: the statements below name the split. Of other splits only statuses are, since what
cheats there is no example either.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.orm import aliased

from evoheur.archive.prompt_dictionaries import PromptReader
from evoheur.archive.tables import CandidateRow, CompletionRow, EvaluationRow, RequestParentRow, RequestRow
from evoheur.candidate import Status
from evoheur.request import INTERNAL, LOST

__all__ = ["GradedReply", "TrainObjectives", "graded_replies", "train_objectives"]

_AT_ONCE = 2000
_DISHONEST = tuple(status.value for status in (Status.CHEATING, Status.REJECTED, Status.SCALE_DEPENDENT))
_Original = aliased(CandidateRow)
_OF_PART = (
    RequestRow.run_id == bindparam("run"),
    RequestRow.number.between(bindparam("first"), bindparam("last")),
    RequestRow.produces == "heuristic",
)


class GradedReply(NamedTuple):
    """A reply, and what its heuristic is worth on train in its epoch.

    Attributes:
        request: Number of the request within its run.
        operator: Of the request.
        epoch: As in `Request`; objectives of two epochs do not compare.
        prompt: Hash of the prompt's messages, 16 bytes; empty where none was sent, or it was not read.
        model: That replied.
        parents: Numbers of the candidates that the prompt shows, in order.
        candidate: Number of the heuristic; None if the reply holds none.
        status: Of the evaluation, or the reason why nothing came to one.
        objective: On train, minimised; None if there is none, or the heuristic is not honest.
        objective_kind: As in `Evaluation`.
        code_hash: Of the normalised code; empty without a heuristic.
        scored: Number of the candidate whose evaluation this is: itself, or the one that it duplicates; None without a heuristic.
        is_honest: Whether the heuristic was neither screened out nor found to cheat or to depend on units, on any split.
    """

    request: int
    operator: str
    epoch: int
    prompt: bytes
    model: str
    parents: tuple[int, ...]
    candidate: int | None
    status: str
    objective: float | None
    objective_kind: str | None
    code_hash: str
    scored: int | None
    is_honest: bool

    @property
    def is_cut_short(self) -> bool:
        """Whether its evaluation was stopped early, so that it is neither good nor faulty."""
        return self.status == Status.PRUNED.value


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainObjectives:
    """Objectives on train of all candidates of a run.

    Attributes:
        by_epoch: Number of an evaluated candidate and epoch → objective, where it was OK.
        originals: Number of a duplicate → number of the candidate whose evaluation it shares.
        dishonest: Evaluated candidates that were screened out or found to cheat or to depend on units, on any split.
    """

    by_epoch: Mapping[tuple[int, int], float]
    originals: Mapping[int, int]
    dishonest: frozenset[int]

    def scored_as(self, number: int) -> int:
        """The candidate whose evaluation a candidate has."""
        return self.originals.get(number, number)

    def best_parent(self, reply: GradedReply) -> float | None:
        """The lowest objective among what a reply's prompt shows; that of the problem's own heuristic where it shows none."""
        shown = (self.by_epoch.get((self.scored_as(parent), reply.epoch)) for parent in reply.parents or (0,))
        return min((objective for objective in shown if objective is not None), default=None)

    def repeats_parent(self, reply: GradedReply) -> bool:
        """Whether a reply's heuristic is one that its prompt shows, in code or in what it does."""
        return reply.scored is not None and reply.scored in {self.scored_as(parent) for parent in reply.parents}


def train_objectives(connection: Connection, run_id: int) -> TrainObjectives:
    """Read the objectives on train of all candidates of a run; some ten bytes a candidate stay in memory.

    Args:
        connection: Inside a transaction.
        run_id: Row number of the run.
    """
    evaluated = select(CandidateRow.number).join(EvaluationRow, EvaluationRow.candidate_id == CandidateRow.id)
    of_run = CandidateRow.run_id == run_id
    on_train = evaluated.add_columns(EvaluationRow.epoch, EvaluationRow.objective).where(
        of_run, EvaluationRow.split == "train", EvaluationRow.objective.is_not(None)
    )
    repeated = select(CandidateRow.number, CandidateRow.duplicate_of).where(of_run, CandidateRow.duplicate_of.is_not(None))
    caught = evaluated.where(of_run, EvaluationRow.status.in_(_DISHONEST))
    return TrainObjectives(
        by_epoch={(number, epoch): objective for number, epoch, objective in connection.execute(on_train)},
        originals={number: original for number, original in connection.execute(repeated) if original is not None},
        dishonest=frozenset(connection.scalars(caught)),
    )


_REPLIES = (
    select(
        RequestRow.id,
        RequestRow.number,
        RequestRow.operator,
        RequestRow.epoch,
        CompletionRow.model,
        RequestRow.failure_reason,
        CandidateRow.number.label("candidate"),
        CandidateRow.code_hash,
        CandidateRow.duplicate_of,
        EvaluationRow.status,
        EvaluationRow.objective,
        EvaluationRow.objective_kind,
    )
    .select_from(RequestRow)
    .join(CompletionRow, CompletionRow.request_id == RequestRow.id)
    .outerjoin(CandidateRow, CandidateRow.request_id == RequestRow.id)
    .outerjoin(
        _Original,
        (_Original.run_id == CandidateRow.run_id)
        & (_Original.number == func.coalesce(CandidateRow.duplicate_of, CandidateRow.number)),
    )
    .outerjoin(
        EvaluationRow,
        (EvaluationRow.candidate_id == _Original.id)
        & (EvaluationRow.split == "train")
        & (EvaluationRow.epoch == RequestRow.epoch),
    )
    .where(
        *_OF_PART,
        RequestRow.outcome.in_(("candidate", "failure")),
        func.coalesce(RequestRow.failure_stage, "") != "generation",  # of these there is no reply
        func.coalesce(RequestRow.failure_reason, "") != INTERNAL,  # a fault of ours says nothing of the reply
        CompletionRow.finish.not_like(f"{LOST}%"),
    )
    .order_by(RequestRow.number)
)
_WITH_PROMPTS = _REPLIES.add_columns(RequestRow.dictionary_id, RequestRow.prompt)
_PARENTS = (
    select(RequestParentRow.request_id, RequestParentRow.parent)
    .join(RequestRow, RequestRow.id == RequestParentRow.request_id)
    .where(*_OF_PART)
    .order_by(RequestParentRow.request_id, RequestParentRow.position)
)


def graded_replies(
    connection: Connection, run_id: int, known: TrainObjectives, *, prompts: bool = True, at_once: int = _AT_ONCE
) -> Iterator[GradedReply]:
    """The told replies of a run that were to hold a heuristic, by request.

    Those that never came, and those that our own faults kept from being read, are left out.

    Args:
        connection: In a transaction until the last one is read.
        run_id: Row number of the run.
        known: Of the run.
        prompts: Whether prompts are told apart; else they are not read, which is quicker.
        at_once: So many requests are in memory, with their prompts.
    """
    last = connection.scalar(select(func.max(RequestRow.number)).where(RequestRow.run_id == run_id)) or 0
    reader = PromptReader(connection)
    statement = _WITH_PROMPTS if prompts else _REPLIES
    for first in range(1, last + 1, at_once):
        part = {"run": run_id, "first": first, "last": first + at_once - 1}
        parents: dict[int, list[int]] = defaultdict(list)
        for request_id, parent in connection.execute(_PARENTS, part):
            parents[request_id].append(parent)
        for row in connection.execute(statement, part).all():
            text = reader.text(row.prompt, row.dictionary_id) if prompts else b""
            scored = None if row.candidate is None else row.candidate if row.duplicate_of is None else row.duplicate_of
            is_honest = scored not in known.dishonest
            yield GradedReply(
                request=row.number,
                operator=row.operator,
                epoch=row.epoch,
                prompt=hashlib.blake2b(text, digest_size=16).digest() if text else b"",
                model=row.model,
                parents=tuple(parents.get(row.id, ())),
                candidate=row.candidate,
                status=row.failure_reason if row.candidate is None else row.status,
                objective=row.objective if is_honest else None,
                objective_kind=row.objective_kind,
                code_hash=row.code_hash or "",
                scored=scored,
                is_honest=is_honest,
            )

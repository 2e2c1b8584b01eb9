"""Conversion of rows into frozen records."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from types import MappingProxyType
from typing import Any

from sqlalchemy import CursorResult, Row

from evoheur.archive.columns import decoded
from evoheur.archive.records import Asked, RunRecord
from evoheur.candidate import Candidate, Evaluation, InstanceResult, Status
from evoheur.request import Completion, Failure, Message, Note, RequestKind, Usage

__all__ = [
    "FINGERPRINT",
    "SharedTexts",
    "asked",
    "candidate",
    "completion",
    "evaluation",
    "fetched",
    "instance_results",
    "kind",
    "run",
    "textual_outcome",
    "with_names",
]

FINGERPRINT = "fingerprint"
"""Key beside the notes of an evaluation's first result; it has no column of its own."""

_AT_ONCE = 2000
_decode = json.JSONDecoder().raw_decode  # without a look at what follows, where nothing does
_NO_NOTES: Mapping[str, str] = MappingProxyType({})
_STATUS = {status.value: status for status in Status}  # a lookup is several times cheaper than Status(word), and logs are long


def run(row: Row[Any], tags: Sequence[str] = ()) -> RunRecord:
    """The run in a row of its table, with its tags in order."""
    return RunRecord(
        id=row.id,
        name=row.name,
        created_at=row.created_at,
        config=dict(row.config),
        seed=row.seed,
        problem=row.problem,
        problem_hash=row.problem_hash,
        prompts_hash=row.prompts_hash,
        evoheur_version=row.evoheur_version,
        status=row.status,
        reason=row.reason,
        note=row.note,
        tags=tuple(tags),
    )


def asked(columns: Sequence[Any], reply: Completion | None, messages: tuple[Message, ...]) -> Asked:
    """The request in some columns of a row (see `request_reading`), with its completion and its unpacked prompt."""
    row_id, number, operator, produces, epoch, sequence, fingerprint = columns  # quicker than names, here and below
    return Asked(
        id=row_id,
        number=number,
        sequence=sequence,
        operator=decoded(operator),
        fingerprint=fingerprint,
        messages=messages,
        completion=reply,
        kind=kind(operator, produces),
        epoch=epoch,
    )


@lru_cache(maxsize=1024)
def kind(operator: str | bytes, produces: str) -> RequestKind:
    """The kind of a request, by two columns of its row."""
    return RequestKind.stored(decoded(operator), produces)


def textual_outcome(columns: Sequence[Any]) -> Note | Failure:
    """The outcome in some columns of a row of `request` (see `log_reading`) that yielded no candidate."""
    outcome, note, stage, reason, detail, attempts = columns
    if outcome == "note":
        return Note(text=decoded(note))
    return Failure(stage=stage, reason=decoded(reason), detail=decoded(detail), attempts=attempts)


def completion(columns: Sequence[Any], shared: "SharedTexts") -> Completion:
    """The completion in a row of its table, with its texts as stored."""
    _, model, sent, received, cached, thought, estimated, finish, seconds, attempts, evaluations, cost, source, text = columns
    words = shared.words
    return Completion(
        text=text if type(text) is str else decoded(text),
        model=words[model],
        usage=Usage(
            prompt_tokens=sent,
            completion_tokens=received,
            estimated=bool(estimated),
            cached_tokens=cached,
            reasoning_tokens=thought,
        ),
        finish=words[finish],
        seconds=seconds,
        attempts=attempts,
        evaluations=evaluations,
        cost_usd=cost,
        price_source=None if source is None else words[source],
    )


def candidate(columns: Sequence[Any], parents: Sequence[int], worth: Evaluation, *, is_twin: bool = False) -> Candidate:
    """The candidate in a row of its table, with its texts as stored.

    With its parents in order and its evaluation on train.
    """
    _, _, number, _, operator, duplicate_of, code_hash, thought, code = columns
    return Candidate(
        id=number,
        code=code if type(code) is str else decoded(code),
        thought=thought if type(thought) is str else decoded(thought),
        operator=operator if type(operator) is str else decoded(operator),
        parents=tuple(parents),
        evaluation=worth,
        duplicate_of=duplicate_of,
        code_hash=code_hash,
        is_twin=is_twin,
    )


def evaluation(columns: Sequence[Any], results: Sequence[InstanceResult], fingerprint: str, shared: "SharedTexts") -> Evaluation:
    """The evaluation in a row of its table, with its texts as stored.

    Its results are in order, and the fingerprint was stored with the first of them.
    """
    _, _, split, epoch, status, objective, objective_kind, aggregate, _, level, detail, measures = columns
    words = shared.words
    return Evaluation(
        status=_STATUS[status],
        objective=objective,
        objective_kind=objective_kind,
        aggregate=aggregate,
        split=words[split],
        results=tuple(results),
        measures=_decode(measures)[0],
        level=words[level],
        detail=decoded(detail) if detail else "",
        epoch=epoch,
        fingerprint=fingerprint,
    )


class SharedTexts:
    """Words and notes that many results have alike, kept once.

    A run of a hundred thousand candidates has millions of them.

    Attributes:
        words: Word as it is stored → the first that equals it.
        notes: Notes as JSON; None where they were not read → the first notes that equal them, and the fingerprint that was beside them.
    """

    def __init__(self) -> None:
        self.words: Mapping[str | bytes, str] = _Words()
        self.notes: Mapping[str | None, tuple[Mapping[str, str], str | None]] = _Notes()


class _Words(dict[str | bytes, str]):
    """Words by how they are stored.

    Filled at first looks only; for all later ones a dictionary's own look is several times as quick as a method.
    """

    def __missing__(self, stored: str | bytes) -> str:
        return self.setdefault(stored, decoded(stored))


class _Notes(dict[str | None, tuple[Mapping[str, str], str | None]]):
    """Notes by how they are stored, as `_Words`.

    Those with a fingerprint are kept by what else they say, since hardly two have the same.
    """

    def __init__(self) -> None:
        super().__init__({None: (_NO_NOTES, None)})
        self._alike: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {}

    def __missing__(self, stored: str) -> tuple[Mapping[str, str], str | None]:
        notes, _ = _decode(stored)
        fingerprint = notes.pop(FINGERPRINT, None)
        parsed = self._alike.setdefault(tuple(notes.items()), notes), fingerprint
        return parsed if fingerprint is not None else self.setdefault(stored, parsed)


def instance_results(
    found: Iterable[Sequence[Any]], shared: SharedTexts
) -> tuple[dict[int, list[InstanceResult]], dict[int, str]]:
    """The results in rows of `instance_result`, each evaluation's in their order, and the fingerprints that were beside them.

    Args:
        found: Whole rows, with their texts as stored, those of an evaluation by position.
        shared: Words and notes of earlier ones.

    Returns:
        Results, and fingerprints where there are any, both by row number of the evaluation.
    """
    results: dict[int, list[InstanceResult]] = defaultdict(list)
    fingerprints: dict[int, str] = {}
    words, notes_of, statuses = shared.words, shared.notes, _STATUS
    for evaluation_id, position, instance, family, status, cost, reference, cpu_seconds, detail, stored in found:
        notes, fingerprint = notes_of[stored]
        if fingerprint is not None:
            if position:
                notes = json.loads(stored)  # a guest's own words
            else:
                fingerprints[evaluation_id] = fingerprint
        results[evaluation_id].append(
            InstanceResult(
                instance=words[instance],
                family=words[family],
                status=statuses[status],
                cost=cost,
                reference=reference,
                cpu_seconds=cpu_seconds,
                detail=decoded(detail) if detail else "",
                notes=notes,
            )
        )
    return results, fingerprints


def fetched(result: CursorResult[*tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The rows of a result as the driver gives them, for statements whose columns need no more.

    SQLAlchemy's own rows take longer to make than to read, and a long run has millions.
    """
    return chain.from_iterable(_parts(result))


def _parts(result: CursorResult[*tuple[Any, ...]]) -> Iterator[Sequence[tuple[Any, ...]]]:
    cursor: Any = result.cursor
    try:
        while part := cursor.fetchmany(_AT_ONCE):
            yield part
    finally:
        result.close()


def with_names(result: CursorResult[*tuple[Any, ...]]) -> Iterator[Row[Any]]:
    """The rows of a result with their columns by name, read some thousands at a time."""
    return chain.from_iterable(result.partitions(_AT_ONCE))

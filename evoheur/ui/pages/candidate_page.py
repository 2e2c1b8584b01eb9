"""The page of a candidate: code, idea, changes, worth, relatives, and how it came about."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evoheur import ArchiveReader, CandidateRecord, ConfigError
from evoheur.api.archives import find_candidate
from evoheur.api.candidate_story import hints_shown, unified_diff
from evoheur.charts.family_tree import family_around
from evoheur.documents.audit_document import audit_document
from evoheur.documents.candidate_document import (
    CandidateDocument,
    TextbookGapDocument,
    candidate_document,
    completion_document,
    evaluations_of,
    prompt_document,
    textbook_document,
)
from evoheur.observers.conclusions import audit_of, audit_sentence
from evoheur.observers.number_text import Scale, breeding
from evoheur.ui.code_markup import changes_markup, code_markup
from evoheur.ui.family_drawing import drawn_family
from evoheur.ui.rendering import access_of, page, plain_data

__all__ = ["routes"]

_PARENTS = 6  # that changes are shown from


class _FamilyLine(NamedTuple):
    """A family of instances: the candidate's gap beside the best textbook rule's."""

    family: str
    gap: float | None
    textbook: TextbookGapDocument | None

    @property
    def lead(self) -> float | None:
        """By how many percentage points the candidate is ahead."""
        return None if self.gap is None or self.textbook is None else self.textbook.gap - self.gap


class _Change(NamedTuple):
    """What changed from a parent."""

    parent: int
    changes: Markup
    is_same: bool


def _candidate(request: Request) -> Response:
    run, reference = request.path_params["run"], request.path_params["reference"]
    access = access_of(request)
    with access.reading() as archive:
        record = _named(archive, run, reference)
        document = _document(archive, record)
        number = record.candidate.id
        parents = archive.candidates(run, list(dict.fromkeys(record.candidate.parents))[:_PARENTS])
        champion = archive.chosen(run)
        remaining = archive.simplified(record)
        hints = hints_shown(archive, record)
        own = archive.candidate(run, 0)
        seed = archive.run(run).seed
        descents = access.descents.descents(archive, run, holding=number)
    tree = family_around(run, descents, number, champion=None if champion is None else champion.candidate.id)
    audit = audit_of(record, own)
    evaluations = record.evaluations
    return page(
        request,
        "candidate.html",
        run=run,
        tab="best" if champion is not None and champion.candidate.id == number else None,
        candidate=document,
        breeding=breeding(record.candidate),
        seed=seed,
        is_twin=record.candidate.is_twin,
        is_best=champion is not None and champion.candidate.id == number,
        remaining=None if remaining is None else remaining.candidate.id,
        code=code_markup(record.candidate.code),
        changes=[_change(parent, record) for parent in parents],
        hints=hints,
        audit=None if audit is None else audit_sentence(record.id, audit),
        overfitted=audit is not None and audit.overfitted,
        scale=Scale.of(evaluations.values()),
        gap_scale=Scale.GAP,
        families={split: _families(document, split) for split in document.family_gaps},
        slowest={split: max((result.cpu_seconds for result in each.results), default=0.0) for split, each in evaluations.items()},
        drawing=drawn_family(tree),
        total=tree.total,
    )


def _data(request: Request) -> Response:
    run, reference = request.path_params["run"], request.path_params["reference"]
    with access_of(request).reading() as archive:
        return plain_data(_document(archive, _named(archive, run, reference)))


def _named(archive: ArchiveReader, run: str, reference: str) -> CandidateRecord:
    if "/" in reference:
        raise ConfigError(f"{reference!r} names no candidate; write its number, or best.")
    return find_candidate(archive, reference, run=run)


def _document(archive: ArchiveReader, record: CandidateRecord) -> CandidateDocument:
    """As `evoheur show RUN/NUMBER --prompt --reply --json` prints it, but for the lineage and the changes."""
    asked = record.asked
    audit = audit_of(record, archive.candidate(record.run, 0))
    known: Mapping[str, Any] = {} if audit is None else {"audit": audit_document(audit)}
    return candidate_document(
        record,
        measures=dict(record.candidate.evaluation.measures),
        evaluations=evaluations_of(record, instances=True),
        textbook_gaps=textbook_document(archive.textbook_gaps(record.run)),
        prompt=None if asked is None else prompt_document(asked.messages),
        reply=None if asked is None or asked.completion is None else asked.completion.text,
        completion=None if asked is None else completion_document(asked),
        **known,
    )


def _change(parent: CandidateRecord, record: CandidateRecord) -> _Change:
    changes = unified_diff(parent, record)
    return _Change(parent=parent.candidate.id, changes=changes_markup(changes), is_same=not changes)


def _families(document: CandidateDocument, split: str) -> list[_FamilyLine]:
    textbook = document.textbook_gaps.get(split, {})
    return [_FamilyLine(family, gap, textbook.get(family)) for family, gap in document.family_gaps[split].items()]


routes = [
    Route("/run/{run}/candidate/{reference}", _candidate),
    Route("/data/run/{run}/candidate/{reference}", _data),
]

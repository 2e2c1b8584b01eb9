"""Checking a draft without running anything of it outside the jail."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from evoheur.drafting.draft import Draft
from evoheur.drafting.draft_screen import screen_draft
from evoheur.drafting.jailed_draft import TRIED_CHECKS
from evoheur.errors import ExecutorError
from evoheur.evaluation.isolation import JailConfig
from evoheur.sandbox.interface import Entry, Limits, Report, ReportStatus, SandboxUnavailable, Session

__all__ = ["DraftFinding", "check_draft"]

_LIMITS = Limits(load_seconds=20.0, cpu_seconds=20.0, wall_seconds=120.0, memory_mib=2048, output_bytes=65536)
_LONGEST = 600
_READING, _IMPORTING = "its files are Python that a problem may be made of", "it can be imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFinding:
    """One check of a draft and its result; the detail says what is wrong."""

    name: str
    detail: str = ""


def check_draft(draft: Draft, *, saying: Callable[[str], None] = lambda _what: None) -> list[DraftFinding]:
    """Check a draft: its text, and in the jail the contract.

    The checks that need further processes, and the scores, come after its author's yes.

    Args:
        draft: Files that nobody has looked at.
        saying: Hears what is being done.

    Returns:
        The checks in their order, up to the first after which there is nothing more to ask.

    Raises:
        ExecutorError: There is no jail to be had on this machine.
    """
    faults = screen_draft(draft.files)
    read = DraftFinding(name=_READING, detail="\n".join(faults))
    return [read] if faults else [read, *_jailed(draft, saying)]


def _jailed(draft: Draft, saying: Callable[[str], None]) -> Iterator[DraftFinding]:
    sandbox = JailConfig().build(Entry(module="evoheur.drafting.jailed_draft", payload={}))
    try:
        saying(_IMPORTING)
        session, opened = sandbox.open({"files": dict(draft.files)}, _LIMITS)
        yield DraftFinding(name=_IMPORTING, detail=_failed(opened))
        if opened.status is ReportStatus.OK:
            with session:
                yield from _asked(session, saying)
    except SandboxUnavailable as error:
        raise ExecutorError(
            f"Drafts are checked in a jail only, and there is none to be had: {error} {JailConfig.remedy}"
        ) from error
    finally:
        sandbox.close()


def _asked(session: Session, saying: Callable[[str], None]) -> Iterator[DraftFinding]:
    for number, check in enumerate(TRIED_CHECKS):
        saying(check.name)
        report = session.ask({"check": number})
        yield DraftFinding(name=check.name, detail=_failed(report) or _said(report.value))
        if report.status is not ReportStatus.OK:  # the session is over
            return


def _failed(report: Report) -> str:
    return "" if report.status is ReportStatus.OK else f"{report.status.value}: {report.detail}"[:_LONGEST]


def _said(value: object) -> str:
    """What a draft answered; anything but a text is its fault."""
    return value[:_LONGEST] if isinstance(value, str) else "it answered something else than the check asks for"

"""Running attacks one by one through a sandbox.

Each is followed by an honest candidate and a look at what is left.
"""

import os
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from evoheur.sandbox.interface import Entry, Report, ReportStatus, Sandbox, SandboxUnavailable
from evoheur.sandbox.process import FORK_SERVERS
from evoheur.sandbox.proctree import descendants
from evoheur.testing.red_team.attack import HONEST, USUAL, Attack, Verdict
from evoheur.testing.red_team.lures.lure import Lure, Sighting, Word
from evoheur.testing.red_team.stall_watch import Watch, unless_still

__all__ = ["MakeSandbox", "Range", "short"]

MakeSandbox = Callable[[Entry], Sandbox]

_MODULE = "evoheur.testing.red_team.red_team_entry"
_PATIENCE = 60.0  # seconds until an attack that nothing else ends is ended by killing all that runs below the host


class Range:
    """A place to attack one kind of sandbox; a context manager.

    Args:
        make_sandbox: Makes the sandbox under test for an entry.
    """

    def __init__(self, make_sandbox: MakeSandbox) -> None:
        self._make = make_sandbox
        self._sandbox: Sandbox | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._replace()

    def run(self, attack: Attack) -> Verdict:
        """Run one attack, again if the machine stood still meanwhile.

        Raises:
            SandboxUnavailable: No guest can be started even before the attack.
        """
        return unless_still(lambda watch: self._run_once(attack, watch), _PATIENCE)

    def _run_once(self, attack: Attack, watch: Watch) -> Verdict:
        warm = self._warm()
        level = warm.level
        before = len(_below())
        lure = attack.lure()
        try:
            with watch:
                harm, told = self._attempt_fresh(attack, lure, watch) if attack.fresh else _attempt(warm, attack, lure, watch)
        finally:
            lure.close()
        if watch.bit:
            harm = f"nothing ended it for {_PATIENCE:g} s"
        if harm:
            self._replace()
        elif left := _left_over(before):
            harm = f"it left {left} processes behind"
        return Verdict(
            name=attack.name,
            family=attack.family,
            blocked=not harm,
            detail=harm or told,
            open_because=attack.open_at.get(level, ""),
        )

    def _attempt_fresh(self, attack: Attack, lure: Lure, watch: Watch) -> tuple[str, str]:
        sandbox = self._make(Entry(module=_MODULE, payload={}, environment=tuple(lure.environment().items())))
        try:
            return _attempt(sandbox, attack, lure, watch)
        finally:
            sandbox.close()

    def _replace(self) -> None:
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None

    def _warm(self) -> Sandbox:
        if self._sandbox is None:
            self._sandbox = self._make(Entry(module=_MODULE, payload={}))
        honest = _ask_next(self._sandbox, HONEST)
        if honest.value != 42:
            raise SandboxUnavailable(f"An honest candidate is not served: {honest.detail or honest.value!r}.")
        return self._sandbox


def short(report: Report) -> str:
    """A report in one line.

    Its status and the last line of its reason.
    """
    lines = report.detail.strip().splitlines()
    return f"{report.status}: {lines[-1]:.160}" if lines else str(report.status)


def _attempt(sandbox: Sandbox, attack: Attack, lure: Lure, watch: Watch) -> tuple[str, str]:
    # What harm was done (empty if none), and how the attack itself ended.
    try:
        outcome = _attack(sandbox, attack, lure, watch)
        gain = lure.gain(outcome)
        if not gain and attack.word_counts:
            gain = Word().gain(outcome)
        after = _ask_next(sandbox, attack.next_candidate)
    except SandboxUnavailable as error:
        return f"it cost the sandbox its guest for good: {error}", ""
    told = short(outcome.last)
    if outcome.last.status is ReportStatus.OK:
        told = f"let run, but nothing came of it (it answered {outcome.answer!r:.80})"
    if not gain and (after.status is not ReportStatus.OK or after.value != attack.next_answer):
        found = repr(after.value) if after.status is ReportStatus.OK else short(after)
        gain = f"it harmed the next candidate: {found} instead of {attack.next_answer!r}"
    return gain, told


def _attack(sandbox: Sandbox, attack: Attack, lure: Lure, watch: Watch) -> Sighting:
    start = watch.seconds
    session, report = sandbox.open(attack.source, attack.limits)
    reports = [report]
    seconds = [watch.seconds - start]
    with session:
        while reports[-1].status is ReportStatus.OK and len(reports) <= attack.asks:
            start = watch.seconds
            reports.append(session.ask(lure.bait()))
            seconds.append(watch.seconds - start)
    return Sighting(reports=tuple(reports), seconds=max(seconds), limits=attack.limits)


def _ask_next(sandbox: Sandbox, source: str) -> Report:
    session, opened = sandbox.open(source, USUAL)
    with session:
        return session.ask(21) if opened.status is ReportStatus.OK else opened


def _below() -> set[int]:
    # Fork servers are ours, and stay.
    return descendants(os.getpid()) - set(FORK_SERVERS.pids())


def _left_over(before: int) -> int:
    # A process that was just killed may still be listed; it is given a moment.
    deadline = time.monotonic() + 1.0
    while (left := len(_below()) - before) > 0 and time.monotonic() < deadline:
        time.sleep(0.05)
    return max(0, left)

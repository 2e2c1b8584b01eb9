"""The sandbox in which search policies are run."""

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from evoheur.code.program import Program, examine
from evoheur.code.screening import ScreenConfig, screen
from evoheur.errors import ExecutorError
from evoheur.evaluation.isolation import SandboxConfig
from evoheur.evaluation.lost_guests import GuestLost, heed
from evoheur.sandbox.interface import Entry, Limits, Report, ReportStatus, Sandbox, SandboxUnavailable
from evoheur.search_policy import CHOOSE, PolicyChoice, PolicyFault, read_choice, written_answer

__all__ = ["PolicyBench"]

_ENTRY = Entry(module="evoheur.evaluation.policy_job", payload={})
_LOSSES = 3  # of the guest, with one policy
_LIMITS = Limits(load_seconds=5.0, cpu_seconds=2.0, wall_seconds=20.0, memory_mib=256, output_bytes=64 * 1024, questions=3)
_SIZES = (1, 2)  # of the populations that a policy is tried with, beside the present one
_REASONS = {ReportStatus.ERROR: "raised", ReportStatus.FORFEIT: "malformed", ReportStatus.OUTPUT: "malformed"}


class PolicyBench:
    """Runs policies, one at a time; its guest starts with the first.

    Every run is a process of its own, so that a policy remembers nothing that a resumed run would not know.

    Args:
        sandbox: Isolation, the same as that of heuristics.
        screening: What is turned away unrun.
    """

    def __init__(self, sandbox: SandboxConfig, screening: ScreenConfig | None = None) -> None:
        self._config = sandbox
        self._screen = screening or ScreenConfig()
        self._sandbox: Sandbox | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="policy")

    async def consult(self, context: Mapping[str, str]) -> str:
        """Have a policy choose.

        Args:
            context: Of a request: "policy" (source), "view" (JSON of programs, progress and seed), "contexts" (how many may stand beside
                the parent), and "trial", which is not empty where it is tried with smaller populations, too.

        Returns:
            As `written_answer` writes it; whatever the policy does wrong is a fault.

        Raises:
            ExecutorError: No guest can be started.
        """
        try:
            answer = await asyncio.get_running_loop().run_in_executor(self._thread, self._chosen, dict(context))
        except SandboxUnavailable as error:
            raise ExecutorError(f"The guest that runs search policies cannot be started: {error}") from error
        return written_answer(answer)

    async def close(self) -> None:
        """End the guest; harmless when repeated."""
        await asyncio.get_running_loop().run_in_executor(None, self._thread.shutdown)
        if self._sandbox is not None:
            self._sandbox.close()

    def _chosen(self, context: Mapping[str, str]) -> PolicyChoice | PolicyFault:
        code, view, contexts = context["policy"], json.loads(context["view"]), int(context["contexts"])
        refused = self._refused(code)
        if refused is not None:
            return refused
        questions = [view]
        if context["trial"]:
            questions += [{**view, "programs": view["programs"][:size]} for size in _SIZES if size < len(view["programs"])]
        for attempt in range(1, _LOSSES + 1):
            try:
                return self._asked(code, questions, contexts)
            except GuestLost as error:
                if attempt == _LOSSES:
                    self._serve_somebody(error)
                    return PolicyFault(reason="crashed", detail=f"the guest was lost {_LOSSES} times with it: {error}")
        raise AssertionError("the last attempt returns")

    def _serve_somebody(self, lost: GuestLost) -> None:
        """See that a guest serves a policy that does nothing; if none does, no policy is to blame."""
        assert self._sandbox is not None, "it was lost"
        session, opened = self._sandbox.open({"code": f"def {CHOOSE}(programs, progress, rng): ...", "name": CHOOSE}, _LIMITS)
        session.close()
        if opened.lost:
            raise SandboxUnavailable(
                f"The guest is lost with every policy: {lost}. Look for what stops or kills it, such as a lack of memory."
            )

    def _refused(self, code: str) -> PolicyFault | None:
        examined = examine(code)
        if not isinstance(examined, Program):
            return PolicyFault(reason="syntax", detail=str(examined))
        reason = screen(code, self._screen)
        return None if reason is None else PolicyFault(reason="rejected", detail=reason)

    def _asked(self, code: str, questions: list[Any], contexts: int) -> PolicyChoice | PolicyFault:
        """The answer to the first question, if all are answered well."""
        if self._sandbox is None:
            self._sandbox = self._config.build(_ENTRY)
        answers: list[PolicyChoice | PolicyFault] = []
        session, opened = self._sandbox.open({"code": code, "name": CHOOSE}, _LIMITS)
        with session:
            if heed(opened).status is not ReportStatus.OK:
                return _fault(opened)
            for question in questions:
                report = heed(session.ask(question))
                if report.status is not ReportStatus.OK:
                    return _fault(report)
                known = [program["id"] for program in question["programs"]]
                answers.append(read_choice(report.value, known, contexts=contexts))
        faults = [answer for answer in answers if isinstance(answer, PolicyFault)]
        return faults[0] if faults else answers[0]


def _fault(report: Report) -> PolicyFault:
    return PolicyFault(reason=_REASONS.get(report.status, report.status.value), detail=report.detail.strip())

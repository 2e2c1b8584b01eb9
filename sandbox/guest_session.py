"""One child as the trusted side sees it.

Every question has a fresh nonce; the session waits until the deadline and judges what came back.
"""

import contextlib
import math
import secrets
import signal
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

from evoheur.sandbox.answer_structure import TooIntricate, check_structure
from evoheur.sandbox.binary_answer import unframed
from evoheur.sandbox.child import DIALOGUE, ENVELOPE_BYTES
from evoheur.sandbox.exception_text import MAX_DETAIL, printable
from evoheur.sandbox.guest_link import ChildEnd, GuestGone, GuestLink
from evoheur.sandbox.interface import Json, Limits, Report, ReportStatus
from evoheur.sandbox.lockstep_process import LockStepProcess, Played
from evoheur.sandbox.wire import Channel, Closed, Malformed, TooLarge, decode, encode

__all__ = ["GuestSession", "processor_limit"]

_GRACE = 5.0  # seconds from a closed channel to the death that closed it, on a machine that has better things to do
_BEAT = 0.5  # seconds; the machine stood still if waiting so long took more than twice as long
_LONGER = 3.0  # times the deadline, for a child that does not get the processor it should have
_STARVED = (0.05, 0.9)  # of the wall time: below, a child sleeps; above, it had what there is
_MEANING = {
    int(signal.SIGSYS): ", the filter's answer to a system call by a back door",
    int(signal.SIGABRT): ", which libraries do to themselves when a thread is refused them, for one",
}
_CLAIMS = {status.value: status for status in (ReportStatus.ERROR, ReportStatus.MEMORY, ReportStatus.OUTPUT)}


def processor_limit(limits: Limits) -> int:
    """Processor time of a child in all, in whole seconds.

    It is for loading and all its questions; the kernel counts whole seconds.
    """
    return math.ceil(limits.load_seconds + limits.cpu_seconds * limits.questions)


class _BadReply(Exception):
    """A reply that the protocol does not allow."""


class _Overspent(Exception):
    """A question took more processor time than one may."""


class GuestSession:
    """A child of a guest, addressed over its own channel.

    Args:
        link: The guest that forked the child.
        channel: The trusted end of the child's channel.
        limits: What the child may use.
        lockstep: Plays dialogues.
    """

    def __init__(self, link: GuestLink, channel: Channel, limits: Limits, lockstep: LockStepProcess) -> None:
        self._link = link
        self._channel = channel
        self._limits = limits
        self._lockstep = lockstep
        self._counted = 0.0  # processor seconds that earlier reports have told
        self._nonce = ""  # of the last question
        self.closed = False

    def open(self, payload: Json) -> Report:
        """Have the child open its candidate.

        The session is closed unless that goes well.
        """
        return self._step(payload, self._limits.load_seconds)

    def ask(self, question: Json) -> Report:
        """See `evoheur.sandbox.interface.Session.ask`.

        Raises:
            RuntimeError: The session is closed, by the caller or by a report that was not OK.
        """
        if self.closed:
            raise RuntimeError("This session is closed; open another one for the next question.")
        return self._step(question, self._limits.wall_seconds, processor=self._limits.cpu_seconds)

    def play(self, question: Json, arrivals: Sequence[Json], *, seconds: float) -> Report:
        """See `evoheur.sandbox.interface.Session.play`.

        Raises:
            RuntimeError: The session is closed, by the caller or by a report that was not OK.
            SandboxUnavailable: The arrivals cannot be told.
        """
        opened = self.ask(question)
        if opened.status is not ReportStatus.OK:
            return opened
        if opened.value != DIALOGUE:
            return self._fail(ReportStatus.FORFEIT, f"an answer came where a dialogue should begin: {opened.value!r:.80}")
        allowed = self._limits.output_bytes + ENVELOPE_BYTES
        return self._guarded(
            lambda: self._played(self._lockstep.play(self._channel, arrivals, seconds=seconds, output_bytes=allowed)), seconds
        )

    def close(self) -> None:
        """See `evoheur.sandbox.interface.Session.close`."""
        if not self.closed:
            with contextlib.suppress(GuestGone):  # then nothing is left of the child either
                self._end(grace=0.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _step(self, body: Json, seconds: float, *, processor: float | None = None) -> Report:
        """Put one body to the child.

        Args:
            body: What it is asked.
            seconds: Wall time that it has for the answer.
            processor: Processor time that it has, in seconds; None where only the limit of its whole life counts.
        """
        nonce = secrets.token_hex(16)
        frame = encode({"nonce": nonce, "body": body})
        self._nonce = nonce

        def talk() -> Report:
            reply, binary = self._exchange(frame, nonce, seconds, processor)
            report = self._report(reply, binary)
            if processor is not None and report.status is ReportStatus.OK and report.cpu_seconds > processor:
                self._counted -= report.cpu_seconds  # for the report that says so
                raise _Overspent
            return report

        return self._guarded(talk, seconds)

    def _guarded(self, talk: Callable[[], Report], seconds: float) -> Report:
        """Talk with the child and report whatever goes wrong."""
        try:
            return talk()
        except GuestGone as error:
            return self._lost(error)
        except (TimeoutError, _Overspent) as error:
            spent = f"used more than {self._limits.cpu_seconds:g} s of processor time for one question"
            late = f"no answer within {seconds:g} s"
            return self._fail(ReportStatus.TIMEOUT, spent if isinstance(error, _Overspent) else late)
        except (TooLarge, TooIntricate) as error:
            said = f"an answer of {error.length} bytes was announced" if isinstance(error, TooLarge) else str(error)
            allowed = f", {self._limits.output_bytes} are allowed" if isinstance(error, TooLarge) else ""
            return self._fail(ReportStatus.OUTPUT, said + allowed)
        except (_BadReply, Malformed) as error:
            return self._fail(ReportStatus.FORFEIT, str(error))
        except Closed:
            return self._explain_death()

    def _played(self, played: Played) -> Report:
        match played.ended:
            case "timeout":
                raise TimeoutError
            case "closed":
                raise Closed
            case "too large":
                raise TooLarge(int(played.frame), self._limits.output_bytes)
            case "malformed":
                raise _BadReply(played.frame)
            case "too intricate":
                raise TooIntricate(played.frame)
            case "reply":
                return self._report(_read_reply(decode(played.frame.encode()), self._nonce, finished=False))
            case "lost":
                raise GuestGone(f"the process that tells candidates what arrives is lost ({played.frame})")
        reply = _read_reply(decode(played.frame.encode()), self._nonce)
        if self._channel.pending():
            raise _BadReply("the candidate answered more than once")
        return self._report(reply | {"value": played.decisions})

    def _exchange(self, frame: bytes, nonce: str, seconds: float, processor: float | None) -> tuple[dict[str, Any], bytes]:
        if self._channel.pending():
            raise _BadReply("the candidate wrote to its channel before it was asked")
        start = time.monotonic()
        self._channel.send(frame, deadline=start + seconds)
        deadline = self._wait(start, seconds, processor)
        data = self._channel.receive(limit=self._limits.output_bytes + ENVELOPE_BYTES, deadline=deadline)
        text, binary = unframed(data)
        check_structure(text, output_bytes=self._limits.output_bytes)
        reply = _read_reply(decode(text), nonce)
        if self._channel.pending():
            raise _BadReply("the candidate answered more than once")
        return reply, binary

    def _wait(self, start: float, seconds: float, processor: float | None) -> float:
        """Wait until an answer begins; returns the deadline.

        It was put off for as long as the machine was to blame.

        Raises:
            TimeoutError: The deadline is over.
            _Overspent: The child has used up its processor time.
        """
        deadline = start + seconds
        while True:
            before = time.monotonic()
            try:
                self._channel.wait(deadline=min(deadline, before + _BEAT), lifeline=self._link.control)
            except TimeoutError:
                now = time.monotonic()
                if processor is not None and now - start > processor and self._link.cpu_seconds() - self._counted > processor:
                    raise _Overspent from None
                deadline += max(0.0, now - before - 2 * _BEAT)
                if now >= deadline:
                    deadline = self._put_off(now - start, seconds) + now
            else:
                return deadline

    def _put_off(self, elapsed: float, seconds: float) -> float:
        """Seconds that a child gets beyond its deadline.

        It gets them if it wants to compute, and could not.
        """
        least, most = _STARVED
        spent = self._link.cpu_seconds() - self._counted
        more = min(self._limits.cpu_seconds - spent, _LONGER * seconds - elapsed)
        if more <= 0 or not least * elapsed < spent < most * elapsed:
            raise TimeoutError
        return more

    def _report(self, reply: dict[str, Any], binary: bytes = b"") -> Report:
        if reply["status"] != ReportStatus.OK:
            return self._fail(_CLAIMS[reply["status"]], reply["detail"])
        try:
            spent = self._spent(self._link.cpu_seconds())
        except GuestGone as error:
            return self._lost(error)
        return Report(status=ReportStatus.OK, value=reply["value"], binary=binary, cpu_seconds=spent)

    def _explain_death(self) -> Report:
        try:
            ending = self._end(grace=_GRACE)
        except GuestGone as error:
            return self._lost(error)
        limit = processor_limit(self._limits)
        cpu = self._spent(ending.cpu_seconds)
        # A child that ignores SIGXCPU is killed by the kernel a second later.
        exhausted = ending.signal == signal.SIGXCPU or (ending.signal == signal.SIGKILL and ending.cpu_seconds >= limit)
        if ending.lingered:
            return Report(status=ReportStatus.FORFEIT, detail="the candidate closed its channel", cpu_seconds=cpu)
        if exhausted:
            detail = f"used more than {limit} s of processor time"
            return Report(status=ReportStatus.TIMEOUT, detail=detail, cpu_seconds=cpu)
        killed = ending.signal == signal.SIGKILL  # by the kernel for want of memory, for one
        return Report(status=ReportStatus.CRASHED, detail=_cause(ending), cpu_seconds=cpu, lost=killed)

    def _lost(self, error: GuestGone) -> Report:
        self.closed = True
        self._channel.close()
        return Report(status=ReportStatus.CRASHED, detail=f"{error}, and the candidate with it", lost=True)

    def _fail(self, status: ReportStatus, detail: str) -> Report:
        try:
            cpu = self._spent(self._end(grace=0.0).cpu_seconds)
        except GuestGone:  # the guest is replaced at the next open; what the candidate did stays what it was
            cpu = 0.0
        return Report(status=status, detail=printable(detail, MAX_DETAIL), cpu_seconds=cpu)

    def _spent(self, total: float) -> float:
        spent, self._counted = max(0.0, total - self._counted), total
        return spent

    def _end(self, *, grace: float) -> ChildEnd:
        self.closed = True
        try:
            return self._link.end(grace=grace)
        finally:
            self._channel.close()


def _read_reply(reply: Json, nonce: str, *, finished: bool = True) -> dict[str, Any]:
    if not isinstance(reply, dict):
        raise _BadReply(f"the answer is a bare {type(reply).__name__}, not a reply")
    if reply.get("nonce") != nonce:
        raise _BadReply("the answer does not repeat the nonce of its question")
    status = reply.get("status")
    if finished and status == ReportStatus.OK and "value" in reply:
        return reply
    if isinstance(status, str) and status in _CLAIMS and isinstance(reply.get("detail"), str):
        return reply
    raise _BadReply(f"the reply has neither a value nor a known failure: status {status!r:.40}")


def _cause(ending: ChildEnd) -> str:
    if ending.signal is None:
        return f"exited with code {ending.exit} before answering"
    try:
        name = signal.Signals(ending.signal).name
    except ValueError:
        name = f"signal {ending.signal}"
    return f"killed by {name}{_MEANING.get(ending.signal, '')}"

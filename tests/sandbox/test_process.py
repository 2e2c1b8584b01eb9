"""Level `process`: the contract, and what is this level's own."""

import os
import signal
from pathlib import Path

import pytest

from evoheur.sandbox.interface import Entry, Limits, Report, ReportStatus, Sandbox
from evoheur.sandbox.process import ProcessSandbox, guest_environment
from evoheur.sandbox.proctree import descendants
from evoheur.testing.sandbox_contract import SandboxContract


class TestProcessSandbox(SandboxContract):
    """The contract, with what this level leaves open."""

    levels = frozenset({"process"})
    isolates_files = False
    isolates_network = False
    isolates_processes = False

    def make_sandbox(self, entry: Entry) -> Sandbox:
        return ProcessSandbox(entry)


_ENTRY = Entry(module="evoheur.testing.hostile_entry", payload={})


def _first_answer(sandbox: Sandbox, source: str) -> Report:
    session, _ = sandbox.open(source, Limits(memory_mib=128))
    with session:
        return session.ask(1)


def _open_here() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_a_stopped_guest_is_replaced() -> None:
    """A guest that was stopped rather than killed is noticed by its silence; its candidate crashed, the next one is served."""
    sandbox = ProcessSandbox(_ENTRY, reaction_seconds=2.0)
    report = _first_answer(sandbox, "import os, signal\ndef answer(q):\n    os.kill(os.getppid(), signal.SIGSTOP)\n    return 1")
    assert report.status is ReportStatus.CRASHED
    assert "did not react within 2 s" in report.detail
    assert _first_answer(sandbox, "def answer(q):\n    return 2").value == 2
    sandbox.close()


def test_a_guest_that_died_between_sessions_is_replaced() -> None:
    """Nobody notices a guest that dies while idle (an out-of-memory killer, an operator) except by the new one."""
    sandbox = ProcessSandbox(_ENTRY)
    source = "import os\ndef answer(q):\n    return os.getppid()"
    first = _first_answer(sandbox, source).value
    os.kill(first, signal.SIGKILL)
    second = _first_answer(sandbox, source)
    assert second.status is ReportStatus.OK
    assert second.value != first
    sandbox.close()


def test_nothing_grows() -> None:
    """After 90 candidates, a third of which fail, neither side has a descriptor or a process more than after the first."""
    sandbox = ProcessSandbox(_ENTRY)
    count = "import os\ndef answer(q):\n    return [os.getppid(), len(os.listdir(f'/proc/{os.getppid()}/fd'))]"
    guest, in_guest = _first_answer(sandbox, count).value
    here = _open_here()
    for index in range(90):
        sources = (
            "def answer(q):\n    return q",
            "import os\ndef answer(q):\n    os._exit(1)",
            "def answer(q):\n    return [0] * 9",
        )
        _first_answer(sandbox, sources[index % 3])
    assert _first_answer(sandbox, count).value == [guest, in_guest]
    assert _open_here() == here
    assert not descendants(guest)
    sandbox.close()


def test_environment_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the user's variables none reaches a guest, not even one that looks harmless."""
    monkeypatch.setenv("PATH", "/somewhere/odd")
    monkeypatch.setenv("OMP_NUM_THREADS", "64")
    monkeypatch.setenv("LD_PRELOAD_LIKE", "x")
    environment = guest_environment()
    assert environment["PATH"] == os.defpath
    assert environment["OMP_NUM_THREADS"] == "1"
    assert "LD_PRELOAD_LIKE" not in environment

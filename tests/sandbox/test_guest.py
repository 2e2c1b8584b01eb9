"""The warm process: what it refuses to serve with, and that it never outlives the trusted side."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from evoheur.sandbox.interface import Entry, Limits, SandboxUnavailable
from evoheur.sandbox.process import ProcessSandbox, guest_environment
from evoheur.sandbox.proctree import marked

_CANDIDATE = """
import os, time
def answer(q):
    if q == 1:
        try:
            if os.fork() == 0:
                os.setsid()
                time.sleep(600)
        except OSError:
            pass
        return os.environ["EVOHEUR_GUEST"]
    time.sleep(600)
"""

_HOST = f"""
from evoheur.sandbox.process import ProcessSandbox
from evoheur.sandbox.interface import Entry, Limits
sandbox = ProcessSandbox(Entry(module="evoheur.testing.hostile_entry", payload={{}}))
session, _ = sandbox.open({_CANDIDATE!r}, Limits(wall_seconds=600))
print(session.ask(1).value, flush=True)
session.ask(2)
"""


def _entry(folder: Path, source: str) -> Entry:
    (folder / "odd_entry.py").write_text(source)
    path = f"{folder}:{guest_environment()['PYTHONPATH']}"
    return Entry(module="odd_entry", payload=5, environment=(("PYTHONPATH", path),))


def test_no_orphans_when_the_trusted_side_is_killed() -> None:
    """SIGKILL leaves the trusted side no time to clean up: the guest sees to what the candidate started."""
    with subprocess.Popen([sys.executable, "-c", _HOST], stdout=subprocess.PIPE, text=True) as host:
        assert host.stdout is not None
        token = host.stdout.readline().strip()
        # Guest, child and, where the kernel lets it fork, a grandchild in a session of its own.
        assert len(marked(token)) in {2, 3}
        host.kill()
    deadline = time.monotonic() + 60
    while marked(token) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not marked(token)


def test_threads_are_refused(tmp_path: Path) -> None:
    """A setup that leaves a thread makes forking unsafe: the guest says so instead of serving."""
    source = (
        "import threading, time\ndef setup(payload):\n    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
    )
    sandbox = ProcessSandbox(_entry(tmp_path, source))
    with pytest.raises(SandboxUnavailable, match="setup of odd_entry left 2 threads running"):
        sandbox.open("", Limits())
    sandbox.close()


def test_failing_setup_is_quoted(tmp_path: Path) -> None:
    """An exception in setup reaches the person who can mend it, however much was printed before it."""
    source = (
        "import sys\ndef setup(payload):\n    sys.stderr.write('noise ' * 100_000)\n    raise ValueError(f'payload {payload}')\n"
    )
    sandbox = ProcessSandbox(_entry(tmp_path, source))
    with pytest.raises(SandboxUnavailable, match=r"ValueError: payload 5\s*$") as caught:
        sandbox.open("", Limits())
    assert len(str(caught.value)) < 5000
    sandbox.close()


def test_start_has_a_deadline(tmp_path: Path) -> None:
    """A setup that never ends is given up."""
    source = "import time\ndef setup(payload):\n    time.sleep(600)\n"
    sandbox = ProcessSandbox(_entry(tmp_path, source), start_seconds=0.5)
    with pytest.raises(SandboxUnavailable, match=r"not ready within 0\.5 s"):
        sandbox.open("", Limits())
    sandbox.close()


def test_setup_runs_once(tmp_path: Path) -> None:
    """What setup prepared is there in every child, and was prepared once."""
    source = (
        "import os\nran = []\ndef setup(payload):\n    ran.append([os.getpid(), payload])\n"
        "def open_candidate(payload):\n    return lambda q: [ran, os.getppid(), payload, q]\n"
    )
    sandbox = ProcessSandbox(_entry(tmp_path, source))
    answers = []
    for candidate in "ab":
        session, _ = sandbox.open(candidate, Limits())
        with session:
            answers.append(session.ask("why").value)
    guest = answers[0][1]
    assert answers == [[[[guest, 5]], guest, "a", "why"], [[[guest, 5]], guest, "b", "why"]]
    sandbox.close()

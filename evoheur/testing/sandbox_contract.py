"""The contract of every isolation level, as a pytest class to subclass.

class TestMySandbox(SandboxContract):
    levels = frozenset({"mine"})

    def make_sandbox(self, entry: Entry) -> Sandbox:
        return MySandbox(entry)
"""

import os
import secrets
import socket
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from evoheur.sandbox.interface import Entry, Report, ReportStatus, Sandbox, SandboxUnavailable, Session
from evoheur.sandbox.proctree import GUEST_MARK, marked
from evoheur.testing.misbehaviour import EVERYDAY, MISBEHAVIOURS, Misbehaviour

__all__ = ["SandboxContract"]

_DOUBLE = "def answer(q):\n    return 2 * q"
_STEPPER = """
def answer(q):
    if not isinstance(q, dict):
        return q
    total = q["first"]
    def step(arrival):
        nonlocal total
        total += arrival
        return total
    return step
"""
_TOKEN = f"import os\ntoken = os.environ[{GUEST_MARK!r}]\n"

# A process that nobody is the parent of any more, in a session of its own, without our mark: only its command line tells it.
_DAEMON = """
import os, sys
def daemon(words):
    try:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.execve(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)", words], {})
            os._exit(0)
        os.wait()
    except OSError:
        return "refused"
    return "started"
"""


class SandboxContract(ABC):
    """What every level promises; the class attributes say what a weaker level leaves open, which is tested as well."""

    levels: ClassVar[frozenset[str]]
    """The isolation levels that reports of this sandbox may name."""
    isolates_files: ClassVar[bool] = True
    """The candidate can neither read the user's files nor create any."""
    isolates_network: ClassVar[bool] = True
    """The candidate reaches no socket of this machine."""
    isolates_processes: ClassVar[bool] = True
    """The candidate can neither signal nor look into processes outside, the guest included."""
    guest_processes: ClassVar[int] = 1
    """How many processes of this machine a guest consists of while it has no candidate."""

    @abstractmethod
    def make_sandbox(self, entry: Entry) -> Sandbox:
        """A fresh sandbox for the entry; the contract closes it."""

    @pytest.fixture(scope="class")
    @classmethod
    def entry(cls) -> Entry:
        """The entry whose candidates are source texts."""
        return Entry(module="evoheur.testing.hostile_entry", payload={}, environment=(("CONTRACT", "given"),))

    @pytest.fixture(scope="class")
    @classmethod
    def sandbox(cls, entry: Entry) -> Iterator[Sandbox]:
        """One sandbox for all tests of the class.

        As in a run, candidate follows candidate: what one of them leaves behind, a later test finds.
        """
        sandbox = cls().make_sandbox(entry)
        yield sandbox
        sandbox.close()

    @pytest.fixture
    def fresh(self, entry: Entry) -> Iterator[Sandbox]:
        """A sandbox that no candidate has been in."""
        sandbox = self.make_sandbox(entry)
        yield sandbox
        sandbox.close()

    def test_answers_in_order_in_one_child(self, sandbox: Sandbox) -> None:
        """A child keeps its state from question to question, and answers each in turn."""
        with _opened(sandbox, "seen = []\ndef answer(q):\n    seen.append(q)\n    return list(seen)") as session:
            assert [session.ask(q).value for q in "abc"] == [["a"], ["a", "b"], ["a", "b", "c"]]

    def test_nothing_passes_to_the_next_candidate(self, sandbox: Sandbox) -> None:
        """Modules that one candidate changed are as before for the next one."""
        with _opened(sandbox, "import json\njson.secret = 1\ndef answer(q):\n    return q") as session:
            assert session.ask(1).status is ReportStatus.OK
        with _opened(sandbox, "import json\ndef answer(q):\n    return hasattr(json, 'secret')") as session:
            assert session.ask(1).value is False

    @pytest.mark.parametrize("value", [None, True, -7, 0.1, 'żółć 🂡 \u2028 \\ "', [], {"a": [1, {"b": None}]}, "x" * 60000])
    def test_values_travel_unchanged(self, sandbox: Sandbox, value: object) -> None:
        """Question and answer are JSON of any shape, up to the limit."""
        with _opened(sandbox, "def answer(q):\n    return q") as session:
            report = session.ask(value)
        assert (report.status, report.value, report.detail) == (ReportStatus.OK, value, "")

    def test_long_question(self, sandbox: Sandbox) -> None:
        """A question far larger than any socket buffer arrives; only answers are limited."""
        with _opened(sandbox, "def answer(q):\n    return len(q)") as session:
            assert session.ask([1] * 1_000_000).value == 1_000_000

    def test_processor_time_is_the_kernels(self, sandbox: Sandbox) -> None:
        """Work is charged to the step that did it, whatever the candidate does to its own clocks."""
        source = (
            "import time\nbusy = time.process_time\ntime.process_time = time.time = time.perf_counter = lambda: 0.0\n"
            "def answer(q):\n    end = busy() + q\n    while busy() < end: pass"
        )
        with _opened(sandbox, source) as session:
            worked, idle = session.ask(0.2), session.ask(0.0)
        # The loop burns 0.2 s by the kernel's own clock; the idle question a small part of that.
        assert 0.2 <= worked.cpu_seconds < 2.0
        assert idle.cpu_seconds < 0.2

    def test_a_dialogue_tells_one_arrival_at_a_time(self, sandbox: Sandbox) -> None:
        """The next one comes when the last one is decided on; afterwards the child answers questions and dialogues as before."""
        with _opened(sandbox, _STEPPER) as session:
            for _ in range(2):
                played = session.play({"first": 10}, [1, 2, 3], seconds=60)
                assert (played.status, played.value) == (ReportStatus.OK, [11, 13, 16])
            assert session.ask("plain").value == "plain"
            assert session.play({"first": 0}, [], seconds=60).value == []

    @pytest.mark.parametrize(
        ("step", "status", "words"),
        [
            ("1 / 0", ReportStatus.ERROR, "ZeroDivisionError: division by zero"),
            ("(_ for _ in ()).throw(SystemExit('left'))", ReportStatus.ERROR, "SystemExit: left"),
            ("{1, 2}", ReportStatus.ERROR, "not JSON serializable"),
            ("'x' * 100_000", ReportStatus.OUTPUT, "bytes was announced, 65536 are allowed"),
            ("os._exit(3)", ReportStatus.CRASHED, "exited with code 3 before answering"),
            ("time.sleep(600)", ReportStatus.TIMEOUT, "no answer within 0.5 s"),
            ("os.write(3, b'\\0\\0\\0\\2=1\\0\\0\\0\\2=1')", ReportStatus.FORFEIT, "more was sent than was asked for"),
            ("(os.write(3, b'\\0\\0\\0\\2=x'), os.read(3, 1))", ReportStatus.FORFEIT, "not JSON"),
            ("(os.write(3, b'\\0\\0\\0\\2{}'), os.read(3, 1))", ReportStatus.FORFEIT, "nonce"),
            (
                "(os.write(3, (1000).to_bytes(4) + b'=' + b'[' * 999), os.read(3, 1))",
                ReportStatus.OUTPUT,
                "more than 100 lists within lists",
            ),
            ("(os.write(3, b'\\0'), time.sleep(600))", ReportStatus.TIMEOUT, "no answer within 0.5 s"),
        ],
    )
    def test_a_dialogue_that_goes_wrong_is_reported(self, sandbox: Sandbox, step: str, status: ReportStatus, words: str) -> None:
        """At its second arrival, with a reason a person understands, and no later candidate is harmed."""
        source = f"import os, time\ndef answer(q):\n    return lambda arrival: arrival if arrival == 1 else {step}"
        with _opened(sandbox, source) as session:
            report = session.play(None, [1, 2, 3], seconds=0.5 if "sleep" in step else 60.0)
        assert report.status is status, report
        assert words in report.detail
        assert report.value is None
        _expect_normal(sandbox)

    def test_an_answer_where_a_dialogue_should_begin_forfeits(self, sandbox: Sandbox) -> None:
        """Only a candidate that reaches into its process gives one."""
        with _opened(sandbox, "def answer(q):\n    return 7") as session:
            report = session.play(1, [1], seconds=60)
        assert report.status is ReportStatus.FORFEIT
        assert "an answer came where a dialogue should begin: 7" in report.detail

    @pytest.mark.parametrize("case", MISBEHAVIOURS, ids=lambda case: case.name)
    def test_misbehaviour_is_reported(self, sandbox: Sandbox, case: Misbehaviour) -> None:
        """Every misbehaviour has its status and a reason a person understands, and harms no later candidate."""
        session, opened = sandbox.open(case.source, case.limits)
        assert opened.status is ReportStatus.OK, opened
        with session:
            report = session.ask(1)
        assert report.status in case.expected, report
        assert case.words in report.detail
        assert report.value is None
        assert len(report.detail) <= 2000
        _expect_normal(sandbox)

    @pytest.mark.parametrize(
        ("source", "status", "words"),
        [
            (
                "1 / 0",
                ReportStatus.ERROR,
                'File "candidate", line 1, in <module>\n    1 / 0\nZeroDivisionError: division by zero',
            ),
            ("def answer(q:", ReportStatus.ERROR, "SyntaxError: "),
            ("reply = 1", ReportStatus.ERROR, "KeyError: 'answer'"),
            ("import os\nos._exit(7)", ReportStatus.CRASHED, "exited with code 7 before answering"),
            ("import os\nos.write(3, b'\\0\\0\\0\\x02{}')", ReportStatus.FORFEIT, "nonce"),
        ],
    )
    def test_failing_to_open(self, sandbox: Sandbox, source: str, status: ReportStatus, words: str) -> None:
        """A candidate that cannot even be loaded is reported by `open`, with the session closed."""
        session, report = sandbox.open(source, EVERYDAY)
        assert (report.status, report.value) == (status, None)
        assert words in report.detail
        with pytest.raises(RuntimeError, match="closed"):
            session.ask(1)
        _expect_normal(sandbox)

    def test_answer_before_the_question(self, sandbox: Sandbox) -> None:
        """An answer that was sent before its question was known forfeits, however well it guesses."""
        source = (
            "import os, signal\nsent = []\n"
            "def early(*_):\n"
            '    os.write(3, b\'\\0\\0\\0\\x18\' + b\'{"status":"ok","value":1}\'[:24])\n    sent.append(1)\n'
            "def answer(q):\n"
            "    if q == 1:\n        signal.signal(signal.SIGALRM, early)\n        signal.setitimer(signal.ITIMER_REAL, 0.2)\n"
            "    while q == 2 and not sent: pass\n    return 1"
        )
        with _opened(sandbox, source) as session:
            assert session.ask(1).status is ReportStatus.OK
            time.sleep(0.3)  # the verdict is the same if the bytes come later than that, since they cannot hold the nonce
            assert session.ask(2).status is ReportStatus.FORFEIT
        _expect_normal(sandbox)

    def test_print_flood(self, sandbox: Sandbox) -> None:
        """What a candidate prints is discarded: it neither blocks nor reaches the terminal."""
        source = (
            "import sys\ndef answer(q):\n    for _ in range(20000): print('x' * 1000); print('y', file=sys.stderr)\n    return 1"
        )
        with _opened(sandbox, source) as session:
            assert session.ask(1).value == 1

    def test_no_secret_in_the_environment(self, entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
        """The guest's environment is built, not inherited: what the entry gives is there, a key of the user is not."""
        monkeypatch.setenv("OPENAI_API_KEY", "sk-contract")
        sandbox = self.make_sandbox(entry)
        source = "import os\ndef answer(q):\n    return dict(os.environ)"
        with _opened(sandbox, source) as session:
            environment = session.ask(1).value
        sandbox.close()
        assert environment["CONTRACT"] == "given"
        assert environment["HOME"] == "/nonexistent"
        assert "sk-contract" not in environment.values()

    def test_only_the_channel_is_open(self, sandbox: Sandbox) -> None:
        """A child has the standard streams, which lead nowhere, and its channel: no descriptor of guest or host."""
        source = (
            "import os\ndef is_open(fd):\n    try: os.get_inheritable(fd)\n    except OSError: return False\n    return True\n"
            "def answer(q):\n    return [[fd for fd in range(32) if is_open(fd)], "
            "[(os.read(fd, 1), os.write(fd, b'x')) == (b'', 1) for fd in range(3)]]"
        )
        with _opened(sandbox, source) as session:
            assert session.ask(1).value == [[0, 1, 2, 3], [True, True, True]]

    def test_started_processes_die_with_the_session(self, sandbox: Sandbox) -> None:
        """Children, daemons with an empty environment and a small fork bomb: none outlives the session."""
        words = secrets.token_hex(8)
        source = (
            _DAEMON + _TOKEN + "import time\n"
            "def answer(q):\n"
            "    try:\n        for _ in range(5): os.fork()\n    except OSError: pass\n"
            "    if os.getsid(0) != os.getpid(): time.sleep(600)\n"
            f"    return [token, daemon({words!r})]"
        )
        with _opened(sandbox, source) as session:
            report = session.ask(1)
        assert report.status is ReportStatus.OK, report
        token = report.value[0]
        assert len(marked(token)) <= self.guest_processes
        assert not _running(words)
        _expect_normal(sandbox)
        sandbox.close()
        assert not marked(token)

    def test_killing_the_guest(self, sandbox: Sandbox) -> None:
        """A candidate that takes the guest down crashed by itself, and the next one gets a new guest."""
        source = (
            _TOKEN + "import signal, time\n"
            "def answer(q):\n    if q == 1: return token\n"
            "    try:\n        if os.fork() == 0: time.sleep(600)\n    except OSError: pass\n"
            "    try: os.kill(os.getppid(), signal.SIGKILL)\n    except OSError: return 'refused'\n"
            "    time.sleep(600)"
        )
        with _opened(sandbox, source) as session:
            token = session.ask(1).value
            report = session.ask(2)
        if self.isolates_processes:
            assert (report.status, report.value) == (ReportStatus.OK, "refused")
        else:
            assert report.status is ReportStatus.CRASHED
            assert "guest" in report.detail
            assert not marked(token)
        _expect_normal(sandbox)

    def test_files(self, sandbox: Sandbox, tmp_path: Path) -> None:
        """Nothing can be written at any level; reading, and creating empty files, is what `isolates_files` says."""
        (tmp_path / "secret").write_text("open sesame")
        source = (
            "def attempt(action):\n    try: return action()\n    except OSError as error: return type(error).__name__\n"
            "def write(path):\n    with open(path, 'w') as file: file.write('x')\n    return 'written'\n"
            "def answer(q):\n    return [attempt(lambda: open(q + '/secret').read()), attempt(lambda: write(q + '/new'))]"
        )
        with _opened(sandbox, source) as session:
            read, written = session.ask(str(tmp_path)).value
        assert (read == "open sesame") is not self.isolates_files
        assert written != "written"
        assert (tmp_path / "new").exists() is not self.isolates_files

    def test_network(self, sandbox: Sandbox) -> None:
        """A listener on this machine is reached if, and only if, `isolates_network` is off."""
        source = (
            "import socket\ndef answer(q):\n"
            "    try: socket.create_connection(('127.0.0.1', q), timeout=5).close()\n    except OSError: return False\n    return True"
        )
        with socket.create_server(("127.0.0.1", 0)) as listener, _opened(sandbox, source) as session:
            assert session.ask(listener.getsockname()[1]).value is not self.isolates_network

    def test_looking_into_the_host(self, sandbox: Sandbox) -> None:
        """The trusted process's environment, keys included, is out of sight if, and only if, `isolates_processes` is on."""
        source = (
            "def answer(q):\n    try: return len(open(f'/proc/{q}/environ', 'rb').read()) > 0\n    except OSError: return False"
        )
        with _opened(sandbox, source) as session:
            assert session.ask(os.getpid()).value is not self.isolates_processes

    def test_one_session_at_a_time(self, sandbox: Sandbox) -> None:
        """A second session is refused while one is open; closing is harmless when repeated."""
        with _opened(sandbox, _DOUBLE) as session:
            with pytest.raises(RuntimeError, match="one session at a time"):
                sandbox.open(_DOUBLE, EVERYDAY)
            session.close()
            session.close()
        _expect_normal(sandbox)

    def test_closing(self, fresh: Sandbox) -> None:
        """Closing ends guest and session, can be repeated, and can be followed by a new start."""
        session = _opened(fresh, _TOKEN + "def answer(q):\n    return token")
        token = session.ask(1).value
        fresh.close()
        fresh.close()
        assert not marked(token)
        with pytest.raises(RuntimeError, match="closed"):
            session.ask(1)
        _expect_normal(fresh)

    def test_level_is_named(self, fresh: Sandbox) -> None:
        """The level is known before the first guest starts, and is what the guest found in force afterwards."""
        assert fresh.level in self.levels
        _expect_normal(fresh)
        assert fresh.level in self.levels

    def test_a_guest_that_cannot_start(self) -> None:
        """A broken entry is our fault, not a candidate's: an exception that quotes the cause."""
        sandbox = self.make_sandbox(Entry(module="evoheur.testing.no_such_module", payload={}))
        with pytest.raises(SandboxUnavailable, match="no_such_module"):
            sandbox.open(_DOUBLE, EVERYDAY)
        sandbox.close()


def _opened(sandbox: Sandbox, source: str) -> Session:
    session, report = sandbox.open(source, EVERYDAY)
    assert report.status is ReportStatus.OK, report
    return session


def _expect_normal(sandbox: Sandbox) -> None:
    with _opened(sandbox, _DOUBLE) as session:
        report: Report = session.ask(21)
    assert (report.status, report.value) == (ReportStatus.OK, 42), report


def _running(words: str) -> bool:
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if words.encode() in command.read_bytes():
                return True
        except OSError:  # it ended meanwhile
            continue
    return False

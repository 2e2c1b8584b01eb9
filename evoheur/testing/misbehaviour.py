"""Misbehaviour of candidates, and how sandboxes must report it.

It happens by accident or on purpose.
"""

from dataclasses import dataclass

from evoheur.sandbox.interface import Limits, ReportStatus

__all__ = ["EVERYDAY", "MISBEHAVIOURS", "Misbehaviour"]

EVERYDAY = Limits(load_seconds=20.0, cpu_seconds=20.0, wall_seconds=60.0, memory_mib=256, output_bytes=1 << 16, questions=3)
"""Limits that no honest small candidate reaches, even on a busy machine."""

# One second of processor time in all (0.9 + 0.05, rounded up), wall time in plenty.
_LITTLE_PROCESSOR = Limits(load_seconds=0.9, cpu_seconds=0.05, wall_seconds=60.0, memory_mib=256, questions=1)
_LITTLE_WALL = Limits(load_seconds=20.0, cpu_seconds=20.0, wall_seconds=0.3, memory_mib=256)

# Writes a frame to the channel, behind the back of what speaks there for the candidate.
_FORGE = """
import json, os, struct, sys
def frame(payload):
    os.write(3, struct.pack(">I", len(payload)) + payload)
def nonce():
    place = sys._getframe(2)  # 0 is this function, 1 is answer, 2 is its caller
    return place.f_locals["nonce"]
def reply(**fields):
    return json.dumps(fields).encode()
"""


@dataclass(frozen=True, slots=True)
class Misbehaviour:
    """A candidate that fails at its first question.

    Attributes:
        name: Names the test.
        source: Defines `answer`.
        expected: The statuses that may come of it.
        words: What the report's detail must contain.
        limits: What the candidate may use.
    """

    name: str
    source: str
    expected: frozenset[ReportStatus]
    words: str = ""
    limits: Limits = EVERYDAY


def _case(name: str, source: str, *expected: ReportStatus, words: str = "", limits: Limits = EVERYDAY) -> Misbehaviour:
    return Misbehaviour(name, source, frozenset(expected), words, limits)


_ACCIDENTS = (
    _case("raises", "def answer(q):\n    return 1 / 0", ReportStatus.ERROR, words="    return 1 / 0\nZeroDivisionError: "),
    _case("recursion", "def answer(q):\n    return answer(q)", ReportStatus.ERROR, words="RecursionError: "),
    _case("no-json", "def answer(q):\n    return {1, 2}", ReportStatus.ERROR, words="not JSON serializable"),
    _case("nan", "def answer(q):\n    return float('nan')", ReportStatus.ERROR, words="ValueError: "),
    _case("half-a-surrogate", "def answer(q):\n    return '\\ud800'", ReportStatus.ERROR, words="UnicodeEncodeError: "),
    _case(
        "endless-loop-wall",
        "def answer(q):\n    while True: pass",
        ReportStatus.TIMEOUT,
        words="no answer within 0.3 s",
        limits=_LITTLE_WALL,
    ),
    _case(
        "sleep",
        "import time\ndef answer(q):\n    time.sleep(600)",
        ReportStatus.TIMEOUT,
        words="no answer within 0.3 s",
        limits=_LITTLE_WALL,
    ),
    _case(
        "endless-loop-cpu",
        "def answer(q):\n    while True: pass",
        ReportStatus.TIMEOUT,
        words="used more than 0.05 s of processor time for one question",
        limits=_LITTLE_PROCESSOR,
    ),
    _case(
        "endless-print",
        "def answer(q):\n    while True: print('x' * 1000)",
        ReportStatus.TIMEOUT,
        words="processor time",
        limits=_LITTLE_PROCESSOR,
    ),
    _case(
        "memory-bit-by-bit",
        "def answer(q):\n    hold = []\n    while True: hold.append(bytearray(1 << 20))",
        ReportStatus.MEMORY,
        words="MemoryError",
    ),
    _case("memory-at-once", "def answer(q):\n    return len(bytearray(1 << 40))", ReportStatus.MEMORY, words="MemoryError"),
    _case(
        "shared-memory",
        "import mmap\ndef answer(q):\n    return len(mmap.mmap(-1, 1 << 30))",
        ReportStatus.ERROR,
        words="Cannot allocate memory",
    ),
    _case("huge-answer", "def answer(q):\n    return 'x' * (1 << 20)", ReportStatus.OUTPUT, words="65536"),
    _case("answer-a-little-too-long", "def answer(q):\n    return 'x' * 65_600", ReportStatus.OUTPUT, words="65602 bytes"),
    _case(
        "segmentation-fault",
        "import ctypes\ndef answer(q):\n    return ctypes.string_at(0)",
        ReportStatus.CRASHED,
        words="killed by SIGSEGV",
    ),
    _case("abort", "import os\ndef answer(q):\n    os.abort()", ReportStatus.CRASHED, words="killed by SIGABRT"),
    _case("sys-exit", "import sys\ndef answer(q):\n    sys.exit(3)", ReportStatus.ERROR, words="SystemExit: 3"),
    _case(
        "exit-at-once",
        "import os\ndef answer(q):\n    os._exit(0)",
        ReportStatus.CRASHED,
        words="exited with code 0 before answering",
    ),
    _case("keyboard-interrupt", "def answer(q):\n    raise KeyboardInterrupt", ReportStatus.ERROR, words="KeyboardInterrupt"),
)

_HOSTILE = (
    _case(
        "hostile-exception",
        "class Odd(Exception):\n    def __str__(self): raise SystemExit\ndef answer(q):\n    raise Odd",
        ReportStatus.ERROR,
        words="Odd: ",
    ),
    _case(
        "hostile-exception-type",
        "class Meta(type):\n    @property\n    def __name__(cls): raise SystemExit\n"
        "class Odd(Exception, metaclass=Meta): pass\ndef answer(q):\n    raise Odd",
        ReportStatus.ERROR,
        words="cannot be described",
    ),
    _case(
        "terminal-escapes",
        "def answer(q):\n    raise ValueError('\\x1b[2J\\0')",
        ReportStatus.ERROR,
        words="ValueError: \\x1b[2J\\x00",
    ),
    _case("endless-message", "def answer(q):\n    raise ValueError('y' * 10_000_000)", ReportStatus.ERROR, words=" … "),
    _case(
        "ignores-processor-limit",
        "import signal\ndef answer(q):\n    signal.signal(signal.SIGXCPU, signal.SIG_IGN)\n    while True: pass",
        ReportStatus.TIMEOUT,
        words="used more than 0.05 s of processor time for one question",
        limits=_LITTLE_PROCESSOR,
    ),
    _case(
        "stops-itself",
        "import os, signal\ndef answer(q):\n    os.kill(os.getpid(), signal.SIGSTOP)",
        ReportStatus.TIMEOUT,
        limits=_LITTLE_WALL,
    ),
    _case(
        "outlives-its-exit",
        "import os\nos._exit = lambda code: None\ndef answer(q):\n    os.close(3)",
        ReportStatus.CRASHED,
        words="exited with code 1",
    ),
)

_FORGERIES = (
    _case(
        "wrong-nonce",
        _FORGE + "def answer(q):\n    frame(reply(nonce='0' * 32, status='ok', value=1))",
        ReportStatus.FORFEIT,
        words="nonce",
    ),
    _case("no-nonce", _FORGE + "def answer(q):\n    frame(reply(status='ok', value=1))", ReportStatus.FORFEIT, words="nonce"),
    _case("garbage", _FORGE + "def answer(q):\n    frame(b'\\xff\\x00 garbage')", ReportStatus.FORFEIT, words="not JSON"),
    _case("empty-frame", _FORGE + "def answer(q):\n    frame(b'')", ReportStatus.FORFEIT, words="not JSON"),
    _case("bare-value", _FORGE + "def answer(q):\n    frame(b'[1, 2]')", ReportStatus.FORFEIT, words="bare list"),
    _case("infinity", _FORGE + "def answer(q):\n    frame(b'{\"value\":1e999}')", ReportStatus.FORFEIT, words="overflows"),
    _case("deep-nesting", _FORGE + "def answer(q):\n    frame(b'[' * 40000)", ReportStatus.FORFEIT, words="RecursionError"),
    _case("made-of-brackets", _FORGE + "def answer(q):\n    frame(b'[' * 60000)", ReportStatus.OUTPUT, words="60000 lists"),
    _case(
        "unknown-status",
        _FORGE + "def answer(q):\n    frame(reply(nonce=nonce(), status='won'))",
        ReportStatus.FORFEIT,
        words="'won'",
    ),
    _case(
        "ok-without-value",
        _FORGE + "def answer(q):\n    frame(reply(nonce=nonce(), status='ok'))",
        ReportStatus.FORFEIT,
        words="'ok'",
    ),
    _case(
        "claims-a-timeout",
        _FORGE + "def answer(q):\n    frame(reply(nonce=nonce(), status='timeout', detail=''))",
        ReportStatus.FORFEIT,
        words="'timeout'",
    ),
    _case(
        "answers-twice",
        _FORGE + "def answer(q):\n    one = reply(nonce=nonce(), status='ok', value=1)\n"
        "    os.write(3, (struct.pack('>I', len(one)) + one) * 2)",
        ReportStatus.FORFEIT,
        words="more than once",
    ),
    _case(
        "four-gigabyte-header",
        "import os\ndef answer(q):\n    os.write(3, b'\\xff' * 64)",
        ReportStatus.OUTPUT,
        words="4294967295 bytes",
    ),
    _case(
        "trickle",
        "import os, time\ndef answer(q):\n    os.write(3, b'\\0\\0\\x10\\0')\n    while True:\n"
        "        os.write(3, b' ')\n        time.sleep(0.01)",
        ReportStatus.TIMEOUT,
        words="no answer within 0.3 s",
        limits=_LITTLE_WALL,
    ),
    _case(
        "half-a-frame",
        "import os\ndef answer(q):\n    os.write(3, b'\\0\\0\\x10\\0 {')\n    os._exit(5)",
        ReportStatus.CRASHED,
        words="exited with code 5",
    ),
    _case(
        "closes-its-channel",
        "import os, time\ndef answer(q):\n    os.close(3)\n    time.sleep(600)",
        ReportStatus.FORFEIT,
        words="closed its channel",
    ),
)

MISBEHAVIOURS = _ACCIDENTS + _HOSTILE + _FORGERIES
"""Each fails at its first question and must leave the sandbox as good as before."""

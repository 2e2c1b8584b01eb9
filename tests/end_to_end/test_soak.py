"""Thousands of candidates through one sandbox, a third of them hostile: nothing grows, and nothing is left.

A few hundred as a rule, thousands at night. More of it:

    EVOHEUR_SOAK=20000 pytest tests/end_to_end/test_soak.py -m nightly -s
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from evoheur.sandbox.docker.docker_sandbox import DockerSandbox
from evoheur.sandbox.interface import Entry, Limits, ReportStatus, Sandbox
from evoheur.sandbox.jail import JailSandbox
from evoheur.sandbox.process import FORK_SERVERS, ProcessSandbox
from evoheur.sandbox.proctree import GUEST_MARK, descendants, marked
from tests.support.docker_here import require_docker

_FEW, _MANY = 180, int(os.environ.get("EVOHEUR_SOAK", "2000"))
_WARM_UP = 60  # candidates until caches are filled and memory pools have their size
_SAMPLES = 60
_PAGE_KIB = os.sysconf("SC_PAGE_SIZE") // 1024
_GROWTH_KIB = 4 * 1024  # over the whole run, however long it is; a leak of one page per candidate is 20 MiB in 5,000

_SANDBOXES: Mapping[str, Callable[[Entry], Sandbox]] = {"jail": JailSandbox, "process": ProcessSandbox, "docker": DockerSandbox}

_PATIENT = Limits(load_seconds=20, cpu_seconds=20, wall_seconds=60, memory_mib=64, output_bytes=1 << 16, questions=2)
_HASTY = Limits(load_seconds=20, cpu_seconds=20, wall_seconds=0.03, memory_mib=64, output_bytes=1 << 16)

_HONEST = "import numpy as np\ndef answer(q):\n    return int(np.sum(np.arange(q)))"
_TOKEN = f"import os\ndef answer(q):\n    return os.environ[{GUEST_MARK!r}]"
_FRAME = "import os, struct\ndef frame(data):\n    os.write(3, struct.pack('>I', len(data)) + data)\n"
# Three children that would live on. Level process lets them be made, and must find them again.
_ORPHANS = """
import os, time
def answer(q):
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            time.sleep(60)
            os._exit(0)
"""

_HOSTILE: Sequence[tuple[str, Limits, set[ReportStatus]]] = (
    ("import os\ndef answer(q):\n    os._exit(7)", _PATIENT, {ReportStatus.CRASHED}),
    ("import ctypes\ndef answer(q):\n    ctypes.string_at(0)", _PATIENT, {ReportStatus.CRASHED}),
    ("def answer(q):\n    while True: pass", _HASTY, {ReportStatus.TIMEOUT}),
    ("import time\ndef answer(q):\n    time.sleep(60)", _HASTY, {ReportStatus.TIMEOUT}),
    ("def answer(q):\n    return len(bytearray(1 << 40))", _PATIENT, {ReportStatus.MEMORY}),
    ("def answer(q):\n    hold = []\n    while True: hold.append(bytearray(1 << 22))", _PATIENT, {ReportStatus.MEMORY}),
    ("def answer(q):\n    return 'x' * (1 << 20)", _PATIENT, {ReportStatus.OUTPUT}),
    ("import os\ndef answer(q):\n    os.write(3, b'\\xff' * 64)", _PATIENT, {ReportStatus.OUTPUT}),
    (_FRAME + 'def answer(q):\n    frame(b\'{"nonce":"","status":"ok","value":1}\')', _PATIENT, {ReportStatus.FORFEIT}),
    (_FRAME + "def answer(q):\n    frame(b'\\xff garbage')", _PATIENT, {ReportStatus.FORFEIT}),
    ("import os\ndef answer(q):\n    os.kill(os.getppid(), 9)", _PATIENT, {ReportStatus.ERROR, ReportStatus.CRASHED}),
    (_ORPHANS, _PATIENT, {ReportStatus.ERROR, ReportStatus.OK}),
    ("import os\ndef answer(q):\n    while True:\n        os.dup(0)", _PATIENT, {ReportStatus.ERROR}),
    ("def answer(q):\n    return answer(q)", _PATIENT, {ReportStatus.ERROR}),
    ("raise ValueError('x' * (1 << 20))", _PATIENT, {ReportStatus.ERROR}),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """What a run had after some candidates: memory in KiB, and counts."""

    candidates: int
    host_kib: int
    guest_kib: int
    host_descriptors: int
    guest_descriptors: int
    processes: int


def _memory(process: int | str) -> int:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE_KIB


def _descriptors(process: int | str) -> int:
    with suppress(PermissionError):  # a guest that has become someone else hides them from an ordinary user
        return sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())
    return 0


def _ask(sandbox: Sandbox, source: str, limits: Limits) -> tuple[ReportStatus, object]:
    session, report = sandbox.open(source, limits)
    with session:
        if report.status is ReportStatus.OK:
            report = session.ask(5)
    return report.status, report.value


def _sample(sandbox: Sandbox, number: int) -> Sample:
    _, token = _ask(sandbox, _TOKEN, _PATIENT)
    guests = marked(str(token))
    return Sample(
        candidates=number,
        host_kib=_memory("self"),
        guest_kib=sum(map(_memory, guests)),
        host_descriptors=_descriptors("self"),
        guest_descriptors=sum(map(_descriptors, guests)),
        processes=len(_below()),
    )


def _below() -> set[int]:
    """Processes below this one, but for fork servers, which stay as long as it does."""
    return descendants(os.getpid()) - set(FORK_SERVERS.pids())


def _run(sandbox: Sandbox, candidates: int) -> Iterator[Sample]:
    """Every third candidate is hostile; the others are honest and have their honest answer, 0 + 1 + 2 + 3 + 4 = 10."""
    every = max(1, (candidates - _WARM_UP) // _SAMPLES)
    for number in range(candidates):
        if number >= _WARM_UP and (number - _WARM_UP) % every == 0:
            yield _sample(sandbox, number)
        if number % 3 == 2:
            source, limits, expected = _HOSTILE[number // 3 % len(_HOSTILE)]
            status, _ = _ask(sandbox, source, limits)
            assert status in expected, (source, status)
        else:
            assert _ask(sandbox, _HONEST, _PATIENT) == (ReportStatus.OK, 10)
    yield _sample(sandbox, candidates)


def _growth(samples: Sequence[Sample], kib: Sequence[int]) -> float:
    """KiB that the straight line through the samples rises from the first to the last."""
    numbers = np.array([sample.candidates for sample in samples], dtype=float)
    slope = float(np.polyfit(numbers, np.array(kib, dtype=float), 1)[0])
    return slope * float(numbers[-1] - numbers[0])


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("candidates", [_FEW, pytest.param(_MANY, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("level", ["jail", "process", pytest.param("docker", marks=pytest.mark.docker)])
def test_nothing_grows_and_nothing_is_left(level: str, candidates: int) -> None:
    """Memory of host and guest within a few MiB, descriptors and processes exactly as at the beginning, no process afterwards."""
    if level == "docker":
        require_docker()
    before = _below()
    sandbox = _SANDBOXES[level](Entry(module="evoheur.testing.hostile_entry", payload={"imports": ["numpy", "ctypes"]}))
    # At level process a candidate can kill the guest, and another one takes its place: what is looked for there is what stays behind.
    candidates = candidates if level == "jail" else max(150, candidates // 4)
    start = time.monotonic()
    samples = list(_run(sandbox, candidates))
    seconds = time.monotonic() - start
    _, token = _ask(sandbox, _TOKEN, _PATIENT)
    sandbox.close()
    host = _growth(samples, [sample.host_kib for sample in samples])
    guest = _growth(samples, [sample.guest_kib for sample in samples])
    sys.stderr.write(
        f"\n{sandbox.level}: {candidates} candidates in {seconds:.0f} s; growth: host {host:.0f} KiB, guest {guest:.0f} KiB\n"
    )
    sys.stderr.write(f"first {samples[0]}\nlast {samples[-1]}\n")
    assert host < _GROWTH_KIB, samples
    assert guest < _GROWTH_KIB, samples
    assert len({sample.host_descriptors for sample in samples}) == 1, samples
    assert len({sample.guest_descriptors for sample in samples}) == 1, samples
    assert len({sample.processes for sample in samples}) == 1, samples
    assert not marked(str(token))
    assert _below() == before


def test_a_leak_would_be_seen() -> None:
    """One page of 4 KiB per candidate over 5,000 of them is 20,000 KiB on the line, five times what is tolerated; noise is not."""
    steady = [Sample(number, 0, 50_000 + 300 * (number // 100 % 2), 9, 9, 2) for number in range(0, 5001, 100)]
    assert abs(_growth(steady, [sample.guest_kib for sample in steady])) < _GROWTH_KIB
    assert _growth(steady, [4 * sample.candidates for sample in steady]) == pytest.approx(20_000)

"""Level `jail`: that the code it is made for runs in it, and how it tells what it is. The contract is in `test_jail_contract`."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from evoheur.sandbox.interface import Entry, Limits, ReportStatus, SandboxUnavailable
from evoheur.sandbox.jail import JailSandbox
from evoheur.sandbox.process import guest_environment
from evoheur.sandbox.proctree import GUEST_MARK, marked

_NUMERICAL = Entry(module="evoheur.testing.hostile_entry", payload={"imports": ["numpy", "numba"]})
_PATIENT = Limits(load_seconds=100, cpu_seconds=100, wall_seconds=200)


@pytest.fixture(scope="module", params=[pytest.param("L0", marks=pytest.mark.nightly), "L1"])
def jail(request: pytest.FixtureRequest) -> Iterator[JailSandbox]:
    """A jail whose guest has numpy and numba."""
    sandbox = JailSandbox(_NUMERICAL, level=request.param)
    yield sandbox
    sandbox.close()


_COMPILED = """
import numpy as np
from numba import njit
@njit
def weighted_ranks(values):
    total = 0.0
    for rank, index in enumerate(np.argsort(values)):
        total += rank * values[index]
    return total
def answer(q):
    return weighted_ranks(np.array(q))
"""


def test_kernels_compile_inside(jail: JailSandbox) -> None:
    """A kernel with a sort, cold: memory must become executable, and no file that numba needs may be missing."""
    session, _ = jail.open(_COMPILED, _PATIENT)
    with session:
        report = session.ask([3.0, 1.0, 2.0])
    assert report.value == 8.0, report  # 0 * 1 + 1 * 2 + 2 * 3
    assert report.cpu_seconds > 0


_PARALLEL = """
from numba import njit, prange
@njit(parallel=True)
def total(n):
    s = 0
    for i in prange(n):
        s += i
    return s
def answer(q):
    return total(q)
"""


def test_parallel_kernels_have_one_thread(jail: JailSandbox) -> None:
    """Threads are refused; a kernel that asks for many runs, correctly, on the one there is."""
    session, _ = jail.open(_PARALLEL, _PATIENT)
    with session:
        assert session.ask(1000).value == 499_500  # 999 * 1000 / 2


def test_libraries_are_whole(jail: JailSandbox) -> None:
    """Modules that the guest has not imported can be: of the standard library and of numpy. What is installed beside is missing."""
    source = (
        "import decimal, fractions, statistics, hashlib, lzma, sqlite3, tempfile, traceback\nimport numpy as np\n"
        "def answer(q):\n    try: import pytest\n    except ModuleNotFoundError: pass\n"
        "    rng = np.random.default_rng(q)\n"
        "    return [float(rng.random()), np.linalg.matrix_rank(np.eye(4)).item(), np.polynomial.Polynomial([1, 2])(3.0).item()]"
    )
    session, opened = jail.open(source, _PATIENT)
    with session:
        report = session.ask(7)
    assert report.value == [np.random.default_rng(7).random(), 4, 7.0], (opened, report)


def test_entropy_is_to_be_had(jail: JailSandbox) -> None:
    """Unseeded generators work without a device to read from, and differ from child to child."""
    source = "import os, random\ndef answer(q):\n    return [os.urandom(8).hex(), random.SystemRandom().random()]"
    drawn = []
    for _ in range(2):
        session, _ = jail.open(source, _PATIENT)
        with session:
            drawn.append(session.ask(1).value)
    assert len({str(value) for value in drawn}) == 2


def test_limits_cannot_be_raised(jail: JailSandbox) -> None:
    """A child reads its limits and sets none, not even lower ones."""
    source = (
        "import resource\ndef answer(q):\n    before = resource.getrlimit(resource.RLIMIT_CPU)\n"
        "    try: resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\n    except (OSError, ValueError): return before"
    )
    session, _ = jail.open(source, Limits(load_seconds=3, cpu_seconds=4))
    with session:
        assert session.ask(1).value == [7, 8]  # 3 + 4 s, and one more for who ignores the signal


_CACHED = """
import numpy as np
from numba import njit
@njit(cache=True)
def only_in_memory(values):
    return values[0]
raise ValueError(only_in_memory(np.array([42.0])))
"""


@pytest.mark.parametrize("level", ["L0", "L1"])
def test_caching_kernels_in_the_real_entry(level: str, tmp_path: Path) -> None:
    """In the entry that evaluations use, a candidate that asks numba for a disk cache is compiled without one."""
    entry = Entry(
        module="evoheur.evaluation.guest_job",
        payload={"problem": "tsp_insertion", "settings": {}},  # compiled cold, so it is one with few kernels
        environment=(("NUMBA_CACHE_DIR", str(tmp_path)),),
    )
    sandbox = JailSandbox(entry, level="L1" if level == "L1" else "L0")
    _, report = sandbox.open({"code": _CACHED, "seed": 1}, _PATIENT)
    sandbox.close()
    assert report.status is ReportStatus.ERROR
    assert report.detail.endswith("ValueError: 42.0")
    assert not [path for path in tmp_path.rglob("*") if "only_in_memory" in path.name]


def test_auto_tells_what_it_got() -> None:
    """Before a guest has started only the lower level is promised; afterwards what is in force, with a reason if that is all."""
    sandbox = JailSandbox(Entry(module="evoheur.testing.hostile_entry", payload={}))
    assert (sandbox.level, sandbox.reason) == ("jail-L0", "")
    session, _ = sandbox.open("def answer(q):\n    return q", Limits())
    session.close()
    assert sandbox.level in {"jail-L0", "jail-L1"}
    assert (sandbox.level == "jail-L1") or sandbox.reason.startswith("no namespaces: ")
    sandbox.close()


def test_a_killed_stand_in_is_replaced() -> None:
    """At L1 the process that the trusted side knows may die while idle: nothing inside outlives it, and the next candidate is served."""
    sandbox = JailSandbox(Entry(module="evoheur.testing.hostile_entry", payload={}), level="L1")
    source = f"import os\ndef answer(q):\n    return os.environ[{GUEST_MARK!r}]"
    tokens = []
    for _ in range(2):
        session, _ = sandbox.open(source, Limits())
        with session:
            tokens.append(session.ask(1).value)
        if len(tokens) == 1:
            stand_in = min(marked(tokens[0]))  # the older of two
            os.kill(stand_in, signal.SIGKILL)
            deadline = time.monotonic() + 60
            while marked(tokens[0]) and time.monotonic() < deadline:  # all inside die with it, a moment later
                time.sleep(0.01)
            assert not marked(tokens[0])
    assert tokens[0] != tokens[1]
    sandbox.close()
    assert not marked(tokens[0]) | marked(tokens[1])


def test_nothing_grows(jail: JailSandbox) -> None:
    """After 60 candidates, a third of which crash and a third of which hang, there is no descriptor and no process more than before."""
    sources = (
        "def answer(q):\n    return q",
        "import os\ndef answer(q):\n    os._exit(1)",
        "def answer(q):\n    while True: pass",
    )
    token_source = f"import os\ndef answer(q):\n    return os.environ[{GUEST_MARK!r}]"
    session, _ = jail.open(token_source, _PATIENT)
    with session:
        token = session.ask(1).value
    before = _open_here(), marked(token)
    statuses = set()
    for index in range(60):
        session, _ = jail.open(sources[index % 3], Limits(wall_seconds=0.05))
        with session:
            statuses.add(session.ask(1).status)
    assert statuses >= {ReportStatus.CRASHED, ReportStatus.TIMEOUT}
    assert (_open_here(), marked(token)) == before


def _open_here() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_shared_memory_is_refused(tmp_path: Path) -> None:
    """Memory that children would share with each other carries what one of them writes to the next: the guest does not start."""
    (tmp_path / "sharing_entry.py").write_text(
        "import mmap\nkept = []\ndef setup(payload):\n    kept.append(mmap.mmap(-1, 4096))\n"
    )
    path = f"{tmp_path}:{guest_environment()['PYTHONPATH']}"
    sandbox = JailSandbox(Entry(module="sharing_entry", payload={}, environment=(("PYTHONPATH", path),)))
    with pytest.raises(SandboxUnavailable, match=r"writable shared memory \(/dev/zero \(deleted\)\)"):
        sandbox.open("", Limits())
    sandbox.close()


def test_an_unknown_level_is_refused() -> None:
    """A slip in the level does not end up as some other level."""
    with pytest.raises(ValueError, match="'L2'"):
        JailSandbox(_NUMERICAL, level="L2")  # type: ignore[arg-type]

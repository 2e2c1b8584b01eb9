"""The fork server: guests of one process share imports and nothing else, and whatever ends, nothing stays behind."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from evoheur.evaluation.isolation import guest_entry
from evoheur.sandbox.fork_server import ForkServer, ForkServerLost
from evoheur.sandbox.interface import Entry, Limits, SandboxUnavailable
from evoheur.sandbox.jail import JailSandbox
from evoheur.sandbox.process import FORK_SERVERS, ForkServers, LocalGuest, ProcessSandbox, guest_environment
from evoheur.sandbox.proctree import GUEST_MARK, marked
from evoheur.sandbox.warm_sandbox import WarmSandbox

_ENTRY = Entry(module="evoheur.testing.hostile_entry", payload={})
_LOOK = """
import os
def answer(q):
    guest = os.getppid()
    status = dict(line.split(":", 1) for line in open(f"/proc/{guest}/status"))
    return {
        "guest": guest,
        "parent": int(status["PPid"]),
        "mask": [status["SigBlk"].strip(), status["SigIgn"].strip()],
        "session": os.getsid(guest),
        "descriptors": {n: os.readlink(f"/proc/{guest}/fd/{n}").split(":")[0] for n in os.listdir(f"/proc/{guest}/fd")},
        "environ": sorted(open(f"/proc/{guest}/environ").read().strip(chr(0)).split(chr(0))),
        "own": dict(os.environ),
        "folder": os.readlink(f"/proc/{guest}/cwd"),
        "hash": hash("one"),
        "words": [word.strip() for word in open(f"/proc/{guest}/cmdline").read().split(chr(0))][:4],
    }
"""


@pytest.fixture
def servers() -> Iterator[ForkServers]:
    """Fork servers of the test's own."""
    made = ForkServers(kept=2)
    yield made
    made.close()


def _sandbox(servers: ForkServers | None, entry: Entry = _ENTRY) -> WarmSandbox:
    """Level `process`, so that candidates may look around."""

    def launch() -> LocalGuest:
        return LocalGuest(entry, fork_servers=servers)

    return WarmSandbox(entry, launch, confinement="evoheur.sandbox.limits", level="process", start_seconds=120)


def _ask(sandbox: WarmSandbox, source: str) -> object:
    session, _ = sandbox.open(source, Limits())
    with session:
        report = session.ask(1)
    assert report.detail == ""
    return report.value


def _look(sandbox: WarmSandbox) -> dict[str, object]:
    seen = _ask(sandbox, _LOOK)
    assert isinstance(seen, dict)
    return seen


def _dies(pid: int) -> bool:
    deadline = time.monotonic() + 60
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def test_a_forked_guest_is_like_one_that_was_started_alone(servers: ForkServers) -> None:
    """The same session, descriptors, environment, folder, signals and order of sets; only its parent is another."""
    with contextlib.closing(_sandbox(None)) as alone, contextlib.closing(_sandbox(servers)) as forked:
        one, other = _look(alone), _look(forked)
    assert one["parent"] == os.getpid()
    assert [other["parent"]] != [os.getpid()]
    for seen in (one, other):
        assert seen["session"] == seen["guest"]
        for its_own in ("guest", "parent", "session"):
            del seen[its_own]
        environ = seen["environ"]
        assert isinstance(environ, list)
        [mark] = [each for each in environ if each.startswith(f"{GUEST_MARK}=")]
        environ.remove(mark)
        own = seen["own"]
        assert isinstance(own, dict)
        assert f"{GUEST_MARK}={own.pop(GUEST_MARK)}" == mark
        descriptors = seen["descriptors"]
        assert isinstance(descriptors, dict)
        assert sorted(descriptors.values()) == ["/dev/null", "/dev/null", "/dev/null", "socket"]
        del seen["descriptors"]
    assert one == other


def test_two_guests_at_once_share_a_server_and_no_descriptor(servers: ForkServers) -> None:
    """Each has its control socket; the second one holds none of the first one's, so that each hears when its own is closed."""
    first, second = _sandbox(servers), _sandbox(servers)
    seen = [_look(sandbox) for sandbox in (first, second)]
    assert [each["parent"] for each in seen] == 2 * servers.pids()
    assert [len(each["descriptors"]) for each in seen if isinstance(each["descriptors"], dict)] == [4, 4]
    first.close()
    assert _dies(int(str(seen[0]["guest"])))
    assert _look(second)["guest"] == seen[1]["guest"]
    second.close()
    assert _dies(int(str(seen[1]["guest"])))


def test_marks_of_guests_differ(servers: ForkServers) -> None:
    """What sweeps after one guest must leave others, and their server, alone."""
    first, second = _sandbox(servers), _sandbox(servers)
    marks = [str(_ask(sandbox, f"import os\ndef answer(q): return os.environ[{GUEST_MARK!r}]")) for sandbox in (first, second)]
    assert len(set(marks)) == 2
    assert not marked(marks[0]) & marked(marks[1])
    for mark in marks:
        assert len(marked(mark)) == 1
        assert not marked(mark) & set(servers.pids())
    first.close()
    second.close()
    assert not marked(marks[0]) | marked(marks[1])


def test_no_generator_of_random_numbers_begins_alike(servers: ForkServers) -> None:
    """Of Python, NumPy and numba, in guests that are forks of one process, as in guests that are started alone."""
    code = (
        "import random, numba, numpy\n"
        "raise ValueError(f'{random.random()} {numpy.random.random()} {numba.njit(lambda: numpy.random.random())()}')"
    )
    drawn = []
    for _ in range(2):
        with contextlib.closing(_sandbox(servers, guest_entry("bin_packing_online", {}))) as sandbox:
            _, report = sandbox.open({"code": code, "seed": 1}, Limits())
        drawn.append(re.findall(r"0\.\d+", report.detail)[:3])
    assert len(servers.pids()) == 1
    assert len({number for numbers in drawn for number in numbers}) == 6, drawn


def test_guests_that_start_at_once_wait_for_one_import(servers: ForkServers) -> None:
    """Sixteen slots that begin together start one server, not sixteen."""
    sandboxes = [_sandbox(servers) for _ in range(4)]
    parents: list[object] = []
    threads = [threading.Thread(target=lambda sandbox=sandbox: parents.append(_look(sandbox)["parent"])) for sandbox in sandboxes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert parents == 4 * servers.pids()
    for sandbox in sandboxes:
        sandbox.close()


def test_guests_outlive_a_server_that_is_killed_and_the_next_one_gets_a_new_server(servers: ForkServers) -> None:
    """Nothing that runs is lost with it, and nobody has to be told."""
    first, second = _sandbox(servers), _sandbox(servers)
    before = _look(first)
    [lost] = servers.pids()
    os.kill(lost, signal.SIGKILL)
    assert _look(first)["guest"] == before["guest"]
    after = _look(second)
    assert servers.pids() == [after["parent"]]
    assert after["parent"] != lost
    first.close()
    assert _dies(int(str(before["guest"])))
    second.close()


def test_a_server_that_hangs_is_replaced() -> None:
    """It is asked for milliseconds' work, and killed when that takes too long."""
    server = ForkServer(_ENTRY.module, guest_environment(), reaction_seconds=0.5)
    os.kill(server.pid, signal.SIGSTOP)
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(ForkServerLost):
        server.fork("0" * 32, control=theirs.fileno(), errors=theirs.fileno())
    assert not psutil.pid_exists(server.pid)
    with pytest.raises(ForkServerLost, match="has ended"):
        server.reap(1)
    server.close()


def test_a_guest_that_its_server_cannot_speak_for_counts_as_killed(servers: ForkServers) -> None:
    """Its exit code went with the server: so what it started is looked for."""
    environment = guest_environment()
    ours, theirs = socket.socketpair()
    with ours, theirs, Path(os.devnull).open("wb") as nowhere:
        guest = servers.fork(_ENTRY.module, environment, "f" * 32, control=theirs.fileno(), errors=nowhere.fileno())
    assert guest is not None
    servers.close()
    assert guest.wait(60) == -signal.SIGKILL
    assert not marked("f" * 32)


def test_few_servers_are_kept(servers: ForkServers) -> None:
    """One for each environment, two here; a guest lives on when its server has to go."""
    sandboxes = [_sandbox(servers, Entry(module=_ENTRY.module, payload={}, environment=(("NUMBER", str(i)),))) for i in range(3)]
    parents = [int(str(_look(sandbox)["parent"])) for sandbox in sandboxes]
    assert servers.pids() == parents[1:]
    assert not psutil.pid_exists(parents[0])
    seen = _look(sandboxes[0])
    own = seen["own"]
    assert isinstance(own, dict)
    assert own["NUMBER"] == "0"
    for sandbox in sandboxes:
        sandbox.close()


def test_what_fails_while_the_server_imports_is_told_by_the_guest(servers: ForkServers, tmp_path: Path) -> None:
    """A server says nothing: a guest that is started without it fails the same way, and is heard."""
    (tmp_path / "failing_entry.py").write_text("raise RuntimeError('no such luck')\n")
    path = f"{tmp_path}:{guest_environment()['PYTHONPATH']}"
    sandbox = _sandbox(servers, Entry(module="failing_entry", payload={}, environment=(("PYTHONPATH", path),)))
    with pytest.raises(SandboxUnavailable, match="RuntimeError: no such luck"):
        sandbox.start()
    assert servers.pids() == []
    sandbox.close()


_COUNTED = """
import threading
def prepare_server():
    with open({path!r}, "a") as file:
        file.write("prepared ")
    if {threads}:
        threading.Thread(target=threading.Event().wait, daemon=True).start()
"""


@pytest.mark.parametrize("threads", [False, True])
def test_what_guests_share_is_prepared_once_and_leaves_no_threads(tmp_path: Path, threads: bool) -> None:
    """A server with threads cannot fork, so it ends; one with nothing to prepare goes on."""
    told = tmp_path / "told"
    (tmp_path / "counted.py").write_text(_COUNTED.format(path=str(told), threads=threads))
    environment = guest_environment()
    server = ForkServer(_ENTRY.module, {**environment, "PYTHONPATH": f"{tmp_path}:{environment['PYTHONPATH']}"})
    with contextlib.closing(server):
        server.share("evoheur.sandbox.limits", {})
        with pytest.raises(ForkServerLost) if threads else contextlib.nullcontext():
            server.share("counted", {})
            server.share("counted", {})
        assert told.read_text() == "prepared "
        assert psutil.pid_exists(server.pid) is not threads


def test_a_guest_whose_server_cannot_prepare_is_started_without_it(servers: ForkServers) -> None:
    """And says itself what is wrong."""
    sandbox = WarmSandbox(
        _ENTRY,
        lambda: LocalGuest(_ENTRY, fork_servers=servers, shared=("no_such_confinement", {})),
        confinement="no_such_confinement",
        level="none",
        start_seconds=60,
    )
    with contextlib.closing(sandbox), pytest.raises(SandboxUnavailable, match="no_such_confinement"):
        sandbox.start()
    assert servers.pids() == []


_PROGRAM = f"""
import sys
from evoheur.sandbox.jail import JailSandbox
from evoheur.sandbox.process import FORK_SERVERS
from evoheur.sandbox.interface import Entry
sandboxes = [JailSandbox(Entry(module={_ENTRY.module!r}, payload={{}})) for _ in range(2)]
for sandbox in sandboxes:
    sandbox.start()
print(*FORK_SERVERS.pids(), flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize("how", ["killed", "ended"])
def test_nothing_is_left_of_a_program(how: str) -> None:
    """Not the server, not its guests, not those in namespaces of their own: whether the program is killed or ends without closing them."""
    with subprocess.Popen([sys.executable, "-c", _PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        server = psutil.Process(int(program.stdout.readline()))
        below = server.children(recursive=True)
        assert len(below) >= 2
        if how == "killed":
            program.kill()
        else:
            program.communicate("\n")
    assert not psutil.wait_procs([server, *below], timeout=60)[1]


_FORKING_PROGRAM = f"""
import os
from evoheur.sandbox.interface import Entry
from evoheur.sandbox.process import FORK_SERVERS, ProcessSandbox
sandbox = ProcessSandbox(Entry(module={_ENTRY.module!r}, payload={{}}))
sandbox.start()
before = FORK_SERVERS.pids()
if os.fork() == 0:
    print(FORK_SERVERS.pids(), flush=True)
    FORK_SERVERS.close()
    os._exit(0)
os.wait()
print(len(before), FORK_SERVERS.pids() == before, flush=True)
"""


def test_a_fork_of_the_program_has_servers_of_its_own() -> None:
    """It shares the sockets of its parent's, and would take answers that are meant for that."""
    done = subprocess.run([sys.executable, "-c", _FORKING_PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "1 True"]


def test_sandboxes_use_the_servers_of_the_process() -> None:
    """Those at level jail as well as those at level process."""
    for sandbox in (ProcessSandbox(_ENTRY), JailSandbox(_ENTRY)):
        sandbox.start()
        server = psutil.Process(FORK_SERVERS.pids()[-1])
        assert server.children()
        sandbox.close()
        assert not server.children()

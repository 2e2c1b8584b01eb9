"""Level `docker` in a real container that all tests share: what it is like inside."""

import json
from pathlib import Path

import pytest

from evoheur.sandbox.docker.daemon import Daemon
from evoheur.sandbox.docker.docker_sandbox import DockerSandbox
from evoheur.sandbox.docker.docker_settings import Settings
from evoheur.sandbox.interface import Limits
from tests.sandbox.docker.support.asking import opened, serves
from tests.sandbox.docker.support.containers import own

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("daemons")]


def test_the_guest_is_nobody_and_can_become_nobody_else(warm: DockerSandbox, daemon: Daemon) -> None:
    """Process 1, as this machine's kernel describes it: user 65534, no capability, no new privileges, filtered system calls."""
    assert serves(warm)
    [container] = own(daemon)
    status = dict(
        line.split(":\t", 1) for line in Path(f"/proc/{container.attrs['State']['Pid']}/status").read_text().splitlines()
    )
    assert status["Uid"].split() == status["Gid"].split() == ["65534"] * 4
    assert {status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {"0" * 16}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


_FACTS = """
import json, os, pathlib, socket
def writes(folder):
    try: pathlib.Path(folder, "x").write_text("x")
    except OSError: return False
    return True
def reaches(address):
    try: socket.create_connection(address, timeout=2).close()
    except OSError: return False
    return True
up = [link.name for link in pathlib.Path("/sys/class/net").iterdir() if (link / "operstate").read_text().strip() == "up"]
print(json.dumps({
    "uid": os.getuid(), "links": up, "routes": pathlib.Path("/proc/net/route").read_text().splitlines()[1:],
    "writes": [place for place in ("/", "/tmp", "/dev", "/dev/shm", "/run/evoheur", "/evoheur/evoheur", "/cache") if writes(place)],
    "reaches": reaches(("192.0.2.1", 9)), "environment": sorted(os.environ),
}))
"""


def test_the_container_alone_keeps_files_and_network_away(warm: DockerSandbox, daemon: Daemon) -> None:
    """What a process in it that the jail does not confine can do: write the cache, and nothing else.

    192.0.2.1 is an address for documentation (RFC 5737).
    """
    assert serves(warm)
    [container] = own(daemon)
    code, told = container.exec_run(["python3", "-c", _FACTS])
    facts = json.loads(told)
    assert code == 0
    assert facts["uid"] == 65534
    assert facts["routes"] == []
    assert not facts["reaches"]
    assert set(facts["links"]) <= {"lo"}
    assert facts["writes"] == ["/cache"]
    assert not {name for name in facts["environment"] if "KEY" in name or name.startswith("DOCKER")}


def test_the_container_is_limited(warm: DockerSandbox, daemon: Daemon) -> None:
    """What the daemon says of it: read-only, limits on memory and processes, all of them as configured."""
    assert serves(warm)
    [container] = own(daemon)
    host = container.attrs["HostConfig"]
    usual = Settings()
    assert (host["ReadonlyRootfs"], host["NetworkMode"], host["IpcMode"]) == (True, "none", "none")
    assert (host["PidsLimit"], host["NanoCpus"]) == (usual.pids, usual.cpus * 1e9)
    assert host["Memory"] == host["MemorySwap"] == usual.memory_mib * 2**20
    assert host["AutoRemove"]
    assert not host["Privileged"]
    assert not [mount for mount in container.attrs["Mounts"] if mount["RW"]]


def test_the_candidate_reaches_no_cache_and_no_process(warm: DockerSandbox) -> None:
    """The jail inside: not even what the container leaves to its user is within a candidate's reach."""
    source = (
        "import os\ndef attempt(action, *words):\n    try: return repr(action(*words))\n    except OSError as e: return type(e).__name__\n"
        "def answer(q):\n    return [attempt(open, '/cache/x', 'w'), attempt(os.kill, 1, 0), attempt(os.fork), "
        "attempt(open, '/proc/1/environ'), attempt(os.listdir, '/evoheur/problems')]"
    )
    with opened(warm, source) as session:
        assert session.ask(1).value == ["PermissionError"] * 5


@pytest.mark.slow
def test_kernels_compile_inside(warm: DockerSandbox) -> None:
    """numba works in the image, with a sort and without a cache."""
    source = (
        "import numpy as np\nfrom numba import njit\n@njit\ndef ranks(values):\n    total = 0.0\n"
        "    for rank, index in enumerate(np.argsort(values)):\n        total += rank * values[index]\n    return total\n"
        "def answer(q):\n    return ranks(np.array(q))"
    )
    with opened(warm, source) as session:
        assert session.ask([3.0, 1.0, 2.0]).value == 8.0  # 0 * 1 + 1 * 2 + 2 * 3


def test_nothing_grows(warm: DockerSandbox) -> None:
    """After 30 candidates, a third of which crash and a third of which hang, no descriptor is open here that was not before."""
    assert serves(warm)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for source in (
        "def answer(q):\n    return q",
        "import os\ndef answer(q):\n    os._exit(1)",
        "def answer(q):\n    while True: pass",
    ):
        for _ in range(10):
            with opened(warm, source, Limits(wall_seconds=0.05)) as session:
                session.ask(1)
    assert len(list(Path("/proc/self/fd").iterdir())) == before

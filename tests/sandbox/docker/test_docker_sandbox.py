"""Level `docker` in real containers of their own: that they end, whatever happens, and what is told where there can be none."""

import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from evoheur.sandbox.docker.container import Container, ContainerPlan, sweep
from evoheur.sandbox.docker.daemon import Daemon
from evoheur.sandbox.docker.docker_sandbox import DockerSandbox
from evoheur.sandbox.docker.docker_settings import Settings
from evoheur.sandbox.interface import Entry, Limits, ReportStatus, SandboxUnavailable
from tests.sandbox.docker.support.asking import DOUBLE, opened, serves
from tests.sandbox.docker.support.containers import gone, of, own
from tests.sandbox.docker.support.relay import Relay

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("daemons"), pytest.mark.usefixtures("docker_image")]

_ENTRY = Entry(module="evoheur.testing.hostile_entry", payload={})


def test_a_killed_container_is_a_crash_and_is_replaced(daemon: Daemon) -> None:
    """Somebody kills it under a session: that candidate crashed, the next one gets a container of its own, and only that is left."""
    sandbox = DockerSandbox(_ENTRY)
    with opened(sandbox, DOUBLE) as session:
        [container] = own(daemon)
        container.kill()
        report = session.ask(1)
    assert report.status is ReportStatus.CRASHED
    assert "guest" in report.detail
    assert serves(sandbox)
    [other] = own(daemon)
    assert other.id != container.id
    sandbox.close()
    assert own(daemon) == []


def test_more_memory_than_the_container_has(daemon: Daemon) -> None:
    """Where the container's limit is below the candidate's own, the kernel kills the candidate: a crash, after which all is well."""
    sandbox = DockerSandbox(_ENTRY, Settings(memory_mib=512))
    with opened(sandbox, "def answer(q):\n    return len(bytes([1]) * (1 << 30))", Limits(memory_mib=4096)) as session:
        report = session.ask(1)
    assert report.status is ReportStatus.CRASHED, report
    assert "killed" in report.detail
    assert serves(sandbox)
    sandbox.close()


_HOST = """
from evoheur.sandbox.docker.owner_process import this_process
from evoheur.sandbox.docker.docker_sandbox import DockerSandbox
from evoheur.sandbox.interface import Entry, Limits
sandbox = DockerSandbox(Entry(module="evoheur.testing.hostile_entry", payload={}))
session, _ = sandbox.open("def answer(q):\\n    while True: pass", Limits(cpu_seconds=900, wall_seconds=900))
print(this_process(), flush=True)
session.ask(1)
"""


def test_nothing_outlives_a_killed_host(daemon: Daemon) -> None:
    """kill -9 on the trusted side, in the middle of an endless loop: guest, candidate and container are gone without anyone's help."""
    with subprocess.Popen([sys.executable, "-c", _HOST], stdout=subprocess.PIPE, text=True) as host:
        assert host.stdout is not None
        owner = host.stdout.readline().strip()
        assert len(of(daemon, owner)) == 1
        host.kill()
    assert gone(daemon, owner)


def test_leftovers_of_the_dead_are_swept(daemon: Daemon, docker_image: str) -> None:
    """A container that was made but never started cannot end by itself; the next start removes it, and leaves those of the living."""
    program = (
        "import sys\nfrom evoheur.sandbox.docker.container import Container, ContainerPlan\n"
        "from evoheur.sandbox.docker.daemon import Daemon\n"
        "from evoheur.sandbox.docker.owner_process import this_process\n"
        "plan = ContainerPlan(image=sys.argv[1], command=['python3'], environment={}, shown={}, memory_mib=64, pids=8, cpus=1.0)\n"
        "with Daemon(seconds=30) as daemon:\n    Container(daemon, plan)\nprint(this_process())"
    )
    done = subprocess.run([sys.executable, "-c", program, docker_image], capture_output=True, text=True, check=True)
    owner = done.stdout.strip()
    sandbox = DockerSandbox(_ENTRY)
    assert len(of(daemon, owner)) == 1
    assert serves(sandbox)
    assert of(daemon, owner) == []
    assert sweep(daemon) == 0
    assert serves(sandbox)
    sandbox.close()


def test_a_guest_that_hangs_is_killed(daemon: Daemon) -> None:
    """A guest that is stopped does not hear that it should end; closing kills it all the same."""
    sandbox = DockerSandbox(_ENTRY)
    assert serves(sandbox)
    [container] = own(daemon)
    container.pause()
    sandbox.close()
    assert own(daemon) == []


@pytest.mark.nightly
def test_a_daemon_that_hangs_while_closing(tmp_path: Path, daemon: Daemon) -> None:
    """Closing takes no longer than the daemon is given; the guest ends by itself, and the container when the daemon can."""
    with Relay(tmp_path) as relay:
        sandbox = DockerSandbox(_ENTRY, Settings(host=relay.host))
        assert serves(sandbox)
        [container] = own(daemon)
        pid = container.attrs["State"]["Pid"]
        relay.held.set()
        start = time.monotonic()
        sandbox.close()
        assert time.monotonic() - start < 40  # two answers are waited for, 10 s each
    assert not Path(f"/proc/{pid}").exists()
    deadline = time.monotonic() + 30
    while own(daemon) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert own(daemon) == []


@pytest.mark.nightly
def test_a_container_that_may_still_run_is_an_error(tmp_path: Path, daemon: Daemon, docker_image: str) -> None:
    """If it cannot be seen dead and the daemon does not answer, that is told, with what to do."""
    plan = ContainerPlan(image=docker_image, command=["python3"], environment={}, shown={}, memory_mib=64, pids=8, cpus=1.0)
    with Relay(tmp_path) as relay:
        container = Container(Daemon(relay.host, seconds=30), plan)
        relay.held.set()
        with pytest.raises(SandboxUnavailable, match=r"may still run: .* Restart the daemon"):
            container.remove(dead=False)
    [left] = own(daemon)
    left.remove()


def test_a_daemon_that_hangs_at_the_start(tmp_path: Path) -> None:
    """It is given no more time than the guest."""
    with Relay(tmp_path) as relay:
        relay.held.set()
        sandbox = DockerSandbox(_ENTRY, Settings(host=relay.host), start_seconds=1.0)
        with pytest.raises(SandboxUnavailable, match="No Docker daemon answers at unix:"):
            sandbox.open(DOUBLE, Limits())


def test_a_guest_that_takes_too_long(daemon: Daemon) -> None:
    """A setup that is not done in time is ended, with the container; this one compiles for longer, or does not even get that far."""
    entry = Entry(module="evoheur.evaluation.guest_job", payload={"problem": "bin_packing_online", "settings": {}})
    # A new container that imports numba took 0.7 seconds on the quickest machine that was seen.
    with (
        closing(DockerSandbox(entry, start_seconds=0.1)) as sandbox,
        pytest.raises(SandboxUnavailable, match=r"not ready within 0\.1 s|not call in time"),
    ):
        sandbox.open(DOUBLE, Limits())
    assert own(daemon) == []


def test_an_image_that_is_not_there(docker_image: str) -> None:
    """The message has the command that makes it."""
    sandbox = DockerSandbox(_ENTRY, Settings(image="evoheur-test:missing"))
    with pytest.raises(SandboxUnavailable, match=r"no image 'evoheur-test:missing' at unix:.* build --tag evoheur-test:missing"):
        sandbox.open(DOUBLE, Limits())


def test_an_image_of_other_packages(docker_image: str) -> None:
    """The wanted image has another name than the one that is there, which the message tells."""
    sandbox = DockerSandbox(_ENTRY, Settings(packages=("hypothesis", "sortedcontainers")))
    with pytest.raises(
        SandboxUnavailable, match=r"need, but evoheur-sandbox:py.* build --with hypothesis --with sortedcontainers"
    ):
        sandbox.open(DOUBLE, Limits())


def test_an_image_without_what_the_guest_needs(daemon: Daemon) -> None:
    """What the daemon says of it is passed on."""
    name = f"evoheur-test:empty-{os.getpid()}"  # images are the daemon's, which serves other runs of these tests as well
    daemon.import_image(name, [bytes(10240)], variables={}, labels={})
    try:
        sandbox = DockerSandbox(_ENTRY, Settings(image=name))
        with pytest.raises(SandboxUnavailable, match=r"refuses to start a container: .*python3"):
            sandbox.open(DOUBLE, Limits())
        assert own(daemon) == []
    finally:
        daemon.client.images.remove(name)


def test_a_folder_that_nobody_can_read(tmp_path: Path) -> None:
    """The user inside owns nothing, so the message says how to let it read."""
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    sandbox = DockerSandbox(Entry(module=_ENTRY.module, payload={}, folders=(str(folder),)))
    with pytest.raises(SandboxUnavailable, match=rf"cannot read {folder} \(mode 700\); .* chmod -R o\+rX {folder}"):
        sandbox.open(DOUBLE, Limits())


def test_closing_leaves_no_descriptor(docker_image: str) -> None:
    """Nor does a container that ended."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(2):
        sandbox = DockerSandbox(_ENTRY)
        assert serves(sandbox)
        sandbox.close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before

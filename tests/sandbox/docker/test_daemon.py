"""Daemons that cannot be used, without one."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("docker", reason="the Docker SDK is not installed: pip install 'evoheur[docker]'")

from evoheur.sandbox.docker.daemon import Daemon
from evoheur.sandbox.docker.docker_sandbox import DockerSandbox
from evoheur.sandbox.docker.docker_settings import Settings
from evoheur.sandbox.interface import Entry, Limits, SandboxUnavailable


@pytest.mark.parametrize("host", ["tcp://192.0.2.1:2375", "ssh://me@there", "npipe:////./pipe/docker_engine"])
def test_a_daemon_elsewhere_is_refused(host: str) -> None:
    """Without asking it: its containers could not see the folders and the socket of this machine."""
    with pytest.raises(SandboxUnavailable, match=rf"{host} is not on a unix socket of this machine.*DOCKER_HOST=unix:"):
        Daemon(host, seconds=1)


def test_no_daemon_there(tmp_path: Path) -> None:
    """The message has the address, the cause, and what to do."""
    host = f"unix://{tmp_path}/none.sock"
    with pytest.raises(SandboxUnavailable, match=rf"No Docker daemon answers at {host}: .*No such file.*Start it"):
        Daemon(host, seconds=1)


def test_the_address_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for every tool that speaks to Docker; what is given explicitly comes first."""
    monkeypatch.setenv("DOCKER_HOST", "tcp://192.0.2.7:1")
    with pytest.raises(SandboxUnavailable, match=r"192\.0\.2\.7"):
        Daemon(seconds=1)
    with pytest.raises(SandboxUnavailable, match="none"):
        Daemon(f"unix://{tmp_path}/none.sock", seconds=1)


def test_a_sandbox_without_a_daemon(tmp_path: Path) -> None:
    """It can be made and closed; opening says what is wrong."""
    sandbox = DockerSandbox(
        Entry(module="evoheur.testing.hostile_entry", payload={}), Settings(host=f"unix://{tmp_path}/none.sock"), start_seconds=2
    )
    assert (sandbox.level, sandbox.reason) == ("docker", "")
    with pytest.raises(SandboxUnavailable, match="No Docker daemon answers"):
        sandbox.open("", Limits())
    sandbox.close()


def test_without_the_sdk() -> None:
    """Everything can be imported and configured; opening names the extra to install."""
    program = """
import sys
sys.modules["docker"] = None
from evoheur.evaluation.isolation import DockerConfig, guest_entry
from evoheur.sandbox.interface import Limits, SandboxUnavailable
try:
    DockerConfig().build(guest_entry("bin_packing_online", {})).open("", Limits())
except SandboxUnavailable as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install 'evoheur[docker]'" in done.stdout

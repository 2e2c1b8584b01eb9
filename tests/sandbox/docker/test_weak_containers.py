"""A guest that finds itself in a container weaker than it should be refuses to run; in real containers, each without one of the walls."""

import json
from pathlib import Path
from typing import Any

import pytest

from evoheur.sandbox.docker.container_launch import code_folders
from evoheur.sandbox.docker.daemon import Daemon

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("daemons")]

_PROGRAM = """
from evoheur.sandbox.docker.inside import Contained
from evoheur.sandbox.limits import ConfinementRefused
jail = Contained([])
jail.settle_guest()
try:
    print("stands at level", jail.confine_guest().level)
except ConfinementRefused as error:
    print(error)
"""
_STRICT: dict[str, Any] = {
    "user": "65534:65534",
    "network_mode": "none",
    "read_only": True,
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges"],
}


def _without(call: str) -> str:
    # A filter that knows no such system call, as that of a daemon that is older than it.
    rule = {"names": [call], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}
    return "seccomp=" + json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [rule]})


def _told(daemon: Daemon, image: str, **changes: Any) -> str:
    words: bytes = daemon.client.containers.run(
        image,
        ["python3", "-c", _PROGRAM],
        environment={"PYTHONPATH": "/evoheur"},
        volumes={str(folder): {"bind": inside, "mode": "ro"} for folder, inside in code_folders().items()},
        remove=True,
        **{**_STRICT, **changes},
    )
    return words.decode()


def test_a_strict_container_is_accepted(daemon: Daemon, docker_image: str) -> None:
    """What the other tests take one wall away from."""
    assert _told(daemon, docker_image) == "stands at level docker\n"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"user": "0:0"}, "its user is root"),
        ({"cap_drop": []}, "it has capabilities"),
        ({"security_opt": []}, "programs may gain privileges"),
        ({"read_only": False}, "its root can be written"),
        ({"network_mode": "host"}, "its network leads somewhere"),
        ({"security_opt": ["no-new-privileges", _without("landlock_create_ruleset")]}, "there is no Landlock in it"),
    ],
    ids=["root", "capabilities", "new-privileges", "writable", "network", "no-landlock"],
)
def test_a_weak_container_is_refused(daemon: Daemon, docker_image: str, changes: dict[str, Any], words: str) -> None:
    """With the wall that is missing; nothing runs in it."""
    if changes.get("network_mode") == "host" and len(Path("/proc/net/route").read_text().splitlines()) < 2:
        pytest.skip("this machine has no network that a container could be given")
    told = _told(daemon, docker_image, **changes)
    assert words in told
    assert "stands" not in told

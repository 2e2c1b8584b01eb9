"""Being process 1 of an almost empty world."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sandbox.walls.support.another_process import printed_by

_ENTER = """
import os, socket, sys
from pathlib import Path
from evoheur.sandbox.walls.namespaces import enter
{before}
outside = os.getpid()
enter()
"""

# A user who is root in name needs CAP_SETFCAP (bit 31) to map itself, and nothing else; any other user needs nothing.
_UNPRIVILEGED = """
import ctypes
from evoheur.sandbox.walls.libc import invoke
from evoheur.sandbox.walls.privileges import _VERSION, _Header, _Sets
sets = (_Sets * 2)()
if os.geteuid() == 0:
    sets[0].effective = sets[0].permitted = 1 << 31
invoke("capset", ctypes.byref(_Header(_VERSION, 0)), ctypes.byref(sets))
"""

_LOOK = """
def attempt(action):
    try:
        return action()
    except OSError as error:
        return error.errno
print([
    os.getpid(), os.getppid(), os.listdir("/"), socket.gethostname(), os.getcwd(), attempt(Path("/new").touch),
    attempt(lambda: os.kill(outside, 0)), attempt(lambda: socket.socket().connect(("127.0.0.1", 1))),
])
"""
# 1 and 0: nothing outside is seen, not even a parent. 30 is EROFS, 3 ESRCH, 101 ENETUNREACH.
_SEEN = str([1, 0, [], "sandbox", "/", 30, 3, 101])


def test_world_inside() -> None:
    """No process, file, network or host name of the outside is left, and no file can be made."""
    assert printed_by(_ENTER.format(before="") + _LOOK) == _SEEN


def test_world_inside_for_an_ordinary_user() -> None:
    """The same without any capability, by way of a user namespace in which the user is nobody."""
    shown = printed_by(_ENTER.format(before=_UNPRIVILEGED) + _LOOK + "print(os.getresuid(), os.getresgid())")
    assert shown.split("\n") == [_SEEN, "(65534, 65534, 65534) (65534, 65534, 65534)"]


@pytest.mark.parametrize(
    ("ending", "code"), [("os._exit(7)", 7), ("os._exit(0)", 0), ("import ctypes; ctypes.string_at(0)", 128 + 11)]
)
def test_the_stand_in_ends_as_process_1_does(ending: str, code: int) -> None:
    """Whoever started the caller learns how the process inside ended: its exit code, or 128 and its signal."""
    ended = subprocess.run([sys.executable, "-c", _ENTER.format(before="") + ending], check=False, capture_output=True)
    assert ended.returncode == code


def test_the_world_ends_with_the_stand_in() -> None:
    """A killed stand-in takes process 1, and so everything inside, with it, even what has left the session."""
    source = _ENTER.format(before="") + (
        "import time\nfrom evoheur.sandbox.walls.namespaces import die_with_parent\ndie_with_parent()\n"
        "if os.fork() == 0:\n    os.setsid()\n    os.write(1, b'ready')\n    time.sleep(600)\ntime.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE) as stand_in:
        assert stand_in.stdout is not None
        assert stand_in.stdout.read(5) == b"ready"
        stand_in.kill()
        # Both processes inside hold the other end of this pipe: it ends when the last of them does, and not before.
        assert stand_in.stdout.read() == b""


def test_nothing_shows_outside() -> None:
    """The file system of the world inside is mounted nowhere else, while it lives.

    Other mounts come and go meanwhile (a container's, by other tests): a device number, which is nobody else's for as
    long as the world inside holds it, tells them apart.
    """
    source = _ENTER.format(before="") + (
        "device = os.stat('/').st_dev\nprint(f'{os.major(device)}:{os.minor(device)}', flush=True)\nsys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as inside:
        assert inside.stdin is not None
        assert inside.stdout is not None
        device = inside.stdout.readline().strip()
        mounted = [line.split()[2] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
        inside.stdin.close()
    assert re.fullmatch(r"\d+:\d+", device)
    assert device not in mounted

"""Finding and killing what was started."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from evoheur.sandbox.proctree import GUEST_MARK, change_mark, descendants, kill_marked, marked

_FAMILY = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        print(os.getppid(), os.getpid(), flush=True)
    time.sleep(600)
time.sleep(600)
"""


@pytest.fixture
def family() -> Iterator[tuple[int, int, int]]:
    """A parent, its child in another session, and a grandchild, all marked "family"."""
    environment = {**os.environ, GUEST_MARK: "family"}
    with subprocess.Popen([sys.executable, "-c", _FAMILY], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        child, grandchild = map(int, process.stdout.readline().split())
        yield process.pid, child, grandchild
        process.kill()
        kill_marked("family", seconds=10)


def test_descendants(family: tuple[int, int, int]) -> None:
    """Children of children are found across sessions; the root itself is not among them."""
    parent, child, grandchild = family
    assert descendants(parent) == {child, grandchild}
    assert descendants(child) == {grandchild}
    assert {parent, child, grandchild} <= descendants(os.getpid())


def test_odd_process_names_are_parsed() -> None:
    """A command name with spaces and parentheses does not hide a process: the name is the candidate's to choose."""
    source = "import time; open('/proc/self/comm', 'w').write(') R 1 1 ('); print(1, flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert process.pid in descendants(os.getpid())
        process.kill()


def test_marked(family: tuple[int, int, int]) -> None:
    """The mark is inherited, is compared whole, and all that carry it can be killed without knowing their parents."""
    assert marked("family") == set(family)
    assert marked("fam") == set()
    assert kill_marked("family", seconds=10) == 0
    assert marked("family") == set()


_INIT = """
import os, time
from evoheur.sandbox.proctree import kill_orphans
from evoheur.sandbox.walls.namespaces import enter
enter()
ready, written = os.pipe()
if os.fork() == 0:
    for _ in range(2):
        os.fork()
        os.setsid() if os.getpid() != os.getsid(0) else None
    os.write(written, b"x")
    time.sleep(600)
for _ in range(4):
    os.read(ready, 1)
print(kill_orphans(seconds=10))
try:
    os.wait()
except ChildProcessError:
    print("alone")
"""


def test_orphans_of_process_1() -> None:
    """Process 1 of a namespace kills and reaps all the others without any /proc to find them in."""
    shown = subprocess.run([sys.executable, "-c", _INIT], capture_output=True, text=True, check=True).stdout
    assert shown.split() == ["0", "alone"]


_FORK = """
import os, subprocess, sys, time
from evoheur.sandbox.proctree import change_mark
child = os.fork()
if child == 0:
    change_mark("another!")
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    print(os.getpid(), started.pid, flush=True)
time.sleep(600)
"""


def test_a_fork_gets_a_mark_of_its_own() -> None:
    """Others see it, and what it starts has it; the process that it was forked from keeps its own."""
    environment = {**os.environ, GUEST_MARK: "original"}
    with subprocess.Popen([sys.executable, "-c", _FORK], stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        fork, started = map(int, process.stdout.readline().split())
        assert marked("original") == {process.pid}
        assert fork in marked("another!")
        while started not in marked("another!"):  # until it has become another program
            assert process.poll() is None
        assert kill_marked("another!", seconds=10) == 0
        process.kill()


def test_a_mark_is_not_written_over_what_is_no_mark() -> None:
    """Neither where there is none, nor beyond its end."""
    with pytest.raises(ValueError, match="no mark of 3 characters"):
        change_mark("new")

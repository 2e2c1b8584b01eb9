"""Giving up files, ports and foreign processes."""

from pathlib import Path

from evoheur.sandbox.walls.landlock import abi
from tests.sandbox.walls.support.another_process import printed_by
from tests.sandbox.walls.support.weaker_machine import run_without

_FILES = """
import os
from pathlib import Path
from evoheur.sandbox.walls.landlock import renounce_files
from evoheur.sandbox.walls.privileges import renounce_new
top = Path({top!r})
renounce_new()
kept = open(top / "folder" / "file")
renounce_files()
def attempt(action):
    try:
        return action()
    except OSError as error:
        return error.errno
folder = top / "folder"
file = folder / "file"
print(kept.read(), [attempt(action) for action in (
    file.read_text, lambda: os.listdir(folder), Path(os.__file__).read_text, lambda: os.open(file, os.O_WRONLY),
    lambda: os.truncate(file, 0), (folder / "new").touch, file.unlink, lambda: os.rename(file, folder / "other"),
    lambda: os.mkdir(folder / "inner"), lambda: os.symlink("/", folder / "link"), lambda: os.execv("/bin/true", ["true"]),
)])
"""


def test_files(tmp_path: Path) -> None:
    """What is open stays readable; nothing else can be read, listed, changed or run (13 is EACCES)."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_text("words")
    assert printed_by(_FILES.format(top=str(tmp_path))) == f"words {[13] * 11}"
    assert (tmp_path / "folder" / "file").read_text() == "words"


_OTHERS = """
import os, signal, socket
from evoheur.sandbox.walls.landlock import renounce_others
from evoheur.sandbox.walls.privileges import renounce_new
tcp = socket.create_server(("127.0.0.1", 0))
abstract = socket.socket(socket.AF_UNIX)
abstract.bind("\\0evoheur-test-%d" % os.getpid())
abstract.listen()
def attempt(action):
    try:
        action()
    except OSError as error:
        return error.errno
    return 0
parent = os.getpid()
child = os.fork()
if child == 0:
    renounce_new()
    renounce_others()
    def connect(listener):
        with socket.socket(listener.family) as one:
            one.connect(listener.getsockname())
    print([attempt(action) for action in (
        lambda: connect(tcp), lambda: socket.create_server(("127.0.0.1", 0)).close(), lambda: connect(abstract),
        lambda: os.kill(parent, signal.SIGCONT), lambda: os.kill(os.getpid(), signal.SIGCONT),
    )], flush=True)
    os._exit(0)
os.waitpid(child, 0)
"""


def test_others() -> None:
    """As far as this kernel's Landlock goes: no TCP (ABI 4), no abstract socket and no signal to the parent (6), but to oneself."""
    version = abi()
    tcp, outside = (13 if version >= 4 else 0), (1 if version >= 6 else 0)  # EACCES, EPERM
    assert printed_by(_OTHERS) == str([tcp, tcp, outside, outside, 0])


def test_absence_is_told() -> None:
    """Where the system call is refused, as some containers do, there is no Landlock; where it is not, there is this one."""
    source = "from evoheur.sandbox.walls.landlock import abi\nprint(abi())"
    assert run_without(["landlock_create_ruleset"], source) == "0\n"
    assert run_without([], source) == f"{abi()}\n"

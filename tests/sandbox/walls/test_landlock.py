"""Giving up files, ports and foreign processes."""

from pathlib import Path

from sandbox.walls.landlock import abi, read_only
from sandbox.walls.view import View
from tests.sandbox.walls.another_process import printed_by
from tests.sandbox.walls.weaker_machine import run_without

_READ_FILE, _READ_FOLDER = 4, 8  # LANDLOCK_ACCESS_FS_READ_FILE and _READ_DIR


def test_rules(tmp_path: Path) -> None:
    """A folder is opened whole, or child by child if one of them is hidden, since rights cannot be taken back further down."""
    library, packages = tmp_path / "library", tmp_path / "library" / "installed"
    shown = packages / "shown"
    for folder in (shown, packages / "other", library / "part"):
        folder.mkdir(parents=True)
    (library / "module.py").touch()
    rules = dict(read_only(View(folders=(library, shown), hidden=(packages,))))
    assert rules == {
        library: _READ_FOLDER,
        library / "part": _READ_FILE | _READ_FOLDER,
        library / "module.py": _READ_FILE,
        shown: _READ_FILE | _READ_FOLDER,
    }


_FILES = """
import os
from pathlib import Path
from sandbox.walls.landlock import renounce_files
from sandbox.walls.privileges import renounce_new
from sandbox.walls.view import View
top = Path({top!r})
renounce_new()
renounce_files(View(folders=(top / "shown", top / "missing")))
def attempt(action):
    try:
        return action()
    except OSError as error:
        return error.errno
shown, hidden = top / "shown", top / "hidden"
print([attempt(action) for action in (
    (shown / "file").read_text, lambda: os.listdir(shown), (hidden / "file").read_text, lambda: os.listdir(hidden),
    lambda: os.open(shown / "file", os.O_WRONLY), lambda: os.truncate(shown / "file", 0), (shown / "new").touch, (shown / "file").unlink,
    lambda: os.rename(shown / "file", shown / "other"), lambda: os.mkdir(shown / "folder"), lambda: os.symlink("/", shown / "link"),
    lambda: os.execv("/bin/true", ["true"]),
)])
"""


def test_files(tmp_path: Path) -> None:
    """What is in view can be read and listed, and not changed in any way; of the rest, and of programs, nothing (13 is EACCES)."""
    for name in ("shown", "hidden"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    assert printed_by(_FILES.format(top=str(tmp_path))) == str(["shown", ["file"], *[13] * 10])
    assert (tmp_path / "shown" / "file").read_text() == "shown"


_OTHERS = """
import os, signal, socket
from sandbox.walls.landlock import renounce_others
from sandbox.walls.privileges import renounce_new
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
    source = "from sandbox.walls.landlock import abi\nprint(abi())"
    assert run_without(["landlock_create_ruleset"], source) == "0\n"
    assert run_without([], source) == f"{abi()}\n"

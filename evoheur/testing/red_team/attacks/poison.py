"""Attacks on the candidates that come after.

The next one must work as if nothing had been.
"""

from collections.abc import Callable
from typing import Any

from evoheur.testing.red_team.attack import Attack
from evoheur.testing.red_team.lures.folder import CacheFolder
from evoheur.testing.red_team.lures.lure import Lure, Nothing
from evoheur.testing.red_team.syscalls import PREAMBLE

__all__ = ["POISON"]


# Written into the guest at the address the child knows it by, since a child's memory begins as a copy of the guest's.
_CANARY = """
import evoheur.testing.red_team.red_team_entry as entry
address = ctypes.addressof(entry.CANARY)
"""

_INTO_GUEST = """
import struct
def answer(bait):
    bad = ctypes.create_string_buffer(b"poison")
    mine = ctypes.create_string_buffer(struct.pack("PN", ctypes.addressof(bad), 6))
    theirs = ctypes.create_string_buffer(struct.pack("PN", address, 6))
    return call("process_vm_writev", os.getppid(), mine, 1, theirs, 1, 0)
"""

_INTO_GUEST_BY_PROC = """
def answer(bait):
    with open(f"/proc/{os.getppid()}/mem", "r+b", buffering=0) as memory:
        memory.seek(address)
        return memory.write(b"poison")
"""

_POKE = """
import struct, time
def answer(bait):
    attach, poke, detach = 16, 5, 17
    guest = os.getppid()
    call("ptrace", attach, guest, 0, 0)
    os.waitpid(guest, 0x40000000)
    call("ptrace", poke, guest, address, struct.unpack("q", b"poison\\0\\0")[0])
    call("ptrace", detach, guest, 0, 0)
    return "poked"
"""

_READ_CANARY = "import evoheur.testing.red_team.red_team_entry as entry\ndef answer(q):\n    return entry.CANARY.value.decode()"

_LIMIT_GUEST = """
import resource
def answer(bait):
    try:
        mapped = int(open("/proc/self/statm").read().split()[0]) * 4096
    except OSError:
        mapped = 0
    enough_to_live = mapped + (40 << 20)
    resource.prlimit(os.getppid(), resource.RLIMIT_AS, (enough_to_live, enough_to_live))
    return "limited"
"""

_LEAVE_FILES = """
def answer(bait):
    left = []
    for place in ("/dev/shm", "/tmp", "/var/tmp", "/run", "/"):
        try:
            os.close(os.open(place + "/red-team-poison", os.O_CREAT | os.O_RDWR, 0o666))
            left.append(place)
        except OSError as error:
            refusal = error
    if not left:
        raise refusal
    return left
"""

_FIND_FILES = """
import os
def answer(q):
    places = ["/dev/shm", "/tmp", "/var/tmp", "/run", "/"]
    found = [place for place in places if os.path.exists(place + "/red-team-poison")]
    for place in found:
        os.unlink(place + "/red-team-poison")
    return found
"""

_LEAVE_SEGMENT = "\ndef answer(bait):\n    return call('shmget', 0x7ed7ea3, 4096, 0o1666)"

_FIND_SEGMENT = (
    PREAMBLE
    + """
def answer(q):
    try:
        found = call("shmget", 0x7ed7ea3, 0, 0)
    except OSError:
        return "nothing"
    libc.shmctl(found, 0, None)
    return "a segment"
"""
)

_LEAVE_KEY = "\ndef answer(bait):\n    user = -4\n    return call('add_key', b'user', b'red-team-poison', b'x', 1, user)"

_FIND_KEY = (
    PREAMBLE
    + """
def answer(q):
    search, user, unlink = 10, -4, 9
    try:
        found = call("keyctl", search, user, b"user", b"red-team-poison", 0)
    except OSError:
        return "nothing"
    call("keyctl", unlink, found, user)
    return "a key"
"""
)


def _attack(
    name: str,
    tries: str,
    body: str,
    *,
    finder: str,
    finds: Any,
    lure: Callable[[], Lure] = Nothing,
    fresh: bool = False,
) -> Attack:
    return Attack(
        name=name,
        family="poison",
        tries=tries,
        source=PREAMBLE + body,
        lure=lure,
        fresh=fresh,
        next_candidate=finder,
        next_answer=finds,
    )


_FLAG = """
import fcntl
def answer(bait):
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_NONBLOCK)
"""

_FLAG_BY_IOCTL = """
import fcntl, struct, termios
def answer(bait):
    fcntl.ioctl(0, termios.FIONBIO, struct.pack("i", 1))
"""

_READ_FLAG = "import fcntl, os\ndef answer(q):\n    return bool(fcntl.fcntl(0, fcntl.F_GETFL) & os.O_NONBLOCK)"

_ANSWER = "\ndef answer(bait):\n    return 1"

POISON = (
    _attack(
        "module",
        "change a module for the next candidate",
        "import math\nmath.sqrt = lambda x: 0.0" + _ANSWER,
        finder="import math\ndef answer(q):\n    return math.sqrt(4 * q + 16)",
        finds=10.0,
    ),
    _attack(
        "numpy",
        "change NumPy for the next candidate",
        "import numpy\nnumpy.argmax = lambda x: 0" + _ANSWER,
        finder="import numpy\ndef answer(q):\n    return int(numpy.argmax([1, 2, q]))",
        finds=2,
    ),
    _attack(
        "numpy-in-place",
        "change NumPy's own state for the next candidate",
        "import numpy\nnumpy.seterr(all='raise')" + _ANSWER,
        finder="import numpy\ndef answer(q):\n    return numpy.geterr()['divide']",
        finds="warn",
    ),
    _attack(
        "builtins",
        "change Python's own functions for the next candidate",
        "import builtins\nbuiltins.sum = lambda x: 0" + _ANSWER,
        finder="def answer(q):\n    return sum([q, q])",
        finds=42,
    ),
    _attack(
        "audit-hook",
        "install a hook that cannot be removed",
        "import sys\ndef hook(event, arguments):\n    if event == 'red-team': raise RuntimeError('poisoned')\nsys.addaudithook(hook)"
        + _ANSWER,
        finder="import sys\ndef answer(q):\n    try: sys.audit('red-team')\n    except RuntimeError: return 'hooked'\n    return 'free'",
        finds="free",
    ),
    _attack(
        "guest-memory",
        "write into the memory that the next candidate begins with",
        _CANARY + _INTO_GUEST,
        finder=_READ_CANARY,
        finds="canary",
    ),
    _attack("guest-memory-by-proc", "do so through /proc", _CANARY + _INTO_GUEST_BY_PROC, finder=_READ_CANARY, finds="canary"),
    _attack("guest-memory-by-ptrace", "do so as a debugger", _CANARY + _POKE, finder=_READ_CANARY, finds="canary"),
    _attack(
        "limit-guest",
        "take the guest's memory away, which the next candidate inherits",
        _LIMIT_GUEST,
        finder="def answer(q):\n    return len(bytearray(q << 22))",  # 84 MiB of the 128 that are granted
        finds=21 << 22,
    ),
    _attack(
        "compiled-code",
        "put code where numba keeps what it compiled",
        "\ndef answer(bait):\n    return open(os.environ['NUMBA_CACHE_DIR'] + '/rule.nbi', 'wb').close()",
        finder="def answer(q):\n    return 2 * q",
        finds=42,
        lure=CacheFolder,
        fresh=True,
    ),
    _attack("stream-flag", "leave a bit in the flags of a stream for an accomplice", _FLAG, finder=_READ_FLAG, finds=False),
    _attack("stream-flag-by-ioctl", "do so by another call", _FLAG_BY_IOCTL, finder=_READ_FLAG, finds=False),
    _attack("left-files", "leave files for an accomplice that comes later", _LEAVE_FILES, finder=_FIND_FILES, finds=[]),
    _attack("left-segment", "leave shared memory for it", _LEAVE_SEGMENT, finder=_FIND_SEGMENT, finds="nothing"),
    _attack("left-key", "leave a key in the keyring for it", _LEAVE_KEY, finder=_FIND_KEY, finds="nothing"),
)
"""Attacks on later candidates. The finder, which is the next candidate, also removes what it finds."""

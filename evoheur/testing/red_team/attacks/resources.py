"""Attacks that take more than was granted.

Memory by many routes, processor time, wall time, the host's attention.
"""

from dataclasses import replace
from functools import partial

from evoheur.testing.red_team.attack import LITTLE_PROCESSOR, LITTLE_WALL, USUAL
from evoheur.testing.red_team.attack_shorthand import draft
from evoheur.testing.red_team.lures.host import HostMemory, Output
from evoheur.testing.red_team.lures.lure import Deadline

__all__ = ["RESOURCES"]

# 384 MiB, three times what is granted. Every page is touched, since only those cost anything.
_SPREAD = """
MUCH, PAGE = 384 << 20, 4096
def touch(address):
    for place in range(address, address + MUCH, PAGE):
        ctypes.c_char.from_address(place).value = b"x"
    return f"{MUCH >> 20} MiB"
"""

_LIST = """
def answer(bait):
    hold = []
    while len(hold) < MUCH >> 20:
        hold.append(b"x" * (1 << 20))
    return f"{len(hold)} MiB"
"""

_NUMPY = """
import numpy
def answer(bait):
    return f"{numpy.ones(MUCH, dtype=numpy.uint8).nbytes >> 20} MiB"
"""

_SHARED = """
import mmap
def answer(bait):
    area = mmap.mmap(-1, MUCH)
    return touch(ctypes.addressof(ctypes.c_char.from_buffer(area)))
"""

_GROWN = """
import mmap
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
def answer(bait):
    may_move = 1
    area = libc.mmap(None, PAGE, 3, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
    return touch(call("mremap", area, PAGE, MUCH, may_move))
"""

_BREAK = """
def answer(bait):
    end = call("brk", 0)
    if call("brk", end + MUCH) < end + MUCH:
        raise MemoryError("the kernel does not move the break")
    return touch(end)
"""

_MALLOC = """
libc.malloc.restype = ctypes.c_void_p
libc.malloc.argtypes = [ctypes.c_size_t]
def answer(bait):
    area = libc.malloc(MUCH)
    if not area:
        raise MemoryError("malloc")
    return touch(area)
"""

_FILE_IN_MEMORY = """
def answer(bait):
    file = call("memfd_create", b"store", 0)
    for _ in range(MUCH >> 20):
        os.write(file, b"x" * (1 << 20))
    return f"{os.fstat(file).st_size >> 20} MiB outside its address space"
"""

_MANY_CALLS = """
import signal, time
def answer(bait):
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP})
    for number in (signal.SIGXCPU, signal.SIGTERM, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)
    while time.process_time() < 2.5: pass  # the kernel kills at 2
    return "2.5 seconds"
"""

_RAISE = """
import resource
def answer(bait):
    for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU):
        resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return "no limits any more"
"""

# A filter that looks at the lower half of a pointer only takes this one for none.
_RAISE_HIGH = """
import mmap, resource, struct
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
def answer(bait):
    place, exactly_there = 1 << 40, 0x100000
    got = libc.mmap(place, PAGE, 3, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | exactly_there, -1, 0)
    if got != place:
        raise MemoryError("the kernel maps elsewhere")
    ctypes.memmove(place, struct.pack("QQ", 0, 0), 16)
    call("prlimit64", 0, resource.RLIMIT_CORE, place, 0)
    return "set a limit"
"""

_DESCRIPTORS = """
def answer(bait):
    return f"{len([os.dup(0) for _ in range(200)])} open files"
"""

_FLOOD = """
import sys
def answer(bait):
    for _ in range(1000):
        os.write({stream}, bait["mark"].encode() * 1000)
    return 1
"""


_OPEN_TO_ROOT = {"process": "root may do this, and level process takes nothing from root"}

_attack = partial(draft, "resources")

RESOURCES = (
    _attack("memory-list", "hold 384 MiB in Python objects, with 128 granted", _SPREAD + _LIST),
    _attack("memory-numpy", "hold them in a NumPy array", _SPREAD + _NUMPY),
    _attack("memory-shared", "hold them in shared anonymous pages, which a limit on data does not count", _SPREAD + _SHARED),
    _attack("memory-grown", "grow one page to them with mremap", _SPREAD + _GROWN),
    _attack("memory-break", "move the break", _SPREAD + _BREAK),
    _attack("memory-malloc", "take them from malloc, as compiled code does", _SPREAD + _MALLOC),
    _attack(
        "memory-in-a-file",
        "keep them in a file in memory, which an address space limit does not count",
        _SPREAD + _FILE_IN_MEMORY,
    ),
    _attack(
        "descriptors",
        "fill the machine's table of open files",
        _DESCRIPTORS,
        cannot_bite={"Too many open files": "whoever runs this may open few files themselves"},
    ),
    _attack("processor", "compute on with all signals blocked and ignored", _MANY_CALLS, limits=LITTLE_PROCESSOR),
    _attack("raise-limits", "raise its own limits", _RAISE),
    _attack(
        "limits-by-high-pointer",
        "set a limit through a pointer whose lower half is zero",
        _SPREAD + _RAISE_HIGH,
        cannot_bite={"Operation not permitted": "the kernel keeps it to root"},
        open_at=_OPEN_TO_ROOT,
    ),
    _attack(
        "priority",
        "run before everybody else",
        "return os.setpriority(os.PRIO_PROCESS, 0, -20) or 'first'",
        cannot_bite={"Permission": "the kernel keeps it to root"},
        open_at=_OPEN_TO_ROOT,
    ),
    _attack(
        "sleep",
        "sleep past the deadline, which costs no processor time",
        "import time\n    time.sleep(1)\n    return 'late'",
        lure=Deadline,
        limits=LITTLE_WALL,
    ),
    _attack(
        "sleep-while-loading",
        "sleep before there is anything to ask",
        "import time\ntime.sleep(5)\ndef answer(bait):\n    return 'late'",
        lure=Deadline,
        limits=replace(LITTLE_WALL, load_seconds=0.3),
    ),
    _attack(
        "stop",
        "stop itself instead of ending",
        "import signal\n    os.kill(os.getpid(), signal.SIGSTOP)",
        lure=Deadline,
        limits=LITTLE_WALL,
    ),
    _attack("flood-output", "flood the user's terminal", _FLOOD.format(stream=1), lure=Output, fresh=True),
    _attack("flood-errors", "flood it through standard error", _FLOOD.format(stream=2), lure=Output, fresh=True),
    _attack("flood-answer", "answer with 32 MiB where 64 KiB are allowed", "return 'x' * (32 << 20)", lure=HostMemory),
    _attack(
        "flood-reason",
        "fail with a reason of 32 MiB",
        "raise ValueError('x' * (32 << 20))",
        lure=HostMemory,
        limits=replace(USUAL, memory_mib=256),
    ),
)
"""Attacks on limits. All are bounded, so that a machine without limits survives them."""

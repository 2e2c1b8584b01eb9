"""Attacks on corners of the kernel and around filters.

A heuristic has no business in these corners; each is the way in of some known exploit.
"""

from functools import partial

from evoheur.testing.red_team.attack_shorthand import draft
from evoheur.testing.red_team.lures.folder import Folder
from evoheur.testing.red_team.lures.kernel_objects import MountPoint
from evoheur.testing.red_team.lures.victim import Victim

__all__ = ["KERNEL"]

_PRIVILEGED = {
    "Operation not permitted": "the kernel keeps it to root",
    "Permission denied": "the kernel keeps it to root",
    "Function not implemented": "the kernel does not have it",
}

# Machine code that asks for a socket by the 32-bit door, where calls have other numbers:
# push rbx; mov eax,359 (socket); mov ebx,1 (AF_UNIX); mov ecx,1 (SOCK_STREAM); xor edx,edx; int 0x80; pop rbx; cdqe; ret
_OLD_DOOR = """
import mmap
def answer(bait):
    if MACHINE != "x86_64":
        raise OSError("Function not implemented: no such door on this processor")
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(bytes.fromhex("53b867010000bb01000000b90100000031d2cd805b4898c3"))
    result = ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
    if result < 0:
        raise OSError(-result, os.strerror(-result))
    return f"socket {result}"
"""

_X32 = """
def answer(bait):
    if MACHINE != "x86_64":
        raise OSError("Function not implemented: no such numbers on this processor")
    x32, af_unix, stream = 0x40000000, 1, 1
    return call(x32 | 41, af_unix, stream, 0)
"""

_NUMBER = """
def answer(bait):
    upper_half = 1 << 32
    return os.read(call(upper_half | NUMBERS["openat"], -100, bait["file"].encode(), 0, 0), 100).decode()
"""

_NEW_MOUNTS = """
def answer(bait):
    new_mounts, new_user = 0x20000, 0x10000000
    call("unshare", new_user | new_mounts)
    return call("mount", b"none", b"/tmp", b"tmpfs", 0, 0)
"""

_BPF = """
import struct
def answer(bait):
    create, array = 0, 2
    return call("bpf", create, ctypes.create_string_buffer(struct.pack("IIIII", array, 4, 8, 1, 0), 128), 72)
"""

_PERF = """
import struct
def answer(bait):
    software, nobodys_kernel = 1, 0x20
    attributes = ctypes.create_string_buffer(struct.pack("IIQQQQQ", software, 128, 0, 0, 0, 0, nobodys_kernel), 128)
    return call("perf_event_open", attributes, 0, -1, -1, 0)
"""


# Refused for want of a privilege, or only because the arguments are nonsense, so that nothing happens on a machine that would let it.
_NONSENSE = """
import errno
def answer(bait):
    try:
        call({call})
    except OSError as error:
        if error.errno not in (errno.EFAULT, errno.EINVAL, errno.ENOEXEC):
            raise
    return "the kernel would do it"
"""

_SPLICE = """
def answer(bait):
    ends = (ctypes.c_int * 2)()
    call("pipe2", ends, 0)
    library = os.open(os.__file__, os.O_RDONLY)
    return f"{call('splice', library, None, ends[1], None, 1, 0)} byte of a file stands in a pipe"
"""

_REAL_TIME = """
import struct
def answer(bait):
    usual, first_come = 0, 1
    call("sched_setscheduler", 0, first_come, ctypes.create_string_buffer(struct.pack("i", 1)))
    call("sched_setscheduler", 0, usual, ctypes.create_string_buffer(struct.pack("i", 0)))
    return "before everybody else"
"""

_PERSONALITY = """
def answer(bait):
    no_randomness = 0x40000
    before = call("personality", no_randomness)
    call("personality", before)
    return f"personality {before} and back"
"""

# A correction of nothing: the clock goes on as it was.
_CLOCK = """
import struct
def answer(bait):
    singleshot = 0x8001
    return call("adjtimex", ctypes.create_string_buffer(struct.pack("iiq", singleshot, 0, 0), 256))
"""

_TIMER = """
def answer(bait):
    timer = ctypes.c_int()
    call("timer_create", 0, None, ctypes.byref(timer))
    return f"timer {timer.value}"
"""

_FILTERS = """
def answer(bait):
    available, allow = 2, ctypes.c_uint32(0x7FFF0000)
    return call("seccomp", available, 0, ctypes.byref(allow))
"""


_attack = partial(draft, "kernel")

KERNEL = (
    _attack(
        "io-uring",
        "do input and output where no filter looks",
        "return call('io_uring_setup', 4, ctypes.create_string_buffer(120))",
    ),
    _attack("memfd", "make a file in memory", "return call('memfd_create', b'red-team', 0)"),
    _attack(
        "memfd-secret", "make memory that not even the kernel sees", "return call('memfd_secret', 0)", cannot_bite=_PRIVILEGED
    ),
    _attack("user-namespace", "become root of a new user namespace", "return call('unshare', 0x10000000)"),
    _attack("new-mounts", "mount in namespaces of its own", _NEW_MOUNTS),
    _attack(
        "mount",
        "mount over a folder of the host",
        "return call('mount', b'none', bait['folder'].encode(), b'tmpfs', 0, 0)",
        lure=MountPoint,
        cannot_bite=_PRIVILEGED,
    ),
    _attack(
        "join-namespace",
        "enter the namespaces of another process",
        "return call('setns', os.open(f\"/proc/{bait['pid']}/ns/net\", os.O_RDONLY), 0)",
        lure=Victim,
        word_counts=True,
        cannot_bite=_PRIVILEGED,
    ),
    _attack("chroot", "change its root", "return call('chroot', b'/')", cannot_bite=_PRIVILEGED),
    _attack(
        "userfaultfd", "catch page faults, the classic help in exploits", "return call('userfaultfd', 1)", cannot_bite=_PRIVILEGED
    ),
    _attack("bpf", "load programs into the kernel", _BPF, cannot_bite=_PRIVILEGED),
    _attack("perf", "count events in the kernel", _PERF, cannot_bite=_PRIVILEGED),
    _attack("fanotify", "watch the whole file system", "return call('fanotify_init', 0, 0)", cannot_bite=_PRIVILEGED),
    _attack(
        "inotify",
        "watch what the user does in a folder",
        "return call('inotify_add_watch', call('inotify_init1', 0), bait['folder'].encode(), 0xfff)",
        lure=Folder,
        word_counts=True,
    ),
    _attack(
        "kernel-log",
        "read the kernel's log",
        "return call('syslog', 3, ctypes.create_string_buffer(4096), 4096)",
        cannot_bite=_PRIVILEGED,
    ),
    _attack(
        "host-name",
        "name the machine (as it is named already)",
        "name = os.uname().nodename.encode()\n    return call('sethostname', name, len(name))",
        cannot_bite=_PRIVILEGED,
    ),
    _attack(
        "kernel-settings",
        "open a setting of the kernel for writing",
        "return os.open('/proc/sys/kernel/core_pattern', os.O_WRONLY)",
        cannot_bite=_PRIVILEGED,
    ),
    _attack(
        "32-bit-door",
        "enter the kernel by the 32-bit door, where a filter may mistake the numbers",
        _OLD_DOOR,
        cannot_bite={"Function not implemented": "not on this processor", "SIGSEGV": "the kernel has no 32-bit door"},
    ),
    _attack("x32-numbers", "use the numbers of the x32 interface", _X32, cannot_bite=_PRIVILEGED),
    _attack("splice", "splice a file it may only read into a pipe, as Dirty Pipe did (CVE-2022-0847)", _SPLICE),
    _attack("kernel-module", "load a module", _NONSENSE.format(call='"init_module", None, 0, None'), cannot_bite=_PRIVILEGED),
    _attack("reboot", "stop the machine", _NONSENSE.format(call='"reboot", 0, 0, 0, None'), cannot_bite=_PRIVILEGED),
    _attack("set-clock", "correct the machine's clock", _CLOCK, cannot_bite=_PRIVILEGED),
    _attack("real-time", "run before everybody else for ever", _REAL_TIME, cannot_bite=_PRIVILEGED),
    _attack("personality", "switch the randomness of addresses off", _PERSONALITY),
    _attack("timer", "make a timer in the kernel, whose flaws were ways in (CVE-2025-38352)", _TIMER),
    _attack("more-filters", "make filters of its own, which may answer in the kernel's place", _FILTERS),
    _attack(
        "lock-memory", "keep memory from ever leaving the machine's", "return call('mlock', ctypes.create_string_buffer(64), 64)"
    ),
    _attack("wide-number", "hide a call's number behind set upper bits", _NUMBER, lure=Folder, cannot_bite=_PRIVILEGED),
)
"""Attacks on the kernel. None changes anything on a machine that lets it happen, or what changes is undone."""

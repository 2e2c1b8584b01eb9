"""Attacks on other processes: looking in and disturbing.

`bait` has the "pid" of one of the same user, and where in it ("address", "fd") secrets lie.
"""

from functools import partial

from evoheur.testing.red_team.attack_shorthand import draft
from evoheur.testing.red_team.lures.host import Environment, WarmProcess
from evoheur.testing.red_team.lures.kernel_objects import Descriptor
from evoheur.testing.red_team.lures.lure import Word
from evoheur.testing.red_team.lures.victim import Victim

__all__ = ["OTHERS"]

_VECTOR = """
import struct
def vector(address, size):
    return ctypes.create_string_buffer(struct.pack("PN", address, size))
"""

_READ_MEMORY = """
def answer(bait):
    mine = ctypes.create_string_buffer(64)
    call("process_vm_readv", bait["pid"], vector(ctypes.addressof(mine), 32), 1, vector(bait["address"], 32), 1, 0)
    return mine.value.decode()
"""

_WRITE_MEMORY = """
def answer(bait):
    mine = ctypes.create_string_buffer(b"red team")
    call("process_vm_writev", bait["pid"], vector(ctypes.addressof(mine), 8), 1, vector(bait["address"], 8), 1, 0)
    return "written"
"""

_PROC_MEMORY = """
def answer(bait):
    with open(f"/proc/{bait['pid']}/mem", "rb", buffering=0) as memory:
        memory.seek(bait["address"])
        return memory.read(32).decode()
"""

_SEIZE = """
def answer(bait):
    seize, interrupt, detach = 0x4206, 0x4207, 17
    call("ptrace", seize, bait["pid"], 0, 0)
    call("ptrace", interrupt, bait["pid"], 0, 0)
    wait_for_all = 0x40000000
    os.waitpid(bait["pid"], wait_for_all)
    call("ptrace", detach, bait["pid"], 0, 0)
    return "traced"
"""

_STEAL = """
def answer(bait):
    mine = call("pidfd_getfd", call("pidfd_open", bait["pid"], 0), bait["fd"], 0)
    return os.pread(mine, 100, 0).decode()
"""

# The kernel sends the signal when something arrives on the candidate's own channel while nobody waits there. So the candidate answers
# behind the back of its caller, and does something else while the next question comes.
_BY_KERNEL = """
import fcntl, json, signal, struct, sys, time
def answer(bait):
    f_setsig = 10
    fcntl.fcntl(3, fcntl.F_SETOWN, bait["pid"])
    fcntl.fcntl(3, f_setsig, signal.SIGUSR1)
    fcntl.fcntl(3, fcntl.F_SETFL, fcntl.fcntl(3, fcntl.F_GETFL) | os.O_ASYNC)
    reply = json.dumps({"nonce": sys._getframe(1).f_locals.get("nonce"), "status": "ok", "value": "armed"}).encode()
    os.write(3, struct.pack(">I", len(reply)) + reply)
    time.sleep(0.5)
"""

_INHERITED = """
def answer(bait):
    found = []
    for number in range(4, 1024):
        try:
            found.append(os.pread(number, 100, 0).decode(errors="replace"))
        except OSError:
            pass
    if not found:
        raise OSError("no descriptor but the channel is open")
    return found
"""


# One's own parents are the guest and, where nothing stands between, the host.
_EVERYONE = """
def answer(bait):
    found = []
    for name in os.listdir("/proc"):
        try:
            found.append(open(f"/proc/{name}/environ").read())
        except OSError as error:
            refusal = error
    if not found:
        raise refusal
    return [entry for block in found for entry in block.split(chr(0)) if "RED_TEAM" in entry]
"""

_QUEUED = """
import struct
def answer(bait):
    number, queued = 10, -1
    about = ctypes.create_string_buffer(struct.pack("iiiiii", number, 0, queued, 0, os.getpid(), os.getuid()), 128)
    return call("rt_sigqueueinfo", bait["pid"], number, about)
"""

_FIND = """
def answer(bait):
    return f"process {bait['pid']} belongs to user {os.stat('/proc/' + str(bait['pid'])).st_uid}"
"""


_attack = partial(draft, "other processes", lure=Victim)

OTHERS = (
    _attack(
        "proc-environ",
        "read the keys in another process's environment",
        "return open(f\"/proc/{bait['pid']}/environ\").read()",
    ),
    _attack("proc-mem", "read another process's memory through /proc", _PROC_MEMORY),
    _attack(
        "proc-maps",
        "learn another process's memory map",
        "return open(f\"/proc/{bait['pid']}/maps\").read(200)",
        word_counts=True,
    ),
    _attack(
        "proc-fd", "open another process's files through /proc", "return open(f\"/proc/{bait['pid']}/fd/{bait['fd']}\").read()"
    ),
    _attack(
        "proc-cmdline", "read keys on another process's command line", "return open(f\"/proc/{bait['pid']}/cmdline\").read()"
    ),
    _attack("process-vm-readv", "read another process's memory by system call", _VECTOR + _READ_MEMORY),
    _attack("process-vm-writev", "change another process's memory", _VECTOR + _WRITE_MEMORY),
    _attack("ptrace", "trace another process", _SEIZE, word_counts=True),
    _attack("pidfd-getfd", "copy a descriptor out of another process", _STEAL),
    _attack("inherited-descriptors", "use what the host left open", _INHERITED, lure=Descriptor, fresh=True),
    _attack(
        "environment", "read the host's keys from its own environment", "return dict(os.environ)", lure=Environment, fresh=True
    ),
    _attack(
        "c-environment",
        "read them where C keeps them",
        "block = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, 'environ')\n    found = []\n"
        "    while block[len(found)]: found.append(block[len(found)].decode())\n    return found",
        lure=Environment,
        fresh=True,
    ),
    _attack("everyones-environ", "read the environment of whoever runs", _EVERYONE, lure=Environment, fresh=True),
    _attack(
        "parents-environ",
        "read the host's keys from its parent in /proc",
        "return open(f'/proc/{os.getppid()}/environ').read()",
        lure=Environment,
        fresh=True,
    ),
    _attack(
        "compare-process",
        "learn where another process's memory lies, by comparing",
        "memory = 1\n    return call('kcmp', os.getpid(), bait['pid'], memory, 0, 0)",
        word_counts=True,
        cannot_bite={"Function not implemented": "the kernel does not have it"},
    ),
    _attack("signal", "send a signal to another process", "import signal\n    os.kill(bait['pid'], signal.SIGUSR1)"),
    _attack("kill", "kill another process", "import signal\n    os.kill(bait['pid'], signal.SIGKILL)"),
    _attack(
        "pidfd-signal",
        "signal through a process descriptor",
        "return call('pidfd_send_signal', call('pidfd_open', bait['pid'], 0), 10, 0, 0)",
    ),
    _attack("signal-by-kernel", "have the kernel send the signal when a question arrives", _BY_KERNEL, asks=2),
    _attack("signal-queued", "queue a signal with a message", _QUEUED),
    _attack("signal-thread", "send it to a thread by number", "return call('tgkill', bait['pid'], bait['pid'], 10)"),
    _attack(
        "find-process",
        "learn that a process exists, and whose it is",
        _FIND,
        word_counts=True,
    ),
    _attack(
        "read-clock",
        "read how busy another process is",
        "import time\n    return time.clock_gettime(~bait['pid'] << 3 | 2)",
        word_counts=True,
    ),
    _attack("read-cores", "read where another process may run", "return [*os.sched_getaffinity(bait['pid'])]", word_counts=True),
    _attack("signal-all", "signal every process at once", "os.kill(-1, 0)\n    return 'it was allowed to'", lure=Word),
    _attack(
        "signal-guest",
        "signal the guest",
        "import signal\n    os.kill(os.getppid(), signal.SIGCONT)\n    return 'sent'",
        lure=WarmProcess,
        word_counts=True,
    ),
    _attack(
        "kill-guest",
        "kill the guest",
        "import signal, time\n    os.kill(os.getppid(), signal.SIGKILL)\n    time.sleep(9)",
        lure=WarmProcess,
        word_counts=True,
    ),
    _attack(
        "stop-guest",
        "stop the guest, so that the host waits for it",
        "import signal, time\n    os.kill(os.getppid(), signal.SIGSTOP)\n    return 'stopped'",
        lure=WarmProcess,
        word_counts=True,
    ),
    _attack("renice", "slow another process down", "os.setpriority(os.PRIO_PROCESS, bait['pid'], 19)"),
    _attack("pin", "move another process to one core", "os.sched_setaffinity(bait['pid'], [min(os.sched_getaffinity(0))])"),
    _attack(
        "limit-another",
        "change another process's limits",
        "import resource\n    resource.prlimit(bait['pid'], resource.RLIMIT_NOFILE, (64, 64))",
    ),
)
"""Attacks on other processes: a victim of the same user, the guest, the host."""

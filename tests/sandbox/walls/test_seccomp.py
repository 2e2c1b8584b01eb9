"""The filter of the children: what it must refuse, on paper and in the kernel."""

import errno
import fcntl
import mmap
import os
import socket
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.sandbox.walls import seccomp
from evoheur.sandbox.walls.architecture import ARCHITECTURES
from evoheur.sandbox.walls.bpf import ALLOW, refuse
from tests.sandbox.walls.support.filter_machine import X86_64, verdict
from tests.sandbox.walls.support.kernel_headers import header_numbers

_PID = 4711
_PROGRAMS = {name: bytes(seccomp.child_filter(architecture).for_process(_PID)) for name, architecture in ARCHITECTURES.items()}
_X86 = ARCHITECTURES["x86_64"].numbers

# Ways to another process, to the network, to more memory or to the kernel's dark corners: x86-64 number, aarch64 number or none.
_DANGEROUS = {
    "fork": (57, None), "vfork": (58, None), "clone": (56, 220), "execve": (59, 221), "execveat": (322, 281), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "kcmp": (312, 272),
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "accept": (43, 202),
    "sendmsg": (46, 211), "recvmsg": (47, 212), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_setup": (206, 0),
    "shmget": (29, 194), "shmat": (30, 196), "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "userfaultfd": (323, 282), "keyctl": (250, 219), "add_key": (248, 217),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "bpf": (321, 280),
    "perf_event_open": (298, 241), "seccomp": (317, 277), "prctl": (157, 167), "setrlimit": (160, 164), "personality": (135, 92),
    "openat2": (437, 437), "creat": (85, None), "unlink": (87, None), "unlinkat": (263, 35), "mkdirat": (258, 34),
    "mknodat": (259, 33), "linkat": (265, 37), "symlinkat": (266, 36), "renameat2": (316, 276), "truncate": (76, 45),
    "ftruncate": (77, 46), "fchmodat": (268, 53), "fchownat": (260, 54), "utimensat": (280, 88), "setuid": (105, 146),
    "setsid": (112, 157), "setpgid": (109, 154), "sched_setaffinity": (203, 122), "setpriority": (141, 140),
    "process_madvise": (440, 440), "mlockall": (151, 230), "timer_create": (222, 107), "finit_module": (313, 273),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "inotify_init1": (294, 26), "splice": (275, 76),
    "vmsplice": (278, 75), "modify_ldt": (154, None), "remap_file_pages": (216, 234), "clock_settime": (227, 112),
    "readlink": (89, None), "readlinkat": (267, 78), "access": (21, None), "faccessat2": (439, 439), "mincore": (27, 232),
    "membarrier": (324, 283), "rseq": (334, 293), "pipe2": (293, 59), "flock": (73, 32), "sendmmsg": (307, 269),
    "recvmmsg": (299, 243), "setsockopt": (54, 208), "shutdown": (48, 210), "landlock_create_ruleset": (444, 444),
    # To look for a file, open it or ask for its pages: whether somebody did so before can be timed.
    "open": (2, None), "openat": (257, 56), "stat": (4, None), "lstat": (6, None), "newfstatat": (262, 79), "statx": (332, 291),
    "getdents64": (217, 61), "getdents": (78, None), "chdir": (80, 49), "statfs": (137, 43), "fadvise64": (221, 223),
    "readahead": (187, 213), "preadv2": (327, 286), "sysinfo": (99, 179),
}  # fmt: skip


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_the_list_names_what_it_means(machine: str) -> None:
    """The numbers below are those of the kernel's headers, so that no call escapes by a slip of the pen."""
    theirs = header_numbers(machine)
    column = list(ARCHITECTURES).index(machine)
    assert {name: pair[column] for name, pair in _DANGEROUS.items()} == {name: theirs.get(name) for name in _DANGEROUS}


@pytest.mark.parametrize("name", _DANGEROUS)
def test_dangerous_calls_are_refused(name: str) -> None:
    """Whatever their arguments, on both architectures."""
    for architecture, number in zip(("x86_64", "aarch64"), _DANGEROUS[name], strict=True):
        if number is not None:
            program = _PROGRAMS[architecture]
            assert verdict(program, number, [0] * 6, audit=ARCHITECTURES[architecture].audit) == refuse()


@given(st.integers(0, 1023))
def test_x32_calls_are_refused(number: int) -> None:
    """The other convention for calls on an x86-64 kernel, which has numbers of its own with one more bit, is no way around."""
    assert verdict(_PROGRAMS["x86_64"], number | 0x40000000) == refuse()


@given(st.integers(500, 0xFFFFFFFF))
def test_unknown_calls_are_refused(number: int) -> None:
    """So are calls that do not exist yet."""
    for name, program in _PROGRAMS.items():
        assert verdict(program, number, audit=ARCHITECTURES[name].audit) == refuse()


def test_clone3_looks_absent() -> None:
    """The C library then takes clone, which is refused, and reports that; otherwise it would report something odd."""
    assert verdict(_PROGRAMS["x86_64"], _X86["clone3"]) == refuse(errno.ENOSYS)


@given(st.sampled_from(("kill", "tkill", "tgkill")), st.integers(-(2**31), 2**31 - 1), st.integers(0, 64))
def test_signals_go_to_oneself_only(name: str, target: int, number: int) -> None:
    """Not to a group, not to all, not to a parent."""
    allowed = verdict(_PROGRAMS["x86_64"], _X86[name], [target, number, number]) == ALLOW
    assert allowed == (target == _PID)


@pytest.mark.parametrize("command", [fcntl.F_SETOWN, 10, 15, fcntl.F_SETLEASE, fcntl.F_NOTIFY, 1033])
def test_fcntl_sends_no_signals(command: int) -> None:
    """F_SETOWN, F_SETSIG (10) and F_SETOWN_EX (15) make the kernel signal others; leases, notification and seals (1033) need files."""
    assert verdict(_PROGRAMS["x86_64"], _X86["fcntl"], [3, command, 1]) == refuse()


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**48))
def test_sending_is_only_sending(flags: int, address: int) -> None:
    """Along the channel, waiting or not: no out-of-band byte, no descriptor, no other address; and receiving only takes what comes."""
    program = _PROGRAMS["x86_64"]
    plain = flags & ~(socket.MSG_NOSIGNAL | socket.MSG_DONTWAIT) == 0
    assert (verdict(program, _X86["sendto"], [3, 0xBEEF, 1, flags, address]) == ALLOW) == (plain and address == 0)
    only_waiting = flags & ~socket.MSG_DONTWAIT == 0
    assert (verdict(program, _X86["recvfrom"], [3, 0xBEEF, 1, flags, address]) == ALLOW) == (only_waiting and address == 0)


def test_usual_flags_of_sockets_pass() -> None:
    """What the C library and Python use: none, no signal on a broken pipe, no waiting."""
    for flags in (0, socket.MSG_NOSIGNAL, socket.MSG_DONTWAIT, socket.MSG_NOSIGNAL | socket.MSG_DONTWAIT):
        assert verdict(_PROGRAMS["x86_64"], _X86["sendto"], [3, 0xBEEF, 1, flags, 0, 0]) == ALLOW
    for flags in (socket.MSG_OOB, socket.MSG_PEEK, socket.MSG_ERRQUEUE, socket.MSG_FASTOPEN):
        assert verdict(_PROGRAMS["x86_64"], _X86["sendto"], [3, 0xBEEF, 1, flags, 0, 0]) == refuse()


def test_flags_of_shared_streams_stay() -> None:
    """All children have the guest's standard streams: a flag that one of them could set is a bit that all later ones can read."""
    program = _PROGRAMS["x86_64"]
    assert verdict(program, _X86["fcntl"], [0, fcntl.F_SETFL, os.O_NONBLOCK]) == refuse()
    assert verdict(program, _X86["ioctl"], [0, termios.FIONBIO, 0xBEEF]) == refuse()
    assert verdict(program, _X86["ioctl"], [0, termios.FIOASYNC, 0xBEEF]) == refuse()
    assert verdict(program, _X86["fcntl"], [0, fcntl.F_GETFL, 0]) == ALLOW


def test_memory_is_ones_own() -> None:
    """Plain memory can be had; huge pages of a common pool, locked pages and stacks that grow into a neighbour cannot."""
    program = _PROGRAMS["x86_64"]
    private = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    stack, no_reserve = 0x20000, 0x4000
    assert verdict(program, _X86["mmap"], [0, 4096, 7, private | stack | no_reserve, 2**64 - 1, 0]) == ALLOW
    for wanted in (mmap.MAP_SHARED | 0x40000, private | 0x2000, private | 0x100):
        assert verdict(program, _X86["mmap"], [0, 4096, 3, wanted, 2**64 - 1, 0]) == refuse()
    assert verdict(program, _X86["madvise"], [0, 4096, mmap.MADV_DONTNEED]) == ALLOW
    for advice in (mmap.MADV_MERGEABLE, mmap.MADV_HWPOISON, 20, 21):  # the last two throw pages of files out
        assert verdict(program, _X86["madvise"], [0, 4096, advice]) == refuse()


@pytest.mark.parametrize("operation", [6, 7, 8, 11, 12, 13])
def test_locks_with_priorities_are_refused(operation: int) -> None:
    """The futexes that inherit priorities, the way in of more than one exploit; waiting and waking pass, private or not."""
    program = _PROGRAMS["x86_64"]
    for private in (0, 128):
        assert verdict(program, _X86["futex"], [0xBEEF, operation | private, 1]) == refuse()
        assert verdict(program, _X86["futex"], [0xBEEF, 9 | private | 256, 1]) == ALLOW
        assert verdict(program, _X86["futex"], [0xBEEF, 1 | private, 1]) == ALLOW


def test_terminal_injection_is_refused() -> None:
    """TIOCSTI types into the terminal of whoever started us; looking whether there is one is harmless."""
    assert verdict(_PROGRAMS["x86_64"], _X86["ioctl"], [0, termios.TIOCSTI, 0]) == refuse()
    assert verdict(_PROGRAMS["x86_64"], _X86["ioctl"], [0, termios.TCGETS, 0]) == ALLOW


def test_limits_can_be_read_only() -> None:
    """One's own, that is; nobody's can be set, and nobody else's seen."""
    prlimit = _X86["prlimit64"]
    assert verdict(_PROGRAMS["x86_64"], prlimit, [0, 7, 0, 0xDEAD]) == ALLOW
    assert verdict(_PROGRAMS["x86_64"], prlimit, [_PID, 7, 0, 0xDEAD]) == ALLOW
    assert verdict(_PROGRAMS["x86_64"], prlimit, [0, 7, 0x7FFF00000000, 0]) == refuse()
    assert verdict(_PROGRAMS["x86_64"], prlimit, [1, 7, 0, 0xDEAD]) == refuse()


@given(st.sampled_from(("clock_gettime", "clock_getres", "clock_nanosleep")), st.integers(0, 2**32 - 1))
def test_clocks_of_others_are_refused(name: str, clock: int) -> None:
    """The kernel numbers the processor clocks of other processes from 2³² downwards; the twelve clocks with names are for all."""
    assert (verdict(_PROGRAMS["x86_64"], _X86[name], [clock]) == ALLOW) == (clock < 12)


def test_both_architectures_allow_the_same() -> None:
    """A call that is missing in aarch64's table is one that aarch64 does not have."""
    only_x86 = set(_X86) - set(ARCHITECTURES["aarch64"].numbers)
    assert only_x86 == {
        "alarm", "dup2", "getpgrp", "pause", "poll", "select", "time",
    }  # fmt: skip
    assert ARCHITECTURES["x86_64"].audit == X86_64


_ATTEMPTS = """
import ctypes, errno, mmap, os, signal, socket, threading
from evoheur.sandbox.walls import seccomp
from evoheur.sandbox.walls.architecture import this_architecture
from evoheur.sandbox.walls.privileges import renounce_new
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE)
renounce_new()
seccomp.install(seccomp.child_filter(this_architecture()))
attempts = {
    "fork": os.fork,
    "thread": threading.Thread(target=print).start,
    "exec": lambda: os.execv("/bin/true", ["true"]),
    "socket": socket.socket,
    "kill": lambda: os.kill(os.getppid(), 0),
    "open": lambda: open("/dev/null"),
    "look": lambda: os.stat("/"),
    "memfd": lambda: os.memfd_create("x"),
}
refused = []
for name, attempt in attempts.items():
    try:
        attempt()
    except (OSError, RuntimeError):
        refused.append(name)
executable = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
print(refused == list(attempts), os.getpid() > 1, flush=True)
os.kill(os.getpid(), signal.SIGUSR1)
"""


def test_kernel_agrees() -> None:
    """On this machine's own kernel the walls stand, executable memory is still to be had, and a process may signal itself."""
    ended = subprocess.run([sys.executable, "-c", _ATTEMPTS], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (-10, "True True\n"), ended.stderr


def test_refusal() -> None:
    """This machine has filters, and asking put none on this process."""
    before = _filters()
    assert seccomp.refusal() == ""
    assert _filters() == before


def _filters() -> list[str]:
    return [line for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines() if line.startswith("Seccomp")]

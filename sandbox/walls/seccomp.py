"""The system calls that a child may make.

They are what computing, compiling and answering need, and nothing that reaches another process. Everything that is not listed fails with
EPERM: files by their names, processes and threads, sockets, tracing, shared memory, namespaces, io_uring, and whatever later kernels add.
Not even looking for a file is allowed, since whether anyone looked before can be timed, nor asking how busy the machine is, which an
earlier candidate may have seen to.

`mmap` and `mprotect` may make memory executable, because numba compiles.
"""

import ctypes
import errno
import fcntl
import os
import socket
import termios

from evoheur.sandbox.walls.architecture import Architecture, this_architecture
from evoheur.sandbox.walls.bpf import OWN_PROCESS, CallCase, Condition, Filter, is_null, refuse
from evoheur.sandbox.walls.libc import control, invoke

__all__ = ["child_filter", "install", "refusal"]

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2

# The most frequent first: a filter is read from its beginning.
_ALLOWED = """
    munmap read brk lseek fstat close mprotect mremap
    write pread64 readv writev poll ppoll select pselect6 dup dup2 dup3 getcwd
    nanosleep gettimeofday time times getitimer setitimer alarm
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack pause
    getpid gettid getppid getpgrp getuid geteuid getgid getegid getgroups uname getrusage getrlimit
    sched_yield getcpu getrandom restart_syscall exit exit_group
""".split()  # noqa: SIM905 - eighty quotation marks would hide the words

_ALL = 0xFFFFFFFF
_NONE = (0,)
_ITSELF = (OWN_PROCESS,)
_ITSELF_BY_ZERO_TOO = (0, OWN_PROCESS)
# Huge pages come from a pool that all processes share, locked ones never leave it, and growing ones grow into their neighbours.
_MAP_GROWSDOWN, _MAP_LOCKED, _MAP_HUGETLB = 0x100, 0x2000, 0x40000
# What allocators tell the kernel: normal to dontneed, free, huge pages or none, in core dumps or not. Left out are, for one, merging
# pages with those of other processes and throwing pages of files out of memory, by which processes learn about each other.
_ADVICE = (0, 1, 2, 3, 4, 8, 14, 15, 16, 17)
# Wait, wake, requeue and their bitset forms. Locks that inherit priorities are left out: libraries do not use them, exploits do.
_FUTEX, _FUTEX_FLAGS = (0, 1, 3, 4, 5, 9, 10), 0x80 | 0x100
_CLOCKS = tuple(
    range(12)
)  # those with a name, one's own processor time among them; other numbers stand for other processes' clocks
# F_SETOWN and F_SETSIG are left out: they make the kernel send any signal to any process of the same user. So are F_SETFL and FIONBIO:
# the flags of the standard streams, which all children have from the guest, would stay as one candidate set them for the next to read.
_FCNTL = (fcntl.F_DUPFD, fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_GETFL, fcntl.F_DUPFD_CLOEXEC)
_IOCTL = (termios.TCGETS, termios.TIOCGWINSZ, termios.FIONREAD, termios.FIONCLEX, termios.FIOCLEX)

_CONDITIONAL: dict[str, tuple[Condition, ...]] = {
    "mmap": (Condition(3, _NONE, _MAP_GROWSDOWN | _MAP_LOCKED | _MAP_HUGETLB),),
    "madvise": (Condition(2, _ADVICE),),
    "futex": (Condition(1, _FUTEX, _ALL ^ _FUTEX_FLAGS),),
    # On the channel as it is, to whom it leads: no address, and no flag such as the one for out-of-band data.
    "sendto": (Condition(3, _NONE, _ALL ^ (socket.MSG_NOSIGNAL | socket.MSG_DONTWAIT)), *is_null(4)),
    "recvfrom": (Condition(3, _NONE, _ALL ^ socket.MSG_DONTWAIT), *is_null(4)),
    "fcntl": (Condition(1, _FCNTL),),
    "ioctl": (Condition(1, _IOCTL),),
    "kill": (Condition(0, _ITSELF),),
    "tkill": (Condition(0, _ITSELF),),
    "tgkill": (Condition(0, _ITSELF),),
    "getsid": (Condition(0, _ITSELF_BY_ZERO_TOO),),
    "sched_getaffinity": (Condition(0, _ITSELF_BY_ZERO_TOO),),
    "clock_gettime": (Condition(0, _CLOCKS),),
    "clock_getres": (Condition(0, _CLOCKS),),
    "clock_nanosleep": (Condition(0, _CLOCKS),),
    # Reading limits, never setting them: a limit is there to stay.
    "prlimit64": (Condition(0, _ITSELF_BY_ZERO_TOO), *is_null(2)),
}
_FREQUENT = ("mmap", "madvise", "futex")

# What the C library calls to start a thread, with exactly the flags that make one; 0x400000 is musl's, and means nothing any more. The
# others register a thread's memory with the kernel: without them some versions give up.
_CLONE_THREAD = 0x3D0F00
_OF_THREADS: dict[str, tuple[Condition, ...]] = {
    "clone": (Condition(0, (_CLONE_THREAD, _CLONE_THREAD | 0x400000)), Condition(0, _NONE, high=True)),
    "set_robust_list": (),
    "rseq": (),
}

# The C library tries the newer call first, and falls back to the older one, which is refused, only if it is told there is none.
_ABSENT = ("clone3",)


def child_filter(architecture: Architecture, *, threads: bool = False) -> Filter:
    """The filter for children on an architecture.

    Args:
        architecture: Has the numbers.
        threads: Let a child start threads; processes it never starts.
    """
    numbers = architecture.numbers
    return Filter(
        architecture.audit,
        [
            *(CallCase(numbers[name], conditions=_CONDITIONAL[name]) for name in _FREQUENT),
            *(CallCase(numbers[name]) for name in _ALLOWED if name in numbers),
            *(
                CallCase(numbers[name], conditions=_CONDITIONAL[name])
                for name in _CONDITIONAL
                if name in numbers.keys() - _FREQUENT
            ),
            *(CallCase(numbers[name], conditions=_OF_THREADS[name]) for name in _OF_THREADS if threads),
            *(CallCase(numbers[name], verdict=refuse(errno.ENOSYS)) for name in _ABSENT),
        ],
    )


def refusal() -> str:
    """Why there can be no filter here; else empty."""
    if this_architecture() is None:
        return f"the system call numbers of {os.uname().machine} are not known"
    try:
        control(
            _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER
        )  # without a program: a kernel that has filters cannot find it, and changes nothing
    except OSError as error:
        return "" if error.errno == errno.EFAULT else f"this kernel filters no system calls ({error.strerror})"
    return "this kernel accepts a filter without a program"


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def install(filter_: Filter) -> None:
    """Put the filter on this process, for ever.

    It must have renounced new privileges.

    Raises:
        OSError: The kernel refuses.
    """
    program = filter_.for_process(os.getpid())
    instructions = (ctypes.c_char * len(program)).from_buffer(program)
    described = _Program(len(program) // 8, ctypes.addressof(instructions))
    invoke("prctl", _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(described), 0, 0)

"""System call numbers by processor architecture.

Only those that the walls speak of.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["ARCHITECTURES", "Architecture", "this_architecture"]


@dataclass(frozen=True, slots=True)
class Architecture:
    """One architecture as a system call filter sees it.

    Attributes:
        audit: Its AUDIT_ARCH value, which the kernel tells a filter with every call.
        numbers: System call numbers by name; what the architecture does not have is left out.
    """

    audit: int
    numbers: Mapping[str, int]


def _table(text: str) -> dict[str, int]:
    words = text.split()
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))


_X86_64 = Architecture(
    0xC000003E,
    _table("""
        read 0 write 1 close 3 fstat 5 poll 7 lseek 8 mmap 9 mprotect 10 munmap 11 brk 12 rt_sigaction 13
        rt_sigprocmask 14 rt_sigreturn 15 ioctl 16 pread64 17 readv 19 writev 20 select 23 sched_yield 24 mremap 25
        madvise 28 dup 32 dup2 33 pause 34 nanosleep 35 getitimer 36 alarm 37 setitimer 38 getpid 39 sendto 44
        recvfrom 45 clone 56 exit 60 kill 62 uname 63 fcntl 72 getcwd 79 gettimeofday 96 getrlimit 97 getrusage 98
        times 100 getuid 102 getgid 104 geteuid 107 getegid 108 getppid 110 getpgrp 111 getgroups 115 getsid 124 rt_sigpending 127
        rt_sigtimedwait 128 rt_sigsuspend 130 sigaltstack 131 pivot_root 155 gettid 186 tkill 200 time 201 futex 202
        sched_getaffinity 204 restart_syscall 219 clock_gettime 228 clock_getres 229 clock_nanosleep 230
        exit_group 231 tgkill 234 pselect6 270 ppoll 271 set_robust_list 273 dup3 292
        prlimit64 302 getcpu 309 getrandom 318 rseq 334 clone3 435
    """),
)

_AARCH64 = Architecture(
    0xC00000B7,
    _table("""
        getcwd 17 dup 23 dup3 24 fcntl 25 ioctl 29 pivot_root 41 close 57 lseek 62 read 63
        write 64 readv 65 writev 66 pread64 67 pselect6 72 ppoll 73 fstat 80 exit 93 exit_group 94
        futex 98 set_robust_list 99 nanosleep 101 getitimer 102 setitimer 103 clock_gettime 113 clock_getres 114 clock_nanosleep 115
        sched_getaffinity 123 sched_yield 124 restart_syscall 128 kill 129 tkill 130 tgkill 131 sigaltstack 132 rt_sigsuspend 133
        rt_sigaction 134 rt_sigprocmask 135 rt_sigpending 136 rt_sigtimedwait 137 rt_sigreturn 139 times 153 getsid 156
        getgroups 158 uname 160 getrlimit 163 getrusage 165 getcpu 168 gettimeofday 169 getpid 172 getppid 173 getuid 174
        geteuid 175 getgid 176 getegid 177 gettid 178 sendto 206 recvfrom 207 brk 214 munmap 215 mremap 216 clone 220 mmap 222
        mprotect 226 madvise 233 prlimit64 261 getrandom 278 rseq 293 clone3 435
    """),
)

ARCHITECTURES: Mapping[str, Architecture] = {"x86_64": _X86_64, "aarch64": _AARCH64}
"""By the machine name that uname(2) gives.

Both are compared with the kernel's headers where these are installed. aarch64 follows the generic table, and has not been run.
"""


def this_architecture() -> Architecture | None:
    """The architecture of this process; None if its numbers are unknown."""
    return ARCHITECTURES.get(os.uname().machine) if sys.maxsize > 1 << 32 else None  # 32-bit processes have other numbers

"""System calls by number, for attacks.

So they do not depend on what Python or libc wraps or checks.
"""

import platform

__all__ = ["PREAMBLE", "TABLES"]


def _table(text: str) -> dict[str, int]:
    words = text.split()
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))


_X86_64 = _table("""
    add_key 248 bpf 321 brk 12 chroot 161 clone3 435 fanotify_init 300 inotify_add_watch 254 inotify_init1 294
    io_uring_setup 425 keyctl 250 memfd_create 319 memfd_secret 447 mount 165 mq_open 240 mq_unlink 241 mremap 25
    msgget 68 msgsnd 69 name_to_handle_at 303 open_by_handle_at 304 openat 257 openat2 437 perf_event_open 298
    pidfd_getfd 438 pidfd_open 434 pidfd_send_signal 424 prlimit64 302 process_vm_readv 310 process_vm_writev 311
    ptrace 101 rt_sigqueueinfo 129 sethostname 170 setns 308 shmat 30 shmget 29 syslog 103 tgkill 234 truncate 76
    adjtimex 159 init_module 175 kcmp 312 mlock 149 personality 135 pipe2 293 reboot 169
    sched_setscheduler 144 seccomp 317 splice 275 sysinfo 99 timer_create 222 unshare 272 userfaultfd 323
""")

_AARCH64 = _table("""
    add_key 217 bpf 280 brk 214 chroot 51 clone3 435 fanotify_init 262 inotify_add_watch 27 inotify_init1 26
    io_uring_setup 425 keyctl 219 memfd_create 279 memfd_secret 447 mount 40 mq_open 180 mq_unlink 181 mremap 216
    msgget 186 msgsnd 189 name_to_handle_at 264 open_by_handle_at 265 openat 56 openat2 437 perf_event_open 241
    pidfd_getfd 438 pidfd_open 434 pidfd_send_signal 424 prlimit64 261 process_vm_readv 270 process_vm_writev 271
    ptrace 117 rt_sigqueueinfo 138 sethostname 161 setns 268 shmat 196 shmget 194 syslog 116 tgkill 131 truncate 45
    adjtimex 171 init_module 105 kcmp 272 mlock 228 personality 92 pipe2 59 reboot 142
    sched_setscheduler 119 seccomp 277 splice 76 sysinfo 179 timer_create 107 unshare 97 userfaultfd 282
""")

TABLES = {"x86_64": _X86_64, "aarch64": _AARCH64}
"""By the machine name that uname(2) gives."""

PREAMBLE = f"""
import ctypes, os, socket
NUMBERS = {TABLES.get(platform.machine(), {})!r}
MACHINE = {platform.machine()!r}
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long

def call(name, *arguments):
    number = NUMBERS[name] if isinstance(name, str) else name
    passed = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result = libc.syscall(ctypes.c_long(number), *passed)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), str(name))
    return result
"""
"""Source that defines `call(name or number, *arguments)`, which raises OSError, and `libc`, on this machine's processor."""

"""Attacks that make processes.

By fork in all its shapes, by exec in all its shapes, as threads, as daemons, in great number.
"""

from functools import partial

from evoheur.testing.red_team.attack import LITTLE_WALL
from evoheur.testing.red_team.attack_shorthand import draft
from evoheur.testing.red_team.lures.host import Stray

__all__ = ["PROCESSES"]

# The child runs C code only: clone() calls the function with the argument, and `_exit(7)` ends it.
_CLONE = """
import mmap, signal
stack = mmap.mmap(-1, 1 << 16)
top = ctypes.addressof(ctypes.c_char.from_buffer(stack)) + (1 << 16)
def clone(function, argument, flags):
    child = libc.clone(ctypes.cast(function, ctypes.c_void_p), ctypes.c_void_p(top), ctypes.c_int(flags), ctypes.c_void_p(argument))
    if child < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return child
"""

_VFORK = """
def answer(bait):
    vm, vfork = 0x100, 0x4000
    child = clone(libc._exit, 7, vm | vfork | signal.SIGCHLD)
    return f"child exited with {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}"
"""

_RAW_THREAD = """
import time
def answer(bait):
    vm, fs, files, sighand, thread, sysvsem = 0x100, 0x200, 0x400, 0x800, 0x10000, 0x40000
    number = clone(libc.getppid, 0, vm | fs | files | sighand | thread | sysvsem)
    time.sleep(0.05)
    return f"thread {number}"
"""

_CLONE3 = """
import signal, struct
def answer(bait):
    arguments = ctypes.create_string_buffer(struct.pack("QQQQQQQQ", 0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0), 64)
    child = call("clone3", arguments, 64)
    if child == 0:
        os._exit(7)
    return f"child exited with {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}"
"""

# The new program answers in the candidate's place. It is told the nonce, where there is one, so its answer is as good as any.
_REPLACED = """
import json, struct, sys
def script():
    nonce = sys._getframe(2).f_locals.get("nonce", "")
    reply = json.dumps({"nonce": nonce, "status": "ok", "value": "another program"}).encode()
    frame = struct.pack(">I", len(reply)) + reply
    return "printf '" + "".join(f"\\\\{byte:03o}" for byte in frame) + "' >&3; sleep 1"
"""

_EXEC = """
def answer(bait):
    os.execv("/bin/sh", ["sh", "-c", script()])
"""

_MEMORY_EXEC = """
def answer(bait):
    program = call("memfd_create", b"program", 0)
    os.write(program, b"#!/bin/sh\\n" + script().encode() + b"\\n")
    os.execve(program, ["program"], {})
"""

# Twice forked, in a session of its own, with an empty environment: nothing but its command line tells where it came from.
_DAEMON = """
import sys
def answer(bait):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execve("/bin/sh", ["sh", "-c", "sleep 30; :", bait["mark"]], {})
        os._exit(0)
    os.wait()
    return "started"
"""

_BOMB = """
import time
def answer(bait):
    count = 0
    for _ in range(100):
        if os.fork() == 0:
            time.sleep(20)
            os._exit(0)
        count += 1
    return f"{count} processes"
"""

_HIDDEN_WORK = """
import time
def answer(bait):
    start = time.time()
    if os.fork() == 0:
        while time.time() < start + 0.2: pass
        os._exit(0)
    return f"a child works on, {os.wait()[1]}"
"""


_attack = partial(draft, "processes")

PROCESSES = (
    _attack("fork", "fork", "child = os.fork() or os._exit(7)\n    return f'{child} exited with {os.wait()[1] >> 8}'"),
    _attack("vfork", "make a child that shares its memory, as vfork does", _CLONE + _VFORK),
    _attack("clone3", "fork by clone3, whose flags a filter cannot read", _CLONE3),
    _attack(
        "thread",
        "start a thread",
        "import _thread\n    lock = _thread.allocate_lock()\n    lock.acquire()\n"
        "    _thread.start_new_thread(lock.release, ())\n    return lock.acquire(timeout=2) and 'a thread ran'",
    ),
    _attack("raw-thread", "start a thread by clone, behind Python's back", _CLONE + _RAW_THREAD),
    _attack("exec", "become another program", _REPLACED + _EXEC),
    _attack("exec-from-memory", "become a program that lies in memory only", _REPLACED + _MEMORY_EXEC),
    _attack(
        "spawn",
        "start another program by posix_spawn",
        "child = os.posix_spawn('/bin/true', ['true'], {})\n    return f'exited with {os.waitpid(child, 0)[1]}'",
    ),
    _attack(
        "subprocess",
        "run a shell command",
        "import subprocess\n    return subprocess.check_output(['/bin/echo', 'hello'], text=True)",
    ),
    _attack("daemon", "leave a daemon behind that lives on", _DAEMON, lure=Stray),
    _attack("fork-bomb", "fill the table of processes", _BOMB),
    _attack("work-in-a-child", "have a child work whose processor time is not counted", _HIDDEN_WORK, limits=LITTLE_WALL),
)
"""Attacks by making processes. What they start ends by itself within seconds, whoever stops it."""

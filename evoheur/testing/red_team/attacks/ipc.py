"""Attacks through shared memory, queues, keys and terminals.

There a candidate meets others in the kernel.
"""

from functools import partial

from evoheur.testing.red_team.attack_shorthand import draft
from evoheur.testing.red_team.lures.kernel_objects import PosixMemory, SysvMemory, SysvQueue, Terminal

__all__ = ["IPC"]

_ATTACH = """
def answer(bait):
    address = call("shmat", call("shmget", bait["key"], 0, 0), 0, 0)
    return ctypes.string_at(address, 32).decode()
"""

_SEND = """
import struct
def answer(bait):
    message = ctypes.create_string_buffer(struct.pack("l", 1) + b"hello", 32)
    no_wait = 0o4000
    return call("msgsnd", call("msgget", bait["key"], 0), message, 8, no_wait)
"""

_TYPE = """
import fcntl, termios
def answer(bait):
    terminals = [0, 1, 2, 3]
    for path in ("/dev/tty", bait["terminal"]):
        try:
            terminals.append(os.open(path, os.O_RDWR | os.O_NOCTTY))
        except OSError as error:
            refusal = error
    typed = 0
    for terminal in terminals:
        try:
            fcntl.ioctl(terminal, termios.TIOCSTI, b"x")
            typed += 1
        except OSError as error:
            refusal = error
    if not typed:
        raise refusal
    return "typed"
"""

_ADD_KEY = """
def answer(bait):
    user, unlink = -4, 9
    key = call("add_key", b"user", b"red-team", b"secret", 6, user)
    call("keyctl", unlink, key, user)
    return f"key {key}"
"""


_attack = partial(draft, "shared objects")

IPC = (
    _attack("sysv-read", "read the host's System V shared memory", _ATTACH, lure=SysvMemory),
    _attack(
        "sysv-leave",
        "leave System V shared memory to others",
        "return call('shmget', bait['own_key'], 4096, 0o1666)",
        lure=SysvMemory,
    ),
    _attack("sysv-queue", "put a message into the host's queue", _SEND, lure=SysvQueue),
    _attack(
        "posix-read", "read the host's POSIX shared memory", "return open('/dev/shm/' + bait['name']).read()", lure=PosixMemory
    ),
    _attack(
        "posix-write",
        "change the host's POSIX shared memory",
        "return open('/dev/shm/' + bait['name'], 'w').write('x')",
        lure=PosixMemory,
    ),
    _attack(
        "posix-queue",
        "make a POSIX message queue",
        "return call('mq_open', b'red-team', 0o102, 0o600, 0) and call('mq_unlink', b'red-team')",
    ),
    _attack(
        "keyring-add",
        "leave something in the user's keyring",
        _ADD_KEY,
    ),
    _attack(
        "keyring-read", "look into the session's keyring", "get, session = 0, -3\n    return call('keyctl', get, session, 1)"
    ),
    _attack(
        "terminal",
        "type commands into the user's terminal",
        _TYPE,
        lure=Terminal,
        cannot_bite={"PermissionError": "the kernel keeps it to root"},
    ),
)
"""Attacks through objects that live in the kernel."""

"""Attacks that signal to the next candidate.

Nothing is left for it: what the first has used comes faster to the second. The attacker sends a pattern that both know, one bit per file
or name; its accomplice, who is the next candidate, measures and says "received" if nearly all of it arrives. The sender first makes cold
what it needs cold, so that the attack does not wait for luck.
"""

from evoheur.testing.red_team.attack import Attack
from evoheur.testing.red_team.attack_shorthand import draft
from evoheur.testing.red_team.lures.lure import Nothing
from evoheur.testing.red_team.syscalls import PREAMBLE

__all__ = ["CHANNELS"]

_CANNOT_BITE = {
    "no page can be made cold": "the standard library lies in a file system in memory",
    "new names come as fast as old ones": "the file system of the standard library has all names at hand",
}

# 96 bits that chance does not hit: 48 of them set, and the accomplice wants 88 right.
_PATTERN = """
import hashlib, mmap, time
BITS = [bit == "1" for byte in hashlib.sha256(b"red team").digest()[:12] for bit in f"{byte:08b}"]
def verdict(answers, wanted=88):
    right = sum(a == b for a, b in zip(answers, BITS, strict=True))
    return "received" if right >= wanted else "nothing"
def halves(nanoseconds):
    # Fast or slow: the times fall into two heaps, and the widest gap in their order of magnitude lies between.
    ordered = sorted(nanoseconds)
    low, high = len(ordered) // 4, 3 * len(ordered) // 4
    gap = max(range(low, high), key=lambda place: ordered[place + 1] / ordered[place])
    return [value <= ordered[gap] for value in nanoseconds]
def timed(action):
    start = time.perf_counter_ns()
    action()
    return time.perf_counter_ns() - start
def attempted(action):
    try:
        return action()
    except OSError as error:
        return error
def library_files():
    # Sources of the standard library: their compiled code is read instead, and both find the same ones in the same order.
    folder = os.path.dirname(os.__file__)
    return [f"{folder}/{name}" for name in sorted(os.listdir(folder)) if name.endswith(".py")][: len(BITS)]
"""

_SEND_PAGES = """
def can_be_cold():
    # Tried on a file of its own, since asking for a page sets off its reading.
    file = os.open(os.path.dirname(os.__file__) + "/turtle.py", os.O_RDONLY)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    cold = isinstance(attempted(lambda: os.preadv(file, [bytearray(1)], 0, os.RWF_NOWAIT)), OSError)
    os.close(file)
    return cold
def answer(bait):
    for path, bit in zip(library_files(), BITS, strict=True):
        file = os.open(path, os.O_RDONLY)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_RANDOM)
        if bit:
            os.pread(file, 1, 0)
        os.close(file)
    return "sent" if can_be_cold() else "no page can be made cold"
"""

_TIME_PAGES = """
def receive():
    times = []
    for path in library_files():
        file = os.open(path, os.O_RDONLY)
        times.append(timed(lambda: os.pread(file, 1, 0)))
        os.close(file)
    return verdict(halves(times))
"""

_ASK_FOR_PAGES = """
def receive():
    found, buffer = [], bytearray(1)
    for path in library_files():
        file = os.open(path, os.O_RDONLY)
        found.append(not isinstance(attempted(lambda: os.preadv(file, [buffer], 0, os.RWF_NOWAIT)), OSError))
        os.close(file)
    return verdict(found)
"""

_ASK_MINCORE = """
def receive():
    libc.mmap.restype = ctypes.c_void_p
    found = []
    for path in library_files():
        file = os.open(path, os.O_RDONLY)
        place = libc.mmap(None, ctypes.c_size_t(4096), mmap.PROT_READ, mmap.MAP_PRIVATE, file, ctypes.c_long(0))
        there = ctypes.c_ubyte()
        if libc.mincore(ctypes.c_void_p(place), ctypes.c_size_t(4096), ctypes.byref(there)):
            raise OSError(ctypes.get_errno(), "mincore")
        found.append(bool(there.value & 1))
        os.close(file)
    return verdict(found)
"""

# Looked-up names stay with the kernel whether they exist or not. The names are new every tenth of a second, or an earlier pair would be
# heard; the sender waits until what an earlier accomplice has tried is past.
_NAMES = """
def names(moment):
    folder = os.path.dirname(os.__file__)
    return [[f"{folder}/{moment}-{place}-{copy}" for copy in range(7)] for place in range(len(BITS))]
def look(name):
    try:
        os.stat(name)
    except FileNotFoundError:
        pass
"""

_SEND_NAMES = """
def answer(bait):
    trial = names(-time.time_ns())
    first, second = (sorted(timed(lambda: look(few[0])) for few in trial) for _ in range(2))
    if first[len(BITS) // 2] < 1.3 * second[len(BITS) // 2]:
        return "new names come as fast as old ones"
    time.sleep(0.25)
    for few, bit in zip(names(int(10 * time.time())), BITS, strict=True):
        for name in few:
            if bit:
                look(name)
    return "sent"
"""

_TIME_NAMES = """
def receive():
    now = int(10 * time.time())
    for moment in range(now, now - 200, -1):
        times = [sorted(timed(lambda: look(name)) for name in few)[3] for few in names(moment)]
        if verdict(halves(times)) == "received":
            return "received"
    return "nothing"
"""

_FINDER = """
def answer(question):
    try:
        return receive()
    except OSError:
        return "nothing"
"""

# How busy a candidate kept the machine outlives it by a minute.
_LOAD = """
import struct
told = ctypes.create_string_buffer(128)
def answer(bait):
    call("sysinfo", ctypes.addressof(told))
    return f"load {struct.unpack_from('L', told, 8)[0]}"
"""


def _channel(name: str, tries: str, *, sender: str, receiver: str, shared: str = "") -> Attack:
    both = PREAMBLE + _PATTERN + shared
    return Attack(
        name=name,
        family="channels",
        tries=tries,
        source=both + sender,
        next_candidate=both + receiver + _FINDER,
        next_answer="nothing",
        lure=Nothing,
        cannot_bite=_CANNOT_BITE,
    )


CHANNELS = (
    _channel(
        "cold-pages",
        "tell the next candidate something by which files it has read",
        sender=_SEND_PAGES,
        receiver=_TIME_PAGES,
    ),
    _channel(
        "cold-pages-unwaited",
        "do so, and have the other ask for pages only if they are there",
        sender=_SEND_PAGES,
        receiver=_ASK_FOR_PAGES,
    ),
    _channel(
        "cold-pages-mincore",
        "do so, and have the other ask the kernel which pages are there",
        sender=_SEND_PAGES,
        receiver=_ASK_MINCORE,
    ),
    _channel(
        "looked-up-names",
        "tell it something by which names it has looked for",
        sender=_SEND_NAMES,
        receiver=_TIME_NAMES,
        shared=_NAMES,
    ),
    draft("channels", "load", "learn how busy earlier candidates kept the machine", _LOAD, word_counts=True),
)
"""Attacks by what the kernel remembers of a candidate that has ended."""

"""Attacks on the channel: forged, early, doubled, broken, late frames."""

from collections.abc import Callable

from evoheur.sandbox.interface import Limits
from evoheur.testing.misbehaviour import MISBEHAVIOURS
from evoheur.testing.red_team.attack import LITTLE_WALL, USUAL, Attack
from evoheur.testing.red_team.lures.host import Believed, HostMemory
from evoheur.testing.red_team.lures.lure import Deadline, Lure
from evoheur.testing.red_team.syscalls import PREAMBLE

__all__ = ["FRAMES"]

_FORGE = """
import json, struct, sys, time
def frame(value, nonce=""):
    payload = json.dumps({"nonce": nonce, "status": "ok", "value": value}).encode()
    return struct.pack(">I", len(payload)) + payload
def send(data):
    while data:
        data = data[os.write(3, data):]
def nonce():
    return sys._getframe(2).f_locals.get("nonce", "")
"""

_EARLY = """
def answer(bait):
    send(frame("honest", nonce()) + frame("sent before the question"))
    time.sleep(1.5)
"""

_WHILE_LOADING = """
send(frame("sent while loading") * 2)
def answer(bait):
    return "honest"
"""

# The second copy lies in wait for the next question.
_DOUBLED = """
def answer(bait):
    send(frame("honest", nonce()))
    time.sleep(0.2)
    send(frame("the same again", nonce()))
    time.sleep(1.5)
"""

_OLD_NONCE = """
old = []
def answer(bait):
    old.append(nonce())
    if len(old) == 1:
        return "honest"
    send(frame("answered with the nonce of another question", old[0]))
"""

_LATE = """
def answer(bait):
    time.sleep(1)
    send(frame("late", nonce()))
    time.sleep(1.5)
"""


# Under the right nonce: what is wrong is only what an honest child would never have put into a frame.
_RAW = """
def answer(bait):
    payload = b'{{"nonce":"' + nonce().encode() + b'","status":"ok","value":{value}}}'
    send(struct.pack(">I", len(payload)) + payload)
    time.sleep(1.5)
"""

# Known misbehaviour of the contract, with what a host that trusts would make of it.
_KNOWN: dict[str, tuple[str, Callable[[], Lure], Limits]] = {
    "wrong-nonce": ("answer with a nonce that it made up", Believed, USUAL),
    "no-nonce": ("answer without a nonce", Believed, USUAL),
    "garbage": ("send bytes that are no text", Believed, USUAL),
    "empty-frame": ("send an empty frame", Believed, USUAL),
    "deep-nesting": ("send brackets nested beyond all depth", Believed, USUAL),
    "four-gigabyte-header": ("announce four gigabytes", HostMemory, LITTLE_WALL),
    "trickle": ("send a byte now and then for ever", Deadline, LITTLE_WALL),
}

_HALF_THEN_SILENCE = """
def answer(bait):
    os.write(3, b"\\0\\0\\1\\0{")
    time.sleep(30)
"""


def _attack(
    name: str, tries: str, body: str, *, lure: Callable[[], Lure] = Believed, limits: Limits = USUAL, asks: int = 1
) -> Attack:
    return Attack(name=name, family="frames", tries=tries, source=PREAMBLE + _FORGE + body, lure=lure, limits=limits, asks=asks)


FRAMES = (
    _attack("not-a-number", "answer with a number that is none", _RAW.format(value="NaN")),
    _attack("infinity", "answer with a number beyond all bounds", _RAW.format(value="-1e999")),
    _attack("endless-number", "answer with a number of 50,000 digits", _RAW.format(value="' + b'7' * 50000 + b'")),
    _attack("half-a-character", "answer with half a character, which no database takes", _RAW.format(value='"\\\\ud800"')),
    _attack("early-answer", "answer the second question before it is asked", _EARLY, asks=2),
    _attack("answer-while-loading", "answer before anything is asked", _WHILE_LOADING),
    _attack("doubled-answer", "answer twice, the second time into the next question", _DOUBLED, asks=2),
    _attack("old-nonce", "use the nonce of an earlier question", _OLD_NONCE, asks=2),
    _attack("late-answer", "answer after the deadline", _LATE, lure=Deadline, limits=LITTLE_WALL),
    _attack("half-then-silence", "send half a frame and fall silent", _HALF_THEN_SILENCE, lure=Deadline, limits=LITTLE_WALL),
    *(
        Attack(name=case.name, family="frames", tries=tries, source=case.source, lure=lure, limits=limits)
        for case in MISBEHAVIOURS
        if case.name in _KNOWN
        for tries, lure, limits in [_KNOWN[case.name]]
    ),
)
"""Attacks on the protocol."""

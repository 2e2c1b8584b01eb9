"""Attacks that reach sockets.

`bait` has the "address" of one on this machine: a port, or a path (abstract ones begin with a null character).
"""

from functools import partial

from evoheur.testing.red_team.attack_shorthand import draft
from evoheur.testing.red_team.lures.host import HostDescriptors
from evoheur.testing.red_team.lures.listening_sockets import (
    AbstractListener,
    PathDatagram,
    PathListener,
    Tcp6Listener,
    TcpListener,
    UdpListener,
)

__all__ = ["NETWORK"]

_NO_SUCH_PROTOCOL = {"not supported": "the kernel has no such protocol"}
_NEEDS_PRIVILEGE = {"Operation not permitted": "the kernel keeps it to root"}


_attack = partial(draft, "network")

_SEND_DESCRIPTORS = """
import time
def answer(bait):
    channel = socket.socket(fileno=os.dup(3))
    for _ in range(4):
        socket.send_fds(channel, [b"\\0"], [0, 1, 2, 3] * 4)
    time.sleep(0.2)
    return "sent"
"""

_NETLINK = """
import struct
def answer(bait):
    channel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    get_link, dump = 18, 0x301
    channel.send(struct.pack("IHHIIBxHiII", 32, get_link, dump, 1, 0, 0, 0, 0, 0, 0))
    return f"{len(channel.recv(65536))} bytes about the machine's network"
"""

_OUT_OF_BAND = """
def answer(bait):
    out_of_band, no_wait = 1, 0x40
    if libc.send(3, b"x", 1, out_of_band | no_wait) < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), "out-of-band byte")
    return "sent"
"""

NETWORK = (
    _attack("tcp", "connect by TCP", "socket.create_connection(('127.0.0.1', bait['address']), 2)", lure=TcpListener),
    _attack("tcp6", "connect by TCP over IPv6", "socket.create_connection(('::1', bait['address']), 2)", lure=Tcp6Listener),
    _attack(
        "tcp-fast-open",
        "connect by sending, without connect()",
        "s = socket.socket()\n    s.settimeout(2)\n    s.sendto(b'x', socket.MSG_FASTOPEN, ('127.0.0.1', bait['address']))",
        lure=TcpListener,
    ),
    _attack(
        "mptcp",
        "connect by multipath TCP, which Landlock does not guard",
        "s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)\n    s.settimeout(2)\n    s.connect(('127.0.0.1', bait['address']))",
        lure=TcpListener,
        cannot_bite=_NO_SUCH_PROTOCOL,
    ),
    _attack(
        "udp",
        "send a packet by UDP",
        "return socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', bait['address']))",
        lure=UdpListener,
    ),
    _attack(
        "unix-path", "connect to a daemon's socket", "socket.socket(socket.AF_UNIX).connect(bait['address'])", lure=PathListener
    ),
    _attack(
        "unix-path-datagram",
        "send to a daemon's socket",
        "return socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'x', bait['address'])",
        lure=PathDatagram,
    ),
    _attack(
        "unix-pair-redirected",
        "turn a socket from socketpair(), which is harmless, towards a daemon",
        "return socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b'x', bait['address'])",
        lure=PathDatagram,
    ),
    _attack(
        "unix-abstract",
        "connect to a socket without a path",
        "socket.socket(socket.AF_UNIX).connect(bait['address'])",
        lure=AbstractListener,
    ),
    _attack("netlink", "ask the kernel about the network", _NETLINK),
    _attack("listen", "wait for connections", "return socket.create_server(('127.0.0.1', 0)).getsockname()"),
    _attack(
        "vsock",
        "open a socket to the hypervisor",
        "return str(socket.socket(40, socket.SOCK_STREAM))",
        cannot_bite=_NO_SUCH_PROTOCOL,
    ),
    _attack(
        "kernel-crypto",
        "open a socket to the kernel's cryptography",
        "return str(socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET))",
        cannot_bite=_NO_SUCH_PROTOCOL,
    ),
    _attack(
        "packets",
        "read raw packets",
        "return str(socket.socket(socket.AF_PACKET, socket.SOCK_RAW))",
        cannot_bite=_NEEDS_PRIVILEGE,
    ),
    _attack(
        "out-of-band",
        "send out-of-band data on its own channel, a corner of the kernel with a known exploit (CVE-2025-38236)",
        _OUT_OF_BAND,
    ),
    _attack(
        "descriptors-to-host", "fill the host's table of descriptors over the channel", _SEND_DESCRIPTORS, lure=HostDescriptors
    ),
)
"""Attacks over sockets. All targets are on this machine."""

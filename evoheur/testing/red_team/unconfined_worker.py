"""A plain process in which untrusted code often runs.

It inherits everything and serves all candidates. Started by `unconfined`. A program of its own that imports nothing of ours. Descriptor 3
is its channel.
"""

import contextlib
import json
import os
import struct
import sys
from typing import Any

_HEADER = struct.Struct(">I")


def serve() -> None:
    """Open candidates and answer questions until the channel ends."""
    answer: Any = None
    while True:
        header = _read(_HEADER.size)
        message = json.loads(_read(_HEADER.unpack(header)[0]))
        try:
            if "source" in message:
                namespace: dict[str, Any] = {}
                exec(compile(message["source"], "candidate", "exec"), namespace)  # noqa: S102 - that is the point of it
                value, answer = None, namespace["answer"]
            else:
                value = answer(message["question"])
            reply = {"status": "ok", "value": value}
        except BaseException as error:  # noqa: BLE001 - the candidate's exception is its answer
            reply = {"status": "error", "detail": f"{type(error).__name__}: {error}"}
        payload = json.dumps(reply).encode()
        _write(_HEADER.pack(len(payload)) + payload)


def _read(size: int) -> bytes:
    data = b""
    while len(data) < size:
        chunk = os.read(3, size - len(data))
        if not chunk:
            os._exit(0)
        data += chunk
    return data


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(3, data) :]


def main() -> None:
    """Set up the channel and serve in a child.

    So the candidate's parent is not the host, which it may kill.
    """
    channel = int(sys.argv[1])
    if channel != 3:
        os.dup2(channel, 3)
        os.close(channel)
    child = os.fork()
    if child == 0:
        with contextlib.suppress(OSError):  # the host is gone
            serve()
        os._exit(0)
    os.close(3)
    os.waitpid(child, 0)


if __name__ == "__main__":
    main()

"""A database server that is far away: a relay of its own process, which takes its time for every message, there and back.

Alone with `python -m tests.benchmarks.support.distant_server SOCKET MILLISECONDS`; it says its port, and ends when it is told to.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import make_url

__all__ = ["distant"]

_PIECE = 1 << 16


@contextmanager
def distant(url: str, round_trip: float) -> Iterator[str]:
    """The address under which a server on a unix socket is reached slowly.

    Args:
        url: Of a database on it.
        round_trip: What a question and its answer take on their ways together, in seconds.
    """
    near = make_url(url)
    words = [sys.executable, "-m", __spec__.name, f"{near.query['host']}/.s.PGSQL.5432", str(1000 * round_trip)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as relay:
        assert relay.stdout is not None
        try:
            far = near.set(host="127.0.0.1", port=int(relay.stdout.readline()), query={})
            yield far.render_as_string(hide_password=False)
        finally:
            relay.terminate()


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter, seconds: float) -> None:
    """Pass on what comes, so much later, in its order."""
    loop = asyncio.get_running_loop()
    while piece := await source.read(_PIECE):
        loop.call_later(seconds, target.write, piece)
    loop.call_later(seconds, target.close)


async def _relay(socket: str, seconds: float) -> None:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, questions = await asyncio.open_unix_connection(socket)
        await asyncio.gather(_carry(reader, questions, seconds), _carry(answers, writer, seconds), return_exceptions=True)

    server = await asyncio.start_server(connected, "127.0.0.1")
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_relay(sys.argv[1], float(sys.argv[2]) / 2000))

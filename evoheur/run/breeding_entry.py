"""The breeding process: it breeds and reads for a run, one job after the other.

It is trusted, runs no candidate's code, gets no key, and holds nothing but what it was asked about last. It ends when its socket does.
"""

import contextlib
import socket
import sys

from evoheur.generation.mutation.breeding import Stuck
from evoheur.run.breeding_messages import Answer, Frames, Job, framed
from evoheur.run.frozen_heap import frozen_heap
from evoheur.run.reply_work import RawReply, ReplyWork

__all__ = ["main"]

_PIECE = 1 << 16


def main(descriptor: int) -> None:
    """Serve until the other end is closed.

    Args:
        descriptor: Of the socket; the first message is the `ReplyWork` to do, and is answered by None.
    """
    frames = Frames()
    work: ReplyWork | None = None
    with contextlib.suppress(ConnectionError), socket.socket(fileno=descriptor) as stream, frozen_heap():
        while piece := stream.recv(_PIECE):
            for message in frames.feed(piece):
                if work is None:
                    work = message
                    stream.sendall(framed(None))
                else:
                    stream.sendall(framed(_done(work, message)))


def _done(work: ReplyWork, job: Job) -> Answer:
    try:
        return work.find(job) if isinstance(job, RawReply) else work.breed_and_find(job)
    except Stuck as stuck:
        return str(stuck)
    except Exception:  # noqa: BLE001 - the run does this job itself, and meets the same error within its net
        return None


if __name__ == "__main__":
    main(int(sys.argv[1]))

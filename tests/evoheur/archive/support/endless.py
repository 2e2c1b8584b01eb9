"""Works on a run until it is killed, telling what is stored: `… -m tests.evoheur.archive.support.endless URL`."""

import itertools
import sys

from evoheur.archive.archive import Archive
from evoheur.archive.records import Told
from evoheur.candidate import Candidate
from tests.evoheur.archive.support.made_up import candidate, step

NAME = "endless"


def work(archive: Archive) -> None:
    run = archive.run(NAME)
    done = [entry.outcome for entry in archive.log(run.id) if isinstance(entry, Told)]
    numbers = itertools.count(1 + sum(isinstance(outcome, Candidate) for outcome in done))
    archive.begin_session(run.id)
    for number in numbers:
        told = step(archive, run, candidate(number, parents=(0, number - 1)))
        sys.stdout.write(f"{told.sequence}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    with Archive.open(sys.argv[1]) as opened, opened.hold(NAME):
        work(opened)

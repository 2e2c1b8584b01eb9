"""The log of a run, read part by part."""

import random
from dataclasses import replace

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.extent import COURSE, FOR_REPLAY, WHOLE, Extent
from evoheur.archive.log_reading import entries
from evoheur.archive.records import Asked, RunRecord, Told
from evoheur.candidate import Candidate
from evoheur.request import Failure, Note, Request, Rescored
from tests.evoheur.archive.support.made_up import MESSAGES, REPLY, candidate, new_run
from tests.evoheur.archive.support.random_run import tell_at_random
from tests.evoheur.archive.support.story import NAME, tell_story


def valid(log: list[Asked | Told]) -> list[Asked | Told]:
    """A log as a server has it, where half a character has become U+FFFD."""
    return [
        replace(entry, outcome=Note(text=entry.outcome.text.replace("\ud83d", "\ufffd")))
        if isinstance(entry, Told) and isinstance(entry.outcome, Note)
        else entry
        for entry in log
    ]


@pytest.mark.parametrize("extent", [WHOLE, FOR_REPLAY, COURSE])
@pytest.mark.parametrize("at_once", [1, 2, 3, 7])
def test_the_parts_make_up_the_whole(archive: Archive, at_once: int, extent: Extent) -> None:
    """However short they are: what is asked in one part and told in a later one among it, duplicates and what was scored again."""
    whole = tell_story(archive)
    run = archive.run(NAME)
    assert list(archive.entries(run.id)) == (whole if archive.url.startswith("sqlite") else valid(whole))
    with archive._reading() as connection:
        assert list(entries(connection, run.id, extent, at_once=at_once)) == archive.log(run.id, extent)


def test_what_is_told_in_another_order_comes_with_its_request(archive: Archive) -> None:
    """Many in flight, the last one told first, so that every part has outcomes whose requests are parts away."""
    run = new_run(archive)
    archive.record_baseline(run.id, candidate(0))
    asks: list[Asked] = []
    for number in range(12):
        asked = archive.record_ask(run.id, Request(operator="e1", tag=number), MESSAGES)
        asks.append(archive.record_completion(asked, REPLY))
    tells = [archive.record_tell(asked, candidate(number)) for number, asked in enumerate(reversed(asks[2:]), start=1)]
    with archive._reading() as connection:
        found = list(entries(connection, run.id, at_once=4))
    assert found == [*asks, *tells]
    assert [entry.outcome.id for entry in found if isinstance(entry, Told) and isinstance(entry.outcome, Candidate)] == [
        *range(1, 11)
    ]


def test_an_entry_is_of_the_moment_when_the_first_was_read(archive: Archive) -> None:
    """Who reads sees nothing of what is written meanwhile."""
    whole = tell_story(archive)
    run = archive.run(NAME)
    with Archive.open(archive.url, read_only=True) as other:
        reading = other.entries(run.id)
        assert next(reading) == whole[0]
        archive.record_ask(run.id, Request(operator="e1"), MESSAGES)
        assert len(list(reading)) == len(whole) - 1


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_a_log_is_read_as_it_was_written(archive: Archive, run: RunRecord, seed: int) -> None:
    """In parts of any length, with duplicates and twins of what is parts away, and notes and fingerprints of instances."""
    log = tell_at_random(archive, run, random.Random(seed), 60)
    assert {type(entry.outcome) for entry in log if isinstance(entry, Told)} == {Candidate, Note, Failure, Rescored}
    assert archive.log(run.id) == log
    with archive._reading() as connection:
        assert list(entries(connection, run.id, at_once=5)) == log

"""How far runs have come."""

from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord
from tests.evoheur.archive.support.made_up import candidate, new_run, step


def test_a_pulse_tells_the_last_ask_the_last_tell_and_the_last_sign_of_life(archive: Archive, run: RunRecord) -> None:
    other = new_run(archive, "other")
    [before, _] = archive.pulses()
    assert (before.run, before.asked, before.told, before.alive_at) == (run, 0, 0, None)
    archive.begin_session(run.id)
    told = step(archive, run, candidate(1))
    [first, second] = archive.pulses()
    assert (first.asked, first.told) == (told.asked.sequence, told.sequence)
    assert first.alive_at is not None
    assert (second.run, second.asked, second.told) == (other, 0, 0)

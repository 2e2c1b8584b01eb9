"""Every method is repeated row for row, with a run that tells in the order of arrival as its recording.

`test_recordings` shows it for one method, over HTTP; this has notes, repairs, tunings, fresh instances and funnels.
"""

from pathlib import Path

import pytest

from evoheur import discover
from evoheur.api.recordings import replay
from tests.end_to_end.support.method_settings import FUNNELLED, METHOD_SETTINGS, RESAMPLED, method_configuration
from tests.support.run_rows import prompts, rows


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.parametrize("method", sorted({**METHOD_SETTINGS, **RESAMPLED, **FUNNELLED}))
def test_a_replay_has_the_same_rows(tmp_path: Path, scheduling: str, method: str) -> None:
    """Although twice as many are in flight."""
    database = tmp_path / "a.db"
    settings = method_configuration(method, scheduling, evaluations=40, name="first", tell_order="arrival")
    assert discover(settings, archive=database).status == "finished"
    again = replay("first", {"in_flight": 8}, archive=database)
    assert again.status == "finished"
    assert rows(database, again.run) == rows(database, "first")
    assert prompts(database, again.run) == prompts(database, "first")

"""`history`: what happened to a run beside its log, in a table and for programs."""

from evoheur.archive.archive import Archive
from evoheur.archive.records import NewEvent
from evoheur.documents.schemas import DOCUMENTS
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur


def test_sessions_and_outages_come_in_order_and_hostile_text_is_harmless(history: History) -> None:
    with Archive.open(history.url) as archive:
        run = archive.run("tiny")
        outage = NewEvent(kind="outage", text="m is down \x1b[31m(\ud83d [bold]x)", details={"endpoint": "m", "since": 5.0})
        archive.record_event(run.id, outage)
    documents = evoheur("history", "tiny", "--json", "--archive", history.url).document
    assert [each["kind"] for each in documents] == ["session_began", "session_ended", "outage"]
    assert documents[1]["text"].startswith("finished: budget of ")
    assert documents[0]["seconds"] <= documents[1]["seconds"] <= documents[2]["seconds"]
    assert documents[0]["sequence"] == 0 < documents[1]["sequence"]
    for each in documents:
        DOCUMENTS["run-event"].model_validate(each)
    table = evoheur("history", "tiny", "--archive", history.url).out
    assert "the run begins" in table
    assert "m is down" in table
    assert "\x1b" not in table

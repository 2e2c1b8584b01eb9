"""Archives that cannot be shown: a page with a sentence, and the pages themselves as soon as they can."""

import shutil
import socket
from pathlib import Path

import pytest

from tests.evoheur.ui.support.client import viewer
from tests.evoheur.ui.support.made_up_archive import many_runs

OLD = Path(__file__).parents[2] / "data" / "archives" / "0005.db"
PLACES = ("/", "/run/run-1", "/delete?run=run-1", "/data/runs", "/data/run/run-1", "/data/compare?run=run-1")


@pytest.mark.parametrize("place", PLACES)
def test_an_archive_of_another_schema_says_what_brings_it_up_to_date(tmp_path: Path, place: str) -> None:
    archive = shutil.copy(OLD, tmp_path / "old.db")
    answer = viewer(f"sqlite:///{archive}").get(place)
    assert answer.status_code == 503
    assert "has schema 0005, older than" in answer.text
    assert "evoheur db upgrade" in answer.text
    assert "Traceback" not in answer.text


def test_a_database_that_is_no_archive_says_so(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("This is no database. " * 100)
    answer = viewer(f"sqlite:///{tmp_path / 'text.db'}").get("/")
    assert answer.status_code == 503
    assert "Cannot use the archive" in answer.text


def test_a_server_that_is_down_is_a_sentence_without_its_password() -> None:
    with socket.socket() as taken:  # bound, and not listening: nobody answers there
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        answer = viewer(f"postgresql+psycopg://me:secret@127.0.0.1:{port}/runs?connect_timeout=2").get("/")
    assert answer.status_code == 503
    assert "Cannot use the archive" in answer.text
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_an_archive_that_is_made_later_or_replaced_is_shown_from_then_on(tmp_path: Path) -> None:
    archive = tmp_path / "evoheur.db"
    client = viewer(f"sqlite:///{archive}")
    answer = client.get("/")
    assert answer.status_code == 503
    assert "There is no archive at" in answer.text
    many_runs(archive, 2)
    assert client.get("/").text.count("data-run=") == 2
    assert "run-2" in client.get("/data/run/run-2").text
    for path in tmp_path.glob("evoheur.db*"):
        path.unlink()
    many_runs(archive, 1)
    assert client.get("/").text.count("data-run=") == 1
    assert client.get("/data/run/run-2").status_code == 404

"""Runs that are renamed, deleted or made anew while somebody looks at them."""

from dataclasses import replace
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.request import Failure
from evoheur.ui.descent_shelf import DescentShelf
from tests.evoheur.archive.support.made_up import candidate, new_run, step
from tests.evoheur.ui.support.client import viewer

PLACES = ("/data/run/{}", "/data/run/{}/lineage", "/data/run/{}/structure", "/data/run/{}/matrix")


def with_run(archive: Archive, *gaps: float) -> None:
    run = new_run(archive, "seen")
    archive.record_baseline(run.id, candidate(0, 9.0))
    for number, gap in enumerate(gaps, 1):
        step(archive, run, candidate(number, gap, parents=(0,)))


@pytest.fixture
def url(tmp_path: Path) -> str:
    """An archive with a run "seen" of one heuristic beside its baseline."""
    found = f"sqlite:///{tmp_path / 'evoheur.db'}"
    with Archive.open(found, create=True) as archive:
        with_run(archive, 5.0)
    return found


@pytest.mark.parametrize("place", PLACES)
def test_a_renamed_run_is_shown_under_its_new_name(url: str, place: str) -> None:
    client = viewer(url)
    assert client.get(place.format("seen")).status_code == 200
    with Archive.open(url) as archive:
        archive.rename_run("seen", "renamed")
    assert client.get(place.format("renamed")).status_code == 200
    assert client.get(place.format("seen")).status_code == 404


def test_a_run_made_in_the_place_of_a_deleted_one_is_shown_as_it_is(url: str) -> None:
    client = viewer(url)
    assert client.get("/data/run/seen").json()["points"]["total"] == 1
    assert client.get("/data/run/seen/lineage").json()["total"] == 2
    with Archive.open(url) as archive:
        before = archive.delete_run("seen")
        with_run(archive, 8.0, 7.0)
        assert archive.run("seen").id == before.id, "SQLite gave the number again"
    assert [point[2] for point in client.get("/data/run/seen").json()["points"]["list"]] == [8.0, 7.0]
    assert client.get("/data/run/seen/lineage").json()["total"] == 3


def test_descents_of_a_run_in_the_place_of_a_deleted_one_are_its_own(url: str) -> None:
    shelf = DescentShelf(lambda: 1.0)  # no time passes
    with Archive.open(url) as archive:
        assert len(shelf.descents(archive, "seen", holding=1)) == 2
        archive.delete_run("seen")
        with_run(archive, 8.0, 7.0)
        assert len(shelf.descents(archive, "seen", holding=1)) == 3


@pytest.mark.parametrize(
    "place", ["/run/seen", "/data/run/seen/candidate/2", "/run/seen/candidate/2", *(each.format("seen") for each in PLACES)]
)
def test_half_a_character_in_what_a_model_or_user_wrote_hides_no_page(url: str, place: str) -> None:
    with Archive.open(url) as archive:
        run = archive.write_note("seen", "a note \ud800")
        half = replace(candidate(2, 3.0, parents=(0,)), thought="a thought \ud800", code="x = '\udfff'", operator="e\ud800")
        step(archive, run, half)
        step(archive, run, Failure(stage="generation", reason="cut \ud800", detail="cut \ud800"))
    assert viewer(url).get(place).status_code == 200

"""Every page of a run, for a small run of every shipped strategy, without a browser."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from evoheur import discover
from evoheur.api.archives import open_archive
from evoheur.ui.pages import RUN_TABS
from tests.end_to_end.support.method_settings import METHOD_SETTINGS, method_configuration
from tests.evoheur.ui.support.client import viewer

pytestmark = pytest.mark.nightly  # a run of each of the methods, whose pages are looked at singly by day

_PATIENCE_SECONDS = 120.0


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("methods") / "evoheur.db"


@pytest.fixture(scope="module")
def looking(archive: Path) -> Iterator[TestClient]:
    with viewer(f"sqlite:///{archive}") as client:
        yield client


@pytest.mark.parametrize("method", sorted(METHOD_SETTINGS))
def test_all_pages_show_the_run(archive: Path, looking: TestClient, scheduling: str, method: str) -> None:
    made = method_configuration(method, scheduling, evaluations=16, validation={"top": 2}, name=method)
    assert discover(made, archive=archive).status == "finished"
    with open_archive(archive) as opened:
        bred = [record.candidate.id for record in opened.best(method, 2)]
    words = {key: _page(looking, "/".join(("/run", method, *rest))) for key, _, rest in RUN_TABS}
    assert all(method in page for page in words.values())
    course = _data(looking, f"/data/run/{method}")
    assert course["state"] == "finished"
    assert course["points"]["total"] > 0
    assert "the run begins" in course["eventRows"]
    held = _held(looking, method)
    assert held["population"] == len(held["members"]) > 0
    for number in (0, *bred):
        assert f"{method}/{number}" in _page(looking, f"/run/{method}/candidate/{number}")
        _data(looking, f"/data/run/{method}/candidate/{number}")
    for part in ("lineage", "matrix"):
        assert _data(looking, f"/data/run/{method}/{part}")
    assert _data(looking, f"/data/compare?run={method}")
    assert method in _page(looking, "/")


def _page(client: TestClient, place: str) -> str:
    answer = client.get(place, follow_redirects=True)
    assert answer.status_code == 200, f"{place}: {answer.text}"
    return answer.text


def _data(client: TestClient, place: str) -> Mapping[str, Any]:
    answer = client.get(place)
    assert answer.status_code == 200, f"{place}: {answer.text}"
    found: Mapping[str, Any] = answer.json()
    return found


def _held(client: TestClient, method: str) -> Mapping[str, Any]:
    """What the method holds, once its log was played to it."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end:
        found = _data(client, f"/data/run/{method}/structure")
        assert found["trouble"] == ""
        if "members" in found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"The log of {method} was not played within {_PATIENCE_SECONDS:.0f} s.")

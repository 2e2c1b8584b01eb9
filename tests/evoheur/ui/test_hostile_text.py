"""Text that would be markup, a script or a terminal's colour is shown as text, on every page."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Dialog, expect

from tests.evoheur.ui.support.browser import looking
from tests.evoheur.ui.support.client import viewer
from tests.evoheur.ui.support.made_up_archive import hostile_archive
from tests.evoheur.ui.support.running_view import running_view

NAME = quote('"><script>alert(1)', safe="")
PLACES = (
    "/",
    f"/run/{NAME}",
    f"/compare?run={NAME}",
    f"/delete?run={NAME}",
    "/?q=%22%3E%3Cscript%3Ealert(4)%3C/script%3E",
    "/%3Cscript%3E",
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{hostile_archive(tmp_path_factory.mktemp('hostile') / 'evoheur.db')}"


@pytest.mark.parametrize("place", [*PLACES, "/data/runs", f"/data/run/{NAME}", f"/data/compare?run={NAME}"])
def test_no_answer_holds_a_tag_of_theirs(hostile: str, place: str) -> None:
    answer = viewer(hostile).get(place)
    words = answer.text
    if answer.headers["content-type"] == "application/json":
        data = answer.json()
        words = "".join([data.get("html", ""), data.get("log", ""), data.get("eventRows", ""), *data.get("parts", {}).values()])
    assert "<script>alert" not in words
    assert "<img" not in words
    assert ">49<" not in words


@pytest.mark.slow
def test_nothing_of_theirs_is_run_or_becomes_an_element(hostile: str, browser: Browser) -> None:
    """No dialog, no complaint of the browser's, no element that our pages do not have; and the text is there to read."""
    with running_view(hostile) as view, looking(browser, view.entrance) as onlooker:
        page = onlooker.page
        said: list[str] = []

        def heard(dialog: Dialog) -> None:
            said.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", heard)
        onlooker.expected.append("404")  # of the page that is not there
        for place in PLACES:
            page.goto(view.base + place)
            page.wait_for_timeout(500)
            assert page.locator("main script, main img, main td > b:not(.good)").count() == 0, place
        page.goto(f"{view.base}/run/{NAME}")
        expect(page.locator("#failures")).to_contain_text('<script>alert("in")</script>')
        expect(page.locator("#earnings")).to_contain_text("<img src=x onerror=alert(2)>")
        page.wait_for_function("document.getElementById('chart').data !== undefined")
        expect(page.locator("#chart .legendtext").first).to_contain_text("<img src=x")
        assert said == []

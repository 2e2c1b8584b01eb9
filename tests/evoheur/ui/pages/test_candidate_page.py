"""The page of a candidate, in a browser: its numbers are those of `evoheur show --json`, and relatives are walked by clicking."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from evoheur import open_archive
from tests.evoheur.cli.support.invoking import evoheur
from tests.evoheur.ui.support.browser import Onlooker, looking
from tests.evoheur.ui.support.hostile_candidates import HARM, harmful_archive
from tests.evoheur.ui.support.running_view import RunningView, running_view

pytestmark = pytest.mark.slow


def test_the_numbers_are_those_of_show(onlooker: Onlooker, view: RunningView, watched: Path) -> None:
    page = onlooker.page
    page.goto(f"{view.base}/run/tiny/candidate/best")
    name = page.locator("#name").inner_text().split()[0]
    told = evoheur("show", name, "--prompt", "--reply", "--json", "--archive", f"sqlite:///{watched}").document
    assert name == told["id"]
    assert page.locator("#thought").inner_text() == told["thought"]
    assert page.locator("#code").inner_text().strip() == told["code"].strip()
    assert float(page.locator("#objective").get_attribute("title") or "") == told["objective"]
    for split, gap in told["gaps"].items():
        if gap is not None and (split != "train" or told["objective_kind"] != "gap_percent"):
            assert float(page.locator(f"#gap-{split}").get_attribute("title") or "") == gap
    for split, evaluation in told["evaluations"].items():
        rows = page.locator(f"#on-{split} .instances tbody tr")
        assert rows.count() == len(evaluation["instances"])
        for place, result in enumerate(evaluation["instances"]):
            cells = rows.nth(place).locator("td")
            assert cells.nth(0).text_content() == result["instance"]
            shown = [cells.nth(at).get_attribute("title") for at in (3, 4, 5)]
            assert [None if each is None else float(each) for each in shown] == [
                result["cost"],
                result["reference"],
                result["gap"],
            ]
    families = page.locator("#on-train .families tbody tr")
    assert families.count() == len(told["family_gaps"]["train"])
    assert page.locator("#prompt pre").first.text_content() == told["prompt"][0]["content"]
    assert page.locator("#reply pre").text_content() == told["reply"]
    assert told["completion"]["model"] in page.locator("#provenance").inner_text()


def test_the_data_are_the_document(onlooker: Onlooker, view: RunningView, watched: Path) -> None:
    """All that `show` tells, but for lineage and changes, which the page shows otherwise."""
    told = evoheur("show", "tiny/3", "--prompt", "--reply", "--json", "--archive", f"sqlite:///{watched}").document
    data = onlooker.page.request.get(f"{view.base}/data/run/tiny/candidate/3").json()
    assert data == {key: value for key, value in told.items() if key != "lineage"}


def test_relatives_are_walked_by_clicking(onlooker: Onlooker, view: RunningView, watched: Path) -> None:
    with open_archive(watched) as archive:
        child = next(record for record in archive.candidates("tiny") if record.candidate.parents)
    [parent, *_] = child.candidate.parents
    page = onlooker.page
    page.goto(f"{view.base}/run/tiny/candidate/{child.candidate.id}")
    assert (page.locator("#family .this text").first.text_content() or "").startswith(f"{child.candidate.id} ")
    page.locator(f"#family a[href='/run/tiny/candidate/{parent}']").click()
    page.wait_for_url(f"**/candidate/{parent}")
    assert page.locator("#name").inner_text().startswith(f"tiny/{parent}")
    page.locator(f"#family a[href='/run/tiny/candidate/{child.candidate.id}']").click()
    page.wait_for_url(f"**/candidate/{child.candidate.id}")
    changes = page.locator("pre.changes").first.inner_text()
    assert changes.startswith(f"--- tiny/{parent}")


def test_a_candidate_that_there_is_not_is_a_sentence(onlooker: Onlooker, view: RunningView) -> None:
    onlooker.expected += ["404", "400"]
    onlooker.page.goto(f"{view.base}/run/tiny/candidate/999")
    assert "There is no candidate tiny/999" in onlooker.page.locator(".sentence").inner_text()
    onlooker.page.goto(f"{view.base}/run/tiny/candidate/worst")
    assert "names no candidate" in onlooker.page.locator(".sentence").inner_text()


def test_hostile_texts_are_shown_as_texts(browser: Browser, tmp_path: Path) -> None:
    """Markup, escape sequences and bidi marks in a thought, code, operator, prompt, reply, family or note do nothing."""
    archive = harmful_archive(tmp_path)
    with running_view(f"sqlite:///{archive}") as view, looking(browser, view.entrance) as onlooker:
        page = onlooker.page
        page.goto(f"{view.base}/run/harmful/candidate/1")
        for place in ("#thought", "#code", "#reply pre", "#prompt pre", ".families tbody", ".instances tbody", "#family"):
            assert HARM in (page.locator(place).first.text_content() or ""), place
        assert page.locator("main script, main img, main b").count() == 0
        assert not {"\x1b", "\u202e"} & set(page.content())
        assert page.evaluate("window.harmed") is None

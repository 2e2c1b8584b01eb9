"""The report of a run tells all of its story, escaped, and asks nothing of anybody."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evoheur import ArchiveError, ConfigError, discover, open_archive
from evoheur.archive.archive import Archive
from evoheur.plots.run_report import report_page, write_report
from tests.evoheur.archive.support.made_up import candidate, new_run
from tests.evoheur.plots.conftest import NAMED
from tests.evoheur.ui.support.browser import Onlooker, chromium
from tests.support.shared_by_workers import real_run

SECTIONS = ["verdict", "course", "heuristics", "families", "best", "instances", "lineage", "audit", "cost", "repeat", "limits"]


class _Page(HTMLParser):
    """The tags, addresses and words of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.sections: list[str] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if tag == "section" and name == "id":
                self.sections.append(value or "")
            if name in {"src", "href", "xlink:href", "action", "data"}:
                self.addresses.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a finished run of 60 evaluations, "real"."""
    return real_run(tmp_path_factory, tmp_path_factory.mktemp("report"))


def test_a_real_run_is_told_whole(real: Path) -> None:
    text = report_page("real", archive=real)
    page = _Page(text)
    with open_archive(real) as archive:
        best = archive.chosen("real")
        baseline = archive.candidate("real", 0)
    assert best is not None
    assert [section for section in page.sections if section != "solutions"] == SECTIONS
    assert "solutions" in page.sections
    assert page.tags.count("svg") == 4
    assert re.search(
        r"On validation the best discovered heuristic (beats|does not beat|is level with) the best textbook rule", page.words
    )
    for record in (best, baseline):
        for split in ("train", "validation", "audit"):
            assert f"{record.evaluations[split].objective:.2f} %" in page.words
    for words in (
        "best_fit",
        "sum_of_squares",
        "online, one pass",
        "evoheur run repeat.yaml",
        "population_size: 10",
        "one seed (1)",
    ):
        assert words in page.words, words
    for line in best.candidate.code.splitlines():
        assert line.strip() in page.words
    assert "runs/evoheur.db" not in text
    assert str(real) not in text


def test_the_configuration_repeats_the_run(real: Path, tmp_path: Path) -> None:
    """What the page says to save and run breeds the same best again."""
    text = report_page("real", archive=real, textbook=False)
    [shown] = re.findall(r"<summary>Configuration</summary><pre>(.*?)</pre>", text, re.DOTALL)
    parser = _Page(shown)
    (tmp_path / "repeat.yaml").write_text(parser.words)
    again = discover(tmp_path / "repeat.yaml", name="again", archive=tmp_path / "again.db")
    with open_archive(real) as archive:
        best = archive.chosen("real")
    assert best is not None
    assert again.best is not None
    assert (again.best.candidate.id, again.best.candidate.code) == (best.candidate.id, best.candidate.code)


def test_hostile_words_are_text(hostile: Archive) -> None:
    page = _Page(text := report_page(NAMED, archive=hostile.url))
    assert page.sections == SECTIONS
    assert "script" not in page.tags
    assert page.handlers == []
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert page.words.count("<script>alert(") > 10
    assert (
        "or package.module:Class" in page.words
    )  # there is no problem of this name, so that its textbook rules cannot be scored
    assert "y = '</pre><script>alert(1)</script>'" in page.words
    assert "The textbook rules were not scored for this report: " in page.words
    assert "$1.00" in page.words


def test_nothing_is_asked_of_any_address(hostile: Archive) -> None:
    page = _Page(text := report_page(NAMED, archive=hostile.url))
    assert all(address.startswith(("#", "data:")) for address in page.addresses)
    assert not {"script", "iframe", "object", "embed", "form", "img"} & set(page.tags)
    assert not re.search(r"url\((?!#)|@import", text)
    assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text


def test_figures_of_one_page_have_parts_of_their_own(hostile: Archive) -> None:
    """Two SVG elements of one page share its names, so none may be given twice to different things."""
    text = report_page(NAMED, archive=hostile.url, textbook=False)
    figures = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    clips = [set(re.findall(r'<clipPath id="([^"]+)"', figure)) for figure in figures]
    assert len(figures) == 3
    assert sum(map(len, clips)) == len(set().union(*clips))


def test_a_run_that_found_nothing_has_a_report_too(archive: Archive, tmp_path: Path) -> None:
    run = new_run(archive, "empty-1")
    archive.record_baseline(run.id, candidate(0))
    write_report("empty-1", tmp_path / "empty.html", archive=archive.url, textbook=False)
    page = _Page((tmp_path / "empty.html").read_text())
    assert "No candidate succeeded, so there is nothing to compare." in page.words
    assert "The run is unfinished: what it shows may still change." in page.words
    assert "best" not in page.sections


def test_what_cannot_be_told_or_written_is_refused(archive: Archive, hostile: Archive, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="There is no run 'none'"):
        report_page("none", archive=archive.url)
    new_run(archive, "begun-1")
    with pytest.raises(ArchiveError, match="There is no candidate begun-1/0; the run has no candidates yet"):
        report_page("begun-1", archive=archive.url, textbook=False)
    with pytest.raises(ConfigError, match="cannot be written"):
        write_report(NAMED, tmp_path, archive=hostile.url, textbook=False)


@pytest.mark.slow
def test_a_browser_without_network_shows_it_without_a_complaint(hostile: Archive, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    write_report(NAMED, file, archive=hostile.url, textbook=False)
    with chromium() as browser:
        context = browser.new_context(offline=True)
        onlooker = Onlooker(context.new_page())
        onlooker.listen()
        onlooker.page.goto(file.as_uri())
        assert onlooker.page.locator("section").count() == len(SECTIONS)
        assert onlooker.page.locator("svg").count() == 3
        boxes = [figure.bounding_box() for figure in onlooker.page.locator("figure svg").all()]
        assert all(box is not None and box["width"] > 400 and box["height"] > 100 for box in boxes)
        assert "3.00 %" in onlooker.page.locator("#lineage table").inner_text()
        assert onlooker.page.locator("script").count() == 0
        assert onlooker.elsewhere == [file.as_uri()]  # the page itself, and nothing else
        assert onlooker.complaints == []
        context.close()

"""`report`: the story of a real run as a file."""

from pathlib import Path

from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, refusal


def test_the_latest_run_is_reported_with_its_textbook_and_failures(finished: History) -> None:
    done = evoheur("report", "-o", "report.html", "--archive", finished.url)
    assert done.code == 0, done
    assert "Wrote the report to report.html." in done.err
    text = Path("report.html").read_text()
    assert "<h1>Run tiny</h1>" in text
    assert "textbook" in text
    assert "tiny/1" in text
    assert "no-code" in text
    assert "were not scored for this report" not in text


def test_without_the_textbook_it_says_so(finished: History) -> None:
    assert evoheur("report", "tiny", "-o", "report.html", "--no-textbook", "--archive", finished.url).code == 0
    assert "The textbook rules were not scored for this report: they were not asked for" in Path("report.html").read_text()


def test_wrong_requests_are_refused(finished: History) -> None:
    assert "There is no folder 'none'" in refusal("report", "tiny", "-o", "none/report.html", "--archive", finished.url)
    assert "There is no run 'other'" in refusal("report", "other", "-o", "report.html", "--archive", finished.url)
    assert not Path("report.html").exists()

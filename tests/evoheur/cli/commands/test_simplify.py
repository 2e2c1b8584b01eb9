"""`simplify`, and what `show`, `export`, `best` and `grid` make of what remains."""

import json
from pathlib import Path

import pytest

from evoheur.cli.commands.simplify import simplify
from evoheur.documents.schemas import DOCUMENTS
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, refusal


@pytest.fixture(scope="module")
def simplified(finished: History, tmp_path_factory: pytest.TempPathFactory) -> History:
    """A copy of the run in which tiny/1, Graham's rule times a constant, is simplified."""
    history = copied(finished, tmp_path_factory.mktemp("simplified") / "copy.db")
    done = evoheur("simplify", "tiny/1", "--archive", history.url, "--tolerance", "0")
    assert done.code == 0, done
    (history.path.parent / "printed.txt").write_text(done.out)
    return history


def copied(history: History, path: Path) -> History:
    path.write_bytes(history.path.read_bytes())
    return History(path, history.problem)


def test_it_says_what_went_and_what_remains(simplified: History) -> None:
    printed = (simplified.path.parent / "printed.txt").read_text()
    assert printed.startswith("tiny/1 without ")
    assert "def choose(length, loads):\n    return -loads\n" in printed
    assert "| train      |" in printed
    assert "none |" in printed
    assert f"Stored as tiny/10; `evoheur show tiny/1 --original --archive {simplified.url}` shows what it was." in printed


def test_show_and_export_give_what_remains(simplified: History) -> None:
    """Unless the original is asked for, or how it was bred."""
    where = ("--archive", simplified.url)
    shown = evoheur("show", "tiny/1", *where)
    assert shown.out.startswith("What remains of tiny/1; --original shows it as it was bred.\ntiny/10  simplify of 1\n")
    assert "Lineage by first parents: 10 (simplify) < 1 (i1)" in shown.out
    assert "return -loads\n" in shown.out
    for option in ("--original", "--prompt", "--reply"):
        assert evoheur("show", "tiny/1", option, *where).out.startswith("tiny/1  i1")
    document = json.loads(evoheur("show", "tiny/1", "--json", *where).out)
    assert (document["id"], document["simplified_from"]) == ("tiny/10", "tiny/1")
    assert json.loads(evoheur("show", "tiny/1", "--json", "--original", *where).out)["simplified_from"] is None
    exported = evoheur("export", "tiny/1", *where)
    assert "    candidate: tiny/10\n    simplified from: tiny/1\n" in exported.out
    assert "    return -loads\n" in exported.out
    assert "candidate: tiny/1\n" in evoheur("export", "tiny/1", "--original", *where).out
    written = evoheur("export", "tiny/1", "-o", "less.py", *where)
    assert written.err == "Wrote tiny/10, what remains of tiny/1 (--original for the whole), to less.py.\n"


def test_lists_have_what_the_search_bred(simplified: History, finished: History) -> None:
    """What remains of one of the best is named beside it."""
    grids = [evoheur("grid", "tiny", "--json", "--archive", history.url).out for history in (simplified, finished)]
    assert grids[0] == grids[1]
    ours, theirs = (evoheur("best", "tiny", "--json", "--archive", history.url).document for history in (simplified, finished))
    assert [{**each, "simplified_to": None} for each in ours] == [{**each, "simplified_to": None} for each in theirs]
    assert {each["id"]: each["simplified_to"] for each in ours if "simplified_to" in each} == {"tiny/1": "tiny/10"}


def test_best_shows_the_code_of_what_remains(simplified: History, finished: History) -> None:
    where = ("--archive", simplified.url)
    assert "tiny/1 (RUN/best" in evoheur("best", "tiny", "--archive", finished.url).out
    shown = evoheur("best", "tiny", *where).out
    assert (
        f"What remains of it is tiny/10; `evoheur show tiny/1 --original --archive {simplified.url}` shows it as it was" in shown
    )
    assert "return -loads\n" in shown


def test_a_file_is_simplified_too(scheduling: str) -> None:
    Path("rule.py").write_text("def choose(length, loads):\n    dead = 1\n    return -loads - 0\n")
    done = evoheur("simplify", "rule.py", "--problem", scheduling, "--split", "train", "--json")
    document = json.loads(done.out)
    DOCUMENTS["simplification"].model_validate(document)
    assert document["code"] == "def choose(length, loads):\n    return -loads\n"
    assert list(document["splits"]) == ["train"]
    assert document["stored"] is None
    assert document["nodes_after"] < document["nodes_before"]
    again = evoheur("simplify", "rule.py", "--problem", scheduling, "--split", "train", "--evaluations", "1")
    assert "The evaluations ran out before everything was tried; --evaluations gives more." in again.out
    Path("rule.py").write_text(document["code"])
    assert evoheur("simplify", "rule.py", "--problem", scheduling, "--split", "train").out.startswith(
        "rule.py needs all that it has"
    )


def test_what_is_wrong_is_said(finished: History) -> None:
    assert "There is no split 'tran'" in refusal("simplify", "tiny/1", "--split", "tran", "--archive", finished.url)
    assert "is a rule of the problem" in refusal("simplify", "textbook:best_fit", "--problem", "bin_packing_online")
    assert "ends with 'error'" in refusal("simplify", "tiny/3", "--archive", finished.url)


def test_the_help_says_that_the_test_is_two_sided() -> None:
    assert "two-sided" in str(simplify.__doc__)

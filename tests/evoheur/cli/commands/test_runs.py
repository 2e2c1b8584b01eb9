"""`runs rename|tag|note|delete`, and `db copy`."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, refusal
from tests.support.postgres_server import PostgresServer


def test_a_renamed_run_is_shown_and_goes_on_under_its_new_name(history: History) -> None:
    """With all its candidates; the old name is free."""
    before = evoheur("runs", "--json", "--archive", history.url).document[0]
    done = evoheur("runs", "rename", "tiny", "small", "--archive", history.url)
    assert (done.code, done.out, done.err) == (0, "Run 'tiny' is 'small' now.\n", "")
    assert evoheur("show", "small/7", "--archive", history.url).code == 0
    assert "no run 'tiny'" in refusal("show", "tiny/7", "--archive", history.url)
    after = evoheur("runs", "--json", "--archive", history.url).document[0]
    assert after == {**before, "name": "small", "best": before["best"].replace("tiny", "small")}
    again = evoheur("resume", "small", "--set", "budget.evaluations=11", "--archive", history.url)
    assert again.code == 0, again
    assert evoheur("runs", "--json", "--archive", history.url).document[0]["evaluations"] == 11


def test_tags_and_a_note_stand_in_the_table_and_in_the_document(history: History) -> None:
    assert evoheur("runs", "tag", "tiny", "--archive", history.url).out == "Run 'tiny' has no tags.\n"
    assert evoheur("runs", "note", "tiny", "--archive", history.url).out == "Run 'tiny' has no note.\n"
    done = evoheur("runs", "tag", "tiny", "paper", "best", "--archive", history.url)
    assert done.out == "Run 'tiny' has 2 tags: best, paper.\n"
    noted = evoheur("runs", "note", "tiny", "[bold]Small[/bold] \x1b[31m", "--archive", history.url, "--json").document
    assert (noted["note"], noted["tags"]) == ("[bold]Small[/bold] \x1b[31m", ["best", "paper"])
    assert "\x1b" not in evoheur("runs", "note", "tiny", "--archive", history.url).out
    table = evoheur("runs", "--archive", history.url).out
    assert "best, paper" in table
    assert evoheur("runs", "--tag", "paper", "--archive", history.url).out == table
    assert "no run with the tag 'song'" in evoheur("runs", "--tag", "song", "--archive", history.url).out
    left = evoheur("runs", "tag", "tiny", "--remove", "best", "--remove", "paper", "--archive", history.url)
    assert left.out == "Run 'tiny' has no tags.\n"
    assert "tags" not in evoheur("runs", "--json", "--archive", history.url).document[0]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["rename", "tiny", "a/b"], "'a/b' cannot name a run"),
        (["rename", "nobody", "x"], "no run 'nobody'"),
        (["tag", "tiny", "two words"], "'two words' cannot be a tag"),
        (["note", "nobody", "x"], "no run 'nobody'"),
        (["delete", "nobody", "--yes"], "no run 'nobody'"),
        (["delete", "tiny"], "nobody can be asked here; repeat it with --yes"),
        (["--json", "delete", "tiny", "--yes"], "stands before 'delete'"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(history: History, words: list[str], expected: str) -> None:
    said = refusal("runs", *words, "--archive", history.url)
    assert expected in said
    [run] = evoheur("runs", "--json", "--archive", history.url).document
    assert run["name"] == "tiny"


def test_a_deleted_run_is_gone_and_was_told_as_it_was(history: History) -> None:
    [before] = evoheur("runs", "--json", "--archive", history.url).document
    deleted = evoheur("runs", "delete", "tiny", "--yes", "--json", "--archive", history.url)
    assert (deleted.code, deleted.document) == (0, before)
    assert evoheur("runs", "--json", "--archive", history.url).document == []


@pytest.mark.parametrize("words", [("delete", "tiny", "--yes"), ("rename", "tiny", "small")])
def test_a_run_that_somebody_works_on_is_neither_deleted_nor_renamed(history: History, words: tuple[str, ...]) -> None:
    program = (
        "import sys; from evoheur.archive.archive import Archive\n"
        "with Archive.open(sys.argv[1]) as archive, archive.hold('tiny'):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, history.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert f"is being worked on by process {holder.pid}" in refusal("runs", *words, "--archive", history.url)
        assert evoheur("runs", "tag", "tiny", "live", "--archive", history.url).code == 0
        holder.communicate("")
    assert [run["name"] for run in evoheur("runs", "--json", "--archive", history.url).document] == ["tiny"]


@pytest.fixture(params=["sqlite", "postgres"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an archive that is not there yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'shared' / 'all.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.new_database()
    yield url
    server.drop(url)


def test_a_copied_run_goes_on_as_the_original_does(history: History, shared: str) -> None:
    done = evoheur("db", "copy", history.url, shared, "tiny")
    assert (done.code, done.err) == (0, "")
    [there] = evoheur("db", "copy", history.url, "sqlite:///third.db", "--json").document
    [here] = evoheur("runs", "--json", "--archive", history.url).document
    assert there == here
    assert "Copied 1 run from " in done.out
    assert done.out.endswith(": tiny.\n")
    found = []
    for url in (history.url, shared):
        assert evoheur("resume", "tiny", "--set", "budget.evaluations=14", "--archive", url).code == 0
        with Archive.open(url, read_only=True) as archive:
            found.append([(one.candidate.code, one.candidate.parents) for one in archive.candidates("tiny")])
    assert found[0] == found[1]
    assert "has a run 'tiny' already; nothing was copied" in refusal("db", "copy", history.url, shared)


def test_copying_from_nothing_or_of_nothing_is_refused(history: History) -> None:
    assert "no archive at sqlite:///none.db" in refusal("db", "copy", "sqlite:///none.db", history.url)
    assert "no run 'song'" in refusal("db", "copy", history.url, "sqlite:///new.db", "song")
    assert not Path("new.db").exists()

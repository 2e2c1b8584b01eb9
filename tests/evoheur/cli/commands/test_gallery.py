"""`gallery`: heuristics that are kept, found again by name, and worth what is said of them."""

import importlib
import json
from pathlib import Path

import pytest

from evoheur import gallery
from evoheur.api.gallery_entries import FOLDER_VARIABLE, gallery_entries, own_folder
from evoheur.errors import ConfigError
from evoheur.exported_file import SOLVER_LINE
from evoheur.problem import to_json
from evoheur.problem_loading import load_problem
from evoheur.solving import solve
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, refusal
from tests.evoheur.cli.support.scripted import THOUGHT


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A gallery of one's own that is not the developer's."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "kept"))
    return tmp_path / "kept"


@pytest.fixture
def kept(history: History) -> str:
    """The best candidate, in one's own gallery."""
    done = evoheur("gallery", "add", "tiny/best", "--name", "shortest", "--found-by", "evoheur run x", "--archive", history.url)
    assert done.code == 0, done
    assert "shortest: " in done.out
    return "shortest"


def test_an_added_heuristic_is_listed_with_its_origin_and_figures(kept: str, history: History) -> None:
    mine = [each for each in evoheur("gallery", "list", "--json").document if each["name"] == kept]
    assert mine == [evoheur("gallery", "show", kept, "--json").document]
    [known] = mine
    scored = evoheur("evaluate", "tiny/1", "--split", "test", "--json", "--archive", history.url).document
    assert known["gap"] == scored["gap"]
    assert {family["family"]: family["gap"] for family in known["families"]} == scored["families"]
    origin = known["origin"]
    assert (origin["candidate"], origin["strategy"], origin["generator"]) == ("tiny/1", "eoh", "scripted")
    assert origin["command"] == "evoheur run x"
    assert known["thought"] == THOUGHT
    shown = evoheur("gallery", "show", kept).out
    assert "From tiny/1: eoh, scripted" in shown
    assert "def choose" in shown
    assert kept in evoheur("gallery", "list").out


def test_it_is_meant_by_name_wherever_a_heuristic_is(kept: str, history: History) -> None:
    by_name = evoheur("evaluate", f"gallery:{kept}", "--split", "test", "--json").document
    by_run = evoheur("evaluate", "tiny/1", "--split", "test", "--json", "--archive", history.url).document
    assert by_name["families"] == by_run["families"]
    assert evoheur("export", f"gallery:{kept}", "-o", "mine.py").code == 0
    text = Path("mine.py").read_text()
    assert "def choose" in text
    assert SOLVER_LINE in text
    assert SOLVER_LINE not in evoheur("export", f"gallery:{kept}", "--bare").out
    assert (
        evoheur("evaluate", "mine.py", "--problem", history.problem, "--split", "test", "--json").document["gap"] == by_run["gap"]
    )


def test_it_is_a_function_that_solves(kept: str, history: History) -> None:
    ready = importlib.import_module("evoheur.gallery").__getattr__(kept)
    assert kept in dir(gallery)
    assert repr(ready).startswith(f"<heuristic {kept} for ")
    assert callable(ready)
    problem = load_problem(history.problem, {})
    instance = problem.instances("test")[0]
    assert to_json(ready.solve(instance)) == solve(problem, ready.entry.file, instance)
    assert problem.cost(instance, to_json(ready.solve(instance))) > 0


def test_a_heuristic_of_a_problem_that_stands_alone_takes_plain_data(folder: Path) -> None:
    document = {
        "format": "gallery/1",
        "name": "fullest",
        "problem": "bin_packing_online_levels",
        "settings": {},
        "thought": "The fullest.",
        "rule_class": "online, one pass",
        "unit_free": False,
        "gap": 1.0,
        "textbook": {},
        "families": [],
        "origin": {
            "candidate": "a/1",
            "found": "2026-11-30T00:00:00",
            "strategy": "eoh",
            "generator": "mutator",
            "seed": 1,
            "evoheur": "0.1.0",
            "command": None,
        },
    }
    folder.mkdir()
    (folder / "fullest.json").write_text(json.dumps(document))
    (folder / "fullest.py").write_text(
        "def priority(item, capacity, arrived, mean, space, free, rest, here, there, fill_there, fit_here, fit_there):\n    return -rest\n"
    )
    ready = gallery.heuristic("fullest")
    assert ready.solve([5, 5, 6, 4], 10) == [0, 0, 1, 1]
    instance = load_problem("bin_packing_online_levels", {}).instances("test")[0]
    assert ready.solve(instance.items, instance.capacity) == ready.solve(instance)


def test_a_name_is_taken_once_and_is_one(kept: str, history: History, folder: Path) -> None:
    message = refusal("gallery", "add", "tiny/2", "--name", kept, "--archive", history.url)
    assert "'shortest'" in message
    assert "--force" in message
    assert evoheur("gallery", "add", "tiny/2", "--name", kept, "--force", "--archive", history.url).code == 0
    assert gallery_entries()[kept].document.origin.candidate == "tiny/2"
    for name in ("Best", "1st", "a b", "../x", "import", ""):
        assert "The name is" in refusal("gallery", "add", "tiny/1", "--name", name, "--archive", history.url)
    assert sorted(path.name for path in folder.iterdir()) == ["shortest.json", "shortest.py"]


def test_what_cannot_be_kept_is_refused(history: History) -> None:
    assert "does not solve the test split" in refusal("gallery", "add", "tiny/3", "--name", "broken", "--archive", history.url)
    assert "no candidate" in refusal("gallery", "add", "textbook:regret_insertion", "--name", "regret", "--archive", history.url)
    assert "There is no heuristic 'shortes'" in refusal("gallery", "show", "shortes")


def test_a_damaged_entry_of_ones_own_is_named(kept: str, folder: Path) -> None:
    (folder / f"{kept}.json").write_text('{"format": "gallery/1"}')
    assert "shortest.json is no gallery entry (name: Field required)" in refusal("gallery", "list")
    with pytest.raises(AttributeError, match="shortest"):
        gallery.__getattr__(kept)
    (folder / f"{kept}.json").unlink()
    assert kept not in gallery_entries()


def test_ones_own_folder_is_where_programs_keep_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(FOLDER_VARIABLE)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert own_folder() == tmp_path / "evoheur" / "gallery"
    monkeypatch.delenv("XDG_DATA_HOME")
    assert own_folder().parts[-4:] == (".local", "share", "evoheur", "gallery")


def test_a_folder_that_cannot_be_written_is_named(history: History, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    message = refusal("gallery", "add", "tiny/1", "--name", "mine", "--folder", str(tmp_path / "file"), "--archive", history.url)
    assert "cannot be written" in message


def test_an_unknown_heuristic_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="'nothing_of_that_name'"):
        gallery.__getattr__("nothing_of_that_name")
    with pytest.raises(ConfigError, match="'nothing_of_that_name'"):
        gallery.heuristic("nothing_of_that_name")

"""`evoheur select` on a real archive, and on textbook rules that need none."""

from pathlib import Path
from typing import Any

import pytest

from evoheur.archive.archive import Archive
from evoheur.problem_loading import load_problem
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, refusal

LEVELS = ("select", "textbook", "gallery:online_levels", "--problem", "bin_packing_online_levels", "--sizes", "1,2")


def rows(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in document["rows"]}


def test_json_keeps_its_contract(history: History) -> None:
    """The set is chosen by hand here: of the tiny run's behaviours the best on the whole, which no other one beats anywhere."""
    found = evoheur("select", "tiny", "--sizes", "1,2,9", "--json", "--archive", history.url).document
    with Archive.open(history.url, read_only=True) as archive:
        best = min(
            (record for record in archive.candidates("tiny") if record.candidate.objective is not None),
            key=lambda record: (record.candidate.objective, record.candidate.id),
        )
    assert found["members"][0]["name"] == best.id
    known = rows(found)
    assert known["single best"]["worths"]["train"] == pytest.approx(best.candidate.objective)
    assert known["single best"]["work"] == {"train": 1.0, "validation": 1.0}
    assert known["oracle"]["worths"]["train"] <= known["single best"]["worths"]["train"]
    assert found["chosen"]["way"] == "single"
    assert (found["problem"], found["worth_kind"], found["weights"]) == (history.problem, "gap_percent", "instances")
    assert any(note.startswith("Only 5 heuristics behave differently") for note in found["notes"])
    assert all(any(missing in note for note in found["notes"]) for missing in ("Problem.features", "Problem.coarse"))


def test_scores_on_validation_are_stored_and_used_again(history: History) -> None:
    evoheur("select", "tiny", "--sizes", "1,2", "--archive", history.url)
    with Archive.open(history.url, read_only=True) as archive:
        scored = {record.id for record in archive.candidates("tiny") if "validation" in record.evaluations}
    found = evoheur("select", "tiny", "--sizes", "1,2", "--json", "--archive", history.url).document
    assert {each["name"] for each in found["members"]} <= scored


def test_probing_a_stream_costs_what_its_prefix_is(tmp_path: Path) -> None:
    """Probing costs what its prefix is of each stream; tests of `selection_module` look at what the file solves."""
    file = tmp_path / "several.py"
    done = evoheur(*LEVELS, "--json", "--way", "probing", "--prefix", "100", "--export", str(file))
    assert done.code == 0, done
    found = done.document
    assert "Wrote 2 heuristics with the selector 'probing'" in done.err
    problem: Any = load_problem("bin_packing_online_levels", {})
    streams = problem.instances("validation")
    row = rows(found)["probing 2"]
    assert row["work"]["validation"] == pytest.approx(1 + sum(100 / stream.items.size for stream in streams) / len(streams))
    single, best = rows(found)["single best"], rows(found)["best of 2, in hindsight"]
    assert best["worths"]["validation"] <= single["worths"]["validation"]
    assert "PREFIX = 100" in file.read_text()
    assert refusal(*LEVELS, "--export", str(file)).endswith("name another file, or pass --force to replace it.\n")


@pytest.mark.nightly
def test_heuristics_that_do_not_count_arrivals_cannot_take_over() -> None:
    words = ("select", "textbook:best_fit", "textbook:first_fit", "--problem", "bin_packing_online", "--sizes", "2")
    done = evoheur(*words)
    assert done.code == 0, done
    said = " ".join(done.out.split())
    assert "are not told how many pieces have arrived, so none can take over: always the single best." in said
    assert "Choice: the single best heuristic" in said


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("textbook",), "Textbook rules alone do not tell the problem; name it with --problem"),
        (("no_such_run",), "no_such_run"),
        (("tiny", "--sizes", "two"), "--sizes 'two' is no list of numbers"),
        (("tiny", "--sizes", "0,2"), "give numbers of at least 1"),
        (("tiny", "--weights", "people"), "weights is 'people'"),
        (("tiny", "--depth", "3"), "The depth of decision trees is 3; it is 1 or 2"),
        (("tiny", "--share", "1"), "Heuristics are tried on a share of 1"),
        (("tiny", "--prefix", "0"), "The prefix has 0 arrivals"),
        (("tiny", "--way", "luck"), "The way is 'luck'; it is tree, probing or all"),
        (("tiny", "textbook:no_such_rule"), "There is no textbook rule 'no_such_rule'"),
        (("tiny", "gallery:online_levels"), "online_levels"),
    ],
)
def test_what_cannot_be_used_is_refused(finished: History, words: tuple[str, ...], why: str) -> None:
    assert why in refusal("select", *words, "--archive", finished.url)

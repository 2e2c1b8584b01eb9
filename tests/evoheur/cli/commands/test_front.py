"""`evoheur front` and `export --at-most-work` on a real archive."""

import pytest

from evoheur.archive.archive import Archive
from evoheur.strategies.pareto import dominates
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, refusal


def points(history: History) -> dict[str, tuple[float, float]]:
    """Candidate → objective on train and operations, for those that work."""
    with Archive.open(history.url, read_only=True) as archive:
        records = archive.candidates("tiny")
    return {
        f"tiny/{record.candidate.id}": (record.candidate.objective, record.candidate.evaluation.measures["operations"])
        for record in records
        if record.candidate.objective is not None
    }


def test_json_keeps_its_contract(finished: History) -> None:
    """The front worked out by brute force over all candidates; each point once."""
    found = evoheur("front", "tiny", "--json", "--archive", finished.url).document
    known = points(finished)
    best = {point for point in known.values() if not any(dominates(other, point) for other in known.values())}
    assert [(each["objective"], each["work"]) for each in found["points"]] == [
        (pytest.approx(objective), work) for objective, work in sorted(best)
    ]
    assert all(list(known[each["name"]]) == pytest.approx([each["objective"], each["work"]]) for each in found["points"])
    assert (found["run"], found["measure"], found["candidates"]) == ("tiny", "operations", len(known))
    assert found["reference"] == [pytest.approx(2 * known["tiny/0"][0]), 10 * known["tiny/0"][1]]
    assert 0.0 < found["hypervolume"] < 1.0


def test_the_table_has_every_point_and_the_textbook(finished: History) -> None:
    found = evoheur("front", "tiny", "--json", "--archive", finished.url).document
    done = evoheur("front", "tiny", "--archive", finished.url)
    assert all(each["name"] in done.out for each in [*found["points"], *found["textbook"]])
    assert f"Chosen from {found['candidates']} candidates that work; hypervolume" in " ".join(done.out.split())


def test_another_measure(finished: History) -> None:
    found = evoheur("front", "tiny", "--measure", "lines", "--no-textbook", "--json", "--archive", finished.url).document
    assert found["measure"] == "lines"
    assert found["textbook"] == []


def test_an_unknown_measure_is_refused(finished: History) -> None:
    assert "'seconds' is no measure to minimise" in refusal("front", "tiny", "--measure", "seconds", "--archive", finished.url)


def test_export_within_a_budget_of_work(finished: History) -> None:
    """The best of those with at most so many operations; none where all have more."""
    front = evoheur("front", "tiny", "--json", "--archive", finished.url).document["points"]
    last = front[-1]
    done = evoheur("export", "tiny/best", "--at-most-work", f"{last['work']:g}", "--bare", "--archive", finished.url)
    assert last["name"] in done.out
    assert f"the smallest has {last['work']:g}" in refusal(
        "export", "tiny/best", "--at-most-work", f"{last['work'] - 1:g}", "--archive", finished.url
    )
    assert "name RUN/best instead of 'tiny/1'" in refusal("export", "tiny/1", "--at-most-work", "5", "--archive", finished.url)

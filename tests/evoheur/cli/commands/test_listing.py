"""`runs`, `best` and `failures` on a real archive."""

import pytest

from evoheur.archive.archive import Archive
from evoheur.problem import Heuristic, instance_rng, to_json
from evoheur.problem_loading import load_problem
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, refusal
from tests.evoheur.cli.support.scripted import KIND, THOUGHT


def own_gap(problem_name: str, split: str) -> float:
    """Gap of the problem's own rule in percent: the mean over the instances of 100·(cost / reference − 1)."""
    problem = load_problem(problem_name)
    [function] = problem.functions()
    heuristic = Heuristic(code="", functions={function.__name__: function})
    gaps = []
    for instance in problem.instances(split):  # type: ignore[arg-type]  # a split's name
        solution = to_json(problem.solve(heuristic, instance, instance_rng(1, instance.name)))
        reference = problem.reference(instance)
        assert reference is not None
        gaps.append(100 * (problem.cost(instance, solution) / reference - 1))
    return sum(gaps) / len(gaps)


def test_runs_json_keeps_its_contract(finished: History) -> None:
    """The keys that scripts rely on, with the numbers that `History` derives: 11 replies of 100 and 10 tokens at 0.1 cents."""
    [run] = evoheur("runs", "--json", "--archive", finished.url).document
    assert run["name"] == "tiny"
    assert run["status"] == "finished"
    assert run["requests"] == run["calls"] == 11
    assert run["evaluations"] == 9
    assert run["failures"] == {"error": 3, "no-code": 2}
    assert run["tokens"] == 11 * 110
    assert run["cost_usd"] == pytest.approx(0.011)
    assert (run["problem"], run["strategy"], run["generator"]) == (finished.problem, "eoh", KIND)
    assert run["created"].endswith("+00:00")
    assert run["best"] == "tiny/1"
    assert run["best_gap"] == pytest.approx(own_gap(finished.problem, "train"))


def test_runs_prints_a_table(finished: History) -> None:
    done = evoheur("runs", "--archive", finished.url)
    assert done.code == 0
    assert all(
        word in done.out
        for word in ("tiny", "finished", "1,210", "$0.0110", "error 3, no-code 2", "eoh, ScriptedConfig", " list_scheduling ")
    )


def test_best_json_keeps_its_contract(finished: History) -> None:
    """Best first; a reply of kind "good" is Graham's rule times a constant, so it costs what the problem's own rule costs."""
    best = evoheur("best", "--json", "--archive", finished.url).document
    assert [entry["id"] for entry in best] == ["tiny/1", "tiny/7", "tiny/5", "tiny/4", "tiny/2"]
    first = best[0]
    assert first["id"] == "tiny/1"
    assert first["parents"] == []
    assert first["operator"] == "i1"
    assert first["thought"] == THOUGHT
    assert "def choose" in first["code"]
    assert first["gaps"] == {
        "train": pytest.approx(own_gap(finished.problem, "train")),
        "validation": pytest.approx(own_gap(finished.problem, "validation")),
        "test": None,
    }
    gaps = [entry["gaps"]["train"] for entry in best]
    assert gaps == sorted(gaps)
    assert {entry["gaps"]["validation"] is None for entry in best[2:]} == {True}, "validation.top is 2"
    with_parents = [entry for entry in best if entry["parents"]]
    assert with_parents
    assert all(parent.startswith("tiny/") for entry in with_parents for parent in entry["parents"])


def test_best_shows_as_many_as_asked_for_and_the_code_of_the_first(finished: History) -> None:
    done = evoheur("best", "tiny", "-n", "2", "--archive", finished.url)
    assert done.code == 0
    assert done.out.count("tiny/") == 5, "two rows, two columns of gaps by family, and the first again above its code"
    assert "tiny/1 (RUN/best, by validation): " in done.out
    assert "def choose(length, loads):\n    return -loads" in done.out


def test_failures_json_names_reasons_shares_and_examples(finished: History) -> None:
    groups = evoheur("failures", "--json", "--archive", finished.url).document
    assert [(group["stage"], group["reason"], group["count"]) for group in groups] == [
        ("evaluation", "error", 3),
        ("parsing", "no-code", 2),
    ]
    assert [group["share"] for group in groups] == pytest.approx([3 / 11, 2 / 11])
    raised, prose = (group["examples"][0] for group in groups)
    assert (raised["request"], raised["candidate"]) == (3, "tiny/3")
    assert "ZeroDivisionError" in raised["detail"]
    assert (prose["request"], prose["candidate"]) == (4, None)


def test_failures_prints_reasons_with_examples(finished: History) -> None:
    done = evoheur("failures", "tiny", "--archive", finished.url)
    assert "5 of 11 requests (45.5%) failed" in done.out
    assert "tiny/3 (" in done.out
    assert "ZeroDivisionError" in done.out


def test_the_archive_may_come_from_the_environment(finished: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVOHEUR_ARCHIVE", finished.url)
    assert evoheur("runs", "--json").document[0]["name"] == "tiny"


def test_an_empty_archive_lists_nothing_and_has_no_latest_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('empty')}/e.db"
    Archive.open(url, create=True).close()
    assert evoheur("runs", "--json", "--archive", url).document == []
    assert "evoheur run" in evoheur("runs", "--archive", url).out
    assert "evoheur run" in refusal("best", "--archive", url)


@pytest.mark.parametrize("command", ["best", "failures", "resume"])
def test_an_unknown_run_is_refused_with_the_nearest_name(finished: History, command: str) -> None:
    message = refusal(command, "tny", "--archive", finished.url)
    assert "'tny'" in message
    assert "'tiny'" in message

"""Training data from archived runs with known prices, line by line."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from evoheur.api.training_data import TrainingDataWish, write_training_data
from evoheur.archive.archive import Archive
from evoheur.candidate import Status
from evoheur.errors import ConfigError
from tests.evoheur.api.support.replied_run import RepliedRun
from tests.evoheur.archive.conftest import empty_archive
from tests.evoheur.archive.support.made_up import new_run

__all__ = ["empty_archive"]


@pytest.fixture
def archive(tmp_path: Path, empty_archive: Path) -> Iterator[Archive]:
    path = Path(shutil.copy(empty_archive, tmp_path / "evoheur.db"))
    with Archive.open(f"sqlite:///{path}") as opened:
        yield opened


def tell_ten(archive: Archive, name: str = "one", **rest: Any) -> RepliedRun:
    """Nine replies to one prompt, of which 4, 2, 1 and 5 rank in this order, and a tenth to another."""
    run = RepliedRun(archive, new_run(archive, name, **rest))
    run.reply("a", 4.0, parents=[0])
    run.reply("a", 3.0, parents=[0])
    run.reply("a", Status.TIMEOUT, parents=[0])
    run.reply("a", 2.0, parents=[0])
    run.reply("a", 4.5, parents=[0])
    run.reply("a", "no-code", parents=[0])
    run.reply("a", 2.0, parents=[0])
    run.reply("a", run.known[2].evaluation, parents=[0], duplicate_of=2)
    run.reply("a", Status.CHEATING, parents=[0])
    run.reply("b", 1.0, parents=[0])
    return run


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def write(archive: Archive, tmp_path: Path, kind: Any, *runs: str, **rest: Any) -> list[dict[str, Any]]:
    file = tmp_path / "out.jsonl"
    write_training_data(TrainingDataWish(kind=kind, runs=runs or ["one"], file=file, replace=True, **rest), archive=archive.url)
    return lines(file) if file.exists() else []


def test_the_pairs_of_a_known_run(archive: Archive, tmp_path: Path) -> None:
    """Halves zipped, failures in turn, what is below the percentile left out: 70 % of [1, 2, 2, 3, 3, 4, 4.5] are up to 3.2."""
    tell_ten(archive)
    found = write(archive, tmp_path, "dpo")
    assert [(line["chosen"][0]["content"], line["rejected"][0]["content"]) for line in found] == [
        ("reply 4", "reply 1"),
        ("reply 2", "reply 5"),
        ("reply 4", "reply 3"),
        ("reply 2", "reply 6"),
    ]
    assert found[0] == {
        "messages": [
            {"role": "system", "content": "You write heuristics."},
            {"role": "user", "content": "Improve on a."},
        ],
        "chosen": [{"role": "assistant", "content": "reply 4"}],
        "rejected": [{"role": "assistant", "content": "reply 1"}],
        "metadata": {
            "run": "one",
            "problem": "bin_packing_online",
            "problem_hash": "p0",
            "operator": "e1",
            "epoch": 0,
            "parents": ["one/0"],
            "best_parent": 5.0,
            "objective_kind": "gap_percent",
            "chosen": {"request": 4, "model": "small", "candidate": "one/4", "status": "ok", "objective": 2.0},
            "rejected": {"request": 1, "model": "small", "candidate": "one/1", "status": "ok", "objective": 4.0},
        },
    }


def test_what_cheats_is_rejected_and_never_chosen(archive: Archive, tmp_path: Path) -> None:
    tell_ten(archive)
    found = write(archive, tmp_path, "dpo", percentile=0.0)
    assert [line["metadata"]["chosen"]["status"] for line in found] == ["ok"] * 5
    assert found[-1]["metadata"]["rejected"]["status"] == "cheating"


def test_what_is_found_to_cheat_on_validation_is_not_chosen_either(archive: Archive, tmp_path: Path) -> None:
    run = tell_ten(archive)
    run.score(4, "validation", Status.CHEATING)
    found = write(archive, tmp_path, "dpo", percentile=0.0)
    assert "reply 4" not in [line["chosen"][0]["content"] for line in found]
    assert [line["label"] for line in write(archive, tmp_path, "kto") if line["metadata"]["reply"]["request"] == 4] == [False]


def test_labels_and_rewards_of_a_known_run(archive: Archive, tmp_path: Path) -> None:
    tell_ten(archive)
    labels = write(archive, tmp_path, "kto", percentile=0.0)
    assert [(line["metadata"]["reply"]["request"], line["label"]) for line in labels] == [
        (1, True),
        (2, True),
        (3, False),
        (4, True),
        (5, True),
        (6, False),
        (7, True),
        (9, False),
        (10, True),
    ]
    [group] = write(archive, tmp_path, "grpo")
    assert len(group["completions"]) == len(group["metadata"]["replies"]) == 9
    assert [round(reward, 4) for reward in group["rewards"]] == [0.6667, 0.8, -1.0, 0.8571, 0.5, -1.0, 0.8571, -0.5, -1.0]


def test_by_parents_more_is_compared_only_if_asked_for(archive: Archive, tmp_path: Path) -> None:
    """Request 10 has another prompt, of the same operator and parents."""
    tell_ten(archive)
    assert all(line["metadata"]["chosen"]["request"] != 10 for line in write(archive, tmp_path, "dpo"))
    by_parents = write(archive, tmp_path, "dpo", alike="parents")
    assert by_parents[0]["metadata"]["chosen"]["request"] == 10
    assert by_parents[0]["messages"][1]["content"] == "Improve on b."


def test_counts_are_those_of_the_database(archive: Archive, tmp_path: Path) -> None:
    run = tell_ten(archive)
    run.reply("", 1.0)
    file = tmp_path / "out.jsonl"
    [source] = write_training_data(TrainingDataWish(kind="dpo", runs=["one"], file=file), archive=archive.url).sources
    with closing(sqlite3.connect(tmp_path / "evoheur.db")) as database, database:
        came, scored = database.execute(
            "SELECT count(*), count(e.objective) FROM request r JOIN completion USING (id) LEFT JOIN candidate c ON c.request_id = r.id "
            "LEFT JOIN candidate o ON o.number = coalesce(c.duplicate_of, c.number) LEFT JOIN evaluation e ON e.candidate_id = o.id "
            "AND e.split = 'train'".replace("JOIN completion USING (id)", "JOIN completion m ON m.request_id = r.id")
        ).fetchone()
    assert (source.replies, source.scored + source.unprompted) == (came, scored) == (11, 8)
    assert (source.failed, source.dishonest, source.unprompted, source.groups, source.repeated) == (3, 1, 1, 2, 1)
    assert source.lines == len(lines(file)) == 4
    assert source.left_out == {"low": 1, "twin": 1}


def test_whole_families_and_runs_are_held_out(archive: Archive, tmp_path: Path) -> None:
    for name, problem in [("one", "bin_packing_online"), ("two", "bin_packing_offline"), ("three", "/home/me/tsp_mine")]:
        tell_ten(archive, name, problem=problem)
    runs = ["one", "two", "three"]
    wish = TrainingDataWish(kind="dpo", runs=runs, file=tmp_path / "out.jsonl", split_by="family")
    data = write_training_data(wish, archive=archive.url)
    by_part = {file.part: {line["metadata"]["run"] for line in lines(file.path)} for file in data.files}
    assert sorted(map(sorted, by_part.values())) == [["one", "two"], ["three"]]
    assert {file.path.name for file in data.files} == {"out-train.jsonl", "out-held-out.jsonl"}
    assert sum(file.lines for file in data.files) == data.lines == 12
    again = write_training_data(
        TrainingDataWish(kind="dpo", runs=runs, file=tmp_path / "by.jsonl", split_by="run", held_out=0.5), archive=archive.url
    )
    assert sorted(len(file.runs) for file in again.files) == [1, 2]


def test_what_cannot_be_divided_or_is_there_twice_is_refused(archive: Archive, tmp_path: Path) -> None:
    tell_ten(archive)
    tell_ten(archive, "again", config={"generator": {"kind": "recorded", "run": "one"}})
    with pytest.raises(ConfigError, match="All of it is of one problem family, 'bin', so none can be held out"):
        write(archive, tmp_path, "dpo", split_by="family")
    with pytest.raises(ConfigError, match="Runs 'one' and 'again' have the same replies"):
        write(archive, tmp_path, "dpo", "one", "again")
    with pytest.raises(ConfigError, match="Runs 'one' and 'one' have the same replies"):
        write(archive, tmp_path, "dpo", "one", "one")
    with pytest.raises(ConfigError, match="The percentile is 101"):
        write(archive, tmp_path, "dpo", percentile=101.0)
    with pytest.raises(ConfigError, match="The tolerance is nan"):
        write(archive, tmp_path, "dpo", tolerance=float("nan"))
    assert not list(tmp_path.glob("*.jsonl"))


def test_a_file_is_replaced_only_if_asked_for(archive: Archive, tmp_path: Path) -> None:
    tell_ten(archive)
    (tmp_path / "out.jsonl").write_text("mine")
    wish = TrainingDataWish(kind="dpo", runs=["one"], file=tmp_path / "out.jsonl")
    with pytest.raises(ConfigError, match="exists already"):
        write_training_data(wish, archive=archive.url)
    assert (tmp_path / "out.jsonl").read_text() == "mine"


def test_texts_are_fit_for_other_readers_and_hold_no_secret(archive: Archive, tmp_path: Path) -> None:
    run = RepliedRun(archive, new_run(archive, "one", config={"generator": {"key_env": "MY_KEY"}}))
    run.reply("a", 1.0, text="half \ud800 sk-very-secret-indeed-0123456789")
    file = tmp_path / "out.jsonl"
    wish = TrainingDataWish(kind="kto", runs=["one"], file=file)
    write_training_data(wish, archive=archive.url, environ={"MY_KEY": "sk-very-secret-indeed-0123456789"})
    [line] = lines(file)
    assert "secret" not in file.read_text()
    assert line["completion"][0]["content"].startswith("half \ufffd ")

"""`evoheur export-pairs` on a real archive."""

import json
from pathlib import Path

from evoheur.archive.archive import Archive
from evoheur.archive.records import Told
from evoheur.candidate import Candidate
from tests.evoheur.api.support.replied_run import RepliedRun
from tests.evoheur.archive.support.made_up import new_run
from tests.evoheur.cli.conftest import History
from tests.evoheur.cli.support.invoking import evoheur, refusal


def test_labels_of_a_run(finished: History) -> None:
    """Every reply that was told and is no repeat within its prompt has a line, or is counted as left out."""
    done = evoheur("export-pairs", "kto", "tiny", "-o", "labels.jsonl", "--json", "--archive", finished.url)
    [source] = done.document["sources"]
    written = [json.loads(line) for line in Path("labels.jsonl").read_text().splitlines()]
    with Archive.open(finished.url, read_only=True) as archive:
        log = archive.log(archive.run("tiny").id)
    told = [entry for entry in log if isinstance(entry, Told)]
    texts = {entry.asked.number: entry.asked.completion.text for entry in told if entry.asked.completion is not None}
    assert source["replies"] == len(told)
    assert source["scored"] == sum(isinstance(entry.outcome, Candidate) and entry.outcome.objective is not None for entry in told)
    assert source["lines"] == len(written) == done.document["files"][0]["lines"]
    assert source["lines"] + sum(source["left_out"].values()) == source["replies"]
    assert all(line["completion"][0]["content"] == texts[line["metadata"]["reply"]["request"]] for line in written)
    assert {line["label"] for line in written} == {True, False}


def test_the_table_says_what_was_left_out_and_written(finished: History) -> None:
    done = evoheur("export-pairs", "kto", "tiny", "-o", "labels.jsonl", "--archive", finished.url)
    lines = len(Path("labels.jsonl").read_text().splitlines())
    assert done.code == 0
    assert f"Wrote {lines} lines to labels.jsonl (tiny)." in done.out
    assert refusal("export-pairs", "kto", "tiny", "-o", "labels.jsonl", "--archive", finished.url).startswith("error: 'labels")


def test_nothing_to_write_is_said_and_is_exit_code_1() -> None:
    with Archive.open("sqlite:///alone.db", create=True) as archive:
        RepliedRun(archive, new_run(archive, "alone")).reply("a", 1.0)
    done = evoheur("export-pairs", "dpo", "alone", "-o", "pairs.jsonl", "--archive", "sqlite:///alone.db")
    assert (done.code, Path("pairs.jsonl").exists()) == (1, False)
    assert "No line to write: no prompt has two replies; --same parents compares more" in " ".join(done.out.split())

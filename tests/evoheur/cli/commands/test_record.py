"""`record`."""

import json
from pathlib import Path

from evoheur import open_archive
from tests.evoheur.cli.conftest import UNJAILED, History
from tests.evoheur.cli.support.invoking import evoheur


def test_a_run_is_taken_elsewhere_and_repeated(finished: History) -> None:
    """The candidates are the same; what was prose fails again."""
    done = evoheur("record", "export", "tiny", "recording.jsonl", "--archive", finished.url)
    assert done.code == 0
    assert "Wrote 11 answers of run tiny to recording.jsonl." in done.out
    lines = Path("recording.jsonl").read_text().splitlines()
    assert (len(lines), json.loads(lines[0])["format"]) == (12, "evoheur-recording/1")
    there = "sqlite:///elsewhere.db"
    done = evoheur("record", "import", "recording.jsonl", "--name", "guest", "--archive", there)
    assert done.code == 0
    assert "evoheur record replay guest --archive sqlite:///elsewhere.db" in done.out
    done = evoheur("record", "replay", "guest", "--name", "again", "--archive", there)
    assert done.code == 0, done
    with open_archive(there) as archive, open_archive(finished.url) as original:
        found, first = archive.candidates("again"), original.candidates("tiny")
        assert [record.candidate.code for record in found] == [record.candidate.code for record in first]
        assert [record.candidate.objective for record in found] == [record.candidate.objective for record in first]
        assert archive.totals(archive.run("again").id).failures == original.totals(original.run("tiny").id).failures


def test_no_file_is_replaced_unasked(finished: History) -> None:
    Path("recording.jsonl").write_text("precious")
    done = evoheur("record", "export", "tiny", "recording.jsonl", "--archive", finished.url)
    assert done.code == 2
    assert "--force" in done.err
    assert Path("recording.jsonl").read_text() == "precious"
    done = evoheur("record", "export", "tiny", "recording.jsonl", "--force", "--hashes", "--archive", finished.url)
    assert done.code == 0
    assert "messages" not in Path("recording.jsonl").read_text()


def test_a_name_that_is_taken_is_refused(finished: History) -> None:
    evoheur("record", "export", "tiny", "recording.jsonl", "--archive", finished.url)
    there = "sqlite:///elsewhere.db"
    assert evoheur("record", "import", "recording.jsonl", "--archive", there).code == 0
    done = evoheur("record", "import", "recording.jsonl", "--archive", there)
    assert done.code == 2
    assert "run 'tiny' already" in done.err


def test_what_differs_stops_a_replay(finished: History) -> None:
    """Exit code 1, with the request; it can be resumed. Nothing of it was written by a model, so that it needs no jail here."""
    evoheur("record", "export", "tiny", "recording.jsonl", "--archive", finished.url)
    there = "sqlite:///elsewhere.db"
    evoheur("record", "import", "recording.jsonl", "--archive", there)
    sandbox = json.dumps({**UNJAILED, "allow_unisolated": True})
    changes = ("--set", "strategy.initial=4", "--set", f"evaluation.sandbox={sandbox}")
    done = evoheur("record", "replay", "tiny", *changes, "--name", "other", "--archive", there)
    assert done.code == 1
    assert "of run 'tiny' was 'i1'" in done.out + done.err
    assert "generator.misses=fail" in done.out + done.err

"""`evoheur sandbox check`: what it prints, what it says of levels that do not work, and its exit codes."""

import io
from typing import Any

import pytest
from jsonschema import Draft7Validator
from rich.console import Console

from evoheur.api.sandbox_attack import AttackedLevel, attack_level
from evoheur.cli.tables.attack_table import report_attacks
from evoheur.documents.schemas import schema_named
from evoheur.sandbox.interface import Entry, Sandbox, SandboxUnavailable
from evoheur.sandbox.process import ProcessSandbox
from evoheur.testing.red_team.attack import Verdict
from evoheur.testing.red_team.levels import LevelUnderAttack
from evoheur.testing.red_team.verdict_tally import tally
from tests.evoheur.cli.support.invoking import evoheur, refusal

VERDICTS = [
    Verdict(name="read-file", family="files", blocked=True, detail="PermissionError"),
    Verdict(name="stat-file", family="files", blocked=False, detail="it told a size", open_because="nothing hides sizes"),
    Verdict(name="flood", family="resources", blocked=False, detail="it wrote 3 KiB"),
]


def attacked(*promised: str) -> AttackedLevel:
    """A level at which those three were tried."""
    return AttackedLevel(level="jail-L0", tallies=tally(VERDICTS, promised=promised))


def reported(*found: AttackedLevel, as_json: bool = False, all_must_work: bool = False) -> tuple[bool, str]:
    """Whether all is well, and the output."""
    file = io.StringIO()
    well = report_attacks(found, Console(file=file, width=160), as_json=as_json, all_must_work=all_must_work)
    return well, file.getvalue()


def test_what_gained_something_is_told_apart_by_what_was_promised() -> None:
    """Known to be open, not promised, and a hole are three things."""
    files, resources = attacked("files").tallies
    assert (files.attacks, files.stopped, len(files.admitted), len(files.holes)) == (2, 1, 1, 0)
    assert (resources.attacks, len(resources.unpromised), len(resources.holes)) == (1, 1, 0)
    [_, resources] = attacked("files", "resources").tallies
    assert (len(resources.unpromised), [verdict.name for verdict in resources.holes]) == (0, ["flood"])


def test_promises_kept_end_well_and_what_is_open_is_admitted() -> None:
    well, text = reported(attacked("files"))
    assert well
    assert "jail-L0 is known not to stop stat-file: nothing hides sizes" in text
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    assert rows[1:] == [["jail-L0", "files", "2", "1", "1", "-", "-"], ["", "resources", "1", "0", "-", "1", "-"]]
    assert text.splitlines()[-1] == "Every promise was kept."


def test_a_hole_ends_badly_and_says_what_was_gained() -> None:
    well, text = reported(attacked("files", "resources"))
    assert not well
    assert "HOLE at jail-L0: flood (resources): it wrote 3 KiB" in text
    assert "A promise was broken" in text.splitlines()[-1]


def test_a_level_that_does_not_work_is_no_failure_unless_it_was_asked_for() -> None:
    missing = AttackedLevel(level="docker", obstacle="No Docker daemon answers at unix:///nowhere.")
    well, text = reported(attacked("files"), missing)
    assert well
    assert "docker does not work here: No Docker daemon answers at unix:///nowhere." in text
    well, text = reported(attacked("files"), missing, all_must_work=True)
    assert (well, text.splitlines()[-1]) == (False, "A level that was asked for does not work here.")
    well, text = reported(missing)
    assert (well, text.splitlines()[-1]) == (False, "No level that isolates works here.")


def test_a_level_is_attacked_family_by_family_and_progress_is_told() -> None:
    """Level process stops no attack on the network but two, which says that the attacks bite; the frames it promises to stop."""
    told: list[str] = []
    found = attack_level(LevelUnderAttack(name="process", make=ProcessSandbox, promised=["frames"]), ["network"], told.append)
    [network] = found.tallies
    assert (found.holds, network.family, network.holes) == (True, "network", [])
    assert {"tcp", "udp", "unix-path"} <= {verdict.name for verdict in network.unpromised}
    assert told == ["process"] * (network.attacks + 1)


def test_an_obstacle_is_found_before_the_attacks() -> None:
    def cannot(entry: Entry) -> Sandbox:
        return ProcessSandbox(Entry(module="evoheur.testing.no_such_module", payload={}))

    found = attack_level(LevelUnderAttack(name="broken", make=cannot), ["files"], lambda level: None)
    assert not found.holds
    assert "no_such_module" in found.obstacle
    assert found.tallies == ()


def test_the_command_attacks_the_jail_of_this_machine() -> None:
    """This machine runs candidates, so one level of its jail holds."""
    done = evoheur("sandbox", "check", "--family", "shared objects", "--json")
    document: dict[str, Any] = done.document
    Draft7Validator(schema_named("levels")).validate(document)
    assert (done.code, document["ok"]) == (0, True)
    levels = {level["level"]: level for level in document["levels"]}
    assert {"jail-L0", "jail-L1", "docker"} == set(levels)
    jails = [levels[name] for name in ("jail-L0", "jail-L1") if levels[name]["works"]]
    assert jails
    for level in jails:
        [family] = level["families"]
        assert (level["holds"], family["family"], family["attacks"] == family["stopped"] > 5) == (True, "shared objects", True)
    assert all(level["reason"] for level in levels.values() if not level["works"])


def test_an_unknown_family_is_a_wrong_request() -> None:
    assert "no family of attacks named 'file' (did you mean 'files'?)" in refusal("sandbox", "check", "--family", "file")


def test_sandbox_unavailable_in_the_midst_is_not_hidden() -> None:
    """A level that an attack breaks for good has not held: that is an error, not a level that does not work here."""
    made: list[Sandbox] = []

    def once(entry: Entry) -> Sandbox:
        made.append(ProcessSandbox(entry if not made else Entry(module="evoheur.testing.no_such_module", payload={})))
        return made[-1]

    with pytest.raises(SandboxUnavailable):
        attack_level(LevelUnderAttack(name="brittle", make=once), ["frames"], lambda level: None)

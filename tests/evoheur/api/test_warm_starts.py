"""What a search may begin with: where it is read from, what is refused, and that a run keeps what it read."""

from pathlib import Path
from typing import Any

import pytest

from evoheur import ArchiveError, ConfigError, Result, discover, open_archive, resume
from evoheur.api.gallery_entries import entry_named
from evoheur.api.rehearsal import rehearse
from evoheur.api.warm_starts import with_warm_starts
from evoheur.run.config import RunConfig, parse_config
from tests.evoheur.cli.conftest import History, _own_folder, tiny_settings

__all__ = ["_own_folder"]

MINE = "import numpy as np\n\n\ndef choose(length, loads):\n    return np.where(np.arange(len(loads)) < 5, -loads * 1.0, -1e30)\n"
PACKING = {"problem": "bin_packing_online_levels", "strategy": {"kind": "es"}, "generator": {"kind": "mutator"}}
MUTATOR = {"kind": "mutator", "max_nodes": 20}


def config(scheduling: str, *seeds: Any, **changes: Any) -> RunConfig:
    return parse_config(tiny_settings(scheduling, seeds=list(seeds), **changes), where="here")


def packing(*seeds: Any, **changes: Any) -> RunConfig:
    return parse_config({**PACKING, "seeds": list(seeds), **changes}, where="here")


def test_textbook_is_all_that_can_be_written_with_the_settings() -> None:
    """Those that finish need the horizon; a name stands for one of them."""
    found = with_warm_starts(packing("textbook"), None).seeds
    assert [start.source for start in found] == ["textbook:best_fit", "textbook:sum_of_squares"]
    assert found[0].code is not None
    assert found[0].code.endswith("    return -rest\n")
    assert found[0].thought == "The textbook rule best_fit."
    told = {"name": "bin_packing_online_levels", "settings": {"horizon": True}}
    assert len(with_warm_starts(packing("textbook", problem=told), None).seeds) == 4
    [one] = with_warm_starts(packing("textbook:weighted_sum_of_squares", problem=told), None).seeds
    assert one.source == "textbook:weighted_sum_of_squares"


def test_a_heuristic_of_the_gallery() -> None:
    """With the code that ships, under the name that it has there."""
    [kept] = with_warm_starts(packing("gallery:online_levels"), None).seeds
    assert kept.source == "gallery:online_levels"
    assert kept.code == entry_named("online_levels").code
    assert kept.thought.endswith("(from gallery:online_levels)")


def test_candidates_of_this_and_of_other_archives(scheduling: str, history: History) -> None:
    """By number and as the best; with where they come from."""
    other = {"source": "tiny/best", "archive": history.url}
    with open_archive(history.path) as archive:
        found = with_warm_starts(config(scheduling, "tiny/2", other), archive).seeds
        best = archive.chosen("tiny")
        second = archive.candidate("tiny", 2)
    assert best is not None
    assert [start.source for start in found] == ["tiny/2", best.id]
    assert [start.code for start in found] == [second.candidate.code, best.candidate.code]
    assert found[0].thought == f"{second.candidate.thought} (from tiny/2)"
    assert with_warm_starts(config(scheduling, other), None).seeds[0].code == best.candidate.code


@pytest.mark.parametrize(
    ("seeds", "words"),
    [
        (["gallery:tight"], "There is no heuristic 'tight'"),
        (["gallery:joined_savings"], "must define priority"),
        (["nothing.py"], "'nothing.py'"),
        (["textbook:worst_fit"], "there is no textbook rule 'worst_fit'"),
        (["tiny/2"], "there is no archive yet"),
        (["other.py"], "no heuristic for bin_packing_online_levels, which must define priority"),
        (["opens.py"], "would be turned away: line 1 imports 'os'"),
    ],
)
def test_what_cannot_be_begun_with_is_refused_before_anything_is_spent(seeds: list[str], words: str) -> None:
    Path("other.py").write_text("def choose(length, loads):\n    return -loads\n")
    known = with_warm_starts(packing("textbook:best_fit"), None).seeds[0].code
    Path("opens.py").write_text(f"import os\n{known}")
    with pytest.raises(ConfigError, match=words):
        with_warm_starts(packing(*seeds), None)
    with pytest.raises(ConfigError, match=words):
        discover({**PACKING, "seeds": seeds}, archive=Path("none.db"))
    assert not Path("none.db").exists()


def test_a_problem_without_expressed_rules_says_so(scheduling: str, history: History) -> None:
    with pytest.raises(ConfigError, match="no textbook rule can be written as a heuristic of ListScheduling"):
        with_warm_starts(config(scheduling, "textbook"), None)
    with open_archive(history.path) as archive, pytest.raises(ArchiveError):
        with_warm_starts(config(scheduling, "tiny/999"), archive)


def begun(scheduling: str, archive: Path, *, evaluations: int) -> Result:
    Path("mine.py").write_text(MINE)
    changes = {"seeds": ["mine.py"], "strategy": {"kind": "es"}, "generator": MUTATOR, "tell_order": "asked"}
    return discover(tiny_settings(scheduling, budget={"evaluations": evaluations}, **changes), archive=archive, name="r")


def told(archive: Path) -> list[tuple[int, str, str, float | None]]:
    with open_archive(archive) as opened:
        records = [record.candidate for record in opened.candidates("r")]
    return [(each.id, each.operator, each.code, each.objective) for each in records]


def test_a_run_begins_with_it_and_keeps_it_whatever_the_file_is_later(scheduling: str, tmp_path: Path) -> None:
    """The first candidate, an evaluation and a request and no call; stored with its source, and resumed exactly."""
    whole, parted = tmp_path / "whole.db", tmp_path / "parted.db"
    begun(scheduling, whole, evaluations=6)
    first = begun(scheduling, parted, evaluations=3)
    assert (first.spent.evaluations, first.spent.calls) == (3, first.spent.requests - 1)
    Path("mine.py").write_text("no Python any more (")
    resume("r", {"budget.evaluations": 6}, archive=parted)
    assert told(parted) == told(whole)
    with open_archive(whole) as archive:
        known = archive.candidate("r", 1)
        stored = archive.run("r").config["seeds"]
    assert (known.candidate.operator, known.candidate.code, known.candidate.thought) == ("warm_start", MINE, "From mine.py.")
    assert stored == [{"source": "mine.py", "archive": None, "code": MINE, "thought": "From mine.py."}]
    assert known.asked is not None
    assert known.asked.messages == ()


def test_it_is_what_the_search_goes_on_from(scheduling: str, tmp_path: Path) -> None:
    """The problem's own heuristic is Graham's rule, which uses six machines and is better: children are bred from that, not from five."""
    begun(scheduling, tmp_path / "a.db", evaluations=3)
    with open_archive(tmp_path / "a.db") as archive:
        assert archive.candidate("r", 2).candidate.parents == (0,)


def test_a_rehearsal_shows_the_first_prompt_all_the_same(scheduling: str) -> None:
    Path("mine.py").write_text(MINE)
    shown = rehearse(tiny_settings(scheduling, seeds=["mine.py"]), archive=Path("none.db"))
    assert (shown.operator, len(shown.prompt)) == ("i1", 1)
    with pytest.raises(ConfigError, match=r"'gone\.py'"):
        rehearse(tiny_settings(scheduling, seeds=["gone.py"]), archive=Path("none.db"))

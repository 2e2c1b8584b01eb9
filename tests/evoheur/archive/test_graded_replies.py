"""Replies with what they are worth on train: nothing of other splits, nothing that no model is to blame for."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from evoheur.archive.archive import Archive
from evoheur.archive.graded_replies import GradedReply, graded_replies, train_objectives
from evoheur.candidate import Status
from tests.evoheur.api.support.replied_run import RepliedRun
from tests.evoheur.archive.support.made_up import evaluation, new_run


@pytest.fixture
def written(file_archive: Archive) -> RepliedRun:
    return RepliedRun(file_archive, new_run(file_archive))


def graded(written: RepliedRun, **how: Any) -> list[GradedReply]:
    with written.archive.moment() as connection:
        known = train_objectives(connection, written.run.id)
        return list(graded_replies(connection, written.run.id, known, **how))


def test_a_reply_has_its_prompt_parents_and_worth(written: RepliedRun) -> None:
    written.reply("a", 4.0, parents=[0])
    written.reply("a", Status.TIMEOUT, parents=[0])
    written.reply("b", "no-code", parents=[0])
    first, second, third = graded(written)
    assert (first.request, first.candidate, first.status, first.objective, first.parents) == (1, 1, "ok", 4.0, (0,))
    assert (second.candidate, second.status, second.objective) == (2, "timeout", None)
    assert (third.candidate, third.status, third.objective, third.scored) == (None, "no-code", None, None)
    assert first.prompt == second.prompt != third.prompt
    assert len(first.prompt) == 16


def test_it_does_not_matter_in_how_many_parts_they_are_read(written: RepliedRun) -> None:
    for place in range(7):
        written.reply("ab"[place % 2], float(place), parents=[0])
    assert graded(written, at_once=1) == graded(written, at_once=3) == graded(written)
    assert [reply._replace(prompt=b"") for reply in graded(written)] == graded(written, prompts=False)
    assert [reply.request for reply in graded(written)] == [1, 2, 3, 4, 5, 6, 7]


def test_what_no_reply_is_to_blame_for_is_left_out(written: RepliedRun) -> None:
    """A call that was lost, a fault of ours, a reply that was not told yet."""
    written.reply("a", "timeout", finish="lost: timeout")
    written.reply("a", "internal")
    written.reply("a", 3.0)
    assert [reply.request for reply in graded(written)] == [3]


def test_prices_of_other_splits_are_not_read(written: RepliedRun, tmp_path: Path) -> None:
    """Whatever they are, the graded replies are the same, down to the last bit."""
    written.reply("a", 4.0)
    written.reply("a", 3.0)
    before = graded(written)
    for split in ("validation", "test", "audit"):
        written.score(1, split, Status.OK, 0.125)
    assert graded(written) == before
    with closing(sqlite3.connect(tmp_path / "evoheur.db")) as database, database:
        prices = database.execute("SELECT objective FROM evaluation WHERE split != 'train'").fetchall()
    assert prices == [(0.125,)] * 3
    assert all(0.125 not in reply for reply in graded(written))


@pytest.mark.parametrize("status", [Status.CHEATING, Status.REJECTED, Status.SCALE_DEPENDENT])
@pytest.mark.parametrize("split", ["train", "validation"])
def test_what_cheats_anywhere_has_no_worth(written: RepliedRun, split: str, status: Status) -> None:
    """Nor has what shares its evaluation."""
    written.reply("a", 3.0 if split == "validation" else status)
    worth = evaluation(3.0) if split == "validation" else written.known[1].evaluation
    written.reply("a", worth, duplicate_of=1)
    if split == "validation":
        written.score(1, split, status)
    assert [(reply.objective, reply.is_honest) for reply in graded(written)] == [(None, False)] * 2


def test_a_parent_counts_by_its_worth_in_the_epoch_of_the_request(written: RepliedRun) -> None:
    written.reply("a", 4.0, parents=[0])
    written.reply("b", evaluation(3.0, epoch=1), parents=[0])
    with written.archive.moment() as connection:
        known = train_objectives(connection, written.run.id)
        first, second = graded_replies(connection, written.run.id, known)
    assert known.best_parent(first) == 5.0
    assert known.best_parent(second) is None  # candidate 0 was not scored in epoch 1


def test_a_parent_that_is_a_duplicate_has_the_worth_of_its_original(written: RepliedRun) -> None:
    written.reply("a", 4.0)
    written.reply("a", written.known[1].evaluation, duplicate_of=1)
    written.reply("b", written.known[1].evaluation, duplicate_of=1, parents=[2])
    with written.archive.moment() as connection:
        known = train_objectives(connection, written.run.id)
        replies = list(graded_replies(connection, written.run.id, known))
    assert [known.best_parent(reply) for reply in replies] == [5.0, 5.0, 4.0]
    assert [known.repeats_parent(reply) for reply in replies] == [False, False, True]

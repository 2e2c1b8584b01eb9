"""Shares of replies, counted by hand on a run with known prices."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from evoheur.archive.archive import Archive
from evoheur.candidate import Status
from evoheur.run.reply_health import NEWEST, HealthShare, health_of_run
from tests.evoheur.api.support.replied_run import RepliedRun
from tests.evoheur.archive.conftest import empty_archive
from tests.evoheur.archive.support.made_up import evaluation, new_run

__all__ = ["empty_archive"]


@pytest.fixture
def archive(tmp_path: Path, empty_archive: Path) -> Iterator[Archive]:
    path = Path(shutil.copy(empty_archive, tmp_path / "evoheur.db"))
    with Archive.open(f"sqlite:///{path}") as opened:
        yield opened


def begun(archive: Archive, **strategy: int) -> RepliedRun:
    return RepliedRun(archive, new_run(archive, "one", config={"strategy": {"kind": "eoh", **strategy}}))


def test_every_reply_counts_with_its_operator_and_its_model(archive: Archive) -> None:
    run = begun(archive, population_size=2)
    run.reply("a", 4.0)  # better than the problem's own, 5
    run.reply("a", 4.5, parents=[1])  # new, worse than its parent, second best
    run.reply("a", 4.7, parents=[1], operator="m1")  # worse than both
    run.reply("a", Status.TIMEOUT, parents=[1])
    run.reply("a", "no-code", parents=[1])
    run.reply("a", Status.PRUNED, parents=[1])  # no fault of its
    run.reply("a", run.known[1].evaluation, duplicate_of=1, parents=[2])  # better than its parent, and not new
    run.reply("a", 3.0, parents=[1, 2], operator="m1")
    found = health_of_run(archive, run.run)
    assert found.among == 2
    assert found.whole.all == HealthShare(name="all", replies=8, valid=6, distinct=5, better=2, among_best=3)
    assert found.whole.operators == [
        HealthShare(name="e1", replies=6, valid=4, distinct=3, better=1, among_best=2),
        HealthShare(name="m1", replies=2, valid=2, distinct=2, better=1, among_best=1),
    ]
    assert [(share.name, share.replies) for share in found.whole.models] == [("small", 8)]
    assert found.newest == found.whole


def test_the_newest_are_counted_by_themselves(archive: Archive) -> None:
    run = begun(archive)
    for _ in range(5):
        run.reply("a", "no-code")
    for place in range(NEWEST):
        run.reply("a", 10.0 + place, operator="m1")
    found = health_of_run(archive, run.run)
    assert (found.whole.all.replies, found.whole.all.valid) == (NEWEST + 5, NEWEST)
    assert (found.newest.all.replies, found.newest.all.valid, found.newest.all.among_best) == (NEWEST, NEWEST, 10)
    assert [share.name for share in found.newest.operators] == ["m1"]


def test_objectives_of_two_epochs_do_not_compare(archive: Archive) -> None:
    run = begun(archive, population_size=1)
    run.reply("a", 1.0)
    run.reply("a", evaluation(3.0, epoch=1))
    run.reply("a", evaluation(4.0, epoch=1))
    found = health_of_run(archive, run.run).whole.all
    assert (found.better, found.among_best) == (1, 2)  # the problem's own heuristic was not scored in epoch 1


def test_a_run_without_replies_has_no_shares(archive: Archive) -> None:
    found = health_of_run(archive, begun(archive).run)
    assert found.whole.all == HealthShare(name="all")
    assert (found.whole.operators, found.newest.models) == ([], [])

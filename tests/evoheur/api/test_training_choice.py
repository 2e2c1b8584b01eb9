"""Examples chosen from graded replies, by hand and against what must hold of any replies."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evoheur.api.training_choice import ExampleChoice, alike_replies, worst_chosen
from evoheur.archive.graded_replies import GradedReply, TrainObjectives
from evoheur.candidate import Status

NOTHING = TrainObjectives(by_epoch={}, originals={}, dishonest=frozenset())


def reply(number: int, objective: float | None, **rest: Any) -> GradedReply:
    kept: Mapping[str, Any] = {
        "operator": "e1",
        "epoch": 0,
        "prompt": b"a",
        "parents": (),
        "status": "error" if objective is None else "ok",
        "code_hash": f"hash-{number}",
        "scored": number,
        "candidate": number,
        **rest,
    }
    return GradedReply(request=number, model="small", objective=objective, objective_kind="gap_percent", is_honest=True, **kept)


def choice(*, tolerance: float = 0.0, known: TrainObjectives = NOTHING, worst: float = 1e9) -> ExampleChoice:
    return ExampleChoice(known=known, worst={0: worst}, tolerance=tolerance)


def numbers(chosen: ExampleChoice, *group: GradedReply) -> list[tuple[int, int]]:
    return [(pair.chosen.request, pair.rejected.request) for pair in chosen.pairs(group)]


def test_the_better_half_is_zipped_with_the_worse_best_first() -> None:
    group = [reply(1, 4.0), reply(2, 1.0), reply(3, 3.0), reply(4, 2.0)]
    assert numbers(choice(), *group) == [(2, 3), (4, 1)]
    assert numbers(choice(), *group, reply(5, 2.5)) == [(2, 3), (4, 1)]  # the middle one of five has no partner


def test_failures_are_rejected_in_turn() -> None:
    group = [reply(1, 2.0), reply(2, 1.0), *(reply(number, None) for number in (3, 4, 5))]
    assert numbers(choice(), *group) == [(2, 1), (2, 3), (1, 4), (2, 5)]
    assert numbers(choice(), reply(1, None), reply(2, None)) == []


def test_equal_objectives_count_once() -> None:
    assert numbers(choice(), reply(1, 1.0), reply(2, 1.0), reply(3, 2.0)) == [(1, 3)]


def test_what_is_closer_than_the_tolerance_is_no_pair() -> None:
    chosen = choice(tolerance=0.5)
    assert numbers(chosen, reply(1, 1.0), reply(2, 1.4)) == []
    assert chosen.left_out["close"] == 1
    assert numbers(chosen, reply(1, 1.0), reply(2, 1.5)) == [(1, 2)]


def test_equal_code_counts_once_and_a_parent_s_not_at_all() -> None:
    known = TrainObjectives(by_epoch={(9, 0): 2.0}, originals={}, dishonest=frozenset())
    chosen = choice(known=known)
    group = [reply(1, 1.0), reply(2, 3.0, code_hash="hash-1"), reply(3, 2.0, scored=9, parents=(9,)), reply(4, 4.0)]
    assert numbers(chosen, *group) == [(1, 4)]
    assert (chosen.left_out["twin"], chosen.left_out["copy"]) == (1, 1)


def test_what_was_stopped_early_is_neither_good_nor_bad() -> None:
    stopped = reply(2, None, status=Status.PRUNED.value)
    assert numbers(choice(), reply(1, 1.0), stopped) == []
    assert not list(choice().labels([stopped]))
    assert not list(choice().groups([reply(1, 1.0), stopped]))


def test_an_example_to_follow_is_not_among_the_worst() -> None:
    replies = [reply(number, float(number)) for number in range(11)]
    assert worst_chosen(replies, 30.0) == {0: 7.0}
    assert worst_chosen(replies, 0.0) == {0: 10.0}
    assert numbers(choice(worst=1.0), reply(1, 1.0), reply(2, 2.0), reply(3, None), reply(4, None)) == [(1, 2), (1, 3)]


def test_labels_compare_with_the_best_parent() -> None:
    known = TrainObjectives(by_epoch={(0, 0): 5.0, (8, 0): 3.0, (9, 0): 2.0}, originals={}, dishonest=frozenset())
    chosen = choice(known=known, tolerance=0.25)
    group = [
        reply(1, 1.0, parents=(8, 9)),
        reply(2, 2.5, parents=(8, 9)),
        reply(3, None, parents=(8, 9)),
        reply(4, 2.0, scored=9, parents=(8, 9)),
        reply(5, 1.9, parents=(8, 9)),
        reply(6, 4.0),
    ]
    assert [(found.reply.request, found.label) for found in chosen.labels(group)] == [
        (1, True),
        (2, False),
        (3, False),
        (4, False),
        (6, True),  # nothing is shown, so the problem's own heuristic counts
    ]
    assert chosen.left_out["close"] == 1


def test_groups_have_the_rewards_of_the_table() -> None:
    known = TrainObjectives(by_epoch={(9, 0): 2.0}, originals={}, dishonest=frozenset())
    replies = [
        reply(1, 1.8, parents=(9,)),
        reply(2, 2.2, parents=(9,)),
        reply(3, None, parents=(9,)),
        reply(4, 1.8, scored=1, parents=(9,)),
    ]
    [group] = choice(known=known).groups(replies)
    assert group.rewards == [0.5, -0.1, -1.0, -0.5]
    chosen = choice(known=known)
    assert not list(chosen.groups(replies[:1])) + list(chosen.groups([replies[2], reply(5, None)]))
    assert chosen.left_out == {"cut short": 0, "alone": 1, "level": 1}


GRADED = st.builds(
    lambda number, objective, epoch, prompt, operator, parents: reply(
        number, objective, epoch=epoch, prompt=prompt, operator=operator, parents=parents
    ),
    st.integers(1, 10_000),
    st.none() | st.floats(0, 100),
    st.integers(0, 1),
    st.sampled_from([b"a", b"b"]),
    st.sampled_from(["e1", "m1"]),
    st.sampled_from([(), (9,)]),
)


@given(st.lists(GRADED, max_size=12, unique_by=lambda each: each.request))
def test_no_pair_is_of_two_prompts_epochs_or_the_wrong_way_round(replies: list[GradedReply]) -> None:
    for group in alike_replies(replies, "prompt"):
        for pair in ExampleChoice(known=NOTHING, worst=worst_chosen(replies, 0.0), tolerance=0.0).pairs(group):
            assert (pair.chosen.prompt, pair.chosen.epoch) == (pair.rejected.prompt, pair.rejected.epoch)
            assert pair.chosen.objective is not None
            assert pair.rejected.objective is None or pair.chosen.objective < pair.rejected.objective


@given(st.lists(GRADED, max_size=12, unique_by=lambda each: each.request))
def test_by_parents_the_operator_and_what_it_shows_are_the_same(replies: list[GradedReply]) -> None:
    groups = alike_replies(replies, "parents")
    assert sorted(each.request for group in groups for each in group) == sorted(each.request for each in replies)
    for group in groups:
        assert len({(each.epoch, each.operator, each.parents) for each in group}) == 1

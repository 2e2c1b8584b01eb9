"""Twins: which earlier candidate a new one is held to be like, and which it is not."""

from dataclasses import replace

import pytest

from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.code.program import code_hash
from evoheur.run.config import parse_config
from evoheur.run.novelty import NoveltyConfig, Twins
from evoheur.simplification.reduced_form import reduced_hash

FIRST = "def f(x):\n    return x * {number}.5 - 1.0\n"
LIKE_FIRST = "def f(x):\n    a = {number}.5 * x\n    return a - 1.0\n"
WINDOW = 1000
ANY = float("-inf")


def scored(number: int, objective: float | None = 3.0, *, code: str = FIRST, fingerprint: str = "") -> Candidate:
    status = Status.OK if objective is not None else Status.ERROR
    evaluation = Evaluation(status=status, objective=objective, split="train", fingerprint=fingerprint)
    source = code.format(number=number)
    return Candidate(
        id=number, code=source, thought="", operator="e1", parents=(), evaluation=evaluation, code_hash=code_hash(source)
    )


def key(number: int) -> str:
    return reduced_hash(LIKE_FIRST.format(number=number))


def test_a_twin_has_other_code_of_the_same_form() -> None:
    twins = Twins()
    twins.remember(scored(1), 5)
    found = twins.before(6, ANY).twin_of(key(1))
    assert found == scored(1)
    assert twins.before(6, ANY).twin_of(key(2)) is None


def test_what_was_told_after_a_request_was_asked_is_not_looked_at() -> None:
    """So that a run does not depend on what is finished by now."""
    twins = Twins()
    twins.remember(scored(1), 5)
    twins.remember(scored(2), 7)
    assert [twins.before(sequence, ANY).twin_of(key(2)) is not None for sequence in (4, 7, 8)] == [False, False, True]
    assert [twins.before(sequence, ANY).twin_of(key(1)) is not None for sequence in (5, 6)] == [False, True]


def test_no_score_that_would_be_the_best_is_taken_over() -> None:
    twins = Twins()
    twins.remember(scored(1, 3.0), 1)
    assert [twins.before(2, to_beat).twin_of(key(1)) is not None for to_beat in (2.9, 3.0, 3.1)] == [True, True, False]


@pytest.mark.parametrize("status", [Status.ERROR, Status.PRUNED, Status.CHEATING])
def test_only_whole_scores_are_taken_over(status: Status) -> None:
    """What failed or was cut short may have done so for a part that the other one does not have."""
    twins = Twins()
    failed = scored(1, None)
    twins.remember(replace(failed, evaluation=replace(failed.evaluation, status=status)), 1)
    assert twins.before(2, ANY).twin_of(key(1)) is None


def test_equal_fingerprints_make_a_twin() -> None:
    twins = Twins()
    twins.remember(scored(1, fingerprint="f" * 32), 1)
    twins.remember(scored(2, fingerprint="0" * 32), 2)
    earlier = twins.before(9, ANY)
    assert earlier.twin_of("0" * 32) == scored(2, fingerprint="0" * 32)
    assert earlier.fingerprints() == {"f" * 32, "0" * 32}
    assert twins.before(2, ANY).fingerprints() == {"f" * 32}
    assert twins.before(9, 9.0).fingerprints() == frozenset(), "these would be the best"


def test_of_several_the_oldest_is_meant() -> None:
    twins = Twins()
    twins.remember(scored(1), 1)
    twins.remember(replace(scored(1, code=LIKE_FIRST), id=2), 2)
    found = twins.before(9, ANY).twin_of(key(1))
    assert found is not None
    assert found.id == 1


def test_only_the_newest_are_looked_at() -> None:
    """Work and messages do not grow with the run, and it makes no difference whether what is older was read before."""
    twins, late = Twins(), Twins()
    for number in range(1, WINDOW + 3):
        each = scored(number, fingerprint=f"{number:032x}")
        twins.remember(each, number)
        late.remember(each, number)
        if number % 100 == 0:
            twins.before(number + 1, ANY)
    for made in (twins, late):
        earlier = made.before(WINDOW + 3, ANY)
        found = [earlier.twin_of(key(number)) is not None for number in (1, 2, 3, WINDOW + 2)]
        assert found == [False, False, True, True]
        assert len(earlier.fingerprints()) == WINDOW


def test_a_long_run_forgets_what_is_old_and_nothing_else() -> None:
    """Also for a request that was asked before something was forgotten, and looks again afterwards."""
    twins, like = Twins(), scored(1)
    total, long_ago = 20 * WINDOW, 15_995
    early = None
    for number in range(1, total + 1):
        evaluation = replace(like.evaluation, fingerprint=f"{number:032x}")
        twins.remember(replace(like, id=number, evaluation=evaluation), number)
        if number % (WINDOW // 2) == 0 or number == long_ago:
            earlier = twins.before(number + 1, ANY)
            early = earlier if number == long_ago else early
            assert len(earlier.fingerprints()) == min(number, WINDOW)
    assert early is not None
    for made, newest in ((early, long_ago), (twins.before(total + 1, ANY), total)):
        asked = (newest, newest - WINDOW + 1, newest - WINDOW)
        assert [found and found.id for found in (made.twin_of(f"{number:032x}") for number in asked)] == [*asked[:2], None]


def test_a_twin_is_no_original() -> None:
    """It is scored as the other wherever it is scored again, and nothing is compared with it."""
    twins = Twins()
    twins.remember(scored(1), 1)
    twin = replace(scored(1, code=LIKE_FIRST), id=2, duplicate_of=1, is_twin=True)
    twins.remember(twin, 2)
    twins.clear()  # another epoch
    assert twins.scored_as(twin) == scored(1)
    assert twins.scored_as(scored(1)) == scored(1)
    assert twins.before(9, ANY).twin_of(key(1)) is None


def test_a_switch_stands_for_the_section() -> None:
    data = {"problem": "tsp_gls", "strategy": {"kind": "random"}, "generator": {"kind": "mutator"}}
    assert parse_config({**data, "novelty": False}, where="here").novelty == NoveltyConfig(twins="evaluate")
    assert parse_config({**data, "novelty": True}, where="here").novelty == NoveltyConfig()
    assert not NoveltyConfig(twins="evaluate").recognises

"""No attack gets out of the container, nor from one candidate of a container to the next.

The attacks are those of `test_red_team`, which proves that each would get out of nothing. The candidate's user is 65534 whoever runs the
search, so there is no second round as an ordinary user.
"""

from collections.abc import Iterator

import pytest

from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem_loading import load_problem
from evoheur.testing.red_team.attack import Attack, ScoreAttack, Verdict
from evoheur.testing.red_team.attack_range import Range
from evoheur.testing.red_team.score_range import ScoreRange, ScoreTarget, bin_packing
from evoheur.testing.red_team.team import ATTACKS, SCORES
from tests.sandbox.support.red_team_levels import LEVELS

pytestmark = [
    pytest.mark.docker,
    pytest.mark.slow,
    pytest.mark.usefixtures("docker_image"),
    pytest.mark.xdist_group("daemons"),
]


_FIRST_OF_FAMILY = {attack.family: attack for attack in reversed(ATTACKS)}.values()
_BY_DAY = {attack.name for attack in (*ATTACKS[2::3], *_FIRST_OF_FAMILY)}
"""Of those that stand together in a family every third; `test_red_team` has other thirds by day, and the night has all."""

_ATTACKS = [pytest.param(one, id=one.name, marks=[] if one.name in _BY_DAY else pytest.mark.nightly) for one in ATTACKS]
_FORGERIES_BY_DAY = [one for one in SCORES if one.name in {"forge-cost", "touch-clock", "flood-notes"}]
"""One of each kind; the trusted side, which these attack, is the same as at the other levels."""


@pytest.fixture(scope="module")
def place(docker_image: str) -> Iterator[Range]:
    """Containers."""
    with Range(LEVELS["docker"]) as place:
        yield place


@pytest.fixture(scope="module")
def guarded(docker_image: str) -> Iterator[ScoreRange]:
    """The evaluator over containers."""
    scores = ScoreRange.guarded(bin_packing(), LEVELS["docker"])
    yield scores
    scores.close()


@pytest.fixture(scope="module")
def guarded_scheduling(docker_image: str, scheduling: str) -> Iterator[ScoreRange]:
    """The same for a problem in a single file, without kernels that a container would have to compile."""
    problem = load_problem(scheduling)
    target = ScoreTarget(name=scheduling, problem=problem, instances=InstanceSet.of_split(problem, "train"))
    scores = ScoreRange.guarded(target, LEVELS["docker"])
    yield scores
    scores.close()


def _expect_stopped(verdict: Verdict) -> None:
    assert verdict.detail
    assert verdict.blocked is not bool(verdict.open_because), verdict


@pytest.mark.parametrize("attack", _ATTACKS)
def test_it_is_stopped(place: Range, attack: Attack) -> None:
    """No gain, no harm to the next candidate, nothing left behind, in time, and with a reason that a person understands."""
    _expect_stopped(place.run(attack))


@pytest.mark.parametrize("attack", _FORGERIES_BY_DAY, ids=lambda attack: attack.name)
def test_it_does_not_pay_on_a_problem_of_ones_own(guarded_scheduling: ScoreRange, attack: ScoreAttack) -> None:
    """A user's problem in a single file is as safe as what ships."""
    _expect_stopped(guarded_scheduling.run(attack))


@pytest.mark.nightly
@pytest.mark.parametrize("attack", SCORES, ids=lambda attack: attack.name)
def test_it_does_not_pay(guarded: ScoreRange, attack: ScoreAttack) -> None:
    """Neither a better score nor hidden time nor a flood, and the next honest candidate has its honest score."""
    _expect_stopped(guarded.run(attack))

"""No attack gets out of the container, nor from one candidate of a container to the next.

The attacks are those of `test_red_team`, which proves that each would get out of nothing. The candidate's user is 65534 whoever runs the
search, so there is no second round as an ordinary user.
"""

from collections.abc import Iterator

import pytest

from evoheur.testing.red_team.attack import Attack, ScoreAttack, Verdict
from evoheur.testing.red_team.attack_range import Range
from evoheur.testing.red_team.score_range import ScoreRange, bin_packing
from evoheur.testing.red_team.team import ATTACKS, SCORES
from tests.sandbox.support.red_team_levels import LEVELS

pytestmark = [
    pytest.mark.docker,
    pytest.mark.slow,
    pytest.mark.usefixtures("docker_image"),
    pytest.mark.xdist_group("red team in docker"),
]


_BY_DAY = {"forge-cost", "touch-clock", "flood-notes", "next-item"}
"""One of each kind; the trusted side, which these attack, is the same as at the other levels, where all are tried."""

_FORGERIES = [pytest.param(one, id=one.name, marks=[] if one.name in _BY_DAY else pytest.mark.nightly) for one in SCORES]


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


def _expect_stopped(verdict: Verdict) -> None:
    assert verdict.detail
    assert verdict.blocked is not bool(verdict.open_because), verdict


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_it_is_stopped(place: Range, attack: Attack) -> None:
    """No gain, no harm to the next candidate, nothing left behind, in time, and with a reason that a person understands."""
    _expect_stopped(place.run(attack))


@pytest.mark.parametrize("attack", _FORGERIES)
def test_it_does_not_pay(guarded: ScoreRange, attack: ScoreAttack) -> None:
    """Neither a better score nor hidden time nor a flood, and the next honest candidate has its honest score."""
    _expect_stopped(guarded.run(attack))

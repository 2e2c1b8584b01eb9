"""No attack gets out of the jail, and every attack would get out of nothing."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem_loading import load_problem
from evoheur.sandbox.process import ProcessSandbox
from evoheur.testing.red_team.attack import Attack, ScoreAttack, Verdict
from evoheur.testing.red_team.attack_range import Range
from evoheur.testing.red_team.attacks.foresight import FORESIGHT
from evoheur.testing.red_team.score_range import Believer, ScoreRange, ScoreTarget, bin_packing
from evoheur.testing.red_team.stall_watch import Watch, unless_still
from evoheur.testing.red_team.team import ATTACKS, SCORES, explanation
from evoheur.testing.red_team.unconfined import Unconfined
from tests.sandbox.support.red_team_as_user import CANNOT
from tests.sandbox.support.red_team_levels import LEVELS, WALLED

_ROOT = Path(__file__).parents[2]
_OF_BIN_PACKING_ONLY = {"other-split", "forge-float", *(attack.name for attack in FORESIGHT)}


def _levels(*, by_night: str = "") -> list[Any]:
    # Tests of one level share one warm guest, so they belong to one worker.
    groups = {level: [pytest.mark.xdist_group(f"red team at {level}")] for level in WALLED}
    if by_night:
        groups[by_night].append(pytest.mark.nightly)
    return [pytest.param(level, marks=marks) for level, marks in groups.items()]


_ROOT_ITSELF = os.getuid() == 0
"""By day root attacks L0 and an ordinary user L1, so that each level and each kind of user is met; by night the rest."""

pytestmark = pytest.mark.slow
_FIRST_OF_FAMILY = list({attack.family: attack for attack in reversed(ATTACKS)}.values())
"""What is seen to bite by day; of the others that is seen by night."""


def _one_in(number: int, *, first: int) -> pytest.MarkDecorator:
    # Those of a family stand together, so there are some of each; what the day leaves out at a level, the night tries there.
    by_day = {attack.name for attack in (*ATTACKS[first::number], *_FIRST_OF_FAMILY)}
    params = [pytest.param(each, marks=() if each.name in by_day else pytest.mark.nightly, id=each.name) for each in ATTACKS]
    return pytest.mark.parametrize("attack", params)


forgeries = pytest.mark.parametrize("attack", SCORES, ids=lambda attack: attack.name)


@pytest.fixture(scope="module", params=_levels(by_night="L1" if _ROOT_ITSELF else ""))
def walled(request: pytest.FixtureRequest) -> Iterator[Range]:
    """The jail at each of its levels."""
    with Range(LEVELS[request.param]) as place:
        yield place


@pytest.fixture(scope="module")
def open_places() -> Iterator[tuple[Range, Range]]:
    """A process with limits only, and one without anything."""
    with Range(partial(ProcessSandbox, reaction_seconds=3.0)) as limited, Range(Unconfined) as free:
        yield limited, free


@pytest.fixture(scope="module", params=_levels(by_night="L0"))
def as_user(request: pytest.FixtureRequest) -> dict[str, Verdict]:
    """Verdicts on all attacks that the tests of this session ask for, the trusted side included, as an ordinary user."""
    if not _ROOT_ITSELF:
        pytest.skip("this is an ordinary user already, so the other tests tell")
    program = Path(__file__).parent / "support" / "red_team_as_user.py"
    others = [dict(item.callspec.params) for item in request.session.items if hasattr(item, "callspec")]
    names = [each["attack"].name for each in others if each.get("as_user") == request.param]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "XDG_CACHE_HOME": "/nonexistent"}
    run = subprocess.run(
        [sys.executable, str(program), request.param, *names],
        capture_output=True,
        text=True,
        env=environment,
        cwd="/",
        check=False,
    )
    if run.returncode == CANNOT:
        pytest.skip(f"root cannot become an ordinary user here: {run.stderr}")
    assert run.returncode == 0, run.stderr[-2000:]
    return {verdict.name: verdict for verdict in (Verdict(**json.loads(line)) for line in run.stdout.splitlines())}


@pytest.fixture(scope="module")
def target() -> ScoreTarget:
    """Two streams of online bin packing."""
    return bin_packing()


@pytest.fixture(scope="module")
def believed(target: ScoreTarget) -> Iterator[ScoreRange]:
    """Candidates that price themselves."""
    place = ScoreRange(target, Believer(target, ProcessSandbox))
    yield place
    place.close()


class Verdicts:
    """Verdicts of one range; each attack is run once, however many tests look at what became of it."""

    def __init__(self, place: ScoreRange) -> None:
        self._place = place
        self._known: dict[str, Verdict] = {}

    def on(self, attack: ScoreAttack) -> Verdict:
        if attack.name not in self._known:
            self._known[attack.name] = self._place.run(attack)
        return self._known[attack.name]


@pytest.fixture(scope="module", params=_levels(by_night="L1"))  # the trusted side, which these attack, is the same at both
def guarded(request: pytest.FixtureRequest, target: ScoreTarget) -> Iterator[Verdicts]:
    """The evaluator over the jail at each of its levels."""
    place = ScoreRange.guarded(target, LEVELS[request.param])
    yield Verdicts(place)
    place.close()


@pytest.fixture(scope="module")
def guarded_scheduling(scheduling: str) -> Iterator[ScoreRange]:
    """The evaluator over the jail, for a problem in a single file."""
    problem = load_problem(scheduling)
    target = ScoreTarget(name=scheduling, problem=problem, instances=InstanceSet.of_split(problem, "train"))
    place = ScoreRange.guarded(target, LEVELS["L0"])
    yield place
    place.close()


def _expect_stopped(verdict: Verdict) -> None:
    """Stopped with a reason, or exactly as open as is admitted: a hole that is closed must be struck from the list."""
    assert verdict.detail
    assert verdict.blocked is not bool(verdict.open_because), verdict


@pytest.mark.xdist_group("red team in the open")
@pytest.mark.parametrize(
    "attack",
    [pytest.param(attack, marks=() if attack in _FIRST_OF_FAMILY else pytest.mark.nightly, id=attack.name) for attack in ATTACKS],
)
def test_it_bites_where_nothing_stops_it(open_places: tuple[Range, Range], attack: Attack) -> None:
    """An attack that fails even without a sandbox proves nothing, unless this machine has nothing to attack."""
    limited, free = open_places
    verdict = limited.run(attack)
    if verdict.blocked:
        verdict = free.run(attack)
    if verdict.blocked:
        reason = explanation(verdict, attack)
        assert reason, verdict
        pytest.skip(f"cannot bite here: {reason}")


@_one_in(3, first=0)
def test_it_is_stopped(walled: Range, attack: Attack) -> None:
    """No gain, no harm to the next candidate, nothing left behind, in time, and with a reason that a person understands."""
    _expect_stopped(walled.run(attack))


@_one_in(9, first=1)
def test_it_is_stopped_when_an_ordinary_user_runs_the_search(as_user: dict[str, Verdict], attack: Attack) -> None:
    """The same without any privilege of the host's."""
    _expect_stopped(as_user[attack.name])


@pytest.mark.xdist_group("red team believed")
@forgeries
def test_it_would_be_believed(believed: ScoreRange, attack: ScoreAttack) -> None:
    """Where candidates price themselves, every forgery pays."""
    verdict = believed.run(attack)
    assert not verdict.blocked, verdict


@forgeries
def test_it_does_not_pay(guarded: Verdicts, attack: ScoreAttack) -> None:
    """Neither a better score nor hidden time nor a flood, and the next honest candidate has its honest score."""
    _expect_stopped(guarded.on(attack))


@pytest.mark.parametrize("attack", FORESIGHT, ids=lambda attack: attack.name)
def test_knowing_the_future_is_called_cheating(guarded: Verdicts, attack: ScoreAttack) -> None:
    """However little of it is used: the last item of 800 is enough."""
    assert guarded.on(attack).detail.startswith("cheating: ")


@pytest.mark.xdist_group("red team at L0")
@pytest.mark.parametrize(
    "attack", [one for one in SCORES if one.name not in _OF_BIN_PACKING_ONLY], ids=lambda attack: attack.name
)
def test_it_does_not_pay_on_a_problem_of_ones_own(guarded_scheduling: ScoreRange, attack: ScoreAttack) -> None:
    """A user's problem in a single file is as safe as what ships."""
    _expect_stopped(guarded_scheduling.run(attack))


def test_the_table() -> None:
    """Every attack has a name of its own and says what it tries; there are far more than sixty."""
    everything: list[Attack | ScoreAttack] = [*ATTACKS, *SCORES]
    names = Counter(attack.name for attack in everything)
    assert max(names.values()) == 1
    assert all(attack.tries for attack in everything)
    assert len(names) >= 160


def test_a_hole_is_told() -> None:
    """Where files are open the verdict says what was gained, and the range goes on with a fresh sandbox."""
    [attack] = [attack for attack in ATTACKS if attack.name == "read-file"]
    with Range(ProcessSandbox) as place:
        verdicts = [place.run(attack), place.run(attack)]
    assert [verdict.blocked for verdict in verdicts] == [False, False]
    assert verdicts[0].detail == "it told the host's secret file"


def test_the_host_is_as_before() -> None:
    """Attacks that succeed leave neither processes nor variables nor descriptors, since lures clean up."""
    variables, descriptors = dict(os.environ), len(list(Path("/proc/self/fd").iterdir()))
    chosen = {"daemon", "environment", "flood-output", "inherited-descriptors", "descriptors-to-host", "kill"}
    with Range(Unconfined) as place:
        verdicts = [place.run(attack) for attack in ATTACKS if attack.name in chosen]
    assert len(verdicts) == len(chosen)
    assert not any(verdict.blocked for verdict in verdicts), verdicts
    assert dict(os.environ) == variables
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors


def test_damage_while_the_machine_stood_still_is_looked_at_again() -> None:
    """A paused machine lets every deadline pass; what happens only then is no hole, and what happens again is one."""
    hole = Verdict(name="n", family="f", blocked=False, detail="late")

    def paused(watch: Watch) -> Verdict:
        shots.append(watch)
        watch.stood_still = len(shots) == 1
        return replace(hole, blocked=len(shots) > 1)

    shots: list[Watch] = []
    assert unless_still(paused, 60.0).blocked
    assert len(shots) == 2
    assert not unless_still(lambda watch: hole, 60.0).blocked


def test_what_nothing_ends_is_ended() -> None:
    """A host that waits for a process of its own for ever goes on when the watch has killed it.

    In an interpreter of its own, since the watch spares nothing that runs below its process.
    """
    program = """
import subprocess
from evoheur.testing.red_team.stall_watch import Watch
with Watch(0.3) as watch, subprocess.Popen(["/bin/sleep", "60"]) as sleeper:
    ended = sleeper.wait(30)
assert (watch.bit, ended) == (True, -9), (watch.bit, ended)
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=240)

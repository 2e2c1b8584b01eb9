"""A model that attacks with every reply: whatever it tries is stored as a failure with a reason, or as what it honestly computed."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from evoheur.sandbox.interface import Report, ReportStatus
from evoheur.testing.endpoint_server import ScriptedEndpoint, ServerAnswer, reply
from evoheur.testing.red_team.attack import Attack, ScoreAttack
from evoheur.testing.red_team.lures.host import HostMemory
from evoheur.testing.red_team.lures.lure import Lure, Sighting
from evoheur.testing.red_team.score_range import ScoreTarget, bin_packing
from evoheur.testing.red_team.team import ATTACKS, SCORES
from tests.end_to_end.support.runs import configuration, evoheur, query

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("hostile replies")]

_ON_SCORES = [attack for attack in SCORES if not attack.open_because]


def _on_the_sandbox(of_a_family: int) -> list[Attack]:
    # Neither those that need a guest of their own nor more questions than one, nor those whose lure measures the trusted process: here
    # that is another one.
    able = [one for one in ATTACKS if one.asks == 1 and not one.fresh and one.lure is not HostMemory]
    able = list({one.source: one for one in reversed(able)}.values())[::-1]  # some differ in their accomplice only
    families = dict.fromkeys(one.family for one in able)
    return [one for family in families for one in [one for one in able if one.family == family][:of_a_family]]


# The screen turns away what imports other modules than heuristics need, so the attack comes as a string, as a model could write it too.
_HOSTILE = """
_attack = {source!r}
_gained = []

def priority(item, bins):
    if not _gained:
        space = {{"__name__": "attack"}}
        exec(_attack, space)
        _gained.append(space["answer"]({bait!r}))
    return -(bins - item).astype(float)
"""

_FORGING = """
_forgery = {source!r}
_rules = []

def priority(item, bins):
    if not _rules:
        space = {{"__name__": "forgery"}}
        exec(_forgery, space)
        _rules.append(space["priority"])
    return _rules[0](item, bins)
"""

_HONEST = """
def priority(item, bins):
    return -{factor}.0 * (bins - item)
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the archive has of one candidate; `name` is its thought: that of its attack, or "honest"."""

    name: str
    status: str
    objective: float | None
    detail: str
    level: str


@dataclass(frozen=True, slots=True)
class Aftermath:
    """A run whose every other candidate was hostile.

    Attributes:
        folder: Where its archive is.
        on_the_sandbox: The attacks on the sandbox that were made.
        on_scores: The forgeries that were made.
        stored: In the order they were evaluated, after the baseline.
        gains: What the lures saw from outside, by the attack's name.
    """

    folder: Path
    on_the_sandbox: Sequence[Attack]
    on_scores: Sequence[ScoreAttack]
    stored: Sequence[Stored]
    gains: dict[str, str]

    @property
    def attacks(self) -> list[Attack | ScoreAttack]:
        """All of them, in the order of the replies."""
        return [*self.on_the_sandbox, *self.on_scores]


def _reply(name: str, code: str) -> ServerAnswer:
    return reply(f"{{This is {name}}}\n```python\n{code}\n```")


@contextmanager
def _lured(attacks: Sequence[Attack]) -> Iterator[dict[str, Lure]]:
    with ExitStack() as stack:
        yield {attack.name: stack.enter_context(closing(attack.lure())) for attack in attacks}


def _script(
    lures: dict[str, Lure], target: ScoreTarget, on_the_sandbox: Sequence[Attack], on_scores: Sequence[ScoreAttack]
) -> list[ServerAnswer]:
    hostile = [(one.name, _HOSTILE.format(source=one.source, bait=lures[one.name].bait())) for one in on_the_sandbox]
    hostile += [(one.name, _FORGING.format(source=target.hooked(one))) for one in on_scores]
    pairs = [
        [_reply(name, code), _reply("honest", _HONEST.format(factor=number))]
        for number, (name, code) in enumerate(hostile, start=2)
    ]
    return [answer for pair in pairs for answer in pair]


def _short_streams(folder: Path) -> dict[str, str]:
    # Of 600 items each, where the problem's own have 5,000, over which a rule that is not compiled takes half a second.
    for split, largest in (("train", 64), ("validation", 57)):
        sizes = "".join(f"{7 * number % (largest - 4) + 5},1\n" for number in range(600))
        (folder / f"{split}.csv").write_text(f"capacity,100\nsize,count\n{sizes}")
    return {split: str(folder / f"{split}.csv") for split in ("train", "validation")}


def _gain(lure: Lure, attack: Attack, stored: Stored) -> str:
    # The attacker's own word does not come so far: a heuristic's answer is a solution. Its last words do, and what the lure sees.
    report = Report(status=ReportStatus.ERROR, detail=stored.detail)
    return lure.gain(Sighting(reports=[report], seconds=0.0, limits=attack.limits))


@pytest.fixture(
    scope="module",
    params=[pytest.param((1, 8, True), id="some"), pytest.param((6, 1, False), id="many", marks=pytest.mark.nightly)],
)
def aftermath(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Aftermath:
    """The run, jailed as well as this machine can, one candidate at a time.

    With so many attacks of each family, and every so many-th forgery; the sandbox's own tests have all of them. On the problem's own
    streams, or on a short one.
    """
    of_a_family, every, short = request.param
    on_the_sandbox, on_scores = _on_the_sandbox(of_a_family), _ON_SCORES[::every]
    folder = tmp_path_factory.mktemp("hostile")
    with _lured(on_the_sandbox) as lures:
        script = _script(lures, bin_packing(), on_the_sandbox, on_scores)
        with ScriptedEndpoint(script) as server:
            config = configuration(
                folder,
                name="r",
                problem={"name": "bin_packing_online", **({"instances": _short_streams(folder)} if short else {})},
                strategy={"kind": "random"},
                generator={"kind": "openai", "model": "m", "base_url": server.base_url},
                evaluation={
                    "executor": {"kind": "local", "slots": 1},
                    "sandbox": {"kind": "jail"},
                    "limits": {"load_seconds": 5, "cpu_seconds": 1, "wall_seconds": 2, "memory_mib": 256},
                },
                budget={"requests": len(script), "evaluations": len(script)},
                validation={"top": 1},
                in_flight=1,
            )
            done = evoheur("run", str(config), cwd=folder, timeout=600)
        assert done.returncode == 0, done.stdout + done.stderr
        rows = query(
            folder / "runs" / "evoheur.db",
            "SELECT c.thought, e.status, e.objective, e.detail, e.level FROM candidate c JOIN evaluation e ON e.candidate_id = c.id "
            "WHERE e.split = 'train' AND c.number > 0 ORDER BY c.number",
        )
        stored = [Stored(thought.removeprefix("This is "), *rest) for thought, *rest in rows]
        found = {one.name: one for one in stored}
        gains = {one.name: _gain(lures[one.name], one, found[one.name]) for one in on_the_sandbox}
    return Aftermath(folder, on_the_sandbox, on_scores, stored, gains)


def test_every_candidate_of_the_run_is_stored(aftermath: Aftermath) -> None:
    """Hostile and honest in turn, none lost, none skipped, all jailed."""
    assert [one.name for one in aftermath.stored] == [name for attack in aftermath.attacks for name in (attack.name, "honest")]
    assert {one.level for one in aftermath.stored} <= {"jail-L0", "jail-L1"}


def test_no_attack_gained_anything(aftermath: Aftermath) -> None:
    assert {name: gain for name, gain in aftermath.gains.items() if gain} == {}


def test_every_honest_candidate_has_its_honest_score(aftermath: Aftermath) -> None:
    """Best fit times a factor decides as best fit, so all of them have one score, whoever went before."""
    honest = {(one.status, one.objective) for one in aftermath.stored if one.name == "honest"}
    assert len(honest) == 1, honest
    assert honest.pop()[0] == "ok"


def test_every_failure_has_a_reason_for_a_person(aftermath: Aftermath) -> None:
    """A status of our own, and words beside it: the refusal that the candidate met, or what the trusted side saw."""
    failed = [one for one in aftermath.stored if one.status != "ok"]
    assert {one.status for one in failed} <= {"error", "timeout", "memory", "output", "crashed", "infeasible", "cheating"}
    # The shortest reasons are those such as "stream-1: MemoryError".
    assert [one for one in failed if len(one.detail.split()) < 2 or not one.detail.replace("\n", "").isprintable()] == []
    assert len(failed) > len(aftermath.on_the_sandbox) // 2


def test_what_succeeded_is_worth_what_it_computed(aftermath: Aftermath) -> None:
    """An attack that was let run to no effect has the score of the rule it carries, and so has a forgery that was not even noticed."""
    honest = next(one.objective for one in aftermath.stored if one.name == "honest")
    scored = [one for one in aftermath.stored if one.name != "honest" and one.status == "ok"]
    assert honest is not None
    assert [one for one in scored if one.objective is None or one.objective < honest - 1e-9] == []


def test_the_report_names_every_kind_of_failure(aftermath: Aftermath) -> None:
    """`evoheur failures` has every status of the run, with examples that quote the reason."""
    groups = json.loads(evoheur("failures", "r", "--json", cwd=aftermath.folder).stdout)
    assert {group["reason"] for group in groups} == {one.status for one in aftermath.stored} - {"ok"}
    assert all(example["detail"] for group in groups for example in group["examples"])

"""The portfolio: who is asked, what is passed on, what is earned, what migrates; and the contract for several sets of members."""

import itertools
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evoheur.candidate import Candidate
from evoheur.errors import ConfigError
from evoheur.problem_loading import load_problem
from evoheur.prompts.card import ProblemCard
from evoheur.prompts.render import PromptLibrary
from evoheur.request import Failure, Note, Outcome, Request, RequestKind
from evoheur.run.config import parse_config
from evoheur.strategies.portfolio import Portfolio, PortfolioConfig, earned
from evoheur.strategies.strategy import Strategy
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import Ask, StrategyRun, made_up_candidate, varied

EOH = {"kind": "eoh", "population_size": 3, "parents": 2}
GENERATIONS = {**EOH, "generational": True}
RANDOM = {"kind": "random", "keep": 3}
BASELINE = made_up_candidate(0, 4.5)


def config(*members: dict[str, Any], **settings: Any) -> PortfolioConfig:
    """A configuration from plain values, as a YAML file gives them."""
    return PortfolioConfig.model_validate({"members": list(members), **settings})


class TestDifferentMembers(StrategyContract):
    def config(self) -> PortfolioConfig:
        """One that never waits, one that draws nothing, one that waits for its generations."""
        return config(EOH, RANDOM, GENERATIONS, migrate_every=5)


@pytest.mark.nightly
class TestMembersThatAllWait(StrategyContract):
    def config(self) -> PortfolioConfig:
        """Two of the same kind with barriers, which wait together now and then."""
        return config(GENERATIONS, {**GENERATIONS, "population_size": 2}, exploration=1.0, keep=3)


@pytest.mark.nightly
class TestOneMember(StrategyContract):
    def config(self) -> PortfolioConfig:
        """Nothing to choose and nowhere to migrate to."""
        return config(EOH, migrate_every=1)


@pytest.mark.nightly
class TestSeededMembers(StrategyContract):
    def config(self) -> PortfolioConfig:
        """The baseline is among the elites of one, and the best of the other."""
        return config({**EOH, "initial": 0, "seed_with_baseline": True}, RANDOM, migrate_every=0, discount=1.0)


@pytest.mark.nightly
class TestPortfolioOfPortfolios(StrategyContract):
    def config(self) -> PortfolioConfig:
        """Migration within and between."""
        return config({"kind": "portfolio", "members": [EOH, RANDOM], "migrate_every": 3}, GENERATIONS, migrate_every=7)


@pytest.mark.nightly
class TestMembersThatTakeNotes(StrategyContract):
    def config(self) -> PortfolioConfig:
        """Reflections and tunings beside heuristics, with barriers and without."""
        reflective = {"population_size": 4, "initial": 6}
        return config(
            {"kind": "reevo", **reflective},
            {"kind": "hsevo", **reflective},
            {"kind": "reevo", **reflective, "generational": True},
            {"kind": "mcts_ahd", "horizon": 300, "elite_size": 4},
            migrate_every=10,
        )


@pytest.mark.nightly
class TestMembersOfOtherShapes(StrategyContract):
    def config(self) -> PortfolioConfig:
        """Islands that are reset, cells, a list and a single point, and immigrants in all of them."""
        return config(
            {"kind": "funsearch", "islands": 3, "reset_every": 20},
            {"kind": "map_elites", "initial": 5},
            {"kind": "opro", "keep": 4},
            {"kind": "lhns", "horizon": 300},
            migrate_every=5,
        )


class Scripted(Strategy):
    """Asks for the same over and over, and writes down what it is told."""

    def __init__(self, *requests: Request) -> None:
        self.requests = requests
        self.waits = False
        self.asked = 0
        self.told: list[tuple[Request, Outcome]] = []
        self.immigrants: list[int] = []

    def ask(self) -> Request | None:
        """The next of its requests, unless it is set to wait."""
        if self.waits:
            return None
        self.asked += 1
        return self.requests[(self.asked - 1) % len(self.requests)]

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Write it down."""
        self.told.append((request, outcome))

    def immigrate(self, candidate: Candidate) -> None:
        """Write it down."""
        self.immigrants.append(candidate.id)

    def elites(self) -> Sequence[Candidate]:
        """None of its own."""
        return ()


INVENT, REFLECT = Request(operator="i1", tag="same"), Request(operator="reflect", produces="note")


def portfolio(*members: Strategy, **settings: Any) -> Portfolio:
    """Members that are made already; their configurations say only where their templates are."""
    return Portfolio(config(*[RANDOM for _ in members], **settings), members)


def asked(strategy: Strategy) -> Request:
    """The next request, which there must be."""
    request = strategy.ask()
    assert request is not None
    return request


def member_of(request: Request) -> int:
    """Who asked for it."""
    assert isinstance(request.tag, tuple)
    place, _, _ = request.tag
    assert isinstance(place, int)
    return place


def breed(strategy: Portfolio, objectives: Iterable[float | None], *, first: int = 1) -> list[int]:
    """One request after the other, told candidates of these objectives, numbered from `first`; returns who asked."""
    owners = []
    for number, objective in enumerate(objectives, start=first):
        request = asked(strategy)
        strategy.tell(request, made_up_candidate(number, objective, request))
        owners.append(member_of(request))
    return owners


def test_a_request_is_passed_on_with_folder_and_address() -> None:
    """Everything that reaches the model stays; operators that name a folder keep it."""
    parents = (made_up_candidate(3, 1.0),)
    original = Request(operator="x1", parents=parents, context={"baseline": "body"}, tag=(1, 2), temperature_offset=0.3)
    elsewhere = Request(operator="eoh/e2", kind=RequestKind.TUNING)
    strategy = portfolio(Scripted(original, elsewhere))
    assert asked(strategy) == replace(original, operator="random/x1", tag=(0, 1, (1, 2)))
    assert asked(strategy) == replace(elsewhere, tag=(0, 2, None))


def test_members_are_told_their_own_requests_and_immigrants_only() -> None:
    """Thirty in flight, answered in any order: every member gets exactly its requests back, as it made them, though all tags are equal."""
    members = [Scripted(INVENT, REFLECT), Scripted(INVENT), Scripted(INVENT)]
    strategy = portfolio(*members, migrate_every=0)
    rng = random.Random(5)
    flying: list[Request] = []
    answers: dict[int, list[Outcome]] = {0: [], 1: [], 2: []}
    for number in range(1, 400):
        flying.append(asked(strategy))
        if len(flying) < 30:
            continue
        request = flying.pop(rng.randrange(len(flying)))
        outcome = varied(number, request, number)
        answers[member_of(request)].append(outcome)
        strategy.tell(request, outcome)
    assert sum(member.asked for member in members) == 399
    for place, member in enumerate(members):
        assert [outcome for _, outcome in member.told] == answers[place]
        assert all(any(request is own for own in member.requests) for request, _ in member.told)
        assert all(request.produces == "note" for request, outcome in member.told if isinstance(outcome, Note))
        assert member.immigrants == []
    strategy.immigrate(made_up_candidate(999, 3.0))
    assert [member.immigrants for member in members] == [[999]] * 3


def test_a_member_that_waits_is_passed_over() -> None:
    """The next best is asked; None only when nobody has anything, and then nothing has changed."""
    members = [Scripted(INVENT), Scripted(INVENT), Scripted(INVENT)]
    strategy = portfolio(*members, exploration=0.0, migrate_every=0)
    assert breed(strategy, [5.0, 6.0, 4.0]) == [0, 1, 2]  # with discounts 0 has earned 1, 1 a half, 2 1
    assert strategy._bandit.ranking() == [0, 2, 1]
    for place in (0, 2, 1):
        assert member_of(asked(strategy)) == place
        members[place].waits = True
    before = strategy.elites()
    assert strategy.ask() is None
    assert strategy.elites() == before
    assert [member.asked for member in members] == [2, 2, 2]


def first_improves(number: int, request: Request, identity: int) -> Outcome:
    """Member 0 improves with every request until the 300th, member 1 from then on; the other one is always bad."""
    improving = 0 if number <= 300 else 1
    return made_up_candidate(identity, 1000.0 - number if member_of(request) == improving else 2000.0, request)


@pytest.mark.parametrize("width", [1, 8])
def test_budget_flows_to_the_member_that_improves(width: int) -> None:
    """More than four requests in five go to it, and after a change to the other one; nobody is given up."""
    run = StrategyRun(config(RANDOM, RANDOM, discount=0.97, migrate_every=0), first_improves)
    early = Counter(member_of(request) for request in run.play_in_order(300, width=width))
    run.play_in_order(100, width=width)
    late = Counter(member_of(request) for request in run.play_in_order(200, width=width))
    assert early[0] > 240
    assert early[1] > 0
    assert late[1] > 160
    assert late[0] > 0


def test_calls_for_notes_are_paid_for() -> None:
    """Two members whose every heuristic is as good an improvement: the one that reflects before each gets fewer requests."""
    strategy = portfolio(Scripted(REFLECT, INVENT), Scripted(INVENT), keep=1, discount=1.0, migrate_every=0)
    owners = []
    for number in range(1, 201):
        request = asked(strategy)
        owners.append(member_of(request))
        note = request.produces == "note"
        strategy.tell(request, Note(text="") if note else made_up_candidate(number, 1000.0 - number, request))
    assert owners.count(1) > 4 * owners.count(0)


def test_failures_earn_nothing() -> None:
    """A call without reply is a play like any other: the member that fails is asked only to explore."""
    strategy = portfolio(Scripted(INVENT), Scripted(INVENT), migrate_every=0)
    owners = []
    for number in range(1, 101):
        request = asked(strategy)
        owners.append(member_of(request))
        failure = Failure(stage="parsing", reason="no-code", detail="")
        strategy.tell(request, failure if owners[-1] == 0 else made_up_candidate(number, 1000.0 - number, request))
    assert owners.count(1) > 80


@pytest.mark.parametrize(
    ("objectives", "expected"),
    [
        pytest.param([5.0], [1.0], id="the first"),
        pytest.param([5.0, 6.0, 5.5], [1.0, 1 / 2, 1 / 2], id="second places"),
        pytest.param([5.0, 6.0, 7.0, 8.0, 4.0, 5.5], [1.0, 1 / 2, 1 / 3, 0.0, 1.0, 1 / 3], id="three places"),
        pytest.param([5.0, 5.0, 5.0 - 1e-9, 4.0, 5.0], [1.0, 0.0, 0.0, 1.0, 0.0], id="equal after rounding"),
        pytest.param([None, 5.0, None], [0.0, 1.0, 0.0], id="failed"),
    ],
)
def test_rewards_by_hand(objectives: list[float | None], expected: list[float]) -> None:
    """1 / place among the best three of all members so far, one per objective; nothing without a place."""
    strategy = portfolio(Scripted(INVENT), Scripted(INVENT), keep=3, discount=1.0)
    sums = []
    for number, objective in enumerate(objectives, start=1):
        breed(strategy, [objective], first=number)
        sums.append(sum(strategy._bandit._rewards))
    assert [after - before for before, after in itertools.pairwise([0.0, *sums])] == pytest.approx(expected)


def test_what_has_no_place_earns_nothing() -> None:
    """By number, not by worth."""
    best = [made_up_candidate(place, float(place)) for place in (4, 7, 9)]
    assert [earned(made_up_candidate(number, 4.0), best) for number in (4, 7, 9, 1)] == pytest.approx([1, 1 / 2, 1 / 3, 0])


def test_the_best_migrates_to_those_who_have_not_had_it() -> None:
    """Every third candidate, failed ones counted; not to who bred it, and to nobody twice."""
    members = [Scripted(INVENT), Scripted(INVENT), Scripted(INVENT)]
    strategy = portfolio(*members, migrate_every=3, exploration=100.0, discount=1.0)  # so much exploration: they take turns
    assert breed(strategy, [5.0, 4.0, None]) == [0, 1, 2]  # candidate 2 is of member 1
    assert [member.immigrants for member in members] == [[2], [], [2]]
    breed(strategy, [7.0] * 6, first=4)  # nothing better
    assert [member.immigrants for member in members] == [[2], [], [2]]
    strategy.immigrate(made_up_candidate(90, 1.0))  # the best from now on, and everyone has it
    breed(strategy, [7.0] * 3, first=10)
    assert [member.immigrants for member in members] == [[2, 90], [90], [2, 90]]


def test_notes_and_failures_do_not_bring_migration_nearer() -> None:
    """The count is of candidates, and 0 turns migration off."""
    for every, expected in ((2, [3]), (0, [])):
        members = [Scripted(INVENT), Scripted(INVENT)]
        strategy = portfolio(*members, migrate_every=every)
        flying = [asked(strategy) for _ in range(4)]
        outcomes: list[Outcome] = [Note(text=""), made_up_candidate(1, 5.0), Failure(stage="parsing", reason="x", detail="")]
        for request, outcome in zip(flying, outcomes, strict=False):
            strategy.tell(request, outcome)
        assert members[0].immigrants == members[1].immigrants == []
        strategy.tell(flying[3], made_up_candidate(3, 4.0))
        assert members[1 - member_of(flying[3])].immigrants == expected


def test_every_parent_is_the_members_own_or_an_immigrant() -> None:
    """Three populations with many in flight: what a member shows was told to it, or was the best of all when candidates migrated."""
    run = StrategyRun(config(EOH, EOH, GENERATIONS, migrate_every=10))
    run.play_in_order(600, width=12)
    owners: dict[int, int] = {}
    bests: set[int] = set()
    requests = {event.number: event.request for event in run.log if isinstance(event, Ask)}
    told: list[Candidate] = []
    foreign = 0
    for event in run.log:
        if isinstance(event, Ask):
            for parent in event.request.parents:
                if owners[parent.id] != member_of(event.request):
                    assert parent.id in bests
                    foreign += 1
        elif isinstance(event.outcome, Candidate):
            owners[event.outcome.id] = member_of(requests[event.number])
            told.append(event.outcome)
            if len(told) % 10 == 0:
                worked = [candidate for candidate in told if candidate.objective is not None]
                bests.add(min(worked, key=lambda candidate: (candidate.objective, candidate.id)).id)
    assert foreign > 0


@pytest.mark.parametrize(
    ("objectives", "own", "expected"),
    [
        ([1.0, 2.0], 5.0, 5.0),
        ([1.0, 2.0], 1.5, 2.0),
        ([1.0, 2.0], None, None),
        ([1.0], 5.0, None),
        ([1.0, 1.0, None], 5.0, None),
    ],
)
def test_a_bound_is_passed_on_where_nobody_needs_more(
    objectives: list[float | None], own: float | None, expected: float | None
) -> None:
    """With two kept: the larger of the member's and the second best; None while there is room, or where the member has none."""
    strategy = portfolio(Scripted(Request(operator="i1", bound=own)), keep=2)
    breed(strategy, objectives)
    assert asked(strategy).bound == expected


def test_elites_are_the_best_of_all() -> None:
    """Distinct and best first: of the members, and the best told even if its member has dropped it."""
    strategy = portfolio(Scripted(INVENT), keep=2)
    breed(strategy, [3.0, 1.0, 2.0, None, 1.0])
    assert [elite.id for elite in strategy.elites()] == [2, 3]
    run = StrategyRun(config(EOH, RANDOM, migrate_every=1))
    run.play_in_order(100)
    held = [elite.id for elite in run.strategy.elites()]
    assert len(held) == len(set(held))


def test_members_of_one_kind_draw_for_themselves() -> None:
    """Equal settings, equal outcomes: the generators differ, and so do the operators drawn."""
    drawn = {**EOH, "initial": 0, "seed_with_baseline": True, "offspring": "drawn"}
    strategy = config(drawn, drawn, exploration=10.0).build(BASELINE, random.Random(1))
    sequences: dict[int, list[str]] = {0: [], 1: []}
    for number in range(1, 41):
        request = asked(strategy)
        sequences[member_of(request)].append(request.operator)
        strategy.tell(request, made_up_candidate(number, None, request))
    assert len(sequences[0]) > 10
    assert sequences[0][:10] != sequences[1][:10]


def test_catalogue_and_templates_are_the_members() -> None:
    """Every operator with its folder, every folder once; nested portfolios add nothing to the names."""
    nested = config({"kind": "portfolio", "members": [EOH, RANDOM]}, GENERATIONS)
    assert nested.template_folders == ("eoh", "random")
    assert {"eoh/i1", "eoh/e2", "random/i1"} <= set(nested.catalogue)
    assert nested.catalogue["eoh/m1"].parents == (1, 1)


def test_prompts_are_those_that_members_have_alone(tmp_path: Path) -> None:
    """A member's template, also one that all strategies share, is found by the operator that the portfolio passes on."""
    (tmp_path / "any").mkdir()
    (tmp_path / "any" / "x1.jinja").write_text("Shared: {{ operator }}")
    prompts = PromptLibrary(ProblemCard.from_problem(load_problem("bin_packing_online")), tmp_path)
    alone = prompts.render("eoh", Request(operator="i1", context={"baseline": "header"}))
    settings = config(EOH)
    request = asked(settings.build(BASELINE, random.Random(1)))
    assert prompts.render(settings.template_folder, request) == alone
    (message,) = prompts.render(settings.template_folder, Request(operator="eoh/x1"))
    assert message.content == "Shared: eoh/x1\n"


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ([{"kind": "eho"}], "strategy.members.0: Unknown strategy kind 'eho' (did you mean 'eoh'?)"),
        (
            [RANDOM, {"kind": "eoh", "population": 3}],
            "unknown key 'strategy.members.1.population' (did you mean 'population_size'?)",
        ),
        ([RANDOM, {"kind": "eoh", "parents": 0}], "strategy.members.1.parents is 0: input should be greater than or equal to 1"),
        ([{"kind": "eoh", "operators": {"e1": "much"}}], "strategy.members.0.operators.e1 is 'much'"),
        ([{"kind": "eoh", "operators": {"e1": 0}}], "no positive weight"),
        ([{"keep": 3}], "strategy.members.0 needs a kind, one of: random, es, eoh"),
        ([{"kind": "json:JSONDecoder"}], "strategy.members.0: The strategy kind 'json:JSONDecoder' names no configuration class"),
        ([{"kind": "no.such:Thing"}], "needs module 'no'"),
        (["eoh"], "strategy.members.0 is 'eoh'"),
        ("eoh", "strategy.members is 'eoh'"),
        ([], "strategy.members is []"),
        (
            [{"kind": "portfolio", "members": [{"kind": "eoh", "parent": 1}]}],
            "unknown key 'strategy.members.0.members.0.parent' (did you mean 'parents'?)",
        ),
    ],
)
def test_a_mistake_in_a_member_is_one_line_that_names_it(members: object, says: str) -> None:
    """As for every other section of a configuration."""
    data = {
        "problem": "bin_packing_online",
        "generator": {"kind": "mutator"},
        "strategy": {"kind": "portfolio", "members": members},
    }
    with pytest.raises(ConfigError) as caught:
        parse_config(data, where="run.yaml")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_run_with_members_survives_the_archive() -> None:
    """What is stored with a run gives the same members with the same settings."""
    data = {
        "problem": "bin_packing_online",
        "generator": {"kind": "mutator"},
        "strategy": {"kind": "portfolio", "members": [EOH, RANDOM]},
    }
    read = parse_config(data, where="run.yaml")
    assert read.strategy == config(EOH, RANDOM)
    assert parse_config(read.model_dump(mode="json"), where="archive") == read


def test_settings_are_described() -> None:
    """Every setting tells in the schema where its value comes from."""
    described = PortfolioConfig.model_json_schema()["properties"]
    assert [name for name, field in described.items() if name != "kind" and not field.get("description")] == []

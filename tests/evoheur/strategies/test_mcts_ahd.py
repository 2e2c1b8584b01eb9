"""MCTS-AHD against what the paper and its release prescribe, and the contract."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pytest
from pydantic import ValidationError

from evoheur.candidate import Candidate, Status
from evoheur.request import Failure, Note, Outcome, Request
from evoheur.strategies.mcts_ahd import MctsAhdConfig
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import Ask, StrategyRun, Tell, all_equal, all_fail, made_up_candidate, varied


def config(**settings: Any) -> MctsAhdConfig:
    """A configuration from plain values, as a YAML file gives them."""
    return MctsAhdConfig.model_validate(settings)


class TestPublished(StrategyContract):
    def config(self) -> MctsAhdConfig:
        """The defaults, over a short horizon."""
        return config(horizon=300, elite_size=4)


@pytest.mark.nightly
class TestReleased(StrategyContract):
    def config(self) -> MctsAhdConfig:
        """As released in what we do otherwise, with much exploration in a flat tree."""
        return config(
            initial=2,
            forget_own_score=True,
            distinct_parents=False,
            align_thoughts=False,
            max_depth=3,
            exploration=2.0,
            attempts=1,
            show_baseline_body=True,
        )


@dataclass(eq=False)
class Spot:
    """A node of the referee's tree."""

    candidate: Candidate | None = None
    parent: "Spot | None" = None
    value: float = -math.inf  # Q, maximised as in the paper
    visits: int = 0
    children: list["Spot"] = field(default_factory=list)

    def path(self) -> list[Candidate]:
        """From here up to depth 1."""
        return [self.candidate, *(self.parent.path() if self.parent else [])] if self.candidate else []

    def below(self) -> list[int]:
        """Ids of the candidates here and below."""
        own = [self.candidate.id] if self.candidate else []
        return [*own, *(identity for child in self.children for identity in child.below())]


class Referee:
    """Runs the published loop over a finished log of one request in flight, and checks each request against it.

    Draws are checked for what they may be, everything else for what it must be.
    """

    def __init__(self, run: StrategyRun, settings: MctsAhdConfig) -> None:
        outcomes = {event.number: event.outcome for event in run.log if isinstance(event, Tell)}
        asked = {event.number: event.request for event in run.log if isinstance(event, Ask)}
        self.pairs: Iterator[tuple[Request, Outcome]] = iter([(asked[number], outcomes[number]) for number in outcomes])
        self.settings = settings
        self.root = Spot()
        self.everyone: list[Candidate] = []
        self.said: dict[int, str] = {}
        self.evaluations = 0
        self.deepest = 0
        self.counts: dict[str, int] = {}

    def check(self) -> dict[str, int]:
        """How many expansions of each kind there were until the log ended."""
        try:
            self._play()
        except StopIteration:
            return self.counts
        raise AssertionError("unreachable: the loop ends with the log")

    def _play(self) -> None:
        while len(self.root.children) < self.settings.initial:
            self._expand(self.root, "e1" if self.root.children else "i1", attempts=1)
        while True:
            spot, depth = self.root, 0
            while spot.children and depth < self.settings.max_depth - 1:
                best = max(spot.children, key=self._uct)
                if math.floor(spot.visits**self.settings.widening) > len(spot.children):
                    self._expand(spot, "e2" if depth else "e1", attempts=self.settings.attempts)
                spot, depth = best, depth + 1
            for operator in ("e2", "m1", "m1", "m2", "m2", "s1"):
                if operator != "s1" or len({self.said[step.id] for step in spot.path()}) > 1:
                    self._expand(spot, operator, attempts=self.settings.attempts)

    def _uct(self, spot: Spot) -> float:
        values = [-(candidate.objective or 0.0) for candidate in self.everyone]
        low, high = min(values), max(values)
        fading = self.settings.exploration * max(1 - self.evaluations / self.settings.horizon, 0)
        assert spot.parent is not None
        exploration = fading * math.sqrt(math.log(spot.parent.visits + 1) / spot.visits)
        return (spot.value - low) / (high - low) + exploration if high > low else exploration

    def _expand(self, spot: Spot, operator: str, *, attempts: int) -> None:
        self.counts[operator] = self.counts.get(operator, 0) + 1
        self.deepest = max(self.deepest, len(spot.path()) + 1)
        for _ in range(attempts):
            request, outcome = next(self.pairs)
            self.evaluations += 1
            self._check(request, spot, operator)
            if isinstance(outcome, Candidate) and outcome.objective is not None:
                siblings = [round(child.candidate.objective or 0.0, 5) for child in self.root.children if child.candidate]
                if spot is not self.root or round(outcome.objective, 5) not in siblings:
                    self._insert(spot, outcome)
                return
            if isinstance(outcome, Candidate) and outcome.evaluation.status is Status.TIMEOUT:
                return

    def _check(self, request: Request, spot: Spot, operator: str) -> None:
        shown = [parent.id for parent in request.parents]
        assert request.operator == operator
        if operator != "i1":
            assert request.context["descriptions"].split("\n") == [self.said[identity] for identity in shown]
        match operator:
            case "i1":
                assert shown == []
            case "e1":
                branches = [child.below() for child in self.root.children]
                used = [place for identity in shown for place, branch in enumerate(branches) if identity in branch]
                assert len(used) == len(shown) == len(set(used))
                assert min(2, len(branches)) <= len(shown) <= 5
            case "e2":
                elites = sorted({-round(c.objective or 0.0, 5): c for c in reversed(self.everyone)}.items(), reverse=True)
                allowed = {elite.id for _, elite in elites[: self.settings.elite_size]} - {shown[-1]}
                assert shown[-1] == (spot.candidate.id if spot.candidate else None)
                assert len(shown) == 2
                assert shown[0] in allowed
            case "s1":
                path = {self.said[step.id]: step for step in reversed(spot.path())}.values()
                assert sorted(shown) == sorted(step.id for step in path)
                objectives = [parent.objective or 0.0 for parent in request.parents]
                assert objectives == sorted(objectives, reverse=True)
            case _:
                assert shown == [spot.candidate.id if spot.candidate else None]

    def _insert(self, spot: Spot, candidate: Candidate) -> None:
        child = Spot(candidate, spot, -(candidate.objective or 0.0), 1)
        spot.children.append(child)
        self.everyone.append(candidate)
        self.said[candidate.id] = candidate.thought
        node: Spot | None = spot
        while node is not None:
            node.visits += 1
            best = max(each.value for each in node.children)
            node.value = best if self.settings.forget_own_score else max(node.value, best)
            node = node.parent
        if self.settings.align_thoughts:
            request, outcome = next(self.pairs)
            assert (request.operator, request.produces, request.temperature_offset) == ("describe", "note", -1.0)
            assert [parent.id for parent in request.parents] == [candidate.id]
            if isinstance(outcome, Note):
                self.said[candidate.id] = outcome.text


def eventful(number: int, request: Request, identity: int) -> Outcome:
    """Failures of every kind, descriptions that fail, equal descriptions, ties, and objectives from 1 to 14 that fall slowly."""
    if request.produces == "note":
        return (
            Failure(stage="generation", reason="server-error", detail="") if number % 9 == 2 else Note(text=f"does {number % 40}")
        )
    if number % 11 == 3:
        return Failure(stage="parsing", reason="no-code", detail="made up")
    made = made_up_candidate(identity, (3 + number * 37 % 101 / 10) / (1 + number / 400), request)
    if number % 7 == 5:
        status = Status.TIMEOUT if number % 2 else Status.ERROR
        made = replace(made, evaluation=replace(made.evaluation, status=status, objective=None))
    return made


SCALES = {"as it is": (1.0, 0.0), "maximisation": (0.01, -40.2), "large": (1000.0, 20_000.0)}


def scaled(number: int, request: Request, identity: int, scale: str) -> Outcome:
    """The same outcomes in another unit and with another zero."""
    outcome = eventful(number, request, identity)
    if isinstance(outcome, Candidate) and outcome.objective is not None:
        factor, shift = SCALES[scale]
        outcome = replace(outcome, evaluation=replace(outcome.evaluation, objective=factor * outcome.objective + shift))
    return outcome


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"forget_own_score": True},
        {"horizon": 60, "exploration": 1.0},
        {"max_depth": 3, "exploration": 0.5},
        {"align_thoughts": False, "initial": 2, "elite_size": 3},
        {"attempts": 1, "initial": 8},
    ],
)
@pytest.mark.parametrize(
    "scale", [pytest.param(scale, marks=() if scale == "as it is" else pytest.mark.nightly) for scale in SCALES]
)
def test_conforms_to_the_published_loop(settings: dict[str, Any], scale: str) -> None:
    """Six hundred requests, one in flight: operators, nodes, parents, descriptions and attempts are those of the published loop."""
    chosen = config(**settings)
    run = StrategyRun(chosen, partial(scaled, scale=scale))
    run.play_in_order(600)
    referee = Referee(run, chosen)
    counts = referee.check()
    assert counts["i1"] >= 1
    assert all(counts[operator] > 5 for operator in ("e1", "e2", "m1", "m2", "s1"))
    assert referee.deepest == min(chosen.max_depth, max(4, referee.deepest))


@pytest.mark.parametrize("scale", SCALES)
def test_units_and_signs_do_not_matter(scale: str) -> None:
    """Profits, gaps and costs of thousands of the same order give the same search."""
    runs = [StrategyRun(config(), partial(scaled, scale=unit)) for unit in ("as it is", scale)]
    for run in runs:
        run.play_in_order(500)
    assert runs[0].fingerprints() == runs[1].fingerprints()


def asked(run: StrategyRun) -> list[Request]:
    """All requests so far."""
    return [event.request for event in run.log if isinstance(event, Ask)]


def slowly_worse(number: int, request: Request, identity: int) -> Outcome:
    """Everything works and every objective is a little worse than the last."""
    return Note(text=f"does {number}") if request.produces == "note" else made_up_candidate(identity, 1 + number / 1000, request)


def test_first_requests_by_hand() -> None:
    """i1, then e1 from 1, 2 and 3 brothers, each with its description; then the best leaf: e2, m1, m1, m2, m2, no s1 at depth 1."""
    run = StrategyRun(config(exploration=0), slowly_worse)
    requests = run.play_in_order(18)
    heuristics = [request for request in requests if request.produces == "heuristic"]
    assert [request.operator for request in requests[1::2]] == ["describe"] * 9
    assert [request.operator for request in heuristics] == ["i1", "e1", "e1", "e1", "e2", "m1", "m1", "m2", "m2"]
    shown = [len(request.parents) for request in heuristics]
    assert shown[:3] + shown[4:] == [0, 1, 2, 2, 1, 1, 1, 1]
    assert shown[3] in {2, 3}
    assert {request.parents[-1].id for request in heuristics[4:]} == {1}
    assert [request.tag for request in heuristics] == [(0, 0)] * 4 + [(1, 1)] * 5


def test_late_description_replaces_the_thought() -> None:
    """A node takes part under the model's own idea, on one line, and under its description from when that is told."""

    def talkative(number: int, request: Request, identity: int) -> Outcome:
        if request.produces == "note":
            return Note(text="  Prefers\n full  bins.\n")
        return replace(made_up_candidate(identity, float(identity), request), thought="An idea\nof two lines.")

    run = StrategyRun(config(initial=1, actions={"m1": 1}), talkative)
    run.ask()
    run.tell(1)
    run.ask()  # the description, out
    run.ask()
    assert asked(run)[1].operator == "describe"
    assert asked(run)[2].context["descriptions"] == "An idea of two lines."
    run.tell(2)
    run.ask()
    assert asked(run)[3].context["descriptions"] == "Prefers full bins."


@pytest.mark.parametrize("text", ["", " \n "])
def test_empty_description_is_none(text: str) -> None:
    """The model's own idea stays."""
    run = StrategyRun(
        config(initial=1),
        lambda number, request, identity: (
            Note(text=text) if request.produces == "note" else made_up_candidate(identity, float(identity), request)
        ),
    )
    requests = run.play_in_order(3)
    assert requests[2].context["descriptions"] == "idea 1"


def test_endless_description_is_cut() -> None:
    """An essay does not fill all later prompts."""
    run = StrategyRun(
        config(initial=1),
        lambda number, request, identity: (
            Note(text="word " * 10_000) if request.produces == "note" else made_up_candidate(identity, float(identity), request)
        ),
    )
    requests = run.play_in_order(3)
    assert len(requests[2].context["descriptions"]) == 1000


def test_requests_in_flight_count_as_visits() -> None:
    """With exploration that outweighs values, leaves are expanded one after the other while nothing comes back."""
    run = StrategyRun(config(exploration=100, align_thoughts=False), slowly_worse)
    run.play_in_order(4)
    run.tell(4)
    for _ in range(20):
        assert run.ask()
    nodes = [request.tag[0] for request in asked(run)[4:] if isinstance(request.tag, tuple)]
    assert [sorted({nodes[place] for place in range(start, start + 5)}) for start in (0, 5, 10, 15)] == [[1], [2], [3], [4]]


def test_requests_in_flight_count_as_children() -> None:
    """A node is not widened again while the child by which it was is still out: there are never more than floor(N^alpha) of both."""
    run = StrategyRun(config(initial=1, align_thoughts=False, exploration=0), slowly_worse)
    run.play_in_order(1)
    run.tell(1)
    for _ in range(60):
        assert run.ask()
    roots = [request for request in asked(run)[1:] if request.operator == "e1"]
    assert len(roots) == math.floor(math.sqrt(61)) - 1


def test_nothing_waits_for_the_start() -> None:
    """Until something works every request is i1; then e1, as many as are wanted; then the search, though all of these are out."""
    run = StrategyRun(config(align_thoughts=False), slowly_worse)
    assert all(run.ask() for _ in range(3))
    run.tell(2)
    assert all(run.ask() for _ in range(4))
    assert [request.operator for request in asked(run)] == ["i1", "i1", "i1", "e1", "e2", "m1", "m1"]


def test_start_without_variety_ends() -> None:
    """When every heuristic costs the same the root keeps one child; after ten requests per child wanted the search goes on with it."""
    run = StrategyRun(config(align_thoughts=False), all_equal)
    requests = run.play_in_order(47)
    assert [request.operator for request in requests[:40]] == ["i1"] + ["e1"] * 39
    assert [request.operator for request in requests[40:45]] == ["e2", "m1", "m1", "m2", "m2"]
    assert [len(request.parents) for request in requests[40:42]] == [1, 1]  # the only elite is the node itself


def test_start_that_fails_is_repeated() -> None:
    """i1 for as long as nothing works, without an exception."""
    requests = StrategyRun(config(), all_fail).play_in_order(100, width=3)
    assert {request.operator for request in requests} == {"i1"}


def test_copy_of_an_elite_is_tried_again() -> None:
    """The same code, or another layout of it, adds nothing; after the last attempt the next action follows."""

    def copying(number: int, request: Request, identity: int) -> Outcome:
        made = made_up_candidate(identity, float(identity), request)
        if request.operator == "e2":
            return replace(made, duplicate_of=1) if number % 2 else replace(made, code=made_up_candidate(1, 1.0).code)
        return made

    run = StrategyRun(config(initial=2, align_thoughts=False), copying)
    requests = run.play_in_order(7)
    assert [request.operator for request in requests] == ["i1", "e1", "e2", "e2", "e2", "m1", "m1"]
    assert [request.tag for request in requests[2:6]] == [(1, 1), (1, 2), (1, 3), (1, 1)]


def test_released_parents_may_repeat() -> None:
    """With replacement an e1 shows a parent twice now and then, by default never."""
    for distinct in (True, False):
        requests = StrategyRun(config(distinct_parents=distinct), varied).play_in_order(800)
        parents = [[parent.id for parent in request.parents] for request in requests if request.operator == "e1"]
        assert any(len(set(shown)) < len(shown) for shown in parents) is not distinct


def test_immigrant_becomes_a_child_of_the_root() -> None:
    """It is described like any other; one that came before, or ties with a child of the root, is passed over."""
    run = StrategyRun(config(exploration=0), slowly_worse)
    run.play_in_order(9)
    run.tell(9)
    for identity in (500, 500, 501):
        run.strategy.immigrate(made_up_candidate(identity, 0.5))
    elites = [elite.id for elite in run.strategy.elites()]
    assert elites[0] == 500
    assert 501 not in elites
    first, second, third = (run.strategy.ask() for _ in range(3))
    assert first is not None
    assert second is not None
    assert third is not None
    assert [first.operator, second.operator] == ["describe", "describe"]  # of the child that was told, and of the immigrant
    assert second.parents[0].id == 500


def test_published_values_are_the_defaults() -> None:
    """N_I = 4, T = 1000, lambda0 = 0.1, alpha = 0.5, H = 10, ten elites, three attempts, and six actions per leaf."""
    settings = MctsAhdConfig()
    assert (settings.initial, settings.horizon, settings.exploration, settings.widening) == (4, 1000, 0.1, 0.5)
    assert (settings.max_depth, settings.elite_size, settings.attempts, settings.parents) == (10, 10, 3, 5)
    assert settings.actions == {"e2": 1, "m1": 2, "m2": 2, "s1": 1}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"actions": {"s1": 2}}, ["s1 needs a path", "at least 1"]),
        ({"actions": {"e1": 1}}, ["e1", "'e2', 'm1', 'm2' or 's1'"]),
        ({"actions": {"m1": -1}}, ["actions.m1", "greater than or equal to 0"]),
        ({"max_depth": 1}, ["max_depth"]),
        ({"widening": 2}, ["widening"]),
        ({"exploration": float("nan")}, ["exploration"]),
        ({"depth": 5}, ["depth", "not permitted"]),
    ],
)
def test_wrong_setting_is_refused(settings: dict[str, Any], words: list[str]) -> None:
    """The message names the setting and what may stand there."""
    with pytest.raises(ValidationError) as caught:
        config(**settings)
    assert all(word in str(caught.value) for word in words)


def test_settings_are_described() -> None:
    """Every setting tells in the schema where its values come from."""
    described = MctsAhdConfig.model_json_schema()["properties"]
    assert [name for name, setting in described.items() if name != "kind" and not setting.get("description")] == []

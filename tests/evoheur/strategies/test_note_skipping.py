"""Strategies without notes: the contract, and the same heuristics as with empty notes."""

import random
from collections.abc import Mapping, Sequence

import pytest

from evoheur.candidate import Candidate
from evoheur.request import Note, Outcome, Request
from evoheur.strategies.hsevo import HsEvoConfig
from evoheur.strategies.mcts_ahd import MctsAhdConfig
from evoheur.strategies.note_skipping import NoteSkipping, note_operators, without_notes
from evoheur.strategies.portfolio import Portfolio, PortfolioConfig
from evoheur.strategies.reevo import ReEvoConfig
from evoheur.strategies.strategy import OperatorCard, Strategy, StrategyConfig
from evoheur.testing.strategy_contract import StrategyContract
from evoheur.testing.strategy_runs import StrategyRun, made_up_candidate, varied

REEVO = {"kind": "reevo", "initial": 6, "population_size": 4}
HSEVO = {"kind": "hsevo", "initial": 6, "population_size": 4}
MCTS = {"kind": "mcts_ahd", "initial": 2, "horizon": 60}


class QuietConfig(StrategyConfig):
    """Any strategy without notes, for the contract."""

    kind: str = "quiet"
    reevo: ReEvoConfig | None = None
    hsevo: HsEvoConfig | None = None
    mcts_ahd: MctsAhdConfig | None = None
    portfolio: PortfolioConfig | None = None

    @property
    def inner(self) -> StrategyConfig:
        """The only one that is set."""
        [found] = [each for each in (self.reevo, self.hsevo, self.mcts_ahd, self.portfolio) if each is not None]
        return found

    @property
    def catalogue(self) -> Mapping[str, OperatorCard]:
        """That of the strategy inside."""
        return self.inner.catalogue

    def build(self, baseline: Candidate, rng: random.Random) -> Strategy:
        """Make the strategy."""
        return without_notes(self.inner.build(baseline, rng))


class TestReEvo(StrategyContract):
    def config(self) -> QuietConfig:
        return QuietConfig(reevo=ReEvoConfig.model_validate(REEVO))


@pytest.mark.nightly
class TestReEvoByGenerations(StrategyContract):
    def config(self) -> QuietConfig:
        """With barriers, beside which a note may not fall."""
        return QuietConfig(reevo=ReEvoConfig.model_validate({**REEVO, "generational": True}))


class TestHsEvoByGenerations(StrategyContract):
    def config(self) -> QuietConfig:
        return QuietConfig(hsevo=HsEvoConfig.model_validate({**HSEVO, "generational": True}))


@pytest.mark.nightly
class TestHsEvo(StrategyContract):
    def config(self) -> QuietConfig:
        return QuietConfig(hsevo=HsEvoConfig.model_validate(HSEVO))


@pytest.mark.nightly
class TestMctsAhd(StrategyContract):
    def config(self) -> QuietConfig:
        return QuietConfig(mcts_ahd=MctsAhdConfig.model_validate(MCTS))


@pytest.mark.nightly
class TestPortfolio(StrategyContract):
    def config(self) -> QuietConfig:
        members = [REEVO, {**HSEVO, "generational": True}, MCTS]
        return QuietConfig(portfolio=PortfolioConfig.model_validate({"members": members, "migrate_every": 5}))


def no_notes(number: int, request: Request, identity: int) -> Outcome:
    """Empty notes; heuristics as worth what their number among heuristics says."""
    return Note(text="") if request.produces == "note" else varied(identity, request, identity)


def heuristics(config: StrategyConfig, requests: int) -> list[Request]:
    asked = StrategyRun(config, no_notes).play_in_order(requests)
    return [request for request in asked if request.produces == "heuristic"]


@pytest.mark.parametrize("name", ["reevo", "hsevo", "mcts_ahd"])
def test_the_heuristics_are_those_that_empty_notes_would_lead_to(name: str) -> None:
    """The schedule of the method is unchanged, only the notes are gone."""
    settings = {"reevo": REEVO, "hsevo": HSEVO, "mcts_ahd": MCTS}[name]
    quiet = QuietConfig.model_validate({name: settings})
    asked = StrategyRun(quiet.inner, no_notes).play_in_order(120)
    expected = [request for request in asked if request.produces == "heuristic"]
    assert len(expected) < len(asked), "the method asks for notes"
    assert [each.fingerprint() for each in heuristics(quiet, len(expected))] == [each.fingerprint() for each in expected]


def test_of_a_portfolio_a_note_that_nobody_asks_for_is_no_play() -> None:
    """Members are compared by what they cost: without notes every play of a member is a heuristic."""
    config = PortfolioConfig.model_validate({"members": [REEVO, MCTS]})
    strategy = without_notes(config.build(made_up_candidate(0, 4.5), random.Random(1)))
    assert isinstance(strategy, Portfolio), "the wrappers are around its members"
    run = StrategyRun(QuietConfig(portfolio=config))
    assert {request.produces for request in run.play_in_order(100)} == {"heuristic"}


def test_the_operators_for_notes_are_those_of_the_catalogue() -> None:
    assert note_operators(ReEvoConfig()) == ("reflect_short", "reflect_long")
    assert note_operators(MctsAhdConfig()) == ("describe",)
    members = [{"kind": "eoh"}, {"kind": "mcts_ahd"}]
    assert note_operators(PortfolioConfig.model_validate({"members": members})) == ("mcts_ahd/describe",)


class NotesOnly(Strategy):
    """Asks for nothing but notes."""

    def ask(self) -> Request:
        return Request(operator="reflect", produces="note")

    def tell(self, request: Request, outcome: Outcome) -> None:
        assert outcome == Note(text="")

    def immigrate(self, candidate: Candidate) -> None:
        """Nothing to take it into."""

    def elites(self) -> Sequence[Candidate]:
        return ()


def test_one_that_asks_for_notes_alone_waits_rather_than_hangs() -> None:
    """A loop that is given nothing while nothing is in flight says that the strategy is stuck."""
    assert NoteSkipping(NotesOnly()).ask() is None

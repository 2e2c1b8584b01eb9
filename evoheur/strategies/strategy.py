"""The interface of every search method."""

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, TypeAlias

from evoheur.candidate import Candidate
from evoheur.components import Config
from evoheur.request import Outcome, Product, Request, RequestKind
from evoheur.strategies.evolved_prompt import EvolvedPrompt
from evoheur.strategies.prompt_folders import own_prompts, prompt_folder
from evoheur.strategies.structure import Structure
from evoheur.variation import Variation

__all__ = ["BASELINE_SHOWN", "BUILTIN_STRATEGIES", "OperatorCard", "Strategy", "StrategyConfig", "TemplatePlaces"]

BUILTIN_STRATEGIES = {
    "random": "evoheur.strategies.random_sampling:RandomConfig",
    "es": "evoheur.strategies.evolution_strategy:EsConfig",
    "eoh": "evoheur.strategies.eoh:EohConfig",
    "eohs": "evoheur.strategies.eohs:EohSConfig",
    "nsga2": "evoheur.strategies.nsga2:Nsga2Config",
    "meoh": "evoheur.strategies.meoh:MeohConfig",
    "calm": "evoheur.strategies.calm:CalmConfig",
    "reevo": "evoheur.strategies.reevo:ReEvoConfig",
    "hsevo": "evoheur.strategies.hsevo:HsEvoConfig",
    "mcts_ahd": "evoheur.strategies.mcts_ahd:MctsAhdConfig",
    "funsearch": "evoheur.strategies.funsearch:FunSearchConfig",
    "adaevolve": "evoheur.strategies.adaevolve:AdaEvolveConfig",
    "evox": "evoheur.strategies.evox:EvoxConfig",
    "map_elites": "evoheur.strategies.map_elites:MapElitesConfig",
    "opro": "evoheur.strategies.opro:OproConfig",
    "sfs": "evoheur.strategies.sfs:SfsConfig",
    "lhns": "evoheur.strategies.lhns:LhnsConfig",
    "portfolio": "evoheur.strategies.portfolio:PortfolioConfig",
}


TemplatePlaces: TypeAlias = Mapping[str, Path]
"""Name of a folder of prompt templates → where it lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorCard:
    """What a strategy's operator asks, for those who write prompts.

    Attributes:
        summary: What it wants, in a few words.
        parents: The smallest and the largest number of candidates it shows; None for no limit.
        kind: As in `Request`.
        produces: As in `Request`.
        context: Name of a text that the template is given → what it holds.
        edits: Whether it changes its only parent, so that it may be answered by the changed lines (`edits` in a configuration).
        variation: What it does to code, for the offline generator; None for what `VARIATION_OF_OPERATOR` says of its name, if it has that.
    """

    summary: str
    parents: tuple[int, int | None] = (0, 0)
    kind: RequestKind = RequestKind.MODEL
    produces: Product = "heuristic"
    context: Mapping[str, str] = field(default_factory=dict)
    edits: bool = False
    variation: Variation | None = None


BASELINE_SHOWN: Mapping[str, str] = {
    "baseline": '"header": the prompt shows the functions\' interface; "body": with the problem\'s own code'
}
"""What `_task.jinja` needs, which every prompt for a heuristic includes."""


class Strategy(ABC):
    """Chooses what to breed next.

    Deterministic: behaviour is a function of the configuration, the baseline, the generator `rng` and the sequence of calls. A strategy
    performs no I/O, reads no clock and never iterates over a set of strings. Resuming a run feeds its log to a fresh strategy, so
    `replay` depends on this and `evoheur.testing.strategy_contract.StrategyContract` checks it.
    """

    @abstractmethod
    def ask(self) -> Request | None:
        """The next request, or None to wait for an outcome.

        When it returns None, its state is unchanged.
        """

    @abstractmethod
    def tell(self, request: Request, outcome: Outcome) -> None:
        """Learn what became of a request.

        Outcomes come in any order; the request is the one `ask` returned.
        """

    @abstractmethod
    def immigrate(self, candidate: Candidate) -> None:
        """Take in a heuristic that another strategy found.

        That strategy works on the same problem. The heuristic is taken as if this one had bred it itself; a failed one is passed over.
        """

    @abstractmethod
    def elites(self) -> Sequence[Candidate]:
        """The heuristics it holds to be best, best first; for reports."""

    def members(self) -> Sequence[Candidate]:
        """The heuristics that it breeds from, which are scored again where training instances are made afresh.

        By default those it holds to be best. Keep their number small, since it is that many evaluations.
        """
        return self.elites()

    def structure(self) -> Structure | None:
        """What it holds, as a picture can show it: a tree, islands, a grid, or members with their shares.

        None where there is nothing but a population, which is the default. Reading it changes nothing.
        """
        return None

    def evolved_prompts(self) -> tuple[EvolvedPrompt, ...]:
        """The instructions that evolved, with their credit; none where prompts do not evolve, which is the default."""
        return ()

    @property
    def generation(self) -> int | None:
        """The generation that the latest request belongs to, the initial population being 0; it never falls.

        None for a strategy that has no generations, which is the default; one that has says `has_generations` in its configuration.
        """
        return None

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:  # noqa: B027 - a strategy need not take part
        """Take the worth of all members on fresh training instances.

        Nothing is in flight then. From now on only these worths count, and what is no member any more is forgotten, for objectives on
        other instances do not compare. The default does nothing; a strategy that overrides it says `takes_new_worth` in its
        configuration.

        Args:
            fresh: Number → the heuristic with its new worth, for every one of `members` and for the baseline; those that failed, too.
        """


class StrategyConfig(Config):
    """Base of every strategy's configuration."""

    takes_new_worth: ClassVar[bool] = False
    """Whether the strategy overrides `Strategy.rescored`, without which training instances cannot be made afresh."""

    has_generations: ClassVar[bool] = False
    """Whether the strategy overrides `Strategy.generation`, without which there is no budget of generations."""

    kind: str
    """Which strategy: a built-in name, or package.module:Class of its configuration."""

    @property
    def catalogue(self) -> Mapping[str, OperatorCard]:
        """Operator → what it asks.

        Every operator that the strategy may ever ask for, with everything its template may use. Where it does not depend on the settings, a
        subclass has it as a class variable.
        """
        return {}

    @abstractmethod
    def build(self, baseline: Candidate, rng: random.Random) -> Strategy:
        """Make the strategy.

        Args:
            baseline: The problem's own heuristic, evaluated; candidate 0.
            rng: The strategy's only source of randomness, seeded by the run.
        """

    @property
    def hides_problem(self) -> bool:
        """Whether its prompts must not tell the problem.

        If so, none that does may be sent beside them.
        """
        return False

    @property
    def has_barrier(self) -> bool:
        """Whether the strategy waits for outcomes again and again, as for whole generations, so that calls stand idle."""
        return False

    @property
    def template_folder(self) -> str:
        """The folder of its prompt templates.

        A strategy of one's own has some beside its module; see `prompt_folders`.
        """
        return prompt_folder(type(self), self.kind)

    @property
    def template_folders(self) -> tuple[str, ...]:
        """All folders that its requests' templates are in.

        A run is only continued while none of them has changed.
        """
        return (self.template_folder,)

    @property
    def own_templates(self) -> TemplatePlaces:
        """Folder of prompt templates → where it lies.

        Folders that ship with evoheur are left out.
        """
        return own_prompts(type(self))

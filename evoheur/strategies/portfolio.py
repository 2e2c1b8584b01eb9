"""A portfolio: several search methods that share one budget.

What a method has earned lately decides how much of it it gets.

Source: this project's own. Which method suits a problem, a model and a stage of the search is not known beforehand, so the choice is made
as the run goes, by a bandit (Garivier and Moulines 2011, see `evoheur.strategies.bandit`), as adaptive operator selection does for the
operators of one evolutionary algorithm (Fialho et al. 2010, doi 10.1007/s10472-010-9213-y).

* *Reward.* A request earns 1/r when its outcome takes place r among the `keep` best heuristics of all members so far: 1 for a new best, 1/2
  for a new second, and nothing where it is not among them or where one of them has the same objective. Places, unlike differences, mean the
  same for every problem and at every stage, and a new best alone is too rare to tell members apart: one request in forty, in a run of 300
  offline requests. The problem's own heuristic has no place: often nothing beats it for long, and all members would look alike.
* *Cost.* A request is one play, whatever it produces: a reflection costs a call too, and what it was good for is earned by the heuristics
  that follow it. So a method that spends two calls per heuristic must improve twice as much by each.
* *Waiting.* A member that waits for outcomes is passed over; the next best one is asked.
* *Migration.* After every `migrate_every` candidates the best heuristic of all goes to the members that have not had it. The members'
  populations stay apart otherwise.
* *Prompts.* Every request names its member's folder, "eoh/e2", so a member's prompts are those it has alone.

A member's `bound` is passed on where it is still right: a candidate that neither its member nor the `keep` best would take in earns
nothing, is no migrant and no elite, so that stopping it early changes nothing.
"""

import random
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, SerializeAsAny

from evoheur.candidate import Candidate
from evoheur.components import nearest, resolve_kind, spell_kinds
from evoheur.errors import ConfigError
from evoheur.request import Outcome, Request
from evoheur.strategies.bandit import DiscountedUcb
from evoheur.strategies.eoh import EohConfig
from evoheur.strategies.random_sampling import RandomConfig
from evoheur.strategies.selection import admission_bound, renewed, survivors
from evoheur.strategies.strategy import BUILTIN_STRATEGIES, OperatorCard, Strategy, StrategyConfig, TemplatePlaces
from evoheur.strategies.structure import PortfolioMember, PortfolioShares

__all__ = ["Portfolio", "PortfolioConfig", "earned"]


def _parse_member(section: Any) -> Any:
    """A strategy's section as its own configuration.

    What is none is left for pydantic to refuse.

    Raises:
        ValueError: Its kind is missing or unknown, or the kind knows no such key.
    """
    if not isinstance(section, dict):
        return section
    kind = section.get("kind")
    if not isinstance(kind, str):
        raise ValueError(  # noqa: TRY004 - pydantic adds the place to a ValueError only
            f"a member needs a kind, one of: {spell_kinds(BUILTIN_STRATEGIES, what='strategy')}"
        )
    try:
        found = resolve_kind(kind, BUILTIN_STRATEGIES, StrategyConfig, what="strategy")  # type: ignore[type-abstract]
    except ConfigError as error:
        raise ValueError(str(error).removesuffix(".")) from error
    known = list(found.model_fields)
    for key in section:
        if key not in known:
            raise ValueError(f"unknown key {key!r}{nearest(str(key), known)}; valid here: {', '.join(known)}")
    return found.model_validate(section)


Member: TypeAlias = Annotated[SerializeAsAny[StrategyConfig], BeforeValidator(_parse_member)]


class PortfolioConfig(StrategyConfig):
    """Several strategies that share one budget."""

    takes_new_worth = True
    kind: Literal["portfolio"] = "portfolio"

    members: tuple[Member, ...] = Field(default_factory=lambda: (EohConfig(), RandomConfig()), min_length=1)
    """The strategies, each with its `kind` and settings as under `strategy`; a kind may come up several times with other settings."""

    discount: float = Field(default=0.995, gt=0, le=1)
    """γ, by which the bandit discounts what it knows with every outcome: at 0.995 half is forgotten after 138 outcomes. Garivier and
    Moulines take 1 - √(changes / outcomes) / 4: for a run of 2,000 requests in which the best member changes once that is 0.994."""

    exploration: float = Field(default=0.2, ge=0, allow_inf_nan=False)
    """Weight of the confidence margin. Theory wants more than √2 for rewards anywhere in [0, 1]. Here most are 0: offline a good member has
    a mean near 0.1 with a standard deviation near 0.2, beside which √2 would give every member the same share."""

    migrate_every: int = Field(default=20, ge=0)
    """After how many candidates the best one goes to the members that have not had it; 0 for never. Seldom enough that a member has bred a
    few of its own in between, so that members do not become copies of each other."""

    keep: int = Field(default=10, ge=1)
    """How many of the best heuristics, one per objective, are remembered over all members: the places that earn something."""

    def build(self, baseline: Candidate, rng: random.Random) -> "Portfolio":
        """Make the portfolio and its members.

        Every member draws from a random generator of its own.
        """
        generators = [random.Random(rng.getrandbits(64)) for _ in self.members]  # noqa: S311 - reproducible on purpose
        members = [member.build(baseline, own) for member, own in zip(self.members, generators, strict=True)]
        return Portfolio(self, members)

    @property
    def catalogue(self) -> Mapping[str, OperatorCard]:
        """The members' operators, each with its folder."""
        return {
            _with_folder(member.template_folder, operator): card
            for member in self.members
            for operator, card in member.catalogue.items()
        }

    @property
    def hides_problem(self) -> bool:
        """Whether one of its members does; see `StrategyConfig.hides_problem`."""
        return any(member.hides_problem for member in self.members)

    @property
    def has_barrier(self) -> bool:
        """Whether all members wait; one that does not keeps the calls busy."""
        return all(member.has_barrier for member in self.members)

    @property
    def template_folders(self) -> tuple[str, ...]:
        """The folders of all members."""
        return tuple(dict.fromkeys(folder for member in self.members for folder in member.template_folders))

    @property
    def own_templates(self) -> TemplatePlaces:
        """The templates' folders of all members."""
        return {folder: place for member in self.members for folder, place in member.own_templates.items()}


class Portfolio(Strategy):
    """Members behind a bandit; waits only while all of them wait.

    Args:
        config: What it was built from.
        members: The strategies of `config.members`, in their order.
    """

    def __init__(self, config: PortfolioConfig, members: Sequence[Strategy]) -> None:
        self._config = config
        self._folders = [member.template_folder for member in config.members]
        self._members = list(members)
        self._bandit = DiscountedUcb(len(members), discount=config.discount, exploration=config.exploration)
        self._best: list[Candidate] = []
        self._behind: list[int] = []  # members that have not had the very best yet
        self._asked = 0
        self._asked_of = [0] * len(members)
        self._candidates = 0
        self._in_flight: dict[Hashable, tuple[int, Request]] = {}  # our tag → the member, and the request as it made it

    def wrap_members(self, wrap: Callable[[Strategy], Strategy]) -> None:
        """Put another strategy around every member, before anything is asked."""
        self._members = [wrap(member) for member in self._members]

    def ask(self) -> Request | None:
        """The request of the most promising member that has one.

        None while all of them wait.
        """
        for place in self._bandit.ranking():
            request = self._members[place].ask()
            if request is not None:
                return self._passed_on(place, request)
        return None

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Hand the outcome to the member that asked.

        Reward it, and let the best migrate when it is time.
        """
        place, original = self._in_flight.pop(request.tag)
        self._members[place].tell(original, outcome)
        if not request.kind.is_search:  # no play: it took nothing of the budget
            return
        reward = 0.0
        if isinstance(outcome, Candidate):
            self._candidates += 1
            self._keep(outcome, owners=[place])
            reward = earned(outcome, self._best)
        self._bandit.finish(place, reward)
        if isinstance(outcome, Candidate) and self._config.migrate_every and self._candidates % self._config.migrate_every == 0:
            self._migrate()

    def immigrate(self, candidate: Candidate) -> None:
        """Take it into every member; it earns nobody anything."""
        for member in self._members:
            member.immigrate(candidate)
        self._keep(candidate, owners=range(len(self._members)))

    def elites(self) -> Sequence[Candidate]:
        """What was best in all, and the members' elites."""
        held = [*self._best, *(elite for member in self._members for elite in member.elites())]
        return sorted({elite.id: elite for elite in held}.values(), key=lambda elite: elite.objective or 0.0)

    def members(self) -> Sequence[Candidate]:
        """What was best in all, and the members' own."""
        held = [*self._best, *(each for member in self._members for each in member.members())]
        return tuple({each.id: each for each in held}.values())

    def structure(self) -> PortfolioShares:
        """The members with their shares, and what each holds."""
        kinds = [member.kind for member in self._config.members]
        return PortfolioShares(
            members=tuple(
                PortfolioMember(
                    name=kind if kinds.count(kind) == 1 else f"{kind} ({place + 1})",
                    asked=self._asked_of[place],
                    earned=self._bandit.mean(place),
                    structure=self._members[place].structure(),
                )
                for place, kind in enumerate(kinds)
            )
        )

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        """Hand the new worth on; the best goes to whoever does not have it."""
        for member in self._members:
            member.rescored(fresh)
        self._best = survivors(renewed(self._best, fresh), self._config.keep)
        best = {elite.id for elite in self._best[:1]}
        self._behind = [
            place for place, member in enumerate(self._members) if best and not best & {elite.id for elite in member.elites()}
        ]

    def _passed_on(self, place: int, request: Request) -> Request:
        self._asked += 1
        if request.kind.is_search:
            self._bandit.start(place)
            self._asked_of[place] += 1
        tag = (place, self._asked, request.tag)  # numbered, since a member may use a tag twice
        self._in_flight[tag] = (place, request)
        bound = admission_bound(self._best, self._config.keep)
        return replace(
            request,
            operator=_with_folder(self._folders[place], request.operator),
            tag=tag,
            bound=None if bound is None or request.bound is None else max(bound, request.bound),
        )

    def _keep(self, candidate: Candidate, owners: Sequence[int]) -> None:
        self._best = survivors([*self._best, candidate], self._config.keep)
        if self._best and self._best[0].id == candidate.id:
            self._behind = [place for place in range(len(self._members)) if place not in owners]

    def _migrate(self) -> None:
        for place in self._behind:
            self._members[place].immigrate(self._best[0])
        self._behind = []


def earned(candidate: Candidate, best: Sequence[Candidate]) -> float:
    """What an outcome earns, in [0, 1].

    Args:
        candidate: Any evaluated candidate.
        best: The best so far, best first, the candidate among them if it is one.

    Returns:
        1 / its place; 0 without one.
    """
    return next((1.0 / place for place, member in enumerate(best, start=1) if member.id == candidate.id), 0.0)


def _with_folder(folder: str, operator: str) -> str:
    return operator if "/" in operator else f"{folder}/{operator}"

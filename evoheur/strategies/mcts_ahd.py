"""MCTS-AHD: Monte Carlo tree search over heuristics.

Also a poor heuristic keeps its place in the tree and may lead to a good one.

Source: Zhi Zheng et al. 2025, "Monte Carlo Tree Search for Comprehensive Exploration in LLM-Based Automatic Heuristic Design", ICML
(arXiv 2501.08603), and its release. Every heuristic that works is a node. A virtual root is first given `initial` children: one by i1, the
others by e1 from their elder brothers. Then, round by round, a descent from the root follows the largest UCT, where the weight of
exploration falls to 0 over the run. On its way it adds a child to any node that has few for its number of visits (progressive widening:
floor(N^alpha) exceeds their number), by e1 at the root and by e2 elsewhere. The leaf at its end is expanded by e2, m1 twice, m2 twice
and s1. After each heuristic a second call describes what its code really does (thought alignment): that text, not the model's own
idea, is what later prompts show.

How ours differs. With one request in flight, choices, operators and parents are the published ones, step by step, except that

* a node's value is the best of itself *and* of its children. As released it forgets its own score at its first child; set
  `forget_own_score` for that;
* values are normalised by the smallest and the largest objective in the tree. The release starts these bounds at 0 and -10,000, so that
  with maximisation, or with costs above 10,000, there is hardly a difference left between values and the search is exploration only;
* only a heuristic that enters the tree is described: the release buys a description before it evaluates, also for what fails;
* a reply without usable code is one of the attempts of an expansion; the release asks again without limit and without counting. The
  initial e1 end after 10 requests per child that is wanted, the release's never;
* an attempt is repeated if its code is, layout apart, that of one of the elites; the release compares raw text;
* no node is deeper than `max_depth`: the descent ends above it, where the release lets nodes of that depth have children;
* e1 shows a heuristic once (`distinct_parents`). The release draws with replacement, so that a prompt often shows one twice.

With many in flight nothing waits. A request counts as a visit of its node and of all above it from when it is asked, and as a child for
the widening; a failure takes both back. Until the first heuristic works every request is i1. A node is inserted when its evaluation is
told and takes part at once, under the model's own idea; its description replaces that when it arrives. To insert it only then would
hide a good heuristic for the time of a call that adds nothing to its worth. t in the weight lambda0·max(1 - t/T, 0) is the number of
heuristics asked for so far, whatever became of them.
"""

import random
from collections import deque
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, NamedTuple, TypeAlias, cast, get_args

from pydantic import Field, NonNegativeInt, model_validator

from evoheur.candidate import Candidate, Status
from evoheur.request import Note, Outcome, Request
from evoheur.strategies.mate_choice import MateChoice, mates_by
from evoheur.strategies.search_tree import Node, Tree, lineage
from evoheur.strategies.selection import OBJECTIVE_DECIMALS, renewed, survivors
from evoheur.strategies.strategy import BASELINE_SHOWN, OperatorCard, Strategy, StrategyConfig
from evoheur.strategies.structure import SearchTree

__all__ = ["Action", "MctsAhd", "MctsAhdConfig"]

Action: TypeAlias = Literal["e2", "m1", "m2", "s1"]

_ACTIONS: tuple[Action, ...] = get_args(Action)
_PUBLISHED: dict[Action, int] = {"e2": 1, "m1": 2, "m2": 2, "s1": 1}
_PATIENCE = 10  # initial requests per initial child, after which the search goes on with the children that there are
_LONGEST = 1000  # characters of a description; a model that answers with an essay would fill every later prompt with it
_SHOWN = {**BASELINE_SHOWN, "descriptions": "what each parent's code does, one line per parent in their order"}


class MctsAhdConfig(StrategyConfig):
    """MCTS-AHD (Zheng et al. 2025); defaults are the paper's values and the release's."""

    catalogue: ClassVar[Mapping[str, OperatorCard]] = {
        "i1": OperatorCard(summary="invent without parents", context=BASELINE_SHOWN),
        "e1": OperatorCard(summary="depart from all parents, one from each branch", parents=(1, None), context=_SHOWN),
        "e2": OperatorCard(summary="improve the last parent by an idea of the first", parents=(1, 2), context=_SHOWN),
        "m1": OperatorCard(edits=True, summary="change the structure", parents=(1, 1), context=_SHOWN),
        "m2": OperatorCard(edits=True, summary="change the numbers", parents=(1, 1), context=_SHOWN),
        "s1": OperatorCard(
            summary="join the ideas on a path, shown worst first", variation="vary", parents=(2, None), context=_SHOWN
        ),
        "describe": OperatorCard(summary="say what the code does", parents=(1, 1), produces="note", context={**BASELINE_SHOWN}),
    }

    takes_new_worth = True
    kind: Literal["mcts_ahd"] = "mcts_ahd"

    initial: int = Field(default=4, ge=1)
    """N_I, the children that the root is given first. Release: 4, and 10 where the model is told nothing about the problem."""

    horizon: int = Field(default=1000, ge=1)
    """T, the number of heuristics over which exploration fades; set it to the run's budget. Release: the budget, 1000 (2000 for online
    bin packing)."""

    exploration: float = Field(default=0.1, ge=0, allow_inf_nan=False)
    """lambda0, the weight of exploration at the start. Paper and release: 0.1."""

    widening: float = Field(default=0.5, ge=0, le=1)
    """alpha: a node that is passed and was visited N times gets another child if it has fewer than floor(N^alpha). Release: 0.5."""

    max_depth: int = Field(default=10, ge=2)
    """H, the depth of the deepest nodes; the root's children have depth 1. Release: 10."""

    actions: Mapping[Action, NonNegativeInt] = Field(default_factory=_PUBLISHED.copy)
    """Action → how often it is tried at each leaf; what is not named is not used. Release: e2 once, m1 twice, m2 twice, s1 once."""

    parents: int = Field(default=5, ge=2)
    """The most parents of e1; their number is drawn from 2 to this, each number alike. Release: 5."""

    distinct_parents: bool = True
    """Whether the parents of one e1 all differ. Release: no, it draws with replacement."""

    elite_size: int = Field(default=10, ge=1)
    """How many elites of pairwise different objective e2 draws from. Release: 10."""

    mate: MateChoice = "rank"
    """Which elite e2 shows beside the node: one by "rank", as published, by "distance" of costs, or as a "complement"."""

    attempts: int = Field(default=3, ge=1)
    """How often an expansion is tried until it yields a heuristic that works; a timeout ends it at once. Release: 3."""

    align_thoughts: bool = True
    """Whether a second call describes every heuristic. Paper: yes; off, it costs half the calls, and prompts show the model's own idea."""

    forget_own_score: bool = False
    """Whether a node with children is worth what its best child is, even where it is better itself. Release: yes."""

    show_baseline_body: bool = False
    """Whether prompts show the problem's own heuristic with its body. Release: no, it starts from nothing."""

    @model_validator(mode="after")
    def _can_expand(self) -> "MctsAhdConfig":
        if not any(count for action, count in self.actions.items() if action != "s1"):
            raise ValueError(
                f"actions {dict(self.actions)} can leave a leaf without any, as s1 needs a path; give e2, m1 or m2 at least 1"
            )
        return self

    def build(self, baseline: Candidate, rng: random.Random) -> "MctsAhd":  # noqa: ARG002 - the search starts from nothing
        """Make the strategy; the baseline has no place in the tree."""
        return MctsAhd(self, rng)


class _Expansion(NamedTuple):
    """What is to be tried at a node.

    Attempts count from 1, and 0 marks a request of the initialisation.
    """

    node: Node
    operator: str
    attempt: int


class MctsAhd(Strategy):
    """MCTS-AHD in steady state; it never waits.

    A request's tag is the number of its node and of its attempt.
    """

    def __init__(self, config: MctsAhdConfig, rng: random.Random) -> None:
        self._config = config
        self._rng = rng
        self._baseline = {"baseline": "body" if config.show_baseline_body else "header"}
        self._tree = Tree(forget_own_score=config.forget_own_score)
        self._at = self._tree.root  # where the present descent has come to
        self._queue: deque[_Expansion] = deque()  # what it has decided on and not asked for yet
        self._undescribed: deque[Candidate] = deque()
        self._descriptions: dict[int, str] = {}  # by candidate, of all in the tree
        self._elites: list[Candidate] = []
        self._asked = 0  # t: heuristics asked for
        self._initial_asked = 0
        self._initial_out = 0

    def ask(self) -> Request:
        """A missing description; else a heuristic.

        The heuristic is of the initialisation or of the present descent.
        """
        if self._undescribed:
            candidate = self._undescribed.popleft()
            return Request(
                operator="describe", produces="note", parents=(candidate,), context=self._baseline, temperature_offset=-1.0
            )
        expansion, parents = self._initial_expansion() if self._initialising() else self._next_expansion()
        self._tree.depart(expansion.node)
        self._asked += 1
        descriptions = {"descriptions": "\n".join(self._descriptions[parent.id] for parent in parents)}
        return Request(
            operator=expansion.operator,
            parents=parents,
            context=self._baseline if expansion.operator == "i1" else self._baseline | descriptions,
            tag=(expansion.node.number, expansion.attempt),
        )

    def tell(self, request: Request, outcome: Outcome) -> None:
        """Insert what works, try again what does not, and take note of descriptions."""
        if request.operator == "describe":
            if isinstance(outcome, Note) and (text := _one_line(outcome.text)):
                self._descriptions[request.parents[0].id] = text
            return
        number, attempt = cast("tuple[int, int]", request.tag)
        expansion = _Expansion(self._tree.nodes[number], request.operator, attempt)
        if attempt == 0:
            self._initial_out -= 1
        if not isinstance(outcome, Candidate):
            self._fail(expansion, hopeless=False)
        elif outcome.objective is None or self._repeats_an_elite(outcome):
            self._fail(expansion, hopeless=outcome.evaluation.status is Status.TIMEOUT)
        else:
            self._insert(expansion.node, outcome)

    def immigrate(self, candidate: Candidate) -> None:
        """Make it a child of the root, as an e1 would be."""
        if candidate.objective is not None and candidate.id not in self._descriptions:
            self._tree.depart(self._tree.root)
            self._insert(self._tree.root, candidate)

    def elites(self) -> Sequence[Candidate]:
        """The best in the tree, best first, one per objective."""
        return tuple(self._elites)

    def members(self) -> Sequence[Candidate]:
        """The elites and all above them in the tree."""
        elites = {elite.id for elite in self._elites}
        paths = [lineage(node) for node in self._tree.nodes[1:] if node.heuristic.id in elites]
        return tuple({node.number: node.heuristic for path in paths for node in path if node.candidate is not None}.values())

    def structure(self) -> SearchTree:
        """The tree."""
        return self._tree.structure()

    def rescored(self, fresh: Mapping[int, Candidate]) -> None:
        """Cut the tree down to the members, and begin a descent."""
        self._tree = self._tree.kept({member.id: fresh[member.id] for member in self.members()})
        self._at = self._tree.root
        self._queue.clear()
        left = {node.heuristic.id: node.heuristic for node in self._tree.nodes[1:]}
        self._undescribed = deque(left[candidate.id] for candidate in self._undescribed if candidate.id in left)
        self._descriptions = {number: text for number, text in self._descriptions.items() if number in left}
        self._elites = survivors(renewed(self._elites, fresh), self._config.elite_size)

    def _initialising(self) -> bool:
        grown = len(self._tree.root.children)
        wanted = self._config.initial
        return not grown or (grown + self._initial_out < wanted and self._initial_asked < _PATIENCE * wanted)

    def _initial_expansion(self) -> tuple[_Expansion, tuple[Candidate, ...]]:
        self._initial_asked += 1
        self._initial_out += 1
        root = self._tree.root
        expansion = _Expansion(root, "e1" if root.children else "i1", attempt=0)
        return expansion, self._parents(expansion)

    def _next_expansion(self) -> tuple[_Expansion, tuple[Candidate, ...]]:
        """The next of what the descent decided on.

        It descends as far as that takes; s1 is passed over where there is no path.
        """
        while True:
            while not self._queue:
                self._descend_a_step()
            expansion = self._queue.popleft()
            parents = self._parents(expansion)
            if expansion.operator != "s1" or len(parents) > 1:
                return expansion, parents

    def _descend_a_step(self) -> None:
        """Go one node down, or expand the leaf.

        The present node is widened first if it is due; after a leaf it goes back to the root. It goes no further than to the next request,
        because what that yields changes the values by which the descent goes on.
        """
        node, config = self._at, self._config
        if not node.children or node.depth >= config.max_depth - 1:
            actions = [action for action in _ACTIONS for _ in range(config.actions.get(action, 0))]
            self._queue.extend(_Expansion(node, action, attempt=1) for action in actions)
            self._at = self._tree.root
            return
        fading = max(1.0 - self._asked / config.horizon, 0.0)
        self._at = self._tree.promising_child(node, config.exploration * fading)
        if int(node.visits**config.widening) > len(node.children) + node.pending:
            self._queue.append(_Expansion(node, "e2" if node.depth else "e1", attempt=1))

    def _parents(self, expansion: _Expansion) -> tuple[Candidate, ...]:
        node = expansion.node
        match expansion.operator:
            case "i1":
                return ()
            case "e1":
                return self._from_all_branches()
            case "e2":
                return (*mates_by(self._config.mate, node.heuristic, self._elites, 1, self._rng), node.heuristic)
            case "s1":
                path = [step.heuristic for step in lineage(node) if step.candidate is not None]
                once = {self._descriptions[step.id]: step for step in reversed(path)}  # of equal descriptions the deepest node
                return tuple(sorted(once.values(), key=lambda step: step.objective or 0.0, reverse=True))
            case _:
                return (node.heuristic,)

    def _from_all_branches(self) -> tuple[Candidate, ...]:
        pool = [self._rng.choice(child.subtree).heuristic for child in self._tree.root.children]
        count = min(self._rng.randint(2, self._config.parents), len(pool))
        if self._config.distinct_parents:
            return tuple(self._rng.sample(pool, count))
        return tuple(self._rng.choices(pool, k=count))

    def _insert(self, node: Node, candidate: Candidate) -> None:
        """Add a heuristic to the tree and perhaps the elites.

        To the elites if it is good enough; at the root only if its objective is new there.
        """
        if node is self._tree.root and any(_ties(child.heuristic, candidate) for child in node.children):
            self._tree.give_up(node)
            return
        self._tree.arrive(node, candidate)
        self._elites = survivors([*self._elites, candidate], self._config.elite_size)
        self._descriptions[candidate.id] = _one_line(candidate.thought)
        if self._config.align_thoughts:
            self._undescribed.append(candidate)

    def _fail(self, expansion: _Expansion, *, hopeless: bool) -> None:
        self._tree.give_up(expansion.node)
        if 0 < expansion.attempt < self._config.attempts and not hopeless:
            self._queue.appendleft(expansion._replace(attempt=expansion.attempt + 1))

    def _repeats_an_elite(self, candidate: Candidate) -> bool:
        return any(candidate.code == elite.code or candidate.duplicate_of == elite.id for elite in self._elites)


def _ties(one: Candidate, other: Candidate) -> bool:
    return round(one.objective or 0.0, OBJECTIVE_DECIMALS) == round(other.objective or 0.0, OBJECTIVE_DECIMALS)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]

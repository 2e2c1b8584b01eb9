"""Family trees: who was bred from whom, with the champion's line.

Of a long run some candidates are left out, always the same ones: the champion's line, its other ancestors and the best stay, and of the
rest as many as there is room for, evenly over the run. The places of candidates are computed here, so that every drawing of a tree is the
same drawing.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evoheur.archive.descents import Descent
from evoheur.archive.reader import ArchiveReader
from evoheur.candidate import ObjectiveKind
from evoheur.charts.tree_layout import placed

__all__ = ["Descent", "FamilyEdge", "FamilyNode", "FamilyTree", "family_around", "family_of", "family_tree"]

MOST_SHOWN = 600
"""So many candidates are shown of a whole run, unless more are asked for."""
_ELITES = 20  # the best on train, which are always shown
_DOWN = 2  # generations that are shown below one candidate
_MOST_BELOW = 40  # candidates of each of them, the best


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyNode:
    """A candidate in a family tree.

    Attributes:
        number: Within its run.
        operator: What bred it.
        parents: Numbers of all its parents, shown or not.
        children: How many were bred from it, shown or not.
        generation: 0 without parents, else one more than the largest of its parents'.
        objective: On train, minimised; None if it failed.
        epoch: Of the training instances that the objective is of; those of two epochs do not compare.
        status: On train, in a word.
        on_line: Whether it is the champion, its first parent, that one's first parent, and so on.
        x: Place across, from 0 to 1.
        y: Place downwards, in generations.
    """

    number: int
    operator: str
    parents: tuple[int, ...]
    children: int
    generation: int
    objective: float | None
    epoch: int
    status: str
    on_line: bool
    x: float
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyEdge:
    """A line from an ancestor to a candidate.

    Attributes:
        parent: Number of the ancestor.
        child: Number of the candidate.
        hidden: How many candidates between the two are left out; 0 where it is a parent.
        is_first: Whether it is the first parent, or leads to it.
        on_line: Whether both are on the champion's line, and follow each other there.
    """

    parent: int
    child: int
    hidden: int
    is_first: bool
    on_line: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyTree:
    """The candidates of a run, or some of them, and what they were bred from.

    Attributes:
        run: Name of the run.
        nodes: By number, ascending.
        edges: By child, ascending; its first parent first.
        line: Numbers from the champion to its eldest ancestor, by first parents; empty without a champion.
        total: How many candidates the run has; more than nodes where some are left out.
        generations: One more than the largest generation shown; 0 of an empty tree.
        objective_kind: What objectives are; None where none succeeded.
    """

    run: str
    nodes: tuple[FamilyNode, ...]
    edges: tuple[FamilyEdge, ...]
    line: tuple[int, ...]
    total: int
    generations: int
    objective_kind: ObjectiveKind | None

    @property
    def champion(self) -> int | None:
        """Number of the candidate whose line is lit."""
        return self.line[0] if self.line else None


def family_tree(archive: ArchiveReader, run: str, *, most: int = MOST_SHOWN) -> FamilyTree:
    """The family tree of a run, its champion being what `RUN/best` names.

    Args:
        archive: Has the run.
        run: Its name.
        most: At most so many candidates are shown, but always the champion's line.

    Raises:
        ArchiveError: There is no such run.
    """
    chosen = archive.chosen(run)
    return family_of(run, archive.descents(run), champion=None if chosen is None else chosen.candidate.id, most=most)


def family_of(run: str, candidates: Sequence[Descent], *, champion: int | None, most: int = MOST_SHOWN) -> FamilyTree:
    """The family tree of candidates.

    Args:
        run: Name of their run.
        candidates: All of the run, by number.
        champion: Number of the one whose line is lit; None if there is none.
        most: At most so many are shown, but always the champion's line.
    """
    known = {candidate.number: candidate for candidate in candidates}
    line = _line(known, champion)
    return _tree(run, known, _kept(known, line, most), line)


def family_around(
    run: str, candidates: Sequence[Descent], number: int, *, generations: int = 4, champion: int | None = None
) -> FamilyTree:
    """The relatives of one candidate: its ancestors some generations up, and what was bred from it down to its grandchildren.

    Args:
        run: Name of their run.
        candidates: All of the run, by number.
        number: Of the candidate; it is shown in any case.
        generations: How far up.
        champion: Number of the one whose line is lit where it is shown.
    """
    known = {candidate.number: candidate for candidate in candidates}
    children = _children(known)
    kept = {number}
    above, below = [number], [number]
    for _ in range(generations):
        above = list(dict.fromkeys(parent for each in above for parent in known[each].parents if parent in known))
        kept.update(above)
    for _ in range(_DOWN):
        bred = dict.fromkeys(child for each in below for child in children.get(each, []))
        below = sorted(bred, key=lambda child: _rank(known[child]))[:_MOST_BELOW]
        kept.update(below)
    return _tree(run, known, kept, _line(known, champion), children)


def _line(known: Mapping[int, Descent], champion: int | None) -> tuple[int, ...]:
    line: list[int] = []
    following = champion
    while following is not None and following in known:
        line.append(following)
        following = next(iter(known[following].parents), None)
    return tuple(line)


def _children(known: Mapping[int, Descent]) -> dict[int, list[int]]:
    children: dict[int, list[int]] = {}
    for number, record in known.items():
        for parent in dict.fromkeys(record.parents):
            children.setdefault(parent, []).append(number)
    return children


def _rank(record: Descent) -> tuple[int, float, int]:
    """The worth of a candidate, better ones first; on the newest training instances before older ones, and failed ones last."""
    if record.objective is None:
        return (1, 0.0, record.number)
    return (-record.epoch, record.objective, record.number)


def _kept(known: Mapping[int, Descent], line: Sequence[int], most: int) -> set[int]:
    """The candidates that are shown: what matters most first, until there is no more room."""
    if len(known) <= most:
        return set(known)
    kept = set(line)
    working = sorted(
        (number for number, record in known.items() if record.objective is not None),
        key=lambda number: _rank(known[number]),
    )
    for number in (0, *_ancestors(known, line[:1]), *working[:_ELITES]):
        if len(kept) < most and number in known:
            kept.add(number)
    rest = [number for number in known if number not in kept]
    room = max(0, most - len(kept))
    kept.update(rest[place * len(rest) // room] for place in range(min(room, len(rest))))
    return kept


def _ancestors(known: Mapping[int, Descent], champion: Sequence[int]) -> list[int]:
    """The ancestors by all parents, the nearest first."""
    found = dict.fromkeys(champion)
    waiting = deque(champion)
    while waiting:
        for parent in known[waiting.popleft()].parents:
            if parent in known and parent not in found:
                found[parent] = None
                waiting.append(parent)
    return list(found)


def _tree(
    run: str,
    known: Mapping[int, Descent],
    kept: set[int],
    line: tuple[int, ...],
    children: Mapping[int, Sequence[int]] | None = None,
) -> FamilyTree:
    bred = _children(known) if children is None else children
    generation = _generations(known)
    steps = set(pairwise(line))
    edges = [edge for number in sorted(kept) for edge in _edges(known, kept, number, steps)]
    first = {edge.child: edge.parent for edge in edges if edge.is_first}
    across = placed({number: first.get(number) for number in sorted(kept)})
    on_line = set(line)
    nodes = tuple(
        FamilyNode(
            number=number,
            operator=known[number].operator,
            parents=known[number].parents,
            children=len(bred.get(number, ())),
            generation=generation[number],
            objective=known[number].objective,
            epoch=known[number].epoch,
            status=known[number].status.value,
            on_line=number in on_line,
            x=across[number],
            y=generation[number],
        )
        for number in sorted(kept)
    )
    kinds = (record.objective_kind for record in known.values())
    return FamilyTree(
        run=run,
        nodes=nodes,
        edges=tuple(edges),
        line=line,
        total=len(known),
        generations=1 + max((node.generation for node in nodes), default=-1),
        objective_kind=next((kind for kind in kinds if kind is not None), None),
    )


def _generations(known: Mapping[int, Descent]) -> dict[int, int]:
    """The generation of every candidate; parents have smaller numbers than their children."""
    found: dict[int, int] = {}
    for number in sorted(known):
        found[number] = 1 + max((found[parent] for parent in known[number].parents if parent in found), default=-1)
    return found


def _edges(known: Mapping[int, Descent], kept: set[int], number: int, steps: set[tuple[int, int]]) -> list[FamilyEdge]:
    """The lines to a candidate from its parents.

    Where a parent is left out, from the nearest of its first parents that is not.
    """
    edges: dict[int, FamilyEdge] = {}
    for place, parent in enumerate(known[number].parents):
        ancestor: int | None = parent
        hidden = 0
        while ancestor is not None and ancestor not in kept:
            record = known.get(ancestor)
            ancestor = None if record is None else next(iter(record.parents), None)
            hidden += 1
        if ancestor is not None and ancestor not in edges:
            edges[ancestor] = FamilyEdge(
                parent=ancestor,
                child=number,
                hidden=hidden,
                is_first=place == 0,
                on_line=(number, ancestor) in steps and not hidden,
            )
    return list(edges.values())

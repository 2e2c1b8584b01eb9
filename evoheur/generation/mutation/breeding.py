"""Breeding of a new candidate from a variation and parents.

It says what each variation does, and what is done where it cannot be done.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from evoheur.generation.mutation.constant_edits import change_constants, introduce_constant
from evoheur.generation.mutation.crossover import blend, exchange, graft
from evoheur.generation.mutation.edit_bench import Bench
from evoheur.generation.mutation.editable_module import EditableModule, Unusable, key
from evoheur.generation.mutation.fresh_heuristics import draw_heuristic, draw_unlike
from evoheur.generation.mutation.simplifying_edit import simplify
from evoheur.generation.mutation.structural_edits import mutate_structure
from evoheur.generation.mutation.typed_signature import Signature
from evoheur.variation import Variation

__all__ = ["Breeder", "Offspring", "Parent", "Stuck"]

_ATTEMPTS = 40  # draws per plan; a draw fails if it finds nothing to change, repeats a parent or gets too large
_BASELINE_SHARE = 0.3  # of the heuristics bred without parents, those that start from the baseline instead of from nothing

_ANOTHER = 0.25  # of the candidates with several functions, those in which a further one changes too
_EDITS = (7, 3)  # weights of one and of two changes in a structural mutation; more would make sentences that nobody reads
_CROWDED = 0.75  # of the size limit, from which a structural mutation may first make room


class Stuck(Exception):
    """Nothing new could be bred; the message says from what."""


@dataclass(frozen=True, slots=True)
class Parent:
    """A candidate to breed from.

    Its file, and what a sentence calls it, such as "parent 8".
    """

    label: str
    code: str


@dataclass(frozen=True, slots=True)
class Offspring:
    """A new candidate and the sentence about it.

    The sentence says truthfully how its file came about.
    """

    code: str
    thought: str

    @property
    def reply(self) -> str:
        """It in the form of a model's answer."""
        return f"{{{self.thought}}}\n\n```python\n{self.code}```"


class _Task(NamedTuple):
    """What an attempt works on.

    Attributes:
        signature: The function to change.
        parents: The parents that can be read.
        bench: Randomness and settings.
        code: The file so far, where another function was changed already; "" before.
    """

    signature: Signature
    parents: Sequence[Parent]
    bench: Bench
    code: str


class _Attempt(NamedTuple):
    """An edited heuristic, the clause that tells of it, and the size it may have."""

    heuristic: EditableModule
    clause: str | None
    limit: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """A way to breed, and the words that explain why it stands in for another one."""

    attempt: Callable[[_Task], _Attempt]
    excuse: str = ""


class Breeder:
    """Breeds candidates of one problem.

    Args:
        signatures: The problem's functions; where there are several, a new candidate changes one of them or more and keeps the others.
        baseline: The problem's own file.
        max_nodes: Largest size of a new candidate for each of its functions; a parent that is larger already is only made smaller.
        order_terms: True to allow terms that depend on an array's mean, minimum, median or spread; None for: where there are matrices.
    """

    def __init__(self, signatures: Sequence[Signature], baseline: str, *, max_nodes: int, order_terms: bool | None) -> None:
        self._signatures = signatures
        self._baseline = baseline
        self._max_nodes = max_nodes * len(signatures)
        self._order_terms = any(signature.has_matrices for signature in signatures) if order_terms is None else order_terms
        self._corners = tuple(dict.fromkeys(corner for signature in signatures for corner in signature.corners))

    def breed(self, variation: Variation, parents: Sequence[Parent], rng: random.Random) -> Offspring:
        """Make a candidate that differs from all parents.

        Args:
            variation: What to do with the parents.
            parents: Candidates in any order; those that cannot be read are passed over.
            rng: The only source of randomness.

        Raises:
            Stuck: Nothing came of many draws.
        """
        usable = [parent for parent in parents if self._usable(parent)]
        found = self._drawn(self._plans(variation, usable, given=len(parents)), usable, rng)
        if found is None:
            labels = ", ".join(parent.label for parent in parents) or "the baseline"
            raise Stuck(f"the variation {variation!r} found nothing to change in {labels}")
        return found

    def crossed(self, parents: Sequence[Parent], rng: random.Random) -> Offspring | None:
        """Put parts of two parents together, as `breed` does for a crossover.

        Args:
            parents: Candidates in any order; those that cannot be read are passed over.
            rng: The only source of randomness.

        Returns:
            None where two different parents cannot be read, or no part of one fits into the other.
        """
        usable = [parent for parent in parents if self._usable(parent)]
        different = len({key(parent.code) for parent in usable}) > 1
        return self._drawn([_Plan(self._crossed)], usable, rng) if different else None

    def _drawn(self, plans: Sequence[_Plan], usable: Sequence[Parent], rng: random.Random) -> Offspring | None:
        known = {key(parent.code) for parent in usable} or {key(self._baseline)}
        bench = Bench(rng=rng, order_terms=self._order_terms, corners=self._corners)
        for plan in plans:
            for _ in range(_ATTEMPTS):
                made = self._made(plan, usable, bench)
                if made is not None and key(made[0]) not in known:
                    code, sentence = made[0], plan.excuse + made[1]
                    return Offspring(code, f"{sentence[0].upper()}{sentence[1:]}.")
        return None

    def _made(self, plan: _Plan, parents: Sequence[Parent], bench: Bench) -> tuple[str, str] | None:
        """One draw: the file and what was done to it.

        Of several functions, one more is changed now and then.
        """
        chosen = [bench.rng.choice(self._signatures)]
        if len(self._signatures) > 1:
            others = [signature for signature in self._signatures if signature is not chosen[0]]
            chosen += [signature for signature in others if bench.rng.random() < _ANOTHER]
        code, clauses = "", []
        for signature in chosen:
            attempt = plan.attempt(_Task(signature, parents, bench, code))
            if attempt.clause is None or attempt.heuristic.size > attempt.limit:
                continue
            code = attempt.heuristic.source()
            clauses.append(attempt.clause if len(self._signatures) == 1 else f"in `{signature.name}`: {attempt.clause}")
        return (code, "; ".join(clauses)) if clauses else None

    def _usable(self, parent: Parent) -> bool:
        try:
            for signature in self._signatures:
                EditableModule.check(parent.code, signature)
        except Unusable:
            return False
        return True

    def _plans(self, variation: Variation, parents: Sequence[Parent], *, given: int) -> list[_Plan]:
        """What to try, in order."""
        if variation == "new" or not given:
            return [_Plan(self._new, "" if variation in {"new", "unlike"} else "since there is no parent, this ")]
        if not parents:
            return [_Plan(self._new, "since no parent could be read, this ")]
        mutations = [_Plan(self._mutated), _Plan(self._retuned)]
        plans: dict[Variation, list[_Plan]] = {
            "unlike": [_Plan(self._unlike), *_excused("since no formula of another form could be drawn, this ", mutations)],
            "mutation": mutations,
            "constants": [_Plan(self._retuned), _Plan(self._given_constant), _Plan(self._retuned_freely)],
            "simplify": [_Plan(self._simplified), _Plan(self._retuned, "since nothing is left to simplify, this ")],
        }
        if variation in plans:
            return plans[variation]
        if len({key(parent.code) for parent in parents}) > 1:
            return [_Plan(self._crossed), *_excused("since no part of one parent fits into the other, this ", mutations)]
        return (
            _excused("since there is only one parent to cross over, this ", mutations) if variation == "crossover" else mutations
        )

    def _new(self, task: _Task) -> _Attempt:
        bench = task.bench
        heuristic = self._blank(task)
        clause = None if bench.rng.random() < _BASELINE_SHARE else draw_heuristic(heuristic, bench)
        if clause is not None:
            return _Attempt(heuristic, clause, self._max_nodes)
        heuristic = self._heuristic(task.code or self._baseline, task.signature)
        limit = max(self._max_nodes, heuristic.size)
        clause = mutate_structure(heuristic, bench) or change_constants(heuristic, bench)
        return _Attempt(heuristic, clause and f"starts from the baseline and {clause}", limit)

    def _unlike(self, task: _Task) -> _Attempt:
        heuristic = self._blank(task)
        return _Attempt(heuristic, draw_unlike(heuristic, [parent.code for parent in task.parents], task.bench), self._max_nodes)

    def _crossed(self, task: _Task) -> _Attempt:
        """Parts or results of two parents put together.

        Where there are several functions, half of the time one is taken over whole.
        """
        different = list({key(parent.code): parent for parent in task.parents}.values())
        pair = task.bench.rng.sample(different, 2)
        if task.code:  # further functions come from the parents of the first
            return _Attempt(self._heuristic(task.code, task.signature), None, self._max_nodes)
        receiver, donor = ((parent.label, self._heuristic(parent.code, task.signature)) for parent in pair)
        limit = max(self._max_nodes, receiver[1].size)
        cross = graft if task.bench.rng.random() < 0.6 else blend
        if len(self._signatures) > 1 and task.bench.rng.random() < 0.5:
            cross = exchange
        return _Attempt(receiver[1], cross(receiver, donor, task.bench), limit)

    def _mutated(self, task: _Task) -> _Attempt:
        """One structural change, now and then two.

        A heuristic that has almost reached the limit gives up something first.
        """
        bench = task.bench
        heuristic = self._first(task)
        limit = max(self._max_nodes, heuristic.size)
        edits = [mutate_structure] * bench.rng.choices((1, 2), _EDITS)[0]
        if heuristic.size > _CROWDED * limit and bench.rng.random() < 0.5:
            edits.insert(0, simplify)
        clauses = []
        for position, edit in enumerate(edits):
            if position:
                heuristic = self._heuristic(heuristic.source(), task.signature)
            clauses.append(edit(heuristic, bench))
        made = [clause for clause in clauses if clause is not None]
        return _Attempt(heuristic, ", then ".join(made) or None, limit)

    def _retuned(self, task: _Task) -> _Attempt:
        heuristic = self._first(task)
        return _Attempt(heuristic, change_constants(heuristic, task.bench), heuristic.size)

    def _retuned_freely(self, task: _Task) -> _Attempt:
        heuristic = self._first(task)
        return _Attempt(heuristic, change_constants(heuristic, task.bench, strict=False), heuristic.size)

    def _given_constant(self, task: _Task) -> _Attempt:
        heuristic = self._first(task)
        limit = max(self._max_nodes, heuristic.size + 2)  # a number and a sign, for which there has to be room
        return _Attempt(heuristic, introduce_constant(heuristic, task.bench), limit)

    def _simplified(self, task: _Task) -> _Attempt:
        heuristic = self._first(task)
        limit = heuristic.size
        return _Attempt(heuristic, simplify(heuristic, task.bench), limit)

    def _first(self, task: _Task) -> EditableModule:
        return self._heuristic(task.code or task.parents[0].code, task.signature)

    def _heuristic(self, code: str, signature: Signature) -> EditableModule:
        return EditableModule.parse(code, signature, self._signatures)

    def _blank(self, task: _Task) -> EditableModule:
        """The baseline's file to overwrite.

        What only its function used goes where that is the only one.
        """
        heuristic = self._heuristic(task.code or self._baseline, task.signature)
        if len(self._signatures) == 1 and task.signature.returns is not None:
            heuristic.module.body = [heuristic.function]
        return heuristic


def _excused(excuse: str, plans: Sequence[_Plan]) -> list[_Plan]:
    return [_Plan(plan.attempt, excuse) for plan in plans]

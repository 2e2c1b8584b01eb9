"""From an operator and its parents to a new candidate: what each operator does, and what is done where it cannot be done."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from evoheur.generation.mutation.bench import Bench
from evoheur.generation.mutation.constants import change_constants, introduce_constant
from evoheur.generation.mutation.crossover import blend, graft
from evoheur.generation.mutation.fresh import draw_rule, draw_unlike
from evoheur.generation.mutation.rule import Rule, Unusable, key
from evoheur.generation.mutation.signature import Signature
from evoheur.generation.mutation.simplify import simplify
from evoheur.generation.mutation.structure import mutate_structure

__all__ = ["Breeder", "Draft", "Parent", "Stuck"]

_ATTEMPTS = 40  # draws per plan; a draw fails if it finds nothing to change, repeats a parent or gets too large
_BASELINE_SHARE = 0.3  # of the rules bred without parents, those that start from the baseline instead of from nothing

_EDITS = (7, 3)  # weights of one and of two changes in a structural mutation; more would make sentences that nobody reads
_CROWDED = 0.75  # of the size limit, from which a structural mutation may first make room


class Stuck(Exception):
    """Nothing new could be bred; the message says from what."""


@dataclass(frozen=True, slots=True)
class Parent:
    """A candidate to breed from: its file, and what a sentence calls it, such as "parent 8"."""

    label: str
    code: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A new candidate: its file, and the sentence that says truthfully how it came about."""

    code: str
    thought: str


class _Attempt(NamedTuple):
    """An edited rule, the clause that tells of it, and the size it may have."""

    rule: Rule
    clause: str | None
    limit: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """A way to breed, and the words that explain why it stands in for another one."""

    attempt: Callable[[Signature, Sequence[Parent], Bench], _Attempt]
    excuse: str = ""


class Breeder:
    """Breeds candidates of one problem.

    Args:
        signatures: The problem's functions; where there are several, each new candidate changes one of them.
        baseline: The problem's own file.
        max_nodes: Largest size of a new candidate; a parent that is larger already is only made smaller.
        order_terms: True to allow terms that depend on an array's mean, minimum, median or spread.
    """

    def __init__(self, signatures: Sequence[Signature], baseline: str, *, max_nodes: int, order_terms: bool) -> None:
        self._signatures = signatures
        self._baseline = baseline
        self._max_nodes = max_nodes
        self._order_terms = order_terms

    def breed(self, operator: str, parents: Sequence[Parent], rng: random.Random) -> Draft:
        """Make a candidate that differs from all parents.

        Args:
            operator: i1, e1, e2, m1, m2 or m3; any other name is taken for a mutation, or for a crossover if there are several parents.
            parents: Candidates in any order; those that cannot be read are passed over.
            rng: The only source of randomness.

        Raises:
            Stuck: Nothing came of many draws.
        """
        usable = [parent for parent in parents if self._usable(parent)]
        known = {key(parent.code) for parent in usable} or {key(self._baseline)}
        bench = Bench(rng=rng, order_terms=self._order_terms)
        for plan in self._plans(operator, usable, given=len(parents)):
            for _ in range(_ATTEMPTS):
                attempt = plan.attempt(rng.choice(self._signatures), usable, bench)
                if attempt.clause is None or attempt.rule.size > attempt.limit:
                    continue
                code = attempt.rule.source()
                if key(code) not in known:
                    sentence = plan.excuse + attempt.clause
                    return Draft(code, f"{sentence[0].upper()}{sentence[1:]}.")
        raise Stuck(
            f"operator {operator} found nothing to change in {', '.join(parent.label for parent in parents) or 'the baseline'}"
        )

    def _usable(self, parent: Parent) -> bool:
        try:
            for signature in self._signatures:
                Rule.parse(parent.code, signature)
        except Unusable:
            return False
        return True

    def _plans(self, operator: str, parents: Sequence[Parent], *, given: int) -> list[_Plan]:
        """What to try, in order."""
        if operator == "i1" or not given:
            return [_Plan(self._new, "" if operator in {"i1", "e1"} else "since there is no parent, this ")]
        if not parents:
            return [_Plan(self._new, "since no parent could be read, this ")]
        mutations = [_Plan(self._mutated), _Plan(self._retuned)]
        plans = {
            "e1": [_Plan(self._unlike), *_excused("since no rule of another form could be drawn, this ", mutations)],
            "m1": mutations,
            "m2": [_Plan(self._retuned), _Plan(self._given_constant), _Plan(self._retuned_freely)],
            "m3": [_Plan(self._simplified), _Plan(self._retuned, "since nothing is left to simplify, this ")],
        }
        if operator in plans:
            return plans[operator]
        if len({key(parent.code) for parent in parents}) > 1:
            return [_Plan(self._crossed), *_excused("since no part of one parent fits into the other, this ", mutations)]
        return _excused("since there is only one parent to cross over, this ", mutations) if operator == "e2" else mutations

    def _new(self, signature: Signature, _: Sequence[Parent], bench: Bench) -> _Attempt:
        rule = self._blank(signature)
        clause = None if bench.rng.random() < _BASELINE_SHARE else draw_rule(rule, bench)
        if clause is not None:
            return _Attempt(rule, clause, self._max_nodes)
        rule = Rule.parse(self._baseline, signature)
        limit = max(self._max_nodes, rule.size)
        clause = mutate_structure(rule, bench) or change_constants(rule, bench)
        return _Attempt(rule, clause and f"starts from the baseline and {clause}", limit)

    def _unlike(self, signature: Signature, parents: Sequence[Parent], bench: Bench) -> _Attempt:
        rule = self._blank(signature)
        return _Attempt(rule, draw_unlike(rule, [parent.code for parent in parents], bench), self._max_nodes)

    def _crossed(self, signature: Signature, parents: Sequence[Parent], bench: Bench) -> _Attempt:
        different = list({key(parent.code): parent for parent in parents}.values())
        pair = bench.rng.sample(different, 2)
        receiver, donor = ((parent.label, Rule.parse(parent.code, signature)) for parent in pair)
        limit = max(self._max_nodes, receiver[1].size)
        cross = graft if bench.rng.random() < 0.6 else blend
        return _Attempt(receiver[1], cross(receiver, donor, bench), limit)

    def _mutated(self, signature: Signature, parents: Sequence[Parent], bench: Bench) -> _Attempt:
        """One structural change, now and then two; a rule that has almost reached the limit gives up something first."""
        rule = Rule.parse(parents[0].code, signature)
        limit = max(self._max_nodes, rule.size)
        edits = [mutate_structure] * bench.rng.choices((1, 2), _EDITS)[0]
        if rule.size > _CROWDED * limit and bench.rng.random() < 0.5:
            edits.insert(0, simplify)
        clauses = []
        for edit in edits:
            clauses.append(edit(rule, bench))
            rule = Rule.parse(rule.source(), signature)
        made = [clause for clause in clauses if clause is not None]
        return _Attempt(rule, ", then ".join(made) or None, limit)

    def _retuned(self, signature: Signature, parents: Sequence[Parent], bench: Bench) -> _Attempt:
        rule = Rule.parse(parents[0].code, signature)
        return _Attempt(rule, change_constants(rule, bench), rule.size)

    def _retuned_freely(self, signature: Signature, parents: Sequence[Parent], bench: Bench) -> _Attempt:
        rule = Rule.parse(parents[0].code, signature)
        return _Attempt(rule, change_constants(rule, bench, strict=False), rule.size)

    def _given_constant(self, signature: Signature, parents: Sequence[Parent], bench: Bench) -> _Attempt:
        rule = Rule.parse(parents[0].code, signature)
        limit = max(self._max_nodes, rule.size + 2)  # a number and a sign, for which there has to be room
        return _Attempt(rule, introduce_constant(rule, bench), limit)

    def _simplified(self, signature: Signature, parents: Sequence[Parent], bench: Bench) -> _Attempt:
        rule = Rule.parse(parents[0].code, signature)
        limit = rule.size
        return _Attempt(rule, simplify(rule, bench), limit)

    def _blank(self, signature: Signature) -> Rule:
        """The baseline's file to overwrite; what only its function used goes where that is the only one."""
        rule = Rule.parse(self._baseline, signature)
        if len(self._signatures) == 1:
            rule.module.body = [rule.function]
        return rule


def _excused(excuse: str, plans: Sequence[_Plan]) -> list[_Plan]:
    return [_Plan(plan.attempt, excuse) for plan in plans]

"""Simplification of one heuristic, from exact rewrites to shorter constants."""

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import Field

from evoheur.candidate import Evaluation, Status
from evoheur.code.program import examine, read_program
from evoheur.code.slicing import joined, reachable
from evoheur.code.syntax import SourceFault
from evoheur.components import Config
from evoheur.errors import ConfigError
from evoheur.generation.tuning.tunable_constants import find_constants
from evoheur.simplification.ablation import ablations
from evoheur.simplification.assumed_rewrites import assumed_edits, order_edits
from evoheur.simplification.constant_digits import with_fewer_digits
from evoheur.simplification.equivalence import Equivalence
from evoheur.simplification.exact_rewrites import exactly_simplified
from evoheur.simplification.tree_edits import TreeEdit, written

__all__ = ["Simplification", "Simplifier", "SimplifyConfig"]


class SimplifyConfig(Config):
    """The simplification of the best heuristic at the end, when the budget is spent."""

    evaluations: int = Field(default=0, ge=0)
    """How many evaluations it may take, on train and validation; with 0 nothing is simplified. A heuristic of twenty lines takes one to
    three hundred. What remains is stored beside the heuristic, as a candidate that the search does not know."""
    tolerance: float = Field(default=0.1, ge=0)
    """A part goes only if no family's gap changes by more than so many percentage points, for better or worse (where there are no
    references: the mean cost, in percent). With 0 every cost stays what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simplification:
    """A heuristic and what remains of it.

    Attributes:
        original: Its source.
        code: The source of what remains; the original's, if nothing could go.
        steps: What went, in words, in order.
        evaluations: How many it took.
        complete: Whether everything was tried; False if the evaluations ran out before.
        before: Split → evaluation of the original.
        after: Split → evaluation of what remains, on the same splits.
    """

    original: str
    code: str
    steps: tuple[str, ...]
    evaluations: int
    complete: bool
    before: Mapping[str, Evaluation]
    after: Mapping[str, Evaluation]

    @property
    def changed(self) -> bool:
        """Whether anything went."""
        return self.code != self.original


@dataclass(kw_only=True)
class Simplifier:
    """Takes everything from a heuristic that it does not need.

    Attributes:
        equivalence: Holds what is smaller against the original.
        functions: Names of the functions that must stay.
        tolerance: As `Equivalence.is_close` takes it.
        only_order_counts: Whether only the order of the returned numbers counts.
        saying: Hears what went, each time.
    """

    equivalence: Equivalence
    functions: tuple[str, ...]
    tolerance: float
    only_order_counts: bool = False
    saying: Callable[[str], None] = lambda _step: None
    _code: str = field(default="", init=False)
    _steps: list[str] = field(default_factory=list, init=False)
    _failed: set[tuple[str, int]] = field(
        default_factory=set, init=False
    )  # edits that changed too much since the last sweep began

    async def simplify(self, code: str) -> Simplification:
        """Simplify a heuristic.

        Args:
            code: Source that parses and defines the functions.

        Raises:
            ConfigError: It fails on the instances, so that there is nothing to compare with.
        """
        self._code, self._steps = code, []
        measured = await self.equivalence.measure(code)
        if measured.status is not Status.OK:
            raise ConfigError(
                f"The heuristic ends with {measured.status.value!r} on {measured.split} ({' '.join(measured.detail.split())}), so there is "
                "nothing to compare a simpler one with; give one that solves all instances."
            )
        if not read_program(code).fault:
            await self._leave_costs_alone()
            await self._leave_out()
            await self._round_constants()
            await self._leave_costs_alone()
        return Simplification(
            original=code,
            code=self._code,
            steps=tuple(self._steps),
            evaluations=self.equivalence.evaluations,
            complete=not self.equivalence.is_spent,
            before=self.equivalence.before,
            after=self.equivalence.evaluations_of(self._code),
        )

    async def _leave_costs_alone(self) -> None:
        """Rewrite what changes no value, and then, one by one, what changes no cost."""
        await self._exactly()
        used = _used_only(self._code, self.functions)
        if used != self._code and await self.equivalence.is_same(used):
            self._accept(used, "what the functions do not use goes")
        self._failed.clear()
        while await self._one_of(self._edits_without_cost(), 0.0):
            pass

    def _edits_without_cost(self) -> Iterable[TreeEdit]:
        tree = read_program(self._code).tree
        return [*assumed_edits(tree), *(order_edits(tree) if self.only_order_counts else ())]

    async def _exactly(self) -> None:
        tree = read_program(self._code).tree
        rewritten = exactly_simplified(tree)
        if ast.dump(rewritten) == ast.dump(tree):
            return
        code = written(rewritten)
        if await self.equivalence.is_same(code):
            self._accept(code, "what changes no value goes")

    async def _leave_out(self) -> None:
        """Leave out what no family needs, largest parts first, until nothing more can go."""
        went = True
        while went and not self.equivalence.is_spent:
            self._failed.clear()  # what was needed beside a part may not be without it
            went = False
            while await self._one_of(ablations(read_program(self._code).tree), self.tolerance):
                went = True

    async def _one_of(self, edits: Iterable[TreeEdit], tolerance: float) -> bool:
        """Make the first edit that passes and has not failed yet; False if none does."""
        tree = read_program(self._code).tree
        seen: Counter[str] = Counter()
        for edit in edits:
            seen[edit.text] += 1
            key = edit.text, seen[edit.text]
            if key in self._failed:
                continue
            code = written(exactly_simplified(edit.applied(tree)))
            if _is_usable(code) and await self.equivalence.is_close(code, tolerance):
                self._accept(code, edit.words)
                return True
            if self.equivalence.is_spent:
                return False
            self._failed.add(key)
        return False

    async def _round_constants(self) -> None:
        """Write every constant with as few digits as the tolerance allows, those that stand first before the others."""
        for place in range(len(find_constants(self._code))):
            for code, words in with_fewer_digits(self._code, place):
                if await self.equivalence.is_close(code, self.tolerance):
                    self._accept(code, words)
                    break

    def _accept(self, code: str, words: str) -> None:
        self._code = code
        self._steps.append(words)
        self.saying(words)


def _is_usable(code: str) -> bool:
    """Whether code parses and compiles, so that scoring it is no waste."""
    program = examine(code)
    return not isinstance(program, SourceFault) and program.fault is None


def _used_only(code: str, functions: Iterable[str]) -> str:
    """A module without the statements that the functions do not use."""
    program = read_program(code)
    kept = reachable(program.parts, functions, home=())
    if len(kept) == len(program.tree.body):
        return code
    text = joined([part.text for part in kept], [isinstance(part.node, (ast.FunctionDef, ast.ClassDef)) for part in kept])
    return text if _is_usable(text) else code

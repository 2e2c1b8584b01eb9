"""A candidate, followed with stand-ins for the offered bins, and the formulas that this gives.

This runs beside the candidate.
"""

import ast
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evoheur.problem import Heuristic, Json
from evoheur.problems.flat_heuristics.flat_values import FlatValue

from .level_grid import NotByLevel
from .level_heuristic import placed
from .level_names import CANDIDATE_FAULTS
from .level_screen import kept_between_calls, screen
from .offer import Offer
from .offer_formula import MOST_STEPS, OfferFormula, formulas_document, most_numbers
from .offer_program import offer_program, scores_of_offer
from .offered_array import OfferedArray, OfferedCell
from .offered_namespace import offered_namespace
from .protocol import BadScores, read_scores

__all__ = ["formulas_of"]

_FILE = "<heuristic by level>"
_MOST_PATHS = 12
_SHOWN = (41, 3)  # bins that a heuristic and its formula are compared on; as few as the second for every tenth size only
_OFTEN = 10


def formulas_of(heuristic: Heuristic, capacity: int) -> dict[str, Json]:
    """Follow a heuristic for every size of item.

    Args:
        heuristic: The candidate. How many of the scores that were compared are NaN goes into its notes.
        capacity: Of every bin.

    Returns:
        What `offer_formula.read_formulas` reads. Sizes for which the heuristic raises errors have no formula.

    Raises:
        NotByLevel: The heuristic is no formula of levels, places and reductions, as far as following shows, or none whose scores are those
            of the heuristic bit by bit on the bins that both are shown.
    """
    followed = _OfferedHeuristic(heuristic.code, next(iter(heuristic.functions)))
    formulas: list[OfferFormula | None] = []
    numbers, steps, faults = 0, {b"": 0}, ""
    for size in range(1, capacity + 1):
        try:
            formula = followed.formula(np.arange(size, capacity + 1, dtype=np.int64))
        except CANDIDATE_FAULTS as error:
            faults = faults or f"for size {size} it raised {type(error).__name__}"
            formulas.append(None)
            continue
        formulas.append(formula)
        numbers += formula.flat.constants.size + formula.parts.size
        steps[formula.flat.steps.tobytes() + formula.reductions.tobytes()] = len(formula.flat.steps)
        if numbers > most_numbers(capacity) or sum(steps.values()) > MOST_STEPS:
            raise NotByLevel("has formulas of more steps or numbers than may be told")
    if all(formula is None for formula in formulas):
        raise NotByLevel(faults)
    unscored, compared = _compare(heuristic, formulas, capacity)
    if unscored:
        heuristic.notes["nan"] = f"{unscored} of {compared} scores that were compared"
    return formulas_document(formulas)


class _OfferedHeuristic:
    """A heuristic among stand-ins for the offered bins."""

    def __init__(self, code: str, function: str) -> None:
        try:
            tree = ast.parse(code)
            screen(tree)
            self._module = offered_namespace("heuristic")
            exec(compile(tree, _FILE, "exec"), self._module)  # noqa: S102 - beside the candidate, where it was executed before
            self._heuristic = self._module[function]
            self._kept = kept_between_calls(self._module)
        except CANDIDATE_FAULTS as error:
            raise NotByLevel(f"raised {type(error).__name__} among stand-ins") from error
        except NotByLevel as refusal:
            raise placed(refusal) from None

    def formula(self, levels: NDArray[np.int64]) -> OfferFormula:
        """The formula for the size that the levels begin with.

        Raises:
            NotByLevel: There is none.
        """
        offer = Offer(levels)
        try:
            score, _ = self._path(offer, [], _MOST_PATHS)
            return offer.formula(score)
        except NotByLevel as refusal:
            raise placed(refusal) from None

    def _path(self, offer: Offer, script: Sequence[bool], left: int) -> tuple[FlatValue, int]:
        # The score where questions are answered by the script, and by either answer after it; and how many more paths may be followed.
        if left == 0:
            raise NotByLevel(f"goes more than {_MOST_PATHS} ways, by questions about all bins at once")
        offer.script, offer.asked = list(script), []
        score, left = self._called(offer), left - 1
        answers, questions = offer.script, offer.asked
        for place in range(len(questions) - 1, len(script) - 1, -1):
            other, left = self._path(offer, [*answers[:place], False], left)
            score = offer.where(questions[place], score, other)
        return score, left

    def _called(self, offer: Offer) -> FlatValue:
        with np.errstate(all="ignore"):
            answer = self._heuristic(int(offer.levels[0]), OfferedArray(OfferedCell(offer.levels.copy()), offer))
        if not isinstance(answer, OfferedArray):
            raise NotByLevel(f"returns a {type(answer).__name__}, made of no bins")
        if kept_between_calls(self._module) != self._kept:
            raise NotByLevel("changes what the next call finds")
        return answer.whole()


def _compare(heuristic: Heuristic, formulas: Sequence[OfferFormula | None], capacity: int) -> tuple[int, int]:
    # Following is believed only where scores are the same, to the bit, on bins in no order. Returns how many are NaN, and of how many.
    program = offer_program(formulas, max(_SHOWN), packs=False)
    drawn = np.random.default_rng(0).random((2 * capacity, max(_SHOWN)))
    unscored, compared = 0, 0
    for size, formula in enumerate(formulas, start=1):
        if formula is None:
            continue
        for row, count in enumerate(_SHOWN[: 1 if size % _OFTEN else 2]):
            bins = size + (drawn[2 * size - 2 + row, :count] * (capacity + 1 - size)).astype(np.int64)
            bins[-1] = capacity
            try:
                scores = read_scores(heuristic.entry(size, bins.copy()), bins.size)
            except BadScores as error:
                raise NotByLevel(f"for size {size} {error}") from error
            except CANDIDATE_FAULTS as error:
                raise NotByLevel(f"for size {size} it raised {type(error).__name__}") from error
            if not _same_scores(scores, scores_of_offer(program, size, bins)):
                raise NotByLevel(f"for size {size} bins got other scores than by the formula")
            unscored += int(np.isnan(scores).sum())
            compared += scores.size
    return unscored, compared


def _same_scores(scores: NDArray[Any], followed: NDArray[np.float64]) -> bool:
    if scores.dtype.itemsize > 8:
        return False
    as_floats = scores.astype(np.float64)
    return as_floats.tobytes() == followed.tobytes() or bool(np.array_equal(as_floats, followed, equal_nan=True))

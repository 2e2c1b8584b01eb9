"""The original of an evaluation, as a run keeps it in mind.

A long run has too many candidates to keep them with their code and results; what is rarely needed is read from the archive.
"""

from typing import NamedTuple, Self

from evoheur.candidate import Candidate, Status

__all__ = ["Original"]


class Original(NamedTuple):
    """A candidate whose evaluation on train later ones of the same code share.

    Attributes:
        number: Of the candidate that the evaluation is stored with.
        code_hash: Of its normalised code.
        epoch: Of the training instances.
        status: Of the evaluation.
        has_results: Whether any instance was run.
    """

    number: int
    code_hash: str
    epoch: int
    status: Status
    has_results: bool

    @classmethod
    def of(cls, candidate: Candidate) -> Self:
        """That of a numbered candidate, which may be a duplicate."""
        evaluation = candidate.evaluation
        number = candidate.id if candidate.duplicate_of is None else candidate.duplicate_of
        return cls(number, candidate.code_hash, evaluation.epoch, evaluation.status, bool(evaluation.results))

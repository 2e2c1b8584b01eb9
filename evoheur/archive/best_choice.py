"""The choice of a run's best candidate, which `RUN/best` names."""

from collections.abc import Mapping, Sequence
from typing import Any

from evoheur.archive.records import CandidateRecord

__all__ = ["best_validated", "considered", "validated"]


def best_validated(records: Sequence[CandidateRecord]) -> CandidateRecord | None:
    """The best on validation among the best on train.

    Args:
        records: The best on train, best first.

    Returns:
        The one with the lowest objective on validation; of equal ones the better on train. The best on train where none has an objective
        on validation, because a run is not finished, validates none, or all of them failed there. None if there are no records.
    """
    return min(validated(records), key=_on_validation, default=next(iter(records), None))


def validated(records: Sequence[CandidateRecord]) -> list[CandidateRecord]:
    """Those that have an objective on validation, in the same order."""
    return [record for record in records if _on_validation(record) is not None]


def considered(config: Mapping[str, Any]) -> int:
    """How many of the best on train a run chooses among.

    As many as its stored configuration validates, but at least one.
    """
    section = config.get("validation")
    top = section.get("top", 1) if isinstance(section, Mapping) else 1
    return max(1, int(top))


def _on_validation(record: CandidateRecord) -> Any:
    evaluation = record.evaluations.get("validation")
    return None if evaluation is None else evaluation.objective

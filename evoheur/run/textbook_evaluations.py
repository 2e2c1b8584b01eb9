"""Scores of a problem's textbook rules, made once.

For all the runs that are shown beside them.
"""

from collections.abc import Mapping

from evoheur.candidate import Evaluation
from evoheur.evaluation.textbook_scores import score_textbook_rules
from evoheur.problem import Split
from evoheur.run.instance_source import InstanceSource

__all__ = ["TextbookEvaluations"]


class TextbookEvaluations:
    """Scores a split's rules when they are first asked for.

    Args:
        source: The instances of every split; its problem is warmed up by then.
    """

    def __init__(self, source: InstanceSource) -> None:
        self._source = source
        self._scored: dict[Split, Mapping[str, Evaluation]] = {}

    def on(self, split: Split) -> Mapping[str, Evaluation]:
        """The evaluations of a split's rules, best objective first."""
        if split not in self._scored:
            self._scored[split] = score_textbook_rules(self._source.problem, self._source.split(split))
        return self._scored[split]

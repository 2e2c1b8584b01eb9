"""The audit of a run: its best on fresh instances that no selection has seen."""

import hashlib
from collections.abc import Sequence
from typing import Any

from evoheur.archive.records import CandidateRecord
from evoheur.evaluation.instance_set import InstanceSet
from evoheur.problem import Problem
from evoheur.run.config import RunConfig
from evoheur.run.problem_config import ProblemConfig
from evoheur.run.selection_config import AuditConfig
from evoheur.run.textbook_evaluations import TextbookEvaluations

__all__ = ["Audit", "audit_seed", "no_audit"]

_LEAST_SHARE = 20  # one audited candidate for so many evaluations, so that the audit is about 5 % of them


def audit_seed(seed: int) -> int:
    """The seed of a run's audit instances, from 0 to below 2^31; another than that of any epoch's.

    Args:
        seed: The run's.
    """
    return int.from_bytes(hashlib.sha256(f"{seed}/audit".encode()).digest()[:4]) >> 1


def no_audit(problem: Problem[Any], named: ProblemConfig, audit: AuditConfig) -> str:
    """Why a run has no audit; empty if it has one.

    Args:
        problem: Of the run.
        named: The problem as it is configured.
        audit: As configured.
    """
    if not audit.candidates:
        return "audit.candidates is 0"
    if "train" in named.files:
        return f"the training instances are those of {named.files['train'].path!r}, of which no more can be drawn"
    if problem.resampled(0) is None:
        return f"{type(problem).__name__} draws no fresh instances (Problem.resampled)"
    return ""


class Audit:
    """Chooses what is audited, and makes the instances.

    Args:
        problem: Draws instances, warmed up by then.
        rules: Say what objectives are relative to.
        config: Of the run.
    """

    def __init__(self, problem: Problem[Any], rules: TextbookEvaluations, config: RunConfig) -> None:
        self._rules = rules
        self._config = config
        self._made: InstanceSet | None = None
        self.refused = no_audit(problem, config.problem, config.audit)

    @property
    def every(self) -> int:
        """After so many evaluations the best so far is looked at while the run goes on; 0 for never."""
        return 0 if self.refused else self._config.audit.every

    def chosen(
        self, best: Sequence[CandidateRecord], champion: CandidateRecord | None, evaluations: int
    ) -> list[CandidateRecord]:
        """The candidates to audit: the champion, then the best on train, one for every 20 evaluations of the run.

        Args:
            best: Of the run, best first.
            champion: Among them; None if nothing works.
            evaluations: That the run made.
        """
        if self.refused or champion is None:
            return []
        most = min(self._config.audit.candidates, max(1, evaluations // _LEAST_SHARE))
        others = [record for record in best if record.candidate.id != champion.candidate.id]
        return [champion, *others][:most]

    def instances(self) -> InstanceSet:
        """The fresh instances, equal in every session of a run.

        Raises:
            ConfigError: Objectives are to be relative to textbook rules, and cannot be.
        """
        if self._made is None:
            self._made = self._rules.audited(audit_seed(self._config.seed), self._config.audit.instances)
        return self._made

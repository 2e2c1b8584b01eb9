"""Runs whose replies, prompts and prices are known, for what is exported from them."""

from collections.abc import Sequence
from typing import Any

from evoheur.archive.archive import Archive
from evoheur.archive.records import RunRecord, Told
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.request import Completion, Failure, Message, Request
from tests.evoheur.archive.support.made_up import candidate, evaluation, failed

__all__ = ["RepliedRun", "prompt"]


def prompt(word: str) -> tuple[Message, ...]:
    return (Message(role="system", content="You write heuristics."), Message(role="user", content=f"Improve on {word}."))


class RepliedRun:
    """Writes the steps of a run; candidate 0 has objective 5.

    Args:
        archive: Into which.
        run: Of it.
    """

    def __init__(self, archive: Archive, run: RunRecord) -> None:
        self.archive, self.run = archive, run
        self.known: dict[int, Candidate] = {}
        self._keep(candidate(0, 5.0))
        archive.record_baseline(run.id, self.known[0])

    def reply(
        self,
        word: str,
        worth: float | Status | str | Evaluation,
        *,
        parents: Sequence[int] = (),
        text: str | None = None,
        operator: str = "e1",
        finish: str = "stop",
        **rest: Any,
    ) -> Told:
        """Ask with the prompt of a word, and be told an objective, a failing status, or the reason of a failure to read the reply."""
        shown = tuple(self.known[parent] for parent in parents)
        epoch = worth.epoch if isinstance(worth, Evaluation) else 0
        request = Request(operator=operator, parents=shown, tag=word, epoch=epoch)
        asked = self.archive.record_ask(self.run.id, request, prompt(word) if word else ())
        written = text or f"reply {asked.number}"
        asked = self.archive.record_completion(asked, Completion(text=written, model="small", finish=finish))
        if isinstance(worth, Status):
            worth = failed(worth)
        if isinstance(worth, str):
            return self.archive.record_tell(asked, Failure(stage="parsing", reason=worth, detail="nothing to evaluate"))
        scored = worth if isinstance(worth, Evaluation) else evaluation(worth)
        bred = candidate(len(self.known), scored, parents=tuple(parents), **rest)
        self._keep(bred)
        return self.archive.record_tell(asked, bred)

    def score(self, number: int, split: str, status: Status, objective: float | None = None) -> None:
        """Score a candidate on another split."""
        self.archive.record_evaluation(self.run.id, number, evaluation(objective, status=status, split=split))

    def _keep(self, bred: Candidate) -> None:
        self.known[bred.id] = bred

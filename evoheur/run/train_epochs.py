"""The training instances of every epoch: the problem's own, and those that are made afresh."""

import asyncio
from collections.abc import Sequence

from evoheur.evaluation.instance_set import InstanceSet
from evoheur.request import VariedFamily
from evoheur.run.textbook_evaluations import TextbookEvaluations

__all__ = ["TrainEpochs"]


class TrainEpochs:
    """Makes the training instances of an epoch when they are first asked for.

    Args:
        rules: Have the instances, with the textbook rules' gaps on them if objectives are relative to those.
    """

    def __init__(self, rules: TextbookEvaluations) -> None:
        self._rules = rules
        self._making = asyncio.Lock()

    @property
    def own(self) -> InstanceSet:
        """The problem's own training instances, those of epoch 0.

        Raises:
            ConfigError: As `TextbookEvaluations.instances`.
        """
        return self._rules.instances("train")

    def vary(self, epoch: int, varied: Sequence[VariedFamily], *, only: bool) -> None:
        """Take note of what joins the instances of an epoch; see `TextbookEvaluations.vary`."""
        self._rules.vary(epoch, varied, only=only)

    async def made(self, epoch: int) -> InstanceSet:
        """The instances of an epoch.

        Fresh ones are made in a thread, since references and textbook rules may take seconds.

        Raises:
            ConfigError: As `TextbookEvaluations.instances`.
        """
        if epoch == 0:
            return self.own
        async with self._making:  # all members ask at once when an epoch begins
            return await asyncio.to_thread(self._rules.instances, "train", epoch)

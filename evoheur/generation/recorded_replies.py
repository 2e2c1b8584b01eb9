"""The generator `recorded`: the replies of an earlier run.

For the same search again without a model, or another evaluation of the same replies.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import model_validator

from evoheur.errors import ConfigError, GenerationError, GeneratorRefused
from evoheur.generation.generator import Generator, GeneratorConfig, GeneratorContext, RecordedReply
from evoheur.generation.recording import Recording, prompt_hash
from evoheur.generation.recording_file import is_recording, read_recording
from evoheur.generation.reply_file import read_replies
from evoheur.request import Completion, Failure, Message, Request

__all__ = ["PATIENCE", "Misses", "RecordedConfig", "RecordedGenerator"]

Misses: TypeAlias = Literal["stop", "fail"]

PATIENCE = 100
"""So many prompts in a row without a recorded reply stop the run: a failed request is no evaluation, so no budget might ever stop it."""


class RecordedConfig(GeneratorConfig):
    """Replies from an earlier run in the same archive, or from a file."""

    kind: Literal["recorded"] = "recorded"
    run: str | None = None
    """Name of the run that is repeated."""
    path: Path | None = None
    """File of `evoheur record export`; or JSONL of replies, each with messages, text and model, in no order of asks and tells."""
    misses: Misses = "stop"
    """What a request does that was not recorded: "stop" ends the run, which can be resumed; "fail" fails the request, and the run goes on
    without the recorded order, each prompt getting its reply where there is one."""

    @model_validator(mode="after")
    def _has_one_source(self) -> "RecordedConfig":
        if (self.run is None) == (self.path is None):
            raise ValueError(
                "the recorded generator needs exactly one of `run` (name of an earlier run) and `path` (a JSONL file)"
            )
        return self

    def build(self, context: GeneratorContext) -> "RecordedGenerator":
        """Read the replies.

        Raises:
            ConfigError: There are none, or the file cannot be read.
            ArchiveError: The archive has no such run.
        """
        if self.path is not None and not is_recording(self.path):
            replies = list(read_replies(self.path))
            _refuse_nothing(str(self.path), replies)
            return RecordedGenerator(replies, source=str(self.path), asked=context.asked, misses=self.misses)
        recording = context.recording(self.run or "") if self.path is None else read_recording(self.path)
        _refuse_nothing(recording.source, recording.replies)
        return RecordedGenerator.of(recording.for_prompts_of(context.prompts_hash), asked=context.asked, misses=self.misses)


def _refuse_nothing(source: str, replies: Sequence[object]) -> None:
    if not replies:
        raise ConfigError(f"{source} holds no replies to replay; name another run or file.")


class RecordedGenerator(Generator):
    """Generator that answers prompts as they were answered before.

    Equal prompts get their replies in the order of recording.

    Args:
        replies: The recording.
        source: Names it in messages.
        asked: Prompts that were asked before, each with whether its call is over, so that a resumed run goes on where it was.
        misses: As in `RecordedConfig`.
    """

    def __init__(
        self,
        replies: Iterable[RecordedReply],
        *,
        source: str,
        asked: Iterable[tuple[Sequence[Message], bool]] = (),
        misses: Misses = "fail",
    ) -> None:
        self._source = source
        self._misses = misses
        self._missed = 0
        self._recording: Recording | None = None
        self._answers: dict[str, deque[Completion | Failure]] = defaultdict(deque)
        for reply in replies:
            self._answers[prompt_hash(reply.messages)].append(reply.completion)
        self._use_up((prompt_hash(messages), is_over) for messages, is_over in asked)

    @classmethod
    def of(
        cls, recording: Recording, *, asked: Iterable[tuple[Sequence[Message], bool]] = (), misses: Misses = "fail"
    ) -> "RecordedGenerator":
        """A generator that repeats a run.

        Args:
            recording: Of the run.
            asked: As in the constructor.
            misses: As in `RecordedConfig`.
        """
        made = cls((), source=recording.source, misses=misses)
        made._recording = replace(recording, is_binding=misses == "stop")
        for request in recording.replies:
            answer = request.completion or request.failure
            assert answer is not None, "what has no answer is not among the replies"
            made._answers[request.prompt or request.fingerprint].append(answer)
        if all(request.prompt for request in recording.replies):
            made._use_up((prompt_hash(messages), is_over) for messages, is_over in asked)
        else:  # a run that keeps to the course asks in its order, so that the place tells which request it was
            models = [request.fingerprint for request in recording.requests if request.kind.asks_model]
            made._use_up((fingerprint, is_over) for fingerprint, (_, is_over) in zip(models, asked, strict=False))
        return made

    def _use_up(self, asked: Iterable[tuple[str, bool]]) -> None:
        """Take out what was answered; the answers of calls that were cut short are given next."""
        again: dict[str, list[Completion | Failure]] = defaultdict(list)
        for prompt, is_over in asked:
            if left := self._answers.get(prompt):
                answer = left.popleft()
                if not is_over:
                    again[prompt].append(answer)
        for prompt, answers in again.items():
            self._answers[prompt].extendleft(reversed(answers))

    @property
    def online(self) -> bool:
        """True, since a model wrote these replies.

        Their code is as hostile as it was when they were fresh.
        """
        return True

    @property
    def recording(self) -> Recording | None:
        """The run that is repeated; None where the order of its asks and tells is not known."""
        return self._recording

    async def complete(
        self,
        messages: Sequence[Message],
        request: Request,
        *,
        seed: int,  # noqa: ARG002 - what was answered is found by the prompt
    ) -> Completion:
        """Answer one prompt.

        Text, model, finish and tokens are as recorded, so that runs can be compared at equal tokens; price and time are not, because
        nothing is paid and nobody waits now. What failed then fails again.

        Raises:
            GenerationError: No reply to this prompt is left, or there was none when it was recorded.
            GeneratorRefused: As many prompts had no reply as end the run: the first one, or `PATIENCE` in a row.
        """
        answers = self._answers.get(prompt_hash(messages))
        answers = answers or self._answers.get(request.fingerprint(), answers)
        if not answers:
            self._missed += 1
            raise self._missing(request.operator, known=answers is not None)
        self._missed = 0
        answer = answers.popleft()
        if isinstance(answer, Failure):
            raise GenerationError(answer.detail, reason=answer.reason, attempts=answer.attempts)
        return Completion(text=answer.text, model=answer.model, usage=answer.usage, finish=answer.finish)

    def _missing(self, operator: str, *, known: bool) -> GenerationError | GeneratorRefused:
        advice = "Replay with the recorded run's problem, strategy, prompts and seed, or record again."
        if self._misses == "fail" and self._missed >= PATIENCE:
            return GeneratorRefused(
                f"{self._source} held no reply to the last {self._missed} prompts: it is not of this run. {advice}"
            )
        words = f"{self._source} holds no {'further ' if known else ''}reply to this {operator!r} prompt. {advice}"
        if self._misses == "stop":
            return GeneratorRefused(f"{words} With generator.misses=fail the run goes on without.")
        return GenerationError(words, reason="not-recorded")

    async def close(self) -> None:
        """Nothing to release."""

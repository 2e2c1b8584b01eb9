"""Training data for a model, from the prompts and replies of archived runs.

Of each reply some hundred bytes are in memory while a run is looked through; texts are read for some hundred lines at a time.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TextIO, TypeAlias

from evoheur.api.archives import find_run, open_archive
from evoheur.api.training_choice import (
    Alike,
    ExampleChoice,
    LabelledReply,
    PreferencePair,
    RewardedGroup,
    alike_replies,
    worst_chosen,
)
from evoheur.archive.graded_replies import GradedReply, TrainObjectives
from evoheur.archive.reader import ArchiveReader
from evoheur.archive.records import Asked, RunRecord
from evoheur.errors import ConfigError
from evoheur.generation.key_guard import named_secrets, without_keys

__all__ = ["DataKind", "SplitBy", "TrainingData", "TrainingDataWish", "TrainingFile", "TrainingSource", "write_training_data"]

DataKind: TypeAlias = Literal["dpo", "kto", "grpo"]
"""Preference pairs, labelled replies, or groups of replies with rewards."""
SplitBy: TypeAlias = Literal["family", "run"]
"""What is held out whole: problems whose names begin with the same word, or runs."""
_Example: TypeAlias = PreferencePair | LabelledReply | RewardedGroup

_AT_ONCE = 200  # lines whose texts are in memory
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")  # a cut reply may end with one, and readers of JSON refuse it


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingDataWish:
    """What is to be written.

    Attributes:
        kind: Of the lines.
        runs: Names; each is one that bred with a model.
        file: JSONL; with `split_by`, the files' names begin as its name does.
        alike: What replies have in common that are compared.
        percentile: From 0 to 100: a reply is an example to follow if at least so many percent of its run's replies that work are no better.
        tolerance: Objectives on train that are closer are not told apart.
        split_by: Whether the lines of some families or runs go into a file of their own.
        held_out: Which share of the families or runs that is.
        replace: Whether files that exist are replaced.
    """

    kind: DataKind
    runs: Sequence[str]
    file: Path
    alike: Alike = "prompt"
    percentile: float = 30.0
    tolerance: float = 0.0
    split_by: SplitBy | None = None
    held_out: float = 0.2
    replace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSource:
    """What a run gave.

    Attributes:
        run: Its name.
        replies: That were to hold a heuristic and came.
        scored: Of these, with a heuristic that works on train.
        failed: Without one.
        dishonest: Of the failed, those that were screened out, or found to cheat or to depend on units.
        cut_short: Whose evaluations were stopped early; neither good nor bad.
        unprompted: Of an offline generator, which is sent no prompt; left out.
        groups: Distinct prompts, or what else replies have in common.
        repeated: Those of two replies or more.
        lines: That were written.
        left_out: Reason → how many replies, pairs or groups were left out.
    """

    run: str
    replies: int
    scored: int
    failed: int
    dishonest: int
    cut_short: int
    unprompted: int
    groups: int
    repeated: int
    lines: int
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingFile:
    """A file that was written.

    Attributes:
        path: Of it.
        part: "all", or which side of the division it is.
        runs: Whose lines it holds.
        lines: How many.
    """

    path: Path
    part: Literal["all", "train", "held-out"]
    runs: Sequence[str]
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingData:
    """What was written, and what it was chosen from.

    Attributes:
        wish: What was asked for.
        sources: By run, in the order given.
        files: None where no line was to be written.
    """

    wish: TrainingDataWish
    sources: Sequence[TrainingSource]
    files: Sequence[TrainingFile]

    @property
    def lines(self) -> int:
        """Over all files."""
        return sum(source.lines for source in self.sources)


@dataclass(slots=True)
class _Output:
    """A file that is being written; it begins with the first line."""

    path: Path
    part: Literal["all", "train", "held-out"]
    runs: list[str] = field(default_factory=list)
    lines: int = 0
    opened: TextIO | None = None

    def write(self, line: Mapping[str, Any], stack: ExitStack) -> None:
        if self.opened is None:
            self.opened = stack.enter_context(self.path.open("w", encoding="utf-8"))
        self.opened.write(json.dumps(line, allow_nan=False) + "\n")
        self.lines += 1


def write_training_data(
    wish: TrainingDataWish, *, archive: str | Path | None = None, environ: Mapping[str, str] = os.environ
) -> TrainingData:
    """Write prompts and replies of runs with what they were worth on train, for training a model.

    Prices on validation, test and in the audit are not read. What cheated, or was screened out, is never an example to follow.

    Args:
        wish: What is to be written.
        archive: As for `evoheur.open_archive`.
        environ: Environment variables, whose values are taken out of texts where the runs' configurations name them.

    Raises:
        ArchiveError: There is no such archive or run.
        ConfigError: A number is out of range, two runs are one and the same, there are too few to divide, or a file exists or cannot be
            written.
    """
    _check(wish)
    with open_archive(archive) as opened, ExitStack() as stack:
        runs = [find_run(opened, name) for name in wish.runs]
        _refuse_repeated(runs)
        outputs = _outputs(wish, runs)
        try:
            sources = [_write_run(opened, run, wish, outputs[run.name], stack, environ) for run in runs]
        except OSError as error:
            raise ConfigError(
                f"{str(wish.file)!r} cannot be written ({error.strerror}); name a file that you may write."
            ) from error
    written = {id(output): output for output in outputs.values() if output.lines}
    files = [
        TrainingFile(path=output.path, part=output.part, runs=output.runs, lines=output.lines) for output in written.values()
    ]
    return TrainingData(wish=wish, sources=sources, files=files)


def _check(wish: TrainingDataWish) -> None:
    if not 0 <= wish.percentile <= 100:
        raise ConfigError(f"The percentile is {wish.percentile:g}; it must be from 0 to 100.")
    if not 0 <= wish.tolerance < float("inf"):
        raise ConfigError(f"The tolerance is {wish.tolerance:g}; it must be a number from 0 on, in units of the objective.")
    if not 0 < wish.held_out < 1:
        raise ConfigError(f"The share to hold out is {wish.held_out:g}; it must be above 0 and below 1.")


def _refuse_repeated(runs: Sequence[RunRecord]) -> None:
    """Refuse a run beside its replay, which has the same replies.

    They would count twice, on both sides of a division perhaps.
    """
    seen: dict[str, str] = {}
    for run in runs:
        generator = run.config.get("generator", {})
        recorded = generator.get("run") or generator.get("path") if generator.get("kind") == "recorded" else None
        first = seen.setdefault(recorded or run.name, run.name)
        if first != run.name or list(runs).count(run) > 1:
            raise ConfigError(f"Runs {first!r} and {run.name!r} have the same replies; name one of them.")


def _outputs(wish: TrainingDataWish, runs: Sequence[RunRecord]) -> dict[str, _Output]:
    """Run → the file of its lines."""
    if wish.split_by is None:
        outputs = {"all": _Output(wish.file, "all")}
        parts = dict.fromkeys((run.name for run in runs), "all")
    else:
        held = _held_out(wish, runs)
        parts = {run.name: "held-out" if _group(run, wish.split_by) in held else "train" for run in runs}
        suffix = wish.file.suffix or ".jsonl"
        outputs = {
            "train": _Output(wish.file.with_name(f"{wish.file.stem}-train{suffix}"), "train"),
            "held-out": _Output(wish.file.with_name(f"{wish.file.stem}-held-out{suffix}"), "held-out"),
        }
    for output in outputs.values():
        if output.path.exists() and not wish.replace:
            raise ConfigError(f"{str(output.path)!r} exists already; name another file, or pass --force to replace it.")
    for name, part in parts.items():
        outputs[part].runs.append(name)
    return {name: outputs[part] for name, part in parts.items()}


def _held_out(wish: TrainingDataWish, runs: Sequence[RunRecord]) -> set[str]:
    """The families or runs that are held out.

    The first by a hash of their names, which more data of the same ones does not change.
    """
    assert wish.split_by is not None, "only what is divided has a part that is held out"
    groups = sorted({_group(run, wish.split_by) for run in runs}, key=lambda name: hashlib.sha256(name.encode()).digest())
    if len(groups) < 2:
        what = {"family": "problem family", "run": "run"}[wish.split_by]
        raise ConfigError(
            f"All of it is of one {what}, {groups[0]!r}, so none can be held out; name runs of several, or leave --split-by out."
        )
    return set(groups[: min(max(round(wish.held_out * len(groups)), 1), len(groups) - 1)])


def _group(run: RunRecord, split_by: SplitBy) -> str:
    if split_by == "run":
        return run.name
    # bin_packing_online and bin_packing_offline are alike enough that one gives the other away; folders and classes go by their names
    return re.split(r"[_\W]", re.split(r"[/:.]", run.problem.rstrip("/"))[-1].lower())[0]


def _write_run(
    archive: ArchiveReader,
    run: RunRecord,
    wish: TrainingDataWish,
    output: _Output,
    stack: ExitStack,
    environ: Mapping[str, str],
) -> TrainingSource:
    known = archive.train_objectives(run.id)
    came = list(archive.graded_replies(run.id, known))
    replies = [reply for reply in came if reply.prompt]
    groups = alike_replies(replies, wish.alike)
    choice = ExampleChoice(known=known, worst=worst_chosen(replies, wish.percentile), tolerance=wish.tolerance)
    examples = _examples(choice, wish.kind, groups)
    secrets = named_secrets(run.config, environ)
    before = output.lines
    while some := list(islice(examples, _AT_ONCE)):
        asked = archive.requests(run.id, sorted({reply.request for example in some for reply in _replies(example)}))
        for example in some:
            output.write(_line(example, run, known, asked, secrets), stack)
    return TrainingSource(
        run=run.name,
        replies=len(came),
        scored=sum(reply.objective is not None for reply in replies),
        failed=sum(reply.objective is None and not reply.is_cut_short for reply in replies),
        dishonest=sum(not reply.is_honest for reply in replies),
        cut_short=sum(reply.is_cut_short for reply in replies),
        unprompted=len(came) - len(replies),
        groups=len(groups),
        repeated=sum(len(group) > 1 for group in groups),
        lines=output.lines - before,
        left_out={reason: number for reason, number in sorted(choice.left_out.items()) if number},
    )


def _examples(choice: ExampleChoice, kind: DataKind, groups: Sequence[Sequence[GradedReply]]) -> Iterator[_Example]:
    for group in groups:
        match kind:
            case "dpo":
                yield from choice.pairs(group)
            case "kto":
                yield from choice.labels(group)
            case "grpo":
                yield from choice.groups(group)


def _replies(example: _Example) -> Sequence[GradedReply]:
    match example:
        case PreferencePair():
            return (example.chosen, example.rejected)
        case LabelledReply():
            return (example.reply,)
        case RewardedGroup():
            return example.replies


def _line(
    example: _Example, run: RunRecord, known: TrainObjectives, asked: Mapping[int, Asked], secrets: Sequence[str]
) -> dict[str, Any]:
    """An example as JSON: chat messages, what was replied, and where it is from."""

    def clean(text: str) -> str:
        return _HALF_CHARACTER.sub("\ufffd", without_keys(text, secrets))

    def written(reply: GradedReply) -> list[dict[str, str]]:
        completion = asked[reply.request].completion
        assert completion is not None, "only replies that came are chosen"
        return [{"role": "assistant", "content": clean(completion.text)}]

    first = _replies(example)[0]
    messages = [{"role": message.role, "content": clean(message.content)} for message in asked[first.request].messages]
    origin = {
        "run": run.name,
        "problem": run.problem,
        "problem_hash": run.problem_hash,
        "operator": first.operator,
        "epoch": first.epoch,
        "parents": [f"{run.name}/{parent}" for parent in first.parents],
        "best_parent": known.best_parent(first),
        "objective_kind": next((reply.objective_kind for reply in _replies(example) if reply.objective_kind), None),
    }
    match example:
        case PreferencePair():
            both = {"chosen": example.chosen, "rejected": example.rejected}
            return {
                "messages": messages,
                **{name: written(reply) for name, reply in both.items()},
                "metadata": {**origin, **{name: _graded(reply, run) for name, reply in both.items()}},
            }
        case LabelledReply():
            return {
                "messages": messages,
                "completion": written(first),
                "label": example.label,
                "metadata": {**origin, "reply": _graded(first, run)},
            }
        case RewardedGroup():
            return {
                "messages": messages,
                "completions": [written(reply) for reply in example.replies],
                "rewards": list(example.rewards),
                "metadata": {**origin, "replies": [_graded(reply, run) for reply in example.replies]},
            }


def _graded(reply: GradedReply, run: RunRecord) -> dict[str, Any]:
    return {
        "request": reply.request,
        "model": reply.model,
        "candidate": None if reply.candidate is None else f"{run.name}/{reply.candidate}",
        "status": reply.status,
        "objective": reply.objective,
    }

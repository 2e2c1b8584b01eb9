"""Drafts of problems: written by a model, checked in the jail, run only after their author's yes."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evoheur.api.configurations import load_config
from evoheur.api.interruption import outside_event_loop
from evoheur.api.problem_folder import class_name, example_files, path_in_commands, refuse_place, write_problem
from evoheur.archive.records import Totals
from evoheur.draft_approval import (
    DRAFT_RECORD,
    approve,
    digest_of,
    is_unapproved,
    read_record,
    record_text,
    runnable_files,
)
from evoheur.drafting.draft import DRAFTED_FILES, Draft, OpenQuestion, open_questions
from evoheur.drafting.draft_check import DraftFinding, check_draft
from evoheur.drafting.draft_prompts import drafted_test_file
from evoheur.drafting.draft_writing import Drafted, DraftTask, write_draft
from evoheur.errors import ConfigError, EvoheurError
from evoheur.generation.generator import Generator, GeneratorContext
from evoheur.generation.key_guard import named_secrets, without_keys
from evoheur.problem import Heuristic, Instance, Json, Problem, Split
from evoheur.run.budget import Budget
from evoheur.run.config import RunConfig
from evoheur.run.run_parts import refuse_unknown_price

__all__ = [
    "DRAFT_REQUESTS",
    "DraftedFiles",
    "DraftedProblem",
    "approve_files",
    "check_drafted",
    "draft_problem",
    "drafted_files",
    "is_draft",
    "questions_in",
]

DRAFT_REQUESTS = 4
"""Requests for a draft where no other limit is given: the first, and three corrections."""

_LIMITS = {"requests", "tokens", "cost_usd"}
_KEY_WORDS = ("KEY", "TOKEN", "SECRET", "PASSWORD")
_SHORTEST_KEY = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedProblem:
    """A draft that was written to a folder.

    Attributes:
        folder: Where it is.
        drafted: The draft, its checks, and what it cost.
        questions: What its author must decide.
    """

    folder: Path
    drafted: Drafted
    questions: Sequence[OpenQuestion]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedFiles:
    """The files of a draft as they are now.

    Attributes:
        folder: Where they are.
        files: Path within the folder → SHA-256, of all that Python can import.
        digest: One hash of them all.
        approved: Whether the author said yes to them as they are.
        questions: What the author must decide.
    """

    folder: Path
    files: Mapping[str, str]
    digest: str
    approved: bool
    questions: Sequence[OpenQuestion]


def draft_problem(
    name: str,
    description: str,
    into: Path,
    changes: Sequence[str],
    *,
    saying: Callable[[str], None] = lambda _what: None,
    environ: Mapping[str, str] | None = None,
) -> DraftedProblem:
    """Have a model write the folder of a problem, which nothing runs before its author's yes.

    Args:
        name: Of the problem and its folder.
        description: The author's words.
        into: An existing folder.
        changes: Settings of `generator` and `budget`, such as "generator.model=gpt-5-mini".
        saying: Hears what is being done.
        environ: Environment variables, the only source of keys; None for those of this process.

    Raises:
        ConfigError: Name, place or settings cannot be used; nothing was spent.
        EvoheurError: No reply held a draft; the last one is kept in a file.
        ExecutorError: There is no jail to be had on this machine.
        GeneratorRefused: The endpoint refuses the key, the model or the settings.
    """
    environ = os.environ if environ is None else environ
    refuse_place(name, into)
    if not description.strip():
        raise ConfigError("The description is empty; say what an instance is, what a solution is, and what is to be minimised.")
    config = _configured(changes)
    generator = config.generator.build(GeneratorContext(problem=_Unwritten(), environ=environ))
    if not generator.online:
        raise ConfigError(
            f"The generator {config.generator.kind!r} is no model, and only a model can draft; set generator.kind=openai."
        )
    refuse_unknown_price(config.budget, generator)
    example = {file: text for file, text in example_files(name, f"./{name}").items() if file in DRAFTED_FILES}
    secrets = _secrets(config, environ)
    description = without_keys(description.strip(), secrets)
    task = DraftTask(description=description, kind=class_name(name), example=example, secrets=secrets, seed=config.seed)
    drafted = outside_event_loop(lambda: asyncio.run(_written(task, generator, config.budget, saying)))
    if drafted.draft is None:
        raise EvoheurError(_nothing_drafted(name, into, drafted))
    return _written_down(name, into, description, drafted, drafted.draft)


def is_draft(name: str) -> bool:
    """Whether a problem's name is the path of a draft whose files nobody said yes to as they are."""
    folder = Path(name).expanduser()
    return (folder / "problem.py").is_file() and is_unapproved(folder)


def drafted_files(folder: Path) -> DraftedFiles:
    """The files of a draft, for its author to look at.

    Raises:
        ConfigError: No model drafted the folder.
    """
    if read_record(folder) is None:
        raise ConfigError(f"{str(folder)!r} has no {DRAFT_RECORD}, so no model drafted it; it needs no yes.")
    files = runnable_files(folder)
    return DraftedFiles(
        folder=folder,
        files=files,
        digest=digest_of(files),
        approved=not is_unapproved(folder),
        questions=questions_in(folder),
    )


def approve_files(shown: DraftedFiles) -> None:
    """Record the author's yes to files that were shown.

    Raises:
        ConfigError: They changed since.
    """
    approve(shown.folder, shown.digest)


def questions_in(folder: Path) -> list[OpenQuestion]:
    """What the author of a problem must decide, as comments in its Python files ask."""
    sources = {path.name: path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.glob("*.py"))}
    return open_questions(sources)


def check_drafted(folder: Path, saying: Callable[[str], None]) -> list[DraftFinding]:
    """Check in the jail the files of a draft as they are now.

    Raises:
        ConfigError: One cannot be read.
        ExecutorError: There is no jail to be had on this machine.
    """
    try:
        files = {name: (folder / name).read_text(encoding="utf-8") for name in DRAFTED_FILES if (folder / name).is_file()}
    except (OSError, ValueError) as error:
        raise ConfigError(f"A file of {str(folder)!r} cannot be read ({error}); correct it.") from error
    return check_draft(Draft(files), saying=saying)


async def _written(task: DraftTask, generator: Generator, budget: Budget, saying: Callable[[str], None]) -> Drafted:
    try:
        return await write_draft(task, generator, budget, saying=saying)
    finally:
        await generator.close()


def _configured(changes: Sequence[str]) -> RunConfig:
    for change in changes:
        section, _, key = change.partition("=")[0].strip().partition(".")
        if section not in {"generator", "budget"} or (section == "budget" and key not in _LIMITS):
            raise ConfigError(
                f"--set {change!r:.80} means nothing to a draft, which has settings of generator and the limits "
                f"{', '.join(f'budget.{limit}' for limit in sorted(_LIMITS))}."
            )
    limited = any(change.lstrip().startswith("budget.") for change in changes)
    settings = {
        "problem": "bin_packing_online",  # a configuration has one; nothing here looks at it
        "strategy": {"kind": "random"},
        "generator": {"kind": "openai", "stop_if_useless": False},
        "budget": {} if limited else {"requests": DRAFT_REQUESTS},
    }
    config = load_config(settings, changes)
    if config.budget.requests is None and config.budget.tokens is None and config.budget.cost_usd is None:
        raise ConfigError("The draft has no limit; leave one of budget.requests, budget.tokens and budget.cost_usd.")
    return config


def _secrets(config: RunConfig, environ: Mapping[str, str]) -> list[str]:
    """What must stand in no draft: what variables hold that the configuration names, or that are named like keys."""
    named = named_secrets(config.generator.model_dump(mode="json"), environ)
    alike = [value.strip() for key, value in environ.items() if any(word in key.upper() for word in _KEY_WORDS)]
    return sorted({*named, *(value for value in alike if len(value) >= _SHORTEST_KEY)}, key=len, reverse=True)


def _written_down(name: str, into: Path, description: str, drafted: Drafted, draft: Draft) -> DraftedProblem:
    files = {**draft.files, "test_problem.py": drafted_test_file(class_name(name))}
    record = {
        "format": "problem-draft/1",
        "description": description,
        "model": drafted.model,
        "spent": _spending(drafted.spent),
        "failed": [{"name": finding.name, "detail": finding.detail} for finding in drafted.failed],
        "approved": None,
    }
    folder = write_problem(name, into, {**files, DRAFT_RECORD: record_text(record)})
    return DraftedProblem(folder=folder, drafted=drafted, questions=questions_in(folder))


def _spending(spent: Totals) -> dict[str, float | int | None]:
    return {
        "requests": spent.requests,
        "calls": spent.calls,
        "prompt_tokens": spent.prompt_tokens,
        "completion_tokens": spent.completion_tokens,
        "estimated_tokens": spent.estimated_tokens,
        "cost_usd": spent.cost_usd,
    }


def _nothing_drafted(name: str, into: Path, drafted: Drafted) -> str:
    """A message that says where the last reply is, which was paid for."""
    if not drafted.reply:
        return f"The model drafted nothing ({drafted.spent.requests} requests): {drafted.ended}"
    file = into / f"{name}-reply.txt"
    file.write_text(drafted.reply, encoding="utf-8")
    what = "; ".join(finding.detail for finding in drafted.failed)
    return (
        f"No reply of {drafted.model} held a draft ({drafted.ended}). Of the last one, which is in {path_in_commands(file)}: {what} "
        "Take a stronger model, or write the problem yourself (evoheur problems new without --from-text)."
    )


def _unwritten(numbers: list[float]) -> float:
    """Stand for the function that the draft will have."""
    return sum(numbers)


class _Unwritten(Problem[Instance]):
    """The problem that is not written yet: a generator is told of some problem, and a draft is for none."""

    heuristic = staticmethod(_unwritten)

    def instances(self, split: Split) -> Sequence[Instance]:  # noqa: ARG002 - there are none
        return []

    def decode(self, data: Mapping[str, Json]) -> Instance:
        return Instance(name=data["name"], family=data["family"])

    def solve(self, heuristic: Heuristic, instance: Instance, rng: object) -> Json:  # noqa: ARG002 - nothing is solved
        return []

    def cost(self, instance: Instance, solution: Json) -> float:  # noqa: ARG002 - nothing is priced
        return 0.0

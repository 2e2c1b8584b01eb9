"""What one candidate costs on the trusted side, in calls of Python functions and in files they are in, from request to outcome.

Counted with `sys.setprofile` over a stretch in the middle of a real run, one request at a time, in all threads of the run's process; the
guest is another process and not counted. Calls do not depend on what else the machine does, so one round is enough.

Run with `make bench`, or for the files one by one with `python -m tests.benchmarks.test_calls_per_candidate`.
"""

import asyncio
import random
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Literal

from pytest_benchmark.fixture import BenchmarkFixture

import evoheur
from evoheur.archive.archive import Archive
from evoheur.generation.generator import Generator, GeneratorConfig, GeneratorContext
from evoheur.request import Completion, Message, Request, Usage
from evoheur.run.assemble import assemble
from evoheur.run.config import parse_config
from evoheur.run.events import Event, RequestSent
from evoheur.run.run_parts import prepare
from evoheur.run.stored_run import create_run

WARM_UP, COUNTED = 40, 100
"""Requests before the count, so that caches are filled and the population is full, and requests in it."""

OURS = tuple({str(Path(evoheur.__file__).parent), *(str(path.resolve()) for path in Path(evoheur.__file__).parent.iterdir())})
"""Folders of evoheur's own code; some are symbolic links."""

REPLY = """{{Prefers a gap of {gap}.}}

```python
import numpy as np

def priority(item, bins):
    return -np.abs(bins - item - {gap})
```
"""


class ScriptedConfig(GeneratorConfig):
    """Answers with best fit that leaves a gap, another one for every request."""

    kind: Literal["tests.benchmarks.test_calls_per_candidate:ScriptedConfig"] = (
        "tests.benchmarks.test_calls_per_candidate:ScriptedConfig"
    )

    def build(self, context: GeneratorContext) -> Generator:
        return ScriptedGenerator()


class ScriptedGenerator(Generator):
    """See `ScriptedConfig`."""

    online = False

    async def complete(self, messages: Sequence[Message], request: Request, *, seed: int) -> Completion:
        gap = round(random.Random(seed).uniform(0, 30), 6)
        return Completion(text=REPLY.format(gap=gap), model="script", usage=Usage(prompt_tokens=100, completion_tokens=20))

    async def close(self) -> None: ...


class CallCount:
    """Counts calls by file while it is on; as an observer, from one request to a later one.

    Attributes:
        calls: File → calls.
    """

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self._on = False
        self._requests = 0

    def notify(self, event: Event) -> None:
        """Turn itself on and off."""
        if isinstance(event, RequestSent):
            self._requests += 1
            self._on = WARM_UP < self._requests <= WARM_UP + COUNTED

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Hear of every call in this thread and in those that start meanwhile."""
        threading.setprofile(self._profile)
        sys.setprofile(self._profile)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)

    def _profile(self, frame: FrameType, event: str, _argument: Any) -> None:
        if self._on and event == "call":
            self.calls[frame.f_code.co_filename] += 1

    @property
    def ours(self) -> dict[str, int]:
        """Calls into evoheur's own files."""
        return {file: count for file, count in self.calls.items() if file.startswith(OURS)}

    def per_candidate(self) -> dict[str, float]:
        """The figures, by what they are."""
        return {
            "own calls": round(sum(self.ours.values()) / COUNTED, 1),
            "own files": len(self.ours),
            "all calls": round(sum(self.calls.values()) / COUNTED, 1),
        }


def count(folder: Path) -> CallCount:
    """Count a run of one request at a time, in which every request yields a new candidate."""
    counter = CallCount()
    config = parse_config(
        {
            "problem": "bin_packing_online",
            "strategy": {"kind": "eoh", "population_size": 10, "parents": 2},
            "generator": {"kind": "tests.benchmarks.test_calls_per_candidate:ScriptedConfig"},
            "evaluation": {"executor": {"kind": "local", "slots": 1}},
            "budget": {"requests": WARM_UP + COUNTED + 1, "evaluations": None},
            "validation": {"top": 1},
            "in_flight": 1,
            "tell_order": "asked",
        },
        where="benchmark",
    )
    with Archive.open(f"sqlite:///{folder}/calls.db", create=True) as archive, counter.installed():
        parts = prepare(config, environ={}, archive=archive, observers=[counter])
        stopped = asyncio.run(assemble(parts, archive, create_run(parts, archive, name="calls")).discover())
    assert stopped.totals.evaluations == WARM_UP + COUNTED + 1, "every request yields a candidate that is evaluated"
    return counter


def test_calls_per_candidate(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """Calls and files are in the extra info; the seconds say nothing, since counting takes most of them."""
    counter = benchmark.pedantic(count, args=(tmp_path,), rounds=1)  # type: ignore[no-untyped-call]
    benchmark.extra_info.update(counter.per_candidate())
    assert counter.ours


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        found = count(Path(scratch))
    for where, calls in sorted(found.ours.items(), key=lambda item: -item[1]):
        sys.stdout.write(f"{calls / COUNTED:8.1f}  {Path(where).relative_to(Path(evoheur.__file__).parents[1])}\n")
    sys.stdout.write(f"{found.per_candidate()}\n")

"""Five hundred replies, every other one hostile to whoever reads, parses, runs, prices or stores it: the run finishes, and resumes."""

import json
import os
import signal
import time
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from evoheur.testing.endpoint_server import Received, ScriptedEndpoint, ServerAnswer, compressed, cut_body, endless, raw, reply
from evoheur.testing.hostile_sources import HOSTILE_REPLIES, hostile_sources
from tests.end_to_end.support.runs import configuration, evoheur, query, query_early, start

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

MANY, FEW = 500, 60
REASONS = {"syntax", "error", "cheating", "output", "timeout", "memory", "crashed", "infeasible", "empty", "no-code"}
"""Why replies come to nothing where every kind of hostile one is among them; `test_faults` has one for each reason, too."""

HEADER = "def choose(length, loads):"
HONEST = "import numpy as np\n\ndef choose(length, loads):\n    return -np.abs(loads - {} * length)\n"

FORGE = (
    "import numpy as np\nos, sys, json, struct = map(__import__, ['os', 'sys', 'json', 'struct'])\n\n"
    "def forge(payload):\n"
    "    frame = sys._getframe()\n"
    "    while 'nonce' not in frame.f_locals:\n"
    "        frame = frame.f_back\n"
    "    payload = payload.replace('NONCE', frame.f_locals['nonce']).encode()\n"
    "    os.write(3, struct.pack('>I', len(payload)) + payload)\n"
    "    os._exit(0)\n\n"
)

REPORTS = {
    "an error without words": '{"nonce": "NONCE", "status": "error", "detail": ""}',
    "an error of line ends": '{"nonce": "NONCE", "status": "error", "detail": "\\\\n\\\\n"}',
    "an error of a megabyte": '{"nonce": "NONCE", "status": "error", "detail": "\' + "x" * 3000 + \'"}',
    "an error in colour": '{"nonce": "NONCE", "status": "error", "detail": "\\\\u001b[2J\\\\u0000\\\\ud800"}',
    "a status of our own": '{"nonce": "NONCE", "status": "internal", "detail": "x"}',
    "no value": '{"nonce": "NONCE", "status": "ok"}',
    "null": '{"nonce": "NONCE", "status": "ok", "value": null}',
    "no solution": '{"nonce": "NONCE", "status": "ok", "value": {"notes": 1}}',
    "notes of any kind": '{"nonce": "NONCE", "status": "ok", "value": {"solution": [], "notes": {"a": [1], "b": {}}}}',
    "a huge integer": '{"nonce": "NONCE", "status": "ok", "value": {"solution": [\' + "9" * 5000 + \']}}',
    "a large integer": '{"nonce": "NONCE", "status": "ok", "value": {"solution": [\' + "9" * 4000 + \']}}',
    "NaN": '{"nonce": "NONCE", "status": "ok", "value": {"solution": [NaN, Infinity, 1e999]}}',
    "brackets": '{"nonce": "NONCE", "status": "ok", "value": \' + "[" * 100000 + \'',
    "many lists": '{"nonce": "NONCE", "status": "ok", "value": [\' + "[]," * 70000 + \'1]}',
    "sixteen mebibytes": '{"nonce": "NONCE", "status": "ok", "value": [\' + "1," * 8000000 + \'1]}',
    "another nonce": '{"nonce": 1, "status": "ok", "value": 1}',
    "no object": "[1, 2, 3]",
    "nothing": "",
}

ACTS = {
    "a loop without end": "    while True: pass\n",
    "an early end": "    __import__('os')._exit(0)\n",
    "a signal": "    __import__('os').kill(__import__('os').getpid(), 11)\n",
    "all memory": "    return np.ones(10**11)\n",
    "an error without words": "    raise Exception\n",
    "an error that cannot be shown": "    class E(Exception):\n        def __str__(self): raise self\n    raise E\n",
    "an error of surrogates": "    raise ValueError('\\ud800\\x00\\x1b[2J')\n",
    "an error of a megabyte": "    raise ValueError('x' * 10**6)\n",
    "an exit": "    raise SystemExit('bye')\n",
    "scores of another shape": "    return np.zeros((2, 3, 4))\n",
    "scores that are none": "    return [None] * len(loads)\n",
    "scores that are texts": "    return ['a'] * len(loads)\n",
    "NaN": "    return loads * np.nan\n",
    "infinite scores": "    return loads * np.inf\n",
    "an imaginary score": "    return loads * 1j\n",
    "huge integers": "    return [10**400] * len(loads)\n",
    "a generator": "    yield from loads\n",
}


def fenced(code: str) -> str:
    return f"{{Of bad intent.}}\n```python\n{code}\n```"


def changed(**fields: Any) -> ServerAnswer:
    """An honest reply with other fields beside it, as a server may send them."""
    body = json.loads(reply(fenced(HONEST.format("1.25"))).body)
    return raw(json.dumps(body | fields).encode(), kind="odd fields")


def choices(**fields: Any) -> ServerAnswer:
    message = {"role": "assistant", "content": fenced(HONEST.format("1.5"))}
    return changed(choices=[{"index": 0, "finish_reason": "stop", "message": message} | fields])


def bodies() -> Iterator[ServerAnswer]:
    """What a server may put anywhere in a response."""
    for count in (10**30, 2**63, -1, 1.5, 1e300, "12", True, None, [1], {"a": 1}):
        yield changed(usage={"prompt_tokens": count, "completion_tokens": count, "prompt_tokens_details": count})
    yield raw(changed().body.replace(b'"prompt_tokens": 10', b'"prompt_tokens": NaN'), kind="odd fields")
    for model in (7, None, {"a": 1}, "m" * 10**6, "\ud800\0"):
        yield changed(model=model)
    for finish in (7, None, {"a": 1}, "f" * 10**6, "\ud800\0", True):
        yield choices(finish_reason=finish)
    for content in ("a\0b", "\ud800", [{"type": "text", "text": "\ud800"}, 3, None], "", None):
        yield choices(message={"role": "assistant", "content": content})
    yield choices(message={"role": "assistant", "content": None, "refusal": ["no"]})


def floods() -> Iterator[ServerAnswer]:
    """What costs a call and no request: it is tried again."""
    yield compressed(b" " * (64 * 2**20))
    yield endless("body")
    yield cut_body()
    yield raw(b'{"usage":' + b"[" * 100_000, kind="deep")
    yield raw(b'{"error": {"code": {"a": 1}, "message": [2]}}', kind="odd error")
    yield ServerAnswer(kind="odd status", code=500, body=b'{"error": {"code": {"a": 1}, "type": [1]}}')


def hostile() -> list[ServerAnswer]:
    sources = [reply(fenced(code)) for code in hostile_sources("choose", ("length", "loads")).values()]
    texts = [reply(text) for text in HOSTILE_REPLIES.values()]
    acts = [reply(fenced(f"import numpy as np\n\n{HEADER}\n{body}")) for body in ACTS.values()]
    reports = [reply(fenced(f"{FORGE}{HEADER}\n    forge('{payload}')\n")) for payload in REPORTS.values()]
    columns = zip_longest(sources, texts, acts, reports, list(bodies()))
    return [answer for row in columns for answer in row if answer is not None]


class Script:
    """Honest and hostile in turn, by the count of the requests; floods in between, which are tried again.

    With few replies, the hostile ones are a sample of all kinds.
    """

    def __init__(self, replies: int) -> None:
        every = max(1, len(hostile()) // (replies // 2))
        self._hostile = hostile()[::every]
        self._floods = list(floods())
        self._between = replies // len(self._floods) - 1

    def __call__(self, received: Received) -> ServerAnswer:
        number = received.number
        flood, place = divmod(number, self._between)
        if place == self._between // 2 and flood < len(self._floods):
            return self._floods[flood]
        if number % 2:
            return self._hostile[number // 2 % len(self._hostile)]
        return reply(f"{{Weighs by {number}.}}\n```python\n{HONEST.format(number / 100)}```")


def configure(folder: Path, problem: str, base_url: str, replies: int) -> Path:
    return configuration(
        folder,
        name="r",
        problem=problem,
        strategy={"kind": "eoh", "population_size": 10, "parents": 3},
        generator={"kind": "openai", "model": "m", "base_url": base_url, "longest_wait_seconds": 0.1, "timeout_seconds": 20},
        evaluation={
            "executor": {"kind": "local", "slots": 2},
            "sandbox": {"kind": "process", "allow_unisolated": True},
            "limits": {"load_seconds": 5, "cpu_seconds": 1, "wall_seconds": 3, "memory_mib": 256},
        },
        budget={"requests": replies, "evaluations": 2 * replies},
        in_flight=4,
    )


@pytest.mark.parametrize("replies", [FEW, pytest.param(MANY, marks=pytest.mark.nightly)])
def test_many_replies_half_of_them_hostile(tmp_path: Path, scheduling: str, replies: int) -> None:
    """Killed in the middle, taken up, extended at the end: every request has an outcome, and every failure a reason."""
    database = tmp_path / "runs" / "evoheur.db"
    began = time.monotonic()
    with ScriptedEndpoint(Script(replies)) as server:
        config = configure(tmp_path, scheduling, server.base_url, replies)
        first = start("run", str(config), cwd=tmp_path)
        while len(query_early(database, "SELECT 1 FROM request WHERE told_seq IS NOT NULL")) < replies // 2:
            assert first.poll() is None, "the run ended before it was killed; look with `evoheur failures`"
            time.sleep(0.05)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        paid = query(database, "SELECT count(*) FROM completion")[0][0]
        resumed = evoheur("resume", "r", cwd=tmp_path, timeout=900)
        assert resumed.returncode == 0, resumed.stdout[-2000:] + resumed.stderr[-2000:]
        seconds = time.monotonic() - began
        again = evoheur("resume", "r", "--set", f"budget.requests={replies + 20}", cwd=tmp_path)
        assert again.returncode == 0, again.stdout[-2000:] + again.stderr[-2000:]
        assert "Traceback" not in resumed.stderr + again.stderr
        [run] = json.loads(evoheur("runs", "--json", cwd=tmp_path).stdout)
        groups = json.loads(evoheur("failures", "r", "--json", cwd=tmp_path).stdout)
    _summarise(run, groups, seconds, paid)
    assert (run["status"], run["requests"]) == ("finished", replies + 20)
    assert query(database, "SELECT count(*) FROM request WHERE told_seq IS NULL") == [(0,)]
    assert query(database, "SELECT count(*) FROM request") == [(replies + 20,)]
    assert query(database, "SELECT count(*) FROM completion")[0][0] >= replies
    assert "internal" not in run["failures"], [group for group in groups if group["reason"] == "internal"]
    assert sum(run["failures"].values()) > replies // 4
    assert set(run["failures"]) >= (REASONS if replies == MANY else {"error", "cheating", "syntax"})
    wordless = query(database, "SELECT count(*) FROM request WHERE outcome = 'failure' AND failure_detail = ''")
    assert wordless == [(0,)]
    assert query(database, "SELECT count(*) FROM evaluation WHERE status NOT IN ('ok', 'rejected') AND detail = ''") == [(0,)]
    assert query(database, "SELECT max(prompt_tokens) <= 1000000000, min(prompt_tokens) >= 0 FROM completion") == [(1, 1)]
    _can_be_looked_at(tmp_path, database)


def _can_be_looked_at(folder: Path, database: Path) -> None:
    numbers = [number for (number,) in query(database, "SELECT number FROM candidate WHERE number > 0 ORDER BY number")]
    for number in numbers[:: len(numbers) // 4]:
        shown = evoheur("show", f"r/{number}", "--prompt", "--reply", "--diff", cwd=folder)
        assert shown.returncode == 0, shown.stderr
        exported = evoheur("export", f"r/{number}", "-o", f"{number}.py", cwd=folder)
        assert exported.returncode == 0, exported.stderr


def _summarise(run: dict[str, Any], groups: list[dict[str, Any]], seconds: float, paid: int) -> None:
    lines = [
        f"{run['requests']} requests, {run['calls']} calls, {run['evaluations']} evaluations; {seconds:.0f} s, killed after {paid} replies"
    ]
    lines += [f"  {group['stage']}: {group['reason']}  {group['count']}" for group in groups]
    print("\n".join(["", *lines]))  # noqa: T201 - shown with -s

"""Keys are nowhere but where they are sent.

Distinct canaries at every way in, and all that a run leaves or shows is searched for them.
"""

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import psutil
import pytest

from evoheur.testing.endpoint_server import Received, ScriptedEndpoint, ServerAnswer, html, reply, status
from tests.end_to_end.support.runs import configuration, environment

RAY = (pytest.mark.ray, pytest.mark.slow, pytest.mark.xdist_group("daemons"))
CANARIES = {
    "MODEL_KEY": "canary-key-5f1e0c",
    "GATEWAY_SECRET": "canary-header-7a2b9d",
    "QUERY_SECRET": "canary/query+c3 d4=e8f6",  # stands in an address in another spelling
    "UNNAMED_TOKEN": "canary-unnamed-0b6c2e",  # which nothing sends
}
LIKE_A_KEY = "sk-canary0123456789abcdef01"
_SHOWN = [
    ["runs", "--json"],
    ["best", "r", "--json"],
    ["show", "r/1", "--prompt", "--reply", "--diff"],
    ["show", "r/1", "--prompt", "--reply", "--json"],
    ["failures", "r"],
    ["failures", "r", "--json"],
    ["spend", "r"],
    ["spend", "r", "--json"],
    ["compare", "r", "--json"],
    ["export", "r/1", "-o", "exported.py"],
    ["resume", "r", "--set", "budget.requests=30"],
    ["run", "run.yaml", "--dry-run", "--name", "q"],
    ["db", "check"],
    ["doctor"],
]
_LOGGED = """
import json, logging, sys
logging.basicConfig(level=logging.DEBUG, filename="debug.log")
from evoheur.cli.main import run
codes = [run(["--debug", *words]) for words in json.loads(sys.argv[1])]
print(f"exit codes: {codes}", flush=True)
"""
_CRASHING = '''
"""An endpoint whose every fourth reply meets a fault of its own."""

from evoheur.generation.endpoint import EndpointConfig, EndpointGenerator


class CrashingConfig(EndpointConfig):
    kind: str = "crashing:CrashingConfig"

    def build(self, context):
        return Crashing(self, context)


class Crashing(EndpointGenerator):
    replies = 0

    async def complete(self, messages, request, *, seed):
        reply = await super().complete(messages, request, seed=seed)
        self.replies += 1
        if self.replies % 4 == 0:
            raise RuntimeError("crashed on purpose")
        return reply
'''
_CODE = "{{Weighs by {number}.}}\n```python\ndef choose(length, loads):\n    return -loads * {number}.5 - length\n```"


def spelled(secrets: Mapping[str, str]) -> dict[str, str]:
    """Every spelling in which a secret may stand somewhere → its name."""
    return {
        form: name
        for name, secret in secrets.items()
        for form in (secret, quote(secret, safe=""), quote_plus(secret), quote(secret))
    }


def telling(received: Received) -> ServerAnswer:
    """Answers, and now and then says all that it was sent, as servers and proxies do in their errors."""
    sent = f"denied: {received.query} {json.dumps(dict(received.headers))} Authorization: {received.authorization}"
    match received.number % 9:
        case 2:
            return status(500, sent)
        case 4:
            return status(400, sent)
        case 6:
            return status(429, sent, retry_after="0")
        case 8:
            return html()
    return reply(_CODE.format(number=received.number))


@dataclass(slots=True)
class Watched:
    """What was seen of the processes that a run started.

    Attributes:
        guests: How many of them there were.
        holding: Titles of those that held a canary.
    """

    guests: set[int] = field(default_factory=set)
    holding: list[str] = field(default_factory=list)


@contextmanager
def watching(pid: int) -> Iterator[Watched]:
    """Look at environment and arguments of every process below one, again and again."""
    seen, over = Watched(), threading.Event()

    def look() -> None:
        while not over.wait(0.1):  # guests live as long as the run, and each look goes through all processes of the machine
            try:
                below = psutil.Process(pid).children(recursive=True)
            except psutil.NoSuchProcess:
                return
            for process in below:
                try:
                    held = " ".join([*process.cmdline(), *process.environ().values()])
                except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
                    continue
                seen.guests.add(process.pid)
                if any(form in held for form in spelled(CANARIES)):
                    seen.holding.append(" ".join(process.cmdline()))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def evoheur(folder: Path, commands: Sequence[Sequence[str]], env: Mapping[str, str] = CANARIES) -> subprocess.Popen[str]:
    """Start commands in a process of their own, one after the other, which writes all that any library says to a log."""
    return subprocess.Popen(
        [sys.executable, "-c", _LOGGED, json.dumps(commands)],
        cwd=folder,
        env=environment(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def found(folder: Path, output: str, secrets: Mapping[str, str]) -> list[str]:
    """Where a secret stands: files below a folder, by their bytes, and what commands said."""
    contents = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    contents["what commands said"] = output.encode()
    return [
        f"{name} in {place}"
        for form, name in spelled(secrets).items()
        for place, content in contents.items()
        if form.encode() in content
    ]


def settings(problem: str, base_url: str, **more: Any) -> dict[str, Any]:
    return {
        "name": "r",
        "problem": problem,
        "strategy": {"kind": "es", "parents": 2, "children": 3},
        "generator": {
            "kind": "crashing:CrashingConfig",
            "model": "m",
            "base_url": base_url,
            "api_key_env": "MODEL_KEY",
            "headers": {"X-Gateway": "$GATEWAY_SECRET"},
            "query": {"api-version": "1", "code": "${QUERY_SECRET}"},
            "longest_wait_seconds": 0.05,
            "max_attempts": 4,
        },
        "budget": {"requests": 24},
        "in_flight": 3,
        **more,
    }


@pytest.mark.parametrize(
    "executor",
    [{"kind": "local", "slots": 2}, pytest.param({"kind": "ray", "slots": 2}, marks=RAY)],
    ids=["local", "ray"],
)
def test_keys_are_nowhere_but_where_they_are_sent(tmp_path: Path, scheduling: str, executor: dict[str, Any]) -> None:
    """Database (with its journal), logs at debug level, event log, documents, exports, tracebacks of crashes, guests and Ray.

    Every one of them was sent, and the server said them again in its errors.
    """
    evaluation = {"executor": executor, "sandbox": {"kind": "process", "allow_unisolated": True}}
    (tmp_path / "crashing.py").write_text(_CRASHING)
    with ScriptedEndpoint(telling) as server:
        configuration(tmp_path, **settings(scheduling, server.base_url, evaluation=evaluation))
        process = evoheur(tmp_path, [["run", "run.yaml", "--log", "events.jsonl"]])
        with watching(process.pid) as seen:
            journals = _journals(tmp_path / "runs", process)
            run = "".join(process.communicate(timeout=240))
        shown = "".join(evoheur(tmp_path, _SHOWN).communicate(timeout=240))
        exchanges = server.journal
    for name, sent in (
        ("MODEL_KEY", [one.received.authorization for one in exchanges]),
        ("GATEWAY_SECRET", [one.received.headers["x-gateway"] for one in exchanges]),
        ("QUERY_SECRET", [one.received.query for one in exchanges]),
    ):
        spellings = [form for form, of in spelled(CANARIES).items() if of == name]
        assert all(any(form in one for form in spellings) for one in sent), f"{name} was not sent"
    events = (tmp_path / "events.jsonl").read_text()
    log = (tmp_path / "debug.log").read_text()
    assert "crashed on purpose" in events
    assert "Traceback" in events
    assert "exit codes: [0]" in run
    assert f"exit codes: {[0] * (len(_SHOWN) - 1)}"[:-1] in shown, "the last one, doctor, may find something"
    assert "Traceback" in log + run
    assert "HTTP Request: POST" in log, "the libraries' own logs are there to be searched"
    assert "denied" in shown, "what the server said is stored, without the keys in it"
    assert "code=[key]" in log
    assert seen.guests, "guests were looked at"
    assert not seen.holding
    assert journals > 0, "the journal of the database was there to be searched"
    assert found(tmp_path, run + shown, CANARIES) == []


def _journals(runs: Path, process: subprocess.Popen[str]) -> int:
    """Search database and journal while the run goes on; how often there was a journal."""
    there = 0
    while process.poll() is None and there < 20:
        time.sleep(0.05)
        for path in runs.glob("*.db*"):
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                continue
            there += path.name.endswith("-wal") and bool(content)
            assert not [form for form in spelled(CANARIES) if form.encode() in content], path
    return there


PASTED: list[dict[str, Any]] = [
    {"base_url": f"http://user:{LIKE_A_KEY}@127.0.0.1:1/v1"},
    {"base_url": f"http://127.0.0.1:1/v1?key={LIKE_A_KEY}"},
    {"base_url": f"http://127.0.0.1:1/v1#{LIKE_A_KEY}"},
    {"base_url": f"http://127.0.0.1:1/{LIKE_A_KEY}/v1"},
    {"extra_body": {"provider": {"user": LIKE_A_KEY}}},
    {"headers": {"X-Anything": LIKE_A_KEY}},
    {"query": {"code": LIKE_A_KEY}},
    {"api_key_env": LIKE_A_KEY},
    {"api_key": LIKE_A_KEY},
]


def test_a_key_that_stands_in_a_configuration_is_refused_and_not_repeated(tmp_path: Path, scheduling: str) -> None:
    """By exit code 2, before anything is written; neither with --debug nor in a log at debug level."""
    whole = settings(scheduling, "http://127.0.0.1:1/v1")
    base = {"kind": "openai", "model": "m", "base_url": "http://127.0.0.1:1/v1"}
    commands = []
    folder = tmp_path / "configurations"
    for number, generator in enumerate(PASTED):
        (folder / str(number)).mkdir(parents=True)
        path = configuration(folder / str(number), **{**whole, "generator": {**base, **generator}})
        commands.append(["run", str(path)])
    output = "".join(evoheur(tmp_path, commands).communicate(timeout=240))
    assert f"exit codes: {[2] * len(PASTED)}" in output
    shutil.rmtree(folder)
    assert not (tmp_path / "runs").exists()
    assert found(tmp_path, output, {"key": LIKE_A_KEY}) == []


@pytest.mark.parametrize(
    "variable",
    [
        {"OPENAI_BASE_URL": f"http://user:{LIKE_A_KEY}@127.0.0.1:1/v1"},
        {"EVOHEUR_ARCHIVE": f"postgresql://user:{LIKE_A_KEY}@127.0.0.1:1/runs"},
    ],
    ids=lambda variable: next(iter(variable)),
)
def test_a_key_in_an_address_of_the_environment_is_not_repeated(
    tmp_path: Path, scheduling: str, variable: dict[str, str]
) -> None:
    """Nor the one that is beside it, where it belongs."""
    configuration(tmp_path, problem=scheduling, generator={"kind": "openai", "model": "m"}, strategy={"kind": "random"})
    secrets = {"OPENAI_API_KEY": CANARIES["MODEL_KEY"], **variable}
    output = "".join(evoheur(tmp_path, [["run", "run.yaml"]], secrets).communicate(timeout=240))
    assert "exit codes: [1]" in output or "exit codes: [2]" in output
    assert found(tmp_path, output, {"address": LIKE_A_KEY, "key": CANARIES["MODEL_KEY"]}) == []

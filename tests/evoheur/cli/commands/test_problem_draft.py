"""`problems new --from-text`: a model's draft is checked in the jail, corrected, paid for, and not run before its author's yes."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from evoheur.api.problem_folder import example_files
from evoheur.testing.endpoint_server import ScriptedEndpoint, ServerAnswer, reply, status
from tests.evoheur.cli.support.invoking import Result, evoheur, files

EXAMPLE = example_files("cover", "./cover")
SOUND = {name: EXAMPLE[name] for name in ("problem.py", "generate.py", "textbook_rules.py")}
FOLDER = ["__init__.py", "cover.yaml", "draft.json", "generate.py", "problem.py", "test_problem.py", "textbook_rules.py"]


def written(sources: Mapping[str, str], **changed: str) -> ServerAnswer:
    """A reply with files; those that are named without their ending are replaced."""
    texts = {name: changed.get(name.removesuffix(".py"), source) for name, source in sources.items()}
    blocks = "\n".join(f"```python\n# file: {name}\n{source}```\n" for name, source in texts.items())
    return reply(f"Here it is:\n\n{blocks}\nDone.", tokens=(100, 50))


def changed(old: str, new: str) -> str:
    source = SOUND["problem.py"]
    assert source.count(old) == 1
    return source.replace(old, new)


UNTYPED = changed('-> NDArray[np.float64]:\n    """Score', ':\n    """Score').replace(") :", "):")


def draft(server: ScriptedEndpoint, *words: str, name: str = "cover") -> Result:
    return evoheur("problems", "new", name, "--from-text", "Cover it all.", *endpoint(server), *words)


def endpoint(server: ScriptedEndpoint) -> tuple[str, ...]:
    return ("--set", "generator.model=m", "--set", f"generator.base_url={server.base_url}")


def record(folder: str = "cover") -> dict[str, object]:
    found: dict[str, object] = json.loads(Path(folder, "draft.json").read_text())
    return found


def failures() -> list[dict[str, str]]:
    """The checks that the draft fails, as its folder remembers them."""
    found: list[dict[str, str]] = json.loads(Path("cover", "draft.json").read_text())["failed"]
    return found


def say_yes(folder: str = "cover") -> None:
    told = refusal("problems", "approve", folder).partition("--files ")[2]
    assert evoheur("problems", "approve", folder, "--files", told.split(",")[0].strip()).code == 0


def refusal(*words: str) -> str:
    """Why a command is refused; `approve` prints the files before."""
    done = evoheur(*words)
    assert done.code == 2, done
    return done.err


def test_a_sound_draft_is_written_checked_and_paid_for() -> None:
    with ScriptedEndpoint([written(SOUND)]) as server:
        done = draft(server, "--set", "generator.price={input: 1.0, output: 2.0}")
    assert done.code == 0, done
    assert sorted(files(Path("cover"))) == FOLDER
    assert Path("cover/problem.py").read_text() == SOUND["problem.py"]
    assert "Cover it all." in server.journal[0].received.prompt
    assert "1 request and 150 tokens, for 0.0002 US dollars" in done.out
    spent = record()["spent"]
    assert isinstance(spent, dict)
    assert (spent["requests"], spent["prompt_tokens"], spent["completion_tokens"], spent["cost_usd"]) == (1, 100, 50, 0.0002)
    assert record()["approved"] is None


def test_what_fails_goes_back_and_is_mended() -> None:
    """No files; files that do not parse; a class that lacks a method; a cost that takes anything; then all is well."""
    broken = [
        (reply("Let us think.", tokens=(100, 50)), "no fenced block for problem.py and generate.py"),
        (written(SOUND, generate="def (:\n"), "generate.py: line 1"),
        (written(SOUND, problem=changed("def cost(", "def price(")), "Cover lacks cost"),
        (written(SOUND, problem=UNTYPED), "score does not say what it returns"),
    ]
    with ScriptedEndpoint([*(answer for answer, _ in broken), written(SOUND)]) as server:
        done = draft(server, "--max-requests", "5")
    assert done.code == 0, done
    assert [why in exchange.received.prompt for (_, why), exchange in zip(broken, server.journal[1:], strict=True)] == [True] * 4
    assert "5 requests and 750 tokens" in done.out
    assert server.tokens == (500, 250)
    assert record()["failed"] == []


def test_one_that_never_gets_right_is_kept_with_what_fails() -> None:
    """The one that passes most checks, though a worse one came last; as many requests as were allowed."""
    better = written(SOUND, problem=UNTYPED)
    worse = written(SOUND, problem="import os\n")
    with ScriptedEndpoint([better, worse]) as server:
        done = draft(server, "--max-requests", "2")
    assert done.code == 1
    assert len(server.journal) == 2
    assert "budget of 2 requests used" in done.err
    assert Path("cover/problem.py").read_text() == UNTYPED
    [failed] = failures()
    assert failed["name"] == "the model is told enough"
    assert "FAILED  the model is told enough" in done.out


def test_where_no_reply_holds_a_draft_the_last_one_is_kept() -> None:
    with ScriptedEndpoint([reply("No."), reply("I said no.")]) as server:
        done = draft(server, "--max-requests", "2")
    assert done.code == 1
    assert "No reply of scripted-model held a draft (budget of 2 requests used)" in done.err
    assert files(Path()) == {"cover-reply.txt": b"I said no."}


MISCHIEF = {
    "write a file": ("typing.sys.modules['os'].mkdir('PLACE')", "Error"),
    "read a file": ("typing.sys.modules['pathlib'].Path('/etc/passwd').read_text()", "Error"),
    "start a process": ("typing.sys.modules['os'].fork()", "PermissionError"),
    "signal its parent": ("typing.sys.modules['os'].kill(typing.sys.modules['os'].getppid(), 9)", "PermissionError"),
    "end": ("typing.sys.modules['os']._exit(0)", "crashed"),
    "take memory": ("HOARD = [bytes(1 << 30) for _ in range(64)]", "memory"),
    "read the key": ("1 // (typing.sys.modules['os'].environ.get('OPENAI_API_KEY') is None)", "exactly one complete subclass"),
}
"""What a draft does when it is imported, and what comes of it; where it finds nothing, it goes on and lacks its class."""


@pytest.mark.parametrize("what", [*MISCHIEF])
def test_mischief_at_import_meets_the_jail(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It passes the screen, since it imports nothing that it may not; what it does fails, and costs the draft its check."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-precious-0123456789abcdef")
    place = tmp_path / "made"
    act, end = MISCHIEF[what]
    with ScriptedEndpoint([written(SOUND, problem=f"import typing\n\n{act.replace('PLACE', str(place))}\n")]) as server:
        done = draft(server, "--max-requests", "1")
    assert done.code == 1, done
    [failed] = failures()
    assert failed["name"] == "it can be imported"
    assert end in failed["detail"], failed
    assert ("exactly one" in failed["detail"]) == (what == "read the key"), failed
    assert not place.exists()
    assert "sk-precious" not in "".join(path.read_text() for path in Path("cover").iterdir())


def test_nothing_of_a_draft_runs_before_the_yes_nor_after_a_change(tmp_path: Path) -> None:
    """Whatever way it is named: every file of it would leave a trace when it is imported."""
    trace = tmp_path / "trace"
    with ScriptedEndpoint([written(SOUND)]) as server:
        assert draft(server).code == 0
    for name in SOUND:
        with Path("cover", name).open("a") as file:
            file.write(f"\nimport pathlib\npathlib.Path({str(trace)!r}).touch()\n")
    Path("beside.yaml").write_text(Path("cover/cover.yaml").read_text().replace('"./cover"', "cover.problem:Cover"))
    Path("cover/inside.yaml").write_text(Path("cover/cover.yaml").read_text().replace('"./cover"', "problem:Cover"))
    commands = [
        ("problems", "show", "./cover"),
        ("run", "cover/cover.yaml"),
        ("run", "beside.yaml"),
        ("run", "cover/inside.yaml"),
        ("evaluate", "cover/problem.py", "--problem", "./cover"),
    ]
    for words in commands:
        assert "nobody has said yes" in refusal(*words), words
    assert evoheur("problems", "check", "./cover").code == 1  # in the jail, where it cannot leave a trace
    assert not trace.exists()
    for name, source in SOUND.items():
        Path("cover", name).write_text(source)
    say_yes()
    assert evoheur("problems", "check", "./cover", "--split", "train").code == 0
    with Path("cover/generate.py").open("a") as file:
        file.write("# a comment\n")
    for words in commands:
        assert "changed since its author said yes" in refusal(*words), words


def test_a_yes_is_for_the_files_that_were_looked_at() -> None:
    with ScriptedEndpoint([written(SOUND)]) as server:
        assert draft(server).code == 0
    told = evoheur("problems", "approve", "cover")
    assert told.code == 2
    assert "Nobody can be asked here" in told.err
    assert all(f"cover/{name}" in told.out for name in SOUND)
    looked_at = told.err.partition("--files ")[2].split(",")[0]
    with Path("cover/problem.py").open("a") as file:
        file.write("# slipped in\n")
    assert "look at them again" in refusal("problems", "approve", "cover", "--files", looked_at)
    assert record()["approved"] is None
    say_yes()
    assert record()["approved"] not in {None, looked_at}
    Path("plain").mkdir()
    assert "no model drafted it" in refusal("problems", "approve", "plain")


@pytest.mark.nightly
def test_at_a_terminal_the_author_is_asked() -> None:
    with ScriptedEndpoint([written(SOUND)]) as server:
        assert draft(server).code == 0
    for answer, code in (("n", 130), ("y", 0)):
        ours, theirs = pty.openpty()
        os.write(ours, f"{answer}\n".encode())
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])}
        words = [sys.executable, "-m", "evoheur", "problems", "approve", "cover"]
        done = subprocess.run(words, stdin=theirs, env=environment, capture_output=True, text=True, check=False)
        os.close(theirs)
        os.close(ours)
        assert (done.returncode, record()["approved"] is None) == (code, answer == "n"), done


@pytest.mark.slow
def test_an_approved_draft_is_a_problem_like_others() -> None:
    with ScriptedEndpoint([written(SOUND)]) as server:
        assert draft(server).code == 0
    say_yes()
    assert evoheur("run", "cover/cover.yaml", "--set", "budget.evaluations=5", "--quiet").code == 0


def test_questions_are_pointed_at() -> None:
    """Those of the draft, and the one about answers that must be refused, which no model can know better than the author."""
    asked = SOUND["generate.py"] + "# Question: may a set be empty?\n"
    with ScriptedEndpoint([written(SOUND, generate=asked)]) as server:
        done = draft(server)
    line = len(asked.splitlines())
    assert f"generate.py, line {line}: may a set be empty?" in done.out
    checked = evoheur("problems", "check", "./cover", "--json")
    assert checked.code == 0, checked
    assert checked.document["unapproved"] is True
    assert checked.document["comparison"] == {}
    assert {"file": "generate.py", "line": line, "text": "may a set be empty?"} in checked.document["questions"]
    assert {each["file"] for each in checked.document["questions"]} == {"generate.py", "test_problem.py"}
    assert "evoheur problems approve ./cover" in evoheur("problems", "check", "./cover").out


def test_a_key_stands_in_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the server says it again, and the author pasted it."""
    key = "precious-0123456789abcdef"
    monkeypatch.setenv("OPENAI_API_KEY", key)
    telling = SOUND["generate.py"] + f"# {key}\n"
    words = ("problems", "new", "cover", "--from-text", f"Cover it with {key}.")
    with ScriptedEndpoint([written(SOUND, generate=telling)]) as server:
        done = evoheur(*words, *endpoint(server))
    assert done.code == 0, done
    assert server.journal[0].received.authorization == f"Bearer {key}"
    assert key not in server.journal[0].received.prompt
    held = b"".join(files(Path()).values()).decode() + done.out + done.err
    assert key not in held
    assert "# [key removed]" in Path("cover/generate.py").read_text()


def test_money_is_limited_as_in_a_run() -> None:
    with ScriptedEndpoint([written(SOUND, problem="import os\n"), written(SOUND)]) as server:
        assert "what the generator costs is not known" in refusal(
            "problems", "new", "cover", "--from-text", "x", *endpoint(server), "--set", "budget.cost_usd=1"
        )
        assert not list(server.journal)
        price = ("--set", "generator.price={input: 1.0, output: 2.0}", "--set", "budget.cost_usd=0.0001")
        done = draft(server, *price)
    assert done.code == 1
    assert len(server.journal) == 1
    assert "budget of 0.0001 US dollars used" in done.err


def test_an_endpoint_that_fails_later_leaves_the_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "precious-0123456789abcdef")
    with ScriptedEndpoint([written(SOUND, problem="import os\n"), status(401, "no precious-0123456789abcdef")]) as server:
        done = draft(server)
    assert done.code == 1
    assert "401" in done.err
    assert "precious" not in done.err
    assert Path("cover/problem.py").read_text() == "import os\n"
    with ScriptedEndpoint([status(401, "no")]) as server:
        refused = draft(server, name="other")
    assert refused.code != 0
    assert not Path("other").exists()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--from-text", "x", "--from-file", "y"), "exclude each other"),
        (("--from-file", "nowhere.txt"), "'nowhere.txt'"),
        (("--from-text", "  "), "description is empty"),
        (("--from-text", "x", "--set", "strategy.kind=eoh"), "means nothing to a draft"),
        (("--from-text", "x", "--set", "budget.evaluations=3"), "means nothing to a draft"),
        (("--from-text", "x", "--set", "generator.kind=mutator"), "only a model can draft"),
        (("--from-text", "x"), "generator.model"),
        (("--max-requests", "3"), "are for drafts"),
    ],
)
def test_what_cannot_be_drafted_is_refused(words: tuple[str, ...], reason: str) -> None:
    assert reason in refusal("problems", "new", "cover", *words)
    assert files(Path()) == {}


def test_the_description_may_be_a_file() -> None:
    Path("words.txt").write_text("Cover the plane.")
    with ScriptedEndpoint([written(SOUND)]) as server:
        assert evoheur("problems", "new", "cover", "--from-file", "words.txt", *endpoint(server)).code == 0
    assert "Cover the plane." in server.journal[0].received.prompt

"""Files of recordings."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import ConfigError
from evoheur.generation.key_guard import named_secrets
from evoheur.generation.recording import RecordedRequest, Recording, RecordingOrigin, prompt_hash
from evoheur.generation.recording_file import is_recording, read_origin, read_recording, write_recording
from evoheur.generation.reply_file import write_replies
from evoheur.request import Completion, Failure, Message, RequestKind, Usage

ORIGIN = RecordingOrigin(
    run="night-3",
    seed=7,
    problem="bin_packing_online",
    problem_hash="p",
    prompts_hash="q",
    evoheur_version="0.1.0",
    reason="budget of 60 evaluations used",
    config={"strategy": {"kind": "eoh"}},
)
PROMPT = (Message(role="system", content="Be brief."), Message(role="user", content="Write a heuristic."))


def request(number: int, asked: int, told: int | None, **fields: object) -> RecordedRequest:
    known = {"messages": PROMPT, "prompt": prompt_hash(PROMPT), **fields}
    return RecordedRequest(
        number=number,
        asked=asked,
        told=told,
        operator="e1",
        kind=RequestKind.MODEL,
        fingerprint=f"{number:016x}",
        **known,  # type: ignore[arg-type]
    )


REPLY = Completion(text="ä\n```", model="m", usage=Usage(prompt_tokens=3, completion_tokens=4, estimated=True), finish="length")
FAILURE = Failure(stage="generation", reason="timeout", detail="no answer", attempts=3)
REQUESTS = (
    request(1, 1, 4, completion=REPLY),
    request(2, 2, 3, failure=FAILURE),
    replace(request(3, 5, None, messages=(), prompt=""), kind=RequestKind.TUNING, operator="harmony"),
)


def written(path: Path, *requests: RecordedRequest, **options: object) -> Path:
    file = path / "recording.jsonl"
    write_recording(file, Recording(source="x", requests=requests), ORIGIN, **options)  # type: ignore[arg-type]
    return file


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    file = written(tmp_path, *REQUESTS)
    assert is_recording(file)
    assert read_origin(file) == ORIGIN
    assert read_recording(file) == Recording(source=str(file), requests=REQUESTS, end=ORIGIN.reason, prompts_hash="q")


@given(text=st.text(), prompt=st.text(), detail=st.text())
def test_any_text_survives(text: str, prompt: str, detail: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Line ends, quotes, other alphabets, control characters; what looks like a key in an error's words does not."""
    messages = (Message(role="user", content=prompt),)
    answered = request(1, 1, 2, messages=messages, prompt=prompt_hash(messages), completion=replace(REPLY, text=text))
    failed = request(2, 3, 4, failure=replace(FAILURE, detail=detail))
    file = written(tmp_path_factory.mktemp("recording"), answered, failed)
    assert read_recording(file).requests == (answered, failed)


def test_prompts_by_hash_are_no_texts_and_do_for_a_replay(tmp_path: Path) -> None:
    file = written(tmp_path, *REQUESTS, whole_prompts=False)
    assert "Write a heuristic." not in file.read_text()
    assert read_recording(file).requests == tuple(replace(one, messages=()) for one in REQUESTS)


def test_secrets_are_taken_out_of_all_texts(tmp_path: Path) -> None:
    """Those that the configuration names, with characters that JSON writes in another way; and in errors what looks like one."""
    key, alike = 'ü"\\key', "sk-0123456789abcdefghijklmnop"
    config = {"generator": {"api_key_env": "A", "headers": {"x": "Bearer ${B}"}, "model": "A"}}
    secrets = named_secrets(config, {"A": key, "B": "second", "C": "other", "m": "model"})
    assert sorted(secrets) == sorted(["second", key])
    file = written(
        tmp_path,
        request(1, 1, 2, completion=replace(REPLY, text=f"It is {key} or second, and {alike} is code.")),
        request(2, 3, 4, failure=replace(FAILURE, detail=f"{alike} is wrong, and so is {key}")),
        secrets=secrets,
    )
    first, second = read_recording(file).requests
    assert first.completion is not None
    assert first.completion.text == f"It is [key removed] or [key removed], and {alike} is code."
    assert second.failure is not None
    assert second.failure.detail == "[key removed] is wrong, and so is [key removed]"
    assert first.prompt == prompt_hash(PROMPT)


def test_a_list_of_replies_is_no_recording(tmp_path: Path) -> None:
    file = tmp_path / "replies.jsonl"
    for text in ("", "\n\n", "[1]\n", "no json"):
        file.write_text(text)
        assert not is_recording(file)
    write_replies(file, [])
    assert not is_recording(file)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"asked": 0}, ":2: asked: "),
        ({"told": 1}, "a tell before its ask"),
        ({"asked": 3}, "a tell before its ask|one place"),
        ({"kind": "guess"}, ":2: kind: "),
        ({"more": 1}, ":2: more: Extra"),
        ({"request": 2}, "two requests of one number"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, change: dict[str, object], words: str) -> None:
    file = written(tmp_path, *REQUESTS)
    header, first, *others = file.read_text().splitlines()
    file.write_text("\n".join([header, json.dumps({**json.loads(first), **change}), *others]))
    with pytest.raises(ConfigError, match=words):
        read_recording(file)


def test_a_later_version_is_told_from_no_recording(tmp_path: Path) -> None:
    file = written(tmp_path, *REQUESTS)
    file.write_text(file.read_text().replace("evoheur-recording/1", "evoheur-recording/2"))
    assert is_recording(file)
    with pytest.raises(ConfigError, match=r":1: format: .*evoheur-recording/1"):
        read_recording(file)


def test_a_file_that_cannot_be_written_or_read_is_an_error_of_the_user(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        written(tmp_path / "absent", *REQUESTS)
    with pytest.raises(ConfigError, match="cannot be read"):
        is_recording(tmp_path / "absent.jsonl")

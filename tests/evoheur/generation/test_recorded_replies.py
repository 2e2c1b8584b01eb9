"""Replaying recorded replies."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.errors import ConfigError, GenerationError, GeneratorRefused
from evoheur.generation.generator import Generator, GeneratorContext, RecordedReply
from evoheur.generation.recorded_replies import PATIENCE, RecordedConfig, RecordedGenerator
from evoheur.generation.recording import RecordedRequest, Recording, prompt_hash
from evoheur.generation.reply_file import read_replies, write_replies
from evoheur.request import Completion, Failure, Message, Request, RequestKind, Usage
from evoheur.testing.generator_contract import GENERATOR_CASES, GeneratorContract, ToyPacking


def recorded(prompt: str, text: str, **fields: object) -> RecordedReply:
    completion = Completion(text=text, model="some-model", **fields)  # type: ignore[arg-type]
    return RecordedReply(messages=(Message(role="user", content=prompt),), completion=completion)


def requested(number: int, prompt: str, answer: Completion | Failure | None) -> RecordedRequest:
    """A request of a recorded run, told after two more were asked."""
    return RecordedRequest(
        number=number,
        asked=number,
        told=100 + number,
        operator="e2",
        kind=RequestKind.MODEL,
        fingerprint=f"{number:016x}",
        prompt=prompt_hash((Message(role="user", content=prompt),)),
        completion=answer if isinstance(answer, Completion) else None,
        failure=answer if isinstance(answer, Failure) else None,
    )


def ask(generator: Generator, *prompts: str) -> list[Completion]:
    async def in_turn() -> list[Completion]:
        request = Request(operator="e2")
        return [await generator.complete((Message(role="user", content=prompt),), request, seed=0) for prompt in prompts]

    return asyncio.run(in_turn())


CONTRACT_REPLIES = [
    RecordedReply(
        messages=case.messages,
        completion=Completion(
            text=f"{{Weighs by {case.seed}.}}\n```python\ndef priority(item, bins):\n    return {case.seed} * bins\n```",
            model="some-model",
            usage=Usage(prompt_tokens=100, completion_tokens=50),
        ),
    )
    for case in GENERATOR_CASES
]


class TestRecordedGenerator(GeneratorContract):
    """The contract, on recordings of its own cases."""

    def make_generator(self, context: GeneratorContext) -> Generator:
        return RecordedGenerator(CONTRACT_REPLIES, source="the contract")

    def failing_generators(self, context: GeneratorContext) -> Iterable[Generator]:
        return [RecordedGenerator([], source="nothing")]


def test_equal_prompts_get_their_replies_in_order() -> None:
    """The first reply recorded for a prompt is the first one given, whatever other prompts come in between."""
    generator = RecordedGenerator([recorded("a", "a1"), recorded("b", "b1"), recorded("a", "a2")], source="test")
    assert [completion.text for completion in ask(generator, "a", "b", "a")] == ["a1", "b1", "a2"]


def test_tokens_are_as_recorded_and_nothing_is_paid() -> None:
    """Runs are compared at equal tokens, so these stay; price, time and retries were those of the recording."""
    usage = Usage(prompt_tokens=7, completion_tokens=9, estimated=True, cached_tokens=5, reasoning_tokens=3)
    generator = RecordedGenerator(
        [recorded("a", "x", usage=usage, finish="length", seconds=3.0, attempts=4, cost_usd=0.5)], source="t"
    )
    assert ask(generator, "a") == [Completion(text="x", model="some-model", usage=usage, finish="length")]


def test_role_and_division_of_messages_count() -> None:
    """A prompt is its messages, not their concatenation."""
    reply = RecordedReply(
        messages=(Message(role="system", content="a"), Message(role="user", content="b")),
        completion=Completion(text="x", model="m"),
    )
    generator = RecordedGenerator([reply], source="test")
    for other in ((Message(role="user", content="ab"),), (Message(role="user", content="a"), Message(role="user", content="b"))):
        with pytest.raises(GenerationError):
            asyncio.run(generator.complete(other, Request(operator="i1"), seed=0))


def test_prompt_without_recording() -> None:
    """The failure names source and operator; a prompt whose replies are used up says so."""
    generator = RecordedGenerator([recorded("a", "a1")], source="run 'one'")
    with pytest.raises(GenerationError, match="run 'one' holds no reply to this 'e2' prompt") as caught:
        ask(generator, "b")
    assert (caught.value.reason, caught.value.attempts) == ("not-recorded", 1)
    with pytest.raises(GenerationError, match="holds no further reply"):
        ask(generator, "a", "a")


def test_recording_of_another_run_stops_the_run() -> None:
    """After so many misses in a row the run stops instead of failing requests for ever; a hit starts the count anew."""
    generator = RecordedGenerator([recorded("a", "a1")], source="run 'one'")
    for _ in range(PATIENCE - 1):
        with pytest.raises(GenerationError):
            ask(generator, "b")
    ask(generator, "a")
    for _ in range(PATIENCE - 1):
        with pytest.raises(GenerationError):
            ask(generator, "b")
    with pytest.raises(GeneratorRefused, match="last 100 prompts"):
        ask(generator, "b")


def test_config_takes_replies_from_a_run() -> None:
    """`run` is looked up through the context, once, by its name."""
    asked: list[str] = []

    def recording(run: str) -> Recording:
        asked.append(run)
        return Recording(source=run, requests=(requested(1, "a", recorded("a", "a1").completion),))

    generator = RecordedConfig(run="night-3").build(GeneratorContext(problem=ToyPacking(), recording=recording))
    assert [completion.text for completion in ask(generator, "a")] == ["a1"]
    assert asked == ["night-3"]
    assert generator.online


def test_a_resumed_run_gets_the_answers_that_it_would_have_got() -> None:
    """Of three equal prompts in flight the second was answered, so the first and the third are asked again, and get theirs."""
    messages = (Message(role="user", content="a"),)
    replies = [recorded("a", f"a{number}") for number in range(1, 6)]
    before = [(messages, False), (messages, True), (messages, False), ((Message(role="user", content="b"),), True)]
    generator = RecordedGenerator(replies, source="test", asked=before)
    assert [completion.text for completion in ask(generator, "a", "a", "a", "a")] == ["a1", "a3", "a4", "a5"]


def test_what_failed_fails_again() -> None:
    """With the reason, the words and the calls that it had; what has no answer yet is none of the answers."""
    failure = Failure(stage="generation", reason="timeout", detail="no answer for 60 s", attempts=3)
    requests = (requested(1, "a", failure), requested(2, "a", None), requested(3, "a", Completion(text="a3", model="m")))
    generator = RecordedGenerator.of(Recording(source="run 'one'", requests=requests))
    with pytest.raises(GenerationError, match="no answer for 60 s") as caught:
        ask(generator, "a")
    assert (caught.value.reason, caught.value.attempts) == ("timeout", 3)
    assert [completion.text for completion in ask(generator, "a")] == ["a3"]
    assert generator.recording is not None
    assert not generator.recording.is_binding


def test_a_miss_stops_the_run_unless_it_is_to_fail() -> None:
    """By default; the error says how to go on."""
    recording = Recording(source="run 'one'", requests=(requested(1, "a", Completion(text="a1", model="m")),))
    context = GeneratorContext(problem=ToyPacking(), recording=lambda _run: recording)
    strict = RecordedConfig(run="one").build(context)
    assert strict.recording is not None
    assert strict.recording.is_binding
    with pytest.raises(GeneratorRefused, match=r"holds no reply to this 'e2' prompt.*generator\.misses=fail"):
        ask(strict, "b")
    lenient = RecordedConfig(run="one", misses="fail").build(context)
    with pytest.raises(GenerationError):
        ask(lenient, "b")
    assert [completion.text for completion in ask(lenient, "a")] == ["a1"]


@pytest.mark.parametrize(("now", "replies"), [("t2/c", ["1", "2"]), ("t1/c2", []), ("", [])])
def test_prompts_of_other_templates_are_found_by_their_requests(now: str, replies: list[str]) -> None:
    """In the order of asking; another part of the problem's alone is told by the hash of all. Not where the templates are the same."""
    fingerprint = Request(operator="e2").fingerprint()
    requests = tuple(
        replace(requested(number, f"old {number}", Completion(text=f"{number}", model="m")), fingerprint=fingerprint)
        for number in (1, 2)
    )
    recording = Recording(source="run 'one'", requests=requests, prompts_hash="t1/c")
    context = GeneratorContext(problem=ToyPacking(), recording=lambda _run: recording, prompts_hash=now)
    generator = RecordedConfig(run="one").build(context)
    if replies:
        assert [completion.text for completion in ask(generator, "new", "newer")] == replies
        message = Message(role="user", content="whatever")
        resumed = RecordedConfig(run="one").build(replace(context, asked=[((message,), True)]))
        assert [completion.text for completion in ask(resumed, "newer")] == ["2"]
    else:
        with pytest.raises(GeneratorRefused):
            ask(generator, "new")


def test_config_takes_replies_from_a_file(tmp_path: Path) -> None:
    """`path` names a JSONL file."""
    path = tmp_path / "replies.jsonl"
    assert write_replies(path, [recorded("a", "a1")]) == 1
    generator = RecordedConfig(path=path).build(GeneratorContext(problem=ToyPacking()))
    assert [completion.text for completion in ask(generator, "a")] == ["a1"]


@pytest.mark.parametrize("fields", [{}, {"run": "one", "path": "two"}])
def test_config_wants_exactly_one_source(fields: dict[str, str]) -> None:
    """Neither or both of run and path is an error that names them."""
    with pytest.raises(ValueError, match="exactly one of `run`"):
        RecordedConfig.model_validate({"kind": "recorded", **fields})


def test_empty_recording(tmp_path: Path) -> None:
    """A recording without replies is refused before the run starts."""
    path = tmp_path / "empty.jsonl"
    path.write_text("\n\n")
    context = GeneratorContext(problem=ToyPacking())
    for config in (RecordedConfig(run="one"), RecordedConfig(path=path)):
        with pytest.raises(ConfigError, match="no replies"):
            config.build(context)


REPLIES = st.builds(
    lambda messages, text, model, tokens, estimated, finish: RecordedReply(
        messages=tuple(messages),
        completion=Completion(
            text=text,
            model=model,
            usage=Usage(
                prompt_tokens=tokens[0],
                completion_tokens=tokens[1],
                cached_tokens=tokens[2],
                reasoning_tokens=tokens[3],
                estimated=estimated,
            ),
            finish=finish,
        ),
    ),
    st.lists(
        st.builds(Message, role=st.sampled_from(["system", "user", "assistant"]), content=st.text()), min_size=1, max_size=3
    ),
    st.text(),
    st.text(min_size=1),
    st.tuples(*[st.integers(0, 10**9)] * 4),
    st.booleans(),
    st.sampled_from(["stop", "length"]),
)


@given(replies=st.lists(REPLIES, max_size=5))
def test_written_replies_are_read_back(replies: list[RecordedReply], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Any text survives the file: newlines, quotes, other alphabets, control characters."""
    path = tmp_path_factory.mktemp("recording") / "replies.jsonl"
    assert write_replies(path, replies) == len(replies)
    assert list(read_replies(path)) == replies


GOOD = '{"messages": [{"role": "user", "content": "a"}], "text": "x", "model": "m"}'


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "line: Invalid JSON"),
        ("[]", "line: "),
        ('{"text": "x", "model": "m"}', "messages: Field required"),
        (GOOD.replace('"user"', '"robot"'), "messages.0.role"),
        (GOOD.replace("[{", "[],[{"), "Invalid JSON"),
        (GOOD.replace('"x"', "7"), "text: Input should be a valid string"),
        (GOOD.replace('"m"', '"m", "prompt_tokens": -1'), "prompt_tokens"),
        (GOOD.replace('"m"', '"m", "tokens": 3'), "tokens: Extra inputs"),
    ],
)
def test_bad_lines_are_named(line: str, words: str, tmp_path: Path) -> None:
    """A line of another form stops the reading with file, line number and what is wrong."""
    path = tmp_path / "replies.jsonl"
    path.write_text(f"{GOOD}\n\n{line}\n")
    with pytest.raises(ConfigError) as caught:
        list(read_replies(path))
    assert f"{path}:3: " in str(caught.value)
    assert words in str(caught.value)


def test_unreadable_files(tmp_path: Path) -> None:
    """A missing file and one that is not UTF-8 are errors of the configuration."""
    binary = tmp_path / "binary.jsonl"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "absent.jsonl", binary):
        with pytest.raises(ConfigError, match="cannot be read"):
            list(read_replies(path))

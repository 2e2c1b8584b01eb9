"""The example that fine-tunes a model on exported lines: what it reads everywhere, a step of training where trl is installed."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from evoheur import load_config
from tests.docs.support.code_blocks import ROOT

FOLDER = ROOT / "docs" / "examples" / "finetune"
MESSAGES = [{"role": "system", "content": "you write"}, {"role": "user", "content": "improve a"}]
WORDS = ["[PAD]", "[UNK]", "[EOS]", "you", "write", "improve", "a", "good", "bad"]
TEMPLATE = "{% for message in messages %}{{ message['content'] + ' ' }}{% endfor %}"


@pytest.fixture(scope="module")
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("finetune_example", FOLDER / "finetune.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def said(word: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": word}]


def write(file: Path, *lines: dict[str, Any]) -> Path:
    file.write_text("".join(json.dumps({"messages": MESSAGES, **line, "metadata": {"run": "one"}}) + "\n" for line in lines))
    return file


PAIR = {"chosen": said("good"), "rejected": said("bad")}
LABELS = [{"completion": said("good"), "label": True}, {"completion": said("bad"), "label": False}]


def test_rows_have_the_columns_that_trainers_want(example: ModuleType, tmp_path: Path) -> None:
    assert example.read_rows(write(tmp_path / "a.jsonl", PAIR)) == ("dpo", [{"prompt": MESSAGES, **PAIR}])
    assert example.read_rows(write(tmp_path / "b.jsonl", *LABELS)) == ("kto", [{"prompt": MESSAGES, **each} for each in LABELS])


def test_what_cannot_be_trained_on_is_refused_before_torch_is_needed(example: ModuleType, tmp_path: Path) -> None:
    groups = write(tmp_path / "a.jsonl", {"completions": [said("good")], "rewards": [1.0]})
    mixed = write(tmp_path / "b.jsonl", PAIR, LABELS[0])
    for file, words in [(groups, "holds grpo"), (mixed, "holds dpo, kto"), (write(tmp_path / "c.jsonl"), "holds nothing")]:
        with pytest.raises(SystemExit, match=words):
            example.main([str(file), "--model", "none", "--output", str(tmp_path / "tuned")])
    pairs, labels = write(tmp_path / "d.jsonl", PAIR), write(tmp_path / "e.jsonl", *LABELS)
    with pytest.raises(SystemExit, match="give two of one kind"):
        example.main([str(pairs), "--held-out", str(labels), "--model", "none", "--output", str(tmp_path / "tuned")])


def test_the_configuration_beside_it_asks_a_local_server() -> None:
    config = load_config(FOLDER / "tuned_model.yaml")
    assert (config.generator.kind, getattr(config.generator, "model", None)) == ("openai", "tuned")


@pytest.mark.nightly
@pytest.mark.filterwarnings("ignore")  # of libraries that are not ours
@pytest.mark.parametrize("lines", [[PAIR] * 4, LABELS * 2], ids=["dpo", "kto"])
def test_a_toy_model_takes_a_step(example: ModuleType, tmp_path: Path, lines: list[dict[str, Any]]) -> None:
    why = "{} is not installed; evoheur does without it, and only this example needs it"
    needed = ("torch", "trl", "datasets", "tokenizers", "transformers")
    *_, tokenizers, transformers = (pytest.importorskip(name, reason=why.format(name)) for name in needed)
    words = tokenizers.Tokenizer(
        tokenizers.models.WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    words.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token="[PAD]", unk_token="[UNK]", eos_token="[EOS]"
    )
    tokenizer.chat_template = TEMPLATE
    toy = tmp_path / "toy"
    tokenizer.save_pretrained(toy)
    shape = {
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
    }
    transformers.LlamaForCausalLM(
        transformers.LlamaConfig(vocab_size=len(WORDS), pad_token_id=0, eos_token_id=2, **shape)
    ).save_pretrained(toy)
    file, tuned = write(tmp_path / "lines.jsonl", *lines), tmp_path / "tuned"
    few = ("--max-steps", "1", "--accumulate", "1", "--max-length", "32", "--lora-rank", "0", "--learning-rate", "0.1")
    example.main([str(file), "--model", str(toy), "--output", str(tuned), *few])
    before, after = (transformers.AutoModelForCausalLM.from_pretrained(folder).state_dict() for folder in (toy, tuned))
    assert any((before[name] != after[name]).any() for name in before)

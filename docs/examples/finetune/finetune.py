"""Fine-tune a small local model on what `evoheur export-pairs dpo` or `kto` wrote.

    python finetune.py pairs-train.jsonl --held-out pairs-held-out.jsonl --model Qwen/Qwen2.5-Coder-0.5B-Instruct --output tuned

Needs `pip install trl peft`, which bring torch, transformers and datasets; evoheur needs none of them, and this script no evoheur.
DPO and its numbers are those of EvoTune (Surina et al. 2025, arXiv:2504.05108): beta 0.4, learning rate 1e-5 with a cosine, 2 epochs,
batches of 2 times 16, LoRA of rank 64 with alpha 32. It takes the forward KL divergence, and this script what trl has by default.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["dpo", "kto"]


def read_rows(file: Path) -> tuple[Kind, list[dict[str, Any]]]:
    """The lines of a file as trl wants them: `messages` are its prompt, and what it does not know is left out.

    Raises:
        SystemExit: It holds no line, lines of two kinds, or of one that no file can be trained on.
    """
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    kinds = {_kind(line) for line in lines}
    if kinds == {"dpo"}:
        return "dpo", [{"prompt": line["messages"], "chosen": line["chosen"], "rejected": line["rejected"]} for line in lines]
    if kinds == {"kto"}:
        return "kto", [{"prompt": line["messages"], "completion": line["completion"], "label": line["label"]} for line in lines]
    raise SystemExit(
        f"{file} holds {', '.join(sorted(kinds)) or 'nothing'}; give a file of dpo lines, or one of kto lines (groups with rewards are for "
        "trainers that take rewards as they are; trl's GRPOTrainer asks the model itself)."
    )


def _kind(line: Mapping[str, Any]) -> str:
    return "kto" if "label" in line else "dpo" if "chosen" in line else "grpo" if "rewards" in line else "unknown lines"


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Fine-tune a small local model on the replies of evoheur's runs.")
    parser.add_argument("file", type=Path, help="what `evoheur export-pairs` wrote")
    parser.add_argument("--held-out", type=Path, help="another such file, on which the loss is computed and nothing is trained")
    parser.add_argument("--model", required=True, help="name on the hub, or folder, of a model with a chat template")
    parser.add_argument("--output", type=Path, required=True, help="folder of the tuned model")
    parser.add_argument("--beta", type=float, default=0.4, help="how closely the model stays to what it was")
    parser.add_argument("--learning-rate", type=float, default=1e-5)
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--max-steps", type=int, default=-1, help="end after so many steps; -1 for all epochs")
    parser.add_argument("--max-length", type=int, default=6500, help="tokens of prompt and reply; longer ones are cut")
    parser.add_argument("--batch", type=int, default=2, help="examples at once; kto needs two or more")
    parser.add_argument("--accumulate", type=int, default=16, help="batches to a step")
    parser.add_argument("--lora-rank", type=int, default=64, help="0 trains all weights")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> None:
    """Train, and write the model with its tokenizer into the output folder."""
    options = parse(arguments)
    kind, rows = read_rows(options.file)
    held_out = None
    if options.held_out is not None:
        held_kind, held_out = read_rows(options.held_out)
        if held_kind != kind:
            raise SystemExit(f"{options.file} holds {kind} lines and {options.held_out} {held_kind} lines; give two of one kind.")

    # late, so that a wrong file is found before torch is there
    import torch
    from datasets import Dataset
    from transformers import AutoTokenizer

    config_class, trainer_class = _trainer(kind)
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    settings = config_class(
        output_dir=str(options.output / "training"),
        beta=options.beta,
        learning_rate=options.learning_rate,
        lr_scheduler_type="cosine",
        num_train_epochs=options.epochs,
        max_steps=options.max_steps,
        max_length=options.max_length,
        per_device_train_batch_size=options.batch,
        per_device_eval_batch_size=options.batch,
        gradient_accumulation_steps=options.accumulate,
        bf16=torch.cuda.is_available() and torch.cuda.is_bf16_supported(),
        eval_strategy="no" if held_out is None else "epoch",
        save_strategy="no",
        logging_steps=1,
        report_to=[],
    )
    trainer = trainer_class(
        model=options.model,
        args=settings,
        train_dataset=Dataset.from_list(rows),
        eval_dataset=None if held_out is None else Dataset.from_list(held_out),
        processing_class=tokenizer,
        peft_config=_adapter(options.lora_rank),
    )
    trainer.train()
    trained = trainer.accelerator.unwrap_model(trainer.model)
    if options.lora_rank:
        trained = trained.merge_and_unload()  # so that any server loads it
    trained.save_pretrained(options.output)
    tokenizer.save_pretrained(options.output)
    sys.stdout.write(f"Trained on {len(rows)} {kind} lines; the model is in {options.output}.\n")


def _trainer(kind: Kind) -> tuple[Any, Any]:
    if kind == "dpo":
        from trl import DPOConfig, DPOTrainer

        return DPOConfig, DPOTrainer
    try:
        from trl import KTOConfig, KTOTrainer
    except ImportError:  # some versions keep it among what is experimental
        from trl.experimental.kto import KTOConfig, KTOTrainer
    return KTOConfig, KTOTrainer


def _adapter(rank: int) -> Any:
    if not rank:
        return None
    from peft import LoraConfig

    return LoraConfig(r=rank, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM")


if __name__ == "__main__":
    main(sys.argv[1:])

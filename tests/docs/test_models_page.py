"""The page on models says what the presets are."""

from pathlib import Path

import yaml

from evoheur.generation.endpoint import EndpointConfig
from evoheur.generation.endpoint_presets import PRESETS
from evoheur.generation.model_pool import PoolConfig
from evoheur.run.config import parse_config

PAGE = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")


def test_its_table_has_every_preset() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{name}` | `{preset.base_url}` | `{preset.api_key_env}` | {preset.note} |" for name, preset in PRESETS.items()
    ]


def test_its_configurations_are_some() -> None:
    azure, several = (
        parse_config(yaml.safe_load(block.split("```")[0]), where="docs/models.md") for block in PAGE.split("```yaml\n")[1:]
    )
    assert isinstance(azure.generator, EndpointConfig)
    assert azure.generator.query == {"api-version": "2024-10-21"}
    assert isinstance(several.generator, PoolConfig)
    assert list(several.generator.members) == ["cheap", "strong"]

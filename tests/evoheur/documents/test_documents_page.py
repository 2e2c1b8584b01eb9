"""docs/documents.md names every document and every event."""

import re
from pathlib import Path

from evoheur.documents.schemas import DOCUMENTS, schema_named

PAGE = (Path(__file__).parents[3] / "docs" / "documents.md").read_text()


def first_column(heading: str) -> list[str]:
    """The code words in the first column of the table below a heading."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return [word for row in rows for word in re.findall(r"`([^`]+)`", row)]


def test_every_document_is_listed_with_its_version() -> None:
    assert set(first_column("Forms and versions")) == {f"{name}/1" for name in DOCUMENTS}


def test_every_event_is_listed() -> None:
    events = {choice["$ref"].rpartition("/")[2]: "" for choice in schema_named("event")["oneOf"]}
    words = [schema_named("event")["definitions"][name]["properties"]["event"]["const"] for name in events]
    assert sorted(first_column("Events")) == sorted(words)

"""Documents keep their form: keys are added, and neither dropped nor changed within a version."""

import pytest

from evoheur.documents.schemas import DOCUMENTS
from tests.evoheur.documents.support.forms import GOLDEN, broken, form_of, golden


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_key_is_gone_or_has_another_type(name: str) -> None:
    assert broken(golden(name), form_of(name)) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_new_is_recorded(name: str) -> None:
    """From then on it stays too: `python -m tests.evoheur.documents.support.forms`."""
    assert form_of(name) == golden(name)


def test_every_golden_file_is_of_a_document() -> None:
    assert {file.stem for file in GOLDEN.iterdir()} == set(DOCUMENTS)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_begins_with_its_kind_and_version(name: str) -> None:
    form = form_of(name)
    assert {form[path] for path in form if path.endswith("format") and path.count(".") == 1} == {f"'{name}/1'"}


def test_a_form_tells_alternatives_lists_and_keys_apart() -> None:
    form = form_of("event")
    assert form["<outcome_told>.outcome<failure>.attempts"] == "integer"
    assert form["<outcome_told>.outcome<candidate>.candidate.evaluations.*.instances[].cost"] == "null | number"
    assert form["<run_started>.run.config"] == "object, optional"
    assert "<run_started>.outcome" not in form


@pytest.mark.parametrize(
    ("now", "faults"),
    [
        ({".format": "'x/1'", ".a": "integer", ".b": "string"}, []),
        ({".format": "'x/1'"}, [".a was integer and is gone"]),
        ({".format": "'x/1'", ".a": "integer, optional"}, [".a was integer and is integer, optional"]),
        ({".format": "'x/2'", ".a": "string"}, []),
    ],
)
def test_only_another_version_may_drop_or_change_a_key(now: dict[str, str], faults: list[str]) -> None:
    assert broken({".format": "'x/1'", ".a": "integer"}, now) == faults

"""Tables of online problems out of the guest: bytes go beside their JSON."""

from typing import Any

import pytest

from evoheur.evaluation.binary_tables import held_table, sent_table


@pytest.mark.parametrize("table", [None, [1, 2], {"a": 1}, {"a": b"\0\1", "b": [1]}, {"a": b""}])
def test_what_was_sent_is_held(table: Any) -> None:
    """With or without bytes."""
    sent, binary = sent_table(table)
    assert held_table(sent | {"notes": {}}, binary) == table


@pytest.mark.parametrize(
    ("answer", "held"),
    [
        (None, None),
        ([], None),
        ({}, None),
        ({"table": {"a": 1}, "bytes": 3}, {"a": 1}),
        ({"table": [1], "bytes": "a"}, [1]),
        ({"table": {"a": 1}, "bytes": "a"}, {"a": b"xyz"}),
    ],
)
def test_any_answer_holds_some_table_or_none(answer: Any, held: Any) -> None:
    """Who follows the table finds out what it is worth."""
    assert held_table(answer, b"xyz") == held

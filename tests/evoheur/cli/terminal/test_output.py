"""How words and code are put on the screen."""

import io

import pytest
from rich.console import Console

from evoheur.cli.terminal.output import make_console, make_table, print_code, print_json, say
from evoheur.documents.document_model import JsonDocument, Text

CODE = "def f(x):\n    return '[bold]x[/bold]'\n"


def test_code_is_plain_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    print_code(make_console(), CODE)
    assert capsys.readouterr().out == CODE


def test_code_is_highlighted_on_a_terminal() -> None:
    stream = io.StringIO()
    print_code(Console(file=stream, force_terminal=True, width=80), CODE)
    assert "\x1b[" in stream.getvalue()
    assert "[bold]" in stream.getvalue()


def test_a_models_words_are_neither_markup_nor_control_sequences(capsys: pytest.CaptureFixture[str]) -> None:
    say(make_console(), "[red]\x1b]0;title\x07 :smile: 12")
    assert capsys.readouterr().out == "[red]?]0;title? :smile: 12\n"


def test_long_lines_are_not_wrapped_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    say(make_console(), "word " * 100)
    assert capsys.readouterr().out.count("\n") == 1


def test_a_narrow_table_keeps_every_column() -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=40)
    table = make_table(console, ["name", "figure", "long"], right=["figure"], wrap=["long"])
    table.add_row("n", "1.00 %", "many words " * 10)
    console.print(table)
    assert all(word in stream.getvalue() for word in ("name", "figure", "1.00 %", "long", "many"))


class Remark(JsonDocument):
    thought: Text
    gap: float = 0.0


def test_json_is_ascii_without_nan_and_half_characters(capsys: pytest.CaptureFixture[str]) -> None:
    print_json(Remark(thought="ü\ud83d", gap=float("nan")))
    print_json([Remark(thought="")])
    assert capsys.readouterr().out == '{\n  "thought": "\\u00fc\\ufffd",\n  "gap": null\n}\n[\n  {\n    "thought": ""\n  }\n]\n'

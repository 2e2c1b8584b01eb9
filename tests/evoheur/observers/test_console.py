"""What a person sees of a run, whatever happens in it."""

import io
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from evoheur.observers.console import ConsoleObserver
from evoheur.observers.jsonl import JsonlObserver
from evoheur.run.events import Event, Events
from tests.evoheur.observers.support import made_up
from tests.evoheur.observers.support.sequences import events

ROOT = Path(__file__).parents[3]


@given(st.lists(events(), max_size=12), st.booleans(), st.sampled_from(["utf-8", "ascii"]), st.integers(20, 120))
def test_no_sequence_of_events_makes_the_observer_raise(
    sequence: list[Event], interactive: bool, encoding: str, width: int
) -> None:
    """Starts after ends, ends without starts, failed bests, foreign scripts: every one is shown, in every encoding and width."""
    clock = made_up.Clock()
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    with ConsoleObserver(Console(file=file, width=width, force_terminal=interactive), clock=clock) as observer:
        for event in sequence:
            clock.now += 4.0
            observer.notify(event)


def test_both_modes_end_with_the_same_words() -> None:
    texts = []
    for interactive in (True, False):
        console = Console(file=io.StringIO(), width=100, force_terminal=interactive, record=True)
        with ConsoleObserver(console, clock=made_up.Clock(), command_options="--archive sqlite:///other.db") as observer:
            observer.notify(made_up.started())
            observer.notify(made_up.stopped(made_up.record(17, made_up.scored(100.5), made_up.scored(100.6, "validation"))))
        texts.append([line.strip() for line in console.export_text().splitlines()])
    for line in (
        "Run made-up-1 finished: budget of 100 evaluations used",
        "return -(bins - item)",
        "evoheur show made-up-1/17 --archive sqlite:///other.db",
    ):
        assert all(line in text for text in texts)


def test_a_terminal_that_cannot_move_its_cursor_gets_plain_lines() -> None:
    """Redrawing on TERM=dumb would print the display again and again."""
    file = io.StringIO()
    console = Console(file=file, width=100, force_terminal=True, _environ={"TERM": "dumb"})
    with ConsoleObserver(console, clock=made_up.Clock()) as observer:
        observer.notify(made_up.started())
    assert "\x1b[?25l" not in file.getvalue()


def test_a_reader_that_leaves_ends_the_output_and_not_the_program() -> None:
    """Rich leaves the program with SystemExit when a pipe breaks; an observer turns that into an error that only costs it its place."""
    program = textwrap.dedent(
        """
        import os, sys
        from rich.console import Console
        from evoheur.observers.console import ConsoleObserver
        from tests.evoheur.observers.support import made_up

        reader, writer = os.pipe()
        os.close(reader)
        observer = ConsoleObserver(Console(file=os.fdopen(writer, "w")))
        try:
            observer.notify(made_up.started())
        except BrokenPipeError as error:
            sys.stderr.write(f"told: {error}")
            os._exit(7)
        """
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=240, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr) == (7, "told: nobody reads the console's output any more")


def test_both_observers_hear_a_run_through_its_dispatcher() -> None:
    """Whatever the dispatcher switches off would miss the end."""
    shown, log = io.StringIO(), io.StringIO()
    events_of_run = Events([ConsoleObserver(Console(file=shown), clock=made_up.Clock()), JsonlObserver(log)])
    events_of_run.emit(made_up.started())
    events_of_run.emit(made_up.stopped())
    assert "Run made-up-1 finished" in shown.getvalue()
    assert '"event": "run_stopped"' in log.getvalue()


@pytest.mark.parametrize("interactive", [True, False])
def test_an_observer_is_harmless_when_it_has_heard_nothing(interactive: bool) -> None:
    file = io.StringIO()
    observer = ConsoleObserver(Console(file=file, force_terminal=interactive))
    observer.close()
    observer.close()
    assert file.getvalue() == ""

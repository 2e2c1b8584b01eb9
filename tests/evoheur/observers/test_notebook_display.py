"""What a cell shows of a run: as it stands, only from the cell's own thread, and with every foreign word escaped."""

import threading
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evoheur.observers.notebook_display import NotebookDisplay, notebook_output
from evoheur.run.events import Event, NewBest, Preparing
from tests.evoheur.observers.support import made_up
from tests.evoheur.observers.support.sequences import events

HOSTILE = "<script>alert(1)</script> & \x1b[31mred\u202e"


class Cell:
    """Keeps what it is given to show."""

    def __init__(self) -> None:
        self.pictures: list[str] = []

    def __call__(self, html: str) -> None:
        self.pictures.append(html)


class Tags(HTMLParser):
    """Counts the tags of a picture."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.names.add(tag)


@pytest.fixture
def clock() -> made_up.Clock:
    return made_up.Clock()


def test_it_shows_the_preparation_the_run_and_its_end(clock: made_up.Clock) -> None:
    cell = Cell()
    display = NotebookDisplay(cell, clock)
    for event in (
        Preparing(step="compiling the kernels"),
        made_up.started(),
        NewBest(candidate=made_up.candidate(17, made_up.scored(100.5)), totals=made_up.totals(20)),
        made_up.stopped(made_up.record(17, made_up.scored(100.5))),
    ):
        clock.now += 1.0
        display.notify(event)
    preparing, started, better, ended = cell.pictures
    assert "Compiling the kernels" in preparing
    assert "Run made-up-1" in started
    assert "20/100 evaluations" in better
    assert "width:20%" in better
    assert "0.50 %" in better
    assert "candidate 17 (e2 of 3, 5)" in better
    assert "best on train, from 4.00 % to 0.50 %" in better
    assert "<polyline" in better
    assert "Run made-up-1 finished: budget of 100 evaluations used" in ended
    assert "width:100%" in ended


def test_pictures_are_no_faster_than_people_look(clock: made_up.Clock) -> None:
    """Two a second; the last one comes when it is asked for."""
    cell = Cell()
    display = NotebookDisplay(cell, clock)
    for _ in range(100):
        clock.now += 0.1
        display.notify(made_up.started())
    assert 18 <= len(cell.pictures) <= 21
    before = len(cell.pictures)
    display.draw(at_once=True)
    assert len(cell.pictures) == before + 1


def test_only_the_cells_own_thread_draws(clock: made_up.Clock) -> None:
    """Notebooks know which cell an output belongs to by the thread."""
    cell = Cell()
    display = NotebookDisplay(cell, clock)
    thread = threading.Thread(target=display.notify, args=[made_up.started()])
    thread.start()
    thread.join()
    assert cell.pictures == []
    display.draw()
    assert "Run made-up-1" in cell.pictures[0]


def test_what_a_model_wrote_shows_as_text(clock: made_up.Clock) -> None:
    cell = Cell()
    display = NotebookDisplay(cell, clock)
    display.notify(replace(made_up.started(), run=made_up.run(name="<b>run</b>")))
    clock.now += 1.0
    best = made_up.candidate(17, made_up.scored(100.5), thought=HOSTILE)
    display.notify(NewBest(candidate=replace(best, operator="<i>"), totals=made_up.totals(20, failures={"<img src=x>": 1})))
    picture = cell.pictures[-1]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; ?[31mred?" in picture
    assert Tags(picture).names == {"p", "strong", "div", "svg", "title", "polyline", "table", "tbody", "tr", "td"}


@given(st.lists(events(), max_size=12))
def test_it_can_be_drawn_after_every_event(sequence: list[Event]) -> None:
    clock, cell = made_up.Clock(), Cell()
    display = NotebookDisplay(cell, clock)
    for event in sequence:
        clock.now += 1.0
        display.notify(event)
    assert len(cell.pictures) == len(sequence)
    for picture in cell.pictures:
        assert Tags(picture).names <= {"p", "strong", "div", "svg", "title", "polyline", "table", "tbody", "tr", "td"}


def test_outside_of_notebooks_there_is_no_cell() -> None:
    assert notebook_output() is None

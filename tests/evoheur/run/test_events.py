"""Observers look on and do no harm."""

import logging

import pytest

from evoheur.run.events import Event, Events, Throttled

EVENT = Throttled(seconds=1.0, reason="429")


class Listener:
    def __init__(self, error: Exception | None = None) -> None:
        self.heard: list[Event] = []
        self.error = error

    def notify(self, event: Event) -> None:
        self.heard.append(event)
        if self.error is not None:
            raise self.error


def test_an_observer_that_raises_is_logged_and_never_asked_again_while_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    broken, sound = Listener(ValueError("display is gone")), Listener()
    events = Events([broken, sound])
    with caplog.at_level(logging.ERROR):
        events.emit(EVENT)
        events.emit(EVENT)
    assert len(broken.heard) == 1
    assert sound.heard == [EVENT, EVENT]
    assert "display is gone" in caplog.text


def test_an_observer_whose_reader_left_goes_quietly(caplog: pytest.LogCaptureFixture) -> None:
    """`evoheur run … | head` closes the pipe, which is nobody's fault."""
    left = Listener(BrokenPipeError())
    events = Events([left])
    events.emit(EVENT)
    events.emit(EVENT)
    assert left.heard == [EVENT]
    assert not caplog.text

"""Observers look on and do no harm."""

import logging

import pytest

from evoheur.run.events import Event, Events, Throttled

EVENT = Throttled(seconds=1.0, reason="429")


class Listener:
    def __init__(self, *, broken: bool = False) -> None:
        self.heard: list[Event] = []
        self.broken = broken

    def notify(self, event: Event) -> None:
        self.heard.append(event)
        if self.broken:
            raise ValueError("display is gone")


def test_an_observer_that_raises_is_logged_and_never_asked_again_while_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    broken, sound = Listener(broken=True), Listener()
    events = Events([broken, sound])
    with caplog.at_level(logging.ERROR):
        events.emit(EVENT)
        events.emit(EVENT)
    assert len(broken.heard) == 1
    assert sound.heard == [EVENT, EVENT]
    assert "display is gone" in caplog.text

"""The first line of a run's output."""

from dataclasses import replace

from evoheur.candidate import BY_SOURCE
from evoheur.observers.run_header import header, level_words
from tests.evoheur.observers.support import made_up


def test_an_evaluation_that_was_not_executed_is_no_level() -> None:
    assert level_words("jail-L0") == "isolation level 'jail-L0'"
    assert level_words(BY_SOURCE) == "not executed, costs follow from its source"


def test_names_run_parts_slots_and_what_the_level_does_not_contain() -> None:
    assert header(made_up.started()) == (
        "Run made-up-1: bin_packing_online, eoh, mutator; 2 slots at isolation level 'process' "
        "(contains crashes and loops, not files or network)"
    )


def test_promises_nothing_of_a_level_it_does_not_know() -> None:
    assert header(made_up.started(level="vault", slots=1)).endswith("; 1 slot at isolation level 'vault'")


def test_says_so_where_the_configuration_names_no_kind() -> None:
    event = made_up.started()
    bare = replace(event, run=replace(event.run, config={"strategy": "eoh"}))
    assert "unnamed strategy, unnamed generator" in header(bare)


def test_says_what_the_jail_keeps_out() -> None:
    for level in ("jail-L0", "jail-L1"):
        assert "no files, no network" in header(made_up.started(level=level))


def test_says_where_the_slots_are_if_not_in_this_process() -> None:
    event = made_up.started(slots=8)
    on_ray = replace(event, run=replace(event.run, config={**event.run.config, "evaluation": {"executor": {"kind": "ray"}}}))
    assert "; 8 slots on ray at isolation level" in header(on_ray)


def test_says_which_notes_are_not_asked_for() -> None:
    event = replace(made_up.started(), unasked_notes=("reflect_short", "reflect_long"))
    assert header(event).endswith("; no calls for notes (reflect_short, reflect_long), since the generator has nothing to say")


def test_says_that_the_method_leaves_calls_idle() -> None:
    event = made_up.started()
    waiting = replace(event, run=replace(event.run, config={**event.run.config, "in_flight": 16}), has_barrier=True)
    assert header(waiting).endswith("; 16 calls at a time stand idle between generations, which wait for all their outcomes")

"""A run whose every text would do harm, if it were taken for HTML, markup, or a terminal's commands."""

from dataclasses import replace
from pathlib import Path

from evoheur.archive.archive import Archive
from evoheur.candidate import Candidate, TextbookGap
from evoheur.request import Completion, Message, Request, Usage
from tests.evoheur.archive.support.made_up import candidate, evaluation, new_run, result

__all__ = ["HARM", "harmful_archive"]

HARM = "</script><script>window.harmed = 1</script><img src=x onerror='window.harmed = 1'><b>[bold]{{ 7 * 7 }}"
"""What must stand on a page letter by letter."""
_INVISIBLE = "\x1b[31m\u202e"


def harmful_archive(folder: Path) -> Path:
    """The file of an archive with a run "harmful" of three candidates."""
    path = folder / "harmful.db"
    with Archive.open(f"sqlite:///{path}", create=True) as archive:
        run = new_run(archive, "harmful")
        archive.record_baseline(run.id, _harmful(candidate(0), 4.0))
        prompt = (Message(role="user", content=HARM + _INVISIBLE),)
        reply = Completion(text=HARM + _INVISIBLE, model=HARM, usage=Usage(prompt_tokens=9, completion_tokens=9), finish=HARM)
        for made in (_harmful(candidate(1, parents=(0,)), 3.0), _harmful(candidate(2, parents=(1, 0)), 3.5)):
            asked = archive.record_completion(archive.record_ask(run.id, Request(operator=HARM), prompt), reply)
            archive.record_tell(asked, made)
        archive.record_textbook_gaps(run.id, "train", {HARM: TextbookGap(rule=HARM, gap=5.0)})
    return path


def _harmful(made: Candidate, gap: float) -> Candidate:
    one = result(50.0 + gap / 2, instance=HARM, family=HARM, notes={HARM: HARM}, detail="")
    worth = evaluation(gap, results=(one,), measures={HARM: 1.0})
    code = f"def score(item, free):\n    return '''{HARM}{_INVISIBLE}'''  # {made.id}\n"
    return replace(made, evaluation=worth, thought=HARM + _INVISIBLE, operator=HARM, code=code)

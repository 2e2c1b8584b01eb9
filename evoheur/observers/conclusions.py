"""Conclusions from a run's scores.

What they allow one to say, and no more, in sentences for the end of a run.
"""

import statistics
from collections.abc import Mapping

from evoheur.archive.best_choice import best_validated
from evoheur.archive.records import CandidateRecord
from evoheur.candidate import Evaluation, Status
from evoheur.evaluation.audit_verdict import AuditVerdict, Lead, audit_verdict
from evoheur.observers.number_text import Scale, count, one_line
from evoheur.run.events import RunStopped

__all__ = ["audit_of", "audit_sentence", "leads", "verdict"]

_MOST_SHOWN = 6  # bests of the course of a run
_MUCH_WORSE = {Scale.GAP: 0.25, Scale.RATIO: 0.1}
_MUCH_WORSE_SHARE = 0.25


def verdict(stopped: RunStopped, scale: Scale, *, command_options: str = "") -> list[str]:
    """Judge the best candidate by its validation score, by which it was chosen among the best on train.

    Args:
        stopped: The end of a run with at least one successful candidate.
        scale: What its objectives are.
        command_options: Added to a suggested command.

    Returns:
        Sentences: whether it beats the best textbook rule of its class; which of other classes are better; that it does not beat the
        problem's own heuristic; that it is much worse than on train (by more than 0.25 points, or 0.1 times the textbook's gap, and a
        quarter of it); that validation chose another than train; what the audit says of it, or of what remains of it, which of the
        others are overfitted, and how the leads on train and on fresh instances went in the course of the run.
        Where the start stays the best: that, and the first of these.
    """
    best = stopped.chosen
    assert best is not None, "there is a successful candidate"
    return [*_on_validation(stopped, best, scale, command_options), *_audited(stopped, best)]


def _on_validation(stopped: RunStopped, best: CandidateRecord, scale: Scale, command_options: str) -> list[str]:
    validation = best.evaluations.get("validation")
    if validation is None:
        remedy = f"`{f'evoheur evaluate {best.id} --split validation {command_options}'.strip()}` does it"
        return [f"{best.id} was not scored on validation, so nothing is known of it beyond the training instances; {remedy}."]
    if validation.objective is None:
        why = f": {one_line(validation.detail)}" if validation.detail else ""
        return [f"{best.id} fails on validation ({validation.status.value}{why}), so it is no heuristic to rely on."]
    if best is stopped.baseline:
        return [_start_stays(stopped, validation.objective, scale), _against_textbook(stopped, validation.objective, scale)]
    sentences = [_against_textbook(stopped, validation.objective, scale)]
    sentences += _other_classes(stopped, validation.objective, scale)
    sentences += _no_better_than_the_start(stopped, validation.objective, scale)
    sentences += _much_worse(stopped, best, scale)
    sentences += _chosen_by_validation(stopped, best, scale)
    return sentences


def _audited(stopped: RunStopped, best: CandidateRecord) -> list[str]:
    if stopped.no_audit:
        return [f"No audit: {stopped.no_audit}."]
    remaining = [] if stopped.simplified is None else [stopped.simplified]
    records = [*remaining, best, *(record for record in stopped.best if record is not best)]
    found = [(record, verdict) for record in records if (verdict := audit_of(record, stopped.baseline)) is not None]
    champion = next((record for record, _ in found if record in (*remaining, best)), None)
    named = [audit_sentence(record.id, verdict) for record, verdict in found if record is champion or verdict.overfitted]
    return [*named, *_in_its_course(stopped)]


def audit_of(record: CandidateRecord, own: CandidateRecord) -> AuditVerdict | None:
    """What the audit of its run says of a candidate.

    Args:
        record: The candidate.
        own: The problem's own heuristic in that run.

    Returns:
        None where it was not audited, or is the problem's own heuristic itself.
    """
    return audit_verdict(record.evaluations, own.evaluations) if record.candidate.id else None


def audit_sentence(name: str, verdict: AuditVerdict) -> str:
    """What an audit says of a candidate, for people.

    Args:
        name: The candidate's.
        verdict: Of its audit.
    """
    where = f"on {count(verdict.instances, 'fresh instance')} that no selection saw"
    train, audit, lost = verdict.train, verdict.audit, verdict.lost
    if verdict.status is not Status.OK:
        return f"{name} fails {where} ({verdict.status.value}), so it is no heuristic to rely on."
    if train is None or audit is None or lost is None:
        return f"{name} was scored {where}; its lead there cannot be compared with that on train."
    leads = f"leads the problem's own heuristic by {train.value:.2f} points on train and by {_interval(audit)} {where}"
    if verdict.overfitted:
        return f"{name} is overfitted: it {leads}; {_interval(lost)} are lost, more than chance explains."
    shown = " A part of its lead on train is lost" if lost.low is not None and lost.low > 0 else ""
    return f"Audit: {name} {leads}.{f'{shown}: {_interval(lost)}.' if shown else ''}"


def leads(verdict: AuditVerdict) -> str:
    """A heuristic's lead on train and on fresh instances, in few words; whether it is overfitted."""
    if verdict.train is None or verdict.audit is None:
        return f"{verdict.status.value} on fresh instances"
    shown = f"{verdict.train.value:.2f} points on train, {_interval(verdict.audit)} on fresh instances"
    return f"{shown}: overfitted" if verdict.overfitted else shown


def _in_its_course(stopped: RunStopped) -> list[str]:
    """How the leads of the bests went on train and on fresh instances.

    And since when only the former is shown to grow.
    """
    steps: list[tuple[CandidateRecord, float, float]] = []
    for record in stopped.audited:
        found = audit_of(record, stopped.baseline)
        if found is None or found.train is None or found.audit is None:
            continue
        if not steps or found.train.value > steps[-1][1]:  # a best of its time
            steps.append((record, found.train.value, found.audit.value))
    if len(steps) < 2:
        return []
    places = sorted({round(place * (len(steps) - 1) / (_MOST_SHOWN - 1)) for place in range(_MOST_SHOWN)})
    shown = ", ".join(
        f"{train:.2f} ({fresh:.2f}) by candidate {record.candidate.id}" for record, train, fresh in map(steps.__getitem__, places)
    )
    sentences = [f"Leads in the course of the run, on train (on fresh instances), in points: {shown}."]
    peak, last = max(steps, key=lambda step: step[2])[0], steps[-1][0]
    since = audit_verdict(last.evaluations, peak.evaluations)
    if since is not None and since.overfitted and since.train is not None and since.audit is not None:
        gained = f"{since.train.value:.2f} points there, and {_interval(since.audit)} on fresh instances"
        sentences.append(
            f"Since candidate {peak.candidate.id} only train gains: {gained}; what is missing there is more than chance explains."
        )
    return sentences


def _interval(lead: Lead) -> str:
    if lead.low is None or lead.high is None:
        return f"{lead.value:.2f}"
    return f"{lead.value:.2f} [{lead.low:.2f}, {lead.high:.2f}]"


def _start_stays(stopped: RunStopped, ours: float, scale: Scale) -> str:
    lowest = best_validated(stopped.best)
    assert lowest is not None, "the start is chosen only where others could have been"
    return (
        f"The start stays the best, {scale.text(ours)} on validation: that anything found is better there is not shown with the confidence "
        f"asked for (validation.surpass_start). The lowest is {lowest.id} with {_shown(lowest.evaluations['validation'], scale)}."
    )


def _against_textbook(stopped: RunStopped, ours: float, scale: Scale) -> str:
    name, theirs = _best_rule(stopped)
    if theirs is None:
        return f"There is no rule to compare the {scale.text(ours)} on validation with."
    figures = f"{scale.text(ours)} against {scale.text(theirs)}"
    what = "the problem's own heuristic" if stopped.chosen is stopped.baseline else "the best discovered heuristic"
    if scale.text(ours) == scale.text(theirs):
        return f"On validation {what} is level with {name}: {figures}."
    beats = "beats" if ours < theirs else "does not beat"
    return f"On validation {what} {beats} {name}: {figures}."


def _best_rule(stopped: RunStopped) -> tuple[str, float | None]:
    scored = stopped.textbook_rules.get("validation", {})
    rules = [(scored[name].objective, name) for name in stopped.classes.alike(scored)]
    solved = [(objective, name) for objective, name in rules if objective is not None]
    if solved:
        objective, name = min(solved)
        kind = f" of its class ({stopped.classes.own})" if stopped.classes.differ else ""
        return f"the best textbook rule{kind}, {one_line(name)}", objective
    own = stopped.baseline.evaluations.get("validation")
    return "the problem's own heuristic", own.objective if own is not None else None


def _other_classes(stopped: RunStopped, ours: float, scale: Scale) -> list[str]:
    better = [
        f"{one_line(name)} ({stopped.classes.of(name)}) with {scale.text(evaluation.objective)}"
        for name, evaluation in stopped.textbook_rules.get("validation", {}).items()
        if stopped.classes.of(name) != stopped.classes.own and evaluation.objective is not None and evaluation.objective < ours
    ]
    return [f"Better, but of another class: {', '.join(better)}."] if better else []


def _no_better_than_the_start(stopped: RunStopped, ours: float, scale: Scale) -> list[str]:
    own = stopped.baseline.evaluations.get("validation")
    if own is None or own.objective is None or _best_rule(stopped)[1] == own.objective:
        return []
    if ours < own.objective and scale.text(ours) != scale.text(own.objective):
        return []
    return [f"It does not beat the problem's own heuristic, from which the search began: {scale.text(own.objective)}."]


def _much_worse(stopped: RunStopped, best: CandidateRecord, scale: Scale) -> list[str]:
    loss = _loss(best.evaluations)
    if scale not in _MUCH_WORSE or loss is None:
        return []  # mean costs of different instances say nothing about each other
    on_train = best.evaluations["train"].objective
    assert on_train is not None, "a loss needs both"
    much = max(_MUCH_WORSE[scale], _MUCH_WORSE_SHARE * on_train)
    if loss <= much:
        return []
    what, points = ("gap", " points") if scale is Scale.GAP else ("ratio to the textbook", "")
    sentence = f"Its {what} on validation is much worse than on train, by {loss:.2f}{points}"
    shift = _shift_of_rules(stopped)
    if shift is None:
        return [f"{sentence}; it may be fitted to the training instances."]
    if loss - shift <= much:
        return [f"{sentence}; the rules lose {shift:.2f}{points} too (median), so the validation instances are harder."]
    return [
        f"{sentence}, while that of the rules changes by {shift:+.2f} (median): a sign that it is fitted to the training instances."
    ]


def _loss(evaluations: Mapping[str, Evaluation]) -> float | None:
    train, validation = evaluations.get("train"), evaluations.get("validation")
    if train is None or validation is None or train.objective is None or validation.objective is None:
        return None
    return validation.objective - train.objective


def _shift_of_rules(stopped: RunStopped) -> float | None:
    train, validation = stopped.textbook_rules.get("train", {}), stopped.textbook_rules.get("validation", {})
    pairs = [{"train": train[name], "validation": validation[name]} for name in train if name in validation]
    losses = [loss for loss in map(_loss, [*pairs, stopped.baseline.evaluations]) if loss is not None]
    return statistics.median(losses) if losses else None


def _chosen_by_validation(stopped: RunStopped, best: CandidateRecord, scale: Scale) -> list[str]:
    first = stopped.best[0]
    if best is first:
        return []  # what train alone would have chosen is not flattered by validation
    theirs = first.evaluations.get("validation")
    beside = "" if theirs is None else f" ({first.id} is best on train and has {_shown(theirs, scale)} here)"
    chosen = f"{best.id} was chosen by validation, of the {len(stopped.best)} best on train{beside}"
    return [f"{chosen}, and looks better there than it is; judge it on test."]


def _shown(evaluation: Evaluation, scale: Scale) -> str:
    return evaluation.status.value if evaluation.objective is None else scale.text(evaluation.objective)

"""A run with duplicates, twins, three epochs and outcomes in any order, different for every seed."""

import random
from dataclasses import replace

from evoheur.archive.archive import Archive
from evoheur.archive.records import Asked, RunRecord, Told
from evoheur.candidate import Candidate, Evaluation, Status
from evoheur.request import Failure, Note, Outcome, Request, Rescored
from tests.evoheur.archive.support.made_up import MESSAGES, REPLY, candidate, evaluation, failed, result

__all__ = ["tell_at_random"]


def scored(rng: random.Random, epoch: int) -> Evaluation:
    """Some worth; every now and then one that others have, too, or none."""
    if rng.random() < 0.2:
        return replace(failed(rng.choice([Status.TIMEOUT, Status.PRUNED, Status.REJECTED])), epoch=epoch)
    notes = [rng.choice([{}, {"path": "levels"}, {"path": "plain", "fingerprint": "its own"}]) for _ in range(3)]
    notes[0].pop("fingerprint", None)
    results = tuple(result(float(rng.randrange(40, 44)), notes=one) for one in notes)
    return replace(evaluation(float(rng.randrange(1, 9))), results=results, epoch=epoch, fingerprint=rng.choice(["", "ab" * 16]))


def tell_at_random(archive: Archive, run: RunRecord, rng: random.Random, requests: int) -> list[Asked | Told]:
    """Go on with a run that has its baseline.

    Every duplicate and every twin repeats any original of its epoch, and three known heuristics are scored again as an epoch begins.

    Returns:
        The log, from the first request on.
    """
    known: list[Candidate] = [candidate(0)]
    log: list[Asked | Told] = []
    waiting: list[tuple[Asked, Request]] = []
    epoch = 0

    def ask(request: Request) -> Asked:
        asked = archive.record_ask(run.id, request, MESSAGES if request.kind.asks_model else ())
        if request.kind.asks_model and rng.random() < 0.9:
            asked = archive.record_completion(asked, REPLY)
        log.append(asked)
        return asked

    for number in range(requests):
        if number in {requests // 3, 2 * requests // 3}:
            epoch += 1
            for one in rng.sample([one for one in known if one.duplicate_of is None], 3):
                again = replace(one, evaluation=scored(rng, epoch))
                log.append(archive.record_tell(ask(Request.rescoring(one, epoch=epoch)), Rescored(candidate=again)))
                known[one.id] = again
        request = Request(operator=rng.choice(["e1", "m1"]), tag=number, epoch=epoch)
        waiting.append((ask(request), request))
        if len(waiting) < 4:
            continue
        asked, request = waiting.pop(rng.randrange(len(waiting)))
        draw = rng.random()
        originals = [one for one in known if one.duplicate_of is None and one.evaluation.epoch == request.epoch]
        if draw < 0.15:
            nothings: list[Outcome] = [Note(text="a hint"), Failure(stage="parsing", reason="no-code", detail="")]
            log.append(archive.record_tell(asked, rng.choice(nothings)))
            continue
        parents = tuple(rng.choices(range(len(known)), k=rng.randrange(3)))
        bred = candidate(len(known), scored(rng, request.epoch), parents=parents)
        if draw < 0.5 and originals:
            original = rng.choice(originals)
            is_twin = rng.random() < 0.5
            code_hash = bred.code_hash if is_twin else original.code_hash
            shared = replace(bred, evaluation=original.evaluation, duplicate_of=original.id)
            bred = replace(shared, is_twin=is_twin, code_hash=code_hash)
        log.append(archive.record_tell(asked, bred))
        known.append(bred)
    return log
